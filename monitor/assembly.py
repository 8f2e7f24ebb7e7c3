"""The one place where settings become parts: seeds, judge, store, channel. Everything below gets them as arguments."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.config import Settings
from monitor.errors import MonitorError, SeedError
from monitor.seeds import Seeds, load_seeds

if TYPE_CHECKING:
    from alerts.channels.base import Channel
    from alerts.digest import Edition
    from monitor.judge import Judge
    from monitor.store import SourceRecord, Store

# States of a source that a reader must hear of: it is not quiet, we are blind to it.
TROUBLED = ("blocked", "disallowed", "empty", "unreachable", "failed")


def now() -> datetime:
    return datetime.now(UTC)


def note(message: str) -> None:
    """One line for the person at the terminal; standard output belongs to results."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def log_to_stderr(level: int = logging.WARNING) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("policywatch").setLevel(min(level, logging.INFO))


def load(settings: Settings, *more: Path) -> Seeds:
    """Shipped seeds, the user's own and `more` files over them; a file that cannot be used is named, the rest goes on."""
    return load_seeds((settings.sources_folder, *more), shipped_sources=settings.shipped_sources, on_error=_say)


def make_judge(seeds: Seeds) -> "Judge":
    from monitor.judge import Judge

    return Judge(seeds)


@contextmanager
def opened_store(settings: Settings) -> Iterator["Store"]:
    from monitor.store import Store

    store = Store.open(settings.database_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def only_one(settings: Settings, job: str) -> Iterator[None]:
    """Hold the data folder for one job; the system lets go when the process dies, however it dies. Raises MonitorError."""
    from filelock import FileLock, Timeout

    lock = FileLock(settings.data / f"{job}.lock")
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise MonitorError(
            f"another `policywatch {job}` works on {settings.data}; stop it first, or choose another folder with --data"
        ) from None
    except OSError as error:
        raise MonitorError(
            f"{settings.data}: the data folder cannot be written: {error.strerror}; choose another with --data"
        ) from None
    try:
        yield
    finally:
        lock.release()


def make_channel(settings: Settings) -> "Channel":
    """The mail server where one is configured, else the mailbox folder."""
    from alerts.channels.file import MailboxFolder
    from alerts.channels.smtp import SmtpServer

    if settings.smtp.host:
        return SmtpServer(settings.smtp, settings.mail.sender)
    return MailboxFolder(settings.mailbox)


def make_edition(settings: Settings, seeds: Seeds, store: "Store") -> "Edition":
    """What every digest of this moment shares: theme names, which sources are second-hand, which are in trouble."""
    from alerts.digest import Edition, Trouble, silence
    from monitor.store.queries import last_articles

    states, newest = store.source_states(), last_articles(store)
    watched = [source for source in seeds.sources if source.enabled]
    troubles = [
        Trouble(source.name, state.reason or state.status or "", state.failing_since)
        for source in watched
        if (state := states.get(source.id)) and state.status in TROUBLED
    ]
    quiet = (silence(one.name, newest.get(one.id), now()) for one in watched if _reads(states.get(one.id)))
    troubles += [trouble for trouble in quiet if trouble]
    return Edition(
        theme_names={theme.id: theme.name for theme in seeds.themes},
        second_hand=frozenset(source.id for source in seeds.sources if not source.official),
        troubles=tuple(troubles),
        heartbeat=settings.digest.heartbeat,
    )


def _reads(state: "SourceRecord | None") -> bool:
    return state is not None and state.status not in TROUBLED


def _say(error: SeedError) -> None:
    note(f"policywatch: {error}")
