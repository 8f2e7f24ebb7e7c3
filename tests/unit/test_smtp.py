"""Handing a message to a mail server, and what each way of failing means."""

import asyncio
import base64
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from alerts.channels.base import DeliveryError
from alerts.channels.smtp import SmtpServer, Step, kind_of_refusal
from monitor.config import Mail, Smtp
from monitor.demo.mailserver import _free_port
from monitor.errors import ConfigError
from monitor.store.delivery import Letter

MAIL = Mail(sender="policywatch <watch@example.com>")
BODY = b"Subject: t\r\n\r\ntext\r\n"
LETTER = Letter("<digest-1@example.com>", "reader@example.com", "t", BODY, versions=())


class Difficult:
    """A server's side of the talk, with the answers that a test wants."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.received: list[bytes] = []
        self.senders: list[str] = []
        self.recipients: list[str] = []
        self.connections: set[object] = set()

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        self.senders.append(address)
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
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

    try:
        yield lambda **settings: client(controller.port, **settings)
    finally:
        controller.stop()


class Scripted:
    """A server that answers one line of its script to each command, and hangs up when it has no more."""

    def __init__(self, *script: str) -> None:
        self.heard: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._talk, args=(script,))
        self._thread.start()

    def _talk(self, script: tuple[str, ...]) -> None:
        line, _ = self._listening.accept()
        answers = iter(script)
        with line, line.makefile("rb") as commands:
            line.sendall(f"{next(answers)}\r\n".encode())
            content = False
            for command in commands:
                self.heard.append(command.decode().rstrip("\r\n"))
                if content and self.heard[-1] != ".":
                    continue
                answer = next(answers, None)
                if answer is None:
                    return
                line.sendall(f"{answer}\r\n".encode())
                content = answer.startswith("354")

    def stop(self) -> None:
        self._thread.join(timeout=10)
        self._listening.close()


@contextmanager
def scripted(*script: str) -> Iterator[Scripted]:
    running = Scripted(*script)
    try:
        yield running
    finally:
        running.stop()


def client(port: int, mail: Mail = MAIL, **settings: object) -> SmtpServer:
    how = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 5, **settings}
    return SmtpServer(Smtp.model_validate(how), mail)


GREETING = ("220 mx.example", "250-mx.example\r\n250-SIZE 1000000\r\n250 DSN", "250 sender", "250 recipient")


def failure(handler: Difficult, **settings: object) -> DeliveryError:
    with talking(handler) as connect:
        server = connect(**settings)
        with pytest.raises(DeliveryError) as failed:
            server.send(LETTER, lambda: None)
        server.close()
    return failed.value


def test_the_servers_own_answer_comes_back() -> None:
    with talking(Difficult(data="250 queued as 4711")) as connect:
        server = connect()
        assert server.send(LETTER, lambda: None) == "250 queued as 4711"
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
        (421, "HL:ICC too many connections", "sender", "unreachable"),
        (550, "Connection frequency limited", "sender", "unreachable"),
        (550, "Domain frequency limited", "content", "busy"),
        (450, "4.7.28 too much mail from your domain", "recipient", "busy"),
        (550, "5.1.1 no such user", "recipient", "permanent"),
        (550, "User not found: reader@qq.com", "recipient", "permanent"),
        (550, "Mailbox not found", "content", "permanent"),
        (550, "User suspended", "content", "permanent"),
        (550, "该用户不存在", "recipient", "permanent"),
        (554, "5.7.1 Relay access denied", "recipient", "temporary"),
        (554, "DT:SPM spam message refused", "content", "refused"),
        (552, "5.3.4 message too big", "content", "refused"),
        (530, "5.7.0 authentication required", "sender", "unreachable"),
    ],
)
def test_a_refusal_is_about_the_moment_the_domain_us_the_address_or_the_message(
    code: int, words: str, step: Step, meaning: str
) -> None:
    assert kind_of_refusal(code, words, step) == meaning


class LostError(Exception):
    pass


def lose() -> None:
    raise LostError


def test_nothing_arrives_when_the_claim_is_lost() -> None:
    handler = Difficult()
    with talking(handler) as connect:
        server = connect()
        with pytest.raises(LostError):
            server.send(LETTER, lose)
        assert server.send(LETTER, lambda: None) == "250 kept"
        server.close()
    assert len(handler.received) == 1


def test_a_connection_carries_no_more_messages_than_the_server_bears() -> None:
    handler = Difficult()
    with talking(handler) as connect:
        server = connect(messages_per_connection=2)
        for _ in range(5):
            server.send(LETTER, lambda: None)
        server.close()
    assert (len(handler.received), len(handler.connections)) == (5, 3)


def test_a_known_service_is_told_by_its_own_rules() -> None:
    nowhere = Smtp(host="smtp.qq.com", port=465, security="tls")
    server = SmtpServer(nowhere, Mail(sender="watch@qq.com"))
    assert "授权码" in server._broken(smtplib.SMTPAuthenticationError(535, b"Login Fail"))


def test_a_server_tells_its_greeting_to_who_only_asks() -> None:
    with talking(Difficult()) as connect:
        server = connect()
        assert server.check().startswith("250")
        server.close()


def test_a_line_that_breaks_before_the_last_byte_has_delivered_nothing() -> None:
    """The server hangs up where it should ask for the content."""
    with scripted(*GREETING) as server, pytest.raises(DeliveryError) as failed:
        client(server.port).send(LETTER, lose)
    assert failed.value.failure == "unreachable"
    assert server.heard[-1] == "DATA"


def test_the_message_may_have_arrived_only_once_its_last_line_went_out() -> None:
    seen: list[str] = []
    with scripted(*GREETING, "354 go on", "250 kept", "221 bye") as server:
        sender = client(server.port)
        sender.send(LETTER, lambda: seen.extend(server.heard))
        sender.close()
    assert "." not in seen
    assert server.heard[server.heard.index("text") :] == ["text", ".", "quit"]


def test_an_answer_that_is_none_leaves_the_fate_unknown() -> None:
    with scripted(*GREETING, "354 go on", "what?") as server, pytest.raises(DeliveryError) as failed:
        client(server.port).send(LETTER, lambda: None)
    assert failed.value.failure == "unknown"
    assert "what?" in failed.value.answer or "-1" in failed.value.answer


def test_a_server_that_offers_it_is_told_the_messages_name_for_what_comes_back() -> None:
    with scripted(*GREETING, "354 go on", "250 kept", "221 bye") as server:
        sender = client(server.port)
        sender.send(replace(LETTER, recipient="a+b@example.com"), lambda: None)
        sender.close()
    assert server.heard[1:3] == [
        f"MAIL FROM:<watch@example.com> SIZE={len(BODY)} RET=HDRS ENVID=digest-1@example.com",
        "RCPT TO:<a+b@example.com> ORCPT=rfc822;a+2Bb@example.com",
    ]


PIPELINING = ("220 mx.example", "250-mx.example\r\n250 PIPELINING")


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (("450 later", "503 no sender", "503 no recipient"), "unreachable"),
        (("250 sender", "550 5.1.1 no such user", "554 no recipient"), "permanent"),
        (("250 sender", "550 5.1.1 no such user", "354 go on"), "permanent"),
        (("250 sender", "250 recipient", "451 4.3.0 no room"), "temporary"),
    ],
)
def test_a_server_that_hears_three_commands_at_once_may_refuse_any(answers: tuple[str, ...], kind: str) -> None:
    begun: list[str] = []
    with scripted(*PIPELINING, *answers, "250 reset") as server, pytest.raises(DeliveryError) as failed:
        sender = client(server.port)
        try:
            sender.send(LETTER, lambda: begun.append("begun"))
        finally:
            sender.close()
    assert failed.value.failure == kind
    assert [line.partition(" ")[0] for line in server.heard[1:4]] == ["MAIL", "RCPT", "DATA"]
    assert "." not in server.heard
    assert begun == []


def test_each_message_may_have_an_address_of_its_own_to_come_back_to() -> None:
    handler = Difficult()
    mail = MAIL.model_copy(update={"return_path": "bounces+{id}@example.com"})
    with talking(handler) as connect:
        server = connect(mail=mail)
        server.send(LETTER, lambda: None)
        server.close()
    assert handler.senders == ["bounces+digest-1@example.com"]


def test_lines_that_begin_with_a_dot_arrive_as_they_are() -> None:
    body = b"Subject: t\r\n\r\n.\r\n..two\r\n.end\r\n"
    handler = Difficult()
    with talking(handler) as connect:
        server = connect()
        server.send(replace(LETTER, body=body), lambda: None)
        server.close()
    assert handler.received == [body]


def test_a_chinese_domain_is_written_as_mail_servers_read_it() -> None:
    handler = Difficult()
    with talking(handler) as connect:
        server = connect()
        server.send(replace(LETTER, recipient="reader@例子.中国"), lambda: None)
        server.close()
    assert handler.recipients == ["reader@xn--fsqu00a.xn--fiqs8s"]


@pytest.mark.parametrize(
    "recipient", ["张三@example.com", "a@example.com>\r\nRSET", "a b@example.com", "a@" + "b" * 70 + ".example"]
)
def test_an_address_that_no_command_can_hold_harms_its_own_message_only(recipient: str) -> None:
    handler = Difficult()
    with talking(handler) as connect:
        server = connect()
        with pytest.raises(DeliveryError) as failed:
            server.send(replace(LETTER, recipient=recipient), lambda: None)
        assert server.send(LETTER, lambda: None) == "250 kept"
        server.close()
    assert failed.value.failure == "refused"
    assert handler.recipients == ["reader@example.com"]


def test_the_password_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("a long one\n", encoding="utf-8")
    assert Smtp(password_file=file).secret == "a long one"
    assert Smtp(password=SecretStr("given"), password_file=file).secret == "given"
    with pytest.raises(ConfigError, match="cannot be read"):
        _ = Smtp(password_file=tmp_path / "none").secret


def test_the_talk_can_be_overheard_and_its_secrets_not() -> None:
    heard: list[str] = []
    secrets = [base64.b64encode(one).decode() for one in (b"\0watch\0geheim", b"watch", b"geheim")]
    for mechanism, challenges in (("PLAIN", ()), ("LOGIN", ("334 UGFzc3dvcmQ6",))):
        offers = f"250-mx.example\r\n250 AUTH {mechanism}"
        script = ("220 mx.example", offers, *challenges, "235 welcome", "250 OK", "221 bye")
        with scripted(*script) as server:
            how = Smtp(
                host="127.0.0.1",
                port=server.port,
                security="none",
                timeout=5,
                user="watch",
                password=SecretStr("geheim"),
            )
            talk = SmtpServer(how, MAIL, heard=heard.append)
            talk.check()
            talk.close()
            assert any(secret in " ".join(server.heard) for secret in secrets)
    assert [line for line in heard if "AUTH" in line] == [
        "< 250 AUTH PLAIN", "> AUTH PLAIN ***", "< 250 AUTH LOGIN", "> AUTH LOGIN ***",
    ]  # fmt: skip
    assert "> ***" in heard
    assert "< 235 welcome" in heard
    assert not any(secret in line for secret in (*secrets, "geheim") for line in heard)
