"""What a subscription may ask for and when it is due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email

from monitor.errors import MonitorError
from monitor.store.delivery import Subscription


class SubscriptionError(MonitorError):
    """A subscription that cannot be kept as asked."""


def checked_address(email: str) -> str:
    """The address in its normal form. Its domain is not looked up. Raises SubscriptionError."""
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise SubscriptionError(f"{email}: {error}") from None
    if address.ascii_email is None:
        raise SubscriptionError(f"{email}: the part before @ must be ASCII; most mail servers refuse anything else")
    return address.normalized


def check_filter(themes: Sequence[str], regions: Sequence[str]) -> None:
    """A filter that lets everything through is refused: nobody reads such a digest twice."""
    if not themes and not regions:
        raise SubscriptionError(
            "name at least one theme (--theme) or one region (--region): this would match everything"
        )


def check_clock(at: str, timezone: str) -> None:
    """Raises SubscriptionError unless `at` is HH:MM and `timezone` an IANA name."""
    try:
        datetime.strptime(at, "%H:%M")  # noqa: DTZ007  # a time of day
    except ValueError:
        raise SubscriptionError(f"--at {at}: write a time of day such as 08:30") from None
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SubscriptionError(f"--timezone {timezone}: write an IANA name such as Asia/Shanghai") from None


def next_due(subscription: Subscription, now: datetime) -> datetime | None:
    """The first due time after `now`; None for an immediate digest, which waits for news and not for a time."""
    if subscription.every == "immediate":
        return None
    return due_moments(subscription, now, now + timedelta(days=8))[0]


def due_moments(subscription: Subscription, after: datetime, now: datetime) -> tuple[datetime, ...]:
    """Due times later than `after` and not later than `now`, oldest first, at most 400.

    Daily: at its time of day. Weekly: on Mondays at that time. Immediate: now.
    """
    if subscription.every == "immediate":
        return (now,)
    zone = ZoneInfo(subscription.timezone)
    hour, minute = (int(part) for part in subscription.at.split(":"))
    local = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    step = timedelta(days=1)
    if subscription.every == "weekly":
        local -= timedelta(days=local.weekday())
        step = timedelta(weeks=1)
    found: list[datetime] = []
    while len(found) < 400:
        # Wall clock arithmetic first, UTC second: a day is not always 24 hours.
        moment = local.astimezone(UTC)
        if moment <= after:
            break
        if moment <= now:
            found.append(moment)
        local -= step
    return tuple(reversed(found))
