"""SCHEDULE: the ticks. The database knows what is due; APScheduler only asks it again and again."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from alerts import bounces, outbox
from alerts.machine import queue_machine_alert
from alerts.operator import queue_alert
from alerts.recipients import shown
from monitor import assembly
from monitor.config import Settings
from monitor.errors import MonitorError
from monitor.jobs import GRACE, crawl_in_child
from monitor.machine import examine, overdue
from monitor.web import serving

log = logging.getLogger("policywatch.service")
CRAWL_TICK = 20  # seconds between two looks at what is due
DIGEST_TICK = 20
SEND_TICK = 10
ALARM_TICK = 30
SENDING = 300.0  # seconds that one tick sends; what is left is the next one's
STAGGER = 2  # seconds between the first looks, so that what waits since the last run is sent soon after a start
LEAVE = 9.0  # seconds after which a stopping service waits no longer for what is in hand


@dataclass(frozen=True, slots=True)
class Tick:
    """Work that comes again and again; one round of it may well take `longest` seconds."""

    name: str
    work: Callable[[Settings, threading.Event], None]
    seconds: int
    longest: float = 0.0

    def done_by(self) -> datetime:
        """When the next round is over, if it begins in time."""
        return assembly.now() + timedelta(seconds=self.seconds + self.longest)


def run(settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT, then end within 10 seconds with nothing lost."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    # Opened once before the ticks: a database that cannot be used is said now, not by three jobs.
    with assembly.opened_store(settings):
        pass
    scheduler = BackgroundScheduler(timezone=UTC)
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)  # `_say` tells a plain fault in one line
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a crawl may well take longer than its tick
    scheduler.add_listener(_say, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    due: dict[str, datetime] = {}
    ticks = (
        Tick("crawl_due", crawl_due, CRAWL_TICK, settings.crawl.time_limit + GRACE),
        Tick("build_due", build_due, DIGEST_TICK),
        Tick("send_due", send_due, SEND_TICK, SENDING),
        Tick("look_after", partial(look_after, due), ALARM_TICK),
    )
    for place, tick in enumerate(ticks):
        due[tick.name] = tick.done_by()
        scheduler.add_job(
            begin,
            "interval",
            (tick, due, settings, stop),
            id=tick.name,
            seconds=tick.seconds,
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


def begin(tick: Tick, due: dict[str, datetime], settings: Settings, stop: threading.Event) -> None:
    """One round of a tick; `due` says by when the next one has to be over."""
    try:
        tick.work(settings, stop)
    finally:
        due[tick.name] = tick.done_by()


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
        # First, because it must be told whatever becomes of the digests.
        if alert := queue_alert(store, seeds.sources, settings.mail, assembly.now()):
            counts = len(alert.broken), len(alert.silent), len(alert.mended)
            log.warning("operator told: %d sources broken, %d silent, %d read again", *counts)
        edition = assembly.make_edition(settings, seeds, store)
        for digest in outbox.queue_due(store, edition, settings.mail, assembly.now()):
            log.info("digest queued for %s: %d facts", shown(digest.recipient), len(digest.items))


def send_due(settings: Settings, stop: threading.Event) -> None:
    """Deliver what waits and take in what came back; a message in hand is finished when the service is stopped."""
    end = time.monotonic() + SENDING
    with assembly.opened_store(settings) as store:
        channel = assembly.make_channel(settings)

        def over() -> bool:
            return stop.is_set() or time.monotonic() > end

        for one in outbox.send_waiting(store, channel, settings.mail, assembly.now, stop=over):
            level = logging.INFO if one.state == "sent" else logging.WARNING
            log.log(level, "message to %s %s: %s", one.recipient, one.state, one.answer)
        if settings.mail.bounces:
            for line in bounces.take_in_maildir(store, settings.mail.bounces, settings.mail, assembly.now()):
                log.info("came back: %s", line)


def look_after(due: Mapping[str, datetime], settings: Settings, stop: threading.Event) -> None:
    """Tell the operator where this machine itself is at fault: its disk, its clockwork, its way to the mail server."""
    if stop.is_set():
        return
    late = overdue(due, assembly.now(), timedelta(seconds=settings.alarm.lateness))
    with assembly.opened_store(settings) as store:
        parts = list(examine(settings, store, late))
        if subject := queue_machine_alert(store, parts, settings.mail, assembly.now()):
            log.warning("operator told: %s", subject)


def _count(settings: Settings) -> int:
    return sum(source.enabled for source in assembly.load(settings).sources)


def _say(event: JobExecutionEvent) -> None:
    """A fault of one tick is a line; the next tick comes anyway."""
    fault = getattr(event, "exception", None)
    if isinstance(fault, MonitorError):
        log.error("%s: %s", event.job_id, fault)
    elif fault is not None:
        log.error("%s failed", event.job_id, exc_info=fault)
