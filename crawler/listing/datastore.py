"""What every list drawn by the jpage script has (Hanweb JCMS, truecms): records in a datastore, the settings of the
script's call, and the span of records that it asks for next.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

RECORD: Final = "<record>"
TOTAL: Final = re.compile(r"<totalrecord>\s{0,9}(\d{1,9})")
PAGES: Final = re.compile(r"<totalpage>\s{0,9}(\d{1,7})")
NEXT_GROUP: Final = re.compile(r"<nextgroup>[^<]{0,20}<!\[CDATA\[\s{0,99}<a\s[^>]{0,20}href=[\"']([^\"']{1,2000})")
CALL: Final = re.compile(r"\.jpage\s?\(\s?\{")
CALL_LENGTH: Final = 20_000  # characters in which the settings of a call stand; its template for rows may be long
PARAMETERS: Final = re.compile(r"ajaxParam\s{0,9}:\s{0,9}\{([^{}]{0,4000})\}")
PARAMETER: Final = re.compile(
    r"[\"']?\b(\w{1,40})[\"']?\s{0,9}:\s{0,9}(?:'([^']{0,500})'|\"([^\"]{0,500})\"|([\w.%-]{1,100}))"
)
PROXY: Final = re.compile(r"proxyUrl\s{0,9}:\s{0,9}[\"']([^\"']{1,300})[\"']")
COUNT: Final = re.compile(r"\b(perPage|groupSize|totalRecord)\s{0,9}:\s{0,9}[\"']?(\d{1,9})")
PER_PAGE: Final = 20  # what the script takes where a page does not say
LARGEST_SPAN: Final = 100  # records; servers cut what is above about 300, and nobody needs as many at once


@dataclass(frozen=True, slots=True)
class Store:
    """`end` is where it ends in its text; `group` is where a reader without a script would go on."""

    records: tuple[str, ...]
    total: int | None
    pages: int | None
    group: str | None
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """The settings of a jpage call: `group` records are fetched at once and shown `per_page` at a time."""

    proxy: str | None
    parameters: tuple[tuple[str, str], ...]
    per_page: int
    group: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """The records from `first` to `last`, counted from one."""

    first: int
    last: int
    per_page: int

    def parameters(self) -> tuple[tuple[str, str], ...]:
        return (("startrecord", str(self.first)), ("endrecord", str(self.last)), ("perpage", str(self.per_page)))

    def after(self, shown: int, total: int | None) -> "Span | None":
        """The next span; None where the list has ended: all `total` are had, or fewer were `shown` than a page holds."""
        more = self.last < total if total is not None else shown >= self.per_page
        return Span(self.last + 1, 2 * self.last - self.first + 1, self.per_page) if more and shown else None


def read_store(text: str) -> Store | None:
    """The datastore with most records: what a page shows beside its list is shorter."""
    return max(_stores(text), key=lambda store: len(store.records), default=None)


def _stores(text: str) -> Iterator[Store]:
    start = text.find("<datastore>")
    while start >= 0:
        closed = text.find("</datastore>", start)
        end = closed if closed >= 0 else len(text)
        inner = text[start:end]
        head, *records = inner.split(RECORD)
        group = NEXT_GROUP.search(head)
        address = group[1].replace("&amp;", "&") if group else None
        yield Store(tuple(map(_markup, records)), _said(TOTAL, head), _said(PAGES, head), address, end)
        start = text.find("<datastore>", end)


def _said(count: re.Pattern[str], text: str) -> int | None:
    found = count.search(text)
    return int(found[1]) if found else None


def _markup(record: str) -> str:
    inner = record.partition("</record>")[0]
    return inner.partition("<![CDATA[")[2].partition("]]>")[0] if "<![CDATA[" in inner else inner


def read_call(text: str, start: int = 0) -> Call | None:
    """The settings of the first call after `start`, else of the first of the text."""
    found = CALL.search(text, start) or CALL.search(text)
    if found is None:
        return None
    settings = text[found.end() : found.end() + CALL_LENGTH].partition(".jpage")[0]
    proxy, inner = PROXY.search(settings), PARAMETERS.search(settings)
    pairs = PARAMETER.findall(inner[1]) if inner else ()
    parameters = tuple((name, single or double or bare) for name, single, double, bare in pairs)
    counts = {name: int(count) for name, count in COUNT.findall(settings)}
    per_page = min(counts.get("perPage") or PER_PAGE, LARGEST_SPAN)
    group = min(per_page * (counts.get("groupSize") or 1), LARGEST_SPAN)
    return Call(proxy[1] if proxy else None, parameters, per_page, group, counts.get("totalRecord"))


def span_of(url: str) -> Span | None:
    """The span that an address asked for; None where it asked for none."""
    asked = parse_qs(urlsplit(url).query)
    try:
        first, last, per_page = (int(asked[name][0]) for name in ("startrecord", "endrecord", "perpage"))
    except (KeyError, ValueError):
        return None
    return Span(first, last, per_page)
