"""`crawl` and `worker`: fetch new articles now, in this process."""

import logging
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, printable, with_settings
from monitor.config import Settings
from monitor.domain import Source
from monitor.errors import MonitorError
from monitor.health import LINE, after, line_after, line_down_since
from monitor.jobs import end_with_parent
from monitor.seeds import Seeds

if TYPE_CHECKING:
    from crawler.crawl import SourceReport
    from monitor.store import Store


@click.command()
@click.argument("source", nargs=-1)
@click.option("--due", is_flag=True, help="Only sources whose time has come.")
@click.option("--json", "as_json", is_flag=True, help="Counts per source as JSON.")
@click.option("--as-child", is_flag=True, hidden=True, help="Started by the service: end with it.")
@with_settings
def crawl(settings: Settings, source: tuple[str, ...], due: bool, as_json: bool, as_child: bool) -> None:
    """Fetch new articles now; all sources, or those named by id."""
    if as_child:
        end_with_parent()
    logging.basicConfig(level=logging.WARNING, format="    %(message)s", stream=sys.stderr)
    seeds = assembly.load(settings)
    chosen = choose(seeds, source)
    if not chosen:
        assembly.note("policywatch: no source is watched; `policywatch sources add URL` adds one")
    with assembly.opened_store(settings) as store, alone(settings, store):
        if due:
            chosen = store.due(chosen, assembly.now())
        reports = crawl_sources(settings, seeds, store, chosen)
    if as_json:
        print_json({"sources": [printable(asdict(report)) for report in reports]})
    else:
        show(seeds, reports)
    # One dead site is a line of the table; nothing but dead sites is a failed crawl.
    if reports and not any(report.status in ("ok", "empty", "stopped") for report in reports):
        raise MonitorError("no source could be read; `policywatch doctor` says how each one fares")


@click.command()
@click.option("--once", is_flag=True, help="Take what is due now and end.")
@with_settings
def worker(settings: Settings, once: bool) -> None:
    """Take due sources from the shared database, on this machine or another one, until stopped."""
    import time

    if not is_shared(settings) and not once:
        raise MonitorError(
            "workers share a PostgreSQL database: set `database` in policywatch.toml; on SQLite `policywatch serve` crawls by itself"
        )
    seeds = assembly.load(settings)
    with assembly.opened_store(settings) as store, alone(settings, store):
        while True:
            due = store.due(choose(seeds, ()), assembly.now())
            # One at a time: what one worker does not hold, another may take.
            show(seeds, crawl_sources(settings, seeds, store, due[:1])) if due else None
            if once and not due:
                return
            time.sleep(0 if due else 10)


@contextmanager
def alone(settings: Settings, store: "Store") -> Iterator[None]:
    """Keep a second crawl off the data folder; sources that a killed one held are free again. Raises MonitorError.

    In a shared database other machines crawl too, and only the leases keep them apart.
    """
    if is_shared(settings):
        yield
        return
    with assembly.only_one(settings, "crawl"):
        store.free_sources()
        yield


def is_shared(settings: Settings) -> bool:
    return not settings.database_url.startswith("sqlite")


def choose(seeds: Seeds, ids: Sequence[str]) -> tuple[Source, ...]:
    """Enabled sources, or exactly those named. Raises MonitorError for an unknown id."""
    known = {source.id: source for source in seeds.sources}
    for id in ids:
        if id not in known:
            raise MonitorError(f"no source {id!r}; `policywatch sources list` names them all")
    if ids:
        return tuple(known[id] for id in ids)
    return tuple(source for source in seeds.sources if source.enabled)


def crawl_sources(
    settings: Settings, seeds: Seeds, store: "Store", sources: Sequence[Source]
) -> tuple["SourceReport", ...]:
    """Lease, crawl, and write down how each source fared."""
    limit_memory(settings.crawl.memory_limit)
    held = _lease(store, sources, settings.crawl.time_limit)
    if not held:
        return ()
    from crawler.crawl import crawl as fetch

    judge = assembly.make_judge(seeds)
    assembly.renew_judgements(settings, store, judge)
    by_id = {source.id: source for source in held}
    line = store.source_states().get(LINE)
    line_down = line is not None and line.status != "ok"
    reports = fetch(
        held,
        settings=settings.crawl,
        store=store,
        judge=judge,
        baseline_days=settings.digest.baseline_days,
        progress=lambda report: _finish(store, report, by_id[report.source], line_down=line_down),
    )
    _note_line(store, seeds)
    return reports


def _lease(store: "Store", sources: Sequence[Source], seconds: float) -> list[Source]:
    """Those of the sources that nobody else is crawling, held for as long as a crawl may take."""
    now = assembly.now()
    held = [source for source in sources if store.lease(source.id, until=now + timedelta(seconds=seconds), now=now)]
    for source in sources:
        if source not in held:
            assembly.note(f"  {source.id}: left alone, another process is crawling it")
    return held


def _finish(store: "Store", report: "SourceReport", source: Source, *, line_down: bool) -> None:
    """Write down how a source fared and when it is due again; at once where the crawl was stopped before its end."""
    now = assembly.now()
    if report.status == "stopped":
        store.free_sources([report.source])
        return
    store.finish_crawl(report.source, lambda before: after(before, report, source, now, line_down=line_down))
    if report.cut_short:
        store.look_now(report.source, now)
    told = f"{report.fetched} fetched, {report.new} new, {report.facts} new facts"
    assembly.note(f"  {report.source}: {told if report.status == 'ok' else f'{report.status}: {report.reason}'}")


def _note_line(store: "Store", seeds: Seeds) -> None:
    """Our own line fares like a source: it is down where no site answers."""
    down, now = line_down_since(seeds.sources, store.source_states()), assembly.now()
    store.finish_crawl(LINE, lambda before: line_after(before, down, now))


def limit_memory(most: int) -> None:
    """A page that makes the parser swell must end this process, not the machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def show(seeds: Seeds, reports: Sequence["SourceReport"]) -> None:
    names = {source.id: source.name for source in seeds.sources}
    print_table(
        ("source", "status", "fetched", "new", "unchanged", "failed", "blocked", "facts", "reason"),
        (
            (
                names.get(report.source, report.source),
                report.status,
                report.fetched,
                report.new,
                report.unchanged,
                report.failed,
                report.blocked,
                report.facts,
                report.reason,
            )
            for report in reports
        ),
    )
