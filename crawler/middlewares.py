"""What every request and answer passes: the door, robots.txt, and the gates. Redirects pass them again."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from crawler.gates import Gate, Verdict, recognise, recognise_robots
from crawler.guard import check, read_networks
from crawler.listing import is_shell
from crawler.listing.base import BROWSER
from crawler.state import check_wanted
from crawler.urls import host

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ROBOTS: Final = "robots"  # marks our own question for robots.txt
SLOT: Final = "download_slot"


class Disallowed(IgnoreRequest):  # Scrapy's own family has no Error in its name
    """robots.txt does not want us there."""


class Unanswered(IgnoreRequest):
    """robots.txt cannot be had at the moment, so nothing may be fetched (RFC 9309)."""


class Doorway:
    """Lets only public http and https addresses out, one request at a time per host and port."""

    def __init__(self, crawler: "Crawler") -> None:
        self._allowed = read_networks(crawler.settings.getlist("GUARD_ALLOW_PRIVATE"))

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Doorway":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        check_wanted(request)
        check(request.url, self._allowed)
        request.meta[SLOT] = host(request.url)


class Robots:
    """Asks each origin for its robots.txt once and obeys it; says what it learnt by Scrapy's `robots_parsed` signal."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: dict[str, asyncio.Task[RobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Robots":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(ROBOTS):
            return
        origin = f"{request.url.partition('://')[0]}://{host(request.url)}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(origin, request))
        rules = await asyncio.shield(self._rules[origin])
        if not rules.allowed(request.url, self._agent):
            raise Disallowed("robots.txt forbids this address")

    async def _read(self, origin: str, request: Request) -> RobotParser:
        asked = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta={ROBOTS: True}, dont_filter=True)
        response = await self._crawler.engine.download_async(asked)
        verdict = recognise_robots(response.status, response.body, content_type(response))
        if verdict is not None:
            raise Gate(Verdict(verdict.name, f"robots.txt is behind a wall: {verdict.reason}"))
        if response.status >= 500:
            raise Unanswered(f"robots.txt answered HTTP {response.status}: nothing is fetched until it can be read")
        body = response.body if response.status == 200 else b""
        rules = ProtegoRobotParser(body, self._crawler.spider)
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules


class Gates:
    """Turns an answer that is a wall or no page into a named refusal."""

    def process_response(self, request: Request, response: Response) -> Response:
        if not request.meta.get(ROBOTS):
            verdict = recognise(response.status, response.body, content_type(response))
            if verdict is not None and not (verdict.name == "stub_200" and _may_be_bare(request)):
                raise Gate(verdict)
        return response


def _may_be_bare(request: Request) -> bool:
    """Whether a page without a word is as it should be: a script fills it, which a browser runs or a family stands in for."""
    return bool(request.meta.get(BROWSER)) or is_shell(request.url)


def content_type(response: Response) -> str | None:
    return header(response, "Content-Type")


def header(response: Response, name: str) -> str | None:
    value: Any = response.headers.get(name)
    return value.decode("latin-1") if value else None
