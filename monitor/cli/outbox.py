"""`outbox`: messages that are not yet, or may not have been, handed over, and what the operator decides about them."""

from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import NUMBER, print_json, print_table, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store.delivery import Kept


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
        waiting = delivery.messages(session, "pending", "claimed", "sending", "failed", "unknown")
    rows = [_row(one) for one in waiting]
    if as_json:
        print_json({"messages": rows})
    elif rows:
        print_table(tuple(rows[0]), (tuple(row.values()) for row in rows))
    else:
        click.echo("the outbox is empty: every message was handed over")


@outbox.command()
@click.argument("id", type=NUMBER)
@with_settings
def show(settings: Settings, id: int) -> None:
    """Write a message to standard output, as mail programs read it."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.reading(store) as session:
        body = delivery.body_of(session, id)
    if body is None:
        raise MonitorError(f"no message {id}; see `policywatch outbox list`")
    click.echo(body, nl=False)


@outbox.command()
@click.argument("ids", type=NUMBER, nargs=-1, required=True, metavar="ID...")
@with_settings
def retry(settings: Settings, ids: tuple[int, ...]) -> None:
    """Send again what failed or may not have arrived."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for id in ids:
            _check(id, delivery.retry_message(session, id, assembly.now()))
    click.echo("they go out with the next `policywatch digest`, or by themselves where the service runs")


@outbox.command()
@click.argument("ids", type=NUMBER, nargs=-1, required=True, metavar="ID...")
@with_settings
def arrived(settings: Settings, ids: tuple[int, ...]) -> None:
    """Settle messages that may not have arrived: their readers have them."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for id in ids:
            _check(id, delivery.note_arrived(session, id, assembly.now()))
    click.echo("noted")


def _check(id: int, done: bool) -> None:
    if not done:
        raise MonitorError(f"message {id} has neither failed nor is its fate unknown; see `policywatch outbox list`")


def _row(one: "Kept") -> dict[str, object]:
    from alerts.recipients import shown

    return {
        "id": one.id,
        "state": one.state,
        "recipient": shown(one.recipient),
        "subject": one.subject,
        "attempts": one.attempts,
        "next_try": one.next_try.isoformat(timespec="seconds") if one.state == "pending" else None,
        "answer": one.answer,
    }
