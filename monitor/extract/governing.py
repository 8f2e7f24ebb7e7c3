"""Which expression of time governs a number: the nearest before it in its sentence, paragraph, section, or the title."""

import re
from bisect import bisect_left
from datetime import date, timedelta
from typing import NamedTuple

from monitor.extract.assertion import CLAUSE, FINISHED, Clause
from monitor.extract.carried import Carried
from monitor.extract.deadlines import Published, Time, find_times
from monitor.extract.layout import Line
from monitor.extract.quantities import Amount

REACH = 2000  # characters back in a paragraph
SENTENCE, HALF = re.compile("[。！？!?]"), re.compile("[；;]")
SAME_CLAUSE, SAME_SENTENCE, SAME_PARAGRAPH, HEADING, SECTION = 1.0, 0.8, 0.5, 0.8, 0.5
OPENING = 0.6  # 2025年，…。: a time that opens a paragraph dates the results of all its sentences
NEAR_OPENING = 4
# 首期10亿元今年6月到位, 2026年9月交付: a month by which something is there, not the day of an event.
THERE = re.compile(r"[前底]?(?:全部|正式|实现|建成)?(?:到位|交付|投产|投用|竣工|开工|完工|建成|完成|启用|开通|通车)")
LEVEL = re.compile(r"达到?|突破|提高到|提升到|增至|余额|总量|总数|规模(?!工业|以上|企业)")
IN_ALL = re.compile(rf"{LEVEL.pattern}|累计|合计|总计")
REACHED = re.compile(r"[0-9][^，。；]{0,8}[，；]|；")
# 计划三年整治9000亩，其中今年3200亩，新增厂房…: the year of a share is not that of what follows.
AMONG = re.compile(r"[，,；;(（]其中[^，。；0-9]{0,5}$")
DONE_BY = re.compile(r"[，,](?:预计|计划|将|力争|争取|确保|有望|拟|全部)?(?:于|在)?")
# 会后，35个项目集中开工: what is told of the day itself.
EVENT = re.compile(
    r"会[后上][，,]|当[天日场](?![然选])|活动现场|仪式上|现场(?:签约|签订|揭牌|授牌)|集中(?:签约|开工|竣工|揭牌)(?!仪式)"
)
EVENT_REACH = 80  # characters
MOVED_TO = re.compile(r"(?:提前|提早|推迟|延[后迟期长]|顺延|调整)[至到为]$")
# 《…行动方案（2024—2027年）》: a title that leaves out the years of its document.
DOCUMENT = re.compile(r"方案|计划|规划|行动|措施|意见|政策")
TERM = re.compile(r"(?P<kind>方案|计划|规划|纲要|行动|措施|意见)[（(](?P<years>[^（）()\n]{9,16})[）)]")
LEAD, LIKE = 500, 6  # characters of the text looked at; those of the name that the title has to share
BARE_YEAR = re.compile(r"(?<![0-9A-Za-z-])(20[23][0-9])(?=[，,：:！!？?｜|丨 ]|$)")
MIDYEAR = re.compile(r"期中考|年中考|半年(?:报|考|答卷|成绩单|盘点)")
MARCH, JULY, OCTOBER = 3, 7, 10
FIVE_YEARS = re.compile(r"第十([二三四五六七八])个五年")
YEARS_OF_ACTION = re.compile(r"([一二两三四五六])年(?:行动|攻坚|计划|实施|提升|倍增)")


class Governing(NamedTuple):
    time: Time | None
    weight: float  # how near it stands, 0 to 1
    yearly: bool


def governing_time(text: str, line: Line, amount: Amount, clause: Clause, carried: Carried) -> Governing:
    """The governing time; the days of events and the years compared with govern nothing outside their clause."""
    governing = _in_paragraph(text, line, amount, clause)
    if governing.yearly and (
        governing.weight < SAME_SENTENCE or _is_beyond(text, governing.time, clause, amount.start)
    ):
        governing = Governing(None, 0.0, yearly=True)
    if governing.weight < SAME_SENTENCE and not governing.yearly and (event := _event(text, line, clause)):
        return event
    if governing.time is not None:
        return governing
    if carried.told_of is not None:
        return Governing(carried.told_of, OPENING, governing.yearly)
    if carried.section is not None and not governing.yearly:
        return Governing(carried.section, SECTION, yearly=False)
    heading = next((frame.time for frame in reversed(line.frames) if frame.time is not None), None)
    return Governing(heading, HEADING if heading else 0.0, governing.yearly)


def _event(text: str, line: Line, clause: Clause) -> Governing | None:
    """The day itself, where the sentence tells what happened at the meeting or the ceremony."""
    first = max(line.start, clause.start - EVENT_REACH)
    back = SENTENCE.search(text[first : clause.start][::-1])
    found = EVENT.search(text, clause.start - back.start() if back else first, clause.end)
    return Governing(Time(*found.span(), "now", form="event"), SAME_SENTENCE, yearly=False) if found else None


def _is_beyond(text: str, time: Time | None, clause: Clause, start: int) -> bool:
    """到2027年，人才总量达到175万人，每年新增企业200家: what is done each year is not what is reached by then."""
    if time is None or time.form == "range" or time.end >= clause.start or IN_ALL.search(text, clause.start, start):
        return False
    return REACHED.search(text, time.end, clause.start) is not None


def _is_local(text: str, time: Time, half: int, sentence: int) -> bool:
    """Whether a limit said amid a part of a sentence (…，2027年前建成3个；) holds for that part only."""
    if time.role != "due" or half < time.end or text.startswith("到", time.start - 1):
        return False
    if text.startswith(("截至", "截止"), time.start - 2):
        return False
    begun = max(text.rfind("；", sentence + 1, time.start), text.rfind(";", sentence + 1, time.start), sentence)
    return CLAUSE.search(text, begun + 1, time.start) is not None


def _in_paragraph(text: str, line: Line, amount: Amount, clause: Clause) -> Governing:
    times, begun = line.times, max(line.start, amount.start - REACH)
    back = text[begun : amount.start][::-1]
    sentence, half = (amount.start - found.end() if (found := marks.search(back)) else -1 for marks in (SENTENCE, HALF))
    first, last = (bisect_left(times, place, key=lambda time: time.start) for place in (begun, amount.start))
    before = [time for time in times[first:last] if time.role != "base"]
    yearly = any(
        time.role == "yearly"
        and time.end > max(sentence, half)
        and (time.start >= clause.start or CLAUSE.search(text, max(0, time.start - 1), time.start) or not time.start)
        for time in before
    )
    # 由2026年底推迟至2027年6月: the year moved away from says nothing any more.
    ahead = next((time for time in times[last : last + 2] if time.start < clause.end and time.role != "base"), None)
    within = any(time.start >= clause.start for time in before)
    moved = ahead is not None and MOVED_TO.search(text, max(line.start, ahead.start - 4), ahead.start)
    if ahead is not None and ahead.last and (moved or (not within and THERE.match(text, ahead.end))):
        return Governing(ahead._replace(role="due"), SAME_CLAUSE, yearly)
    for time in reversed(before):
        if time.role == "yearly":
            continue
        if time.start >= clause.start:
            return Governing(time, SAME_CLAUSE, yearly)
        if _is_local(text, time, half, sentence) or AMONG.search(text, max(sentence, time.start - 8), time.start):
            continue
        if sentence < time.end:
            return Governing(time, SAME_SENTENCE, yearly)
        if time.role in ("due", "period"):
            return Governing(time, OPENING if time.start - line.body <= NEAR_OPENING else SAME_PARAGRAPH, yearly)
    if ahead is not None and ahead.role in ("due", "period"):
        return Governing(ahead, SAME_CLAUSE, yearly)  # 首期12万平方米2027年交付
    behind = next((time for time in times[last : last + 1] if DONE_BY.fullmatch(text, clause.end, time.start)), None)
    if behind is not None and behind.last and THERE.match(text, behind.end):  # 建设公寓1200套，明年5月交付
        return Governing(behind._replace(role="due"), SAME_CLAUSE, yearly)
    return Governing(None, 0.0, yearly)


def document_time(title: str, text: str, published: Published | None) -> Time | None:
    """The period of the document that an article is or tells of, by its title or where its first lines give it in full."""
    if published and published.first == published.last and (told := _told_at_end(title, published.first)):
        return told
    given = title_time(title, published)
    if (given is not None and given.form == "range") or not DOCUMENT.search(title):
        return given
    found = TERM.search(text, 0, LEAD)
    if found and text[max(0, found.end("kind") - LIKE) : found.end("kind")] in title:
        return next((time for time in find_times(found["years"], published) if time.form == "range"), given)
    return given


def _told_at_end(title: str, today: date) -> Time | None:
    """The time gone by of which a title gives the account: 三年攻坚收官, 工业“期中考”."""
    if (found := MIDYEAR.search(title)) and JULY <= today.month < OCTOBER:
        return Time(*found.span(), "period", date(today.year, 1, 1), date(today.year, 6, 30), form="part")
    if not (found := FINISHED.search(title)):
        return None
    year = today.year - (today.month < MARCH)
    return Time(*found.span(), "period", date(year, 1, 1), min(date(year, 12, 31), today - timedelta(days=1)))


def title_time(title: str, published: Published | None) -> Time | None:
    """The period a title gives its document: （2024-2026年）, 2026年政府工作报告, 十五五规划, 三年行动."""
    named = [time for time in find_times(title, published) if time.last and time.role in ("due", "period")]
    if named:
        return named[-1]
    if bare := BARE_YEAR.search(title):  # 数读梁溪2026
        year = int(bare[1])
        return Time(*bare.span(1), "period", date(year, 1, 1), date(year, 12, 31))
    if found := FIVE_YEARS.search(title):
        final = 2005 + 5 * "零一二三四五六七八".index(found[1])
        return Time(found.start(), found.end(), "period", date(final - 4, 1, 1), date(final, 12, 31), form="plan")
    found = YEARS_OF_ACTION.search(title)
    if found and published:
        years = "一二三四五六".find(found[1].replace("两", "二"))
        last = date(published.last.year + years, 12, 31)
        return Time(found.start(), found.end(), "period", published.first, last, form="span")
    return None
