"""`digest` and `outbox`: build what is due, send it, and look after what could not be sent."""

from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from alerts.digest import Digest
    from monitor.store import Store
    from monitor.store.delivery import Subscription


@click.command()
@click.option("--to", "email", help="This subscriber only, now, whatever the clock says.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; write and send nothing.")
@click.option("--backfill", is_flag=True, help="Take in what was already old when first seen.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def digest(settings: Settings, email: str | None, dry_run: bool, backfill: bool, as_json: bool) -> None:
    """Build the digests that are due now, queue and send them."""
    from alerts import outbox as sender

    seeds = assembly.load(settings)
    with assembly.opened_store(settings) as store:
        edition = assembly.make_edition(settings, seeds, store)
        if dry_run:
            now = assembly.now()
            shown = [sender.preview(store, one, edition, now, backfill=backfill) for one in _readers(store, email)]
            _show(shown, as_json)
            return
        _readers(store, email)
        built = sender.queue_due(store, edition, settings.mail, assembly.now(), only=email, backfill=backfill)
        sent = sender.send_waiting(store, assembly.make_channel(settings), settings.mail, assembly.now)
    if as_json:
        print_json({"digests": [describe(one) for one in built], "messages": [_plain(one) for one in sent]})
    else:
        click.echo(f"{len(built)} digests built, {sum(one.state == 'sent' for one in sent)} messages sent")
        for one in sent:
            click.echo(f"  {one.recipient}: {one.state}: {one.answer}")
    if any(one.state in ("waiting", "failed", "unknown") for one in sent):
        raise MonitorError("not every message could be handed over; `policywatch outbox list` shows them")


@click.group()
def outbox() -> None:
    """Messages that wait, failed, or may not have arrived."""


@outbox.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_messages(settings: Settings, as_json: bool) -> None:
    """Messages not yet sent."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.reading(store) as session:
        waiting = delivery.messages(session, "pending", "sending", "failed", "unknown")
    rows = [(one.id, one.state, one.recipient, one.subject, one.attempts, one.answer) for one in waiting]
    if as_json:
        names = ("id", "state", "recipient", "subject", "attempts", "answer")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        print_table(("id", "state", "to", "subject", "attempts", "answer"), rows)


@outbox.command()
@click.argument("id", type=int)
@with_settings
def retry(settings: Settings, id: int) -> None:
    """Send a failed message, or one that may not have arrived, again."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        if not delivery.retry_message(session, id, assembly.now()):
            raise MonitorError(f"message {id} has neither failed nor is its fate unknown")
    click.echo(f"message {id} waits in the outbox")


def describe(one: "Digest") -> dict[str, object]:
    """A digest as JSON: its facts with value, sentence, link and why."""
    from alerts import render, wording

    return {
        "to": one.recipient,
        "subject": render.subject(one),
        "due": one.due.isoformat(),
        "items": [
            {
                "kind": item.fact.kind,
                "assertion": item.fact.assertion,
                "name": item.fact.name,
                "headline": wording.headline(item.fact),
                "value": item.fact.amount.value,
                "previous": item.fact.previous.value if item.fact.previous else None,
                "unit": item.fact.unit,
                "deadline": item.fact.deadline,
                "region": {"code": item.fact.region_code, "name": item.fact.region_name},
                "themes": list(item.fact.themes),
                "sentence": item.citation.sentence,
                "url": item.citation.url,
                "title": item.citation.title,
                "second_hand": item.second_hand,
                "others": item.others,
                "why": list(item.why),
            }
            for item in one.items
        ],
        "troubles": [{"source": trouble.name, "reason": trouble.reason} for trouble in one.troubles],
    }


def _readers(store: "Store", email: str | None) -> tuple["Subscription", ...]:
    """Who is meant; without any subscription a reader of everything, so that a digest can be looked at first."""
    from monitor.store import delivery
    from monitor.store.delivery import Subscription

    with delivery.reading(store) as session:
        kept = delivery.list_subscriptions(session)
    chosen = tuple(one for one in kept if email in (None, one.email))
    if email and not chosen:
        raise MonitorError(
            f"{email} has no subscription; `policywatch subscriptions add {email} --theme ...` makes one"
        )
    return chosen or (Subscription(email="preview@localhost", every="immediate"),)


def _show(digests: list["Digest"], as_json: bool) -> None:
    from alerts import render

    if as_json:
        print_json({"digests": [describe(one) for one in digests]})
        return
    for one in digests:
        click.echo(f"To: {one.recipient}\n{render.text_part(one)}")


def _plain(one: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(one)  # type: ignore[call-overload,no-any-return]
