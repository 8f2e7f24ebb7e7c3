"""`doctor`: is everything in place, and how to mend what is not."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.config import Settings
from monitor.domain import Source
from monitor.errors import MonitorError
from monitor.seeds import check_seeds

if TYPE_CHECKING:
    from monitor.store.store import SourceRecord


LITTLE_ROOM = 500_000_000  # bytes; some months of a dozen sources
# How to mend a source in trouble, by its status.
ADVICE = {
    "blocked": "it is left alone; take saved pages in with `policywatch ingest`, or `policywatch sources disable {id}`",
    "disallowed": "its owner does not want to be read: `policywatch sources disable {id}`",
    "empty": "look at it with `policywatch sources probe URL`, mend it with `policywatch sources edit {id} --url URL`",
    "unreachable": "check the network and the address; mend it with `policywatch sources edit {id} --url URL`",
}


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    state: str  # ok, warning, fault
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True)
@with_settings
def doctor(settings: Settings, as_json: bool) -> None:
    """Check settings, seeds, database, mail server and sources, and say how to mend each fault."""
    found = list(examine(settings))
    if as_json:
        print_json({"findings": [asdict(one) for one in found]})
    else:
        print_table(("part", "state", "detail"), ((one.part, one.state, one.detail) for one in found))
    if any(one.state == "fault" for one in found):
        raise SystemExit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", "ok", f"data in {settings.data}")
    yield _room(settings)
    if not settings.crawl.contact:
        yield Finding("settings", "warning", "crawl.contact is empty: give sites an address to write to")
    faults = check_seeds((settings.sources_folder,))
    yield from (Finding("seeds", "fault", str(fault)) for fault in faults)
    if not faults:
        yield Finding("seeds", "ok", f"{len(assembly.load(settings).sources)} sources")
    yield from _database(settings)
    yield _mail(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    from monitor.store import delivery

    try:
        with assembly.opened_store(settings) as store:
            states = store.source_states()
            with delivery.reading(store) as session:
                stuck = delivery.messages(session, "failed", "unknown")
                readers = delivery.list_subscriptions(session)
    except MonitorError as error:
        yield Finding("database", "fault", str(error))
        return
    yield Finding("database", "ok", settings.database_url.split("@")[-1])
    for one in stuck:
        detail = f"message {one.id} to {one.recipient}: {one.state}: {one.answer}; `policywatch outbox retry {one.id}`"
        yield Finding("outbox", "fault", detail)
    if not readers:
        yield Finding(
            "subscriptions", "warning", "nobody subscribes: `policywatch subscriptions add EMAIL --theme ...`"
        )
    for reader in readers:
        if reader.suspended:
            detail = f"{reader.email}: {reader.suspended}; `policywatch subscriptions pause {reader.id} --resume`"
            yield Finding("subscriptions", "warning", detail)
    yield from (_source(one, states.get(one.id)) for one in assembly.load(settings).sources if one.enabled)


def _source(source: Source, state: "SourceRecord | None") -> Finding:
    if state is None or state.status is None:
        return Finding("source", "warning", f"{source.name}: not crawled yet; `policywatch crawl {source.id}` does it")
    if state.status not in assembly.TROUBLED:
        return Finding("source", "ok", f"{source.name}: {state.reason or state.status}")
    advice = ADVICE.get(state.status, "`policywatch sources show {id}` lists its last troubles").format(id=source.id)
    return Finding("source", "warning", f"{source.name}: {state.status}: {state.reason}; {advice}")


def _room(settings: Settings) -> Finding:
    """Pages are kept for good, so a full disk is a matter of time."""
    nearest = next(folder for folder in (settings.data, *settings.data.absolute().parents) if folder.is_dir())
    free = shutil.disk_usage(nearest).free
    state = "ok" if free >= LITTLE_ROOM else "warning"
    return Finding("disk", state, f"{free // 1_000_000:,} MB free for {settings.data}")


def _mail(settings: Settings) -> Finding:
    from alerts.channels.base import DeliveryError
    from alerts.channels.smtp import SmtpServer

    if not settings.smtp.host:
        return Finding("mail", "warning", f"no smtp.host: messages go to {settings.mailbox}")
    server = SmtpServer(settings.smtp, settings.mail.sender)
    try:
        return Finding("mail", "ok", f"{settings.smtp.host}:{settings.smtp.port} answered {server.check()}")
    except DeliveryError as error:
        return Finding("mail", "fault", error.answer)
    finally:
        server.close()
