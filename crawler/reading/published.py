"""The day or moment of publication: what the page prints for its readers before what a template stamps into its metas.

Refuses to guess: None where nothing says it; a deadline or the day of a signature is no publication while better is known.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from crawler.reading.body import Body
from crawler.reading.dates import Dated, find_dates, finer, read_date
from crawler.reading.surroundings import Runs, Surroundings, spaced
from crawler.reading.tree import Line

STAMP = 160  # characters: a longer line with a date is a sentence that mentions a day
DATE_METAS = (
    "pubdate", "firstpublishedtime", "article:published_time", "og:time", "publishdate", "og:release_date", "datepublished", "weibo:article:create_at",
    "apub:time", "_pubtime", "publish-time", "publish_time", "release_date", "date", "dateupdate",  "datemodified", "dcterms.created",
)  # fmt: skip
# What scripts and attributes call the moment of publication, printed or counted in seconds or milliseconds.
SCRIPT_DATES = (
    re.compile(r"\bct\s?=\s?[\"'](\d{10})[\"']"),
    re.compile(
        r"(?:date_?published|pub_?date|publish(?:ed)?[-_]?(?:time|date|at)|pub_?time)[\"']?\s?[:=]\s?[\"']?((?<=[\"'])[^\"'<>]{8,35}(?=[\"'])|\d{10}(?:\d{3})?(?!\d))",
        re.IGNORECASE,
    ),
    re.compile(r"<time\b[^<>]{0,200}?\bdatetime=[\"']([^\"'<>]{8,35})[\"']", re.IGNORECASE),
)
# A stamp that leaves out the year: 11-03 08:15, 发布时间：11月3日
YEARLESS = re.compile(
    r"(?:(?:发布|发表)?(?:时间|日期)\s?[:：]\s{0,3})?(\d{1,2}\s?[-/月]\s?\d{1,2}日?(?:\s{1,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?)"
)
LABEL_DATE = re.compile(
    r"(?:发布|發布|發佈|发表|公开|发稿|上网|上传|刊发|上线|推送|刊登)\s?(?:日期|时间|時間)|发(?:表|布)于|发文\s?(?:日期|时间)|(?<![\u4e00-\u9fff])(?:日\s?期|时\s?间)\s?[:：]"
)
OTHER_DATE = re.compile(
    r"(?:成文|生成|修改|截止|截稿|失效|废止|生效|实施|施行|印发|签发|登记|注册|建站|开始|结束|活动|会议|报名)(?:日期|时间)[:：\s]{0,3}$|(?:截止|截至|延至|回复)[:：\s]{0,3}$"
)
# 26-01-08 09:30 after a label: the century is left out.
SHORT_YEAR = re.compile(r"\s{0,3}[:：]?\s{0,3}(\d\d)-(\d\d?-\d\d?(?:\s\d\d:\d\d)?)")
# The day that a content system writes into an address; never a month or a year alone.
ADDRESS_DAY = re.compile(
    r"/(20\d\d)[-/](\d\d?)[-/](\d\d?)/|/(20\d\d)(\d\d)/?(\d\d)/|/(20\d\d)[-/](\d\d)(\d\d)/|/t(20\d\d)(\d\d)(\d\d)_|_(20\d\d)(\d\d)(\d\d)[_.]"
)


def read_published(around: Surroundings, *, url: str | None, listed: str | None) -> str | None:
    """Read when the page was published; `listed` is what a list row said, which the page and its address overrule."""
    return (
        _stated(around)
        or _url_date(url, around.now)
        or listed
        or _yearless(around.head, around.now)
        or _signed(around.body, around.now)
    )


def first_stamp(text: str, now: datetime) -> Dated | None:
    """The first date that stands in a stamp, not in a sentence that mentions a day."""
    return next((found for found in find_dates(text, now=now) if _stands_alone(text, found)), None)


def _stated(around: Surroundings) -> str | None:
    metas, now = around.metas, around.now
    stamped = next((day for name in DATE_METAS if (day := read_date(metas.get(name, ""), now=now))), None)
    printed = _printed(around.head, now)
    if printed:
        return finer(printed, stamped)
    return stamped or _scripted(around.source, now) or _tail_date(around.tail, now)


def _scripted(source: str, now: datetime) -> str | None:
    for pattern in SCRIPT_DATES:
        found = pattern.search(source)
        if found and (day := read_date(found[1], now=now)):
            return day
    return None


def _tail_date(tail: Sequence[Line], now: datetime) -> str | None:
    return _labelled("\n".join(line.text for line in tail), now)


def _printed(head: Runs, now: datetime) -> str | None:
    """The labelled date of the head, else its first."""
    text = spaced(head)
    labelled = _labelled(text, now)
    if labelled:
        return labelled
    dates = (
        dated
        for dated in find_dates(text, now=now)
        if not OTHER_DATE.search(text[max(0, dated.start - 12) : dated.start])
    )
    found = next(dates, None)
    return found.iso if found and _stands_alone(text, found) else None


def _yearless(head: Runs, now: datetime) -> str | None:
    """A day without its year, where an element of the head says nothing else: of the latest such day that is over."""
    pieces = (piece for run in head for line in run if not line.hidden for piece in line.pieces)
    found = next((stamp for piece in pieces if (stamp := YEARLESS.fullmatch(piece))), None)
    return read_date(found[1], now=now) if found else None


def _stands_alone(text: str, dated: Dated) -> bool:
    start = text.rfind("\n", 0, dated.start) + 1
    end = text.find("\n", dated.end)
    return len(text[start : end if end >= 0 else None]) <= STAMP


def _labelled(text: str, now: datetime) -> str | None:
    for label in LABEL_DATE.finditer(text):
        window = text[label.end() : label.end() + 60]
        found = next(find_dates(window, now=now), None)
        if found and found.start <= 12:
            return found.iso
        short = SHORT_YEAR.match(window)
        if short and (day := read_date(f"20{short[1]}-{short[2]}", now=now)):
            return day
    return None


def _url_date(url: str | None, now: datetime) -> str | None:
    days = ("-".join(part for part in found.groups() if part) for found in ADDRESS_DAY.finditer(url or ""))
    return next((day for stamp in days if (day := read_date(stamp, now=now))), None)


def _signed(body: Body, now: datetime) -> str | None:
    """The day under a document's signature, when nothing else dates it."""
    last = body.text.rsplit("\n", 4)[1:]
    return next(
        (day for line in reversed(last) if len(line) <= 20 and (day := read_date(line, now=now)) and len(day) >= 10),
        None,
    )
