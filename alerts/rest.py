"""Days and hours at which nobody is to be written to: Chinese public holidays, quiet hours.

Holidays are what the State Council has announced for a year, weekends that touch them included; for a year that is not
announced yet those of the law. A Saturday that is worked in exchange is no holiday.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)


def is_holiday(day: date) -> bool:
    """Whether China is on holiday that day; an ordinary weekend is none."""
    return _is_free(day) and (_is_named(day) or _touches(day, -DAY) or _touches(day, DAY))


def first_working(day: date) -> date:
    """That day, or the first after the holiday it lies in."""
    while is_holiday(day):
        day += DAY
    return day


def read_hours(quiet: str) -> tuple[time, time]:
    """22:00-07:30. Raises ValueError."""
    begin, end = (datetime.strptime(part.strip(), "%H:%M").time() for part in quiet.split("-"))  # noqa: DTZ007  # times of day
    if begin == end:
        raise ValueError("no hours between them")
    return begin, end


def is_quiet(moment: datetime, quiet: str, timezone: str) -> bool:
    """Whether the moment lies in the quiet hours of that place; they may span midnight."""
    begin, end = read_hours(quiet)
    clock = moment.astimezone(ZoneInfo(timezone)).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def _touches(day: date, step: timedelta) -> bool:
    """Whether free days lead from that day to a holiday."""
    while _is_free(day):
        if _is_named(day):
            return True
        day += step
    return False


def _is_free(day: date) -> bool:
    return _is_named(day) or (day.weekday() >= 5 and day not in _china().weekend_workdays)


def _is_named(day: date) -> bool:
    return day in _china()


@cache
def _china() -> "HolidayBase":
    # Imported when asked for: most readers have no need of it.
    from holidays import country_holidays

    return country_holidays("CN")
