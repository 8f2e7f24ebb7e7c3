"""`doctor`: is everything in place, and how to mend what is not."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.cli.fares import say_state
from monitor.config import Settings
from monitor.domain import Source
from monitor.errors import MonitorError
from monitor.health import LINE
from monitor.seeds import check_seeds

if TYPE_CHECKING:
    from monitor.store.store import SourceRecord


# How to mend a source in trouble, by what its last look met, else by how it fares.
ADVICE = {
    "blocked": "it is left alone; take saved pages in with `policywatch ingest`, or `policywatch sources disable {id}`",
    "disallowed": "its owner does not want to be read: `policywatch sources disable {id}`",
    "empty": "look at it with `policywatch sources probe URL`, mend it with `policywatch sources edit {id} --url URL`",
    "unreachable": "check the network and the address; mend it with `policywatch sources edit {id} --url URL`",
    "gone": "find its new address with `policywatch sources probe` and the site's front page, then `policywatch sources "
    "edit {id} --url URL`",
    "silent": "its list may have moved: `policywatch sources probe URL` shows it; where it is merely quiet, nothing is wrong",
    "broken": "`policywatch sources show {id}` lists its last troubles",
}


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    state: str  # ok, warning, fault
    detail: str
    source: str | None = None  # its id, where it is about one
    health: str | None = None
    since: str | None = None  # when that began


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
        known = assembly.load(settings).sources
        watched = sum(source.enabled for source in known)
        yield Finding("seeds", "ok", f"{len(known)} sources, {watched} of them watched")
        yield from _browser([source for source in known if source.enabled and source.browser])
    yield from _database(settings)
    yield from _mail(settings)


def _browser(drawn: Sequence[Source]) -> Iterator[Finding]:
    from crawler.browser import missing

    lacking = missing() if drawn else None
    if lacking:
        yield Finding("browser", "fault", f"{len(drawn)} sources are drawn by a browser: {lacking}")


def _database(settings: Settings) -> Iterator[Finding]:
    from alerts.recipients import shown
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
        detail = (
            f"message {one.id} to {shown(one.recipient)}: {one.state}: {one.answer}; `policywatch outbox retry {one.id}`, "
            f"or `policywatch outbox arrived {one.id}` where its reader has it"
        )
        yield Finding("outbox", "fault", detail)
    if not readers:
        yield Finding(
            "subscriptions", "warning", "nobody subscribes: `policywatch subscriptions add EMAIL --theme ...`"
        )
    for reader in readers:
        if reader.suspended:
            detail = (
                f"{shown(reader.email)}: {reader.suspended}; `policywatch subscriptions pause {reader.id} --resume`"
            )
            yield Finding("subscriptions", "warning", detail)
    line = states.get(LINE)
    if line is not None and line.status != "ok":
        detail = f"no site has answered since {line.since:%Y-%m-%d %H:%M} UTC; check this machine's own line"
        yield Finding("network", "warning", detail)
    yield from (_source(one, states.get(one.id)) for one in assembly.load(settings).sources if one.enabled)


def _source(source: Source, state: "SourceRecord | None") -> Finding:
    said = f"{source.name}: {say_state(source, state)}"
    if state is None or state.status is None:
        return Finding("source", "warning", f"{said}; `policywatch crawl {source.id}` does it", source.id)
    since = state.since.isoformat() if state.since else None
    if state.status not in assembly.TROUBLED and state.health in (None, "working"):
        return Finding("source", "ok", said, source.id, state.health, since)
    kinds = ("gone" if state.health == "gone" else state.status, state.health, "broken")
    advice = next(ADVICE[kind] for kind in kinds if kind in ADVICE)
    return Finding("source", "warning", f"{said}; {advice.format(id=source.id)}", source.id, state.health, since)


def _room(settings: Settings) -> Finding:
    """Pages are kept for good, so a full disk is a matter of time."""
    from monitor.machine import disk_of

    folder = disk_of(settings)
    free = shutil.disk_usage(folder).free
    state = "ok" if free >= settings.alarm.least_room else "warning"
    return Finding("disk", state, f"{free // 1_000_000:,} MB free in {folder}")


def _mail(settings: Settings) -> Iterator[Finding]:
    from alerts.channels.base import DeliveryError
    from alerts.channels.remedies import weaknesses
    from alerts.channels.smtp import SmtpServer

    if not settings.smtp.host:
        yield Finding("mail", "warning", f"no smtp.host: messages go to {settings.mailbox}")
        return
    try:
        server = SmtpServer(settings.smtp, settings.mail)
    except MonitorError as error:
        yield Finding("mail", "fault", str(error))
        return
    try:
        yield Finding("mail", "ok", f"{settings.smtp.host}:{settings.smtp.port} answered {server.check()}")
    except DeliveryError as error:
        yield Finding("mail", "fault", error.answer)
    finally:
        server.close()
    yield from (
        Finding("mail", "warning", weakness) for weakness in weaknesses(settings.smtp, settings.mail, settings.web)
    )
    yield _signature(settings)


def _signature(settings: Settings) -> Finding:
    from alerts.channels.signing import make_signer

    signer = make_signer(settings.mail)
    if signer is None:
        return Finding(
            "dkim", "ok", "no mail.dkim_key_file: right where the mail service signs, as QQ, 163 and Gmail do"
        )
    return Finding("dkim", "ok", f"the key is good; publish this TXT record: {signer.name} {signer.record}")
