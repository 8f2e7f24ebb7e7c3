"""truecms columns (南通, 连云港): the first rows stand hidden in `#initData`, the next ones come as JSONP around the XML
records of the jpage script.
"""

import json
import re
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from lxml.html import HtmlElement

from crawler.listing import rows
from crawler.listing.base import Ask, Listing, ListPage, Row, unique
from crawler.listing.datastore import Call, Span, read_call, read_store, span_of
from crawler.listing.pieces import as_script, column, mend_links, read_pieces
from crawler.listing.rows import base_of, read_row, read_tree
from crawler.urls import absolute
from monitor.errors import PageError

NAME = "truecms"
API: Final = "/messageController/getMessage.do"
# What jQuery wraps the answer in; a server may leave it away.
JSONP: Final = re.compile(r"\s{0,99}[\w$.]{1,100}\s{0,9}\((.*)\)[\s;]{0,99}", re.DOTALL)
CALLBACK: Final = "jQuery"


def recognise(page: ListPage) -> bool:
    return API in page.text


def read(page: ListPage, now: datetime) -> Listing:
    if API in page.ask.url:
        return _answer(page, now)
    call = read_call(page.text)
    found = _first_rows(page, now)
    had = len(found)
    ended = call is None or (call.total is not None and had >= call.total)
    ask = None if call is None or ended else _asked(page.url, call, Span(had + 1, had + call.group, call.per_page))
    if not found:
        return Listing(NAME, behind=ask) if ask else rows.read(page, now)
    # Servers have been seen that no longer answer: the second page is hoped for, not promised.
    return Listing(NAME, found, (ask,) if ask else ())


def _first_rows(page: ListPage, now: datetime) -> tuple[Row, ...]:
    tree = read_tree(page)
    base = base_of(tree, page.url)
    hidden = next((element for element in tree.iter() if element.get("id") == "initData"), None)
    if hidden is None:
        return ()
    mend_links(hidden, base)
    elements: list[HtmlElement] = list(hidden.iter("li")) or list(hidden.iter("tr"))
    return unique([row for element in elements if (row := read_row(element, base, now))])


def _asked(url: str, call: Call, span: Span) -> Ask | None:
    """None where the call names no column."""
    address = absolute(call.proxy or f"/truecms{API}", url)
    if address is None or not dict(call.parameters).get("columnId"):
        return None
    query = (*span.parameters(), ("contentTemplate", ""), *call.parameters, ("callback", CALLBACK))
    return Ask(f"{address}?{urlencode(query)}", headers=as_script(url), family=NAME)


def _answer(page: ListPage, now: datetime) -> Listing:
    store = read_store(_records(page))
    if store is None:
        raise PageError(page.url, "the list's records were asked for, and the answer holds no <datastore>")
    found = read_pieces(store.records, column(page), now)
    span = span_of(page.ask.url)
    later = span.after(len(store.records), store.total) if span else None
    return Listing(NAME, found, (_moved(page.ask, later),) if later else (), linked=True)


def _records(page: ListPage) -> str:
    wrapped = JSONP.fullmatch(page.text)
    try:
        content = json.loads(wrapped[1] if wrapped else page.text)
    except (ValueError, RecursionError):
        raise PageError(page.url, "the list's records were asked for, and the answer is no JSON") from None
    result = content.get("result") if isinstance(content, dict) else None
    return result if isinstance(result, str) else ""


def _moved(ask: Ask, span: Span) -> Ask:
    """The same request for a later span."""
    url = ask.url
    for name, value in span.parameters():
        url = re.sub(rf"(?<=[?&]{name}=)\d+", value, url)
    return Ask(url, headers=ask.headers, family=NAME)
