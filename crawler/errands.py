"""What a page asks for while a browser draws it: fetched as this crawl fetches everything else, and no more of it than the
rows of a list can need.

Pictures, fonts, styles, frames, counters of visitors and whatever would change something are not fetched at all.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.failures import TOO_LARGE, explain
from crawler.gates import Gate, Verdict
from crawler.state import WATCH, Stopped
from crawler.urls import host

if TYPE_CHECKING:
    from playwright.async_api import Frame, Route
    from playwright.async_api import Request as Asked

WANTED: Final = frozenset({"document", "script", "xhr", "fetch"})
METHODS: Final = frozenset({"GET", "POST"})
MOST: Final = 80  # requests of one page
LARGEST: Final = 5_000_000  # bytes of one answer
ROOM: Final = 30_000_000  # bytes of all answers of one page, and of all scripts kept for the next page
TOLD: Final = 3  # refusals that are named
# They count visitors, which we are not, and draw nothing.
COUNTERS: Final = re.compile(
    r"(?:^|\.)(?:hm\.baidu|zz\.bdstatic|push\.zhanzhang\.baidu|cnzz|51\.la|google-analytics|googletagmanager|umeng|growingio)(?:\.|$)"
)
# What the browser says of itself, and what our downloader sees to.
OUR_HEADERS: Final = re.compile(
    r"(?:sec-.*|if-.*|cookie|user-agent|host|connection|content-length|accept-encoding|range)"
)
THEIR_HEADERS: Final = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"}
)

Download = Callable[[Request], Awaitable[Response]]


class Errands:
    """The requests of one page. `refused` says what was asked for in vain, `wall` what its own site refused it with."""

    def __init__(
        self,
        url: str,
        shell: str,
        download: Download,
        meta: MutableMapping[str, Any],
        scripts: MutableMapping[str, Response],
    ) -> None:
        self._url, self._shell, self._download, self._scripts = url, shell, download, scripts
        self._watch = {WATCH: meta[WATCH]} if WATCH in meta else {}
        self._is_shown = False
        self._room = ROOM
        self._running: set[asyncio.Task[Any]] = set()
        self.frame: Frame | None = None  # the one whose documents are fetched
        self.fetched = 0
        self.refused: list[str] = []
        self.wall: Verdict | None = None

    async def run(self, route: "Route") -> None:
        """Answer one request of the page: the page itself with what was fetched already."""
        from playwright.async_api import Error

        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        with suppress(Error):  # the page has been closed meanwhile
            if not self._is_wanted(route.request):
                await route.abort()
            elif not self._is_shown:
                self._is_shown = True
                await route.fulfill(body=self._shell, content_type="text/html; charset=utf-8")
            elif (answer := await self._fetch(route.request)) is None:
                await route.abort()
            else:
                await route.fulfill(status=answer.status, headers=_theirs(answer), body=answer.body)

    def end(self) -> None:
        """Nobody waits for the answers any more."""
        for task in self._running:
            task.cancel()

    def _is_wanted(self, asked: "Asked") -> bool:
        if asked.resource_type not in WANTED or asked.method not in METHODS:
            return False
        if COUNTERS.search(urlsplit(asked.url).hostname or ""):
            return False
        return asked.resource_type != "document" or _frame(asked) == self.frame

    async def _fetch(self, asked: "Asked") -> Response | None:
        """The answer; None where there is none, or it must not be had."""
        is_script = asked.resource_type == "script" and asked.method == "GET"
        if is_script and asked.url in self._scripts:
            return self._scripts[asked.url]
        if self.fetched >= MOST or self._room <= 0:
            return None
        self.fetched += 1
        try:
            response = await self._download(self._request(asked))
        except Stopped:
            return None
        except Exception as error:  # one thing is lost, the page is not
            self._refuse(asked.url, error)
            return None
        self._room -= len(response.body)
        if is_script and sum(len(one.body) for one in self._scripts.values()) < ROOM:
            self._scripts[asked.url] = response
        return response

    def _request(self, asked: "Asked") -> Request:
        headers = {name: value for name, value in asked.headers.items() if not OUR_HEADERS.fullmatch(name)}
        if host(asked.url) != host(self._url) and asked.resource_type in ("xhr", "fetch"):
            parts = urlsplit(self._url)
            headers["origin"] = f"{parts.scheme}://{parts.netloc}"
        return Request(
            asked.url,
            method=asked.method,
            headers=headers,
            body=asked.post_data_buffer or b"",
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={"download_maxsize": LARGEST, **self._watch},
        )

    def _refuse(self, url: str, error: BaseException) -> None:
        if isinstance(error, Gate) and error.verdict.wall and host(url) == host(self._url):
            self.wall = self.wall or error.verdict
        _, reason = explain(error)
        if reason == TOO_LARGE:
            reason = f"larger than the {LARGEST:,} bytes that a page may ask for at once"
        if len(self.refused) < TOLD:
            self.refused.append(f"{reason} ({url[:200]})")


def _frame(asked: "Asked") -> "Frame | None":
    """The frame that a request comes from; None for one of a window that is only about to open."""
    from playwright.async_api import Error

    try:
        return asked.frame
    except Error:
        return None


def _theirs(answer: Response) -> dict[str, str]:
    """The headers of an answer as it stands here: unpacked, and without what it wants to be remembered by."""
    headers = {name.decode("latin-1").lower(): values for name, values in answer.headers.items()}
    return {name: b", ".join(values).decode("latin-1") for name, values in headers.items() if name not in THEIR_HEADERS}
