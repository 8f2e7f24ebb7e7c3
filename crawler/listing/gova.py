"""常州's own system: tables of documents under /gova/, asked for page by page with page=N; districts show them in a frame
of their column's page.

The rows are plain; what only this system has are the frame and the counting.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.listing import rows
from crawler.listing.base import Ask, Listing, ListPage
from crawler.urls import absolute

NAME = "gova"
FRAME: Final = re.compile(r"FrameMoreInfo\b")
SHOWN: Final = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s>]{1,400})", re.IGNORECASE)
TABLE: Final = re.compile(r"\b(?:wjk-list|gov_box3)\b")
TAG: Final = 400  # characters of a tag
PAGES: Final = re.compile(r"(?:总页数\s?[:：]\s?(?=\d{1,6})|共\s?(?=\d{1,6}\s?页))(\d{1,6})")


def recognise(page: ListPage) -> bool:
    """By the classes of its tables, or by the frame."""
    return _has_table(page) or _shown(page) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if not _has_table(page):
        shown = _shown(page)
        return Listing(NAME, behind=Ask(shown) if shown else None)
    found = rows.read(page, now).rows
    said = PAGES.search(re.sub(r"<[^<>]{1,300}>", "", page.text))
    asked = _asked(page.url)
    if not found or (said and asked >= int(said[1])):
        return Listing(NAME, found)
    return Listing(NAME, found, (Ask(_numbered(page.url, asked + 1), family=NAME),), linked=said is not None)


def _has_table(page: ListPage) -> bool:
    return any(tag.startswith("<table") for tag in _tags(page.text, TABLE))


def _shown(page: ListPage) -> str | None:
    frame = next((tag for tag in _tags(page.text, FRAME) if tag.startswith("<iframe")), "")
    address = SHOWN.search(frame)
    return absolute(address[1].replace("&amp;", "&"), page.url) if address else None


def _tags(text: str, name: re.Pattern[str]) -> Iterator[str]:
    """The tags in which a name stands, their own names in small letters."""
    for found in name.finditer(text):
        start = text.rfind("<", max(found.start() - TAG, 0), found.start())
        if start >= 0:
            tag = text[start : start + 2 * TAG].partition(">")[0]
            yield tag[:7].lower() + tag[7:]


def _asked(url: str) -> int:
    given = dict(parse_qsl(urlsplit(url).query)).get("page", "1")
    return int(given) if re.fullmatch(r"[0-9]{1,6}", given) else 1


def _numbered(url: str, number: int) -> str:
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("page", str(number))])))
