"""Guangdong gkmlpt (政府信息公开平台 of the province, its cities and their offices): the page's _CONFIG names the site, the
address after # the column, and /gkmlpt/api/all/COLUMN answers JSON.

Without a column the newest of all columns are read. Pages of documents under /gkmlpt/content/ are none of this family.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

from crawler.listing.answers import count, object_in, read_object, records_in, rows_of
from crawler.listing.base import Ask, Listing, ListPage
from monitor.errors import PageError

NAME = "gkmlpt"
PLATFORM: Final = re.compile(r"^(.*/gkmlpt)/(?!content/|api/)")
SITE: Final = re.compile(r"[\"']?\bSID[\"']?\s*:\s*[\"']?(\d{1,9})\b")
COLUMN: Final = re.compile(r"/?(\d{1,9})")
ALL: Final = "0"  # the column that the platform keeps of all others
SIZE: Final = 100  # documents an answer holds at most: five of the pages that a reader leafs through
DAYS: Final = ("first_publish_time", "display_publish_time", "date", "created_at")


def recognise(page: ListPage) -> bool:
    return (
        PLATFORM.match(urlsplit(page.url).path) is not None and "_CONFIG" in page.text and bool(SITE.search(page.text))
    )


def read(page: ListPage, now: datetime) -> Listing:
    if page.ask.family == NAME and "/gkmlpt/api/all/" in page.ask.url:
        return _found(page, now)
    site, platform = SITE.search(page.text), PLATFORM.match(urlsplit(page.url).path)
    if site is None or platform is None:
        raise PageError(page.url, "the page does not say which site of the platform it is (SID)")
    column = COLUMN.match(urlsplit(page.ask.url).fragment or urlsplit(page.url).fragment)
    return Listing(
        NAME, behind=_question(page.url, f"{platform[1]}/api/all/{column[1] if column else ALL}", site[1], 1)
    )


def _question(url: str, path: str, site: str, number: int) -> Ask:
    parts = urlsplit(url)
    return Ask(urlunsplit((parts.scheme, parts.netloc, path, f"page={number}&sid={site}", "")), family=NAME)


def _found(page: ListPage, now: datetime) -> Listing:
    answer = read_object(page)
    if not isinstance(answer.get("articles"), list):
        raise PageError(page.url, "the platform did not answer with a list")
    rows = rows_of(
        records_in(answer, "articles"), page.url, now, address=("url", "post_url"), title=("title",), day=DAYS
    )
    parts = urlsplit(page.ask.url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    asked = count(query.get("page"))
    # Withdrawn documents are counted and not shown, so what is shown does not tell whether there is more.
    more = bool(rows) and asked * SIZE < count(object_in(answer, "classify").get("post_count"))
    following = (_question(page.ask.url, parts.path, query.get("sid", ""), asked + 1),) if more else ()
    return Listing(NAME, rows, following, linked=more)
