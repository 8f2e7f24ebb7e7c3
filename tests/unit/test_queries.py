"""What the store answers: facts and articles by theme and place, and how many of each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.domain import Article, Designation, Evidence, Finding, Judgement, Programme, Quantity, Region, ThemeMatch
from monitor.domain import RegionMatch as Match
from monitor.ingest import ingest
from monitor.store import Store, list_articles, list_facts
from monitor.store.delivery import Wanted, reading
from monitor.store.pending import expected
from monitor.store.queries import count_articles, count_facts

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WUXI, XINWU, ZONE = Region("320200", "无锡市"), Region("320214", "新吴区"), Region("320200-etdz", "无锡经济开发区")
NANJING, CHINA = Region("320100", "南京市"), Region("100000", "全国")


class Judged:
    version = "test"

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement

    def judge(self, _article: Article) -> Judgement:
        return self.judgement


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite") as opened:
        yield opened


def target(metric: str, region: Region, assertion: str = "target", value: int = 12) -> Quantity:
    said = Evidence(0, 3, "甲乙丙")
    return Quantity(assertion, metric, "ge", Decimal(value), said, unit="家", region=region, themes=("low",))  # type: ignore[arg-type]


def tell(
    store: Store, title: str, *findings: Finding, source: str | None = "wuxi", published: str = "2026-11-23"
) -> None:
    texts = tuple(one for one in findings if not isinstance(one, Programme))
    planned = tuple(one for one in findings if isinstance(one, Programme))
    places = tuple(Match(one.region, "subject", ()) for one in findings if one.region)
    judged = Judgement((ThemeMatch("low", "低空经济", 0.9, ()),), places, texts, planned)
    article = Article(title, f"甲乙丙，{title}的正文。", source=source, published=published)
    ingest(article, key=title, store=store, judge=Judged(judged), page_hash=None, now=NOW)


def names(store: Store, *regions: str) -> list[str]:
    found = list_facts(store, kinds=("quantity", "designation"), regions=regions)
    return sorted(str(fact.get("metric") or fact["name"]) for fact in found)


def test_a_place_stands_for_its_districts_and_zones(store: Store) -> None:
    for region in (WUXI, XINWU, ZONE, NANJING, CHINA):
        tell(store, region.name, target(f"{region.code}的企业", region))
    assert names(store, "320200") == ["320200-etdz的企业", "320200的企业", "320214的企业"]
    assert names(store, "320214") == ["320214的企业"]
    assert len(names(store, "320000")) == 4
    assert names(store, "100000") == ["100000的企业"]
    assert len(names(store, "320214", "320100")) == 2
    assert [article["title"] for article in list_articles(store, regions=("320214",))] == ["新吴区"]


def test_themes_are_alternatives(store: Store) -> None:
    tell(store, "甲", target("航线", WUXI))
    assert len(list(list_facts(store, kinds=("quantity",), themes=("other", "low")))) == 1
    assert list(list_facts(store, kinds=("quantity",), themes=("other",))) == []
    assert len(list(list_articles(store, themes=("low",)))) == 1


def test_every_target_has_every_field_of_the_contract(store: Store) -> None:
    held = Designation("国家先导区", "target", Evidence(0, 3, "甲乙丙"), region=WUXI)
    tell(store, "甲", target("航线", WUXI), held)
    fields = {
        "id",
        "kind",
        "assertion",
        "comparator",
        "value",
        "value_high",
        "unit",
        "deadline",
        "recurrence",
        "region",
    }
    fields |= {"themes", "first_seen", "state", "sightings"}
    for fact in list_facts(store, kinds=("quantity", "designation")):
        assert fields <= set(fact)
        assert ("metric" in fact) != ("name" in fact)
        assert {"url", "title", "source", "published", "sentence"} <= set(fact["sightings"][0])


def test_articles_and_facts_are_counted_by_source(store: Store) -> None:
    tell(store, "甲", target("航线", WUXI), target("企业总部", WUXI))
    tell(store, "乙", target("航线", WUXI))
    tell(store, "丙", source=None)
    assert count_articles(store) == (("wuxi", (2, 2)), ("", (1, 0)))


def test_targets_and_programmes_are_counted_by_theme_and_region(store: Store) -> None:
    plan = Programme("低空行动", "action", None, Evidence(0, 3, "甲乙丙"), region=WUXI, themes=("low",))
    tell(store, "甲", target("航线", WUXI), target("产值", WUXI, "actual"), plan)
    tell(store, "乙", target("基地数", NANJING))
    assert count_facts(store, "theme") == (("low", 2, 1),)
    assert count_facts(store, "region") == (("无锡市", 1, 1), ("南京市", 1, 0))


def test_a_region_of_two_names_is_one(store: Store) -> None:
    tell(store, "甲", target("航线", XINWU), target("企业总部", XINWU))
    tell(store, "乙", target("基地数", Region("320214", "无锡高新技术产业开发区")))
    assert count_facts(store, "region") == (("新吴区", 3, 0),)


def test_an_empty_store_counts_nothing(store: Store) -> None:
    assert (count_articles(store), count_facts(store, "theme"), count_facts(store, "region")) == ((), (), ())


def volume(store: Store, **asked: tuple[str, ...]) -> tuple[int, int]:
    with reading(store) as session:
        return expected(session, Wanted("a@example.com", **asked), NOW)  # type: ignore[arg-type]


def test_what_a_subscription_would_have_brought_is_judged_by_what_was_news(store: Store) -> None:
    assert volume(store) == (0, 0)
    tell(store, "甲", target("航线", WUXI), target("企业总部", NANJING))
    tell(store, "旧", target("基地数", WUXI), published="2024-01-01")
    assert volume(store, regions=("320200",)) == (1, 1)
