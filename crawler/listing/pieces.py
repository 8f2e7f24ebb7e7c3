"""Rows of the markup that a list's script pastes into its page, piece by piece: each piece is known to be one row."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Final

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from crawler.listing.base import ListPage, Row, unique
from crawler.listing.rows import read_row
from crawler.urls import absolute

MOST_PIECES: Final = 5_000  # of one answer; a list that holds more is no list
REFERER: Final = "Referer"
# name2('/szwj/content/1.html'): the address stands in the call where the link itself leads nowhere.
CALL: Final = re.compile(r"\(\s{0,9}[\"']([^\"'\s]{0,400}[/.][^\"'\s]{0,400})[\"']")


def as_script(url: str) -> tuple[tuple[str, str], ...]:
    """The headers that jQuery and the browser add to a request of the script of the page at `url`."""
    return (("X-Requested-With", "XMLHttpRequest"), (REFERER, url))


def column(page: ListPage) -> str:
    """The page whose script asked, which is where relative links of the answer start; else the page itself."""
    return dict(page.ask.headers).get(REFERER, page.url)


def read_pieces(pieces: Iterable[str], base: str, now: datetime) -> tuple[Row, ...]:
    rows = (read_piece(piece, base, now) for piece in islice(pieces, MOST_PIECES))
    return unique([row for row in rows if row])


def read_piece(piece: str, base: str, now: datetime) -> Row | None:
    """White space is folded first: a day may be printed over three indented lines."""
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8")
        element = lxml.html.document_fromstring(" ".join(piece.split()).encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError):
        return None
    mend_links(element, base)
    return read_row(element, base, now)


def mend_links(element: HtmlElement, base: str) -> None:
    """Put address and full title where links normally have them: some templates keep them in a call, in a span inside,
    or in an attribute of their own (mc, for 名称)."""
    for link in element.iter("a"):
        with suppress(ValueError):  # control characters: not worth an article's loss
            _mend(link, base)


def _mend(link: HtmlElement, base: str) -> None:
    called = CALL.search(link.get("onclick") or "")
    if called and absolute(link.get("href") or "", base) is None:
        link.set("href", called[1])
    if not link.get("title"):
        inner = (one.get("title") for one in link.iter() if one.get("title"))
        link.set("title", link.get("mc") or next(inner, ""))
