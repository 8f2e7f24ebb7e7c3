"""What a subscription may ask for and when it is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.rest import is_holiday
from alerts.subscriptions import (
    SubscriptionError,
    check_clock,
    check_filter,
    check_quiet,
    checked_address,
    due_moments,
    read_days,
    read_words,
)
from monitor.errors import MonitorError
from monitor.store.delivery import Subscription, Wanted

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Tuesday


def moments(every: str, after: datetime, at: str = "08:30", timezone: str = "Asia/Shanghai") -> list[str]:
    subscription = Subscription(email="a@example.com", every=every, at=at, timezone=timezone)  # type: ignore[arg-type]
    return [moment.strftime("%m-%d %H:%M") for moment in due_moments(subscription, after, NOON)]


def test_a_daily_digest_is_due_at_its_time_of_day() -> None:
    assert moments("daily", datetime(2026, 11, 23, 12, tzinfo=UTC)) == ["11-24 00:30"]


def test_nothing_is_due_before_its_time() -> None:
    assert moments("daily", datetime(2026, 11, 24, 1, tzinfo=UTC)) == []


def test_missed_days_are_all_named() -> None:
    assert moments("daily", datetime(2026, 11, 21, 12, tzinfo=UTC)) == ["11-22 00:30", "11-23 00:30", "11-24 00:30"]


def test_a_weekly_digest_is_due_on_monday() -> None:
    assert moments("weekly", datetime(2026, 11, 10, 12, tzinfo=UTC)) == ["11-16 00:30", "11-23 00:30"]


def test_an_immediate_digest_is_due_now() -> None:
    assert moments("immediate", datetime(2026, 11, 24, tzinfo=UTC)) == ["11-24 04:00"]


def test_a_time_of_day_keeps_its_wall_clock_over_a_change_of_the_clocks() -> None:
    """Berlin left summer time on 25 October 2026: 08:30 is 06:30 UTC before and 07:30 after."""
    subscription = Subscription(email="a@example.com", every="daily", at="08:30", timezone="Europe/Berlin")
    found = due_moments(subscription, datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC))
    assert [moment.hour for moment in found] == [6, 7, 7]


@pytest.mark.parametrize("email", ["", "nobody", "a@b\nBcc: c@d.example", "张三@example.com", "a b@example.com"])
def test_an_unusable_address_is_refused(email: str) -> None:
    with pytest.raises(MonitorError):
        checked_address(email)


THEMES = ("low", "talent")


@pytest.mark.parametrize(
    "asked", [{}, {"weight": 0.9}, {"kinds": ("result",)}, {"without": ("招聘",)}, {"themes": THEMES}]
)
def test_a_filter_that_lets_everything_through_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(SubscriptionError, match="everything"):
        check_filter(Wanted("a@example.com", **asked), THEMES)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", [{"themes": ("low",)}, {"must": ("氢",)}, {"themes": THEMES, "regions": ("320200",)}])
def test_a_filter_that_keeps_something_out_is_taken(asked: dict[str, object]) -> None:
    check_filter(Wanted("a@example.com", **asked), THEMES)  # type: ignore[arg-type]


def test_words_are_parted_by_blanks_unless_quotes_keep_them_together() -> None:
    assert read_words(["低空  氢能", '"具身 智能" AI', "“脑机  接口”", "AI"]) == (
        "低空",
        "氢能",
        "具身 智能",
        "AI",
        "脑机 接口",
    )
    assert read_words([""]) == ()
    with pytest.raises(SubscriptionError, match="looked for"):
        read_words(["低空 ，"])


def test_days_of_the_week_are_read_in_both_languages_and_put_in_order() -> None:
    assert read_days("thu, mon") == read_days("周四、周一") == read_days("四,一") == (0, 3)
    assert read_days("sun") == read_days("周天") == (6,)
    for wrong in ("", "someday", "mon,,tue"):
        with pytest.raises(SubscriptionError, match="--days"):
            read_days(wrong)


@pytest.mark.parametrize("quiet", ["22:00", "22-7", "22:00-25:00", "22:00-22:00", "22:00-23:00-24:00"])
def test_hours_that_are_none_are_refused(quiet: str) -> None:
    with pytest.raises(SubscriptionError, match="--quiet"):
        check_quiet(quiet)


def test_an_immediate_digest_waits_for_the_end_of_the_quiet_hours() -> None:
    """They are those of the reader's clock, and may span midnight."""
    night = Subscription(email="a@example.com", every="immediate", quiet="22:00-07:30")
    for hour, minute, due in ((13, 59, True), (14, 0, False), (23, 29, False), (23, 30, True)):
        now = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        assert due_moments(night, now, now) == ((now,) if due else ())


def test_what_a_holiday_puts_off_is_due_on_the_day_after() -> None:
    """The National Day of 2026 is kept from 1 to 7 October; Saturday the 10th is worked in exchange and is no holiday."""
    weekly = Subscription(email="a@example.com", every="weekly", days=(0, 3, 5), skip_holidays=True)
    found = due_moments(weekly, datetime(2026, 9, 29, tzinfo=UTC), datetime(2026, 10, 11, tzinfo=UTC))
    assert [moment.strftime("%m-%d") for moment in found] == ["10-08", "10-10"]
    daily = replace(weekly, every="daily")
    found = due_moments(daily, datetime(2026, 9, 30, tzinfo=UTC), datetime(2026, 10, 9, 12, tzinfo=UTC))
    assert [moment.strftime("%m-%d") for moment in found] == ["09-30", "10-08", "10-09"]


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 2, 15), True),  # the Sunday with which the Spring Festival begins
        (date(2026, 2, 23), True),
        (date(2026, 2, 14), False),  # a Saturday that is worked
        (date(2026, 11, 22), False),  # a Sunday like others
        (date(2027, 2, 8), True),  # whatever is announced for a year, the law knows these
        (date(2031, 10, 1), True),
    ],
)
def test_holidays_are_those_of_the_law_and_of_what_is_announced(day: date, holiday: bool) -> None:
    assert is_holiday(day) is holiday


def test_an_hour_that_the_clocks_repeat_counts_once() -> None:
    """Asked for at the second half past two of the night, when the first was served."""
    night = Subscription(email="a@example.com", every="daily", at="02:30", timezone="Europe/Berlin")
    served = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert due_moments(night, served, served + timedelta(hours=1, minutes=5)) == ()


@pytest.mark.parametrize(
    ("at", "timezone"), [("25:00", "Asia/Shanghai"), ("8.30", "Asia/Shanghai"), ("08:30", "Mars/Base")]
)
def test_a_clock_that_does_not_exist_is_refused(at: str, timezone: str) -> None:
    with pytest.raises(SubscriptionError):
        check_clock(at, timezone)
