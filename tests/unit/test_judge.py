"""One article, judged whole: themes, places, targets and programmes, each with its proof."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.domain import Article, Designation, Evidence, Judgement, Quantity
from monitor.judge import Judge, seeds_version
from monitor.seeds import Theme, load_seeds

SEEDS = load_seeds(shipped_sources=False)
JUDGE = Judge(SEEDS)
TITLE = "无锡印发低空经济三年行动计划"
TEXT = """近日，无锡市政府印发《无锡市低空经济三年行动计划（2026—2028年）》。
计划提出，到2028年，全市低空经济产值突破 600 亿元，开通低空航线60条。其中，梁溪区建成起降场２０个。
无锡将争创国家低空经济综合示范区，大力实施“飞手培训”工程。
对新落户的整机企业，给予最高500万元奖励。"""
ARTICLE = Article(title=TITLE, text=TEXT, published="2026-02-03", source="wuxi", region="无锡市")


def quantities(judged: Judgement) -> dict[str, Quantity]:
    return {one.metric: one for one in judged.targets if isinstance(one, Quantity)}


def pieces(judged: Judgement) -> list[Evidence]:
    shown = [match.evidence for match in judged.themes] + [match.evidence for match in judged.regions]
    return [one.evidence for one in judged.findings] + [piece for pieces in shown for piece in pieces]


def test_article_is_about_its_theme_and_place() -> None:
    judged = JUDGE.judge(ARTICLE)
    assert "low-altitude-economy" in {theme.id for theme in judged.themes}
    assert [match.region.name for match in judged.regions if match.role == "subject"] == ["无锡市"]


def test_target_has_value_deadline_place_and_theme() -> None:
    target = quantities(JUDGE.judge(ARTICLE))["低空经济产值"]
    assert (target.assertion, target.comparator, target.value, target.unit) == (
        "target",
        "gt",
        Decimal(60_000_000_000),
        "元",
    )
    assert target.deadline == "2028-12-31"
    assert target.region
    assert target.region.name == "无锡市"
    assert "low-altitude-economy" in target.themes


def test_part_of_a_place_has_its_own_fact() -> None:
    target = quantities(JUDGE.judge(ARTICLE))["起降场"]
    assert target.region
    assert (int(target.value), target.region.name) == (20, "梁溪区")


def test_money_on_offer_is_support() -> None:
    [support] = [one for one in quantities(JUDGE.judge(ARTICLE)).values() if one.assertion == "support"]
    assert (int(support.value), support.comparator, support.deadline) == (5_000_000, "le", None)


def test_status_and_programmes_are_found() -> None:
    judged = JUDGE.judge(ARTICLE)
    assert [one.name for one in judged.targets if isinstance(one, Designation)] == ["国家低空经济综合示范区"]
    assert {one.name: one.status for one in judged.programmes} == {
        "无锡市低空经济三年行动计划（2026—2028年）": "issued",
        "飞手培训工程": "ongoing",
    }


def test_every_proof_is_printed_text() -> None:
    found = pieces(JUDGE.judge(ARTICLE))
    assert found
    assert all(TEXT[piece.start : piece.end] == piece.text for piece in found)


def test_findings_stand_in_the_order_of_the_text() -> None:
    judged = JUDGE.judge(ARTICLE)
    for kind in (judged.targets, judged.programmes):
        starts = [one.evidence.start for one in kind]
        assert starts == sorted(starts)


def test_judging_twice_is_equal() -> None:
    assert JUDGE.judge(ARTICLE) == Judge(SEEDS).judge(ARTICLE)


def test_programme_told_twice_is_one() -> None:
    text = TEXT + "\n会议要求，大力实施“飞手培训”工程。"
    names = [one.name for one in JUDGE.judge(Article(title=TITLE, text=text, published="2026-02-03")).programmes]
    assert names.count("飞手培训工程") == 1


def test_spun_page_is_read_by_the_plain_words_and_quoted_as_printed() -> None:
    text = (
        "客岁以来，无锡随机应变，开出新蹊径，先辈技术接连落地。无锡力争到2027年引育高新技术企业300家，"
        "产业规划和行动计划已经印发，为链上卑鄙企业杀青订单。"
    )
    [target] = quantities(JUDGE.judge(Article(title="无锡", text=text, published="2026-02-03"))).values()
    assert (int(target.value), target.deadline) == (300, "2027-12-31")
    assert target.evidence.text in text


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Lorem ipsum 2027 dolor 100%.", "锟斤拷烫烫烫\ufffd", "\x00\x01\x02", "🚁" * 50, "１２３" * 50]
)
def test_text_without_sense_gives_nothing(text: str) -> None:
    assert JUDGE.judge(Article(title="", text=text)) == Judgement()


def test_version_changes_with_the_seeds_only() -> None:
    other = replace(SEEDS, themes=(*SEEDS.themes, Theme(id="new", name="新题", strong=("新题",))))
    assert seeds_version(SEEDS) == JUDGE.version
    assert seeds_version(other) != JUDGE.version


def test_example_of_the_documentation_is_judged_as_it_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-a-target-is-found.md").read_text(encoding="utf-8")
    _, text, table = page.split("```", 2)
    judged = JUDGE.judge(Article("宜兴印发环保产业三年行动计划", text.removeprefix("text\n"), published="2026-03-02"))
    told = [f"| {one.assertion} | {metric} " for metric, one in quantities(judged).items()]
    told += [f"| designation | {one.name}" for one in judged.targets if isinstance(one, Designation)]
    told += [one.name for one in judged.programmes]
    assert len(told) == 9
    assert all(line in table for line in told)
    assert {one.region.name for one in judged.findings if one.region} == {"宜兴市"}


def test_one_number_of_two_places_is_two_facts() -> None:
    """Told in one sentence with one metric, or in two sections with the same number: each place has its own."""
    text = (
        "市政府提出，2027年新吴区新增高企200家，惠山区新增高企90家，高新区经开区力争前移。\n江阴\n2027年新增规上企业120家。\n"
        "宜兴\n2027年新增规上企业120家。"
    )
    judged = JUDGE.judge(Article(title="无锡各板块亮出目标", text=text, published="2026-11-20", region="无锡市"))
    told = [
        (one.region.name if one.region else None, int(one.value)) for one in judged.targets if isinstance(one, Quantity)
    ]
    assert told == [("新吴区", 200), ("惠山区", 90), ("江阴市", 120), ("宜兴市", 120)]
