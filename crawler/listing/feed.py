"""RSS, Atom and RDF. Titles and links come from feedparser; its dates are not used: it takes 2024年03月11日 for
November, so the raw string is read by our own date code."""

import re
from datetime import datetime
from typing import Any, Final

import feedparser

from crawler.listing.base import Listing, ListPage, Row, asks, unique
from crawler.reading.dates import read_date
from crawler.urls import absolute

NAME = "feed"
ROOT: Final = re.compile(r"<(?:\w{1,20}:)?(rss|feed|rdf)[\s>]", re.IGNORECASE)
DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def recognise(page: ListPage) -> bool:
    head = page.text[:2000].lower()
    return bool(ROOT.search(head)) and "<html" not in head


def read(page: ListPage, now: datetime) -> Listing:
    # The text is already decoded: a declared charset could only be wrong now.
    parsed: Any = feedparser.parse(DECLARATION.sub("", page.text).strip().encode(), sanitize_html=False)
    rows = [row for entry in parsed.entries if (row := _row(entry, page.url, now))]
    return Listing(NAME, unique(rows), asks(_next(parsed, page.url)), linked=True)


def _row(entry: Any, base: str, now: datetime) -> Row | None:
    url = absolute(str(entry.get("link") or entry.get("id") or ""), base)
    if url is None:
        return None
    raw = next((str(entry[name]) for name in ("published", "updated", "created") if entry.get(name)), "")
    return Row(url, " ".join(str(entry.get("title") or "").split()) or None, read_date(raw, now=now) if raw else None)


def _next(parsed: Any, base: str) -> tuple[str, ...]:
    """RFC 5005 archives name the page before."""
    links = parsed.feed.get("links") or []
    named = (absolute(str(link.get("href") or ""), base) for link in links if link.get("rel") == "next")
    return tuple(url for url in named if url)[:1]
