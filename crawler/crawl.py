"""Crawl some sources now, in this process: fetch, read, judge, store, report. What is due is decided elsewhere."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from crawler import settings as values
from crawler.guard import read_networks
from crawler.spiders.source import SourceSpider
from crawler.state import Run, Watch, log
from monitor.config import Crawl
from monitor.domain import Source
from monitor.ingest import Judging
from monitor.store import Store

GRACE: Final = 4.0  # seconds that requests under way get after SIGTERM; the service kills a crawl after seven


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source fared. `status` is ok, blocked, disallowed, empty, unreachable or failed; `fetched` counts
    articles answered, `new` those stored for the first time, `facts` facts never seen before."""

    source: str
    status: str
    reason: str | None
    fetched: int
    new: int
    unchanged: int
    failed: int
    blocked: int
    facts: int


def crawl(
    sources: Sequence[Source],
    *,
    settings: Crawl,
    store: Store,
    judge: Judging,
    baseline_days: int = 30,
    progress: Callable[[SourceReport], None] | None = None,
) -> tuple[SourceReport, ...]:
    """Crawl the sources and report on each in their order; `progress` hears of each as it ends.

    What was published more than `baseline_days` before it is first seen alerts nobody.

    SIGTERM and SIGINT end the crawl after what is in hand. Raises ConfigError, and StoreError where nothing can be kept.
    """
    read_networks(settings.allow_private)
    told = progress or (lambda _: None)
    run = Run(sources, settings, store, judge, ended=lambda watch: told(_report(watch)), baseline_days=baseline_days)
    with _quiet():
        asyncio.run(_crawl(run))
    if run.fault is not None:
        raise run.fault
    for watch in run.watches.values():
        if not watch.ended:
            _stopped(watch)
            told(_report(watch))
    return tuple(_report(run.watches[source.id]) for source in sources)


def scrapy_settings(settings: Crawl) -> Settings:
    """Scrapy's settings with the user's over them."""
    made = Settings()
    made.setmodule(values, priority="project")
    made.setdict(values.from_user(settings), priority="cmdline")
    return made


async def _crawl(run: Run) -> None:
    runner = AsyncCrawlerRunner(scrapy_settings(run.settings))
    task = runner.crawl(SourceSpider, run=run)
    with _signals(lambda: asyncio.ensure_future(_stop(runner, task))):
        try:
            await task
        except asyncio.CancelledError:
            log.warning("crawl cut short: requests under way took too long to end")


async def _stop(runner: AsyncCrawlerRunner, task: "asyncio.Task[None]") -> None:
    log.info("crawl asked to stop: finishing what is in hand")
    stopping = asyncio.ensure_future(runner.stop())
    done, _ = await asyncio.wait([task, stopping], timeout=GRACE, return_when=asyncio.ALL_COMPLETED)
    if task not in done:
        task.cancel()


@contextmanager
def _signals(stop: Callable[[], Any]) -> Iterator[None]:
    """SIGTERM and SIGINT end the crawl gently; only the main thread may listen to them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@contextmanager
def _quiet() -> Iterator[None]:
    """Scrapy's own warnings repeat what our issue lines say."""
    scrapy_log = logging.getLogger("scrapy")
    level = scrapy_log.level
    scrapy_log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        scrapy_log.setLevel(level)


def _stopped(watch: Watch) -> None:
    """A source that was being read when the crawl was stopped is not broken; one never looked at has no outcome."""
    if watch.listed:
        watch.reason = watch.reason or "the crawl was stopped; the rest follows next time"
    else:
        watch.fail("failed", "the crawl was stopped before this source was read")


def _report(watch: Watch) -> SourceReport:
    return SourceReport(
        watch.source.id,
        watch.status,
        watch.reason,
        watch.fetched,
        watch.new,
        watch.unchanged,
        watch.failed,
        watch.blocked,
        watch.facts,
    )
