"""How a list is read: one module per family of publishing systems, never per site, tried in this order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from scrapy import Request

from crawler.listing import (
    appsearch,
    channels,
    discuz,
    epaper,
    epoint,
    feed,
    framed,
    gkmlpt,
    gova,
    govlibrary,
    intertid,
    jpaas,
    jpage,
    jsearch,
    nrgl,
    people,
    records,
    rows,
    sitemap,
    szinf,
    truecms,
    wordpress,
    xinhua,
    xxgk,
    zaker,
)
from crawler.listing.base import BROWSER, Ask, Family, Listing, ListPage, Row, list_page
from monitor.errors import PageError

FAMILIES: Final[tuple[Family, ...]] = (
    sitemap,
    feed,
    wordpress,
    govlibrary,
    records,
    jsearch,
    truecms,
    jpage,
    jpaas,
    xxgk,
    intertid,
    epoint,
    appsearch,
    szinf,
    gkmlpt,
    xinhua,
    gova,
    nrgl,
    channels,
    zaker,
    epaper,
    people,
    discuz,
    framed,
    rows,
)
# What a browser has drawn are rows, whatever system its script belongs to, and maybe those of a frame.
DRAWN: Final[tuple[Family, ...]] = (framed, rows)
BY_NAME: Final[Mapping[str, Family]] = {family.NAME: family for family in FAMILIES}

__all__ = [
    "BY_NAME",
    "FAMILIES",
    "Ask",
    "Family",
    "ListPage",
    "Listing",
    "Row",
    "asked",
    "is_shell",
    "list_page",
    "read_listing",
]


def asked(request: Request, ask: Ask) -> Request:
    """The request with what is posted, as a script of the page would name itself, and marked where a browser draws it."""
    if ask.browser:
        request.meta[BROWSER] = True
    if ask.posted is None and not ask.headers:
        return request
    kind = "application/x-www-form-urlencoded; charset=UTF-8" if ask.form else "application/json; charset=UTF-8"
    headers = {"Content-Type": kind} if ask.posted else {}
    method = "GET" if ask.posted is None else "POST"
    changed = request.replace(method=method, body=ask.posted or "")
    changed.headers.update(headers | dict(ask.headers))
    return changed


def is_shell(url: str) -> bool:
    """Whether a page may be as empty as it likes, because a family knows by its address alone what it would ask for."""
    return govlibrary.is_shell(url) or jsearch.is_shell(url)


def read_listing(page: ListPage, *, now: datetime, family: str | None = None) -> Listing:
    """Read a list page by the family named, else by the first that recognises it. Raises PageError."""
    if family is not None and family not in BY_NAME:
        raise PageError(page.url, f"unknown family {family!r}; known are {', '.join(BY_NAME)}")
    among = DRAWN if page.ask.browser else FAMILIES
    chosen = BY_NAME[family] if family else next(known for known in among if known.recognise(page))
    return chosen.read(page, now)
