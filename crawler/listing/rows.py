"""Plain rows: the links of a page are grouped by where they stand, and the group that looks like a list of articles
(addresses of one dialect, dates in the row, titles of some length) is the list.

The last family: it takes any page, and answers with no rows where no group looks like a list.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

import lxml.html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from crawler.listing import pager
from crawler.listing.base import Listing, ListPage, Row, asks, unique
from crawler.listing.dialects import dialect
from crawler.reading.dates import read_date
from crawler.urls import absolute, key
from monitor.errors import PageError

NAME = "rows"
MOST_LINKS: Final = 5_000  # of one page; a list that holds more is no list
MOST_LEVELS: Final = 6  # a row is never larger than the link's sixth ancestor
SHORT: Final = 40  # characters; a longer piece of a row is its summary, and dates in summaries are deadlines
MOST_ELEMENTS: Final = 400  # of one row
ROW_TEXT: Final = 80  # short pieces looked at in a row
SECTIONS: Final = frozenset({"body", "html", "table", "tbody", "thead", "ul", "ol", "dl", "main", "form"})
BOXES: Final = frozenset({"div", "ul", "ol", "table", "section", "dl", "main", "aside", "nav", "header", "footer"})
STATE: Final = re.compile(r"\d+|\b(?:odd|even|first|last|active|current|cur|on|hover|selected)\b", re.IGNORECASE)
BULLETS: Final = "●·•▪■◆►▶»>-—　 \t\r\n\u00a0"
DATE_ONLY: Final = re.compile(
    r"[\s\[【(（]*(?:\d{4}\s?[-./年])?\s?\d{1,2}\s?[-./月]\s?\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[\s\]】)）]*"
)
SPLIT_DAY: Final = re.compile(r"((?:19|20)\d\d\s?[-./年]\s?\d{1,2})月?\s*\n\s*(\d{1,2})日?(?!\d)")
CUT: Final = ("…", "...", "..")


@dataclass(slots=True)
class Link:
    element: HtmlElement
    url: str
    title: str
    dated: str | None = None
    row: HtmlElement | None = None


@dataclass(frozen=True, slots=True)
class Group:
    links: list[Link]
    score: float


def recognise(page: ListPage) -> bool:  # noqa: ARG001  # the last resort takes every page
    return True


def read(page: ListPage, now: datetime) -> Listing:
    tree = read_tree(page)
    base = base_of(tree, page.url)
    best = max(_groups(tree, base, now), key=lambda group: group.score, default=None)
    links = _with_siblings(best, base, now) if best and _is_list(best.links) else []
    own = key(page.url)
    rows = unique([Row(link.url, link.title or None, link.dated) for link in links if key(link.url) != own])
    found = pager.linked(tree, page.text, base)
    following = found or (pager.guesses(page.text, page.url) if rows else ())
    return Listing(NAME, rows, asks(following), linked=bool(found))


def read_tree(page: ListPage) -> HtmlElement:
    """The page as a tree. Raises PageError."""
    try:
        # Early </html> or a declared charset cannot mislead: the text is decoded and the parser is told so.
        tree = lxml.html.document_fromstring(page.text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError) as error:
        raise PageError(page.url, f"list page cannot be parsed: {error}") from None
    return tree


def base_of(tree: HtmlElement, url: str) -> str:
    href = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return (absolute(href, url) if href else None) or url


def read_row(element: HtmlElement, base: str, now: datetime) -> Row | None:
    """The article of an element that is known to be a row: the link with the longest title."""
    found = ((link, absolute(link.get("href") or "", base)) for link in element.iter("a"))
    links = [Link(link, url, _title(link)) for link, url in found if url]
    best = max(links, key=lambda link: len(link.title), default=None)
    return Row(best.url, best.title or None, _date(element, best.element, now)) if best else None


def _groups(tree: HtmlElement, base: str, now: datetime) -> Iterator[Group]:
    places: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for count, element in enumerate(tree.iter("a")):
        if count >= MOST_LINKS:
            break
        url = absolute(element.get("href") or "", base)
        if url:
            places[_place(element)].append(Link(element, url, _title(element)))
    for links in places.values():
        _find_rows(links, now)
        yield Group(links, _score(links))


def _place(element: HtmlElement) -> tuple[str, ...]:
    """Tags from the root down; boxes with their class, so that a menu and a list in like markup stay apart."""
    names = []
    for ancestor in element.iterancestors():
        if ancestor.tag in BOXES:
            names.append(f"{ancestor.tag}.{STATE.sub('', ancestor.get('class') or '').strip()}")
        else:
            names.append(str(ancestor.tag))
    return tuple(names)


def _title(element: HtmlElement) -> str:
    """The full title: visible text is often cut, and the attribute then holds the rest."""
    kept = (piece for piece in element.itertext() if not DATE_ONLY.fullmatch(piece))
    seen = " ".join("".join(kept).split())
    whole = " ".join((element.get("title") or "").split())
    stem = seen.rstrip("….")
    cut = seen.endswith(CUT) or not seen
    chosen = whole if whole and (cut or len(whole) > len(seen)) and (not stem or stem[:4] in whole or cut) else seen
    return chosen.lstrip(BULLETS).strip()


def _find_rows(links: list[Link], now: datetime) -> None:
    """Give each link its row, the largest element that holds no other article of the group, and the row's date."""
    owners: dict[HtmlElement, set[str]] = defaultdict(set)
    for link in links:
        for ancestor, _ in zip(link.element.iterancestors(), range(MOST_LEVELS), strict=False):
            owners[ancestor].add(link.url)
    for link in links:
        row = link.element
        for ancestor, _ in zip(link.element.iterancestors(), range(MOST_LEVELS), strict=False):
            if len(owners[ancestor]) > 1 or ancestor.tag in SECTIONS:
                break
            row = ancestor
        link.row, link.dated = row, _date(row, link.element, now)


def _date(row: HtmlElement, link: HtmlElement, now: datetime) -> str | None:
    pieces = list(_pieces(row, link))
    if row.tag in ("a", "dt"):  # rows without an element of their own: what follows up to the next link
        for sibling in row.itersiblings():
            if sibling.tag in ("a", "dt") or next(sibling.iter("a"), None) is not None:
                break
            pieces += _pieces(sibling, link)
        pieces = [(row.tail or "").strip()[:SHORT], *pieces]
    text = SPLIT_DAY.sub(r"\1-\2", "\n".join(piece for piece in pieces if piece))
    return read_date(text, now=now) if any(character.isdigit() for character in text) or "天" in text else None


def _pieces(row: HtmlElement, link: HtmlElement) -> Iterator[str]:
    """Short texts of a row, the link's own only where they are a date; a title attribute says the day in full."""
    count, own_elements = 0, set(link.iter())
    for element in islice(row.iter(), MOST_ELEMENTS):
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        inside = element in own_elements
        named = element.get("title") or ""
        for piece in (
            named if element.tag != "a" else "",
            element.text or "",
            "" if element is row else element.tail or "",
        ):
            said = piece.strip()
            own = inside and not (piece is element.tail and element is link)
            if said and len(said) <= SHORT and (not own or DATE_ONLY.fullmatch(said)):
                count += 1
                yield said
        if count > ROW_TEXT:
            return


def _score(links: list[Link]) -> float:
    """More articles, more of them dated or of a known dialect, and titles that are longer than a menu's."""
    articles = len({link.url for link in links})
    known, dated, length = _shares(links)
    worth = min(max((length - 4) / 8, 0.05), 1.3)
    return min(articles, 100) * (0.2 + known + 1.5 * dated) * worth


def _shares(links: list[Link]) -> tuple[float, float, float]:
    """Share with a known dialect, share dated, mean length of the articles' titles: a picture beside one has none."""
    count = len(links)
    known = sum(dialect(link.url) is not None for link in links) / count
    dated = sum(link.dated is not None for link in links) / count
    longest: dict[str, int] = {}
    for link in links:
        longest[link.url] = max(longest.get(link.url, 0), len(link.title))
    return known, dated, sum(longest.values()) / len(longest)


def _is_list(links: list[Link]) -> bool:
    known, dated, length = _shares(links)
    if dated >= 0.5:
        return length >= 4
    if known >= 0.5:
        return length >= 6
    return len(links) >= 5 and length >= 10


def _with_siblings(group: Group, base: str, now: datetime) -> list[Link]:
    """The group's links, and those of rows beside them whose title stands in other markup (a pinned or marked one)."""
    rows = {link.row for link in group.links}
    _, dated, _ = _shares(group.links)
    found: dict[HtmlElement, Link] = {link.row: link for link in group.links if link.row is not None}
    for parent in {row.getparent() for row in rows if row is not None and row.getparent() is not None}:
        tags = {row.tag for row in rows if row is not None and row.getparent() is parent}
        for sibling in parent:
            if sibling.tag in tags and sibling not in rows and sibling.tag != "a":
                extra = _best_link(sibling, base, now)
                if extra and (extra.dated or dated < 0.5):
                    found[sibling] = extra
    return [found.get(link.row, link) for link in group.links] if len(found) == len(rows) else _in_page_order(found)


def _best_link(row: HtmlElement, base: str, now: datetime) -> Link | None:
    links = [
        Link(element, url, _title(element))
        for element in row.iter("a")
        if (url := absolute(element.get("href") or "", base)) and dialect(url)
    ]
    best = max(links, key=lambda link: len(link.title), default=None)
    if best is None or len(best.title) < 6 or len({link.url for link in links if len(link.title) >= 6}) > 2:
        return None
    best.row, best.dated = row, _date(row, best.element, now)
    return best


def _in_page_order(found: dict[HtmlElement, Link]) -> list[Link]:
    if not found:
        return []
    tree = next(iter(found.values())).element.getroottree()
    place = {element: number for number, element in enumerate(tree.iter("a"))}
    return sorted(found.values(), key=lambda link: place[link.element])
