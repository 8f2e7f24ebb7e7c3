"""What a document file says, as lines with the places where its pages begin. Opens nothing."""

import re
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
    lines = [(number, line) for number, page in enumerate(pages) for line in _lines(page)]
    usual = _usual_width([line for _, line in lines])
    text: list[str] = []
    length, starts = 0, list[int]()
    full, before = False, ""
    for number, line in lines:
        joint = ""
        if before:
            broken = full and not SENTENCE_END.search(before) and not ITEM.match(line)
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


def _usual_width(lines: Sequence[str]) -> int:
    widths = sorted(map(_width, lines))
    return widths[int((len(widths) - 1) * USUAL)] if widths else 0


def _width(line: str) -> int:
    """Columns that a line takes in print: a Chinese character is as wide as two digits, as in GBK's bytes."""
    return len(line.encode("gbk", "replace"))
