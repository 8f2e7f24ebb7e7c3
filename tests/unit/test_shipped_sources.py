"""The shipped sources: they load, each list once, and cover the places that are watched first."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from crawler.listing import BY_NAME
from crawler.urls import key
from monitor.domain import Source
from monitor.gazetteer import Divisions, load_divisions
from monitor.seeds import SHIPPED, check_seeds, load_seeds

# Places a reader in 无锡 compares with: each has a list of its own.
WATCHED = {
    "100000": "全国",
    "320000": "江苏省",
    "320200": "无锡市",
    "320282": "宜兴市",
    "320500": "苏州市",
    "320500-park": "苏州工业园区",
    "120000": "天津市",
    "120116-hitech": "天津滨海高新区",
    "210100": "沈阳市",
    "210112": "浑南区",
    "430300": "湘潭市",
    "510100": "成都市",
    "510100-hitech": "成都高新区",
}
LEVELS = {"national", "province", "province-dept", "city", "city-dept", "district", "zone", "media"}
COLLECTED = Path(__file__).resolve().parents[3] / "shared" / "knowledge" / "sources.csv"


@pytest.fixture(scope="module")
def sources() -> tuple[Source, ...]:
    return load_seeds().sources


@pytest.fixture(scope="module")
def divisions() -> Divisions:
    return load_divisions()


def test_every_file_loads_without_fault(sources: tuple[Source, ...]) -> None:
    assert check_seeds() == ()
    assert len(sources) == 150


def test_every_file_holds_sources_and_nothing_else() -> None:
    for file in (SHIPPED / "sources").iterdir():
        assert file.suffix == ".toml", file.name
        assert "[[source]]" in file.read_text(encoding="utf-8"), file.name


def test_ids_and_addresses_stand_once(sources: tuple[Source, ...]) -> None:
    for values in ([one.id for one in sources], [key(one.url) for one in sources], [one.name for one in sources]):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_regions_are_known_and_mean_one_place(sources: tuple[Source, ...], divisions: Divisions) -> None:
    unclear = [one.id for one in sources if one.region and len(divisions.meaning(one.region)) != 1]
    assert unclear == []


def test_only_media_of_the_whole_country_have_no_region(sources: tuple[Source, ...]) -> None:
    assert {one.level for one in sources if one.region is None} == {"media"}


def test_watched_places_are_covered(sources: tuple[Source, ...], divisions: Divisions) -> None:
    covered = {place.code for one in sources if one.enabled for place in divisions.meaning(one.region or "")}
    assert {name for code, name in WATCHED.items() if code not in covered} == set()


def test_all_are_looked_at_at_a_polite_pace(sources: tuple[Source, ...]) -> None:
    for one in sources:
        assert 1800 <= one.every <= 43_200, one.id
        assert one.level in LEVELS, one.id
        assert one.family is None or one.family in BY_NAME, one.id


def test_what_is_off_says_why_and_nothing_else_does(sources: tuple[Source, ...]) -> None:
    assert [one.id for one in sources if one.enabled == bool(one.why_off)] == []
    assert 100 < sum(one.enabled for one in sources) < len(sources)


def test_every_known_address_ships(sources: tuple[Source, ...]) -> None:
    """Each of the collected lists is watched, or off with a reason."""
    if not COLLECTED.exists():
        pytest.skip("the collection of known addresses is not beside this checkout")
    with COLLECTED.open(encoding="utf-8", newline="") as lines:
        rows = [re.findall(r"https?://[^\s,;()]+", " ".join(row.values())) for row in csv.DictReader(lines)]
    shipped = {key(one.url) for one in sources}
    assert [urls[0] for urls in rows if not shipped & {key(url) for url in urls}] == []
    assert len(sources) == len(rows)


def test_addresses_were_collected_and_not_made_up(sources: tuple[Source, ...]) -> None:
    if not COLLECTED.exists():
        pytest.skip("the collection of known addresses is not beside this checkout")
    with COLLECTED.open(encoding="utf-8", newline="") as lines:
        known = {url for row in csv.reader(lines) for url in re.findall(r"https?://[^\s,;()]+", " ".join(row))}
    assert {one.url for one in sources} - known == set()
