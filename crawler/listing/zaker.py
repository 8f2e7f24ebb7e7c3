"""ZAKER channels: the page carries its list as JSON in `window.WinPageData`, and 加载更多 asks for more of the same."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from crawler.listing.answers import object_in, records_in, rows_of, said
from crawler.listing.base import Ask, Listing, ListPage
from crawler.urls import absolute
from monitor.errors import PageError

NAME = "zaker"
CARRIED: Final = re.compile(r"window\.WinPageData\s{0,9}=\s{0,9}(?=\{)")
ARTICLES: Final = re.compile(r"\"article\"\s{0,9}:\s{0,9}\[")  # an article's page carries data as well, and no list


def recognise(page: ListPage) -> bool:
    return CARRIED.search(page.text) is not None and ARTICLES.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    content = _content(page)
    articles = records_in(object_in(content, "data"), "article")
    rows = rows_of(articles, page.url, now, address=("url", "href"), title=("title",), day=("date",))
    more = absolute(_more(content), page.url) if rows else None
    return Listing(NAME, rows, (Ask(more, family=NAME),) if more else (), linked=bool(more))


def _content(page: ListPage) -> dict[str, Any]:
    """The object in the page's script, or the whole answer to 加载更多. Raises PageError."""
    start = CARRIED.search(page.text)
    try:
        content, _ = json.JSONDecoder().raw_decode(page.text if start is None else page.text[start.end() :])
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise PageError(page.url, "the list that a ZAKER page carries is no JSON")
    return content


def _more(content: Mapping[str, Any]) -> str:
    """Where 加载更多 leads; it stands beside the articles or above them, as an object or as it is."""
    for holder in (content, object_in(content, "data")):
        address = said(holder, "next_url") or said(object_in(holder, "next_url"), "value")
        if address:
            return address
    return ""
