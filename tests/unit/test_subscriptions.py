"""What a subscription may ask for and when it is due."""

from datetime import UTC, datetime

import pytest

from alerts.subscriptions import SubscriptionError, check_clock, check_filter, checked_address, due_moments
from monitor.store.delivery import Subscription

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
    with pytest.raises(SubscriptionError):
        checked_address(email)


def test_a_filter_that_lets_everything_through_is_refused() -> None:
    with pytest.raises(SubscriptionError, match="everything"):
        check_filter((), ())
    check_filter(("low-altitude",), ())


@pytest.mark.parametrize(
    ("at", "timezone"), [("25:00", "Asia/Shanghai"), ("8.30", "Asia/Shanghai"), ("08:30", "Mars/Base")]
)
def test_a_clock_that_does_not_exist_is_refused(at: str, timezone: str) -> None:
    with pytest.raises(SubscriptionError):
        check_clock(at, timezone)
