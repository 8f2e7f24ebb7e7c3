"""Encrypted ways to a mail server, with a login: from the first byte, and by STARTTLS."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from alerts.channels.base import DeliveryError
from alerts.channels.smtp import SmtpServer
from monitor.config import Mail, Smtp
from monitor.demo.mailserver import _free_port
from monitor.store.delivery import Letter

LETTER = Letter("<digest-1@example.com>", "reader@example.com", "t", b"Subject: t\r\n\r\ntext\r\n", versions=())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that it signed itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + made.public_bytes(Encoding.PEM))
    return file


class Keeping:
    def __init__(self) -> None:
        self.received: list[bytes | str | None] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.received.append(envelope.content)
        return "250 kept"


def allow(_server: Any, _session: Any, _envelope: Any, _mechanism: str, secret: LoginPassword) -> AuthResult:
    return AuthResult(success=secret.password == b"geheim", handled=False)


@contextmanager
def listening(certificate: Path, security: str) -> Iterator[tuple[int, Keeping]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    # The server does not know that a connection is encrypted which was so before it began.
    how: dict[str, Any] = {"ssl_context": context, "auth_require_tls": False}
    if security == "starttls":
        how = {"tls_context": context, "require_starttls": True, "auth_required": True}
    keeper = Keeping()
    controller = Controller(keeper, hostname="127.0.0.1", port=_free_port(), authenticator=allow, **how)
    controller.start()
    try:
        yield controller.port, keeper
    finally:
        controller.stop()


def client(port: int, security: str, password: str) -> SmtpServer:
    settings = {"host": "127.0.0.1", "port": port, "security": security, "user": "watch", "timeout": 5}
    return SmtpServer(
        Smtp.model_validate(settings | {"password": SecretStr(password)}), Mail(sender="watch@example.com")
    )


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_message_goes_out_encrypted_and_logged_in(
    certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate, security) as (port, keeper):
        server = client(port, security, "geheim")
        assert server.send(LETTER, lambda: None) == "250 kept"
        assert server.send(LETTER, lambda: None) == "250 kept"
        server.close()
    assert keeper.received == [LETTER.body] * 2


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_is_not_trusted_ends_the_talk_before_the_password(certificate: Path, security: str) -> None:
    with listening(certificate, security) as (port, keeper), pytest.raises(DeliveryError) as failed:
        client(port, security, "geheim").send(LETTER, lambda: None)
    assert failed.value.failure == "unreachable"
    assert "certificate is not for this name or not trusted" in failed.value.answer
    assert keeper.received == []


def test_a_wrong_password_is_named_and_not_shown(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate, "starttls") as (port, _), pytest.raises(DeliveryError) as failed:
        client(port, "starttls", "falsch-4711").send(LETTER, lambda: None)
    assert failed.value.failure == "unreachable"
    assert "user or password is not accepted" in failed.value.answer
    assert "falsch-4711" not in failed.value.answer
