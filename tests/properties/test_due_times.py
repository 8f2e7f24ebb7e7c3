"""When digests are due: whatever the clock, the zone and the calendar do, each due time counts once and no fact is lost or told twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts import outbox
from alerts.digest import Digest, Edition
from alerts.rest import is_holiday, is_quiet, read_hours
from alerts.subscriptions import due_moments, next_due
from monitor.config import Mail
from monitor.domain import Article, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, delivery, preferences
from monitor.store.delivery import Cadence, Subscription

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Clocks that change by an hour, by half an hour, never, and in the south; one that skipped a whole day in 2011.
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
# Before a leap day, before changes of the clocks, before Chinese holidays, and before a day that never was.
STARTS = [
    datetime(*day, tzinfo=UTC)
    for day in ((2028, 2, 26), (2026, 3, 6), (2026, 10, 22), (2027, 2, 1), (2026, 9, 22), (2011, 12, 27))
]
MAIL = Mail(sender="policywatch <watch@example.com>")
EDITION = Edition({})
WUXI = Region("320200", "无锡市")

clocks = st.times().map(lambda moment: f"{moment:%H:%M}")
quiet = st.none() | st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map("-".join)
rhythms = st.builds(
    Subscription,
    email=st.just("reader@example.com"),
    regions=st.just(("320200",)),
    every=st.sampled_from(get_args(Cadence)),
    at=clocks,
    days=st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple),
    timezone=st.sampled_from(ZONES),
    quiet=quiet,
    skip_holidays=st.booleans(),
)
timed = rhythms.filter(lambda one: one.every != "immediate")
steps = st.lists(st.integers(1, 3 * 24 * 60), min_size=1, max_size=25)  # minutes between two looks


def gathered(one: Subscription, start: datetime, minutes: list[int]) -> list[datetime]:
    """The due times that looks at these distances find, each from where the last one found any."""
    served, now = start, start
    found: list[datetime] = []
    for step in minutes:
        now += timedelta(minutes=step)
        moments = due_moments(one, served, now)
        served = moments[-1] if moments else served
        found += moments
    return found


@given(timed, st.sampled_from(STARTS), steps)
def test_the_same_due_times_are_found_however_often_one_looks(
    one: Subscription, start: datetime, minutes: list[int]
) -> None:
    end = start + timedelta(minutes=sum(minutes))
    found = gathered(one, start, minutes)
    assert found == list(due_moments(one, start, end))
    assert all(early < late for early, late in pairwise(found))


@given(timed, st.sampled_from(STARTS))
@example(
    Subscription("a@b", every="daily", at="01:45", timezone="Australia/Lord_Howe"), datetime(2026, 4, 1, tzinfo=UTC)
)
@example(Subscription("a@b", every="daily", at="02:30", timezone="Europe/Berlin"), datetime(2026, 3, 25, tzinfo=UTC))
@example(Subscription("a@b", every="daily", at="02:30", timezone="Europe/Berlin"), datetime(2026, 10, 20, tzinfo=UTC))
@example(Subscription("a@b", every="daily", at="00:00", timezone="America/New_York"), datetime(2028, 2, 20, tzinfo=UTC))
@example(
    Subscription("a@b", every="weekly", days=(1,), at="23:59"), datetime(2028, 2, 20, tzinfo=UTC)
)  # the 29th is one
def test_every_day_of_the_rhythm_has_one_due_time_at_its_hour(one: Subscription, start: datetime) -> None:
    """An hour that the clocks skip comes as late as they jump; one that they repeat counts once."""
    zone = ZoneInfo(one.timezone)
    end = start + 20 * DAY
    clock = time.fromisoformat(one.at)
    found = Counter(moment.astimezone(zone).date() for moment in due_moments(one, start, end))
    for moment in due_moments(one, start, end):
        local = moment.astimezone(zone)
        late = datetime.combine(local.date(), local.time()) - datetime.combine(local.date(), clock)
        assert timedelta() <= late % DAY <= HOUR
    first, last = start.astimezone(zone).date() + DAY, end.astimezone(zone).date() - DAY
    days = [first + number * DAY for number in range((last - first).days)]
    assert {day: found[day] for day in days if is_real(day, zone)} == {
        day: int(is_chosen(one, day)) for day in days if is_real(day, zone)
    }


def is_real(day: date, zone: ZoneInfo) -> bool:
    """Not the 30 December 2011 of Samoa, nor the day on which its digest then came."""
    noon = datetime.combine(day, time(12), zone)
    return all(one.astimezone(UTC).astimezone(zone).date() == one.date() for one in (noon, noon - DAY))


def is_chosen(one: Subscription, day: date) -> bool:
    """Whether a digest belongs to that day, counted backwards: its own turn, or one that a holiday before it put off."""
    if not one.skip_holidays:
        return one.every == "daily" or day.weekday() in one.days
    if is_holiday(day):
        return False
    turns = [day]
    while is_holiday(turns[-1] - DAY):
        turns.append(turns[-1] - DAY)
    return one.every == "daily" or any(turn.weekday() in one.days for turn in turns)


@given(timed, st.sampled_from(STARTS))
def test_the_next_due_time_is_the_one_that_comes(one: Subscription, now: datetime) -> None:
    coming = next_due(one, now)
    assert coming is not None
    assert due_moments(one, now, coming) == (coming,)
    assert due_moments(one, now, coming - timedelta(seconds=1)) == ()


@given(rhythms.filter(lambda one: one.every == "immediate"), st.sampled_from(STARTS), st.integers(0, 20 * 24 * 60))
def test_what_is_immediate_waits_for_the_end_of_quiet_hours_and_holidays(
    one: Subscription, start: datetime, minutes: int
) -> None:
    now = start + timedelta(minutes=minutes)
    day = now.astimezone(ZoneInfo(one.timezone)).date()
    rests = bool(one.quiet and is_quiet(now, one.quiet, one.timezone)) or (one.skip_holidays and is_holiday(day))
    assert due_moments(one, start, now) == (() if rests else (now,))
    awake = read_hours(one.quiet)[1] if one.quiet else time()
    mornings = [datetime.combine(day + number * DAY, awake, ZoneInfo(one.timezone)) for number in range(1, 14)]
    assert any(due_moments(one, start, moment) for moment in mornings)


class Judged:
    """Each article tells one target of its own."""

    version = "test"

    def judge(self, article: Article) -> Judgement:
        said = Evidence(0, len(article.text), article.text)
        fact = Quantity("target", article.title, "ge", Decimal(12), said, unit="家", region=WUXI)
        return Judgement(targets=(fact,))


THINGS = (
    "中试平台",
    "低空航线",
    "智能工厂",
    "加氢站点",
    "人才公寓",
    "数据中心",
    "养老机构",
    "文化场馆",
    "充电设施",
    "试验基地",
)


class Service:
    """The service as its clock has it: it looks, sleeps, is told facts, and notes what every digest brought."""

    def __init__(self, store: Store, wanted: Subscription, now: datetime) -> None:
        self.store, self.now, self.built, self.told = store, now, list[Digest](), 0
        with delivery.writing(store) as session:
            self.id = delivery.add_subscription(session, wanted, now).id

    @property
    def one(self) -> Subscription:
        with delivery.reading(self.store) as session:
            return next(one for one in delivery.list_subscriptions(session) if one.id == self.id)

    def tell(self) -> None:
        name = THINGS[self.told % len(THINGS)]
        self.told += 1
        article = Article(name, f"全市将建成{name}12家。", published=self.now.date().isoformat())
        ingest(article, key=name, store=self.store, judge=Judged(), page_hash=None, now=self.now)

    def look(self) -> tuple[Digest, ...]:
        digests = outbox.queue_due(self.store, EDITION, MAIL, self.now)
        self.built += digests
        return digests

    def received(self) -> Counter[str]:
        return Counter(item.fact.name for digest in self.built for item in digest.items)


@contextmanager
def running(wanted: Subscription, now: datetime) -> Iterator[Service]:
    with Store.open("sqlite://") as store:
        yield Service(store, wanted, now)


events = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 20 * 60)),  # minutes
        st.tuples(st.just("tell"), st.none()),
        st.tuples(st.just("asleep"), st.integers(60, 80)),  # hours
        st.tuples(st.just("rhythm"), rhythms),  # with the time zone
        st.tuples(st.just("filter"), st.booleans()),  # one that lets all of it through as well
        st.tuples(st.just("clock"), st.integers(-180, 180)),  # minutes that the clock is set forward or back
        st.tuples(st.just("wrong"), st.integers(300, 4000)),  # days in the future that the clock shows for one look
    ),
    max_size=16,
)


@given(rhythms, st.sampled_from(STARTS), events)
def test_whatever_happens_each_fact_is_told_once(
    wanted: Subscription, start: datetime, happening: list[tuple[str, object]]
) -> None:
    with running(wanted, start) as service:
        for what, how in (*happening, ("tell", None)):
            happen(service, what, how)
            service.look()
        for _ in range(25):  # the longest holiday, and a week
            service.now += 19 * HOUR + timedelta(minutes=7)
            service.look()
        told = set(THINGS[: service.told])
        assert service.received() == Counter(dict.fromkeys(told, 1))


def happen(service: Service, what: str, how: object) -> None:
    if what == "wait":
        service.now += timedelta(minutes=int(str(how)))
    elif what == "asleep":
        service.now += timedelta(hours=int(str(how)))
    elif what == "clock":
        service.now = max(service.now + timedelta(minutes=int(str(how))), service.one.created)
    elif what == "wrong":
        right, service.now = service.now, service.now + timedelta(days=int(str(how)))
        service.look()
        service.now = right
    elif what == "tell" and service.told < len(THINGS):
        service.tell()
    elif what == "filter":
        with delivery.writing(service.store) as session:
            one = next(one for one in delivery.list_subscriptions(session) if one.id == service.id)
            preferences.change(session, one, replace(one, exact=bool(how)), service.now)
    elif what == "rhythm":
        assert isinstance(how, Subscription)
        with delivery.writing(service.store) as session:
            one = next(one for one in delivery.list_subscriptions(session) if one.id == service.id)
            rhythm = {name: getattr(how, name) for name in one.rhythm}
            preferences.change(session, one, replace(one, **rhythm), service.now)


@settings(max_examples=20)  # a store of its own for each
@given(timed, st.sampled_from(STARTS), st.integers(60, 80))
def test_a_machine_that_slept_three_days_sends_one_digest_that_says_so(
    wanted: Subscription, start: datetime, hours: int
) -> None:
    with running(wanted, start) as service:
        service.tell()
        service.now += timedelta(hours=hours)
        missed = due_moments(service.one, start, service.now)
        service.tell()  # read before digests are built again: it is of the gap as well
        digests = service.look()
        assert len(digests) == bool(missed)
        assert [digest.merged for digest in digests] == [len(missed) - 1] * len(digests)
        assert [len(digest.items) for digest in digests] == [2] * len(digests)
        assert service.look() == ()
        coming = next_due(service.one, service.now)
        assert coming is not None
        service.tell()
        service.now = coming
        assert [(digest.merged, len(digest.items)) for digest in service.look()] == [(0, 1 if digests else 3)]


@settings(max_examples=20)
@given(timed, timed, st.sampled_from(STARTS), st.integers(1, 5 * 24 * 60))
def test_a_changed_rhythm_begins_with_its_next_due_time(
    wanted: Subscription, other: Subscription, start: datetime, minutes: int
) -> None:
    """Not with one that lies before the change."""
    with running(wanted, start) as service:
        service.now += timedelta(minutes=minutes)
        service.look()
        happen(service, "rhythm", other)
        service.tell()
        if service.one.rhythm != wanted.rhythm:
            assert service.look() == ()
        coming = next_due(service.one, service.now)
        assert coming is not None
        service.now = coming
        assert [len(digest.items) for digest in service.look()] == [1]
