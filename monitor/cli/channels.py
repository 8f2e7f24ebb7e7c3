"""`channels`: try the robot, webhook or service behind an address, and the secret by which a webhook knows us."""

from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import with_settings
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store.delivery import Letter

WORDS = "收到这条消息，说明通知渠道可用。\nMessages from policywatch arrive here.\n"


@click.group()
def channels() -> None:
    """Robots of group chats, webhooks and the rest: try them."""


@channels.command()
@click.argument("address")
@with_settings
def test(settings: Settings, address: str) -> None:
    """Send a test message to ADDRESS, and say what its service answers and what to mend."""
    from alerts.channels.base import DeliveryError
    from alerts.recipients import shown

    letter = _trial(settings, address)
    channel = assembly.make_channel(settings)
    try:
        answer = channel.send(letter, lambda: None)
    except DeliveryError as error:
        raise MonitorError(f"{shown(letter.recipient)}: {error.answer}") from None
    finally:
        channel.close()
    click.echo(f"handed over: {answer}")


@channels.command()
@click.argument("address")
@with_settings
def secret(settings: Settings, address: str) -> None:
    """The secret with which what goes to the webhook at ADDRESS is signed."""
    from alerts.channels.webhook import secret_of
    from alerts.recipients import kind_of
    from alerts.subscriptions import checked_address

    normal = checked_address(address)
    if kind_of(normal) != "webhook":
        raise MonitorError("only webhooks have a secret of ours; theirs is the one in the address")
    click.echo(secret_of(normal, assembly.webhook_key(settings)))


def _trial(settings: Settings, address: str) -> "Letter":
    from email.utils import make_msgid

    from alerts.forms import form_of
    from alerts.render import sender_domain
    from alerts.subscriptions import checked_address
    from monitor.store.delivery import Letter

    normal = checked_address(address)
    message_id = make_msgid(idstring="test", domain=sender_domain(settings.mail))
    body = form_of(normal, settings.mail).note("测试消息", WORDS, message_id, assembly.now())
    return Letter(message_id, normal, "测试消息", body, versions=())
