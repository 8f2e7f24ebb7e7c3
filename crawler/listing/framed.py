"""Lists in a frame: the column's page holds none of its own and shows another page of its site, which is read instead.

Frames without a name of their own are many: players, maps, visitors' counters and menus are no lists and are left alone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from lxml.html import HtmlElement

from crawler.listing import rows
from crawler.listing.base import Ask, Listing, ListPage
from crawler.reading.tree import FILE
from crawler.urls import absolute, host, key

NAME = "framed"
OTHERS: Final = re.compile(
    r"head|top|foot|bottom|nav|menu|left|login|search|share|player|video|map|weather|tianqi|count|tongji|stat|advert|banner|comment|qrcode",
    re.IGNORECASE,
)
UNSEEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LOW: Final = 120  # pixels: no list fits into less


def recognise(page: ListPage) -> bool:
    """By a frame on a page without rows."""
    return _frame(page) is not None and not rows.read(page, datetime.now(UTC)).rows


def read(page: ListPage, now: datetime) -> Listing:  # noqa: ARG001  # the frame's own page is read later
    shown = _frame(page)
    return Listing(NAME, behind=Ask(shown) if shown else None)


def _frame(page: ListPage) -> str | None:
    """The address of the first frame that may show a list."""
    if "<iframe" not in page.text and "<frame" not in page.text and "<IFRAME" not in page.text:
        return None
    tree = rows.read_tree(page)
    base = rows.base_of(tree, page.url)
    return next(_shown(tree, base), None)


def _shown(tree: HtmlElement, base: str) -> Iterator[str]:
    for frame in tree.iter("iframe", "frame"):
        address = absolute(frame.get("src") or "", base)
        if address is None or host(address) != host(base) or key(address) == key(base) or FILE.search(address):
            continue
        named = f"{frame.get('id') or ''} {frame.get('name') or ''} {address.rpartition('/')[2]}"
        if not OTHERS.search(named) and not UNSEEN.search(frame.get("style") or "") and not _is_low(frame):
            yield address


def _is_low(frame: HtmlElement) -> bool:
    sides = (frame.get(side) or "" for side in ("width", "height"))
    return any(side.strip().isdigit() and int(side) < LOW for side in sides)
