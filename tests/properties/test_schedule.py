"""When sources are looked at: within their bounds whatever happens, near their own rhythm, and nobody is forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import Source
from monitor.health import IN_A_ROW, Look, after
from monitor.rhythm import LONGEST_PAUSE, Pace, bounds, is_due_again, pause, settle, start, usual_gap
from monitor.store import SourceRecord, Store

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR, DAY = 3600, 86_400
ROWS = 20  # of a list
STEPS = (1.0, 3.0, 10.0)

durations = st.integers(60, 30 * DAY)
looks = st.builds(
    Look,
    status=st.sampled_from(["ok", "ok", "ok", "blocked", "empty", "unreachable", "failed"]),
    rows=st.just(ROWS),
    fresh=st.integers(0, ROWS),
    paging=st.sampled_from([None, True, False]),
    gone=st.booleans(),
    late=st.booleans(),
    left=st.booleans(),
    newest=st.none() | st.dates(date(2020, 1, 1), date(2026, 12, 1)),
)


@st.composite
def watched(draw: st.DrawFn) -> Source:
    """A source with bounds of its own or without."""
    least, every, most = sorted(draw(st.tuples(durations, durations, durations)))
    source = Source("a", "A", "http://a.cn/list", every=every)
    return replace(source, least=draw(st.sampled_from([None, least])), most=draw(st.sampled_from([None, most])))


def looks_at(every: int, gap: int, batch: int, days: int) -> Iterator[timedelta]:
    """The times between the looks at a source that publishes `batch` articles every `gap` seconds."""
    source = Source("a", "A", "http://a.cn/list", every=every, least=300, most=30 * DAY)
    pace, now, seen = start(source), START, 0
    while now < START + timedelta(days=days):
        waited = pause(pace.interval, source, now)
        now += waited
        shown = int((now - START).total_seconds()) // gap
        pace = settle(pace, source, rows=ROWS, fresh=min((shown - seen) * batch, ROWS))
        seen = shown
        yield waited


@given(watched(), st.lists(st.tuples(looks, st.integers(0, 40 * DAY)), min_size=1, max_size=30))
def test_whatever_a_look_finds_the_next_one_is_within_bounds(source: Source, found: list[tuple[Look, int]]) -> None:
    """Failures put it off for about a day at most, and only where the source itself does not ask for more."""
    least, most = bounds(source)
    assert least <= source.every <= most
    now = START
    record = SourceRecord(source.id)
    for look, waited in found:
        now += timedelta(seconds=waited)
        record = after(record, look, source, now)
        assert record.interval is not None
        assert record.next_due is not None
        assert least <= record.interval <= most
        longest = most if look.status == "ok" else max(most, LONGEST_PAUSE)
        assert least <= (record.next_due - now).total_seconds() <= longest


@given(st.integers(300, 12 * HOUR), st.sampled_from([HOUR, 6 * HOUR, DAY, 5 * DAY]), st.integers(1, 15))
def test_a_source_is_looked_at_in_its_own_rhythm(every: int, gap: int, batch: int) -> None:
    """Whatever it started with, a source that publishes daily ends with one to a few looks a day."""
    waited = list(looks_at(every, gap, batch, days=20 * gap // DAY + 10))
    settled = waited[len(waited) // 2 :]
    usual = sum(settled, timedelta()) / len(settled)
    assert 0.2 * gap <= usual.total_seconds() <= 1.2 * gap
    assert max(settled).total_seconds() <= 2 * gap


@given(st.integers(HOUR, 2 * DAY), st.integers(1, ROWS))
def test_news_never_puts_a_look_off_and_their_absence_never_hastens_one(interval: int, fresh: int) -> None:
    source = Source("a", "A", "http://a.cn/list", every=interval, least=60, most=30 * DAY)
    pace = Pace(interval)
    assert settle(pace, source, rows=ROWS, fresh=fresh).interval <= interval
    idle = settle(pace, source, rows=ROWS, fresh=0)
    assert idle.interval == interval  # one look may just have come too early
    assert settle(idle, source, rows=ROWS, fresh=0).interval > interval


def test_sources_added_together_fall_due_apart() -> None:
    """Also at their shortest and longest interval, unless these are the same."""
    for every in (300, HOUR, DAY):
        due = {pause(every, Source(f"s{n}", "S", f"http://a.cn/{n}", every=every), START) for n in range(20)}
        assert len(due) == 20
        assert max(due) - min(due) >= timedelta(seconds=0.05 * every)


@settings(max_examples=8)
@given(
    st.lists(st.sampled_from(["ok", "unreachable", "blocked"]), min_size=8, max_size=8),
    st.lists(st.integers(300, DAY), min_size=8, max_size=8),
)
def test_no_source_is_forgotten_where_one_is_looked_at_at_a_time(fates: list[str], every: list[int]) -> None:
    """A single worker that takes an hour for each look still gets round to all of them: who waits longest is first."""
    sources = [Source(f"s{n}", "S", f"http://s{n}.cn/", every=seconds) for n, seconds in enumerate(every)]
    fate = {source.id: Look(status=status) for source, status in zip(sources, fates, strict=True)}
    last = dict.fromkeys(fate, START)
    now = START
    with Store.open("sqlite://") as store:
        for _ in range(60):
            now += timedelta(hours=1)
            for source in store.due(sources, now)[:1]:
                store.finish_crawl(source.id, partial(after, look=fate[source.id], source=source, now=now))
                last[source.id] = now
            longest = timedelta(seconds=max(LONGEST_PAUSE, DAY)) + timedelta(hours=len(sources) + 1)
            assert min(last.values()) >= now - longest


@given(st.lists(st.integers(1, 40 * 24), min_size=1, max_size=60))
def test_an_article_is_asked_for_again_once_at_each_step(hours: list[int]) -> None:
    """However the looks at its source fall: never twice for one step, never after the last has passed."""
    asked = START
    again: list[timedelta] = []
    for hour in sorted(hours):
        now = START + timedelta(hours=hour)
        if is_due_again(START, asked, now, STEPS):
            again.append(now - START)
            asked = now
    assert len(again) <= len(STEPS)
    assert all(timedelta(days=1) <= age < timedelta(days=20) for age in again)
    for step in STEPS:
        assert sum(timedelta(days=step) <= age < timedelta(days=step * 3) for age in again) <= 2
    if all(any(step * 24 <= hour < step * 48 for hour in hours) for step in STEPS):
        assert len(again) == len(STEPS)


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 11, 1)), min_size=6), st.dates(date(2005, 1, 1), date(2019, 1, 1)))
def test_a_pinned_old_article_does_not_make_a_list_slow(days: set[date], pinned: date) -> None:
    gap, known = usual_gap({*days, pinned}), usual_gap(days)
    assert gap is not None
    assert known is not None
    assert gap <= max(late - early for late in days for early in days)
    assert usual_gap(set(list(days)[:3])) is None


@given(st.integers(0, 10))
def test_one_failure_is_no_news_and_some_in_a_row_are(failures: int) -> None:
    source = Source("a", "A", "http://a.cn/list")
    record = after(SourceRecord("a"), Look(rows=ROWS), source, START)
    for number in range(failures):
        record = after(record, Look(status="unreachable"), source, START + timedelta(hours=number + 1))
    assert record.health == ("broken" if failures >= IN_A_ROW else "working")
