"""An article set over several pages: where its next parts are, and their texts as one. Fetches nothing.

A part is told by its address, which is the first page's with a number: `t_1.html`, `t_2.html`; `index_2.shtml`;
`show.asp?id=7&page=2`. A link that only says 下一页 may lead to the next article or to other readers' comments.
"""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from crawler.reading.surroundings import squeeze
from monitor.domain import Article

MOST: Final = 20  # parts of one article; a serial of more is a book
LINK: Final = re.compile(rb"""href\s{0,3}=\s{0,3}["']?\s{0,3}([^"'>\s]{1,500})""", re.IGNORECASE)
PAGED: Final = re.compile(rb"""[_\-]\d{1,2}\.[a-z]{3,5}["'\s>?#]|page\w{0,6}=\d|[?&;]p=\d""", re.IGNORECASE)
NUMBERED: Final = re.compile(r"(?P<stem>.*?)(?:[_\-](?P<number>\d{1,2}))?(?P<suffix>\.[A-Za-z]{3,5})")
COUNTERS: Final = frozenset(("page", "p", "pageno", "pagenum", "pageindex", "currentpage", "curpage", "pagenow"))
REPLIES: Final = re.compile(r"viewthread|(?:^|[?&])tid=|comment", re.IGNORECASE)
PAGER: Final = re.compile(r"[\s\d\[\]()（）|.…]{0,80}(?:(?:上|下)一?页|首页|尾页|末页|全文|[\s\d\[\]()（）|.…]){1,60}")


def later_parts(body: bytes, url: str, first: str) -> dict[int, str]:
    """The parts after the first one that a page links to, by their number; `first` is the first page's address."""
    if not PAGED.search(body) or REPLIES.search(url):
        return {}
    found: dict[int, str] = {}
    start = urlsplit(first)
    for link in LINK.finditer(body):
        try:
            address = urljoin(url, link[1].decode("ascii").replace("&amp;", "&"))
            number = _number(urlsplit(address), start)
        except ValueError:  # no address, or one that no part of a page in ASCII has
            continue
        if number:
            found.setdefault(number, address.partition("#")[0])
    return found


def join(article: Article, part: Article) -> Article:
    """The article with the text of its next part below, without what that page says once more."""
    said = {squeeze(line) for line in article.text.split("\n")}
    fresh = [line for line in part.text.split("\n") if squeeze(line) not in said and not PAGER.fullmatch(line)]
    known = {one.url for one in article.attachments}
    files = tuple(one for one in part.attachments if one.url not in known)
    text = "\n".join([*_without_pager(article.text), *fresh])
    return replace(article, text=text, attachments=(*article.attachments, *files))


def _without_pager(text: str) -> list[str]:
    lines = text.split("\n")
    while len(lines) > 1 and PAGER.fullmatch(lines[-1]):
        lines.pop()
    return lines


def _number(parts: SplitResult, start: SplitResult) -> int | None:
    """Which part of the article an address is; None for another page."""
    if parts.netloc != start.netloc:
        return None
    if parts.path == start.path:
        return _counted(parts, start)
    if parts.query != start.query or parts.path.rpartition("/")[0] != start.path.rpartition("/")[0]:
        return None
    name, own = (NUMBERED.fullmatch(one.path.rpartition("/")[2]) for one in (parts, start))
    if not name or not own or name["suffix"] != own["suffix"] or not name["number"]:
        return None
    # The first page's own name may end in a number that counts nothing: t2026-03_12.html
    whole = own["stem"] + (own[0][own.end("stem") : own.start("suffix")])
    return int(name["number"]) if name["stem"] == whole else None


def _counted(parts: SplitResult, start: SplitResult) -> int | None:
    """The part by the one parameter that counts."""
    before, after = dict(parse_qsl(start.query)), dict(parse_qsl(parts.query))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if len(changed) != 1 or not COUNTERS & {name.lower() for name in changed}:
        return None
    value = after.get(changed.pop(), "")
    return int(value) if value.isdigit() and 1 < int(value) <= MOST else None
