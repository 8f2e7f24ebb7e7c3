"""Hanweb JCMS columns drawn by the jpage script: the first records lie in XML inside the page, the next ones behind
`dataproxy.jsp`.

The script asks for spans of records by POST. Some servers answer that with the first page again, whatever is asked;
these number their pages instead, in the link of `<nextgroup>` that is there for readers without a script. Both are
candidates; what the first later page answered to is kept to.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.listing import rows
from crawler.listing.base import Ask, Listing, ListPage, Row
from crawler.listing.datastore import RECORD, Call, Span, Store, read_call, read_store, span_of
from crawler.listing.pieces import REFERER, as_script, column, read_pieces
from crawler.urls import absolute
from monitor.errors import PageError

NAME = "jpage"
PROXY: Final = "/jpage/dataproxy.jsp"
PAGE: Final = re.compile(r"(?<=[?&]page=)\d{1,6}(?=&|$)")


def recognise(page: ListPage) -> bool:
    return PROXY in page.text or ("<datastore>" in page.text and RECORD in page.text)


def read(page: ListPage, now: datetime) -> Listing:
    store = read_store(page.text)
    if PROXY in page.ask.url or span_of(page.ask.url):
        return _answer(page, store, now)
    call = read_call(page.text, store.end if store else 0)
    if store is None or not store.records:
        return _empty(page, call, now)
    found = read_pieces(store.records, page.url, now)
    return Listing(NAME, found, tuple(_after_first(page, store, call)))


def _answer(page: ListPage, store: Store | None, now: datetime) -> Listing:
    if store is None:
        raise PageError(page.url, "the list's records were asked for, and the answer holds no <datastore>")
    found = read_pieces(store.records, column(page), now)
    following = _after(page, store, found)
    return Listing(NAME, found, (following,) if following else (), linked=True)


def _empty(page: ListPage, call: Call | None, now: datetime) -> Listing:
    """A column whose rows the server printed itself, or one whose script asks for the first record too."""
    plain = rows.read(page, now)
    dated = sum(row.published is not None for row in plain.rows)
    if call is None or 2 * dated > len(plain.rows):
        return plain
    behind = _posted(page.url, call, Span(1, call.group, call.per_page))
    return Listing(NAME, behind=behind) if behind else plain


def _after_first(page: ListPage, store: Store, call: Call | None) -> Iterator[Ask]:
    """Where the second page may be: the script's own request, then the address for readers without one. That may name
    the page that is shown already, so the one after it is tried too."""
    had = len(store.records)
    total = store.total if store.total is not None else call.total if call else None
    if total is not None and had >= total:
        return
    posted = _posted(page.url, call, Span(had + 1, had + call.group, call.per_page)) if call else None
    if posted:
        yield posted
    url = absolute(store.group or "", page.url)
    if url:
        number = PAGE.search(url)
        headers = ((REFERER, page.url),)
        yield Ask(url, headers=headers, family=NAME)
        if number:
            yield Ask(PAGE.sub(str(int(number[0]) + 1), url), headers=headers, family=NAME)


def _posted(url: str, call: Call, span: Span) -> Ask | None:
    """None where the call says neither what is asked for nor where."""
    proxy = absolute(call.proxy or f"/module/web{PROXY}", url)
    if proxy is None or not call.parameters:
        return None
    return Ask(f"{proxy}?{urlencode(span.parameters())}", call.parameters, headers=as_script(url), family=NAME)


def _after(page: ListPage, store: Store, found: tuple[Row, ...]) -> Ask | None:
    """The page after an answer, asked for in the way that this one was."""
    ask = page.ask
    span = span_of(ask.url)
    url = _spanned(ask.url, span.after(len(store.records), store.total)) if span else _numbered(page, store)
    return Ask(url, ask.form, headers=ask.headers, family=NAME) if url and found else None


def _spanned(asked: str, span: Span | None) -> str | None:
    return f"{asked.partition('?')[0]}?{urlencode(span.parameters())}" if span else None


def _numbered(page: ListPage, store: Store) -> str | None:
    number = PAGE.search(page.ask.url)
    if number and store.pages is not None and int(number[0]) >= store.pages:
        return None
    url = absolute(store.group or "", page.url)
    return _completed(url, page.ask.url) if url else None


def _completed(url: str, asked: str) -> str:
    """The link inside an answer leaves out what it takes for known; what is there may be encrypted and stays as it is."""
    known = {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    left_out = [pair for pair in parse_qsl(urlsplit(asked).query, keep_blank_values=True) if pair[0] not in known]
    return f"{url}&{urlencode(left_out)}" if left_out else url
