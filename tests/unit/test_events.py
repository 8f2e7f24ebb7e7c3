"""What happened to a fact: its life by version, results of targets, and figures moved to another year."""

from dataclasses import replace
from decimal import Decimal

import pytest

from monitor.claims import Claim, claims
from monitor.domain import Evidence, Quantity, Region
from monitor.events import Entry, Told, life, origin_of, progress
from monitor.known import KnownFact, KnownVersion
from monitor.novelty import Context

WUXI, LIANGXI = Region("320200", "无锡市"), Region("320213", "梁溪区")


def told(
    id: int, said: str, value: str | None = "100", status: str | None = None, *, by: str = "", article: int = 0
) -> Told:
    version = KnownVersion(id, id, Decimal(value) if value else None, None, "eq", status, said)
    return Told(version, frozenset({(by or f"house {id}", said)}), frozenset({article or id}))


def entries(kind: str, *versions: Told) -> dict[int, Entry]:
    forward, backward = life(kind, versions), life(kind, versions[::-1])
    assert forward == backward
    return dict(forward)


def test_the_first_value_is_new_and_a_later_one_revises_it() -> None:
    assert entries("quantity", told(1, "2026-03-01"), told(2, "2026-05-01", "120")) == {
        1: Entry("new", None, live=False),
        2: Entry("revised", 1, live=True),
    }


def test_an_older_value_told_late_is_history() -> None:
    assert entries("quantity", told(1, "2026-03-01"), told(2, "2025-05-01", "120")) == {
        2: Entry("new", None, live=False),
        1: Entry("revised", 2, live=True),
    }


def test_two_sources_of_one_day_contradict_each_other() -> None:
    assert entries("quantity", told(1, "2026-03-01"), told(2, "2026-03-01T18:00:00+08:00", "120")) == {
        1: Entry("contradicted", 2, live=True),
        2: Entry("contradicted", 1, live=True),
    }


def test_one_source_corrects_itself() -> None:
    morning, evening = "2026-03-01T08:00:00+08:00", "2026-03-01T18:00:00+08:00"
    corrected = entries("quantity", told(1, evening, by="paper"), told(2, morning, "120", by="paper"))
    assert corrected == {2: Entry("new", None, live=False), 1: Entry("revised", 2, live=True)}
    edited = entries("quantity", told(1, "2026-03-01", article=7), told(2, "2026-03-01", "120", article=7))
    assert edited[2] == Entry("revised", 1, live=True)


def test_what_a_source_told_on_another_day_is_no_correction() -> None:
    one = told(1, "2026-03-01")
    later = replace(one, tellers=one.tellers | {("paper", "2026-06-01")})
    assert entries("quantity", later, told(2, "2026-03-01", "120", by="paper"))[2].event == "contradicted"


@pytest.mark.parametrize(
    "statuses",
    [("draft", "issued"), ("issued", "amended"), ("issued", "repealed"), ("launched", "ended"), ("planned", "draft"),
     ("planned", "launched"), ("issued", "redraft"), ("draft", "repealed")],
)  # fmt: skip
def test_a_later_stage_is_a_change_of_status(statuses: tuple[str, str]) -> None:
    before, after = (told(number, f"2026-0{number}-01", None, status) for number, status in enumerate(statuses, 1))
    assert entries("programme", before, after) == {
        1: Entry("new", None, live=False),
        2: Entry("status", 1, live=True),
    }


def test_a_draft_told_after_what_became_of_it_is_history() -> None:
    late = entries("programme", told(1, "2026-03-01", None, "issued"), told(2, "2026-05-01", None, "draft"))
    assert (late[1].live, late[2].live) == (True, False)


def test_a_planned_programme_that_goes_on_is_no_news_and_stays_to_be_told() -> None:
    both = entries("programme", told(1, "2026-03-01", None, "planned"), told(2, "2026-05-01", None, "ongoing"))
    assert both == {1: Entry("new", None, live=True), 2: Entry("again", 1, live=True)}


def claim(assertion: str = "actual", value: str = "80", deadline: str | None = None, **other: object) -> Claim:
    said = Quantity(assertion, "链上企业", "eq", Decimal(value), Evidence(0, 1, "证"), unit="家", deadline=deadline)  # type: ignore[arg-type]
    [made] = claims([replace(said, **({"region": WUXI} | other))])  # type: ignore[arg-type]
    return made


def target(
    deadline: str | None, value: str = "100", said: str = "2026-01-10", id: int = 1, region: Region = WUXI
) -> KnownFact:
    made = claim("target", value, deadline, region=region)
    version = KnownVersion(id * 10, 1, Decimal(value), None, "eq", None, said)
    return KnownFact(
        id, "quantity", "链上企业", "target", "家", deadline, region.code, False, (version,), frozenset(made.keys)
    )


def answered(made: Claim, *targets: KnownFact, said: str = "2026-11-01") -> tuple[str, int] | None:
    return origin_of(made, said, Context(targets))


def test_a_figure_answers_the_target_of_its_year_else_the_next_to_come() -> None:
    targets = (target("2026-12-31", id=1), target("2028-12-31", id=2))
    assert answered(claim(deadline="2026-10-31"), *targets) == ("result", 10)
    assert answered(claim(deadline="2027-12-31"), *targets) == ("result", 20)
    assert answered(claim(), target(None, id=3)) == ("result", 30)


def test_a_figure_answers_no_target_that_is_over_nor_one_told_on_its_own_day() -> None:
    assert answered(claim(deadline="2029-12-31"), target("2028-12-31")) is None
    assert answered(claim(), target("2028-12-31", said="2026-11-01")) is None


def test_an_undated_figure_of_spring_still_answers_last_years_target() -> None:
    assert answered(claim(), target("2026-12-31"), said="2027-02-01") == ("result", 10)
    assert answered(claim(), target("2026-12-31"), said="2027-09-01") is None


def test_a_district_answers_no_target_of_its_city() -> None:
    assert answered(claim(region=LIANGXI), target("2028-12-31")) is None


def test_the_same_figure_for_another_year_to_come_is_a_revision() -> None:
    assert answered(claim("target", "100", "2029-12-31"), target("2028-12-31")) == ("revised", 10)


@pytest.mark.parametrize(
    ("changed", "known"),
    [
        ({"deadline": "2027-12-31"}, target("2026-12-31")),  # aims set anew each year
        ({"deadline": "2029-12-31", "value": "120"}, target("2028-12-31")),
        ({"deadline": "2029-12-31", "unit": "%"}, target("2028-12-31")),
        ({"deadline": "2029-12-31", "recurrence": "yearly"}, target("2028-12-31")),
    ],
)
def test_what_is_no_moved_target(changed: dict[str, str], known: KnownFact) -> None:
    assert answered(claim("target", **({"value": "100"} | changed)), known) is None


def test_a_sentence_that_says_so_moves_a_target_to_an_earlier_year() -> None:
    moved = "链主企业达到80家的目标，由2028年提前至2026年实现。"
    known = target("2028-12-31", "80")
    proof = Evidence(0, len(moved), moved)
    assert answered(claim("target", deadline="2026-12-31", evidence=proof), known) == ("revised", known.current.id)
    other = replace(proof, text=moved.replace("2028年", "2029年"))
    assert answered(claim("target", deadline="2026-12-31", evidence=other), known) is None


@pytest.mark.parametrize(
    ("actual", "wanted", "unit", "comparator", "per_cent"),
    [("480", "600", "元", "ge", 80), ("700", "600", "家", "eq", 117), ("5.2", "5", "%", "eq", None), ("28", "30", "微克", "le", None), ("3", "0", "家", "eq", None)],
)  # fmt: skip
def test_progress(actual: str, wanted: str, unit: str, comparator: str, per_cent: int | None) -> None:
    assert progress(Decimal(actual), Decimal(wanted), unit, comparator) == per_cent
