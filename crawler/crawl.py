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
from crawler.state import CUT_SHORT, Run, Watch, log
from monitor.config import Crawl
from monitor.domain import Source
from monitor.health import Look
from monitor.ingest import Judging
from monitor.store import Store

OWN_LIMIT: Final = 0.9  # of crawl.time_limit: a crawl ends by itself before the service would kill it
GRACE: Final = 4.0  # seconds that requests under way get after SIGTERM; the service kills a crawl after seven


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport(Look):
    """How one source fared. `status` is ok, blocked, disallowed, empty, unreachable, failed, or stopped where the crawl
    ended before it was read; `fetched` counts articles answered, `facts` facts never seen before. `cut_short`: the crawl
    was stopped while articles of the source were still to be fetched."""

    source: str
    fetched: int
    unchanged: int
    failed: int
    blocked: int
    facts: int
    cut_short: bool


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

    def stop() -> None:
        run.halt()
        stopping.append(asyncio.ensure_future(_stop(runner, task)))

    stopping: list[asyncio.Task[None]] = []
    limit = asyncio.get_running_loop().call_later(run.settings.time_limit * OWN_LIMIT, stop)
    with _signals(stop):
        try:
            await task
        except asyncio.CancelledError:
            log.info("crawl cut short: requests under way took too long to end")
    limit.cancel()


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
    """Scrapy's own warnings repeat what our issue lines say, and asyncio mourns the tasks that a crawl cut short leaves."""
    levels = {"scrapy": logging.ERROR, "asyncio": logging.CRITICAL}
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _stopped(watch: Watch) -> None:
    """A source that was being read when the crawl was stopped is not broken; one never looked at has no outcome."""
    if watch.listed:
        watch.reason = watch.reason or CUT_SHORT
    else:
        watch.fail("stopped", "the crawl was stopped before this source was read")


def _report(watch: Watch) -> SourceReport:
    shown, cut_short = watch.shown, watch.reason == CUT_SHORT
    return SourceReport(
        source=watch.source.id,
        status=watch.status,
        reason=watch.reason,
        fetched=watch.fetched,
        new=watch.new,
        unchanged=watch.unchanged,
        failed=watch.failed,
        blocked=watch.blocked,
        facts=watch.facts,
        rows=shown.rows,
        fresh=watch.fresh,
        newest=shown.newest,
        usual_gap=shown.usual_gap,
        dialect=shown.dialect,
        paging=watch.paging,
        gone=watch.gone,
        late=watch.left_over,
        left=watch.left or cut_short,
        cut_short=cut_short,
    )
