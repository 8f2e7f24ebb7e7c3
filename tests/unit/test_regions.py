"""Whose policy an article reports, and whose each of its facts is: row by row of the table, and the gazetteer by itself."""

from typing import Any

import pytest

from monitor.domain import Article, Quantity
from monitor.judge import Judge
from monitor.regions import load_gazetteer
from monitor.seeds import load_seeds
from monitor.text import fold

Row = dict[str, Any]
GAZETTEER = load_gazetteer()
JUDGE = Judge(load_seeds(shipped_sources=False), GAZETTEER)


def read(row: Row) -> Article:
    return Article(
        title=row["title"],
        text=row["text"],
        region=row.get("home"),
        publisher=row.get("publisher"),
        published="2026-01-20",
    )


def subjects(row: Row) -> list[str]:
    article = read(row)
    matches = GAZETTEER.locate(article, fold(article.text)).matches
    return sorted(match.region.name for match in matches if match.role == "subject")


def owners(row: Row) -> list[str]:
    judged = JUDGE.judge(read(row))
    found = [*judged.targets, *judged.programmes]
    return [
        f"{one.metric if isinstance(one, Quantity) else one.name}: {one.region.name if one.region else '-'}"
        for one in found
    ]


def answers(row: Row) -> list[list[str]]:
    return [subjects(row)] + ([owners(row)] if row.get("owners") is not None else [])


def expected(row: Row) -> list[list[str]]:
    return [sorted(row["found"])] + ([row["owners"]] if row.get("owners") is not None else [])


@pytest.mark.table("regions")
def test_places_are_told_as_a_careful_reader_would(row: Row) -> None:
    assert answers(row) == expected(row)


@pytest.mark.table("regions")
def test_known_misses_still_miss(missed: Row) -> None:
    assert answers(missed) != expected(missed)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("无锡", {"320200"}),
        ("无锡市", {"320200"}),
        ("新吴区", {"320214"}),
        ("无锡高新区", {"320214"}),
        ("福州市鼓楼区", {"350102"}),
        ("全国", {"100000"}),
        ("南京江北新区", {"320100-newarea"}),
        ("火星市", set()),
        ("", set()),
    ],
)
def test_name_resolves_to_codes(name: str, codes: set[str]) -> None:
    assert {region.code for region in GAZETTEER.resolve(name)} == codes


def test_name_that_several_places_bear_resolves_to_all() -> None:
    assert {region.name for region in GAZETTEER.resolve("鼓楼区")} >= {"南京市鼓楼区", "徐州市鼓楼区", "福州市鼓楼区"}


def test_parents_go_up_to_the_country() -> None:
    assert [region.name for region in GAZETTEER.parents("320214")] == ["无锡市", "江苏省", "全国"]


def test_zone_lies_in_its_city() -> None:
    [zone] = GAZETTEER.resolve("沈阳高新区")
    [city] = GAZETTEER.resolve("沈阳市")
    assert GAZETTEER.divisions.is_part(zone, city)
    assert not GAZETTEER.divisions.is_part(city, zone)


def test_place_that_is_only_named_is_a_mention() -> None:
    article = Article(title="无锡市推介会在京举行", text="无锡市在上海举办推介会，承接上海溢出。无锡市将用好机遇。")
    roles = {match.region.name: match.role for match in GAZETTEER.locate(article, fold(article.text)).matches}
    assert roles["无锡市"] == "subject"
    assert roles["上海市"] == "mention"


def test_evidence_of_a_place_is_printed_text() -> None:
    article = Article(title="無錫市", text="無 錫 市提出目标。无锡要快。")
    for match in GAZETTEER.locate(article, fold(article.text)).matches:
        assert match.evidence
        assert all(article.text[piece.start : piece.end] == piece.text for piece in match.evidence)
