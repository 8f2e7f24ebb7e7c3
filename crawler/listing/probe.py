"""Look at an address or a saved page without keeping anything: which family, which articles, where it goes on.

The same door, robots.txt and gates as in a crawl stand before every request.
"""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.settings import Settings

from crawler.failures import explain
from crawler.listing import Ask, Listing, ListPage, Row, asked, list_page, read_listing
from crawler.listing.rows import base_of, read_tree
from crawler.listing.scripted import drawn_by
from crawler.middlewares import content_type
from crawler.reading.page import read_page
from crawler.state import log
from crawler.urls import absolute
from monitor.config import Crawl
from monitor.errors import MonitorError, PageError

SHELLS: Final = 3  # steps from a page to the list that its script would fetch
SAMPLES: Final = 3  # articles tried before a list counts as one whose articles cannot be read
FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
TITLE: Final = re.compile(r"<title[^>]{0,200}>(?:\s*<!\[CDATA\[)?([^<\]]{1,300})", re.IGNORECASE)
HEAD: Final = 20_000  # characters in which a title stands
ProbeStatus = Literal["ok", "blocked", "disallowed", "empty", "unreachable", "unsupported"]
Download = Callable[[Ask], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Sample:
    title: str
    published: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    """`links` are the articles in page order; `robots` is null for a saved page; `sample` is the first that can be read."""

    url: str
    status: ProbeStatus
    reason: str | None = None
    title: str | None = None
    family: str | None = None
    charset: str | None = None
    robots: Literal["allowed", "disallowed"] | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    next_page: str | None = None
    links: tuple[Row, ...] = ()
    sample: Sample | None = None


def probe(url_or_file: str, *, base: str | None = None, settings: Crawl) -> Probe:
    """Look at an address, or at a saved page as if it had come from `base`; a file needs no network.

    Raises MonitorError for a file that cannot be read or an address that is none.
    """
    if not url_or_file.lower().startswith(("http://", "https://")):
        return _probe_file(Path(url_or_file), base)
    if absolute(url_or_file, url_or_file) is None:
        raise MonitorError(f"{url_or_file}: not an address of a page")
    return asyncio.run(_probe_site(url_or_file, settings))


def _probe_file(file: Path, base: str | None) -> Probe:
    try:
        body = file.read_bytes()
        body = gzip.decompress(body) if file.suffix == ".gz" else body
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise MonitorError(f"{file}: neither an address with http:// nor a file that can be read: {error}") from None
    page = list_page(base or "", body)
    seen, listing = _look(page)
    if seen.status == "empty" and base is None:
        seen = replace(seen, reason="no article links found; relative links need --url BASE")
    following = listing.following[0].url if listing and listing.linked and listing.following else None
    return replace(seen, url=base or str(file), next_page=following)


async def _probe_site(url: str, settings: Crawl) -> Probe:
    from crawler import settings as values

    made = Settings()
    made.setmodule(values, priority="project")
    made.setdict(values.from_user(settings), priority="cmdline")
    runner = AsyncCrawlerRunner(made)
    answers: list[Probe] = []
    await runner.crawl(ProbeSpider, url=url, answers=answers)
    return answers[0] if answers else Probe(url, "unreachable", "the probe was stopped")


class ProbeSpider(Spider):
    """Asks one page after the other, so it needs no callbacks."""

    name = "probe"

    def __init__(self, url: str, answers: list[Probe], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._url, self._answers = url, answers
        self._sitemaps: list[str] = []

    async def start(self) -> AsyncIterator[Any]:
        self.crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)
        found = await _look_around(self._url, self._download)
        self._answers.append(replace(found, sitemaps=tuple(dict.fromkeys((*self._sitemaps, *found.sitemaps)))))
        return
        yield  # an asynchronous generator, as Scrapy wants it

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        if isinstance(robotparser, ProtegoRobotParser):
            self._sitemaps += [urljoin(request.url, address) for address in robotparser.rp.sitemaps]

    async def _download(self, ask: Ask) -> Response:
        request = asked(Request(ask.url, callback=NO_CALLBACK, dont_filter=True), ask)
        return await self.crawler.engine.download_async(request)


async def _look_around(url: str, download: Download) -> Probe:
    """The list, then its second page, then articles until one can be read."""
    try:
        response = await download(Ask(url))
        seen, listing = _look(list_page(response.url, response.body, content_type(response)))
        if listing and listing.behind:
            seen, listing = await _look_behind(seen, listing.behind, download)
    except Exception as error:
        status, reason = explain(error)
        robots: Literal["allowed", "disallowed"] | None = "disallowed" if status == "disallowed" else None
        known: ProbeStatus = "unsupported" if status == "failed" or status == "stopped" else status  # noqa: PLR1714  # mypy
        return Probe(url, known, reason, robots=robots)
    seen = replace(seen, url=url, robots="allowed", sitemaps=await _sitemaps(url, seen, download))
    if listing is None or seen.status != "ok":
        return seen
    seen = replace(seen, next_page=await _next_page(listing, download))
    if listing.parts:
        seen = replace(seen, links=await _first_part(listing, download))
    sample, problem = await _sample(seen.links, download)
    if sample is None:
        return replace(seen, status="unsupported", reason=f"none of its first articles can be read: {problem}")
    return replace(seen, sample=sample)


async def _look_behind(seen: Probe, ask: Ask | None, download: Download) -> tuple[Probe, Listing | None]:
    """The list that the page's script would fetch."""
    listing: Listing | None = None
    for _ in range(SHELLS):
        if ask is None:
            break
        response = await download(ask)
        page = list_page(response.url, response.body, content_type(response), ask)
        inner, listing = _look(page)
        seen = replace(inner, title=seen.title, charset=seen.charset)
        ask = listing.behind if listing else None
    return seen, listing


async def _first_part(listing: Listing, download: Download) -> tuple[Row, ...]:
    """The articles of the first sitemap of an index that can be read."""
    for ask in listing.parts[:SAMPLES]:
        try:
            found = await _read(ask, download)
        except Exception as error:  # the next one may do
            log.debug("sitemap not read: %s %s", explain(error)[1], ask.url)
            continue
        if found.rows:
            return found.rows
    return ()


def _look(page: ListPage) -> tuple[Probe, Listing | None]:
    """What the page itself tells."""
    seen = Probe(page.url, "empty", "no article links found", charset=page.charset)
    try:
        listing = read_listing(page, now=datetime.now(UTC), family=page.ask.family)
        feeds = _feeds(page) if listing.family in ("rows", "discuz") else ()
    except PageError as error:
        return replace(seen, status="unsupported", reason=error.problem), None
    seen = replace(seen, title=_title(page.text), family=listing.family, links=listing.rows, feeds=feeds)
    if listing.parts or listing.behind:
        reason = f"an index of {len(listing.parts)} lists" if listing.parts else None
        return replace(seen, status="ok", reason=reason), listing
    if listing.rows:
        return replace(seen, status="ok", reason=None), listing
    system = drawn_by(page.text)
    if system:
        return replace(seen, status="unsupported", reason=f"the list is drawn by a script ({system})"), listing
    return seen, listing


def _title(text: str) -> str | None:
    """What a page or a feed calls itself."""
    found = TITLE.search(text[:HEAD])
    return " ".join(unescape(found[1]).split())[:80] or None if found else None


def _feeds(page: ListPage) -> tuple[str, ...]:
    tree = read_tree(page)
    base = base_of(tree, page.url)
    links = (link for link in tree.iter("link") if (link.get("type") or "").strip().lower() in FEED_TYPES)
    return tuple(dict.fromkeys(url for link in links if (url := absolute(link.get("href") or "", base))))


async def _sitemaps(url: str, seen: Probe, download: Download) -> tuple[str, ...]:
    """The customary address, where it answers with a sitemap."""
    if seen.family not in ("rows", "discuz"):
        return ()
    address = urljoin(url, "/sitemap.xml")
    try:
        listing = await _read(Ask(address), download)
    except Exception:  # no sitemap is no fault of the list
        return ()
    return (address,) if listing.family == "sitemap" else ()


async def _next_page(listing: Listing, download: Download) -> str | None:
    """The first candidate that answers with other rows."""
    for ask in listing.following:
        try:
            found = await _read(ask, download)
        except Exception as error:  # a guessed page need not exist
            log.debug("no next page: %s %s", explain(error)[1], ask.url)
            continue
        if found.rows and not {row.url for row in found.rows} <= {row.url for row in listing.rows}:
            return ask.url
    return None


async def _read(ask: Ask, download: Download) -> Listing:
    response = await download(ask)
    page = list_page(response.url, response.body, content_type(response), ask)
    return read_listing(page, now=datetime.now(UTC), family=ask.family)


async def _sample(links: tuple[Row, ...], download: Download) -> tuple[Sample | None, str | None]:
    reason = None
    for row in links[:SAMPLES]:
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
        except Exception as error:
            reason = reason or explain(error)[1]
            continue
        return Sample(article.title, article.published, article.text), None
    return None, reason
