"""The text of a PDF: lines that break inside a sentence are joined again.

Refuses, by name, what is locked, damaged, or holds pictures of text.
"""

import io
import logging
import re
import zlib
from dataclasses import dataclass
from time import monotonic

from monitor.errors import PageError

PAGE_LIMIT = 2_000
PATIENCE = 60.0  # seconds; a long report takes ten, a page made to be slow has no end
SCAN = 30  # characters a page: fewer mean pictures of text
HAN = re.compile(r"[\u4e00-\u9fff]")
SENTENCE_END = re.compile(r"[。！？；：”）》!?;:]$")
ITEM = re.compile(
    r"(?:第?[一二三四五六七八九十百]{1,4}[、章节条.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]|附件|[—\-]{1,2}\s?\d{1,4}\s?[—\-]{0,2}$)"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a document file says: its paragraphs, one a line, and the title that its properties name."""

    text: str
    title: str | None


def read_pdf(path: str, content: bytes) -> Printed:
    """Read the text of all pages."""
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each oddity of a file that we read all the same
    try:
        pages, title = _extract(path, content)
    except PageError:
        raise
    except (
        PyPdfError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        RuntimeError,
        OSError,
        ArithmeticError,
        zlib.error,
        EOFError,
        MemoryError,
    ) as error:
        raise PageError(path, "damaged or unsupported PDF") from error
    lines = [line.strip() for page in pages for line in page.split("\n") if line.strip()]
    if sum(map(len, lines)) < SCAN * max(1, len(pages)):
        raise PageError(path, "the PDF holds pictures of text, which are not read")
    return Printed(_join(lines), title if title and HAN.search(title) else None)


def _extract(path: str, content: bytes) -> tuple[list[str], str | None]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PageError(path, "the PDF is locked by a password")
    end = monotonic() + PATIENCE
    pages: list[str] = []
    for _, page in zip(range(PAGE_LIMIT), reader.pages, strict=False):
        if monotonic() > end:
            raise PageError(path, f"the PDF takes longer to read than {PATIENCE:.0f} seconds")
        pages.append(page.extract_text())
    facts = reader.metadata
    return pages, str(facts.title).strip() if facts and facts.title else None


def _join(lines: list[str]) -> str:
    """Join lines that a page's width broke: a line continues the one before unless that ended or this starts an item."""
    width = max((len(line) for line in lines), default=0)
    joined: list[list[str]] = []
    full, before = False, ""
    for line in lines:
        if full and not SENTENCE_END.search(before) and not ITEM.match(line):
            joined[-1].append(line)
        else:
            joined.append([line])
        full, before = len(line) * 10 >= width * 8, line
    return "\n".join("".join(pieces) for pieces in joined)
