"""Marks the parts of a folded text whose numbers count nothing: times, names in quotes and brackets, numbering, addresses."""

import re
from collections.abc import Iterator, Sequence

from monitor.extract.deadlines import Time
from monitor.extract.spans import Spans

# A short quotation is a name (“1030”产业体系, “科创18条”); a longer one is speech and may promise.
NAMES = re.compile(
    r"千家万户|千军万马|万家灯火|千山万水|一心一意|四面八方|“[^”\n，。；]{1,14}”|《[^》\n]{1,80}》|〔[^〕\n]{1,12}〕[0-9]{1,5}号?|[（(](?:附件|名录见|来源|编辑|记者|邮编|电话)[^）)\n]{0,30}[）)]"
)
FURNITURE = re.compile(
    r"^(?:[（(]?[0-9]{1,2}[)）.、．](?![0-9])|[（(]?[一二三四五六七八九十]{1,3}[)）、]|第[一二三四五六七八九十百]{1,4}[章节条部分篇])"
    r"|[一二三四五六七八九十]是|第[0-9一二三四五六七八九十百]{1,5}"
    r"|(?:电话|邮编|传真|联系方式|热线|阅读|浏览|点击|查看|回复|查察|复兴|字号|文号|索引号|责编|邮箱)(?:量|次数|数)?[:： ]{0,2}[0-9][0-9\-]{0,14}"
    r"|[0-9]{1,5}号|[0-9]{1,2}[:：][0-9]{2}(?::[0-9]{2})?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{3,4}-[0-9]{7,8}|https?://[^\s\u3400-\u9fff]{1,200}|[0-9.]{1,8}(?:[:：][0-9.]{1,8}){2,4}",
    re.MULTILINE,
)
STRAIGHT = re.compile(r"[\"\n]")
LONGEST_NAME = 16


def blocked_spans(text: str, times: Sequence[Time], tables: Sequence[tuple[int, int]] = ()) -> Spans:
    spans = [*tables, *((time.start, time.end) for time in times)]
    for pattern in (NAMES, FURNITURE):
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
