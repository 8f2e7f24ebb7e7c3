"""JSON lists: the files and libraries of gov.cn (TITLE, URL, DOCRELPUBTIME), JSON Feed, and others that name records so.

A page whose script loads such a file (ZUIXINZHENGCE.json) leads to it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from crawler.listing.base import Listing, ListPage, Row, asks, unique
from crawler.reading.dates import read_date
from crawler.urls import absolute

NAME = "records"
ADDRESS: Final = ("url", "link", "href", "external_url")
TITLE: Final = ("title", "name")
DAY: Final = (
    "docrelpubtime",
    "date_published",
    "pubtimestr",
    "pubtime",
    "publishtime",
    "publish_time",
    "pubdate",
    "date",
    "time",
)
DEPTH: Final = 6  # levels below the top at which the records may lie
MARKUP: Final = re.compile(r"<[^<>]{1,200}>")
NEXT: Final = re.compile(r"\"next_url\"\s{0,9}:\s{0,9}(\"(?:[^\"\\\s]|\\/){1,500}\")")
# A list page of gov.cn holds no row of its own; its script names the file beside it in capitals.
FILE: Final = re.compile(r"""["'](\.?/?[A-Z][A-Z0-9_]{3,40}\.json)["']""")


def recognise(page: ListPage) -> bool:
    return bool(_records(page.text)) or (FILE.search(page.text) is not None and "<html" in page.text[:2000].lower())


def read(page: ListPage, now: datetime) -> Listing:
    found = _records(page.text)
    if not found:
        named = (absolute(file, page.url) for file in FILE.findall(page.text))
        return Listing(NAME, parts=asks(dict.fromkeys(named)))
    following = asks([absolute(_next(page.text), page.url)])
    rows = unique([row for record in found if (row := _row(record, page.url, now))])
    return Listing(NAME, rows, following, linked=bool(following))


def _next(text: str) -> str:
    """The next page that a JSON Feed names."""
    named = NEXT.search(text) if "jsonfeed.org" in text[:500] else None
    return str(json.loads(named[1])) if named else ""


def _row(record: Mapping[str, Any], base: str, now: datetime) -> Row | None:
    plain = {key.lower(): value for key, value in record.items() if isinstance(value, str | int | float)}
    url = absolute(_first(plain, ADDRESS), base)
    if url is None:
        return None
    title = " ".join(MARKUP.sub("", _first(plain, TITLE)).split())
    day = _first(plain, DAY)
    return Row(url, title or None, read_date(day, now=now) if day else None)


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(record[key]) for key in keys if record.get(key)), "")


def _records(text: str) -> list[dict[str, Any]]:
    """The longest list of objects that have an address and a title; none where the text is no JSON."""
    if not text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        return []
    try:
        content = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return []
    return max(_lists(content, DEPTH), key=len, default=[])


def _lists(value: object, depth: int) -> Iterator[list[dict[str, Any]]]:
    if isinstance(value, list):
        records = [one for one in value if isinstance(one, dict) and _is_record(one)]
        if records:
            yield records
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner if depth else ():
        yield from _lists(one, depth - 1)


def _is_record(value: Mapping[str, Any]) -> bool:
    keys = {key.lower() for key in value}
    return bool(keys & set(ADDRESS)) and bool(keys & set(TITLE))
