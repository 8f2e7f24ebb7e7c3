"""Hanweb's search of a whole site (工信部文件库): /search/zcwjk.html?websiteid=...&category=... is a shell, and
/search-front-server/api/search/info answers its own question, the newest first, as JSON.

Reads libraries, which ask for a category and no words; a search for words is no list of articles.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.listing.answers import count, object_in, read_object, records_in, rows_of
from crawler.listing.base import Ask, Listing, ListPage
from crawler.listing.pieces import as_script, column
from monitor.errors import PageError

NAME = "jsearch"
SHELL: Final = re.compile(r"/search/\w{1,40}\.html$")
INTERFACE: Final = "/search-front-server/api/search/info"
SIZE: Final = "20"
ORDER: Final = {"dateField": "deploytime", "sortFields": '[{"name":"deploytime","type":"desc"}]'}
DAYS: Final = ("jsearch_date", "publishtime", "deploytime", "cdate")


def is_shell(url: str) -> bool:
    """Whether an address alone tells what its script would ask for, so that its page may be empty."""
    parts = urlsplit(url)
    own = dict(parse_qsl(parts.query))
    return SHELL.search(parts.path) is not None and bool(own.get("websiteid")) and bool(own.get("category"))


def recognise(page: ListPage) -> bool:
    return is_shell(page.url) and not page.text.lstrip().startswith("{")


def read(page: ListPage, now: datetime) -> Listing:
    if urlsplit(page.ask.url).path.endswith(INTERFACE):
        return _found(page, now)
    own = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    question = {**own, **ORDER, "pg": SIZE, "p": "1"}
    return Listing(NAME, behind=_ask(urljoin(page.url, INTERFACE), question, page.url))


def _ask(address: str, question: Mapping[str, str], asked_by: str) -> Ask:
    url = urlunsplit(urlsplit(address)._replace(query=urlencode(question)))
    return Ask(url, headers=as_script(asked_by), family=NAME)


def _found(page: ListPage, now: datetime) -> Listing:
    result = object_in(object_in(read_object(page), "data"), "searchResult")
    if not isinstance(result.get("dataResults"), list):
        raise PageError(page.url, "the search did not answer with a list")
    records = [_record(one) for one in records_in(result, "dataResults")]
    rows = rows_of(records, column(page), now, address=("url",), title=("title", "title_text"), day=DAYS)
    question = dict(parse_qsl(urlsplit(page.ask.url).query, keep_blank_values=True))
    asked, size = count(question.get("p")), count(question.get("pg"))
    total = count(result.get("total")) or count(result.get("totalCount"))
    more = asked * size < total if total else len(records) >= size > 0
    following = (_ask(page.ask.url, {**question, "p": str(asked + 1)}, column(page)),) if rows and more else ()
    return Listing(NAME, rows, following, linked=bool(total and following))


def _record(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Copies of one document are grouped, and the first of them is shown."""
    group = records_in(found, "groupData")
    return object_in(group[0] if group else found, "data")
