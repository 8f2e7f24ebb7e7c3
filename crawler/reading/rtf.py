"""The text of a rich text file (.rtf, and .doc files that are one): paragraphs and tables in their order, a table's row on a
line. Runs in the child process of `extract.py`.

Refuses, by name, what is damaged, holds no text or has more lines than any document.
"""

import re
from collections.abc import Callable
from typing import Final, cast

from crawler.reading.printed import MOST_LINES, Printed
from monitor.errors import PageError

CHINESE: Final = re.compile(rb"\\ansicpg(?:936|54936|950)\b|\\fcharset13[46]\b")
RAW: Final = re.compile(rb"[\x80-\xff]")
# A character of two bytes whose second one is written as the letter it would be by itself: \'81A
PAIR: Final = re.compile(rb"\\'([89a-fA-F][0-9a-fA-F])(?:\\'[0-9a-fA-F]{2}|([@-\[\]-z|~]))")
CELL: Final = "|"  # what the library puts between cells, and behind the last


def read_rtf(name: str, content: bytes) -> Printed:
    """Read the main text."""
    from striprtf.striprtf import rtf_to_text

    convert = cast("Callable[..., str]", rtf_to_text)  # it says that it is typed, and is not
    try:
        text = convert(_escaped(content), errors="replace")
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RuntimeError) as error:
        raise PageError(name, "damaged or unsupported rich text file (RTF)") from error
    lines = [line for raw in text.split("\n") if (line := _line(raw))]
    if not lines:
        raise PageError(name, "the rich text file (RTF) holds no text")
    if len(lines) > MOST_LINES:
        raise PageError(name, f"the file has more than {MOST_LINES:,} lines: no article")
    return Printed("\n".join(lines))


def _escaped(content: bytes) -> str:
    """The file with each byte of its Chinese as an escape of its own, which is all that the library decodes."""
    escaped = RAW.sub(lambda byte: b"\\'%02x" % byte[0][0], content)
    if CHINESE.search(content[:20_000]):
        escaped = PAIR.sub(_pair, escaped)
    return escaped.decode("ascii")


def _pair(found: re.Match[bytes]) -> bytes:
    return b"\\'%b\\'%02x" % (found[1], found[2][0]) if found[2] else found[0]


def _line(raw: str) -> str:
    cells = raw.split(CELL) if raw.rstrip().endswith(CELL) else [raw]
    return "\t".join(said for cell in cells if (said := " ".join(cell.split())))
