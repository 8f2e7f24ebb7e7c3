"""Kaipu szinf (苏州 and its offices): the page is a shell, and an interface under /szinf/ answers JSON.

The interface stands in the page's script; a page of an office (xxgkml_bm.shtml?deptcode=) names it by its address alone.
A list whose own articles stand in the page is plain and left to `rows`.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.listing import rows
from crawler.listing.answers import (
    Records,
    count,
    form_value,
    next_form,
    object_in,
    read_object,
    records_in,
    rows_of,
)
from crawler.listing.base import Ask, Listing, ListPage
from crawler.listing.pieces import as_script
from monitor.errors import PageError

NAME = "szinf"
# "/szinf/xxgk/interfacesWebZcwj/loadBmData", "/szinf/info/getInfoCommon/?channelid=": what lists, not what counts clicks.
INTERFACE: Final = re.compile(
    r"[\"'`]([^\"'`\s<>]{0,100}/szinf/(?:\w{1,60}/){0,3}(load\w{0,60}|page|get\w{0,30}info\w{0,30})/?(?:\?[^\"'`\s<>]{0,300})?)[\"'`]",
    re.IGNORECASE,
)
OFFICE: Final = re.compile(r"/xxgkml_bm\.shtml$")
OFFICES: Final = "/szinf/xxgk/interfacesWebZcwj/loadBmData"
CITY: Final = re.compile(r"/(?:zcwjk|wjk)\.shtml$")
LIBRARY: Final = "/szinf/interfaceZcwjkAll/page"
# What an interface must be told beside page and size, in the spelling it understands.
TOLD: Final = {
    "loadbmdata": ("deptcode",),
    "loaddatabychannelidanddeptidbacksort": ("channelId", "deptCode"),
    "getinfocommon": ("channelid",),
    "getgsxxgkinfo": ("deptcode",),
}
MAY_BE_TOLD: Final = {"loaddata": ("channel_id",)}  # without a column it lists them all, as its page does
COUNTERS: Final = (("pageIndex", "pageSize", "15"), ("page", "size", "10"), ("currpage", "pagesize", "15"))
OWN_ROWS: Final = 3  # articles of the page's own folder that make it a plain list
PLAIN: Final = 10  # dated rows of any folder that do: boxes beside a list hold fewer
ARTICLE: Final = re.compile(r"/20\d{4}/[0-9a-f]{32}\.shtml")


def recognise(page: ListPage) -> bool:
    path = urlsplit(page.url).path
    if OFFICE.search(path):
        return bool(_said("deptcode", page))
    return "/szinf/" in page.text and bool(CITY.search(path) or INTERFACE.search(page.text))


def read(page: ListPage, now: datetime) -> Listing:
    if page.ask.headers:
        return _found(page, now)
    path, named = urlsplit(page.url).path, INTERFACE.search(page.text)
    if not OFFICE.search(path):
        plain = rows.read(page, now)
        if _is_plain(plain, path):
            return plain
    address = named[1] if named else OFFICES if OFFICE.search(path) else LIBRARY
    return Listing(NAME, behind=_question(page, urljoin(page.url, address)))


def _is_plain(plain: Listing, path: str) -> bool:
    """Whether the list stands in the page, and the script asks for something else, such as what is read most."""
    folder = path.rpartition("/")[0]
    own = sum(ARTICLE.fullmatch(urlsplit(row.url).path.removeprefix(folder)) is not None for row in plain.rows)
    return own >= OWN_ROWS or sum(row.published is not None for row in plain.rows) >= PLAIN


def _question(page: ListPage, address: str) -> Ask:
    parts = urlsplit(address)
    name = parts.path.rstrip("/").rpartition("/")[2].lower()
    given = dict(parse_qsl(parts.query))
    for word in (*TOLD.get(name, ()), *MAY_BE_TOLD.get(name, ())):
        given[word] = given.get(word) or _said(word, page)
        if not given[word] and word in TOLD.get(name, ()):
            raise PageError(page.url, f"the page does not say which {word} its list shows")
    counter, size, usual = _counters(name)
    form = {counter: "1", size: given.pop(size, "") or usual, **{word: value for word, value in given.items() if value}}
    form[counter] = "1"
    headers = as_script(page.url)
    if name == "getinfocommon":
        return Ask(urlunsplit(parts._replace(query=urlencode(form))), headers=headers, family=NAME)
    return Ask(urlunsplit(parts._replace(query="")), form=tuple(form.items()), headers=headers, family=NAME)


def _counters(name: str) -> tuple[str, str, str]:
    """The fields for page and size, and the size that the pages ask for."""
    index, library, current = COUNTERS
    return library if name == "page" else current if name.startswith("get") else index


def _said(word: str, page: ListPage) -> str:
    """An id of the list's column or office: in the page's address, else set in its script."""
    wanted = word.lower().replace("_", "")
    own = {name.lower().replace("_", ""): value for name, value in parse_qsl(urlsplit(page.url).query)}
    if own.get(wanted):
        return own[wanted]
    kind = r"channel_?id" if "channel" in wanted else r"dept_?code"
    found = re.search(rf"\b{kind}[\"']?\s*[:=]\s*[\"']([0-9a-zA-Z]{{9,32}})[\"']", page.text, re.IGNORECASE)
    return found[1] if found else ""


def _found(page: ListPage, now: datetime) -> Listing:
    records, total = _answered(page)
    found = rows_of(
        records,
        urljoin(page.url, "/"),
        now,
        address=("URL", "URL_COMMP", "url", "link"),
        title=("TITLE", "title"),
        day=("PUBLISHED_TIME_FORMAT", "fwTimeFormat", "pubtime", "addtime", "C_FWRQ_FORMAT"),
    )
    following = _after(page.ask, total) if found else ()
    return Listing(NAME, found, following, linked=bool(following))


def _answered(page: ListPage) -> tuple[Records, int]:
    answer = read_object(page)
    data = object_in(answer, "data")
    if isinstance(data.get("list"), list):
        return records_in(data, "list"), count(data.get("allRow"))
    if isinstance(answer.get("infolist"), list):
        return records_in(answer, "infolist"), count(answer.get("totalcount"))
    raise PageError(page.url, "the interface did not answer with a list")


def _after(ask: Ask, total: int) -> tuple[Ask, ...]:
    """The next page while the count says that there is one."""
    if ask.form:
        counter, size = next((page, size) for page, size, _ in COUNTERS if form_value(ask, page))
        asked, shown = count(form_value(ask, counter)), count(form_value(ask, size))
        return (next_form(ask, counter, asked + 1),) if asked * shown < total else ()
    parts = urlsplit(ask.url)
    query = dict(parse_qsl(parts.query))
    asked, shown = count(query.get("currpage")), count(query.get("pagesize"))
    if asked * shown >= total:
        return ()
    query["currpage"] = str(asked + 1)
    return (replace(ask, url=urlunsplit(parts._replace(query=urlencode(query)))),)
