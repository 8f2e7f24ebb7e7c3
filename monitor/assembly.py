"""The one place where settings become parts: seeds, judge, store, channel. Everything below gets them as arguments."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from monitor.config import Settings
from monitor.errors import ConfigError, MonitorError, SeedError
from monitor.seeds import Seeds, load_seeds

if TYPE_CHECKING:
    from alerts.channels.base import Channel
    from alerts.digest import Edition
    from alerts.sentence import Names
    from monitor.judge import Judge
    from monitor.store import Store

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
    """What is watched: all seeds, the shipped sources outside of `sources.regions` switched off. Raises ConfigError."""
    seeds = load_all(settings, *more)
    if not settings.sources.regions:
        return seeds
    from monitor.regionset import choose

    return choose(seeds, settings.sources.regions)


def load_all(settings: Settings, *more: Path) -> Seeds:
    """Shipped seeds, the user's own and `more` files over them; a file that cannot be used is named, the rest goes on."""
    return load_seeds((settings.sources_folder, *more), shipped_sources=settings.shipped_sources, on_error=_say)


def make_judge(seeds: Seeds) -> "Judge":
    from monitor.judge import Judge

    return Judge(seeds)


def renew_judgements(settings: Settings, store: "Store", judge: "Judge") -> int:
    """Judge again what earlier rules or themes judged, so that nothing known is taken for new; returns how many articles."""
    from monitor.ingest import judge_again
    from monitor.store.articles import is_outdated

    with store.reading() as db:
        if not is_outdated(db, judge.version):
            return 0
    note("policywatch: rules or themes have changed; the stored articles are judged again (nothing is fetched) ...")
    done = judge_again(store, judge, now(), settings.digest.baseline_days)
    note(f"policywatch: {done} articles judged again")
    return done


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
    """All channels: for mail the server where one is configured, else the mailbox folder."""
    from alerts.channels.by_address import ByAddress
    from alerts.channels.file import MailboxFolder
    from alerts.channels.robots import SERVICES, GroupRobots
    from alerts.channels.smtp import SmtpServer
    from alerts.channels.through_apprise import ThroughApprise
    from alerts.channels.webhook import Webhooks

    mail = SmtpServer(settings.smtp, settings.mail) if settings.smtp.host else MailboxFolder(settings.mailbox)
    robots = GroupRobots(settings.channels)
    return ByAddress(
        mail,
        {
            **dict.fromkeys(SERVICES, robots),
            "webhook": Webhooks(settings.channels, partial(webhook_key, settings)),
            "apprise": ThroughApprise(),
        },
    )


def webhook_key(settings: Settings) -> bytes:
    """From which the secret of each webhook is made; where none is set, a file of the data folder has it. Raises ConfigError."""
    if settings.channels.webhook_key:
        return settings.channels.webhook_key.get_secret_value().encode()
    file = settings.webhook_key_file
    try:
        if settings.channels.webhook_key_file is None and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            _write_once(file, token_urlsafe(32))
        return file.read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"{file}: the key for webhooks cannot be read: {error.strerror}") from None


def _write_once(file: Path, secret: str) -> None:
    """Make the file whole, for its owner alone; where another process was first, its file stands."""
    made = file.with_suffix(f".{os.getpid()}.part")
    made.touch(mode=0o600)
    made.write_text(secret, encoding="ascii")
    try:
        os.link(made, file)
    except FileExistsError:
        pass
    finally:
        made.unlink()


def make_edition(settings: Settings, seeds: Seeds, store: "Store") -> "Edition":
    """What every digest of this moment shares: theme names, which sources are second-hand, which are in trouble."""
    from alerts.digest import SILENCE, Edition, Trouble

    states = store.source_states()
    watched = [(source, states[source.id]) for source in seeds.sources if source.enabled and source.id in states]
    troubles = [
        Trouble(source.name, state.reason or state.status or "", state.failing_since)
        for source, state in watched
        if state.status in TROUBLED
    ]
    troubles += [
        Trouble(source.name, SILENCE, state.since)
        for source, state in watched
        if state.health == "silent" and state.status not in TROUBLED
    ]
    return Edition(
        theme_names={theme.id: theme.name for theme in seeds.themes},
        second_hand=frozenset(source.id for source in seeds.sources if not source.official),
        troubles=tuple(troubles),
        heartbeat=settings.digest.heartbeat,
        preferences=settings.web.preferences,
        english={theme.id: theme.english for theme in seeds.themes if theme.english},
    )


def make_names(seeds: Seeds) -> "Names":
    """What themes and places are called, for the sentence that a subscription is told in."""
    from alerts.sentence import Names
    from monitor.gazetteer import load_divisions

    return Names(
        themes={theme.id: theme.name for theme in seeds.themes},
        english={theme.id: theme.english for theme in seeds.themes if theme.english},
        parents={theme.id: theme.parent for theme in seeds.themes if theme.parent},
        places=load_divisions(),
    )


def _say(error: SeedError) -> None:
    note(f"policywatch: {error}")
