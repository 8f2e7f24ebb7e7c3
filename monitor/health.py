"""How a source fares, and what follows from it: its record after one more look, and whether it is our own line that fails.

One look that fails by chance is no news: a source is broken after three in a row, at once only where its list was read and
is no list any more. A source that is read and shows nothing new for much longer than usual is silent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from monitor.domain import Source
from monitor.rhythm import EARLY, Pace, pause, settle, start

if TYPE_CHECKING:  # the command line says how a source fares without opening a database
    from monitor.store import SourceRecord

Health = Literal["working", "silent", "broken", "blocked", "gone"]
IN_A_ROW: Final = 3  # looks that fail
VANISHED: Final = timedelta(days=2)  # a site that is being moved answers 404 for an evening
QUIET: Final = 3  # times the usual gap
AT_LEAST, AT_MOST, UNKNOWN = (
    timedelta(days=14),
    timedelta(days=365),
    timedelta(days=30),
)  # of silence; holidays take ten days
FORGOTTEN: Final = 0.2  # of what a longer gap in the past was longer
CHINA: Final = timezone(timedelta(hours=8))  # the days of a list are Chinese days
HOSTS: Final = 3  # that do not answer, one after the other: then it is our own line, unless fewer are watched at all
LINE: Final = "(line)"  # what our own line is called among the sources; no id of a source has brackets


@dataclass(frozen=True, slots=True)
class Look:
    """What one crawl found of a source."""

    status: str = "ok"
    reason: str | None = None
    new: int = 0  # articles stored for the first time
    rows: int = 0  # articles on the list; none where it is as it was
    fresh: int = 0  # never seen there before
    newest: date | None = None  # day of the newest of them
    usual_gap: int | None = None  # seconds, by their days
    dialect: str | None = None  # of most of their addresses
    paging: bool | None = None  # False: page two is page one again; None: it was not asked for
    gone: bool = False  # the list is not there (404, 410), or its host has no address
    late: bool = False  # an earlier crawl had left articles over: what is fresh is not all new
    left: bool = False  # this one has: the rest follows at the next


def after(
    before: "SourceRecord", look: Look, source: Source, now: datetime, *, line_down: bool = False
) -> "SourceRecord":
    """The record of a source after one more look, which ended `now`.

    Where our own line is down, an answer that does not come says nothing about the source.
    """
    lost = line_down and look.status == "unreachable"
    counted = _count(before, look, now)
    told = counted if lost else _tell(counted, look, now)
    pace = _pace(before, look, source, now)
    failures = 0 if lost or look.status == "ok" else told.failures
    return replace(
        told,
        next_due=now + pause(pace.interval, source, now, failures),
        every=source.every,
        interval=pace.interval,
        idle=pace.idle,
    )


def is_trouble(record: "SourceRecord") -> bool:
    """Whether somebody has to be told: what failed once may be chance, silence has lasted long when it is noticed."""
    return record.health == "silent" or (record.health in ("broken", "blocked", "gone") and record.failures >= IN_A_ROW)


def line_down_since(sources: Sequence[Source], states: Mapping[str, "SourceRecord"]) -> datetime | None:
    """Since when no watched site has answered: it is not they who fail. None where one did, or too few were asked."""
    looked = [(one, states[one.id]) for one in sources if one.enabled and one.id in states]
    answered = last_answer([state for _, state in looked])
    lost = [
        (urlsplit(source.url).netloc, state)
        for source, state in looked
        if state.status == "unreachable" and state.failing_since and (not answered or state.failing_since > answered)
    ]
    hosts = {host for host, _ in lost}
    enough = min(HOSTS, len({urlsplit(source.url).netloc for source, _ in looked}))
    if len(hosts) < max(enough, 2) or max(state.failures for _, state in lost) < IN_A_ROW:
        return None
    return min(_moments(state.failing_since for _, state in lost))


def line_after(before: "SourceRecord", down: datetime | None, now: datetime) -> "SourceRecord":
    """The record of our own line after a crawl; `down` is since when no site has answered."""
    health: Health = "broken" if down else "working"
    return replace(
        before,
        status="unreachable" if down else "ok",
        last_finished=now,
        health=health,
        since=before.since if before.health == health else down or now,
    )


def last_answer(states: Sequence["SourceRecord"]) -> datetime | None:
    """When a site answered last, whatever it said."""
    return max(
        _moments(one.last_success if one.status == "unreachable" else one.last_finished for one in states), default=None
    )


def _count(before: "SourceRecord", look: Look, now: datetime) -> "SourceRecord":
    """Successes and failures in a row, and what is known of the list."""
    ok = look.status == "ok"
    counted = replace(
        before,
        status=look.status,
        reason=look.reason,
        last_new=look.new,
        last_finished=now,
        leased_until=None,
        last_success=now if ok else before.last_success,
        baseline=before.baseline or (now if ok and not look.left else None),
        last_news=_last_news(before, look, now),
        usual_gap=_usual_gap(before, look, now),
        dialect=look.dialect or before.dialect,
    )
    if ok and look.paging is None and _pages_twice(before):
        return replace(counted, reason=look.reason or before.reason)  # nothing has shown yet that it was mended
    if ok and look.paging is not False:
        return replace(counted, successes=before.successes + 1, failures=0, failing_since=None)
    return replace(counted, failures=before.failures + 1, successes=0, failing_since=before.failing_since or now)


def _tell(record: "SourceRecord", look: Look, now: datetime) -> "SourceRecord":
    """With its health after the look, and since when."""
    health = _health(record, look, now)
    if health == record.health:
        return record
    since = now
    if health == "silent":
        since = record.last_news or now
    elif health in ("broken", "gone"):
        since = record.failing_since or now
    # Whoever was told that it is silent, or broken, is told that it is worse.
    worse = health == "gone" or (record.health == "silent" and health != "working")
    return replace(record, health=health, since=since, alerted=record.alerted and not worse)


def _health(record: "SourceRecord", look: Look, now: datetime) -> Health:
    if look.status in ("blocked", "disallowed"):
        return "blocked"
    if look.status == "empty" or look.paging is False or (look.status == "ok" and record.failures):
        return "broken"
    if look.status == "ok":
        return "silent" if _is_silent(record, now) else "working"
    if record.failures < IN_A_ROW and record.health in ("working", "silent"):
        return "working" if record.health == "working" else "silent"
    lasts = record.failing_since is not None and now - record.failing_since >= VANISHED
    return "gone" if look.gone and lasts else "broken"


def _is_silent(record: "SourceRecord", now: datetime) -> bool:
    if record.last_news is None:
        return False
    usual = timedelta(seconds=record.usual_gap) if record.usual_gap else None
    patience = min(max(QUIET * usual, AT_LEAST), AT_MOST) if usual else UNKNOWN
    return now - record.last_news >= patience


def _pages_twice(before: "SourceRecord") -> bool:
    """A list that was read although its second page was its first again."""
    return before.status == "ok" and before.failures > 0


def _pace(before: "SourceRecord", look: Look, source: Source, now: datetime) -> Pace:
    """A first look, one that failed, one by hand and one that catches up say nothing about how often a source publishes."""
    pace = start(source, before.interval if before.every == source.every else None, before.idle)
    too_early = before.last_finished and now - before.last_finished < timedelta(seconds=EARLY * pace.interval)
    if before.baseline is None or too_early or look.status != "ok" or look.late or look.left:
        return pace
    return settle(pace, source, rows=look.rows, fresh=look.fresh)


def _last_news(before: "SourceRecord", look: Look, now: datetime) -> datetime | None:
    """By our clock; at the first look, which sees old and new alike, by the day that the newest article bears."""
    if look.fresh and (before.baseline or look.newest is None):
        return now
    shown = datetime.combine(look.newest, time(), CHINA) if look.newest else None
    return max(_moments([before.last_news, shown and min(shown, now)]), default=None)


def _usual_gap(before: "SourceRecord", look: Look, now: datetime) -> int | None:
    """As the list's days tell; without days the longest that was seen, slowly forgotten."""
    if look.usual_gap is not None or not look.fresh or before.last_news is None:
        return before.usual_gap if look.usual_gap is None else look.usual_gap
    gap, known = round((now - before.last_news).total_seconds()), before.usual_gap or 0
    return max(gap, round(known - FORGOTTEN * (known - gap)))


def _moments(found: Iterable[datetime | None]) -> Iterator[datetime]:
    return (moment for moment in found if moment is not None)
