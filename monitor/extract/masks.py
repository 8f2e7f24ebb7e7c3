"""Marks the parts of a folded text whose numbers count nothing: times, names in quotes and brackets, numbering, addresses."""

import re
from collections.abc import Iterator, Sequence

from monitor.extract.deadlines import Time
from monitor.extract.spans import Spans

REMARK = r"(?:附件|名录见|来源|编辑|记者|邮编|电话)[^）)\n]{0,30}[）)]"
# A short quotation is a name (“1030”产业体系, “科创18条”), unless it says what is reached (“产值达到800亿元”); a longer one is
# speech and may promise.
NAMES = re.compile(
    r"千家万户|千军万马|万家灯火|千山万水|一心一意|四面八方|“(?![^”\n，。；]{2,10}(?:达到|突破|超过|不低于|不少于|增长)[0-9])[^”\n，。；]{1,14}”|《[^》\n]{1,80}》|〔[^〕\n]{1,12}〕[0-9]{1,5}号?"
    rf"|（{REMARK}|\({REMARK}"
)
NUMBERING = re.compile(
    r"(?:[（(]?[0-9]{1,2}[)）.、．](?![0-9])|[（(]?[一二三四五六七八九十]{1,3}[)）、]|第[一二三四五六七八九十百]{1,4}[章节条部分篇])"
)
# Each pattern begins with one set of characters, or each of its alternatives with a plain one: re looks for those first,
# which is many times as fast as to try all alternatives everywhere.
FURNITURE = (
    re.compile(r"第[0-9一二三四五六七八九十百]{1,5}"),
    re.compile(r"[一二三四五六七八九十]是"),
    re.compile(
        r"(?:电话|邮编|传真|联系方式|热线|阅读|浏览|点击|查看|回复|查察|复兴|字号|文号|索引号|责编|邮箱)"
        r"(?:量|次数|数)?[:： ]{0,2}[0-9][0-9\-]{0,14}"
    ),
    re.compile(
        r"[0-9](?:[0-9]{0,4}号|[0-9]?[:：][0-9]{2}(?::[0-9]{2})?|[0-9]{3}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{2,3}-[0-9]{7,8}"
        r"|[0-9.]{0,7}(?:[:：][0-9.]{1,8}){2,4})"
    ),
    re.compile(r"https?://[^\s\u3400-\u9fff]{1,200}"),
)
# What a portal prints below an article: lines of other headlines, and adverts.
BELOW = re.compile(
    r"(?:广告|推广|赞助|猜你喜欢|相关推荐|推荐阅读|延伸阅读)[:：丨|][^\n]*|[【\[]?(?:相关(?:推荐|阅读|新闻|资讯|文章|报道)|推荐阅读|延伸阅读|猜你喜欢|大家都在看|[为给][您你]推荐|今日热点"
    r"|(?:热门|最新|精彩|网友|热点|更多)(?:评论|推荐|文章|资讯|新闻|跟帖|阅读))[^\n]{0,10}\n(?:[^\n]{0,60}(?:\n|\Z))*"
)
# Where a line begins with what NUMBERING or BELOW do.
LINE = re.compile(r"\n(?=[0123456789（(一二三四五六七八九十第广推赞【\[相延猜大为给今热最精网更])")
STRAIGHT = re.compile(r"[\"\n]")
LONGEST_NAME = 16


def blocked_spans(text: str, times: Sequence[Time], tables: Sequence[tuple[int, int]] = ()) -> Spans:
    spans = [*tables, *((time.start, time.end) for time in times)]
    lines = [0, *(found.end() for found in LINE.finditer(text))]
    for pattern in (NUMBERING, BELOW):
        spans.extend(found.span() for line in lines if (found := pattern.match(text, line)))
    for pattern in (NAMES, *FURNITURE):
        spans.extend(found.span() for found in pattern.finditer(text))
    if '"' in text:
        spans.extend(_straight(text))
    return Spans(spans)


def _straight(text: str) -> Iterator[tuple[int, int]]:
    """Short quotations between straight marks, which open and close in turn within a line."""
    opened: int | None = None
    for found in STRAIGHT.finditer(text):
        if found.group() == "\n":
            opened = None
        elif opened is None:
            opened = found.start()
        else:
            if found.start() - opened <= LONGEST_NAME:
                yield opened, found.end()
            opened = None
