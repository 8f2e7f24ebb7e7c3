"""The requests of a probe, one after the other: the page, its list, page two, an article; or the lists it offers instead."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.failures import explain
from crawler.gates import HOME, Gate, is_home_fallback
from crawler.listing import Ask, Listing, ListPage, Row, list_page, read_listing
from crawler.listing.probe_columns import Front, article_columns, read_front
from crawler.listing.probe_page import (
    Probe,
    ProbeStatus,
    Sample,
    Suggestion,
    is_web_page,
    look,
    single_article,
    tree_of,
)
from crawler.listing.scripted import unreadable
from crawler.middlewares import content_type
from crawler.reading.page import read_page
from crawler.state import log
from crawler.urls import key
from monitor.errors import PageError

SHELLS: Final = 3  # steps from a page to the list that its script would fetch
SAMPLES: Final = 3  # articles tried before a list counts as one whose articles cannot be read
TRIED: Final = 6  # pages that may be lists and are looked at before they are suggested
LEAST_ROWS: Final = 3  # of a page that is suggested as a list
FILE: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|ofd|pptx?)$", re.IGNORECASE)
ADD: Final = "`policywatch sources add URL`"
Download = Callable[[Ask], Awaitable[Response]]


class OutOfTime(Exception):  # the limit of the probe, no fault of the page
    """The probe has taken as long as a person waits."""


async def look_around(url: str, download: Download) -> Probe:
    """What would be read of the address, and what may be read instead."""
    barred = unreadable(url)
    if barred:
        return Probe(url, "unsupported", barred)
    try:
        response = await download(Ask(url))
        page = list_page(response.url, response.body, content_type(response), Ask(url))
        seen, listing = look(page)
        article = single_article(page, listing) if listing else None
        if listing and listing.behind and article is None:
            seen, listing = await _look_behind(seen, listing, download)
    except Exception as error:  # whatever went wrong is the answer
        return _refusal(url, error)
    seen = replace(seen, url=url, robots="allowed")
    if listing is None:
        return seen
    if article is not None:
        return await _for_article(page, seen, article, download)
    other = await _other_lists(url, page, seen, listing, download)
    if other is not None:
        return other
    seen = replace(seen, sitemaps=await _sitemaps(url, page, listing, download))
    return await _follow(seen, listing, download) if seen.status == "ok" else _with_feeds(seen)


async def _follow(seen: Probe, listing: Listing, download: Download) -> Probe:
    """The second page, then articles until one can be read."""
    try:
        if listing.parts and not listing.rows:
            seen = replace(seen, links=await _first_part(listing, download))
        following = listing.parts if listing.parts and listing.rows else listing.following
        seen = replace(seen, next_page=await _next_page(listing.rows, following, download))
        sample, problem = await _sample(seen.links, download)
    except OutOfTime:
        reason = "the site wants long pauses between requests: neither page two nor an article was waited for"
        return replace(seen, reason=reason)
    if sample is None:
        return replace(seen, status="unsupported", reason=f"none of its first articles can be read: {problem}")
    return replace(seen, sample=sample)


# ------------------------------------------------------------- what else it may be


async def _other_lists(url: str, page: ListPage, seen: Probe, listing: Listing, download: Download) -> Probe | None:
    """The answer for a page that is no list itself; None where it is one, or leads to none."""
    if not is_web_page(page, listing) or listing.behind or listing.parts or seen.status == "blocked":
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
    what = "a front page" if urlsplit(page.url).path in HOME else "a page of several lists"
    if is_home_fallback(url, page.url):
        what = "the address leads to the site's front page"
    reason = f"{what}, not one list of articles; add one of its lists with {ADD}: {_named(found)}"
    return replace(seen, status="empty", reason=reason, links=(), rows=0, suggestions=found)


def _is_front(url: str, page: ListPage, listing: Listing, front: Front) -> bool:
    """Whether the page shows the heads of several lists and none of them in full."""
    if not listing.rows or is_home_fallback(url, page.url):
        return bool(front.columns)
    is_home = urlsplit(page.url).path in HOME
    if len(front.columns) < 2 or (not is_home and (listing.linked or len(front.blocks) < 3)):
        return False
    return front.shows_heads_of_lists([row.url for row in listing.rows])


async def _for_article(page: ListPage, seen: Probe, article: Sample, download: Download) -> Probe:
    """The answer for a single article: the list that names it."""
    found = await _proven(article_columns(*tree_of(page), page.url), download, holding=page.url)
    advice = f"its list is {_named(found)}; add that with {ADD}" if found else f"add the list it stands in with {ADD}"
    reason = f"a single article, not a list; {advice}, or take the page in with `policywatch ingest`"
    return replace(
        seen, status="empty", reason=reason, links=(), rows=0, family=None, sample=article, suggestions=found
    )


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
            if is_home_fallback(one.url, response.url) or listing is None or single_article(page, listing):
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


def _with_feeds(seen: Probe) -> Probe:
    """Where a page names no article, its feeds and sitemaps may."""
    found = tuple(Suggestion(address, seen.title or address) for address in (*seen.feeds, *seen.sitemaps))
    if not found or seen.status == "blocked":
        return seen
    return replace(
        seen, suggestions=found, reason=f"{seen.reason}; it can be read by {_named(found)}: add that instead"
    )


def _named(found: Sequence[Suggestion]) -> str:
    return ", ".join(f"{one.url} ({one.title})" for one in found[:TRIED])


def _refusal(url: str, error: BaseException) -> Probe:
    if isinstance(error, OutOfTime):
        return Probe(url, "unreachable", "no answer in the time that a probe takes; try again, or crawl it at leisure")
    status, reason = explain(error)
    if "redirections" in reason:
        return Probe(
            url, "unreachable", "the address redirects in a circle; open it in a browser and give where it ends"
        )
    known: ProbeStatus = "unsupported"
    if status == "failed" and isinstance(error, Gate):
        known = "empty" if error.verdict.name in ("empty", "stub_200") else "unreachable"
    elif status in ("blocked", "disallowed", "unreachable"):
        known = status
    return Probe(url, known, reason, robots="disallowed" if status == "disallowed" else None)


# ------------------------------------------------------------------------- requests


async def _look_behind(seen: Probe, shell: Listing, download: Download) -> tuple[Probe, Listing | None]:
    """The list that the page's script would fetch; the page's own rows where that cannot be had."""
    listing: Listing | None = shell
    title, charset, feeds = seen.title, seen.charset, seen.feeds
    for _ in range(SHELLS):
        if listing is None or listing.behind is None:
            break
        try:
            response = await download(listing.behind)
        except Exception as error:
            if not listing.rows or isinstance(error, OutOfTime):
                raise
            return replace(seen, reason=None), replace(listing, behind=None)
        inner, listing = look(list_page(response.url, response.body, content_type(response), listing.behind))
        seen = replace(inner, title=title, charset=charset, feeds=feeds)
    return seen, listing


async def _first_part(listing: Listing, download: Download) -> tuple[Row, ...]:
    """The articles of the first sitemap of an index that can be read."""
    for ask in listing.parts[:SAMPLES]:
        try:
            found = await _read(ask, download)
        except OutOfTime:
            raise
        except Exception as error:  # the next one may do
            log.debug("sitemap not read: %s %s", explain(error)[1], ask.url)
            continue
        if found.rows:
            return found.rows
    return ()


async def _sitemaps(url: str, page: ListPage, listing: Listing, download: Download) -> tuple[str, ...]:
    """The customary address, where it answers with a sitemap."""
    if not is_web_page(page, listing):
        return ()
    address = urljoin(url, "/sitemap.xml")
    try:
        found = await _read(Ask(address), download)
    except Exception:  # no sitemap is no fault of the list
        return ()
    return (address,) if found.family == "sitemap" else ()


async def _next_page(rows: Sequence[Row], following: Sequence[Ask], download: Download) -> str | None:
    """The first candidate that answers with other rows."""
    for ask in following[:SAMPLES]:
        try:
            found = await _read(ask, download)
        except OutOfTime:
            raise
        except Exception as error:  # a guessed page need not exist
            log.debug("no next page: %s %s", explain(error)[1], ask.url)
            continue
        if found.rows and not {row.url for row in found.rows} <= {row.url for row in rows}:
            return ask.url
    return None


async def _read(ask: Ask, download: Download) -> Listing:
    response = await download(ask)
    page = list_page(response.url, response.body, content_type(response), ask)
    return read_listing(page, now=datetime.now(UTC), family=ask.family)


async def _sample(links: tuple[Row, ...], download: Download) -> tuple[Sample | None, str | None]:
    reason = None
    pages = [row for row in links if not FILE.search(row.url) and not unreadable(row.url)]
    for row in (pages or links)[:SAMPLES]:
        try:
            response = await download(Ask(row.url))
            article = read_page(
                response.body,
                url=response.url,
                content_type=content_type(response),
                title=row.title,
                published=row.published,
                now=datetime.now(UTC),
            )
        except OutOfTime:
            raise
        except Exception as error:
            reason = reason or explain(error)[1]
            continue
        return Sample(article.title, article.published, article.text), None
    return None, reason
