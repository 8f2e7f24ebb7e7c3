"""Epoint EWB (国泰新点): a list page's address names a category, a script of its site names the site, and the interface
getgovinfolist answers JSON.

Two or three steps lie between page and list; each is asked for in the page's name, so that the category is not lost.
"""

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.listing import rows
from crawler.listing.answers import count, object_in, read_object, records_in, rows_of
from crawler.listing.base import Ask, Listing, ListPage
from crawler.listing.pieces import as_script
from monitor.errors import PageError

NAME = "epoint"
INTERFACE: Final = "/rest/lightfrontaction/getgovinfolist"
# govInfoPub.html, govInfoPubright.html, nohandsdate_govInfoPub.html, openlist.html, govGuidePub.html
LIST: Final = re.compile(r"/\w*(?:govInfoPub|govGuidePub|openlist)\w*\.html$", re.IGNORECASE)
COMMON: Final = re.compile(
    r"<script[^>]{0,200}src\s*=\s*[\"']?([^\"'\s>]{0,200}webBuilderCommon\.js[^\"'\s>]{0,60})", re.IGNORECASE
)
USUAL: Final = "/js/webBuilderCommon.js"
OTHER: Final = "/js/ajaxReq.js"  # where sites keep their id whose common script does not tell it
SITE_INFO: Final = re.compile(r"siteInfo\s*=\s*(\{[^{}]{2,2000}\})")
FIELD: Final = re.compile(r"[\"']?(siteGuid|projectName)[\"']?\s*:\s*[\"']([^\"']{1,100})[\"']")
SIZE: Final = 20
PLAIN: Final = 5  # dated rows that are the list itself


def recognise(page: ListPage) -> bool:
    """By a category in the address of a page that the builder made."""
    if not _column(page.url)["categorynum"] or "<" not in page.text:
        return False
    return LIST.search(urlsplit(page.url).path) is not None or COMMON.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if page.ask.json is not None:
        return _found(page, now)
    asked_by = dict(page.ask.headers).get("Referer")
    if asked_by is not None:
        return Listing(NAME, behind=_interface(page, asked_by))
    common, plain = COMMON.search(page.text), rows.read(page, now)
    if sum(row.published is not None for row in plain.rows) >= PLAIN:
        return plain  # the builder wrote the rows into the page
    return Listing(NAME, behind=_script(urljoin(page.url, common[1] if common else USUAL), page.url))


def _script(address: str, column: str) -> Ask:
    return Ask(address, headers=(("Referer", column),), family=NAME)


def _column(url: str) -> dict[str, str]:
    """Office and category of an address, whatever the case of their names."""
    given = {name.lower(): values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return {"deptcode": given.get("deptcode", ""), "categorynum": given.get("categorynum", "")}


def _interface(page: ListPage, column: str) -> Ask:
    """The question as the site's scripts put it; pages count from 0."""
    info = SITE_INFO.search(page.text)
    fields = dict(FIELD.findall(info[1] if info else page.text))
    if "siteGuid" not in fields and OTHER not in page.url:
        return _script(urljoin(page.url, OTHER), column)
    if "siteGuid" not in fields:
        raise PageError(page.url, "the site's scripts do not say which site it is (siteGuid)")
    question = {**_column(column), "pageIndex": 0, "pageSize": SIZE, "siteGuid": fields["siteGuid"]}
    project = fields.get("projectName", "EWB-FRONT").strip("/")
    address = urljoin(page.url, f"/{project}{INTERFACE}")
    return Ask(address, json=json.dumps(question), headers=as_script(column), family=NAME)


def _found(page: ListPage, now: datetime) -> Listing:
    answer = object_in(read_object(page), "custom")
    if not isinstance(answer.get("data"), list):
        raise PageError(page.url, "the interface did not answer with a list")
    found = rows_of(
        records_in(answer, "data"),
        urljoin(page.url, "/"),
        now,
        address=("infourl", "visiturl", "linkurl"),
        title=("title", "realtitle"),
        day=("infodate", "handsdate"),
    )
    question: dict[str, Any] = json.loads(page.ask.json or "{}")
    asked = count(question.get("pageIndex"))
    if not found or (asked + 1) * SIZE >= count(answer.get("total")):
        return Listing(NAME, found)
    # Some sites count from 1 and take 0 for 1: their page 1 repeats these rows, and the one after it is tried.
    numbers = (1, 2) if asked == 0 else (asked + 1,)
    following = tuple(replace(page.ask, json=json.dumps({**question, "pageIndex": number})) for number in numbers)
    return Listing(NAME, found, following, linked=asked > 0)
