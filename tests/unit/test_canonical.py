"""One name for what is written many ways, and names that only look alike."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.canonical import Names, is_generic, period_of, short_names
from monitor.domain import Article
from monitor.ingest import ingest
from monitor.judge import Judge
from monitor.seeds import Seeds, load_seeds
from monitor.store import Store, list_facts

NOW = datetime(2026, 3, 12, tzinfo=UTC)
SEEDS = load_seeds(shipped_sources=False)
AIM = "梁溪区政府提出，到2028年，全区{}达到{}，产业规模和质量同步提升。"


def names(seeds: Seeds = SEEDS) -> Names:
    return Names.of(seeds.metrics, seeds.programmes, {word: seeds.synonyms[word] for word in seeds.odd})


def metric(printed: str) -> str:
    return names().metric(printed, "无锡市")


def programme(printed: str, place: str = "无锡市") -> str:
    return names().programme(printed, place)


@pytest.mark.parametrize(
    "forms",
    [
        ("规上工业总产值", "规模以上工业总产值", "规上工业产值", "全市规上工业总产值"),
        (
            "高企",
            "高新技术企业",
            "国家高新技术企业数量",
            "无锡高新技术企业",
            "“高新技术企业”",
            "高新技術企業",
            "有效高企",
        ),
        ("GDP", "地区生产总值", "无锡GDP", "ＧＤＰ总量"),
        ("研发投入强度", "全社会研发投入占GDP比重", "R&D投入强度"),
        ("技改投资", "工业技改投资额", "技术改造投资"),
        ("低空经济产业规模", "低空经济规模", "低空经济产业总规模"),
        ("省级以上智能工厂", "省级及以上智能工厂"),
        ("生物医药产业总产值", "生物医药产业产值"),
        ("公共充电桩保有量目标值", "公共充电桩数量", "各类公共充电桩"),
        ("专精特新“小巨人”企业", "国家级专精特新“小巨人”企业", "小巨人企业"),
    ],
    ids=lambda forms: forms[0],
)
def test_forms_of_one_metric_are_one(forms: tuple[str, ...]) -> None:
    assert len({metric(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("专精特新中小企业", "专精特新“小巨人”企业"),
        ("高技术产业产值", "高新技术产业产值"),
        ("规上工业总产值", "规上工业增加值"),
        ("新增发明专利", "发明专利"),
        ("潜在独角兽企业", "独角兽企业"),
    ],
)
def test_metrics_that_only_sound_alike_are_two(one: str, other: str) -> None:
    assert metric(one) != metric(other)


@pytest.mark.parametrize(
    "printed",
    [
        "无锡市绿色工厂培育办法",
        "《绿色工厂培育办法（试行）》",
        "绿色工厂培育办法（征求意见稿）",
        "无锡市绿色工厂培育办法（修订草案征求意见稿）",
        "无锡市绿色工厂培育办法（2026年修订）",
        "市政府办公室关于印发无锡市绿色工厂培育办法的通知",
        "关于废止《无锡市绿色工厂培育办法》的决定",
        "关于调整无锡市绿色工厂培育办法有关目标的通知",
    ],
)
def test_a_document_keeps_its_name_through_its_life(printed: str) -> None:
    assert programme(printed) == "绿色工厂培育办法"


def test_plans_of_two_periods_are_two() -> None:
    first, second = (programme(f"低空经济三年行动计划（{period}年）") for period in ("2023—2025", "2026—2028"))
    assert first != second
    assert (period_of(first), period_of(programme("低空经济三年行动计划"))) == ("2023-2025", "")


def test_a_district_named_with_its_city_owns_its_plan_by_either_name() -> None:
    full, short = "南京市鼓楼区人才行动计划", "鼓楼区人才行动计划"
    assert programme(full, "南京市鼓楼区") == programme(short, "南京市鼓楼区") == "人才行动计划"


@pytest.mark.parametrize("name", ["三年行动计划", "行动方案", "若干措施", "实施意见", "办法"])
def test_what_many_documents_are_called_names_none(name: str) -> None:
    assert is_generic(name)
    assert not is_generic(f"低空{name}")


def test_short_names_are_read_where_the_text_gives_them() -> None:
    text = "印发《无锡市低空经济三年行动计划》（锡政发〔2026〕3号）（以下简称《行动计划》），实施“太湖之光”科技攻关计划（简称“科技攻关”）。"
    assert short_names(text) == {"行动计划": "无锡市低空经济三年行动计划"}


def test_a_user_adds_forms_in_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[metrics]\n"链上企业" = ["产业链企业"]\n', encoding="utf-8")
    seeds = load_seeds([tmp_path], shipped_sources=False)
    assert names(seeds).metric("产业链企业总数") == names(seeds).metric("链上企业")
    assert metric("产业链企业总数") != metric("链上企业")


def test_a_table_of_names_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[metrics]\n"链上企业" = "产业链企业"\n', encoding="utf-8")
    faults: list[str] = []
    load_seeds([tmp_path], shipped_sources=False, on_error=lambda error: faults.append(str(error)))
    assert len(faults) == 1
    assert "metrics.链上企业" in faults[0]


def test_a_usual_name_is_no_form_of_another() -> None:
    """Else what is known under it would depend on which table was read last."""
    for table in (SEEDS.metrics, SEEDS.publishers):
        assert [usual for usual in set(table.values()) if table[usual] != usual] == []


@pytest.mark.parametrize("printed", ["南京市鼓楼区高企", "鼓楼区高企", "鼓楼高企", "南京高企", "全省高企"])
def test_a_metric_sheds_the_place_that_owns_it(printed: str) -> None:
    assert names().metric(printed, "南京市鼓楼区") == metric("高新技术企业")


def test_judgements_are_renewed_when_the_users_names_change(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[programmes]\n"智能制造方案" = ["智造十条"]\n', encoding="utf-8")
    changed = load_seeds([tmp_path], shipped_sources=False)
    assert names(changed).programme("江阴市智造十条", "江阴市") == "智能制造方案"
    assert Judge(changed).version != Judge(SEEDS).version


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite") as opened:
        yield opened


def tell(store: Store, articles: Sequence[tuple[str, str]], seeds: Seeds = SEEDS) -> list[int]:
    """Ingest articles of given title and text; how many of them tell each fact."""
    judge = Judge(seeds)
    for number, (title, text) in enumerate(articles):
        article = Article(title, text, published=f"2026-03-{number + 1:02}")
        ingest(article, key=f"{number}", store=store, judge=judge, page_hash=None, now=NOW)
    return [len(fact["sightings"]) for fact in list_facts(store, kinds=("quantity", "programme"))]


@pytest.mark.parametrize(
    ("forms", "amount"),
    [
        (("规上工业总产值", "规模以上工业总产值", "规上工业产值"), "1200亿元"),
        (("高企", "高新技术企业"), "860家"),
        (("GDP", "地区生产总值"), "1500亿元"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value,
)
def test_articles_that_word_a_metric_differently_tell_one_fact(
    store: Store, forms: tuple[str, ...], amount: str
) -> None:
    articles = [("梁溪区政府部署先进制造业三年行动", AIM.format(form, amount)) for form in forms]
    assert tell(store, articles) == [len(forms)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["full name first", "short name first"])
def test_an_article_that_uses_the_short_name_tells_the_programme_it_was_given_to(
    store: Store, order: tuple[int, int]
) -> None:
    full = (
        "近日，江阴市印发《江阴市制造业智能化提质三年行动方案》（以下简称《智造提质方案》），市政府同步公布申报指南。"
    )
    short = "江阴市政府召开会议，要求各镇街抓好《智造提质方案》的落实，推动制造业高质量发展，优化营商环境。"
    articles = (("江阴市印发制造业智能化提质行动方案", full), ("江阴市落实《智造提质方案》", short))
    assert tell(store, [articles[place] for place in order]) == [2]


@pytest.mark.parametrize(("content", "told"), [("", [1, 1]), ('[metrics]\n"低空起降点" = ["蜂巢停机坪"]\n', [2])])
def test_a_users_own_file_makes_two_metrics_one_fact(
    store: Store, tmp_path: Path, content: str, told: list[int]
) -> None:
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    title = "梁溪区低空经济三年行动"
    articles = [(title, AIM.format("低空起降点", "120个")), (f"{title}再推进", AIM.format("蜂巢停机坪", "120个"))]
    assert tell(store, articles, load_seeds([tmp_path], shipped_sources=False)) == told


def test_a_name_that_is_the_place_itself_stays_whole() -> None:
    assert programme("梁溪区", "无锡市梁溪区") == programme("梁溪区", "梁溪区") == "梁溪区"
