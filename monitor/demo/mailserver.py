"""A mail server on loopback that keeps each message as an .eml file, for the demo and the tests."""

import hashlib
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Writes what arrives into a folder, or answers with `refusal` ("451 busy") when one is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.refusal: str | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002
        if self.refusal:
            return self.refusal
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        name = hashlib.sha256(content).hexdigest()[:12]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{envelope.rcpt_tos[0]}-{name}.eml").write_bytes(content)
        return f"250 kept as {name}"


class MailServer(Controller):
    """`start()` listens on a free port of 127.0.0.1, `port` says which; `stop()` ends it."""

    def __init__(self, folder: Path) -> None:
        self.keeper = Keeper(folder)
        super().__init__(self.keeper, hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=False)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
