"""A folder as a mailbox: one .eml file each, readable by any mail program. Used where no mail server is configured."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from alerts.channels.base import DeliveryError, Message, nothing

LONGEST = 100  # characters of the address in a file name; file systems end at 255 bytes


class MailboxFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message, begin: Callable[[], None], _: Callable[[], None] = nothing) -> str:  # noqa: ARG002
        """Write the message under a name made from its bytes, so that a repeat after a crash is the same file."""
        digest = hashlib.sha256(message.body).hexdigest()[:16]
        owner = "".join(c if c.isalnum() or c in "@.-_" else "_" for c in message.recipient)[:LONGEST]
        file = self.folder / f"{owner}-{digest}.eml"
        # Of this process alone: another one that writes the same message must not take it away.
        partial = file.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(partial, message.body)
            partial.replace(file)
        except OSError as error:
            raise DeliveryError(
                "unreachable",
                f"{self.folder}: the mailbox folder cannot be written: {error.strerror}; make room or make it writable",
            ) from None
        return str(file)

    def close(self) -> None:
        """Nothing is held open between messages."""


def _write(partial: Path, body: bytes) -> None:
    try:
        with partial.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        partial.unlink(missing_ok=True)
        raise
