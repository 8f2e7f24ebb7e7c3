"""SCHEDULE: the ticks. The database knows what is due; APScheduler only asks it again and again."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from alerts import bounces, outbox
from alerts.operator import queue_alert
from alerts.recipients import shown
from monitor import assembly
from monitor.config import Settings
from monitor.errors import MonitorError
from monitor.jobs import crawl_in_child
from monitor.web import serving

log = logging.getLogger("policywatch.service")
CRAWL_TICK = 20  # seconds between two looks at what is due
DIGEST_TICK = 20
SEND_TICK = 10
STAGGER = 2  # seconds between the first looks, so that what waits since the last run is sent soon after a start
LEAVE = 9.0  # seconds after which a stopping service waits no longer for what is in hand


def run(settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT, then end within 10 seconds with nothing lost."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    # Opened once before the ticks: a database that cannot be used is said now, not by three jobs.
    with assembly.opened_store(settings):
        pass
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_listener(_say, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    ticks: tuple[tuple[Callable[[Settings, threading.Event], None], int], ...] = (
        (crawl_due, CRAWL_TICK),
        (build_due, DIGEST_TICK),
        (send_due, SEND_TICK),
    )
    for place, (tick, seconds) in enumerate(ticks):
        scheduler.add_job(
            tick,
            "interval",
            (settings, stop),
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC) + timedelta(seconds=place * STAGGER),
        )
    scheduler.start()
    with serving(settings):
        assembly.note(
            f"policywatch: watching {_count(settings)} sources, data in {settings.data}; stop with Ctrl-C or SIGTERM"
        )
        stop.wait()
        assembly.note("policywatch: stopping, finishing what is in hand ...")
    _end(scheduler)


def _end(scheduler: BackgroundScheduler) -> None:
    """Wait for the ticks in hand; a mail server that does not answer cannot hold the service up."""
    scheduler.pause()
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(LEAVE)
    if ending.is_alive():
        assembly.note(
            "policywatch: stopped while a message was being handed over; `policywatch outbox list` shows how it fared"
        )
        os._exit(0)  # its thread cannot be ended; the store is whole, as after a kill
    assembly.note("policywatch: stopped")


def crawl_due(settings: Settings, stop: threading.Event) -> None:
    """Crawl what is due, if anything is, in a child process."""
    seeds = assembly.load(settings)
    with assembly.opened_store(settings) as store:
        due = store.due([source for source in seeds.sources if source.enabled], assembly.now())
    if due and not stop.is_set():
        log.info("crawl started: %d sources due", len(due))
        status = crawl_in_child(settings, ("--due",), stop)
        if status and not stop.is_set():
            log.warning("crawl ended with status %d; the lines above say why", status)


def build_due(settings: Settings, stop: threading.Event) -> None:
    """Build the digests that are due into the outbox."""
    if stop.is_set():
        return
    seeds = assembly.load(settings)
    with assembly.opened_store(settings) as store:
        edition = assembly.make_edition(settings, seeds, store)
        for digest in outbox.queue_due(store, edition, settings.mail, assembly.now()):
            log.info("digest queued for %s: %d facts", shown(digest.recipient), len(digest.items))
        if alert := queue_alert(store, seeds.sources, settings.mail, assembly.now()):
            counts = len(alert.broken), len(alert.silent), len(alert.mended)
            log.warning("operator told: %d sources broken, %d silent, %d read again", *counts)


def send_due(settings: Settings, stop: threading.Event) -> None:
    """Deliver what waits and take in what came back; a message in hand is finished when the service is stopped."""
    with assembly.opened_store(settings) as store:
        channel = assembly.make_channel(settings)
        for one in outbox.send_waiting(store, channel, settings.mail, assembly.now, stop=stop.is_set):
            level = logging.INFO if one.state == "sent" else logging.WARNING
            log.log(level, "message to %s %s: %s", one.recipient, one.state, one.answer)
        if settings.mail.bounces:
            for line in bounces.take_in_maildir(store, settings.mail.bounces, settings.mail, assembly.now()):
                log.info("came back: %s", line)


def _count(settings: Settings) -> int:
    return sum(source.enabled for source in assembly.load(settings).sources)


def _say(event: JobExecutionEvent) -> None:
    """A fault of one tick is a line; the next tick comes anyway."""
    fault = getattr(event, "exception", None)
    if isinstance(fault, MonitorError):
        log.error("%s: %s", event.job_id, fault)
    elif fault is not None:
        log.error("%s failed", event.job_id, exc_info=fault)
