"""Look at an address or a saved page without keeping anything: which family, which articles, where it goes on.

The same door, robots.txt and gates as in a crawl stand before every request, and a person waits for the answer: what
takes too long is named and left out.
"""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.settings import Settings

from crawler.browser import missing
from crawler.listing import Ask, asked, list_page
from crawler.listing.base import LARGEST
from crawler.listing.probe_offers import OutOfTime
from crawler.listing.probe_page import Probe, Sample, Suggestion, look, single_article
from crawler.listing.probe_walk import look_around
from crawler.listing.scripted import unreadable
from crawler.urls import absolute, host
from monitor.config import Crawl
from monitor.errors import MonitorError

__all__ = ["Probe", "Sample", "Suggestion", "addresses", "probe"]

PATIENCE: Final = 45.0  # seconds that a person waits for an answer
ANSWER: Final = 10.0  # seconds that one request may take, where the crawl would wait longer
CLOSING: Final = 1.0  # seconds that requests no longer wanted get to end
SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
# A host as people type it: with a dot (。 in Chinese input), or with a port.
HOST: Final = re.compile(
    r"(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?|(?:[\w-]+[.。．])+[\w-]{2,}(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?|[\w-]+:\d{1,5}",
    re.IGNORECASE,
)
FILE: Final = re.compile(r"\.(?:s?html?|xml|json|gz|txt|pdf|docx?)", re.IGNORECASE)


def probe(url_or_file: str, *, base: str | None = None, settings: Crawl, browser: bool = False) -> Probe:
    """Look at an address, or at a saved page as if it had come from `base`; a file needs no network.

    An address without a scheme is tried with https, then with http; a `browser` draws the page of an address where asked
    for. Raises MonitorError for a file that cannot be read
    or an address that is none.
    """
    tried = addresses(url_or_file)
    if not tried:
        return _probe_file(Path(url_or_file.strip()), base)
    lacking = missing() if browser else None
    if lacking:
        raise MonitorError(f"{url_or_file}: there is no browser: {lacking}")
    found = asyncio.run(_probe_site(tried[0], settings, browser))
    for url in tried[1:]:
        if found.status == "unreachable":
            other = asyncio.run(_probe_site(url, settings, browser))
            found = found if other.status == "unreachable" else other
    return found


def addresses(given: str) -> tuple[str, ...]:
    """The web addresses that `given` may mean, likeliest first; none where it names a file. Raises MonitorError."""
    text = given.strip()
    scheme = SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise MonitorError(f"{given}: only http:// and https:// addresses are read")
    if scheme:
        return (_usable(text, given),)
    name = re.split(r"[/?#]", text, maxsplit=1)[0]
    end = re.search(r"\.\w+$", name)
    is_file = Path(text).exists() or (name == text and end is not None and FILE.fullmatch(end.group()))
    if is_file or not HOST.fullmatch(name):
        return ()
    return tuple(_usable(f"{kind}://{text}", given) for kind in ("https", "http"))


def _usable(url: str, given: str) -> str:
    """The address with its host as networks write it. Raises MonitorError."""
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        raise MonitorError(f"{given}: not an address of a page") from None
    place = f"[{name}]" if ":" in name else name
    usable = url if parts.netloc.isascii() else urlunsplit(parts._replace(netloc=place + port))
    if not name or re.search(r"\s", url) or absolute(usable, usable) is None:
        raise MonitorError(f"{given}: not an address of a page")
    return usable


def _probe_file(file: Path, base: str | None) -> Probe:
    try:
        if file.suffix == ".gz":
            with gzip.open(file) as packed:
                body = packed.read(LARGEST + 1)
        else:
            body = file.read_bytes()
    except (OSError, EOFError, ValueError) as error:
        raise MonitorError(f"{file}: neither an address with http:// nor a file that can be read: {error}") from None
    if len(body) > LARGEST:
        raise MonitorError(f"{file}: has more than the {LARGEST:,} bytes that are read of a page")
    page = list_page(base or "", body)
    barred = unreadable(page.url)
    seen, listing = look(page)
    if barred:
        return replace(seen, status="unsupported", reason=barred, links=())
    article = single_article(page, listing) if listing and base else None
    if article is not None:
        reason = "a single article, not a list; take it in with `policywatch ingest`"
        seen, listing = replace(seen, status="empty", reason=reason, links=(), rows=0, sample=article), None
    elif seen.status == "empty" and base is None:
        seen = replace(seen, reason="no article links found; relative links need --url BASE")
    following = listing.following[0].url if listing and listing.linked and listing.following else None
    return replace(seen, url=base or str(file), next_page=following)


async def _probe_site(url: str, settings: Crawl, browser: bool) -> Probe:
    from crawler import settings as values

    made = Settings()
    made.setmodule(values, priority="project")
    quick = settings.model_copy(update={"timeout": min(settings.timeout, ANSWER)})
    made.setdict(values.from_user(quick), priority="cmdline")
    runner = AsyncCrawlerRunner(made)
    answer: asyncio.Future[Probe] = asyncio.get_running_loop().create_future()
    patience = PATIENCE + (settings.browser_timeout if browser else 0.0)
    words = {"url": url, "answer": answer, "patience": patience, "browser": browser}
    crawl: asyncio.Future[Any] = asyncio.ensure_future(runner.crawl(ProbeSpider, **words))
    first: tuple[asyncio.Future[Any], ...] = (crawl, answer)
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    # Requests that were given up may stand in line for minutes where a site wants pauses.
    await asyncio.wait([crawl], timeout=CLOSING)
    if not crawl.done():
        crawl.cancel()
        await asyncio.wait([crawl], timeout=CLOSING)
    return answer.result() if answer.done() else Probe(url, "unreachable", "the probe was stopped")


class ProbeSpider(Spider):
    """Asks one page after the other, so it needs no callbacks."""

    name = "probe"

    def __init__(
        self, url: str, answer: "asyncio.Future[Probe]", patience: float, browser: bool, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._url, self._answer, self._browser = url, answer, browser
        self._sitemaps: list[str] = []
        self._pauses: dict[str, float] = {}  # seconds that robots.txt asks for, by host
        self._deadline = asyncio.get_running_loop().time() + patience

    async def start(self) -> AsyncIterator[Any]:
        self.crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)
        found = await look_around(self._url, self._download, browser=self._browser)
        self._answer.set_result(replace(found, sitemaps=tuple(dict.fromkeys((*self._sitemaps, *found.sitemaps)))))
        return
        yield  # an asynchronous generator, as Scrapy wants it

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        if isinstance(robotparser, ProtegoRobotParser):
            self._sitemaps += [urljoin(request.url, address) for address in robotparser.rp.sitemaps]
        pause = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        slot = self.crawler.engine.downloader.slots.get(host(request.url))
        if pause and slot is not None:
            self._pauses[host(request.url)] = pause
            slot.lastseen = 0.0  # asking what is allowed is part of the first visit

    async def _download(self, ask: Ask) -> Response:
        """Fetch a page as long as there is time. Raises OutOfTime, and what Scrapy raises."""
        loop = asyncio.get_running_loop()
        if self._pauses.get(host(ask.url), 0.0) > self._deadline - loop.time():
            raise OutOfTime
        request = asked(Request(ask.url, callback=NO_CALLBACK, dont_filter=True), ask)
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self.crawler.engine.download_async(request)
        except TimeoutError:
            raise OutOfTime from None
