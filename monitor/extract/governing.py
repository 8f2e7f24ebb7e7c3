"""Which expression of time governs a number: the nearest before it in its sentence, paragraph, section, or the title."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.extract.assertion import CLAUSE, Clause
from monitor.extract.deadlines import Published, Time, find_times
from monitor.extract.layout import Line
from monitor.extract.quantities import Amount

REACH = 2000  # characters back in a paragraph
SAME_CLAUSE, SAME_SENTENCE, SAME_PARAGRAPH, HEADING, SECTION = 1.0, 0.8, 0.5, 0.8, 0.5
# 首期10亿元今年6月到位, 2026年9月交付: a month by which something is there, not the day of an event.
THERE = re.compile(r"[前底]?(?:全部|正式|实现|建成)?(?:到位|交付|投产|投用|竣工|开工|完工|建成|完成|启用|开通|通车)")
FIVE_YEARS = re.compile(r"第十([二三四五六七八])个五年")
YEARS_OF_ACTION = re.compile(r"([一二两三四五六])年(?:行动|攻坚|计划|实施|提升|倍增)")


@dataclass(frozen=True, slots=True)
class Governing:
    time: Time | None
    weight: float  # how near it stands, 0 to 1
    yearly: bool


def governing_time(
    text: str, line: Line, times: Sequence[Time], amount: Amount, clause: Clause, section: Time | None
) -> Governing:
    """The governing time; the days of events and the years compared with govern nothing outside their clause."""
    begun = max(0, amount.start - REACH)
    sentence, half = (max(text.rfind(mark, begun, amount.start) for mark in marks) for marks in ("。！？!?", "；;"))
    first, last = (bisect_left(times, place, key=lambda time: time.start) for place in (begun, amount.start))
    before = [time for time in times[first:last] if time.role != "base"]
    yearly = any(
        time.role == "yearly"
        and time.end > max(sentence, half)
        and (time.start >= clause.start or CLAUSE.search(text, max(0, time.start - 1), time.start) or not time.start)
        for time in before
    )
    for time in reversed(before):
        if time.role == "yearly":
            continue
        if time.start >= clause.start:
            return Governing(time, SAME_CLAUSE, yearly)
        if sentence < time.end:
            return Governing(time, SAME_SENTENCE, yearly)
        if time.role in ("due", "period"):
            return Governing(time, SAME_PARAGRAPH, yearly)
    ahead = times[last] if last < len(times) and times[last].start < clause.end else None
    if ahead is not None and ahead.last and THERE.match(text, ahead.end):
        return Governing(ahead._replace(role="due"), SAME_CLAUSE, yearly)
    if ahead is not None and ahead.role in ("due", "period"):
        return Governing(ahead, SAME_CLAUSE, yearly)  # 首期12万平方米2027年交付
    if section is not None:
        return Governing(section, SECTION, yearly)
    heading = next((frame.time for frame in reversed(line.frames) if frame.time is not None), None)
    return Governing(heading, HEADING if heading else 0.0, yearly)


def title_time(title: str, published: Published | None) -> Time | None:
    """The period a title gives its document: （2024-2026年）, 2026年政府工作报告, 十五五规划, 三年行动."""
    named = [time for time in find_times(title, published) if time.last and time.role in ("due", "period")]
    if named:
        return named[-1]
    if found := FIVE_YEARS.search(title):
        final = 2005 + 5 * "零一二三四五六七八".index(found[1])
        return Time(found.start(), found.end(), "period", date(final - 4, 1, 1), date(final, 12, 31), form="plan")
    found = YEARS_OF_ACTION.search(title)
    if found and published:
        years = "一二三四五六".find(found[1].replace("两", "二"))
        last = date(published.last.year + years, 12, 31)
        return Time(found.start(), found.end(), "period", published.first, last, form="span")
    return None
