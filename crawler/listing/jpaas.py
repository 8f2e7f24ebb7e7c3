"""Hanweb jpaas columns: a unit of the page is built by the server on request, and comes as JSON around its markup.

The page says which in the attributes of a script (`url`, `queryData`); navigation and footer may be such units too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from crawler.listing import rows
from crawler.listing.base import Ask, Listing, ListPage, Row, unique
from crawler.listing.pieces import REFERER, column
from crawler.listing.rows import read_row, read_tree
from crawler.urls import absolute
from monitor.errors import PageError

NAME = "jpaas"
API: Final = re.compile(r"/jpaas-publish-server/[\w/]{1,60}/build/unit")
QUERY: Final = re.compile(r"querydata\s{0,5}=", re.IGNORECASE)
PAIR: Final = re.compile(r"[\"'](\w{1,40})[\"']\s{0,5}:\s{0,5}[\"']([^\"']{0,300})[\"']")
# Names that designers give to units. 分页列表, 当前栏目_list, 信息列表, ajax分页 are lists; 内容区域, 右侧内容 hold one.
LIST: Final = re.compile(r"列表|分页|list", re.IGNORECASE)
HOLDER: Final = re.compile(r"内容|栏目|信息|content", re.IGNORECASE)
BESIDE: Final = re.compile(r"导航|位置|菜单|头部|底部|友情|轮播|搜索|推荐|nav|menu|head|foot|banner", re.IGNORECASE)
# <div class="pagination" rows="15" count="209">, or queryData="{'rows':'15','count':'209','pageNo':'1'}".
ROWS: Final = re.compile(r"\brows[\"']?\s{0,5}[=:]\s{0,5}[\"'](\d{1,5})")
COUNT: Final = re.compile(r"\bcount[\"']?\s{0,5}[=:]\s{0,5}[\"'](\d{1,9})")
PAGE_SIZE: Final = 15  # what the system's own templates show
PAGING: Final = "paramJson"


def recognise(page: ListPage) -> bool:
    return API.search(page.text) is not None and QUERY.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if API.search(page.ask.url):
        return _answer(page, now)
    unit = max(_units(page), key=_worth, default=None)
    if unit is None or _worth(unit) < 1:
        plain = rows.read(page, now)
        if unit is None or (plain.rows and all(row.published for row in plain.rows)):
            return plain
    url, query = unit
    return Listing(NAME, behind=Ask(f"{url}?{urlencode(query)}", headers=((REFERER, page.url),), family=NAME))


def _units(page: ListPage) -> Iterator[tuple[str, Mapping[str, str]]]:
    for script in read_tree(page).iter("script"):
        address, query = absolute(script.get("url") or "", page.url), dict(PAIR.findall(script.get("querydata") or ""))
        if address and API.search(address) and query:
            yield address, query


def _worth(unit: tuple[str, Mapping[str, str]]) -> int:
    """How likely a unit is the column's list, by its name."""
    name = unit[1].get("tagId", "")
    if BESIDE.search(name):
        return -1
    return 2 if LIST.search(name) else 1 if HOLDER.search(name) else 0


def _answer(page: ListPage, now: datetime) -> Listing:
    markup = _markup(page)
    if not markup.strip():
        return Listing(NAME, linked=True)
    inner = replace(page, url=column(page), text=markup)
    found = _rows(inner, now)
    following = _after(page.ask, markup, len(found))
    # Only what says how many there are promises another page.
    return Listing(
        NAME, found, (following,) if following else (), linked=_number(page.ask) > 1 or bool(COUNT.search(markup))
    )


def _markup(page: ListPage) -> str:
    try:
        content = json.loads(page.text)
    except (ValueError, RecursionError):
        raise PageError(page.url, "the list's unit was asked for, and the answer is no JSON") from None
    inner = content.get("data") if isinstance(content, dict) else None
    markup = inner.get("html") if isinstance(inner, dict) else inner
    if not isinstance(markup, str):
        said = content.get("message") or content.get("msg") if isinstance(content, dict) else None
        raise PageError(page.url, f"the list's unit was not built: {str(said or 'the answer holds no markup')[:100]}")
    return markup


def _rows(page: ListPage, now: datetime) -> tuple[Row, ...]:
    tree = read_tree(page)
    lines = [element for element in tree.iter("ul") if _is_line(element)]
    if len(lines) > 1:
        return unique([row for element in lines if (row := read_row(element, page.url, now))])
    return rows.read(page, now).rows


def _is_line(element: HtmlElement) -> bool:
    """A list of its own for every article, title and day its items."""
    links = {link.get("href") for link in element.iter("a")}
    return len(links) == 1 and len(element.findall("li")) > 1


def _after(ask: Ask, markup: str, shown: int) -> Ask | None:
    number = _number(ask)
    size, count = ROWS.search(markup), COUNT.search(markup)
    held = _paging(ask).get("pageSize")
    per_page = int(size[1]) if size else held if isinstance(held, int) else max(shown, PAGE_SIZE)
    if not shown or (count is not None and number * per_page >= int(count[1])):
        return None
    query = [pair for pair in parse_qsl(urlsplit(ask.url).query, keep_blank_values=True) if pair[0] != PAGING]
    paging = json.dumps({"pageNo": number + 1, "pageSize": per_page}, separators=(",", ":"))
    url = f"{ask.url.partition('?')[0]}?{urlencode([*query, (PAGING, paging)])}"
    return replace(ask, url=url)


def _number(ask: Ask) -> int:
    number = _paging(ask).get("pageNo")
    return number if isinstance(number, int) else 1


def _paging(ask: Ask) -> Mapping[str, object]:
    said = dict(parse_qsl(urlsplit(ask.url).query)).get(PAGING, "{}")
    try:
        paging = json.loads(said)
    except (ValueError, RecursionError):  # an address that a user wrote
        return {}
    return paging if isinstance(paging, dict) else {}
