"""The text of a PDF, page by page. Runs in the child process of `extract.py`.

Refuses, by name, what is locked, damaged, or holds pictures of text. Of a file that takes too long the first pages are
read.
"""

import io
import logging
import re
import zlib
from time import monotonic
from typing import Final

from crawler.reading.printed import Printed, lay_out
from monitor.errors import PageError

MOST_PAGES: Final = 2_000
MOST_TEXT: Final = 3_000_000  # characters; the longest plan of a province has a tenth of it
SCAN: Final = 30  # characters a page: fewer mean pictures of text
HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def read_pdf(name: str, content: bytes, *, until: float) -> Printed:
    """Read the text of the pages, as many as can be read `until` that moment of the monotonic clock."""
    from pypdf.errors import LimitReachedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each oddity of a file that we read all the same
    try:
        pages, title, count = _pages(name, content, until)
    except PageError:
        raise
    except LimitReachedError as error:
        raise PageError(name, "the PDF unpacks to more than is read") from error
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
    ) as error:
        raise PageError(name, "damaged or unsupported PDF") from error
    text, starts = lay_out(pages)
    if len(text) < SCAN * max(1, len(pages)):
        raise PageError(name, "a scan: the PDF holds pictures of text, which are not read")
    cut = (f"only the first {len(pages)} of {count} pages were read",) if len(pages) < count else ()
    return Printed(text, title if title and HAN.search(title) else None, starts, warnings=cut)


def _pages(name: str, content: bytes, until: float) -> tuple[list[str], str | None, int]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PageError(name, "the PDF is locked by a password")
    pages: list[str] = []
    length = 0
    for _, page in zip(range(MOST_PAGES), reader.pages, strict=False):
        if length > MOST_TEXT or (pages and monotonic() > until):
            break
        pages.append(page.extract_text())
        length += len(pages[-1])
    facts = reader.metadata
    return pages, str(facts.title).strip() if facts and facts.title else None, len(reader.pages)
