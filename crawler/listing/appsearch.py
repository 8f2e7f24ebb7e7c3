"""Kaipu appsearch (吴江, 太仓): the page's script posts to /appsearch/wjapi/list or /appsearch/tcapi/list, and the answer is
JSON. Office and column stand in the page's address or in its script.

Never asks for the documents of all offices: a page that does not say whose list it is is a fault.
"""

import json
import re
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.listing.answers import count, object_in, read_object, records_in, rows_of
from crawler.listing.base import Ask, Listing, ListPage
from crawler.listing.pieces import as_script, column
from monitor.errors import PageError

NAME = "appsearch"
INTERFACE: Final = re.compile(r"[\"'`]([^\"'`\s<>?]{0,100}/appsearch/\w{1,20}/list)\b")
TOLD: Final[tuple[str, ...]] = ("deptid", "channel_id", "pid")
# var pid = "6d76..." or channelId: "...": the script names the column as it likes.
SAID: Final = re.compile(r"\b(deptid|channel_?id|pid)[\"']?\s*[:=]\s*[\"']([0-9a-f]{6,40})[\"']", re.IGNORECASE)
SIZE: Final = "20"
# Published, signed, put into the index: the first is what a reader calls the day.
DAYS: Final = ("published_time", "qw_xcgkrq", "qw_xcscrq")


def recognise(page: ListPage) -> bool:
    return INTERFACE.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if page.ask.headers:
        return _found(page, now)
    named, told = INTERFACE.search(page.text), _told(page)
    if named is None or not told:
        raise PageError(page.url, "the page does not say which office or column its list shows")
    return Listing(NAME, behind=_question(urljoin(page.url, named[1]), told, 1, page.url))


def _told(page: ListPage) -> dict[str, str]:
    """Whose list it is: as the address says, else as the script does."""
    own = {name.lower(): value for name, value in parse_qsl(urlsplit(page.url).query)}
    given = {name: own[name] for name in TOLD if own.get(name)}
    if given:
        return given
    said = {name.lower(): value for name, value in reversed(SAID.findall(page.text))}
    known = {name.replace("channelid", "channel_id"): value for name, value in said.items()}
    return {name: known[name] for name in TOLD if name in known}


def _question(address: str, told: dict[str, str], number: int, asked_by: str) -> Ask:
    """All of it stands in the address, and is posted with an empty body."""
    query = urlencode({**told, "pageSize": SIZE, "currentPage": str(number)})
    url = urlunsplit(urlsplit(address)._replace(query=query))
    return Ask(url, json="", headers=as_script(asked_by), family=NAME)


def _found(page: ListPage, now: datetime) -> Listing:
    data = object_in(_unwrapped(page), "data")
    if not isinstance(data.get("list"), list):
        raise PageError(page.url, "the interface did not answer with a list")
    rows = rows_of(records_in(data, "list"), column(page), now, address=("url",), title=("title",), day=DAYS)
    query = dict(parse_qsl(urlsplit(page.ask.url).query))
    asked = count(query.get("currentPage"))
    more = bool(rows) and asked < count(data.get("totalPage"))
    told = {name: query[name] for name in TOLD if name in query}
    following = (_question(page.ask.url, told, asked + 1, column(page)),) if more else ()
    return Listing(NAME, rows, following, linked=more)


def _unwrapped(page: ListPage) -> dict[str, object]:
    """The answer, which some servers write as a JSON text within JSON. Raises PageError."""
    try:
        inner = json.loads(page.text) if page.text.lstrip().startswith('"') else None
        answer = json.loads(inner) if isinstance(inner, str) else None
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else read_object(page)
