"""When a source is looked at next and an article once more. Pure: the clock and what a look found come in, moments go out.

A source starts with the interval that it asks for. From then on each look moves it: a list most of which was new is looked
at sooner, one that brought nothing several times later, always within its bounds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from monitor.domain import Source

LEAST: Final = 300  # seconds: politeness, where the source does not ask for less itself
MOST: Final = 86_400  # seconds: news of yesterday at the latest, where the source does not ask for more itself
MUCH_NEW: Final = 0.5  # share of a list from which on articles might leave it unseen
SOONER, LITTLE_SOONER, LATER = 0.5, 0.8, 1.5  # times the interval
PATIENCE: Final = 2  # looks in a row that bring nothing: one that came just too early says little
EARLY: Final = 0.5  # of the interval; a look by hand before that says nothing about it
SPREAD: Final = 0.1  # of the interval: sources of one host that were added together fall due apart
LONGEST_PAUSE: Final = 86_400  # seconds; a source that fails is tried again later each time, about a day apart at most
FEW_DAYS: Final = 5  # days with articles; fewer tell no rhythm


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks, and how many in a row brought nothing."""

    interval: int
    idle: int = 0


def bounds(source: Source) -> tuple[int, int]:
    """The shortest and the longest interval of a source, in seconds."""
    least = source.least or min(source.every, max(source.every // 4, LEAST))
    return least, source.most or max(source.every, MOST)


def start(source: Source, interval: int | None = None, idle: int = 0) -> Pace:
    """The pace that a source begins with, or goes on with: its bounds may have been changed meanwhile."""
    return _bounded(source, interval or source.every, idle)


def settle(pace: Pace, source: Source, *, rows: int, fresh: int) -> Pace:
    """The pace after a look that showed `rows` articles, `fresh` of them for the first time (none: the list is as it was).

    One new article a look is just right, so that a source which publishes daily is looked at about daily.
    """
    if not fresh:
        idle = pace.idle + 1
        factor = LATER if idle >= PATIENCE else 1.0
    else:
        idle = 0
        factor = SOONER if fresh >= MUCH_NEW * rows else LITTLE_SOONER if fresh > 1 else 1.0
    return _bounded(source, round(pace.interval * factor), idle)


def pause(interval: int, source: Source, now: datetime, failures: int = 0) -> timedelta:
    """How long to wait after a look that ended `now`: the interval, longer after each failure in a row, and a little to
    one side, which depends on the source and the moment."""
    least, most = bounds(source)
    if failures:
        interval = min(interval * 2 ** min(failures - 1, 8), max(LONGEST_PAUSE, interval))
        most = max(most, interval)
    shortest, longest = max(least, interval * (1 - SPREAD)), min(most, interval * (1 + SPREAD))
    return timedelta(seconds=shortest + (longest - shortest) * _chance(source, now))


def is_due_again(first: datetime, asked: datetime, now: datetime, steps: Sequence[float]) -> bool:
    """Whether an article first seen at `first` and last asked for at `asked` is to be asked for again: once at each of the
    steps (in days). A step that was missed for as long as it is itself is not made up for."""
    ages = (timedelta(days=days) for days in steps)
    return any(asked < first + age <= now < first + 2 * age for age in ages)


def oldest_due(now: datetime, steps: Sequence[float]) -> datetime:
    """No article that was first seen before that is due again."""
    return now - timedelta(days=2 * max(steps, default=0.0))


def usual_gap(days: Collection[date]) -> timedelta | None:
    """How long it may well pass between two days with articles, judged by the days of those on a list; None for too few.

    The longest gap in ten is left out: it may be a holiday, or stand before an old article that is pinned.
    """
    ordered = sorted(set(days))
    if len(ordered) < FEW_DAYS:
        return None
    gaps = sorted(after - before for before, after in pairwise(ordered))
    return gaps[len(gaps) - 1 - max(1, len(gaps) // 10)]


def _bounded(source: Source, interval: int, idle: int) -> Pace:
    least, most = bounds(source)
    return Pace(min(max(interval, least), most), idle)


def _chance(source: Source, now: datetime) -> float:
    """A number from 0 to 1 that nobody chose."""
    digest = blake2b(f"{source.id} {now.isoformat()}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 0xFFFFFFFF
