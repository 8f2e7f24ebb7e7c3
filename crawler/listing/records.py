"""JSON lists: the files and libraries of gov.cn (TITLE, URL, DOCRELPUBTIME), JSON Feed, the search of TRS IGS, and others
that name records so.

A page whose script loads such a file (ZUIXINZHENGCE.json), or names the search with all that is asked, leads to it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from crawler.listing.base import Ask, Listing, ListPage, Row, asks, unique
from crawler.reading.dates import read_date
from crawler.urls import absolute

NAME = "records"
ADDRESS: Final = ("url", "link", "href", "external_url", "docpuburl")
TITLE: Final = ("title", "name", "doctitle")
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
# TRS IGS (南京): the search that draws a column, asked for its pages by number.
SEARCH: Final = re.compile(
    r"""["']((?:https?:)?/[^"'\s]{0,80}/?igs/front/search/publish/data/list\.html\?[^"'\s]{10,2000})["']"""
)
FILE: Final = re.compile(r"""["'](\.?/?[A-Z][A-Z0-9_]{3,40}\.json)["']""")


def recognise(page: ListPage) -> bool:
    if "<html" not in page.text[:2000].lower():
        return bool(_records(page.text))
    return _searched(page) is not None or FILE.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    found = _records(page.text)
    if not found and (searched := _searched(page)):
        return Listing(NAME, behind=Ask(searched, family=NAME))
    if not found:
        named = (absolute(file, page.url) for file in FILE.findall(page.text))
        return Listing(NAME, parts=asks(dict.fromkeys(named)))
    following = asks([absolute(_next(page.text), page.url) or _next_page(page.url)])
    rows = unique([row for record in found if (row := _row(record, page.url, now))])
    return Listing(NAME, rows, following, linked=bool(following))


def _next(text: str) -> str:
    """The next page that a JSON Feed names."""
    named = NEXT.search(text) if "jsonfeed.org" in text[:500] else None
    return str(json.loads(named[1])) if named else ""


def _searched(page: ListPage) -> str | None:
    """The search that the page's script asks, where it says so in one piece."""
    named = SEARCH.search(page.text)
    return absolute(named[1].replace("&amp;", "&"), page.url) if named and "SITEID" in named[1] else None


def _next_page(url: str) -> str | None:
    """The search's next page; whether there is one, its rows must tell."""
    number = re.search(r"(?<=[?&]pageNumber=)(\d{1,6})", url) if "/igs/front/search/" in url else None
    return f"{url[: number.start()]}{int(number[1]) + 1}{url[number.end() :]}" if number else None


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
