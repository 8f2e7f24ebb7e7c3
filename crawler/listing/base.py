"""The seam of list reading: a fetched page goes in, the articles it names and where the list goes on come out.

A family is a module with `NAME`, `recognise(page)` and `read(page, now)`; the registry is in the package. Families
describe systems, never single sites.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlencode

from crawler.charset import decode
from monitor.domain import Source

LARGEST: Final = 50_000_000  # bytes; the size of a sitemap by its own rules
BROWSER: Final = "browser"  # marks a request whose page is to be drawn, see browser.py


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a page of a list: an address, and what is posted to it where a list is asked by a form or by JSON.

    `family` reads the answer; None leaves it to the first that recognises it. `browser`: a script draws what is read.
    """

    url: str
    form: tuple[tuple[str, str], ...] = ()
    json: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    family: str | None = None
    browser: bool = False

    @property
    def posted(self) -> str | None:
        """The body of a POST, None for a GET."""
        return urlencode(self.form) if self.form else self.json


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list, feed or sitemap as fetched; `text` is decoded whatever the header says, `ask` is what it answers."""

    url: str
    body: bytes
    content_type: str | None
    text: str
    charset: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class Row:
    """An article as its list names it: absolute address, full title where shown, date as far as the row tells."""

    url: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """`following` are candidates for the next page, tried in order; `linked` says that the page itself names the
    first. `parts` are lists that belong to this one and must all be read (a sitemap index). `behind`: the page is a
    shell, and its list is the answer to this."""

    family: str
    rows: tuple[Row, ...] = ()
    following: tuple[Ask, ...] = ()
    linked: bool = False
    parts: tuple[Ask, ...] = ()
    behind: Ask | None = None


class Family(Protocol):
    @property
    def NAME(self) -> str: ...  # a module's constant

    def recognise(self, page: ListPage) -> bool:
        """Whether the page is of this family."""

    def read(self, page: ListPage, now: datetime) -> Listing:
        """The articles in page order, each once. Raises PageError for a page that cannot be parsed at all."""


def list_page(url: str, body: bytes, content_type: str | None = None, ask: Ask | None = None) -> ListPage:
    body = _unpacked(body)
    text, charset = decode(body, content_type)
    return ListPage(url, body, content_type, text, charset, ask or Ask(url))


def _unpacked(body: bytes) -> bytes:
    """What a packed file holds, as far as it can be unpacked within bounds: sitemaps are kept as sitemap.xml.gz."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, LARGEST)
    except zlib.error:
        return body


def ask_of(source: Source) -> Ask:
    """The first request for a source's list."""
    return Ask(source.url, family=source.family, browser=source.browser)


def drawn_on(listing: Listing, ask: Ask) -> Listing:
    """A list that a browser drew goes on where its page says so, and in a browser, as does a page that it shows in a
    frame: any address that would be guessed shows the same page without its rows."""
    if not ask.browser:
        return listing
    named = listing.following[:1] if listing.linked else ()
    following = tuple(replace(one, family=ask.family, browser=True) for one in named)
    behind = replace(listing.behind, browser=True) if listing.behind else None
    return replace(listing, following=following, behind=behind)


def asks(addresses: Iterable[str | None]) -> tuple[Ask, ...]:
    return tuple(Ask(address) for address in addresses if address)


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
