"""Newspapers in Founder's systems, the old one and the new: a sheet names its articles and the other sheets of its day.

The address of a paper leads to the first sheet of the newest day; the other sheets are parts of the list.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.listing.base import Ask, Listing, ListPage, Row, unique
from crawler.listing.rows import base_of, read_tree
from crawler.urls import absolute

NAME = "epaper"
# /pc/layout/202611/24/node_01.html, /html/2026-11/24/node_2.htm, /html/2024-11/30/nbs.D110000renmrb_01.htm
DAY: Final = r"(?P<year>(?:19|20)\d\d)-?(?P<month>0[1-9]|1[0-2])/(?P<day>0[1-9]|[12]\d|3[01])"
SHEET_NAME: Final = r"(?:node_\w{1,20}|nbs\.[\w.-]{1,40})\.html?"
SHEET: Final = re.compile(rf"/{DAY}/{SHEET_NAME}$")
ARTICLE: Final = re.compile(rf"/{DAY}/(?:content_\w{{1,40}}|nw\.[\w.-]{{1,60}})\.html?$")
# An entry page holds nothing but the way to the first sheet.
ENTRY: Final = re.compile(
    rf"location(?:\.href)?\s{{0,3}}(?:=|\.replace\(|\.assign\()\s{{0,3}}[\"']([^\"'\s]{{0,200}}{DAY}/{SHEET_NAME})[\"']"
)
NAMED: Final = re.compile(
    r"(?:content_\w{1,40}|nw\.[\w.-]{1,60}|node_\w{1,20}|nbs\.[\w.-]{1,40})\.html?", re.IGNORECASE
)
# What a sheet names beside its articles.
NO_ARTICLE: Final = re.compile(
    r"(?:公益)?广告.{0,6}|责编.{0,12}|责任编辑.{0,12}|报头|报眼|导读|本版导读|无标题|图片|下一篇|上一篇|返回.{0,6}"
)


def recognise(page: ListPage) -> bool:
    if SHEET.search(urlsplit(page.url).path):
        return NAMED.search(page.text) is not None
    return ENTRY.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:  # noqa: ARG001  # a paper's day stands in its address
    if not SHEET.search(urlsplit(page.url).path):
        return _entry(page)
    tree = read_tree(page)
    base = base_of(tree, page.url)
    links = [(link, url) for link in tree.iter("a") if (url := absolute(link.get("href") or "", base))]
    rows = [row for link, url in links if (row := _row(link, url))]
    day = _day(page.url)
    others = (url for _, url in links if SHEET.search(urlsplit(url).path) and _day(url) == day)
    own = urlsplit(page.url).path
    sheets = dict.fromkeys(url for url in others if urlsplit(url).path != own)
    return Listing(NAME, unique(rows), parts=tuple(Ask(url, family=NAME) for url in sheets))


def _entry(page: ListPage) -> Listing:
    found = ENTRY.search(page.text)
    first = absolute(found[1], page.url) if found else None
    return Listing(NAME, behind=Ask(first, family=NAME) if first else None)


def _row(link: HtmlElement, url: str) -> Row | None:
    day = _day(url) if ARTICLE.search(urlsplit(url).path) else None
    seen = " ".join("".join(link.itertext()).split())
    title = max(seen, " ".join((link.get("title") or "").split()), key=len)
    return Row(url, title, day) if day and title and not NO_ARTICLE.fullmatch(title) else None


def _day(url: str) -> str | None:
    found = SHEET.search(urlsplit(url).path) or ARTICLE.search(urlsplit(url).path)
    return f"{found['year']}-{found['month']}-{found['day']}" if found else None
