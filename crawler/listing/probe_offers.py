"""Where what was probed is no list itself: the lists of a front page, the list of an article, a feed in a script's place.
Whatever is suggested was fetched and proved to be a list.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.failures import explain
from crawler.gates import HOME, is_home_fallback
from crawler.listing import Ask, Listing, ListPage, list_page
from crawler.listing.probe_columns import Front, article_columns, menu_columns, read_front
from crawler.listing.probe_page import Probe, Sample, Suggestion, is_web_page, look, single_article, tree_of
from crawler.listing.scripted import unreadable
from crawler.middlewares import content_type
from crawler.state import log
from crawler.urls import key
from monitor.errors import PageError

TRIED: Final = 6  # pages that may be lists and are looked at before they are suggested
LEAST_ROWS: Final = 3  # of a page that is suggested as a list
ADD: Final = "`policywatch sources add URL`"
Download = Callable[[Ask], Awaitable[Response]]


class OutOfTime(Exception):  # the limit of the probe, no fault of the page
    """The probe has taken as long as a person waits."""


async def other_lists(url: str, page: ListPage, seen: Probe, listing: Listing, download: Download) -> Probe | None:
    """The answer for a page that is no list itself; None where it is one, or leads to none."""
    if not is_web_page(page, listing) or listing.behind or listing.parts or seen.status == "blocked":
        return None
    is_drawn = seen.status == "unsupported"
    if is_drawn and seen.feeds:
        return None
    try:
        tree, base = tree_of(page)
        front = read_front(tree, base)
        if not _is_front(url, page, listing, front):
            return None
        found = await _proven([one for one in front.columns if key(one.url) != key(page.url)], download)
    except (PageError, OutOfTime):
        return None
    if not found:
        return None
    if is_drawn:
        return replace(
            seen, reason=f"{seen.reason}; of its site these lists can be read: {_named(found)}", suggestions=found
        )
    what = "a front page" if urlsplit(page.url).path in HOME else "a page of several lists"
    if is_home_fallback(url, page.url):
        what = "the address leads to the site's front page"
    reason = f"{what}, not one list of articles; add one of its lists with {ADD}: {_named(found)}"
    return replace(seen, status="empty", reason=reason, links=(), rows=0, suggestions=found)


async def columns_beside(page: ListPage, download: Download) -> tuple[Suggestion, ...]:
    """The other lists of a front page that shows one itself."""
    columns = read_front(*tree_of(page)).columns
    return await _proven([one for one in columns if key(one.url) != key(page.url)], download)


def _is_front(url: str, page: ListPage, listing: Listing, front: Front) -> bool:
    """Whether the page shows the heads of several lists and none of them in full."""
    if not listing.rows or is_home_fallback(url, page.url):
        return bool(front.columns)
    is_home = urlsplit(page.url).path in HOME
    if len(front.columns) < 2 or (not is_home and (listing.linked or len(front.blocks) < 3)):
        return False
    return front.shows_heads_of_lists([row.url for row in listing.rows])


async def for_article(page: ListPage, seen: Probe, article: Sample, download: Download) -> Probe:
    """The answer for a single article: the list that names it."""
    tree, base = tree_of(page)
    found = await _proven(article_columns(tree, base, page.url), download, holding=page.url)
    found = found or await _proven(menu_columns(tree, base), download, holding=page.url)
    found = found or await _proven(await _front_lists(page, download), download, holding=page.url)
    whose = "its list is" if len(found) == 1 else "lists of its site are"
    advice = f"{whose} {_named(found)}; add that with {ADD}" if found else f"add the list it stands in with {ADD}"
    reason = f"a single article, not a list; {advice}, or take the page in with `policywatch ingest`"
    return replace(
        seen, status="empty", reason=reason, links=(), rows=0, family=None, sample=article, suggestions=found
    )


async def _front_lists(page: ListPage, download: Download) -> tuple[Suggestion, ...]:
    """The site's front page, which may be a list itself, and its columns."""
    address = urljoin(page.url, "/")
    try:
        response = await download(Ask(address))
        front = list_page(response.url, response.body, content_type(response))
        columns = menu_columns(*tree_of(front))
    except Exception as error:  # no front page is no fault of the article
        log.debug("no front page: %s %s", explain(error)[1], address)
        return ()
    return (Suggestion(address, ""), *columns)


async def _proven(
    offered: Sequence[Suggestion], download: Download, holding: str | None = None
) -> tuple[Suggestion, ...]:
    """Those that are lists; the one that names the article `holding` stands alone, for there the search ends."""
    kept: list[Suggestion] = []
    for one in [one for one in offered if not unreadable(one.url)][:TRIED]:
        try:
            response = await download(Ask(one.url))
            page = list_page(response.url, response.body, content_type(response), Ask(one.url))
            seen, listing = look(page)
            if listing is None or is_home_fallback(one.url, response.url) or not _is_list(page, listing):
                continue
        except OutOfTime:
            break
        except Exception as error:  # the next one may do
            log.debug("no list: %s %s", explain(error)[1], one.url)
            continue
        named = Suggestion(one.url, one.title if one.title and one.title != one.url else seen.title or one.url)
        if holding and any(key(row.url) == key(holding) for row in listing.rows):
            return (named,)
        if len(listing.rows) >= LEAST_ROWS or listing.behind or listing.parts:
            kept.append(named)
    return tuple(kept)


def _is_list(page: ListPage, listing: Listing) -> bool:
    """Whether a page that may be suggested is neither a single article nor only the heads of other lists."""
    if single_article(page, listing):
        return False
    is_plain = is_web_page(page, listing) and not listing.parts and not listing.behind
    return not is_plain or not _is_front(page.url, page, listing, read_front(*tree_of(page)))


def with_feeds(seen: Probe) -> Probe:
    """Where a page names no article, its feeds and sitemaps may."""
    found = tuple(Suggestion(address, seen.title or address) for address in (*seen.feeds, *seen.sitemaps))
    if not found or seen.status == "blocked":
        return seen
    return replace(
        seen, suggestions=found, reason=f"{seen.reason}; it can be read by {_named(found)}: add that instead"
    )


def _named(found: Sequence[Suggestion]) -> str:
    return ", ".join(f"{one.url} ({one.title})" for one in found[:TRIED])
