"""A fetched page becomes an Article: decode, lay out as lines, find the text, then what surrounds it.

Refuses, with a PageError that says which: an empty, oversized or undecodable page, one that is not markup, an error page
answered as if it were an article, a page without a title or without a text (lists and indexes have none).
"""

from datetime import datetime

from crawler.charset import decode
from crawler.reading.attachments import read_attachments
from crawler.reading.body import Body, find_body
from crawler.reading.carried import reveal, unfold
from crawler.reading.furniture import is_error
from crawler.reading.headline import without_headline
from crawler.reading.metadata import Known, read_facts
from crawler.reading.official import read_official
from crawler.reading.tree import MOST_LINES, Element, Sheet, is_crowded, parse, read_lines
from monitor.domain import Article
from monitor.errors import PageError

LARGEST = 20_000_000  # bytes; the longest real article page seen has half a million
LONGEST = 3_000_000  # characters of text; the longest plan of a province has a tenth of it
THIN = 120  # characters of text; a page that shows fewer may carry its article where no reader sees it
BROKEN = 0.02  # share of undecodable characters above which a page is noise
BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"Rar!",
    b"\x7fELF",
)


def read_page(
    body: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    title: str | None = None,
    published: str | None = None,
    now: datetime,
) -> Article:
    """Read an article page; `title` and `published` (what a list row said) serve where the page says nothing better."""
    text, charset = _text(body, url, content_type)
    sheet, found = _lay_out(text, url, now)
    official = read_official(sheet, found, now=now)
    known = Known(url, title, published, official.issuer if official else None)
    facts = read_facts(sheet, found, text, known, now=now)
    if not facts.title:
        raise PageError(url, "no title found")
    if is_error(facts.title, found.text):
        raise PageError(url, f"an error page, not an article: {facts.title[:60]}")
    return Article(
        title=facts.title,
        text=without_headline(found.text, facts.title),
        url=url,
        published=facts.published,
        publisher=facts.publisher,
        author=facts.author,
        charset=charset,
        attachments=read_attachments(sheet, found, url),
        official=official,
    )


def _text(body: bytes, url: str | None, content_type: str | None) -> tuple[str, str]:
    if not body.strip(b" \t\r\n\x00"):
        raise PageError(url, "the page is empty")
    if len(body) > LARGEST:
        raise PageError(url, f"the page has {len(body):,} bytes, more than the {LARGEST:,} that are read")
    if body.startswith(BINARY):
        raise PageError(url, "not a web page but a file of another kind")
    text, charset = decode(body, content_type)
    if text.count("\ufffd") > BROKEN * len(text):
        raise PageError(url, "the page cannot be decoded in any known charset")
    return text, charset


def _lay_out(text: str, url: str | None, now: datetime) -> tuple[Sheet, Body]:
    """Lay the page out and find its text; where it shows hardly any, in what it carries."""
    if is_crowded(text):
        raise PageError(url, "an element carries hundreds of attributes: no page for readers")
    root = parse(text)
    sheet = read_lines(root) if root is not None else None
    if sheet and len(sheet.lines) >= MOST_LINES:
        raise PageError(url, f"the page has more than {MOST_LINES:,} lines: no article")
    found = find_body(sheet) if sheet else None
    if root is not None and sheet:
        sheet, found = _fuller(root, sheet, found, now)
    if not sheet or not found:
        raise PageError(url, "no article text found; is it a list, an index or drawn by scripts?")
    if len(found.text) > LONGEST:
        raise PageError(url, f"the text has {len(found.text):,} characters, more than the {LONGEST:,} that are read")
    return sheet, found


def _fuller(root: Element, sheet: Sheet, found: Body | None, now: datetime) -> tuple[Sheet, Body | None]:
    """The page as it reads when what it carries is shown too; as it is where that says no more."""
    if found and "</" in found.text and unfold(found.block.element):
        unfolded = read_lines(root)
        return unfolded, find_body(unfolded)
    if (found is None or len(found.text) < THIN) and reveal(root, now=now):
        revealed = read_lines(root)
        fuller = find_body(revealed)
        if fuller and (found is None or len(fuller.text) > 2 * len(found.text)):
            return revealed, fuller
    return sheet, found
