"""What stands around the text of a page: its metas, its head (the lines between title and text), its tail.

Title, day, publisher and author are all read from here. The head is a list of runs, likeliest first, because a name is
looked for beside a date and the end of one run does not stand beside the start of the next.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.reading.body import Body
from crawler.reading.tree import Element, Line, Sheet, text_of, tidy

HEAD_BEFORE = 8  # lines above the title that may hold date and source
HEAD_NEAR = 4
HEAD_BLIND = 25  # lines above the text looked at where no line is the title
TAIL = 15  # lines below the text that may name date and source
TITLE = 500  # characters of <title> and of a meta that are looked at
META = 1000
BREAK = "\n" * 6  # between runs: farther than any rule looks

# How the names of media and of authorities end.
HOUSE = re.compile(
    r"(?:[报社网台刊端局委办厅部院署会所站云]|中心|政府|发布|新闻|在线|传媒|融媒体?|集团|公司|大学|日报|杂志|频道)$"
)

Runs = Sequence[Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`title` is the headline found, `issuer` the authority that its index table names, `source` the page's markup, `now`
    the moment of reading."""

    sheet: Sheet
    body: Body
    source: str
    metas: dict[str, str]
    title: str | None
    issuer: str | None
    head: Runs
    tail: Sequence[Line]
    now: datetime


def head_runs(lines: list[Line], place: int | None, first: int) -> Runs:
    """The runs that may hold date and source: below the title, then upward from it; without a title upward from the
    text."""
    if place is None or place > first:
        return _nearest(lines, max(0, first - HEAD_BLIND), first)
    return [lines[place:first], *_nearest(lines, max(0, place - HEAD_BEFORE), place)]


def read_metas(root: Element) -> dict[str, str]:
    """Contents of meta tags by lower-cased name, the first that says something."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = tidy((meta.get("content") or "")[:META])
        if name and content:
            metas.setdefault(name, content)
    return metas


def document_title(root: Element) -> str:
    """What <title> says, in one line."""
    element = root.find(".//title")
    return text_of(element)[:TITLE] if element is not None else ""


def spaced(runs: Runs) -> str:
    """The shown lines of the head, with a blank between the elements of a line: 来源：某报 打印, never 某报打印."""
    return BREAK.join("\n".join(" ".join(line.pieces) or line.text for line in run if not line.hidden) for run in runs)


def squeeze(text: str) -> str:
    """A text without its blanks, for comparing what differs only in layout."""
    return "".join(text.split())


def _nearest(lines: list[Line], start: int, end: int) -> list[list[Line]]:
    """The last few lines of a run first: a date may be split over them, so their order is kept."""
    turn = max(start, end - HEAD_NEAR)
    return [lines[turn:end], lines[start:turn]]
