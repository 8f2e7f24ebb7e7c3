"""The requests of a probe, one after the other: the page, its list, page two, an article; else what it leads to."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.failures import explain
from crawler.gates import HOME, Gate
from crawler.listing import Ask, Listing, ListPage, Row, framed, list_page, read_listing, rows
from crawler.listing.base import ask_of, drawn_on
from crawler.listing.probe_offers import Download, OutOfTime, columns_beside, for_article, other_lists, with_feeds
from crawler.listing.probe_page import (
    Probe,
    ProbeStatus,
    Sample,
    is_web_page,
    look,
    single_article,
)
from crawler.listing.scripted import offer, unreadable, why_no_rows
from crawler.middlewares import content_type
from crawler.reading.page import read_page
from crawler.state import log
from monitor.domain import Source

SHELLS: Final = 3  # steps from a page to the list that its script would fetch
SAMPLES: Final = 3  # articles looked at: a list none of whose can be read is no source
FILE: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|rtf|ofd|pptx?)$", re.IGNORECASE)


async def look_around(url: str, download: Download, *, browser: bool = False) -> Probe:
    """What would be read of the address, with a browser where asked for, and what may be read instead."""
    barred = unreadable(url)
    if barred:
        return Probe(url, "unsupported", barred)
    found = await _look_around(ask_of(Source(id="", name="", url=url, browser=browser)), download)
    if found.script and not browser and found.status in ("unsupported", "empty"):
        return replace(found, reason=f"{found.reason}; {offer(url)}")
    return replace(found, browser=browser)


async def _look_around(ask: Ask, download: Download) -> Probe:
    url = ask.url
    try:
        response = await download(ask)
        page = list_page(response.url, response.body, content_type(response), ask)
        seen, listing = look(page)
        if listing and ask.browser:
            listing = drawn_on(listing, ask)
            seen = seen if listing.rows else replace(seen, reason=why_no_rows(page.text, response.flags))
        article = single_article(page, listing) if listing else None
        if listing and listing.behind and article is None:
            seen, listing = await _look_inside(page, seen, listing, download)
    except Exception as error:  # whatever went wrong is the answer
        return _refusal(url, error)
    seen = replace(seen, url=url, robots="allowed")
    if listing is None:
        return seen
    if article is not None:
        return await for_article(page, seen, article, download)
    other = await other_lists(url, page, seen, listing, download)
    if other is not None:
        return other
    if seen.status == "ok" and urlsplit(page.url).path in HOME and is_web_page(page, listing) and not listing.behind:
        seen = replace(seen, suggestions=await columns_beside(page, download))
    seen = replace(seen, sitemaps=await _sitemaps(url, page, listing, download))
    return await _follow(seen, listing, download) if seen.status == "ok" else with_feeds(seen)


async def _follow(seen: Probe, listing: Listing, download: Download) -> Probe:
    """The second page, then articles until one can be read."""
    try:
        if listing.parts and not listing.rows:
            seen = replace(seen, links=await _first_part(listing, download))
        following = listing.parts if listing.parts and listing.rows else listing.following
        seen = replace(seen, next_page=await _next_page(listing.rows, following, download))
        samples, tried, problem = await _samples(seen.links, download)
    except OutOfTime:
        reason = "the site wants long pauses between requests: neither page two nor an article was waited for"
        return replace(seen, reason=reason)
    if not samples:
        return replace(seen, status="unsupported", reason=f"none of its first articles can be read: {problem}")
    if len(samples) * 2 <= tried:
        note = f"{len(samples)} of its first {tried} articles can be read; of the others: {problem}"
        seen = replace(seen, reason=f"{seen.reason}; {note}" if seen.reason else note)
    return replace(seen, sample=samples[0], samples=samples)


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
        is_bare = error.verdict.name == "stub_200"
        known = "empty" if is_bare or error.verdict.name == "empty" else "unreachable"
        return Probe(url, known, reason, script="its own" if is_bare else None)
    if status in ("blocked", "disallowed", "unreachable"):
        known = status
    return Probe(url, known, reason, robots="disallowed" if status == "disallowed" else None)


async def _look_inside(page: ListPage, seen: Probe, shell: Listing, download: Download) -> tuple[Probe, Listing | None]:
    """What the page's script would fetch, or its frame shows; a frame that is no list leaves the page as it is."""
    if shell.family != framed.NAME:
        return await _look_behind(seen, shell, download)
    try:
        inner, listing = await _look_behind(seen, shell, download)
    except OutOfTime:
        raise
    except Exception as error:  # the page may have more to say than its frame
        log.debug("frame not read: %s", explain(error)[1])
        listing = None
    if listing and listing.rows:
        return inner, drawn_on(listing, page.ask)
    return look(replace(page, ask=replace(page.ask, family=rows.NAME)))


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


async def _samples(links: Sequence[Row], download: Download) -> tuple[tuple[Sample, ...], int, str | None]:
    """The first articles that can be read, how many were tried, and what was wrong with the first of the others. Of them
    all one is waited for at any rate."""
    samples: list[Sample] = []
    tried, problem = 0, None
    pages = [row for row in links if not FILE.search(row.url) and not unreadable(row.url)]
    for row in (pages or links)[:SAMPLES]:
        try:
            samples.append(await _sample(row, download))
        except OutOfTime:
            if samples:
                break
            raise
        except Exception as error:
            problem = problem or explain(error)[1]
        tried += 1
    return tuple(samples), tried, problem


async def _sample(row: Row, download: Download) -> Sample:
    response = await download(Ask(row.url))
    article = read_page(
        response.body,
        url=response.url,
        content_type=content_type(response),
        title=row.title,
        published=row.published,
        now=datetime.now(UTC),
    )
    return Sample(article.title, article.published, article.text)
