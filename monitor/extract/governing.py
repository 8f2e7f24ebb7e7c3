"""Which expression of time governs a number: the nearest before it in its sentence, paragraph, section, or the title."""

import re
from bisect import bisect_left
from datetime import date
from typing import NamedTuple

from monitor.extract.assertion import CLAUSE, Clause
from monitor.extract.carried import Carried
from monitor.extract.deadlines import Published, Time, find_times
from monitor.extract.layout import Line
from monitor.extract.quantities import Amount

REACH = 2000  # characters back in a paragraph
SAME_CLAUSE, SAME_SENTENCE, SAME_PARAGRAPH, HEADING, SECTION = 1.0, 0.8, 0.5, 0.8, 0.5
OPENING = 0.6  # 2025年，…。: a time that opens a paragraph dates the results of all its sentences
NEAR_OPENING = 4
# 首期10亿元今年6月到位, 2026年9月交付: a month by which something is there, not the day of an event.
THERE = re.compile(r"[前底]?(?:全部|正式|实现|建成)?(?:到位|交付|投产|投用|竣工|开工|完工|建成|完成|启用|开通|通车)")
# 《…行动方案（2024—2027年）》: a title that leaves out the years of its document.
DOCUMENT = re.compile(r"方案|计划|规划|行动|措施|意见|政策")
TERM = re.compile(r"(?P<kind>方案|计划|规划|纲要|行动|措施|意见)[（(](?P<years>[^（）()\n]{9,16})[）)]")
LEAD, LIKE = 500, 6  # characters of the text looked at; those of the name that the title has to share
FIVE_YEARS = re.compile(r"第十([二三四五六七八])个五年")
YEARS_OF_ACTION = re.compile(r"([一二两三四五六])年(?:行动|攻坚|计划|实施|提升|倍增)")


class Governing(NamedTuple):
    time: Time | None
    weight: float  # how near it stands, 0 to 1
    yearly: bool


def governing_time(text: str, line: Line, amount: Amount, clause: Clause, carried: Carried) -> Governing:
    """The governing time; the days of events and the years compared with govern nothing outside their clause."""
    governing = _in_paragraph(text, line, amount, clause)
    if governing.yearly and governing.weight < SAME_SENTENCE:
        governing = Governing(None, 0.0, yearly=True)
    if governing.time is not None:
        return governing
    if carried.told_of is not None:
        return Governing(carried.told_of, OPENING, governing.yearly)
    if carried.section is not None and not governing.yearly:
        return Governing(carried.section, SECTION, yearly=False)
    heading = next((frame.time for frame in reversed(line.frames) if frame.time is not None), None)
    return Governing(heading, HEADING if heading else 0.0, governing.yearly)


def _in_paragraph(text: str, line: Line, amount: Amount, clause: Clause) -> Governing:
    times, begun = line.times, max(line.start, amount.start - REACH)
    sentence, half = (max(text.rfind(mark, begun, amount.start) for mark in marks) for marks in ("。！？!?", "；;"))
    first, last = (bisect_left(times, place, key=lambda time: time.start) for place in (begun, amount.start))
    before = [time for time in times[first:last] if time.role != "base"]
    yearly = any(
        time.role == "yearly"
        and time.end > max(sentence, half)
        and (time.start >= clause.start or CLAUSE.search(text, max(0, time.start - 1), time.start) or not time.start)
        for time in before
    )
    ahead = times[last] if last < len(times) and times[last].start < clause.end else None
    within = any(time.start >= clause.start for time in before)
    if not within and ahead is not None and ahead.last and THERE.match(text, ahead.end):
        return Governing(ahead._replace(role="due"), SAME_CLAUSE, yearly)
    for time in reversed(before):
        if time.role == "yearly":
            continue
        if time.start >= clause.start:
            return Governing(time, SAME_CLAUSE, yearly)
        if sentence < time.end:
            return Governing(time, SAME_SENTENCE, yearly)
        if time.role in ("due", "period"):
            return Governing(time, OPENING if time.start - line.body <= NEAR_OPENING else SAME_PARAGRAPH, yearly)
    if ahead is not None and ahead.role in ("due", "period"):
        return Governing(ahead, SAME_CLAUSE, yearly)  # 首期12万平方米2027年交付
    return Governing(None, 0.0, yearly)


def document_time(title: str, text: str, published: Published | None) -> Time | None:
    """The period of the document that an article is or tells of, by its title or where its first lines give it in full."""
    given = title_time(title, published)
    if (given is not None and given.form == "range") or not DOCUMENT.search(title):
        return given
    found = TERM.search(text, 0, LEAD)
    if found and text[max(0, found.end("kind") - LIKE) : found.end("kind")] in title:
        return next((time for time in find_times(found["years"], published) if time.form == "range"), given)
    return given


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
