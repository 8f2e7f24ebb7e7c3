"""The values of one metric over the years: what was aimed at for each, and what was reached."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from monitor.store.tables import Fact, FactKey, FactVersion

# Asked for every digest: put together once. Core, because columns of the mapped classes cost more than the answer.
FACT, KEY, VERSION = (kept.__table__ for kept in (Fact, FactKey, FactVersion))
OWN_FACT, OWN_KEY, AIM = FACT.alias("own_fact"), KEY.alias("own_key"), VERSION.alias("aim")
AIMS = (
    select(OWN_KEY.c.fact_id, FACT.c.id, FACT.c.deadline, VERSION.c.value)
    .distinct()
    .join_from(OWN_KEY, OWN_FACT, OWN_FACT.c.id == OWN_KEY.c.fact_id)
    .join(KEY, and_(KEY.c.key == OWN_KEY.c.key, KEY.c.misread.is_(False), OWN_KEY.c.misread.is_(False)))
    .join(FACT, FACT.c.id == KEY.c.fact_id)
    .join(VERSION, VERSION.c.fact_id == FACT.c.id)
    .where(OWN_KEY.c.fact_id.in_(bindparam("targets", expanding=True)))
    .where(
        FACT.c.assertion == "target",
        FACT.c.dismissed.is_(False),
        FACT.c.deadline.is_not(None),
        OWN_FACT.c.unit.is_not_distinct_from(FACT.c.unit),
    )
    .where(VERSION.c.live, VERSION.c.value.is_not(None), VERSION.c.value_high.is_(None))
    .order_by(FACT.c.id)
)
RESULTS = (
    select(AIM.c.fact_id, FACT.c.deadline, VERSION.c.said, VERSION.c.value)
    .join_from(AIM, VERSION, VERSION.c.about_id == AIM.c.id)
    .join(FACT, FACT.c.id == VERSION.c.fact_id)
    .where(AIM.c.fact_id.in_(bindparam("targets", expanding=True)), VERSION.c.event == "result")
    .where(VERSION.c.live, VERSION.c.value.is_not(None), VERSION.c.value_high.is_(None))
    .order_by(VERSION.c.id)
)
FEWEST = 3  # values that make a series
MOST = 8  # the latest of them are shown


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One value of a series."""

    year: int
    reached: bool  # or aimed at
    value: str  # decimal digits, base units


def series_of(session: Session, targets: Collection[int]) -> dict[int, tuple[Point, ...]]:
    """By the id of a target: the values of its metric, the oldest first; nothing where there are fewer than three."""
    if not targets:
        return {}
    aims = _aims(session, targets)
    results = _results(session, {fact for own in aims.values() for fact in own})
    found = {}
    for target, own in aims.items():
        points = {point.year: point for point in _own_last(own, target)}
        reached = {point.year: point for fact in own for point in results.get(fact, ())}
        series = sorted([*points.values(), *reached.values()])[-MOST:]
        if len(series) >= FEWEST and len({point.year for point in series}) > 1:
            found[target] = tuple(series)
    return found


def _own_last(aims: dict[int, Point], target: int) -> Iterable[Point]:
    """Of two names for what is aimed at in one year, the target's own value counts."""
    return [point for _, point in sorted(aims.items(), key=lambda pair: pair[0] == target)]


def _aims(session: Session, targets: Collection[int]) -> dict[int, dict[int, Point]]:
    """By target: the targets of other years that are kept under a key of its own, and itself."""
    found: dict[int, dict[int, Point]] = {}
    for target, fact, deadline, value in session.execute(AIMS, {"targets": list(targets)}):
        found.setdefault(target, {})[fact] = Point(int(deadline[:4]), False, value)
    return found


def _results(session: Session, targets: Collection[int]) -> dict[int, list[Point]]:
    """What was told to be reached of each of the targets."""
    found: dict[int, list[Point]] = {}
    for target, deadline, said, value in session.execute(RESULTS, {"targets": list(targets)}):
        if when := deadline or said:
            found.setdefault(target, []).append(Point(int(when[:4]), True, value))
    return found
