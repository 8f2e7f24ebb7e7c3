"""The seam of list reading: a fetched page goes in, the articles it names and where the list goes on come out.

A family is a module with `NAME`, `recognise(page)` and `read(page, now)`; the registry is in the package. Families
describe systems, never single sites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.charset import decode


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list, feed or sitemap as fetched; `text` is decoded whatever the header says."""

    url: str
    body: bytes
    content_type: str | None
    text: str
    charset: str


@dataclass(frozen=True, slots=True)
class Row:
    """An article as its list names it: absolute address, full title where shown, date as far as the row tells."""

    url: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """`following` are candidates for the next page, tried in order; `linked` says that the page itself names the
    first. `parts` are lists that belong to this one and must all be read (a sitemap index)."""

    family: str
    rows: tuple[Row, ...] = ()
    following: tuple[str, ...] = ()
    linked: bool = False
    parts: tuple[str, ...] = ()


class Family(Protocol):
    @property
    def NAME(self) -> str: ...  # a module's constant

    def recognise(self, page: ListPage) -> bool:
        """Whether the page is of this family."""

    def read(self, page: ListPage, now: datetime) -> Listing:
        """The articles in page order, each once. Raises PageError for a page that cannot be parsed at all."""


def list_page(url: str, body: bytes, content_type: str | None = None) -> ListPage:
    text, charset = decode(body, content_type)
    return ListPage(url, body, content_type, text, charset)


def unique(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Each address once, at its first place, with the longest title and first date given for it."""
    found: dict[str, Row] = {}
    for row in rows:
        known = found.get(row.url)
        if known is None:
            found[row.url] = row
        else:
            title = max(known.title or "", row.title or "", key=len) or None
            found[row.url] = Row(row.url, title, known.published or row.published)
    return tuple(found.values())
