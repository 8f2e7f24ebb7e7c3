"""Xinhua's publishing system (news.cn, 国家能源局, 求是): a box says data="datasource:ID", and the file ds_ID.json beside the
page holds what it shows, newest first, up to a thousand rows in one file.

Boxes that the page leaves empty are filled from their files; where all are filled, the file of the fullest is read.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.listing.answers import read_object, records_in, rows_of, said
from crawler.listing.base import Ask, Listing, ListPage, Row, unique
from crawler.listing.dialects import dialect
from crawler.listing.rows import read_tree
from monitor.errors import PageError

NAME = "xinhua"
MARK: Final = re.compile(r"\bdata\s*=\s*[\"']datasource:[0-9a-f]{6,64}[\"']", re.IGNORECASE)
SOURCE: Final = re.compile(r"datasource:([0-9a-f]{6,64})", re.IGNORECASE)
PREFIX: Final = re.compile(r"[a-z_]{0,20}", re.IGNORECASE)
MOST_BOXES: Final = 8  # files read for one page: a front page has dozens of boxes, and a column one or two


def recognise(page: ListPage) -> bool:
    """By its boxes; those beside an article's text do not make it a list."""
    return dialect(page.url) != "xinhua" and MARK.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if page.ask.url.partition("?")[0].endswith(".json"):
        return Listing(NAME, _rows(page, now))
    boxes: dict[str, int] = {}
    for element in read_tree(page).iter():
        found = SOURCE.fullmatch((element.get("data") or "").strip()) if isinstance(element.tag, str) else None
        if found:
            file = f"{_prefix(element)}{found[1]}.json"
            boxes[file] = max(boxes.get(file, 0), sum(1 for _ in element.iter("a")))
    if not boxes:
        raise PageError(page.url, "no box of the page names its file")
    asks = [Ask(urljoin(page.url, file), family=NAME) for file, links in boxes.items() if links == 0]
    asks = asks or [Ask(urljoin(page.url, max(boxes, key=lambda file: boxes[file])), family=NAME)]
    return Listing(NAME, behind=asks[0]) if len(asks) == 1 else Listing(NAME, parts=tuple(asks[:MOST_BOXES]))


def _prefix(element: HtmlElement) -> str:
    """What stands before the id in the file's name; the box says it as its preview."""
    given = (element.get("preview") or "").strip()
    return given if given and PREFIX.fullmatch(given) else "ds_"


def _rows(page: ListPage, now: datetime) -> tuple[Row, ...]:
    answer = read_object(page)
    if not isinstance(answer.get("datasource"), list):
        raise PageError(page.url, "the file of the list holds no datasource")
    found: list[Row] = []
    for record in records_in(answer, "datasource"):
        linked = records_in(record, "linkUrls")
        # The time of a link is that of its setting into the list, hours after the article's.
        day = () if said(record, "contentType") == "Link" else ("publishTime", "publishDate")
        flat = {**record, "link": said(linked[0], "linkUrl") if linked and not said(record, "publishUrl") else ""}
        found += rows_of(
            [flat], page.url, now, address=("publishUrl", "link", "url"), title=("title", "showTitle"), day=day
        )
    return unique(found)
