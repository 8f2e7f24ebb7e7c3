"""What holds for every text: proofs are printed, judging is repeatable, and nothing raises."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Article, Evidence, Judgement
from monitor.judge import Judge
from monitor.regions import load_gazetteer
from monitor.seeds import load_seeds
from monitor.text import fold

SEEDS = load_seeds(shipped_sources=False)
JUDGE = Judge(SEEDS, load_gazetteer())
SENTENCES = (
    "到2027年，无锡力争建成科创载体 30 家以上。",
    "一、发展目标",
    "江阴市",
    "去年，全市规上工业总产值突破１.２万亿元，同比增长6％。",
    "大力实施“传统产业焕新工程”，争创国家人工智能创新应用先导区。",
    "對新落戶的企業，給予最高５００萬元獎勵。",
    "指标 单位 2025年完成 2030年目标\n研发投入强度 % 3.2 3.8",
    "近日，市政府印发《低空经济高质量发展行动方案》（锡政发〔2026〕7号）；",
    "每年实施技改项目200个，其中梁溪区、滨湖区分别为30个和40个",
    "客岁随机应变，链上卑鄙，先辈蹊径。",
    "球队力争在主场拿下3分。",
    "“",
    "》",
    "\u200b\u3000 \t",
    "🚁①㈱",
)
MARKS = ("", "\n", " ", "　", "，", "。\n\n", "\ufeff")
texts = st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(MARKS)), max_size=9).map(
    lambda parts: "".join(sentence + mark for sentence, mark in parts)
)
wild = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("到年计划力争《》“”、，。万亿%家第一二0123456789\n")),
    max_size=80,
)
titles = st.sampled_from(("", "无锡市工业三年行动计划（2026—2028年）", "2025年成绩单", "关于印发《甲》的通知", "《"))
dates = st.sampled_from((None, "2026-01-20", "2026-01", "2026", "昨天", "2026-13-45"))
articles = st.builds(
    Article, title=titles, text=st.one_of(texts, wild), published=dates, region=st.sampled_from((None, "无锡市"))
)


def proofs(judged: Judgement) -> list[Evidence]:
    shown = [match.evidence for match in judged.themes] + [match.evidence for match in judged.regions]
    return [one.evidence for one in judged.findings] + [piece for pieces in shown for piece in pieces]


@given(articles)
def test_every_proof_is_the_text_at_its_place(article: Article) -> None:
    for proof in proofs(JUDGE.judge(article)):
        assert article.text[proof.start : proof.end] == proof.text
        assert proof.text


@given(articles)
def test_judging_twice_is_equal(article: Article) -> None:
    assert JUDGE.judge(article) == JUDGE.judge(article)


@given(texts, st.integers(0, 3))
def test_an_irrelevant_paragraph_removes_no_fact(text: str, place: int) -> None:
    """The bird paragraph says nothing: it may move offsets, no more."""
    lines = ["无锡市政府印发《低空经济规划》，力争到2027年开通航线40条。", *filter(None, text.split("\n"))]
    bird = "窗外的鸟叫了几声，又飞走了。"
    told, other = ("\n".join(one) for one in (lines, [*lines, *([bird] * place)]))
    said, again = (
        JUDGE.judge(Article(title="", text=one, published="2026-01-20", region="无锡市")) for one in (told, other)
    )
    names = {(one.kind, one.evidence.text) for one in said.findings}
    assert names <= {(one.kind, one.evidence.text) for one in again.findings}


@given(st.integers(1, 9999), st.sampled_from(("家", "个", "座")), st.integers(2026, 2060))
def test_target_written_anyhow_has_one_value(number: int, unit: str, year: int) -> None:
    wide = str(number).translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    found = set()
    for written in (str(number), wide, f"{number:,}", f"{number} "):
        text = f"无锡市印发规划，力争到{year}年建成孵化器{written}{unit}，行动方案已公布。"
        [target] = JUDGE.judge(Article(title="", text=text, published="2026-01-20")).targets
        found.add((target.kind, getattr(target, "value", None), target.deadline))
    assert found == {("quantity", Decimal(number), f"{year}-12-31")}


@given(wild)
def test_folded_offsets_lead_back(printed: str) -> None:
    text = fold(printed)
    assert len(text.offsets) == len(text.text)
    assert list(text.offsets) == sorted(text.offsets)
    for place, offset in enumerate(text.offsets):
        assert fold(printed[offset]).text in ("", text.text[place])
