"""A decision that is taken back brings back what was, whatever came since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store import amend, regroup
from tests.correctiondesk import PLAN, RAISED, REPORT, Desk, named, opened

AGAIN = PLAN.replace("召开", "再次召开")
STOPS = PLAN.replace("低空起降点", "无人机驿站")
FIRMS = "梁溪区政府提出，到2028年，全区专精特新企业达到880家。"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as one:
        yield one


def test_what_a_decision_took_away_comes_back_beside_what_was_found_since(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(STOPS, "2026-03-10", "daily")
    before = named(desk.facts())
    number = desk.decide(amend.merge, 1, 2)
    desk.read(FIRMS, "2026-03-11")
    assert len(desk.told()) == 2
    desk.undo(number)
    assert named(desk.facts()) == [*before, ("专精特新企业", 880, 1)]
    assert desk.facts()[-1]["id"] == 3  # nobody else's number
    assert [item.fact.name for item in desk.told()] == ["无人机驿站"]  # and nothing is told twice


def test_another_value_found_since_revises_the_fact_that_comes_back(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    number = desk.correct(1, deadline="2027-12-31")
    desk.told()
    desk.read(RAISED, "2026-06-01")
    assert len(desk.facts()) == 2
    desk.told()
    desk.undo(number)
    [fact] = desk.facts()
    assert (fact["value"], fact["previous"]["value"], fact["state"]) == (150, 120, "revised")
    assert desk.told() == []


def test_facts_parted_since_stay_apart(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(AGAIN, "2026-03-12", "daily", "再次召开推进会")
    desk.read(STOPS, "2026-03-10", "daily", "驿站")
    _, other = desk.decide(amend.split, 1, (2,))
    number = desk.correct(1, value="130")
    desk.decide(amend.merge, 2, other)  # the third fact is now what was parted from the first
    desk.undo(number)
    with desk.store.writing() as db:
        regroup.merge(db, 1, 2)
    assert [len(one["sightings"]) for one in desk.facts()] == [1, 2]


def test_a_quote_told_since_is_not_lost(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    number = desk.correct(1, value="130")
    desk.read(REPORT, "2026-03-11", "daily")
    quotes = {one["id"]: len(one["sightings"]) for one in desk.facts()}
    desk.undo(number)
    assert {one["id"]: len(one["sightings"]) for one in desk.facts()} == quotes


def test_a_correction_corrected_back_before_it_was_told_tells_nothing(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    desk.correct(1, value="130")
    desk.correct(1, value="120")
    assert desk.told() == []


def test_a_correction_corrected_back_after_it_was_told_is_told(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    desk.correct(1, value="130")
    desk.told()
    desk.correct(1, value="120")
    assert [item.fact.amount.value for item in desk.told()] == ["120"]
