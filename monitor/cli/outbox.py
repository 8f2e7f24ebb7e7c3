"""`outbox`: messages that could not be sent yet, and a test of the way out."""

from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store.delivery import Outgoing


@click.group()
def outbox() -> None:
    """Messages that wait, failed, or may not have arrived; `test` tries the mail server."""


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
@click.argument("id", type=int)
@with_settings
def retry(settings: Settings, id: int) -> None:
    """Send a failed message, or one that may not have arrived, again."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        if not delivery.retry_message(session, id, assembly.now()):
            raise MonitorError(
                f"message {id} has neither failed nor is its fate unknown; see `policywatch outbox list`"
            )
    click.echo(f"message {id} goes out with the next `policywatch digest`, or by itself where the service runs")


@outbox.command()
@click.argument("email")
@with_settings
def test(settings: Settings, email: str) -> None:
    """Send a test message to EMAIL and show the server's own answer."""
    from alerts import render
    from alerts.subscriptions import checked_address

    now = assembly.now()
    address = checked_address(email)
    channel = assembly.make_channel(settings)
    try:
        answer = channel.send(render.trial_message(address, settings.mail, now), address, lambda: None)
    finally:
        channel.close()
    click.echo(f"handed over: {answer}")


@outbox.command()
def services() -> None:
    """Settings of the usual mail services."""
    from alerts.channels.presets import PRESETS

    columns = ("service", "smtp.host", "smtp.port", "smtp.security", "smtp.password")
    rows = ((one.name, one.host, one.port, one.security, one.secret) for one in PRESETS.values())
    print_table(columns, rows)


def _row(one: "Outgoing") -> dict[str, object]:
    return {
        "id": one.id,
        "state": one.state,
        "recipient": one.recipient,
        "subject": one.subject,
        "attempts": one.attempts,
        "next_try": one.next_try.isoformat(timespec="seconds") if one.state == "pending" else None,
        "answer": one.answer,
    }
