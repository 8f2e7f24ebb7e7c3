"""Title, day, publisher and author of a page, from its metas, its head (the lines between title and text) and its tail.

The order in which places are asked is the order in which they were right on real pages: what the page prints for its
readers before what a template stamps into its metas. Refuses to guess: None where nothing says it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.reading.body import Body, is_stamp
from crawler.reading.dates import Dated, find_dates, finer, read_date
from crawler.reading.tree import SHORT, Element, Line, Sheet, text_of, tidy

HEAD_BEFORE = 8  # lines above the title that may hold date and source
HEAD_NEAR = 4
HEAD_BLIND = 25  # lines above the text looked at where no line is the title
MEANINGFUL = 12  # characters: a shorter <title> that no line of the page repeats names the site
TAIL = 15  # lines below the text that may name date and source

TITLE_METAS = ("articletitle", "dc.title", "title_article")
DATE_METAS = (
    "pubdate", "firstpublishedtime", "article:published_time", "og:time", "publishdate", "og:release_date", "datepublished", "weibo:article:create_at",
    "apub:time", "_pubtime", "publish-time", "publish_time", "release_date", "date", "dateupdate",  "datemodified", "dcterms.created",
)  # fmt: skip
SOURCE_METAS = ("contentsource", "source", "mediaid", "article:source")
SITE_METAS = ("sitename", "og:site_name", "application-name")
SCRIPT_DATES = (
    re.compile(r"\bct\s?=\s?[\"'](\d{10})[\"']"),
    re.compile(
        r"[\"'](?:datePublished|pubDate|publishTime|publish_time|publishDate)[\"']\s?:\s?[\"']([^\"']{8,35})[\"']"
    ),
)
NICKNAME = re.compile(r"\bnickname\s?=\s?(?:htmlDecode\()?[\"']([^\"'<>]{1,40})[\"']")

LABEL_DATE = re.compile(
    r"(?:发布|发表|公开|发稿|上网|上传|刊发|上线|推送|刊登)\s?(?:日期|时间)|发(?:表|布)于|发文\s?(?:日期|时间)|(?<![\u4e00-\u9fff])(?:日\s?期|时\s?间)\s?[:：]"
)
OTHER_DATE = re.compile(
    r"(?:成文|生成|修改|截止|截稿|失效|废止|生效|实施|施行|印发|签发|登记|注册|建站|开始|结束|活动|会议|报名)(?:日期|时间)[:：\s]{0,3}$|(?:截止|截至|延至|回复)[:：\s]{0,3}$"
)
LABEL_SOURCE = re.compile(
    r"(?<![\u4e00-\u9fff])(?:稿件|文章|信息|新闻|内容|本文|资料|消息|转载)?\s?(?:来\s?源|出\s?处|稿\s?源)(?:\s?[:：]\s{0,4}|\s?于\s?[:：]\s{0,4}|\s{1,2})([^\n|｜\t]{1,60})"
)
TAIL_SOURCE = re.compile(r"(?:来源|稿源|出处)\s?[:：]\s{0,4}([^\n|｜\t。]{1,60})")
STOPS = re.compile(
    r"\s{0,2}(?:(?:责任|本文)?编辑|责编|作者|撰文|记者\s?[:：]|(?:发布|发表|更新|公开)?(?:时间|日期)|发布|字体|字号|浏览|阅读|点击|访问|分享|打印|收藏|评论|我要|查看|关闭|【|\[\s?(?:字|大|打|关)|[(（]\s?(?:大|字)|<|扫|\d{4}\s?[-年/.]|类型|分类|关键|视力|保护|小\s中|大\s中|摄影|文号|索引|/|https?:)"
)
AUTHOR = re.compile(
    r"(?<![\u4e00-\u9fff])(?:作\s?者|撰文|撰稿|文|记者|通讯员)(?:\s?[:：]\s{0,3}|(?<=记者)\s{1,2})([\u4e00-\u9fffA-Za-z·•.、，,/\s]{2,40})"
)
BYLINE = re.compile(
    r"(?:本报|本网|特约|首席|见习|实习)?记者\s{1,2}((?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]\s[\u4e00-\u9fff])(?:[\s、]{1,2}[\u4e00-\u9fff]{2,4}){0,3})(?=\s?(?:[)）报]|$))"
)
PERSONS = re.compile(r"[、，,/\s]{1,3}")
PERSON = re.compile(r"[\u4e00-\u9fff]{1,4}(?:[·•.][\u4e00-\u9fff]{1,8}){0,3}|[A-Za-z.]{1,20}|(?:本报|本网)?评论员")
NOBODY = re.compile(r"网络|整理|佚名|未知|不详|本站|管理|编辑|记者|原创|来源|匿名")
CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
SUFFIX = re.compile(r"\s{0,3}[_|｜]\s{0,3}|\s{1,3}[-—–－]{1,2}\s{1,3}|-{2,3}|[—–－]{2}|\s?-\s?(?=[^-]{2,16}$)")
SPLIT = re.compile(r"[\s|｜·•/]{1,5}")
HAN = re.compile(r"[\u4e00-\u9fff]{2}")
NOT_IN_NAMES = re.compile(r"[:：，。！？、“”>»《]")
# Words that begin a label or a button, and the names of sections, which are no publisher's.
NOT_NAMES = re.compile(
    r"(?:首页|更多|登录|注册|分享|收藏|评论|打印|来源|作者|编辑|发布|时间|日期|原创|转载|关注|阅读|浏览|点击|字号|字体|返回|栏目|当前|举报|手机|扫|复制|转发|参与|查看|回复|我要|责任|星期|周[一二三四五六日]|上午|下午|来自|显示|只看|点赞|纠错|第\S{1,3}版)"
    r"|(?:正文|要闻|新闻|资讯|头条|时政|导航|微信|微博|空间|社会|财经|科技|国内|国际|视频|图片|专题|客户端|本站|网络|中国|跟贴|企鹅号|优质|教育|文化|体育|娱乐|经济|地方|综合|动态|纪检|\S{0,8}时间|\S{0,8}(?:动态|公告|频道|栏目|要闻))$"
)
SOURCE_HINT = re.compile(
    r"(?:^|[\s_-])(?:source|src|from|laiyuan|ly|media|origin|js_name|publisher|author-?name|account)(?:$|[\s_-])|source|laiyuan",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What surrounds the text: `title` is None when the page shows none."""

    title: str | None
    published: str | None
    publisher: str | None
    author: str | None


def read_facts(
    sheet: Sheet, body: Body, source: str, *, title: str | None, published: str | None, url: str | None, now: datetime
) -> Facts:
    """Read what a page says of its article; `title` and `published` are what a list said, `source` the page's markup."""
    metas = _metas(sheet.root)
    headline, place = _title(sheet, body, metas, title)
    head = _head(sheet.lines, place, body.first)
    tail = sheet.lines[body.last : body.last + TAIL]
    day = _published(head, tail, metas, source, now=now) or _url_date(url, now) or published or _signed(body, now)
    return Facts(
        headline, day, _publisher(sheet, head, tail, body, metas, source, headline, now), _author(head, tail, body)
    )


def _metas(root: Element) -> dict[str, str]:
    """Contents of meta tags by lower-cased name, the first that says something."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = tidy(meta.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    return metas


# --- title -------------------------------------------------------------------------------------------------------


def _title(sheet: Sheet, body: Body, metas: dict[str, str], listed: str | None) -> tuple[str | None, int | None]:
    """The headline and the line that prints it."""
    named = next((metas[name] for name in TITLE_METAS if len(metas.get(name, "")) >= 2), None)
    document = _document_title(sheet.root)
    if named:
        return named, _place(sheet.lines, named, body)
    for candidates in (_headings(sheet, body), _above(sheet, body)):
        within = [place for place in candidates if _contains(document, sheet.lines[place].text)]
        if within:
            place = max(
                within,
                key=lambda place: (
                    len(_squeeze(sheet.lines[place].text)),
                    place <= body.first,
                    -abs(body.first - place),
                ),
            )
            return _whole(sheet.lines, place, document), place
    over = _over_stamp(sheet, body)
    if over is not None and len(_without_suffix(document)) < MEANINGFUL and "og:title" not in metas:
        return sheet.lines[over].text, over
    chosen = _stated(document, metas, listed) or _lone_heading(sheet, body) or listed
    return chosen, _place(sheet.lines, chosen, body) if chosen else None


def _whole(lines: list[Line], place: int, document: str) -> str:
    """A headline set over several lines, put together while <title> holds the whole."""
    whole = lines[place].text
    for step in (-1, 1):
        for near in range(place + step, place + 4 * step, step):
            if not 0 <= near < len(lines) or _squeeze(lines[near].text) in _squeeze(whole):
                break
            longer = lines[near].text + whole if step < 0 else whole + lines[near].text
            if _squeeze(longer) not in _squeeze(document):
                break
            whole = longer
    return whole


def _document_title(root: Element) -> str:
    element = root.find(".//title")
    return text_of(element) if element is not None else ""


def _headings(sheet: Sheet, body: Body) -> list[int]:
    limit = body.first + max(3, (body.last - body.first) // 4)
    return [place for place, line in enumerate(sheet.lines[:limit]) if line.level and not line.hidden]


def _above(sheet: Sheet, body: Body) -> list[int]:
    return [
        place for place, line in enumerate(sheet.lines[: body.first + 2]) if len(line.text) >= 6 and not line.hidden
    ]


def _contains(document: str, text: str) -> bool:
    """Whether <title> holds the line, and the line is more than the site's or the section's name in it."""
    whole, part = _squeeze(document), _squeeze(text)
    if len(part) < 4 or part not in whole:
        return False
    return whole.startswith(part) or len(part) * 2 > len(whole) or len(part) >= 12


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _place(lines: list[Line], title: str, body: Body) -> int | None:
    """The line nearest above the text that prints the title."""
    wanted = _squeeze(title)
    limit = min(len(lines), body.first + 3)
    return next((place for place in range(limit - 1, -1, -1) if wanted and wanted in _squeeze(lines[place].text)), None)


def _stated(document: str, metas: dict[str, str], listed: str | None) -> str | None:
    """og:title unless it was cut, else <title> without the site's name, unless the list says more."""
    social = metas.get("og:title") or metas.get("twitter:title")
    short = _without_suffix(document)
    if listed and _squeeze(short) and _squeeze(short) in _squeeze(listed):
        return listed
    if social and len(social) >= 4 and not short.startswith(social + '"'):
        return _without_suffix(social)
    return short or None


def _without_suffix(document: str) -> str:
    """<title> less what follows its last separators: the site's name, the section's."""
    pieces = SUFFIX.split(document)
    if len(pieces) == 1:
        return document
    first = pieces[0].strip()
    return first if len(first) >= 6 else max((piece.strip() for piece in pieces), key=len)


def _lone_heading(sheet: Sheet, body: Body) -> str | None:
    """The heading nearest above the text, where <title> says nothing."""
    for place in reversed(_headings(sheet, body)):
        line = sheet.lines[place]
        if len(line.text) >= 6 and not line.noise and line.links * 2 <= len(line.text):
            return line.text
    return None


def _over_stamp(sheet: Sheet, body: Body) -> int | None:
    """The line above the date and source line, where headlines stand."""
    for place in range(body.first - 1, max(0, body.first - HEAD_BEFORE), -1):
        above = sheet.lines[place - 1]
        if (
            is_stamp(sheet.lines[place].text)
            and len(above.text) >= 8
            and not above.noise
            and not above.links
            and not is_stamp(above.text)
        ):
            return place - 1
    return None


def _head(lines: list[Line], place: int | None, first: int) -> list[Line]:
    """The lines that may hold date and source, likeliest first: below the title, then upward from it; without a title
    upward from the text."""
    if place is None or place > first:
        return _nearest(lines, max(0, first - HEAD_BLIND), first)
    return lines[place:first] + _nearest(lines, max(0, place - HEAD_BEFORE), place)


def _nearest(lines: list[Line], start: int, end: int) -> list[Line]:
    """The last few lines of a run first: a date may be split over them, so their order is kept."""
    turn = max(start, end - HEAD_NEAR)
    return lines[turn:end] + lines[start:turn]


# --- day ---------------------------------------------------------------------------------------------------------


def _published(head: list[Line], tail: list[Line], metas: dict[str, str], source: str, *, now: datetime) -> str | None:
    stamped = next((day for name in DATE_METAS if (day := read_date(metas.get(name, ""), now=now))), None)
    printed = _printed(head, now)
    if printed:
        return finer(printed, stamped)
    if stamped:
        return stamped
    for pattern in SCRIPT_DATES:
        found = pattern.search(source)
        if found and (day := read_date(found[1], now=now)):
            return day
    return _labelled("\n".join(line.text for line in tail), now)


def _printed(head: list[Line], now: datetime) -> str | None:
    """The labelled date of the head, else its first."""
    text = "\n".join(" ".join(line.pieces) or line.text for line in head if not line.hidden)
    labelled = _labelled(text, now)
    if labelled:
        return labelled
    found = next(
        (
            dated
            for dated in find_dates(text, now=now)
            if not OTHER_DATE.search(text[max(0, dated.start - 12) : dated.start])
        ),
        None,
    )
    return found.iso if found and _stands_alone(text, found) else None


def _stands_alone(text: str, dated: Dated) -> bool:
    """Whether the date's line is a stamp and not a sentence that mentions a day."""
    start = text.rfind("\n", 0, dated.start) + 1
    end = text.find("\n", dated.end)
    return len(text[start : end if end >= 0 else None]) <= 160


def _labelled(text: str, now: datetime) -> str | None:
    for label in LABEL_DATE.finditer(text):
        window = text[label.end() : label.end() + 60]
        found = next(find_dates(window, now=now), None)
        if found and found.start <= 12:
            return found.iso
        short = re.match(r"\s{0,3}[:：]?\s{0,3}(\d\d)-(\d\d?-\d\d?(?:\s\d\d:\d\d)?)", window)
        if short and (day := read_date(f"20{short[1]}-{short[2]}", now=now)):
            return day
    return None


def _url_date(url: str | None, now: datetime) -> str | None:
    """The day that a content system writes into an address; never a month or a year alone."""
    found = re.search(
        r"/(20\d\d)[-/]?(\d\d?)[-/]?(\d\d?)/|/t(20\d\d)(\d\d)(\d\d)_|_(20\d\d)(\d\d)(\d\d)[_.]", url or ""
    )
    return read_date("-".join(part for part in found.groups() if part), now=now) if found else None


def _signed(body: Body, now: datetime) -> str | None:
    """The day under a document's signature, when nothing else dates it."""
    last = body.text.rsplit("\n", 4)[1:]
    return next(
        (day for line in reversed(last) if len(line) <= 20 and (day := read_date(line, now=now)) and len(day) >= 10),
        None,
    )


# --- publisher and author ----------------------------------------------------------------------------------------


def _publisher(
    sheet: Sheet,
    head: list[Line],
    tail: list[Line],
    body: Body,
    metas: dict[str, str],
    source: str,
    title: str | None,
    now: datetime,
) -> str | None:
    """The credited source, else the account or site that published."""
    above = "\n".join(line.text for line in head if not line.hidden)
    last = body.text[-400:] + "\n" + "\n".join(line.text for line in tail)
    below = (name for found in TAIL_SOURCE.finditer(last) if (name := _name(found[1])))
    labelled = next((name for found in LABEL_SOURCE.finditer(above) if (name := _name(found[1]))), None)
    if labelled:
        return labelled
    named = next((name for key in SOURCE_METAS if (name := _name(metas.get(key, "")))), None)
    if named:
        return named
    nickname = NICKNAME.search(source)
    channel = (
        nickname[1]
        if nickname
        else next((metas[key] for key in SITE_METAS if key in metas), None) or _site(_document_title(sheet.root))
    )
    return next(below, None) or _hinted(sheet, body) or _beside(head, title, now) or channel


def _name(value: str) -> str | None:
    """A publisher's name out of what follows its label; None for blanks, labels and addresses."""
    value = STOPS.split(value, maxsplit=1)[0].strip(" \t:：,，;；。-—|()（）]】\u3000")
    words = value.split(" ")
    if len(words) > 1 and re.search(r"[\u4e00-\u9fff]{2}", words[0]):
        value = words[0]
    return value if 2 <= len(value) <= 40 and re.search(r"[\w]", value) and not value.isdigit() else None


def _hinted(sheet: Sheet, body: Body) -> str | None:
    """The short text of an element that the template calls source, above the text."""
    for element in sheet.root.iter("span", "a", "p", "div", "em", "strong", "li", "td"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element is body.block.element:
            return None
        if len(names) > 1 and SOURCE_HINT.search(names[:200]) and len(element) <= 3:
            text = text_of(element)
            if (
                len(text) <= 30
                and not CLOCK.search(text)
                and HAN.search(text)
                and (name := _name(re.sub(r"^\S{0,4}来源\s?[:：]", "", text)))
                and not NOT_NAMES.match(name)
            ):
                return name
    return None


def _beside(head: list[Line], title: str | None, now: datetime) -> str | None:
    """The bare name that stands beside the date: after it, on the same line before it, or on the line above."""
    pieces = [piece for line in head if not line.hidden for piece in (line.pieces or (line.text[:SHORT],))]
    text = "\n".join(pieces)
    dated = next((found for found in find_dates(text, now=now) if _stands_alone(text, found)), None)
    if dated is None:
        return None
    after = text[dated.end : dated.end + 60].split("\n")[:5]
    before = text[max(0, dated.start - 40) : dated.start].split("\n")[-2:]
    for name in _bare_names([*after, *reversed(before)]):
        if not title or _squeeze(name) not in _squeeze(title):
            return name
    return None


def _bare_names(near: list[str]) -> Iterator[str]:
    for line in near:
        for word in SPLIT.split(CLOCK.sub(" ", line)):
            name = word.strip("()（）[]【】:：,，-—")
            if (
                2 <= len(name) <= 20
                and HAN.search(name)
                and not NOT_NAMES.match(name)
                and not NOT_IN_NAMES.search(name)
            ):
                yield name


def _site(document: str) -> str | None:
    """The site's name at the end of <title>."""
    pieces = [piece.strip() for piece in SUFFIX.split(document)]
    return pieces[-1] if len(pieces) > 1 and 2 <= len(pieces[-1]) <= 20 else None


def _author(head: list[Line], tail: list[Line], body: Body) -> str | None:
    above = "\n".join(line.text for line in head)
    below = "\n".join(line.text for line in tail[:3])
    opening = "\n".join(body.text.split("\n", 3)[:2])
    for text in (above, opening[:300], body.text[-120:], below):
        found = AUTHOR.search(text)
        if found and (name := _person(found[1])):
            return name
    found = BYLINE.search(opening[:400])
    return _person(found[1]) if found else None


def _person(value: str) -> str | None:
    """Names of people: short words, five at most; a description of the author is no name."""
    value = STOPS.split(value.split("\n")[0] + " ", maxsplit=1)[0].strip(" \t:：,，、/.")
    words = PERSONS.split(value)
    known = all(PERSON.fullmatch(word) and not NOBODY.search(word) for word in words)
    return value if value and known and len(words) <= 5 else None
