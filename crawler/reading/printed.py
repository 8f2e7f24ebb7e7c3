"""What a document file says, as lines with the places where its pages begin. Opens nothing."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 100_000  # a list of all firms of a province has a tenth of it
FULL: Final = 0.8  # of the usual width: a line as long as that was broken by the page's edge
USUAL: Final = 0.9  # the place of the usual width among all widths: titles in large type and tables go beyond it
SENTENCE_END: Final = re.compile(r"[。！？；：”）》!?;:]$|[.…·\s]{4,}\d{1,4}$")  # or a line of a table of contents
ITEM: Final = re.compile(
    r"(?:第?[一二三四五六七八九十百]{1,4}[、章节条.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]|附件)"
)
FOLIO: Final = re.compile(
    r"[—–\-－·\s]{0,6}\d{1,4}[—–\-－·\s]{0,6}|第\s?\d{1,4}\s?页(?:[\s，,/]{0,3}共\s?\d{1,4}\s?页)?"
)
# A row of a table under its number, and the names of columns above the first: 序号 任务 完成时限.
ROW: Final = re.compile(r"(\d{1,3})\s")
COLUMNS: Final = re.compile(r"[\u4e00-\u9fff]\s+[\u4e00-\u9fff].*[\u4e00-\u9fff]\s+[\u4e00-\u9fff]")
RUNNING: Final = 2  # pages that begin or end with the same line: it is printed on each of them and no part of the text
WORD_END: Final = re.compile(r"[A-Za-z,.;)]$")
WORD_START: Final = re.compile(r"[A-Za-z(]")


@dataclass(frozen=True, slots=True)
class Printed:
    """The text, one paragraph or row a line; `title` is what the file's properties name it.

    `pages` holds the offset in `text` at which each page begins, and is empty where a format has no pages. `name` says
    which file of an archive it is. `warnings` say what could not be read of it.
    """

    text: str
    title: str | None = None
    pages: tuple[int, ...] = ()
    name: str | None = None
    warnings: tuple[str, ...] = ()


def lay_out(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Join the lines that a page's width broke, over page borders too; page numbers are left out."""
    own = _without_running([list(_lines(page)) for page in pages])
    lines = [(number, line) for number, page in enumerate(own) for line in page]
    usual = _usual_width([line for _, line in lines])
    text: list[str] = []
    length, starts = 0, list[int]()
    full, before, row = False, "", 0
    for number, line in lines:
        joint, next_row = "", _row_number(line, before, row)
        row = 0 if ITEM.match(line) else next_row or row
        if before:
            broken = full and not SENTENCE_END.search(before) and not ITEM.match(line) and not next_row
            joint = (" " if WORD_END.search(before) and WORD_START.match(line) else "") if broken else "\n"
        length += len(joint)
        starts += [length] * (number + 1 - len(starts))
        text += (joint, line)
        length += len(line)
        full, before = _width(line) >= usual * FULL, line
    return "".join(text), (*starts, *[length] * (len(pages) - len(starts)))


def _lines(page: str) -> Iterator[str]:
    """The lines of a page that say something, without the page number at its head or foot."""
    lines = [line for raw in page.split("\n") if (line := raw.strip())]
    for place, line in enumerate(lines):
        if place not in (0, len(lines) - 1) or not FOLIO.fullmatch(line):
            yield line


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """The pages without what is printed at the head and foot of each: only a title would be taken from it. Pages of a line
    or two are nothing but text."""
    whole = [page for page in pages if len(page) > 2]
    for place in (0, -1):
        often = Counter(page[place] for page in whole)
        for page in whole:
            count = often[page[place]]
            # A table's head is printed again above its rest, and tells what its columns are.
            if count >= RUNNING and 2 * count > len(pages) and not COLUMNS.search(page[place]):
                del page[place]
    return pages


def _row_number(line: str, before: str, row: int) -> int:
    """The number under which a line is the next row of a table, else 0: 2 after 1, and 1 after the names of the columns.
    Figures at the beginning of a line that a page's edge broke follow no such order."""
    found = ROW.match(line)
    number = int(found[1]) if found else 0
    return number if (row and number == row + 1) or (number == 1 and COLUMNS.search(before)) else 0


def _usual_width(lines: Sequence[str]) -> int:
    widths = sorted(map(_width, lines))
    return widths[int((len(widths) - 1) * USUAL)] if widths else 0


def _width(line: str) -> int:
    """Columns that a line takes in print: a Chinese character is as wide as two digits, as in GBK's bytes."""
    return len(line.encode("gbk", "replace"))
