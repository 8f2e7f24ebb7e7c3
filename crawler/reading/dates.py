"""Dates as Chinese pages print them become ISO 8601 strings of the precision given; naive times are Beijing time.

Refuses what is not a calendar date, what lies before 1990, and what lies in the future by more than an hour: a deadline
or a footer's counter is not the day of publication. A year is never invented from nothing: 01-08 14:05 takes the latest
year that is not in the future.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

BEIJING = timezone(timedelta(hours=8))
EARLIEST = 1990
LEEWAY = timedelta(hours=1)  # clocks differ; anything later is a date that a page announces

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TIME = r"(?:[\sT日,，-]{0,6}(?P<hour>[01]?\d|2[0-3])\s?[:：时点]\s?(?P<minute>[0-5]\d)(?:\s?[:：分]\s?(?P<second>[0-5]\d)(?:\.\d{1,9})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
_TAIL = rf"(?!\d)\s{{0,3}}日?{_TIME}"
# In the order tried at one place: 2024-03-11, 2024年3月11日; 2019 09/07; 20240311; 21 | 2024年02月; 03-11-2024.
SHAPES = (
    re.compile(
        rf"(?<!\d){_YEAR}\s{{0,3}}(?:[-/.年‐-―]|&nbsp;)\s{{0,3}}(?P<month>\d{{1,2}})\s{{0,3}}[-/.月‐-―]\s{{0,3}}(?P<day>\d{{1,2}}){_TAIL}"
    ),
    re.compile(rf"(?<!\d){_YEAR}\s{{1,3}}(?P<month>\d{{1,2}})\s?[-/.月]\s?(?P<day>\d{{1,2}}){_TAIL}"),
    re.compile(rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d){_TIME}"),
    re.compile(
        rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)(?!\d)"
    ),
    re.compile(
        rf"(?<![\d:：])(?P<day>\d{{1,2}})\s{{0,3}}[|｜/\n]\s{{0,3}}{_YEAR}\s?[-/.年]\s?(?P<month>\d{{1,2}})(?!\d|\s?[-/.月]\s?\d)"
    ),
    re.compile(rf"(?<!\d)(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})-{_YEAR}(?!\d|-){_TIME}"),
    # A box of large and small print, alone on its line: 03 2026-11, 2026-11 03, 11-03 2026.
    re.compile(
        rf"(?m)^[ \t]{{0,3}}(?P<day>\d{{1,2}})[ \t]{{1,3}}{_YEAR}\s?[-/.年]\s?(?P<month>\d{{1,2}})月?[ \t]{{0,3}}$"
    ),
    re.compile(
        rf"(?m)^[ \t]{{0,3}}{_YEAR}\s?[-/.年]\s?(?P<month>\d{{1,2}})月?\s{{1,3}}(?P<day>\d{{1,2}})日?[ \t]{{0,3}}$"
    ),
    re.compile(rf"(?m)^[ \t]{{0,3}}(?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?\s{{1,3}}{_YEAR}年?[ \t]{{0,3}}$"),
)
YEAR_MONTH = re.compile(rf"(?<!\d){_YEAR}\s?[-/.年]\s?(?P<month>\d{{1,2}})(?!\d|\s?[-/.月]\s?\d)月?")
MONTH_DAY = re.compile(rf"(?<![\d.年/-])(?P<month>\d{{1,2}})\s?[-/月]\s?(?P<day>\d{{1,2}})(?![\d.%/-]){_TIME}")
CLOCK = re.compile(r"(?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])")
DAYS_BACK = {"刚刚": 0, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
NAMED_DAY = re.compile(
    rf"(?P<name>{'|'.join(DAYS_BACK)})\s{{0,3}}(?:(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d))?"
)
AGO = re.compile(
    r"(?<!\d)(?P<count>\d{1,4}|半)\s{0,3}个?(?P<unit>秒|分钟|小时|天|日|周|星期|月|年)(?:钟)?\s{0,3}(?:之?前)"
)
SECONDS = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400, "日": 86400, "周": 604800, "星期": 604800}
EPOCH = re.compile(r"\s{0,9}(\d{10}|\d{13})\s{0,9}")
DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "Ｏ": "0",
}
WRITTEN = re.compile(
    r"(?P<year>[一二][〇○Ｏ零一二三四五六七八九]{3})\s?年\s?(?P<month>元|[一二三四五六七八九十]{1,2})\s?月(?:\s?(?P<day>[一二三四五六七八九十]{1,3})\s?日)?"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with its place in the text it was found in."""

    iso: str
    start: int
    end: int


def read_date(text: str, *, now: datetime) -> str | None:
    """Read the first date of a short text: a list row's, a meta tag's, a feed's; `now` (aware) places yearless ones."""
    stripped = text[:500].strip()
    if not stripped:
        return None
    if epoch := EPOCH.fullmatch(stripped):
        return _epoch(epoch[1], now)
    found = next(find_dates(stripped, now=now), None)
    if found:
        return found.iso
    return _mail_date(stripped, now) or _relative(stripped, now) or _partial(stripped, now)


def find_dates(text: str, *, now: datetime) -> Iterator[Dated]:
    """Find full dates (year, month, day) in the order of the text."""
    places = [(found.start(), order, found) for order, shape in enumerate(SHAPES) for found in shape.finditer(text)]
    places += [(found.start(), len(SHAPES), found) for found in WRITTEN.finditer(text) if found["day"]]
    position = 0
    for start, _, found in sorted(places, key=lambda place: place[:2]):
        if start >= position and (iso := _iso(found, now)):
            position = found.end()
            yield Dated(iso, start, found.end())


def finer(first: str, second: str | None) -> str:
    """The one of two dates of the same day that also says the time; else the first."""
    return second if second and second[:10] == first[:10] and len(second) > len(first) else first


def _iso(found: re.Match[str], now: datetime) -> str | None:
    parts = found.groupdict()
    if not parts["year"].isdigit():
        return _written(parts)
    return _build(int(parts["year"]), parts, now)


def _build(year: int, parts: dict[str, str | None], now: datetime) -> str | None:
    """Compose a date, with its time where one was printed; None for what no calendar holds or the future."""
    clock = parts.get("hour") is not None
    try:
        moment = datetime(
            year,
            int(parts["month"] or 0),
            int(parts["day"] or 0),
            int(parts.get("hour") or 0),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=_zone(parts.get("zone")),
        )
    except (ValueError, OverflowError):
        return None
    if year < EARLIEST or moment > now + LEEWAY:
        return None
    return moment.isoformat() if clock else moment.date().isoformat()


def _zone(text: str | None) -> timezone:
    if not text:
        return BEIJING
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _written(parts: dict[str, str | None]) -> str | None:
    """二〇二四年三月十一日, or with only its month: years are spelt digit by digit, months and days as numbers."""
    year = int("".join(DIGITS[character] for character in parts["year"] or ""))
    month = 1 if parts["month"] == "元" else _small(parts["month"] or "")
    try:
        day = datetime(year, month, _small(parts["day"]) if parts["day"] else 1, tzinfo=BEIJING).date()
    except ValueError:
        return None
    return day.isoformat() if parts["day"] else day.isoformat()[:7]


def _small(text: str) -> int:
    """十一 is 11, 二十 20, 三十一 31."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(DIGITS.get(character, "0") for character in text))
    return 10 * int(DIGITS.get(tens, "1")) + int(DIGITS.get(ones, "0"))


def _epoch(digits: str, now: datetime) -> str | None:
    moment = datetime.fromtimestamp(int(digits) / (1000 if len(digits) == 13 else 1), BEIJING)
    if moment.year < EARLIEST or moment > now + LEEWAY:
        return None
    return moment.replace(microsecond=0).isoformat()


def _mail_date(text: str, now: datetime) -> str | None:
    """The form of RSS: Mon, 11 Mar 2024 10:00:00 +0800."""
    if not text[0].isascii():
        return None
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
        late = aware > now + LEEWAY
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None if late or aware.year < EARLIEST else aware.isoformat()


def _relative(text: str, now: datetime) -> str | None:
    """3小时前, 昨天 14:05, 半天前: to the minute where the page counts minutes or hours, else to the day."""
    local = now.astimezone(BEIJING)
    if found := AGO.search(text):
        return _ago(found, local)
    if found := NAMED_DAY.search(text):
        day = (local - timedelta(days=DAYS_BACK[found["name"]])).date()
        if not found["hour"]:
            return day.isoformat()
        return datetime(
            day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), tzinfo=BEIJING
        ).isoformat()
    return None


def _ago(found: re.Match[str], local: datetime) -> str | None:
    count = 0.5 if found["count"] == "半" else float(found["count"])
    unit = found["unit"]
    if unit in ("月", "年"):  # too coarse to name a day
        moment = local - timedelta(days=count * (30 if unit == "月" else 365))
        return moment.strftime("%Y-%m" if unit == "月" else "%Y")
    moment = local - timedelta(seconds=count * SECONDS[unit])
    return moment.date().isoformat() if SECONDS[unit] >= 86400 else moment.replace(second=0, microsecond=0).isoformat()


def _partial(text: str, now: datetime) -> str | None:
    """A month without a day, a day without a year, a clock without a day."""
    local = now.astimezone(BEIJING)
    if found := YEAR_MONTH.search(text):
        month = int(found["month"])
        stamp = f"{found['year']}-{month:02}"
        return (
            stamp if 1 <= month <= 12 and int(found["year"]) >= EARLIEST and stamp <= local.strftime("%Y-%m") else None
        )
    if found := WRITTEN.search(text):
        return _written(found.groupdict())
    if found := MONTH_DAY.search(text):
        parts = found.groupdict()
        return _build(local.year, parts, now) or _build(local.year - 1, parts, now)
    if found := CLOCK.fullmatch(text):
        today = found.groupdict() | {"month": str(local.month), "day": str(local.day)}
        return _build(local.year, today, now)
    return None
