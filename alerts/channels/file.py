"""A folder as a mailbox: one .eml file each, readable by any mail program. Used where no mail server is configured."""

import hashlib
import os
from pathlib import Path

from alerts.channels.base import DeliveryError


class MailboxFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, body: bytes, recipient: str) -> str:
        """Write the message under a name made from its bytes, so that a repeat after a crash is the same file."""
        digest = hashlib.sha256(body).hexdigest()[:16]
        owner = "".join(c if c.isalnum() or c in "@.-_" else "_" for c in recipient)
        file = self.folder / f"{owner}-{digest}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".part")
            with partial.open("wb") as out:
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(file)
        except OSError as error:
            raise DeliveryError(
                "unreachable", f"{self.folder}: {error.strerror}; the message waits in the outbox"
            ) from None
        return str(file)

    def close(self) -> None:
        """Nothing is held open between messages."""
