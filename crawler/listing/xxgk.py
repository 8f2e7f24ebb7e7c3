"""Hanweb lists of 政府信息公开: the column is a shell, and its table is the answer to a form posted to `search.jsp`.

The form names an authority (area) and a kind of document (infotypeId); without a kind the answer is all that the
authority has published.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.listing import rows
from crawler.listing.base import Ask, Listing, ListPage, Row, unique
from crawler.listing.pieces import as_script, column, mend_links
from crawler.listing.rows import read_row, read_tree
from crawler.reading.dates import read_date

NAME = "xxgk"
SEARCH: Final = "/module/xxgk/search.jsp"
# loadDynamic('/module/xxgk/search.jsp?infotypeId='+a+'&area=014001303','div4','0','0','950','1','',''), and the frame
# with the tree of kinds: tree.jsp?divid=div4&area=014001303.
MARK: Final = re.compile(r"/module/xxgk/(?:search|tree)\.jsp\?")
CALL: Final = re.compile(r"[\"']/module/xxgk/search\.jsp\?[^;]{0,800}")
WORD: Final = re.compile(r",\s{0,9}[\"']([^\"'+]{0,80})[\"']")
TREE: Final = re.compile(r"/module/xxgk/tree\.jsp\?([^\"'<>\s]{0,600})")
KIND: Final = re.compile(r"infotypeId=(\w{1,60})")
AREA: Final = re.compile(r"[?&]area=([\w-]{1,60})")
SITE_PLACE: Final = 4  # of the words after the address in loadDynamic(...)
SITE: Final = re.compile(r"\b(?:jdid|webid)[\"']?\s{0,5}[=:]\s{0,5}[\"']?(\d{1,8})\b", re.IGNORECASE)
STANDARD: Final = "standardXxgk=1"  # the newer one of two ways to sort documents into kinds
PAGES: Final = re.compile(
    r"共\s{0,5}(?:&nbsp;|<[^<>]{1,60}>|\s){0,5}(\d{1,6})\s{0,5}(?:&nbsp;|<[^<>]{1,60}>|\s){0,5}页"
)
YEAR_FIRST: Final = re.compile(r"[\s\[【(（]{0,9}(?:19|20)\d\d\D")
# What the script leaves empty unless a reader searches; it repeats these in the address.
SEARCHED: Final = ("texttype", "fbtime", "vc_all", "vc_filenumber", "vc_title", "vc_number")


def recognise(page: ListPage) -> bool:
    return MARK.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if SEARCH in page.ask.url:
        return _answer(page, now)
    form = _form(page)
    if form is None:
        return rows.read(page, now)
    return Listing(NAME, behind=_asked(page.url, form, 1))


def _form(page: ListPage) -> dict[str, str] | None:
    """Who is asked for what, as the page's script would; None where the page names neither authority nor kind."""
    said = parse_qs(urlsplit(page.url).query)
    called, tree = CALL.search(page.text), TREE.search(page.text)
    call = called[0] if called else ""
    words = WORD.findall(call)
    branch = parse_qs(tree[1].replace("&amp;", "&")) if tree else {}
    kind = _first(said.get("number"), KIND.findall(call))
    area = _first(said.get("vc_xxgkarea"), AREA.findall(call), branch.get("area"))
    if not area and not kind:
        return None
    site = _first(words[SITE_PLACE : SITE_PLACE + 1], SITE.findall(page.text)) or "1"
    form = {"infotypeId": kind, "jdid": site, "area": area, "sortfield": ""}
    form["divid"] = _first(words[:1], branch.get("divid")) or "div1"
    standard = STANDARD in call or "standardXxgk" in branch
    return form | ({"standardXxgk": "1"} if standard else {})


def _first(*found: Sequence[str] | None) -> str:
    return next((one[0] for one in found if one and one[0]), "")


def _asked(url: str, form: dict[str, str], number: int) -> Ask:
    searched = dict.fromkeys(SEARCHED, "") | {"currpage": str(number)}
    address = urljoin(url, f"{SEARCH}?{urlencode(searched)}")
    return Ask(address, tuple((form | searched).items()), headers=as_script(url), family=NAME)


def _answer(page: ListPage, now: datetime) -> Listing:
    if not page.text.strip():
        return Listing(NAME, linked=True)
    tree = read_tree(page)
    base = column(page)
    mend_links(tree, base)
    table = unique([row for element in tree.iter("tr") if (row := _row(element, base, now))])
    found = table or rows.read(replace(page, url=base), now).rows  # newer templates answer with a plain list
    form = dict(page.ask.form)
    number = int(form.get("currpage") or 1)
    pages = PAGES.search(page.text)
    more = found and (pages is None or number < int(pages[1]))
    return Listing(NAME, found, (_asked(base, form, number + 1),) if more else (), linked=True)


def _row(element: HtmlElement, base: str, now: datetime) -> Row | None:
    """A line of the table: 索引号, title, day. A table around it is none, nor is the bar with the page numbers."""
    if next(element.iter("table"), None) is not None or next(element.iter("th"), None) is not None:
        return None
    row = read_row(element, base, now)
    if row is None or not row.title or row.title.strip("[]【】").endswith(("页", "GO")):
        return None
    return Row(row.url, row.title, _day(element, now) or row.published)


def _day(element: HtmlElement, now: datetime) -> str | None:
    """The last cell that is a date: an 索引号 before it may look like one, and what is published last stands last."""
    cells = ("".join(cell.itertext()).strip() for cell in reversed(list(element.iter("td"))))
    days = (read_date(cell, now=now) for cell in cells if len(cell) <= rows.SHORT and YEAR_FIRST.match(cell))
    return next((day for day in days if day), None)
