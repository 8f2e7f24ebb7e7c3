"""The text of an OFD file (GB/T 33190), the format of many official documents, page by page.

Runs in the child process of `extract.py`.
"""

from time import monotonic
from typing import TYPE_CHECKING, Final

from crawler.reading.pdf import HAN, MOST_PAGES, MOST_TEXT, SCAN
from crawler.reading.printed import Printed, lay_out
from monitor.errors import PageError

if TYPE_CHECKING:
    import ofdkit

UNREADABLE: Final = "damaged or unsupported OFD file"


def read_ofd(name: str, content: bytes, *, until: float) -> Printed:
    """Read the text in reading order, as many pages as can be read `until` that moment of the monotonic clock."""
    import ofdkit

    try:
        with ofdkit.open(content) as document:
            pages, count = _pages(document, until), len(document.pages)
            title = document.info.title
    except ofdkit.OFDError as error:
        raise PageError(name, UNREADABLE) from error
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, ArithmeticError, OSError) as error:
        raise PageError(name, UNREADABLE) from error
    text, starts = lay_out(pages)
    if len(text) < SCAN * max(1, len(pages)):
        raise PageError(name, "a scan: the OFD file holds pictures of text, which are not read")
    cut = (f"only the first {len(pages)} of {count} pages were read",) if len(pages) < count else ()
    return Printed(text, title if title and HAN.search(title) else None, starts, warnings=cut)


def _pages(document: "ofdkit.OFDDocument", until: float) -> list[str]:
    pages: list[str] = []
    length = 0
    for page in document.pages[:MOST_PAGES]:
        if length > MOST_TEXT or (pages and monotonic() > until):
            break
        pages.append(page.text())
        length += len(pages[-1])
    return pages
