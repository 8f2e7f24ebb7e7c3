"""`mail`: the way out and the way back: a test of the mail server, and what comes back as undeliverable."""

import sys
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_table, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError, StoreError

if TYPE_CHECKING:
    from monitor.store.delivery import Letter

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps the message and pipes it once more


@click.group()
def mail() -> None:
    """The mail server: try it, and take in what comes back from it."""


@mail.command()
@click.argument("email")
@with_settings
def test(settings: Settings, email: str) -> None:
    """Send a test message to EMAIL, print the talk with the mail server, and say what to mend."""
    from alerts.channels.base import DeliveryError
    from alerts.channels.remedies import remedy, weaknesses
    from alerts.channels.smtp import SmtpServer

    letter = _trial(settings, email)
    if settings.smtp.host is None:
        click.echo(f"no smtp.host is set: written to {assembly.make_channel(settings).send(letter, lambda: None)}")
        return
    server = SmtpServer(settings.smtp, settings.mail, heard=click.echo)
    try:
        answer = server.send(letter, lambda: None)
    except DeliveryError as error:
        advised = error.failure == "unreachable"
        raise MonitorError(
            error.answer if advised else f"{error.answer}; {remedy(error.answer, settings.smtp)}"
        ) from None
    finally:
        server.close()
    click.echo(f"handed over: {answer}")
    for weakness in weaknesses(settings.smtp, settings.mail, settings.web):
        click.echo(f"better: {weakness}")


@mail.command()
def services() -> None:
    """Settings of the usual mail services."""
    from alerts.channels.presets import PRESETS

    columns = ("service", "smtp.host", "smtp.port", "smtp.security", "smtp.password")
    rows = ((one.name, one.host, one.port, one.security, one.secret) for one in PRESETS.values())
    print_table(columns, rows)


@mail.command()
@click.option("--maildir", is_flag=True, help="Take in what is new in the Maildir mail.bounces instead.")
@with_settings
def bounce(settings: Settings, maildir: bool) -> None:
    """Take in a message that came back as undeliverable, from standard input."""
    from alerts import bounces

    if maildir and settings.mail.bounces is None:
        raise MonitorError("mail.bounces is not set: name the Maildir in which bounces arrive")
    try:
        with assembly.opened_store(settings) as store:
            if maildir and settings.mail.bounces:
                for line in bounces.take_in_maildir(store, settings.mail.bounces, settings.mail, assembly.now()):
                    click.echo(line)
            else:
                raw = sys.stdin.buffer.read()
                click.echo(bounces.take_in(store, raw, settings.mail, assembly.now()))
    except StoreError as error:
        assembly.note(f"policywatch: {error}")
        raise SystemExit(TRY_LATER) from None


def _trial(settings: Settings, email: str) -> "Letter":
    from alerts import render
    from alerts.recipients import kind_of, shown
    from alerts.subscriptions import checked_address
    from monitor.store.delivery import Letter

    address = checked_address(email)
    if kind_of(address) != "mail":
        raise MonitorError(f"{shown(address)} is no e-mail address; `policywatch channels test` tries it")
    body = render.trial_message(address, settings.mail, assembly.now())
    return Letter(str(BytesHeaderParser().parsebytes(body)["Message-ID"]), address, "", body, versions=())
