"""A mail server, through the standard library: one connection, few messages on each, and the server's own words kept."""

import re
import smtplib
import ssl
from collections.abc import Callable
from typing import Literal

from alerts.addresses import sender_address
from alerts.channels.base import DeliveryError, Failure
from alerts.channels.presets import advice
from monitor.config import Smtp

Step = Literal["sender", "recipient", "content"]
# QQ and 163 say so with 550: "Connection frequency limited"; waiting helps.
TOO_MANY = re.compile(r"frequency|too many|rate limit|try again|频率|过于频繁", re.IGNORECASE)
# What is wrong with us (no login, no relaying, a bad name) is no fault of the address: time to mend it before giving up.
OURS = re.compile(r"relay|authenticat|not authori[sz]ed|sender|spf|dmarc|blacklist|blocked|spam", re.IGNORECASE)
# Some servers look for the mailbox only when they have the content.
NO_MAILBOX = re.compile(
    r"\b5\.1\.\d|\b5\.2\.1|no such (?:user|mailbox|recipient)|user unknown|unknown user|user not found"
    r"|mailbox (?:not found|unavailable|does not exist)|does not exist|不存在",
    re.IGNORECASE,
)


class SmtpServer:
    """Connects at the first message. `sender` is the envelope sender, an address with or without a name."""

    def __init__(self, settings: Smtp, sender: str) -> None:
        self.settings = settings
        self.sender = sender_address(sender).addr_spec
        self._connection: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, body: bytes, recipient: str, begin: Callable[[], None]) -> str:
        """The steps are taken one by one, because what a broken line means depends on whether DATA was under way."""
        connection = self._ready()
        try:
            self._accepted(connection.mail(self.sender), "sender")
            self._accepted(connection.rcpt(recipient), "recipient")
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise DeliveryError("unreachable", self._broken(error)) from None
        except DeliveryError:
            self._reset()
            raise
        try:
            begin()
        except Exception:
            self._reset()
            raise
        answer = self._data(connection, body)
        self._accepted(answer, "content")
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

    def _data(self, connection: smtplib.SMTP, body: bytes) -> tuple[int, bytes]:
        try:
            return connection.data(body)
        except smtplib.SMTPDataError as error:  # the server did not want to hear the content at all
            return error.smtp_code, _words(error.smtp_error).encode()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise DeliveryError("unknown", f"the line broke while the message went out: {error}") from None

    def _ready(self) -> smtplib.SMTP:
        if self._connection is not None and self._sent >= self.settings.messages_per_connection:
            self.close()
        if self._connection is None:
            self._connection = self._connect()
            self._sent = 0
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        host = settings.host or "localhost"
        connection: smtplib.SMTP | None = None
        try:
            if settings.security == "tls":
                context = ssl.create_default_context()
                connection = smtplib.SMTP_SSL(host, settings.port, timeout=settings.timeout, context=context)
            else:
                connection = smtplib.SMTP(host, settings.port, timeout=settings.timeout)
            connection.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if settings.user:
                connection.login(settings.user, settings.password.get_secret_value() if settings.password else "")
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None:
                connection.close()
            raise DeliveryError("unreachable", self._broken(error)) from None
        return connection

    def _accepted(self, answer: tuple[int, bytes], step: Step) -> None:
        if answer[0] < 400:
            return
        if step == "content":
            self._reset()
        words = _words(answer[1])
        failure = kind_of_refusal(answer[0], words, step)
        said = f"{step} refused: {answer[0]} {words}"
        if failure == "unreachable":
            said = f"{self.settings.host}:{self.settings.port}: {said}; {advice(self.settings)}"
        raise DeliveryError(failure, said)

    def _broken(self, error: Exception) -> str:
        return f"{self.settings.host}:{self.settings.port}: {_said(error)}; {advice(self.settings)}"

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def kind_of_refusal(code: int, words: str, step: Step) -> Failure:
    """What a refusal is about: the moment, our own standing with the server, the address, or this message."""
    if code < 500 or TOO_MANY.search(words):
        return "temporary"
    if step == "sender":
        return "unreachable"
    if step == "recipient" and OURS.search(words) and not NO_MAILBOX.search(words):
        return "temporary"
    return "permanent" if step == "recipient" or NO_MAILBOX.search(words) else "refused"


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _said(error: Exception) -> str:
    """The server's or the system's own words: an SMTP answer prints as a tuple of bytes otherwise."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return str(error.strerror or error) if isinstance(error, OSError) else str(error)


def _words(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())
