"""A mail server, through the standard library: one connection, few messages on each, and the server's own words kept."""

import smtplib
import ssl
from email.utils import parseaddr

from alerts.channels.base import DeliveryError
from monitor.config import Smtp


class SmtpServer:
    """Connects at the first message. `sender` is the envelope sender, an address with or without a name."""

    def __init__(self, settings: Smtp, sender: str) -> None:
        self.settings = settings
        self.sender = parseaddr(sender)[1]
        self._connection: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, body: bytes, recipient: str) -> str:
        """The steps are taken one by one, because what a broken line means depends on whether DATA was under way."""
        connection = self._ready()
        try:
            _accepted(connection.mail(self.sender), "sender")
            _accepted(connection.rcpt(recipient), recipient)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise DeliveryError("unreachable", _broken(self.settings, error)) from None
        except DeliveryError:
            self._reset()
            raise
        try:
            answer = connection.data(body)
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _refusal(error.smtp_code, error.smtp_error, "DATA") from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise DeliveryError("unknown", f"the line broke while the message went out: {error}") from None
        if answer[0] >= 400:
            self._reset()
        _accepted(answer, "content")
        self._sent += 1
        return f"{answer[0]} {_words(answer[1])}"

    def close(self) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def check(self) -> str:
        """Connect and log in, send nothing, and return the server's greeting. Raises DeliveryError."""
        code, words = self._ready().noop()
        return f"{code} {_words(words)}"

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
        try:
            connection: smtplib.SMTP
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
            raise DeliveryError("unreachable", _broken(settings, error)) from None
        return connection

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


def _accepted(answer: tuple[int, bytes], what: str) -> None:
    if answer[0] >= 400:
        raise _refusal(answer[0], answer[1], what)


def _refusal(code: int, words: bytes | str, what: str) -> DeliveryError:
    return DeliveryError("permanent" if code >= 500 else "temporary", f"{what}: {code} {_words(words)}")


def _words(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _broken(settings: Smtp, error: Exception) -> str:
    return f"{settings.host}:{settings.port}: {error}; check smtp.host, smtp.port, smtp.security, smtp.user and smtp.password"
