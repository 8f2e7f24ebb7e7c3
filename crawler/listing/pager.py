"""Where a list goes on: the link that says so, the publishing system's own script, or a guess to be verified.

A guess is only ever a candidate: the crawl accepts it when its rows differ from those of the page before.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from crawler.urls import absolute

NEXT_WORDS: Final = re.compile(
    r"[\s\[【(]*(?:下一?[页頁]|后一?页|下翻|next(?: page)?|[>›»]{1,2})[\s\]】)>›»]*", re.IGNORECASE
)
# TRS WCM: createPageHTML(20,0,"index","html"); Kaipu UCAP: createPageHTML('page_div',20,1,'nav_list','shtml',300).
SCRIPTED: Final = re.compile(r"createPage(?:HTML|Html)\(([^()]{3,200})\)")
ARGUMENT: Final = re.compile(r"[\"']([^\"']{0,80})[\"']|(\d{1,6})")
HINT: Final = re.compile(
    r"下一?[页頁]|[尾末][页頁]|共\s{0,3}\d{1,5}\s{0,3}[页頁]|class=[\"'][^\"']{0,60}pag(?:e|er|ination)"
)
FILE: Final = re.compile(r"^(?P<stem>.*/(?P<name>[^/]*?))(?P<ext>\.\w{2,5})$")
NUMBERED: Final = re.compile(r"_\d{1,3}$")  # index_17380.html is a column by its id, and goes on as index_17380_1.html
BUILDER: Final = re.compile(
    r"webBuilderCommon|class=[\"']ewb-", re.IGNORECASE
)  # Epoint asks by number, or writes 2.html
PAGE_NAMES: Final = frozenset(
    {"page", "pageno", "pagenum", "pageindex", "p", "pg", "currentpage", "curpage", "currpage"}
)


def linked(tree: HtmlElement, text: str, base: str) -> tuple[str, ...]:
    """The next page as the page itself names it, at most one address."""
    for link in tree.iter("a", "link"):
        if (link.get("rel") or "").lower() == "next" or (link.tag == "a" and _says_next(link)):
            url = absolute(link.get("href") or "", base)
            if url:
                return (url,)
    scripted = absolute(_scripted(text) or "", base)
    return (scripted,) if scripted else ()


def guesses(text: str, url: str) -> tuple[str, ...]:
    """Addresses that the second page may have, in the order to try; none where nothing hints at a second page."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for place, (name, value) in enumerate(query):
        if name.lower() in PAGE_NAMES and value.isdigit():
            query[place] = (name, str(int(value) + 1))
            return (urlunsplit(parts._replace(query=urlencode(query))),)
    if not HINT.search(text):
        return ()
    path = parts.path if FILE.match(parts.path) else f"{parts.path.rstrip('/')}/index.html"
    file = FILE.match(path)
    if file is None or NUMBERED.search(file["name"]):
        return ()  # list_12.html is a column of its own, and list_13.html another one
    stems = (f"{file['stem']}_1{file['ext']}", f"{file['stem']}_2{file['ext']}")
    found = [parts._replace(path=stem) for stem in stems]
    if BUILDER.search(text) and not parts.query:
        folder = file["stem"].removesuffix(file["name"])
        found = [parts._replace(query="pageIndex=2"), parts._replace(path=f"{folder}2{file['ext']}"), *found]
    return tuple(map(urlunsplit, found))


def after(url: str) -> str | None:
    """The page after a guessed one that proved right: its last number, one higher."""
    found = re.search(r"^(.*\D)(\d{1,6})(\D*)$", url)
    return f"{found[1]}{int(found[2]) + 1}{found[3]}" if found else None


def _says_next(link: HtmlElement) -> bool:
    said = "".join(link.itertext())[:40].strip() or (link.get("title") or "")
    return bool(NEXT_WORDS.fullmatch(said)) or (link.get("class") or "").lower() in ("nxt", "next", "next-page")


def _scripted(text: str) -> str | None:
    call = SCRIPTED.search(text)
    if not call:
        return None
    words = [word for word, number in ARGUMENT.findall(call[1]) if not number]
    numbers = [int(number) for _, number in ARGUMENT.findall(call[1]) if number]
    if len(words) < 2 or len(numbers) < 2:
        return None
    total, current = numbers[:2]
    first = 1 if len(words) > 2 else 0  # UCAP names the element first and counts from one
    stem, extension = words[-2:]
    return f"{stem}_{current + 1}.{extension}" if current + 1 < total + first else None
