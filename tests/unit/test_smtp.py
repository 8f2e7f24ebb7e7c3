"""Handing a message to a mail server, and what each way of failing means."""

import asyncio
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.channels.base import DeliveryError
from alerts.channels.smtp import SmtpServer, Step, kind_of_refusal
from monitor.config import Smtp
from monitor.demo.mailserver import _free_port

BODY = b"Subject: t\r\n\r\ntext\r\n"


class Difficult:
    """A server's side of the talk, with the answers that a test wants."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.received: list[bytes] = []
        self.connections: set[object] = set()

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        self.connections.add(session.peer)
        if "hang_up" in self.answers:
            assert server.transport is not None
            server.transport.close()
            await asyncio.sleep(0)
        return self.answers.get("data", "250 kept")


@contextmanager
def talking(handler: Difficult) -> Iterator[Callable[..., SmtpServer]]:
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()

    def connect(**settings: object) -> SmtpServer:
        how = {"host": "127.0.0.1", "port": controller.port, "security": "none", "timeout": 5, **settings}
        return SmtpServer(Smtp.model_validate(how), "policywatch <watch@example.com>")

    try:
        yield connect
    finally:
        controller.stop()


def failure(handler: Difficult, **settings: object) -> DeliveryError:
    with talking(handler) as connect:
        server = connect(**settings)
        with pytest.raises(DeliveryError) as failed:
            server.send(BODY, "reader@example.com", lambda: None)
        server.close()
    return failed.value


def test_the_servers_own_answer_comes_back() -> None:
    with talking(Difficult(data="250 queued as 4711")) as connect:
        server = connect()
        assert server.send(BODY, "reader@example.com", lambda: None) == "250 queued as 4711"
        server.close()


def test_a_line_that_breaks_after_the_content_leaves_its_fate_unknown() -> None:
    assert failure(Difficult(hang_up="yes")).failure == "unknown"


def test_a_sender_the_server_does_not_like_is_our_own_fault() -> None:
    """163: the sender must be the account. No reader's address may be suspended for that."""
    failed = failure(Difficult(mail="553 mail from must equal authorized user"))
    assert failed.failure == "unreachable"
    assert "553 mail from must equal authorized user" in failed.answer
    assert "mail.sender" in failed.answer


def test_a_wrong_login_is_our_own_fault() -> None:
    failed = failure(Difficult(), user="watch", password="wrong")
    assert failed.failure == "unreachable"
    assert "smtp.password" in failed.answer


def test_a_server_that_speaks_no_tls_is_named() -> None:
    failed = failure(Difficult(), security="starttls")
    assert failed.failure == "unreachable"
    assert "smtp.security" in failed.answer


@pytest.mark.parametrize(
    ("code", "words", "step", "meaning"),
    [
        (450, "4.2.0 greylisted", "recipient", "temporary"),
        (451, "DT:SPM please try again", "content", "temporary"),
        (550, "Connection frequency limited", "sender", "temporary"),
        (550, "Domain frequency limited", "content", "temporary"),
        (550, "5.1.1 no such user", "recipient", "permanent"),
        (550, "User not found: reader@qq.com", "recipient", "permanent"),
        (550, "Mailbox not found", "content", "permanent"),
        (554, "5.7.1 Relay access denied", "recipient", "temporary"),
        (554, "DT:SPM spam message refused", "content", "refused"),
        (552, "5.3.4 message too big", "content", "refused"),
        (530, "5.7.0 authentication required", "sender", "unreachable"),
    ],
)
def test_a_refusal_is_about_the_moment_us_the_address_or_the_message(
    code: int, words: str, step: Step, meaning: str
) -> None:
    assert kind_of_refusal(code, words, step) == meaning


def test_nothing_goes_out_when_the_claim_is_lost() -> None:
    class LostError(Exception):
        pass

    def begin() -> None:
        raise LostError

    handler = Difficult()
    with talking(handler) as connect:
        server = connect()
        with pytest.raises(LostError):
            server.send(BODY, "reader@example.com", begin)
        assert server.send(BODY, "reader@example.com", lambda: None) == "250 kept"  # the connection is still good
        server.close()
    assert len(handler.received) == 1


def test_a_connection_carries_no_more_messages_than_the_server_bears() -> None:
    handler = Difficult()
    with talking(handler) as connect:
        server = connect(messages_per_connection=2)
        for _ in range(5):
            server.send(BODY, "reader@example.com", lambda: None)
        server.close()
    assert (len(handler.received), len(handler.connections)) == (5, 3)


def test_a_known_service_is_told_by_its_own_rules() -> None:
    nowhere = Smtp(host="smtp.qq.com", port=465, security="tls")
    server = SmtpServer(nowhere, "watch@qq.com")
    assert "授权码" in server._broken(smtplib.SMTPAuthenticationError(535, b"Login Fail"))


def test_a_server_tells_its_greeting_to_who_only_asks() -> None:
    with talking(Difficult()) as connect:
        server = connect()
        assert server.check().startswith("250")
        server.close()
