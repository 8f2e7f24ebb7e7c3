"""Shipped sources by region: the places asked for, what lies within and around them, and nothing of the user's own."""

import pytest

from monitor.domain import Source
from monitor.errors import ConfigError
from monitor.regionset import OUTSIDE, choose
from monitor.seeds import Seeds, load_seeds


def source(id: str, region: str | None, **more: object) -> Source:
    return Source(id, id, f"http://{id}.cn/", region=region, **more)  # type: ignore[arg-type]


SEEDS = Seeds(
    sources=(
        source("country", "全国"),
        source("paper", None),
        source("province", "江苏省"),
        source("city", "无锡市"),
        source("district", "宜兴市"),
        source("zone", "无锡经济开发区"),
        source("neighbour", "苏州市"),
        source("far", "成都市"),
        source("own", "成都市"),
        source("off", "无锡市", enabled=False, why_off="nobody has tried it"),
    ),
    own=frozenset({"own"}),
)


def watched(*regions: str) -> set[str]:
    return {one.id for one in choose(SEEDS, regions).sources if one.enabled}


@pytest.mark.parametrize("name", ["320200", "无锡", "无锡市"])
def test_a_city_stands_for_what_lies_within_it_and_what_it_lies_in(name: str) -> None:
    assert watched(name) == {"country", "paper", "province", "city", "district", "zone", "own"}


def test_several_regions_add_up_and_the_country_is_all_of_it() -> None:
    assert watched("宜兴市", "成都") == {"country", "paper", "province", "city", "district", "far", "own"}
    assert watched("100000") == {one.id for one in SEEDS.sources if one.enabled}


def test_what_is_off_says_why_and_keeps_a_reason_that_it_had() -> None:
    reasons = {one.id: one.why_off for one in choose(SEEDS, ["无锡"]).sources if not one.enabled}
    assert reasons == {"neighbour": OUTSIDE, "far": OUTSIDE, "off": "nobody has tried it"}


@pytest.mark.parametrize(("name", "words"), [("某某星球", "no place that is known"), ("鼓楼区", "several places")])
def test_a_name_that_is_no_place_or_several_is_a_fault_of_the_setting(name: str, words: str) -> None:
    with pytest.raises(ConfigError, match=f"sources.regions: '{name}' .*{words}"):
        choose(SEEDS, [name])


def test_of_the_shipped_sources_those_of_one_city_are_a_few() -> None:
    chosen = choose(load_seeds(), ["320200"]).sources
    places = {one.region for one in chosen if one.enabled}
    assert {"无锡市", "宜兴市", "江苏省", "全国", None} <= places
    assert not {"苏州市", "成都市", "沈阳市", "湘潭市"} & places
    assert 40 < sum(one.enabled for one in chosen) < 100
