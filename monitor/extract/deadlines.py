"""Finds expressions of time in a folded text and resolves them against the publication date, never against the clock.

Each becomes the period it names with its last day; what a date does in its sentence (the day of a meeting, the year
compared with, the start of something) is told apart, because only some of them say by when a target is due.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from monitor.extract.numerals import read_numeral

Role = Literal["due", "period", "event", "base", "start", "now", "yearly"]

FIGURE_YEAR = r"(?:19|20)[0-9]{2}"
HAN_YEAR = r"[一二][九〇零○][〇零○一二三四五六七八九]{2}"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:[12][0-9]|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
DASH = r"(?:[-—–~～]{1,2}|至|到)"
PART = (
    rf"(?:{MONTH}月?{DASH}{MONTH}月份?|{MONTH}月(?:{DAY}日|底|末|初|份|[上中下]旬)?|上半年|下半年"
    r"|第?[一二三四1-4]季度|前[一二三123]个?季度|[前头][0-9一二两三四五六七八九十]{1,2}个月|年?[底末]|年?初|年中|岁末|内(?![外需部陆])|之内|以内)"
)
# The first and the second character of any expression of time: searched first, because the alternatives behind them are many.
BEGUN = re.compile(
    '[0-9一二两三四五六七八九十“"今本当去上客前明来后用在经通再未接往新力争全整年岁下第月每逐截头到目眼现迄至过]'
    "(?:[〇零○一二两三四五六七八九十年月季岁内底末半均今来后未接下往过去用争取的世目前已至到—–~～-]"
    # Most figures are no time: 2026 may begin a year, 12 only before 年, 月, 个月 or a range of them.
    "|[0-9](?:(?<=19|20)(?=[0-9]{2})|(?=[0-9一二两三四五六七八九十]?[年月个至到—–~～-])))"
)
TIME = re.compile(
    rf"(?:(?P<from>{FIGURE_YEAR}|{HAN_YEAR})年?{DASH}(?P<to>{FIGURE_YEAR}|{HAN_YEAR})年"
    rf"|(?P<year>{FIGURE_YEAR}|{HAN_YEAR})年度?(?P<part>{PART})?"
    rf"|(?P<headed>{FIGURE_YEAR})(?=怎么|怎样|这样|如何|看点|目标|任务|打算)"
    rf"|[“\"]?十(?P<plan>[二三四五六七八])五[”\"]?(?:规划|计划)?(?P<stage>期末|末期|末|开局之年|开局年|收官之年|收官)?"
    rf"|(?P<said>今年|本年度|本年|当年|去年|上年|客岁|前年|明年|来年|后年|新的?一年|过去的?这?一年)度?(?P<saidpart>{PART})?"
    rf"|(?:用|在|经过|通过|再用)?(?P<ahead>未来|今后|接下来的?|往后)(?P<span>[0-9]{{1,2}}|[一二两三四五六七八九十])(?:{DASH}(?P<spanto>[0-9]{{1,2}}|[一二三四五六七八九十]))?年"
    rf"|(?:用|力争|争取|经过|通过|再用|在)(?P<take>[0-9]{{1,2}}|[一二两三四五六七八九十])(?:{DASH}(?P<taketo>[0-9]{{1,2}}|[一二三四五六七八九十]))?年(?:左右)?(?:的?(?:时间|努力)|之内|以内|内|左右)"
    rf"|(?P<within>[0-9]{{1,2}}|[一二两三四五六七八九十])年(?:(?:左右)?(?:之内|以内|内|后)|(?=(?:新增|新建|筹建|组建|带动|落地|招引|转化|建设|培育|引进|投入|实施|完成|改造|建成|攻克|突破|翻番|翻[一两]番|倍增|培养|培训|开放|打造|孵化|集聚|治理|淘汰|推广|更新|选派|遴选|整治|处置|盘活|腾退|供应|再(?=[新增造建治投引培添])..)(?!了|以来|[一-龥]{{0,3}}(?:行动|计划)))(?<![近续去前后来上第满每]..)(?<![近续去前后来上第满每].))"
    rf"|(?P<bare>全年(?!(?:目标|任务|计划)(?:任务)?的[0-9])|整年|年内|年[底末]|岁末|上半年|下半年|下半[场程](?=目标|任务|怎么|打法|看点|计划|安排|冲刺)|第?[一二三四]季度|前[一二三]季度|[前头][0-9一二两三四五六七八九十]{{1,2}}个月|月底|本月底"
    rf"|(?:[0-9]{{1,2}}|十[一二]?|[一二三四五六七八九])月?{DASH}{MONTH}月份?|(?:[0-9]{{1,2}}|十[一二]?|[一二三四五六七八九])月(?:{DAY}日|底|末|初|份|[上中下]旬)?)"
    r"|(?P<yearly>每一?年度?|逐年|年均(?=实施|新增|新建|引进|招引|引育|培育|培养|培训|推动|完成|建设|开展|组织|举办|支持|投入|安排|遴选|发布|转化|落地|认定))|(?P<century>本世纪中叶)"
    r"|(?P<now>截至目前|到目前为止|目前|眼下|现已|迄今|至今(?!年)))"
)
UNTIL = re.compile(r"截[至止]到?$")
SIDE = re.compile(r"^(?:之?前|止|之间|期间|时)")
STARTING = re.compile(r"^(?:以来|起|开始|开启|底?启动)")
BEGINNING = re.compile(r"启动|开启|开始")
# Words before a year that make it the one compared with: 较2022年下降, 比上年增长, 由2022年的2个.
COMPARED = re.compile(r"(?:较之?|比|相比|同比|与|同|相较于?|以|超过?|由|从|自|原定于?|原计划)$")
TOWARD = re.compile(r"(?:截至|截止到?|到了?|至|在|于|力争|确保|争取)$")
# What such words end in, and what SIDE, STARTING, BASIS and SAME_TIME begin with: asked first, because most times stand without any.
LEADING = frozenset("较之比同与于以超过由从自至止到了在争保取划定\n")
FOLLOWING = frozenset("之前止期时以起开底启的同水基")
TIE = re.compile(r"(?:截至|截止到?|到|至|在|于|自|从|由|较|比|与|以|超过?)$")
PUBLISHED = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
COMPARED_NOW = re.compile(r"的[0-9.两三四五六七八九十]{1,5}[倍成]")  # 增至目前的3倍
COMPARING = re.compile(r"的(?:[0-9一二两三四五六七八九十百]|近)|同期|底?(?:增长|下降|提高|提升|减少|降低)[0-9]")
BASIS = re.compile(r"的[0-9.两三四五六七八九十]{1,5}倍|同期|水平|的?基础上")
SAME_TIME = re.compile(r"同期(?:增长|下降|增|为|是|完)")  # 去年同期增长6.5%
ONE_DAY = re.compile(r"[日号]$")
ONE_MONTH = re.compile(r"月(?:初|份|[上中下]旬)?$")
SEVERAL = re.compile(DASH)
LIMIT = frozenset("底末内")
MONTHS = re.compile(rf"({MONTH})月?{DASH}({MONTH})月")
MONTH_AND_DAY = re.compile(rf"({MONTH})月(?:({DAY})日)?")
QUARTER = re.compile(r"第?([一二三四1-4])季度")
FIRST_ONES = re.compile(r"[前头]([0-9一二两三四五六七八九十]{1,2})个?(季度|月)")
# 前7个月, 1—7月: months gone by, which belong to no year to come.
ELAPSED = re.compile(rf"[前头]|.{{1,3}}月?{DASH}")
# 一、2025年工作回顾: 全年 in the lines below is of that year.
HEADING = re.compile(r"^[一二三四五六七八九十]{1,2}、(?=[^。；\n]{2,40}$)(?:(?P<year>20[0-9]{2})年)?", re.MULTILINE)
YEAREND = 11  # from November on the new year is the next
SHIFT = {
    "今年": 0,
    "本年度": 0,
    "本年": 0,
    "当年": 0,
    "去年": -1,
    "上年": -1,
    "客岁": -1,
    "前年": -2,
    "明年": 1,
    "来年": 1,
    "后年": 2,
}


class Time(NamedTuple):
    """A period `first` to `last` named at `text[start:end]`; `own_year` is False where the year came from elsewhere."""

    start: int
    end: int
    role: Role
    first: date | None = None
    last: date | None = None
    own_year: bool = True
    marked: bool = False  # 到, 前, 底, 内: said as a limit
    form: str = "year"  # year, part, month, day, range, plan, span

    @property
    def deadline(self) -> str | None:
        return self.last.isoformat() if self.last else None


@dataclass(frozen=True, slots=True)
class Published:
    """The publication date as precisely as it is known: a day, a month or a year."""

    first: date
    last: date


def read_published(written: str | None) -> Published | None:
    """Read an ISO date, date-time, month or year; None where there is none or it cannot be read."""
    found = PUBLISHED.match(written or "")
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = first if day else _last(first.year, month or 12)
    except ValueError:
        return None
    return Published(first, last)


def find_times(text: str, published: Published | None) -> Iterator[Time]:
    """Yield the time expressions of a text from left to right. A month or season without a year takes the year last
    named in its paragraph, else that of the publication."""
    named: int | None = None
    line_end = -1
    headings = _past_headings(text, published)
    for found in _expressions(text):
        if found.start() > line_end:
            while len(headings) > 1 and headings[1][0] < found.start():
                headings.pop(0)
            named, line_end = headings[0][1], text.find("\n", found.start())
            line_end = len(text) if line_end < 0 else line_end
        time = _read(text, found, published, named)
        if time is None:
            continue
        if time.own_year and time.last and time.role in ("due", "period") and time.form in ("year", "part"):
            named = time.last.year
        yield time


def _past_headings(text: str, published: Published | None) -> list[tuple[int, int | None]]:
    """Where the main headings stand, each with the year gone by whose results it announces: 一、2025年工作回顾."""
    found: list[tuple[int, int | None]] = [(-1, None)]
    if published is not None and "一、" in text:
        for heading in HEADING.finditer(text):
            past = int(heading["year"]) if heading["year"] and int(heading["year"]) < published.first.year else None
            found.append((heading.start(), past))
    return found


def _expressions(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while begun := BEGUN.search(text, position):
        position = begun.start()
        if found := TIME.match(text, position):
            yield found
        position = found.end() if found else position + 1


def widened(text: str, time: Time) -> tuple[int, int]:
    """The span with the words that only tie it to its sentence: 到…, 较…, …前, …止."""
    start, end = time.start, time.end
    tie = TIE.search(text, max(0, start - 3), start) if time.role != "yearly" else None  # 占比|每年提高0.1
    if tie:
        start = tie.start()
    if side := SIDE.match(text[end : end + 3]):
        end += side.end()
    return start, end


def _read(text: str, found: re.Match[str], published: Published | None, named: int | None) -> Time | None:
    start, end = found.span()
    if (
        start
        and (text[start - 1].isdigit() or text[start - 1] == "第" or (text[start - 1] == "." and text[start].isdigit()))
        and not found["said"]
    ):
        return None
    if found["now"]:
        # 增至目前的3倍, 由目前的80家增至120家 compare with today and do not report of it.
        compared = COMPARED_NOW.match(text, end, end + 7) or text[start - 1 : start] in ("由", "从", "比", "较")
        return Time(start, end, "base" if compared else "now")
    if found["yearly"]:
        return Time(start, end, "yearly")
    period = _period(found, published, named)
    form = _form(found)
    if period is None:
        return Time(start, end, "period", own_year=False, form=form) if found["said"] or found["bare"] else None
    if found["bare"] and published and period[1] > published.last and UNTIL.search(text, max(0, start - 3), start):
        period = _year_before(period[0]), _year_before(period[1])  # 截至11月末, said in January
    role, marked = _role(text, found, form)
    if role == "start" and published and period[1] >= published.first and BEGINNING.match(text, end):
        role = "period"  # 年内启动片区更新 is to come, 2024年启动 is long ago
    return Time(start, end, role, *period, own_year=not found["bare"], marked=marked, form=form)


def _year_before(day: date) -> date:
    return _last(day.year - 1, day.month) if day == _last(day.year, day.month) else day.replace(year=day.year - 1)


def _period(found: re.Match[str], published: Published | None, named: int | None) -> tuple[date, date] | None:
    if found["from"]:
        first, last = _year(found["from"]), _year(found["to"])
        return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None
    if named_year := found["year"] or found["headed"]:
        return _part(_year(named_year), found["part"])
    if found["plan"]:
        first = 2001 + 5 * _number(found["plan"])
        stage = found["stage"] or ""
        return (date(first, 1, 1), date(first if stage.startswith("开局") else first + 4, 12, 31))
    if found["century"]:
        return date(2050, 1, 1), date(2050, 12, 31)
    if published is None:
        return _part(named, found["bare"]) if named and found["bare"] else None
    here = published.last.year
    if found["said"]:
        # 截至去年底…，当年产值: the year just spoken of.
        year = named if found["said"] == "当年" and named else here + _shift(found["said"], published)
        return _part(year, found["saidpart"])
    if found["bare"]:
        told = ELAPSED.match(found["bare"]) and named is not None and named > here
        return _part(here if told else named or here, found["bare"], published.last.month)
    years = found["spanto"] or found["span"] or found["taketo"] or found["take"] or found["within"]
    return published.first, date(here + int(read_numeral(years) or 0), 12, 31)


def _shift(said: str, published: Published) -> int:
    """Years from that of the publication; 新的一年 is spoken of before it begins, 过去一年 from November on before it ends."""
    ending = int(published.last.month >= YEAREND)
    if said.startswith("新"):
        return ending
    return ending - 1 if said.startswith("过去") else SHIFT[said]


def _form(found: re.Match[str]) -> str:
    part = found["part"] or found["saidpart"] or found["bare"] or ""
    if part and ONE_DAY.search(part):
        return "day"
    if part and ONE_MONTH.search(part) and not SEVERAL.search(part) and part[0] != "前":
        return "month"
    if found["from"]:
        return "range"
    if found["plan"]:
        return "plan"
    if found["ahead"] or found["take"] or found["within"]:
        return "span"
    return "part" if part and part not in ("全年", "整年") else "year"


def _role(text: str, found: re.Match[str], form: str) -> tuple[Role, bool]:
    """What the expression does where it stands, and whether it is said as a limit."""
    start, end = found.span()
    # As long as nothing that matters stands there, it need not be looked at.
    before = text[max(0, start - 3) : start] if text[start - 1 : start] in LEADING else ""
    after = text[end : end + 4] if text[end : end + 1] in FOLLOWING else ""
    part = found["part"] or found["saidpart"] or found["bare"] or ""
    limit = bool(after and SIDE.match(after)) or part[-1:] in LIMIT or bool(found["stage"]) or form == "span"
    toward = bool(before and TOWARD.search(before))
    if (before or after) and (tied := _tied(found, before, after)):
        return tied, False
    if found["said"] == "上年":
        return "base", False
    if form in ("day", "month") and not (limit or toward):
        return "event", False
    return "due" if limit or toward or found["plan"] else "period", limit or toward


def _tied(found: re.Match[str], before: str, after: str) -> Role | None:
    """What the words around it make of an expression, whatever it is: a start, one compared with, a time of results."""
    if STARTING.match(after):
        return "start"
    compared = COMPARED.search(before) is not None
    if not found["from"] and compared and (not after.startswith(("前", "底前")) or COMPARING.match(after)):
        return "base"
    if SAME_TIME.match(after) and not compared:
        return "period"
    return "base" if BASIS.match(after) else None


@lru_cache(maxsize=1000)
def _part(year: int, part: str | None, month_now: int = 12) -> tuple[date, date] | None:
    """The first and last day of a part of a year: 上半年, 前三季度, 1-9月, 6月底, 一季度, 10月28日."""
    if not part:
        return _months(year, 1, 12)
    if found := MONTHS.match(part):
        return _months(year, _number(found[1]), _number(found[2]))
    if found := MONTH_AND_DAY.match(part):
        month, day = _number(found[1]), found[2]
        if day and 1 <= month <= 12 and _number(day) <= monthrange(year, month)[1]:
            return date(year, month, _number(day)), date(year, month, _number(day))
        return _months(year, month, month)
    if found := QUARTER.match(part):
        quarter = _number(found[1])
        return _months(year, 3 * quarter - 2, 3 * quarter)
    if found := FIRST_ONES.match(part):
        return _months(year, 1, _number(found[1]) * (3 if found[2] == "季度" else 1))
    months = {
        "上半年": (1, 6),
        "下半年": (7, 12),
        "下半场": (7, 12),
        "下半程": (7, 12),
        "年初": (1, 1),
        "初": (1, 1),
        "年中": (1, 6),
        "月底": (month_now,) * 2,
        "本月底": (month_now,) * 2,
    }
    return _months(year, *months.get(part, (1, 12)))


def _months(year: int, first: int, last: int) -> tuple[date, date] | None:
    return (date(year, first, 1), _last(year, last)) if 1 <= first <= last <= 12 else None


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _year(written: str) -> int:
    return int(read_numeral(written.replace("○", "零")) or 0)


def _number(written: str) -> int:
    return int(read_numeral(written) or 0)
