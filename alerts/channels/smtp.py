"""A mail server, through the standard library: one connection, few messages on each, and the server's own words kept."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from alerts.addresses import ascii_address, sender_address
from alerts.channels.base import DeliveryError, Failure, Message, nothing
from alerts.channels.remedies import remedy
from alerts.channels.signing import make_signer
from alerts.channels.talk import Heard, Talk, TlsTalk
from monitor.config import Mail, Smtp

Step = Literal["sender", "recipient", "content"]
# QQ and 163 say so with 550: "Connection frequency limited"; waiting helps.
TOO_MANY = re.compile(r"frequency|too many|too much|rate limit|4\.7\.28|频率|过于频繁", re.IGNORECASE)
# What is wrong with us (no login, no relaying, a bad name) is no fault of the address: time to mend it before giving up.
OURS = re.compile(r"relay|authenticat|not authori[sz]ed|sender|spf|dmarc|blacklist|blocked|spam", re.IGNORECASE)
# Some servers look for the mailbox only when they have the content.
NO_MAILBOX = re.compile(
    r"\b5\.1\.[1236]\b|\b5\.1\.10|\b5\.2\.1\b|no such (?:user|mailbox|recipient)|user unknown|unknown user|invalid (?:user|recipient)"
    r"|user (?:not found|not exist|suspended|hangup|disabled)|unavailable mail user"
    r"|mailbox (?:not found|unavailable|does not exist)|does not exist|不存在|未开通",
    re.IGNORECASE,
)
# Once it has the content a server may look at it for minutes (RFC 5321, 4.5.3.2.6); whoever hangs up then is sent to twice.
# Below the ten minutes after which the outbox takes a sender for dead.
LAST_ANSWER = (10, 480.0)  # times the usual wait, and at most so many seconds


class SmtpServer:
    """Connects at the first message. Raises ConfigError for a sender or a key that cannot be used."""

    def __init__(self, settings: Smtp, mail: Mail, *, heard: Heard = lambda _line: None) -> None:
        self.settings = settings
        self.mail = mail
        self._sender = sender_address(mail.sender).addr_spec
        self._signer = make_signer(mail)
        self._heard = heard
        self._connection: Talk | None = None
        self._sent = 0

    def send(self, message: Message, begin: Callable[[], None], meanwhile: Callable[[], None] = nothing) -> str:
        """The steps are taken one by one: a line that breaks before the last of them has delivered nothing."""
        body = self._signer.signed(message.body) if self._signer else message.body
        connection = self._ready()
        try:
            self._offer(connection, message, body, meanwhile)
        except OSError as error:  # all of smtplib's are
            self._drop()
            raise DeliveryError("unreachable", self._broken(error)) from None
        except DeliveryError:
            self._reset()
            raise
        except ValueError as error:  # an address that no SMTP command can hold
            self._drop()
            raise DeliveryError("refused", f"cannot be sent: {error}") from None
        except BaseException:
            self._drop()  # its answers are not those to the next message
            raise
        try:
            begin()
        except BaseException:
            self._drop()  # the server must not take what it has for the whole
            raise
        answer = self._complete(connection)
        if answer[0] >= 300:
            self._reset()
            raise self._refusal(answer, "content")
        self._sent += 1
        return f"{answer[0]} {_words(answer[1])}"

    def close(self) -> None:
        if self._connection is not None:
            _leave(self._connection)
            self._connection = None

    def check(self) -> str:
        """Connect and log in, send nothing, and return the server's greeting. Raises DeliveryError."""
        code, words = self._ready().noop()
        return f"{code} {_words(words)}"

    def _offer(self, connection: Talk, message: Message, body: bytes, meanwhile: Callable[[], None]) -> None:
        """Everything but the line that ends the content."""
        recipient = _ascii_domain(message.recipient)
        envelope, about = "", ""
        if connection.has_extn("size"):
            envelope = f" SIZE={len(body)}"
        if connection.has_extn("dsn"):  # what comes back then names the message and the address as we know them
            envelope += f" RET=HDRS ENVID={_xtext(message.message_id.strip('<>'))}"
            about = f" ORCPT=rfc822;{_xtext(recipient)}"
        sender = f"MAIL FROM:<{self._return_path(message)}>{envelope}"
        answers = connection.ask(sender, f"RCPT TO:<{recipient}>{about}", "DATA", meanwhile=meanwhile)
        steps: tuple[Step, ...] = ("sender", "recipient", "content")
        for step, answer in zip(steps, answers, strict=False):
            if answer[0] != 354 if step == "content" else not 200 <= answer[0] < 300:
                if answers[-1][0] == 354:
                    self._drop()  # it waits for a content that it must not get
                raise self._refusal(answer, step)
        connection.content(body)

    def _complete(self, connection: Talk) -> tuple[int, bytes]:
        """Send the line that ends the content and hear what the server makes of it. Raises DeliveryError: unknown."""
        times, most = LAST_ANSWER
        assert connection.sock is not None  # noqa: S101  # an open connection has one
        try:
            connection.sock.settimeout(min(times * self.settings.timeout, most))
            answer = connection.docmd(".")
            connection.sock.settimeout(self.settings.timeout)
        except OSError as error:
            self._drop()
            raise DeliveryError("unknown", f"the line broke while the message went out: {_said(error)}") from None
        if not 200 <= answer[0] < 600:
            self._drop()
            raise DeliveryError("unknown", f"no answer that SMTP knows: {answer[0]} {_words(answer[1])}")
        return answer

    def _return_path(self, message: Message) -> str:
        name = message.message_id.strip("<>").partition("@")[0]
        return (self.mail.return_path or self._sender).replace("{id}", name)

    def _ready(self) -> Talk:
        if self._connection is not None and self._sent >= self.settings.messages_per_connection:
            self.close()
        if self._connection is None:
            self._connection = self._connect()
            self._sent = 0
        return self._connection

    def _connect(self) -> Talk:
        connection: Talk | None = None
        try:
            connection = self._dial()
            assert connection.sock is not None  # noqa: S101  # it is connected
            # The line that ends a message is short, and would wait until the server has acknowledged the content.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.settings.security == "starttls":
                connection.starttls(context=self._trusted)
            connection.ehlo_or_helo_if_needed()
            if self.settings.user:
                connection.login(self.settings.user, self.settings.secret)
        except OSError as error:
            if connection is not None:
                connection.close()
            raise DeliveryError("unreachable", self._broken(error)) from None
        return connection

    def _dial(self) -> Talk:
        host, port, timeout = self.settings.host or "localhost", self.settings.port, self.settings.timeout
        if self.settings.security == "tls":
            return TlsTalk(host, port, timeout=timeout, context=self._trusted, heard=self._heard)
        return Talk(host, port, timeout=timeout, heard=self._heard)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Made once: it reads all certificates of the system."""
        return ssl.create_default_context()

    def _refusal(self, answer: tuple[int, bytes], step: Step) -> DeliveryError:
        code, words = answer[0], _words(answer[1])
        failure = kind_of_refusal(code, words, step)
        said = f"{step} refused: {code} {words}"
        return DeliveryError(failure, self._advised(said) if failure == "unreachable" else said)

    def _broken(self, error: Exception) -> str:
        return self._advised(_said(error))

    def _advised(self, said: str) -> str:
        return f"{self.settings.host}:{self.settings.port}: {said}; {remedy(said, self.settings)}"

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def kind_of_refusal(code: int, words: str, step: Step) -> Failure:
    """What a refusal is about: the moment, the domain, our own standing with the server, the address, or this message."""
    if step == "sender":
        return "unreachable"  # it has not heard yet whom and what the message is for
    if TOO_MANY.search(words):
        return "busy"
    if code < 500:
        return "temporary"
    if step == "recipient" and OURS.search(words) and not NO_MAILBOX.search(words):
        return "temporary"
    return "permanent" if step == "recipient" or NO_MAILBOX.search(words) else "refused"


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except OSError:
        connection.close()


def _ascii_domain(address: str) -> str:
    """reader@例子.中国 with its domain as xn--fsqu00a.xn--fiqs8s, as an SMTP command wants it. Raises ValueError."""
    if set(" <>\r\n\0") & set(address):
        raise ValueError(f"{address!r} is no address")
    return ascii_address(address)


def _xtext(value: str) -> str:
    """As RFC 3461 writes a value in a command: other characters as + and their number."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in value)


def _said(error: Exception) -> str:
    """The server's or the system's own words: an SMTP answer prints as a tuple of bytes otherwise."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return str(error.strerror or error) if isinstance(error, OSError) else str(error)


def _words(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())
