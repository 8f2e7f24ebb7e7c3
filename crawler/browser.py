"""Lists that a script draws: after the page was fetched like any other, the system's Chromium runs its scripts, for sources
that say `browser = true`. Everything the page asks for meanwhile is fetched by this crawl's own downloader.

So the door, robots.txt, the pauses, the sizes and the gates hold for it too. No browser is ever downloaded, and no
challenge gets here: a page that is a wall was recognised before.
"""

import asyncio
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.charset import decode
from crawler.errands import Errands
from crawler.gates import Gate, recognise
from crawler.listing.base import BROWSER
from crawler.middlewares import content_type
from crawler.state import check_wanted, log
from monitor.errors import PageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PACKAGE: Final = "playwright"
PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
HTML: Final = "text/html; charset=utf-8"


def missing() -> str | None:
    """What must be installed before a browser can be used; None where all is there."""
    lacking = [] if find_spec(PACKAGE) else [f"the extra policywatch[browser] (pip install {PACKAGE})"]
    lacking += [] if program() else ["Chromium (on Debian and Ubuntu: apt install chromium)"]
    return f"install {' and '.join(lacking)}" if lacking else None


def program() -> str | None:
    """The system's own Chromium."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Browser:
    """Draws what a request of such a source was answered with. One page at a time: a browser takes some 500 MB."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._turn = asyncio.Lock()
        self._scripts: dict[str, Response] = {}  # the pages of a site share them: each is asked for once in a crawl

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Browser":
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        if not request.meta.get(BROWSER) or response.status != 200 or "html" not in (content_type(response) or ""):
            return response
        lacking = missing()
        if lacking:
            raise PageError(response.url, f"a script draws it, and there is no browser: {lacking}")
        async with self._turn:
            check_wanted(request)
            return await self._drawn(request, response)

    async def _drawn(self, request: Request, response: Response) -> Response:
        from crawler.drawing import draw

        shell = decode(response.body, content_type(response))[0]
        errands = Errands(response.url, shell, self._crawler.engine.download_async, request.meta, self._scripts)
        settings = self._crawler.settings
        url, markup = await draw(
            _with_fragment(response.url, request.url),
            errands,
            program=program() or "",
            agent=settings["USER_AGENT"],
            patience=settings.getfloat("BROWSER_TIMEOUT"),
        )
        log.debug("page drawn: %d things fetched for it, %d refused %s", errands.fetched, len(errands.refused), url)
        body = markup.encode("utf-8", "replace")
        if len(body) > settings.getint("DOWNLOAD_MAXSIZE"):
            raise PageError(response.url, "its scripts drew more than crawl.max_page allows")
        verdict = errands.wall or recognise(200, body, HTML)
        if verdict and verdict.name != "stub_200":  # why it stayed bare is in what was refused
            raise Gate(verdict)
        headers = {"Content-Type": HTML}
        return HtmlResponse(url, headers=headers, body=body, encoding="utf-8", flags=errands.refused, request=request)


def _with_fragment(url: str, asked: str) -> str:
    """Applications of one page keep the list's name behind the #, which no server is told."""
    _, mark, fragment = asked.partition("#")
    return url if "#" in url else f"{url}{mark}{fragment}"
