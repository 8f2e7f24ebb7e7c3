"""Runs the scripts of one page in Chromium and says what it then shows. The browser has no way out of its own: names do not
resolve in it, its proxy is a closed door, and each request is answered by whoever called.

A page that does not come to rest is taken as it stands; one that hangs is ended with its browser.
"""

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from playwright.async_api import BrowserContext, Error, Page, async_playwright
from playwright.async_api import TimeoutError as NotInTime

from crawler.errands import Errands
from monitor.errors import PageError

CLOSED: Final = "http://127.0.0.1:9"  # the discard port: whatever is not answered by us ends there
ARGUMENTS: Final = (
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--blink-settings=imagesEnabled=false",
    "--js-flags=--max-old-space-size=512",
)
MEMORY: Final = 6_000_000_000  # bytes that each process of the browser may hold
KEPT: Final = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR")  # of our environment, which holds passwords
START: Final = 20.0  # seconds until Chromium answers
CLOSING: Final = 5.0
WINDOW: Final = {"width": 1280, "height": 4000}  # lists that grow when a reader scrolls show their first rows
REST: Final = 0.75  # of the patience: the time for the network to fall silent, which it never does where a page polls
STILL: Final = 0.5  # seconds in which nothing on the page changes: it is done
LOOKS: Final = 8


async def draw(url: str, errands: Errands, *, program: str, agent: str, patience: float) -> tuple[str, str]:
    """The address and the markup of a page once its scripts have run. Raises PageError."""
    try:
        async with asyncio.timeout(patience), _browser(program, agent) as context:
            await context.route("**/*", errands.run)
            page = await context.new_page()
            errands.frame = page.main_frame
            await page.goto(url, wait_until="commit", timeout=patience * 1000)
            shown = await _at_rest(page, patience * REST)
            return (page.url if page.url.startswith(("http://", "https://")) else url), shown
    except (TimeoutError, NotInTime):
        raise PageError(
            url, f"its scripts had drawn nothing after {patience:.0f} seconds (crawl.browser_timeout)"
        ) from None
    except Error as error:
        if "BrowserType.launch" in error.message:
            advice = f"`{program} --headless --dump-dom about:blank` says why"
            raise PageError(url, f"a script draws it, and Chromium does not start: {advice}") from None
        raise PageError(url, f"Chromium could not draw it: {error.message.splitlines()[0][:200]}") from None
    finally:
        errands.end()


async def _at_rest(page: Page, seconds: float) -> str:
    with suppress(NotInTime):
        await page.wait_for_load_state("networkidle", timeout=seconds * 1000)
    before = ""
    for _ in range(LOOKS):
        with suppress(Error):  # it is on its way to another page
            markup = await page.content()
            if markup == before:
                break
            before = markup
        await asyncio.sleep(STILL)
    return before


@asynccontextmanager
async def _browser(program: str, agent: str) -> AsyncIterator[BrowserContext]:
    with _own_limits():
        driver = await async_playwright().start()
    try:
        browser = await driver.chromium.launch(
            executable_path=program,
            args=list(ARGUMENTS),
            proxy={"server": CLOSED},
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            chromium_sandbox=os.geteuid() != 0,  # it refuses to start as root with one
            timeout=START * 1000,
        )
        try:
            yield await browser.new_context(
                user_agent=agent,
                locale="zh-CN",
                viewport={"width": WINDOW["width"], "height": WINDOW["height"]},
                service_workers="block",
                accept_downloads=False,
            )
        finally:
            with suppress(TimeoutError, Error):
                async with asyncio.timeout(CLOSING):
                    await browser.close()
    finally:
        await driver.stop()


@contextmanager
def _own_limits() -> Iterator[None]:
    """Processes started here are bounded by what they hold: a browser reserves a thousand times as much address space."""
    limits = {which: resource.getrlimit(which) for which in (resource.RLIMIT_AS, resource.RLIMIT_DATA)}
    space, held = limits[resource.RLIMIT_AS], limits[resource.RLIMIT_DATA]
    resource.setrlimit(resource.RLIMIT_AS, (space[1], space[1]))
    most = MEMORY if held[1] == resource.RLIM_INFINITY else min(MEMORY, held[1])
    resource.setrlimit(resource.RLIMIT_DATA, (most, held[1]))
    try:
        yield
    finally:
        for which, limit in limits.items():
            resource.setrlimit(which, limit)
