"""Boards of intertid (无锡 and its districts): the page's script posts `getSearchList(1,20,site,columns,...)` to
/info_open/search; older ones ask /intertidwebapp/govChanInfo/getDocuments.

Never asks for a whole site: a page that does not say its columns is a fault. Pages whose rows are plain need no family.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.listing import rows
from crawler.listing.answers import (
    count,
    form_value,
    next_form,
    object_in,
    read_object,
    records_in,
    rows_of,
)
from crawler.listing.base import Ask, Listing, ListPage
from crawler.listing.pieces import as_script, column
from monitor.errors import PageError

NAME = "intertid"
SEARCH: Final = "/info_open/search"
# getSearchList(1,20,"184","37764,37765","1","writeTime"), also qx_wbj_ and qx_parent_wbj_: the first page, by number.
CALL: Final = re.compile(r"getSearchList\s*\(\s*([\"']?1[\"']?\s*,[^()]{5,600})\)")
ARGUMENT: Final = re.compile(r"\"[^\"]*\"|'[^']*'|[^,\s]+")
OLDER: Final = re.compile(r"/intertidwebapp/govChanInfo/(?:get\w{0,20}Documents)\b")
NUMBERS: Final = re.compile(r"\d{1,9}(?:,\d{1,9}){0,200}")
COMMENTS: Final = (("/*", "*/"), ("<!--", "-->"))
COMMENT_LINE: Final = re.compile(r"(?:^|(?<=[>;]))[ \t]*//[^\n]*$", re.MULTILINE)  # and no http://
DAYS: Final = ("writeTimeString", "writeTime", "openTime")
SIZE: Final = "20"
PLAIN: Final = 10  # dated rows that are the list itself: boxes beside a list hold fewer
# 江阴 and 宜兴 answer with nothing unless told that documents are meant; the number is their script's.
DOCUMENTS: Final = ("kind", "5")


def recognise(page: ListPage) -> bool:
    """By a call of the script; both names stand in no other system."""
    if "getSearchList" not in page.text and "/intertidwebapp/" not in page.text:
        return False
    script = _in_use(page.text)
    return bool(CALL.search(script) or OLDER.search(script))


def read(page: ListPage, now: datetime) -> Listing:
    if page.ask.form:
        return _found(page, now) if SEARCH in page.ask.url else _documents(page, now)
    script = _in_use(page.text)
    call = CALL.search(script)
    try:
        return Listing(NAME, behind=_search(page, script, call[1]) if call else _older(page, script))
    except PageError:
        plain = rows.read(page, now)
        if sum(row.published is not None for row in plain.rows) >= PLAIN:
            return plain
        raise


def _in_use(text: str) -> str:
    """The page without its comments: calls that an editor put out of use stay there, with columns of long ago."""
    for start, end in COMMENTS:
        first, *others = text.split(start)
        text = first + "".join(one.partition(end)[2] if end in one else start + one for one in others)
    return COMMENT_LINE.sub("", text)


def _search(page: ListPage, script: str, call: str) -> Ask:
    words = [_resolved(word, script) for word in ARGUMENT.findall(call)]
    _, size, site, columns, kind, order = (*words, *[""] * 6)[:6]
    if not site.isdigit() or not NUMBERS.fullmatch(columns):
        raise PageError(page.url, "the page does not say which columns its list shows")
    form = (
        ("pageIndex", "1"),
        ("pageSize", size if size.isdigit() else SIZE),
        ("siteId", site),
        ("channelIds", columns),
        ("searchType", kind if kind.isdigit() else "1"),
        ("order", order or "writeTime"),
    )
    return Ask(urljoin(page.url, SEARCH), form=form, headers=as_script(page.url), family=NAME)


def _resolved(word: str, script: str) -> str:
    """An argument's value: literal, or what the script puts into the variable, `id = id + ',' + 36715` included."""
    if word[0] in "\"'" or word.isdigit():
        return word.strip("\"' ")
    name = re.escape(word)
    start = re.search(rf"(?<![\w.]){name}\s*=\s*[\"']?([\d,]+)[\"']?", script)
    if start is None:
        return ""
    more = re.findall(rf"(?<![\w.]){name}\s*(?:\+=|=\s*{name}\s*\+)\s*[\"'],[\"']?\s*\+?\s*[\"']?(\d+)", script)
    return ",".join((start[1].strip(","), *more))


def _found(page: ListPage, now: datetime) -> Listing:
    answer = object_in(read_object(page), "data")
    found = rows_of(records_in(answer, "data"), column(page), now, address=("url",), title=("title",), day=DAYS)
    ask, asked = page.ask, count(form_value(page.ask, "pageIndex"))
    if "data" not in answer:
        raise PageError(page.url, "the search did not answer with a list")
    if not found and asked == 1 and DOCUMENTS not in ask.form:
        again = Ask(ask.url, form=(*ask.form, DOCUMENTS), headers=ask.headers, family=NAME)
        return Listing(NAME, behind=again)
    more = asked < count(answer.get("totalPages"))
    return Listing(NAME, found, (next_form(ask, "pageIndex", asked + 1),) if more else (), linked=more)


def _older(page: ListPage, script: str) -> Ask:
    """The address is put together in the script: its numbers stand in it, beside it, or in the page's own address."""
    call = OLDER.search(script)
    if call is None:
        raise PageError(page.url, "the page's script names no list any more")
    own = parse_qs(urlsplit(page.url).query)
    nearby = script[max(call.start() - 1_000, 0) : call.end() + 600]
    site = _number("siteId", nearby)
    chosen = _number("chanId", nearby) or own.get("chan", own.get("chanId", [""]))[0]
    if not site or not chosen.isdigit():
        raise PageError(page.url, "the page does not say which column its list shows")
    form = (
        ("pageIndex", "1"),
        ("pageSize", _number("pageSize", nearby) or SIZE),
        ("siteId", site),
        ("ChannelType", _number("ChannelType", nearby) or "1"),
        ("KeyWord", ""),
        ("KeyWordType", ""),
        ("chanId", chosen),
    )
    return Ask(urljoin(page.url, call[0]), form=form, headers=as_script(page.url), family=NAME)


def _number(name: str, script: str) -> str:
    found = re.search(rf"\b{name}[\"']?\s*[=:]\s*[\"']?(\d{{1,9}})\b", script)
    return found[1] if found else ""


def _documents(page: ListPage, now: datetime) -> Listing:
    answer = read_object(page)
    found = rows_of(
        records_in(answer, "list"), column(page), now, address=("url",), title=("title",), day=("openTime", *DAYS)
    )
    asked, size = count(form_value(page.ask, "pageIndex")), count(form_value(page.ask, "pageSize"))
    pages = count(answer.get("pageCount"))
    more = asked < pages if pages else len(found) >= size > 0
    following = (next_form(page.ask, "pageIndex", asked + 1),) if more else ()
    return Listing(NAME, found, following, linked=more and pages > 0)
