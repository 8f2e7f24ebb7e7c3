"""What happened to a fact: its versions in the order of its life, and what a new fact has to do with older ones.

Each version is told beside another one at most: the value it replaces, the target that a result answers, the value of another
source that it contradicts. District and city targets never meet: the place is part of every key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Literal

from monitor.claims import STAGES, Claim, last_day
from monitor.domain import Quantity
from monitor.known import KnownFact, KnownVersion
from monitor.novelty import Context

Event = Literal["new", "again", "revised", "result", "status", "contradicted"]
GRACE = 6  # months after a deadline in which an undated figure still answers its target
MOVED = re.compile(r"(?:提前|推迟|延后|延期|延长|顺延|调整)[到至为]20\d\d年")


@dataclass(frozen=True, slots=True)
class Told:
    """A version with who told it first: origin and moment of each article. `answers` are the event and version of another
    fact that it was decided to be told beside."""

    version: KnownVersion
    tellers: frozenset[tuple[str, str]]
    articles: frozenset[int]
    answers: tuple[Event, int] | None = None

    @property
    def day(self) -> str:
        return last_day(self.version.said)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a version is in the life of its fact; `live` while none has taken its place."""

    event: Event
    about: int | None
    live: bool


def life(kind: str, versions: Sequence[Told]) -> Mapping[int, Entry]:
    """The life of a fact of one value at a time, by version id. The order in which the versions came does not matter."""
    if kind == "programme":
        return dict(_stages(versions))
    ordered = sorted(versions, key=lambda told: (told.day, told.version.number))
    days = [list(told) for _, told in groupby(ordered, key=lambda told: told.day)]
    steps = [step for day in days for step in _steps(day)]
    entries: dict[int, Entry] = {}
    before: Told | None = None
    for place, step in enumerate(steps):
        entries |= _told_together(step, before, live=place == len(steps) - 1)
        before = step[-1]
    return entries


def origin_of(claim: Claim, said: str, context: Context) -> tuple[Event, int] | None:
    """What a new fact is beside an older one: the result of a target, or a target with another year."""
    finding = claim.finding
    if claim.subject is None or not isinstance(finding, Quantity):
        return None
    targets = [
        fact
        for fact in context.under((claim.subject,))
        if fact.assertion == "target" and not fact.dismissed and last_day(fact.current.said) < last_day(said)
    ]
    if finding.assertion == "actual":
        answered = _answered(finding, said, targets)
        return ("result", answered.id) if answered else None
    moved = _moved(claim, finding, said, targets) if finding.assertion == "target" else None
    return ("revised", moved.id) if moved else None


def progress(actual: Decimal, target: Decimal, unit: str | None, comparator: str | None) -> int | None:
    """How much of a target is reached, in per cent; None for shares and for what is to stay below a limit."""
    if unit == "%" or comparator in ("le", "lt") or target <= 0 or actual < 0:
        return None
    return round(actual / target * 100)


def _stages(versions: Sequence[Told]) -> Iterator[tuple[int, Entry]]:
    """A later stage takes the place of an earlier one; an earlier stage told late is history. 推进中 after 拟出台 is no news
    and leaves the plan standing."""
    ordered = sorted(versions, key=lambda told: (STAGES.index(told.version.stage), told.version.number))
    for place, told in enumerate(ordered):
        before, after = ordered[place - 1] if place else None, ordered[place + 1 :]
        event: Event = "status" if before else "new"
        if before and before.version.stage == "planned" and _goes_on(told):
            event = "again"
        live = not after or (told.version.stage == "planned" and len(after) == 1 and _goes_on(after[0]))
        yield told.version.id, Entry(event, before.version.id if before else None, live)


def _goes_on(told: Told) -> bool:
    return told.version.status in ("ongoing", None)


def _steps(same_day: Sequence[Told]) -> list[list[Told]]:
    """The versions of one day: one after the other where a source corrects itself, else in one step that disagrees."""
    if all(_corrects(later, earlier) for earlier, later in pairwise(same_day)):
        return [[told] for told in sorted(same_day, key=_moment)]
    return [sorted(same_day, key=lambda told: (told.version.value or Decimal(0), told.version.number))]


def _corrects(one: Told, other: Told) -> bool:
    """Whether one source tells both: the same article before and after it was edited, or the house that was first with each on that
    day. Who passes on what two houses say corrects neither."""
    return _first_house(one) == _first_house(other) is not None or not one.articles.isdisjoint(other.articles)


def _first_house(told: Told) -> str | None:
    own = ((moment, origin) for origin, moment in told.tellers if last_day(moment) == told.day)
    return min(own, default=(None, None))[1]


def _moment(told: Told) -> tuple[str, int]:
    return min((moment for _, moment in told.tellers), default=""), told.version.number


def _told_together(group: Sequence[Told], before: Told | None, *, live: bool) -> dict[int, Entry]:
    if len(group) > 1:
        return {
            told.version.id: Entry("contradicted", group[0 if place else 1].version.id, live)
            for place, told in enumerate(group)
        }
    [told] = group
    if before is not None:
        return {told.version.id: Entry("revised", before.version.id, live)}
    event, about = told.answers or ("new", None)
    return {told.version.id: Entry(event, about, live)}


def _answered(actual: Quantity, said: str, targets: Iterable[KnownFact]) -> KnownVersion | None:
    """The target that a figure is about: that of its year, else the next one it is on the way to."""
    period = actual.deadline or last_day(said)
    fitting = [fact for fact in targets if _is_open(fact.deadline, period, dated=actual.deadline is not None)]
    if not fitting:
        return None
    nearest = min(fitting, key=lambda fact: (fact.deadline is None, fact.deadline or "", fact.id))
    return nearest.current


def _is_open(deadline: str | None, period: str, *, dated: bool) -> bool:
    if deadline is None or period[:4] <= deadline[:4]:
        return True
    return not dated and int(period[:4]) - int(deadline[:4]) == 1 and int(period[5:7]) <= GRACE


def _moved(claim: Claim, target: Quantity, said: str, targets: Iterable[KnownFact]) -> KnownVersion | None:
    """The same figure for another year, while the old year is still to come; aims set anew each year are none. A sentence may say
    that it moves one: 由2027年提前至2026年."""
    sentence = target.evidence.text
    told = MOVED.search(sentence) is not None
    if claim.several or target.recurrence:
        return None
    if not told and (target.unit == "%" or not _is_far(target.deadline, said)):
        return None
    same = [
        fact
        for fact in targets
        if (f"{(fact.deadline or '')[:4]}年" in sentence if told else _is_far(fact.deadline, fact.current.said))
        and fact.deadline != target.deadline
        and (fact.deadline or "") > last_day(said)
        and fact.current.value == target.value
    ]
    return min(same, key=lambda fact: fact.id).current if len(same) == 1 else None


def _is_far(deadline: str | None, said: str) -> bool:
    """Whether a deadline lies beyond the year of the article."""
    return deadline is not None and deadline[:4] > said[:4]
