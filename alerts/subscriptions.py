"""What a subscription may ask for and when it is due."""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email

from alerts.channels import through_apprise
from alerts.recipients import channel_address, kind_of
from alerts.rest import first_working, is_holiday, is_quiet, read_hours
from monitor.errors import MonitorError
from monitor.store.delivery import Subscription, Wanted

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = "一二三四五六日"
WORD = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]|([^\s\"“”„]+)")
SAYING = re.compile(r"\w")  # a word holds at least one letter, character or digit
LONGEST_HOLIDAY = timedelta(days=14)  # twelve days were announced for 2020; beyond it a due time would be forgotten
LONGEST_GAP = timedelta(days=400)  # a service that slept longer has forgotten nothing, but counts no further


class SubscriptionError(MonitorError):
    """A subscription that cannot be kept as asked."""


class EverythingError(SubscriptionError):
    """One that would let everything through."""


def checked_address(email: str) -> str:
    """The address of any channel in its normal form; nothing is looked up. Raises AddressError or SubscriptionError."""
    if kind_of(email.strip()) == "apprise":
        through_apprise.check(email.strip())
    if ":" in email:
        return channel_address(email)
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise SubscriptionError(f"{email}: {error}") from None
    if address.ascii_email is None:
        raise SubscriptionError(f"{email}: the part before @ must be ASCII; most mail servers refuse anything else")
    return address.normalized


def check_filter(wanted: Wanted, known_themes: Collection[str]) -> None:
    """A filter that lets everything through is refused: nobody reads such a digest twice."""
    if wanted.regions or wanted.must:
        return
    if not wanted.themes:
        raise EverythingError(
            "name at least one theme (--theme), one region (--region) or one word (--must): this would match everything"
        )
    if set(wanted.themes).issuperset(known_themes):
        raise EverythingError("these are all themes there are, which matches everything: name fewer, or a region too")


def read_words(entries: Iterable[str]) -> tuple[str, ...]:
    """The words of `低空 "具身 智能"`: blanks part them, quotes keep them together. Raises SubscriptionError for what is none."""
    words = [found[1] or found[2] for entry in entries for found in WORD.finditer(entry)]
    for word in words:
        if not SAYING.search(word):
            raise SubscriptionError(f"{word!r}: write a word that can be looked for")
    return tuple(dict.fromkeys(" ".join(word.split()) for word in words))


def read_days(days: str) -> tuple[int, ...]:
    """mon,thu or 一,四 as days of the week, Monday is 0. Raises SubscriptionError."""
    names = [name.strip().lower().removeprefix("周") for name in re.split("[,，、]", days)]
    numbers = {name: number for calendar in (DAYS, WEEKDAYS) for number, name in enumerate(calendar)} | {"天": 6}
    for name in names:
        if name not in numbers:
            raise SubscriptionError(f"--days {days}: write days of the week such as mon,thu")
    return tuple(sorted({numbers[name] for name in names}))


def check_quiet(quiet: str) -> None:
    """Raises SubscriptionError unless these are hours such as 22:00-07:30."""
    try:
        read_hours(quiet)
    except ValueError:
        raise SubscriptionError(f"--quiet {quiet}: write from when to when, such as 22:00-07:30") from None


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


def beginning_of(day: date, timezone: str) -> datetime:
    """The moment from which on mail comes again when it is paused until that day."""
    return datetime.combine(day, time(), ZoneInfo(timezone))


def next_due(subscription: Subscription, now: datetime) -> datetime | None:
    """The first due time after `now`; None for an immediate digest, which waits for news and not for a time."""
    if subscription.every == "immediate":
        return None
    # A week and the longest holiday, after which what was put off is due.
    return due_moments(subscription, now, now + timedelta(days=7) + LONGEST_HOLIDAY)[0]


def due_moments(subscription: Subscription, after: datetime, now: datetime) -> tuple[datetime, ...]:
    """Due times later than `after` and not later than `now`, oldest first, those of the last LONGEST_GAP.

    Daily: at its time of day. Weekly: on its days at that time. What falls on a holiday that is skipped is due at the same
    time on the day after. Immediate: now, unless in quiet hours or on such a holiday.
    """
    zone = ZoneInfo(subscription.timezone)
    if subscription.every == "immediate":
        return () if _rests(subscription, now) else (now,)
    at = time.fromisoformat(subscription.at)
    first = (max(after, now - LONGEST_GAP).astimezone(zone) - LONGEST_HOLIDAY).date()
    span = (now.astimezone(zone).date() - first).days
    days = (first + timedelta(days=number) for number in range(span + 1))
    chosen = [day for day in days if subscription.every == "daily" or day.weekday() in subscription.days]
    kept = {first_working(day) for day in chosen} if subscription.skip_holidays else set(chosen)
    # The wall clock first, UTC second: a day is not always 24 hours, and an hour that comes twice counts once.
    moments = {datetime.combine(day, at, zone).astimezone(UTC) for day in kept}
    return tuple(sorted(moment for moment in moments if max(after, now - LONGEST_GAP) < moment <= now))


def _rests(subscription: Subscription, now: datetime) -> bool:
    """Whether what is immediate has to wait."""
    if subscription.quiet and is_quiet(now, subscription.quiet, subscription.timezone):
        return True
    return subscription.skip_holidays and is_holiday(now.astimezone(ZoneInfo(subscription.timezone)).date())
