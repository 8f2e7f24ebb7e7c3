"""人民网 and its sister sites: columns of `/n1/2026/1124/c1001-40612345.html`, set in one or several boxes above a pager of
`index2.html`, `index3.html`. All boxes above the pager are the list; the columns beside it are not.
"""

import re
from datetime import datetime
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.listing import pager
from crawler.listing.base import Listing, ListPage, Row, asks, unique
from crawler.listing.rows import base_of, read_row, read_tree
from crawler.reading.dates import read_date
from crawler.urls import absolute

NAME = "people"
PAGER: Final = re.compile(r"class=[\"']?[^\"'<>]{0,60}\bpage_n\b")
ARTICLE: Final = re.compile(r"/n\d/((?:19|20)\d\d)/(\d\d)(\d\d)/c\d+-\d+\.html$")
LINKED: Final = re.compile(r"/n\d/(?:19|20)\d\d/\d{4}/c\d+-\d+\.html")
LEAST: Final = 3  # articles above a pager
ROW_LEVELS: Final = 4  # how far above its link a row may reach


def recognise(page: ListPage) -> bool:
    return PAGER.search(page.text) is not None and LINKED.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    tree = read_tree(page)
    base = base_of(tree, page.url)
    turner = next((element for element in tree.iter() if "page_n" in _classes(element)), None)
    main = _main(turner, base) if turner is not None else tree
    links = [link for link in main.iter("a") if _article(link, base)]
    owners: dict[HtmlElement, set[str | None]] = {}
    for link in links:
        for ancestor, _ in zip(link.iterancestors(), range(ROW_LEVELS), strict=False):
            owners.setdefault(ancestor, set()).add(_article(link, base))
    rows = [row for link in links if (row := _row(link, owners, base, now))]
    found = pager.linked(tree, page.text, base) or _after_current(turner, base)
    return Listing(NAME, unique(rows), asks(found), linked=bool(found))


def _main(turner: HtmlElement, base: str) -> HtmlElement:
    """The nearest element around the pager that holds a list."""
    for ancestor in turner.iterancestors():
        if len({_article(link, base) for link in ancestor.iter("a")} - {None}) >= LEAST:
            return ancestor
    return turner.getroottree().getroot()


def _article(link: HtmlElement, base: str) -> str | None:
    url = absolute(link.get("href") or "", base)
    return url if url and ARTICLE.search(urlsplit(url).path) else None


def _row(link: HtmlElement, owners: dict[HtmlElement, set[str | None]], base: str, now: datetime) -> Row | None:
    """The largest element around the link that names no other article; its address dates it where it does not itself."""
    element = link
    for ancestor, _ in zip(link.iterancestors(), range(ROW_LEVELS), strict=False):
        if len(owners[ancestor]) > 1 or ancestor.tag in ("ul", "ol", "body"):
            break
        element = ancestor
    url, row = _article(link, base), read_row(element, base, now)
    if url is None or row is None:
        return None
    found = ARTICLE.search(urlsplit(url).path)
    day = read_date("-".join(found.groups()), now=now) if found else None
    return Row(url, row.title, row.published or day)


def _after_current(turner: HtmlElement | None, base: str) -> tuple[str, ...]:
    """The page after the one that the pager marks as shown."""
    links = list(turner.iter("a")) if turner is not None else []
    for link, after in pairwise(links):
        if "common_current_page" in _classes(link):
            url = absolute(after.get("href") or "", base)
            return (url,) if url else ()
    return ()


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split() if isinstance(element.tag, str) else []
