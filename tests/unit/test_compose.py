"""What a digest holds and in which order: place, article, sentence."""

from dataclasses import replace
from datetime import UTC, datetime

from alerts.digest import Edition, compose
from monitor.store.delivery import Subscription
from monitor.store.pending import Amount, Pending, Report

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
EDITION = Edition({"low": "低空经济", "talent": "人才引育"}, {"forum"})


def report(article: int, source: str = "wuxi", sentence: str = "甲句。", **terms: str) -> Report:
    return Report(article, f"https://a.example/{article}", f"第{article}篇", source, None, None, sentence, terms)


def fact(number: int, *reports: Report, region: tuple[str, str] | None = ("320200", "无锡市")) -> Pending:
    code, name = region or (None, None)
    return Pending(
        version_id=number + 100, fact_id=number, kind="quantity", name=f"指标{number}", assertion="target", type=None,
        unit="家", deadline=None, recurrence=None, region_code=code, region_name=name, themes=("low", "talent"),
        amount=Amount("eq", "12", None, None), previous=None, first_seen=NOW, reports=reports or (report(1),),
    )  # fmt: skip


def reader(*themes: str) -> Subscription:
    return Subscription(email="reader@example.com", themes=themes)


def test_the_country_comes_first_and_the_unknown_last() -> None:
    facts = [fact(1, region=None), fact(2, region=("320500", "苏州市")), fact(3, region=("100000", "全国"))]
    assert [group.name for group in compose(facts, EDITION, reader(), NOW).groups] == ["全国", "苏州市", "地区未明"]


def test_facts_of_one_article_stand_together_and_those_of_one_sentence_too() -> None:
    first, second = report(1, sentence="甲句。"), report(1, sentence="乙句。")
    digest = compose([fact(1, first), fact(2, second), fact(3, report(2)), fact(4, first)], EDITION, reader(), NOW)
    (place,) = digest.groups
    assert place.count == 4
    assert [[[item.fact.fact_id for item in quote.items] for quote in story.quotes] for story in place.stories] == [
        [[1, 4], [2]],
        [[3]],
    ]
    assert digest.versions == (101, 104, 102, 103)


def test_an_article_that_changes_something_comes_before_older_ones() -> None:
    changed = replace(fact(2, report(9)), previous=Amount("eq", "10", None, None))
    (place,) = compose([fact(1), changed], EDITION, reader(), NOW).groups
    assert [story.citation.article_id for story in place.stories] == [9, 1]


def test_the_official_page_is_cited_whoever_was_first() -> None:
    (item,) = compose([fact(1, report(1, "forum"), report(2, "wuxi"))], EDITION, reader(), NOW).items
    assert (item.citation.article_id, item.second_hand, item.others) == (2, False, 1)


def test_one_article_on_two_versions_is_not_another_report() -> None:
    (item,) = compose([fact(1, report(1), report(1))], EDITION, reader(), NOW).items
    assert item.others == 0


def test_why_names_the_themes_asked_for_with_their_words_and_the_place() -> None:
    told = report(1, low="无人机", talent="人才引育")
    (item,) = compose([fact(1, told)], EDITION, reader("low"), NOW).items
    assert item.why == ("低空经济（“无人机”）", "无锡市")
    (item,) = compose([fact(1, told)], EDITION, reader(), NOW).items
    assert item.why == ("低空经济（“无人机”）", "人才引育", "无锡市")


def test_a_fact_is_named_as_the_page_cited_names_it() -> None:
    """A spun copy that came first said 先辈; the official page says 先进."""
    spun, official = replace(report(1, "forum"), name="先辈制造业产值"), replace(report(2), name="先进制造业产值")
    (item,) = compose([replace(fact(1, spun, official), name=spun.name)], EDITION, reader(), NOW).items
    assert item.fact.name == official.name
