"""`digest`: build what is due and send it, or show what a reader would get."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor import assembly
from monitor.cli.common import print_json, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from alerts.digest import Digest
    from alerts.outbox import Delivered
    from monitor.store import Store
    from monitor.store.delivery import Subscription


@click.command()
@click.option("--to", "email", help="This subscriber only, now, whatever the clock says.")
@click.option("--dry-run", is_flag=True, help="Show what each reader would get now; write and send nothing.")
@click.option("--backfill", is_flag=True, help="Take in what was already old when first seen.")
@click.option(
    "--html", "folder", type=click.Path(file_okay=False, path_type=Path), help="With --dry-run: as pages in it."
)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def digest(
    settings: Settings, email: str | None, dry_run: bool, backfill: bool, folder: Path | None, as_json: bool
) -> None:
    """Build the digests that are due now, queue and send them."""
    from alerts import outbox as sender
    from alerts.record import describe

    if folder and not dry_run:
        raise click.UsageError("--html shows what a reader would get: it needs --dry-run")
    seeds = assembly.load(settings)
    with assembly.opened_store(settings) as store:
        readers = _readers(store, email)
        edition = assembly.make_edition(settings, seeds, store)
        now = assembly.now()
        if dry_run:
            made = [sender.preview(store, one, edition, now, backfill=backfill) for one in readers]
            if folder:
                _keep(made, folder)
            else:
                _show(made, as_json)
            return
        built = sender.queue_due(store, edition, settings.mail, now, only=email, backfill=backfill)
        channel = assembly.make_channel(settings)
        sent = sender.send_waiting(store, channel, settings.mail, assembly.now, at_once=True)
        if as_json:
            print_json({"digests": [describe(one) for one in built], "messages": [asdict(one) for one in sent]})
        else:
            _report(built, sent)
            if not built and not sent:
                click.echo(_why_nothing(readers, now))
        _check(store, sent)


def _readers(store: "Store", email: str | None) -> tuple["Subscription", ...]:
    """Who is meant; without any subscription a reader of everything, so that a digest can be looked at first."""
    from monitor.store import delivery
    from monitor.store.delivery import Subscription

    with delivery.reading(store) as session:
        kept = delivery.list_subscriptions(session)
    if email is None:
        active = tuple(one for one in kept if not one.paused and not one.suspended)
        return active if kept else (Subscription(email="preview@localhost", every="immediate"),)
    chosen = [one for one in kept if one.email == email]
    if not chosen:
        raise MonitorError(
            f"{email} has no subscription; `policywatch subscriptions add {email} --theme ...` makes one"
        )
    active = tuple(one for one in chosen if not one.paused and not one.suspended)
    if not active:
        first = chosen[0]
        state = f"suspended ({first.suspended})" if first.suspended else "paused"
        raise MonitorError(f"{email} is {state}; `policywatch subscriptions pause {first.id} --resume` starts it again")
    return active


def _show(digests: Sequence["Digest"], as_json: bool) -> None:
    from alerts import render
    from alerts.recipients import shown
    from alerts.record import describe

    if as_json:
        print_json({"digests": [describe(one) for one in digests]})
        return
    for one in digests:
        click.echo(f"To: {shown(one.recipient)}\n{render.text_part(one)}")


def _keep(digests: Sequence["Digest"], folder: Path) -> None:
    """Each digest as a page that a browser opens, pictures included. Raises MonitorError where it cannot be written."""
    from alerts import render

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(digests, start=1):
            file = folder / f"digest-{number}.html"
            file.write_text(render.page(one), encoding="utf-8")
            click.echo(file)
    except OSError as error:
        raise MonitorError(f"{folder}: the pages cannot be written: {error.strerror}") from None


def _report(built: Sequence["Digest"], sent: Sequence["Delivered"]) -> None:
    click.echo(f"{len(built)} digests built, {sum(one.state == 'sent' for one in sent)} messages sent")
    for one in sent:
        click.echo(f"  {one.recipient}: {one.state}: {one.answer}")


def _why_nothing(readers: Sequence["Subscription"], now: datetime) -> str:
    """What to expect, for a person who wonders where the mail is."""
    from alerts.recipients import shown
    from alerts.subscriptions import next_due

    kept = [one for one in readers if one.id]
    if not kept:
        return "nobody to write to; `policywatch subscriptions add EMAIL --theme ...` makes a subscription"
    timed = [(moment, one) for one in kept if (moment := next_due(one, now))]
    if not timed:
        return "nothing new for anybody"
    moment, one = min(timed, key=lambda pair: pair[0])
    clock = moment.astimezone(ZoneInfo(one.timezone)).strftime("%Y-%m-%d %H:%M")
    name = shown(one.email)
    return f"nothing new is due; next: {name} at {clock} {one.timezone} (`digest --to {name}` does not wait)"


def _check(store: "Store", sent: Sequence["Delivered"]) -> None:
    """Say what is left in the outbox. Raises MonitorError where a message of this run was not handed over."""
    from monitor.store import delivery

    with delivery.reading(store) as session:
        waiting = len(delivery.messages(session, "pending"))
        lost = len(delivery.messages(session, "sending", "unknown", "failed"))
    what = [f"{waiting} kept for the next run"] if waiting else []
    what += [f"{lost} failed or may not have arrived: see `policywatch outbox list`"] if lost else []
    stuck = next((one for one in reversed(sent) if one.state != "sent"), None)
    if stuck is None:
        if what:
            assembly.note(f"policywatch: earlier messages: {'; '.join(what)}")
        return
    raise MonitorError(f"the message to {stuck.recipient} was not handed over: {stuck.answer} ({'; '.join(what)})")
