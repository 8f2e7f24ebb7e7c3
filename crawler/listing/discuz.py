"""Discuz! boards: threads are rows of `tbody[id^=normalthread_]`; pinned threads (stickthread_) are read as well,
because a board's news may be pinned, and known ones cost nothing."""

import re
from datetime import datetime
from typing import Final

from lxml.html import HtmlElement

from crawler.listing import pager
from crawler.listing.base import Listing, ListPage, Row, asks, unique
from crawler.listing.rows import base_of, read_tree
from crawler.reading.dates import read_date
from crawler.urls import absolute

NAME = "discuz"
GENERATOR: Final = re.compile(r"<meta[^>]{0,100}generator[^>]{0,100}discuz!", re.IGNORECASE)
ROW: Final = re.compile(r"(?:normal|stick)thread_\d+")
THREAD: Final = re.compile(r"thread-\d+-|mod=viewthread")


def recognise(page: ListPage) -> bool:
    return "normalthread_" in page.text or ("stickthread_" in page.text and bool(GENERATOR.search(page.text)))


def read(page: ListPage, now: datetime) -> Listing:
    tree = read_tree(page)
    base = base_of(tree, page.url)
    rows = [
        row for body in tree.iter("tbody") if ROW.fullmatch(body.get("id") or "") and (row := _row(body, base, now))
    ]
    found = pager.linked(tree, page.text, base)
    return Listing(NAME, unique(rows), asks(found), linked=bool(found))


def _row(body: HtmlElement, base: str, now: datetime) -> Row | None:
    threads = [
        link for link in body.iter("a") if THREAD.search(link.get("href") or "") and "".join(link.itertext()).strip()
    ]
    titled = [link for link in threads if "xst" in (link.get("class") or "").split()] or threads
    url = absolute(titled[0].get("href") or "", base) if titled else None
    if url is None:
        return None
    return Row(url, " ".join("".join(titled[0].itertext()).split()), _date(body, now))


def _date(body: HtmlElement, now: datetime) -> str | None:
    """The opening post's day; beside 前天 the full one stands in a title attribute."""
    for cell in body.iter("td"):
        if "by" in (cell.get("class") or "").split():
            elements = list(cell.iter("span", "em"))
            titles = [element.get("title") or "" for element in elements]
            for said in (*titles, *("".join(element.itertext()) for element in elements)):
                day = read_date(said, now=now) if said else None
                if day:
                    return day
    return None
