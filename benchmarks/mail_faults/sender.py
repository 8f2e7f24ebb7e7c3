"""What is killed: builds the digests that are due and sends until nothing is left, on a clock that skips the waiting.

    python -m benchmarks.mail_faults.sender DATABASE PORT CLOCK TIMEOUT

CLOCK is a file with the moment it is; who is started after a kill goes on from there. TIMEOUT is in seconds.
"""

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from alerts import outbox
from alerts.channels.smtp import SmtpServer
from alerts.digest import Edition
from monitor.config import Mail, Smtp
from monitor.jobs import end_with_parent
from monitor.store import Store, sending
from monitor.store.tables import MessageRow

MAIL = Mail(sender="policywatch <watch@example.com>", attempts=100)


class Clock:
    """Goes as fast as any other, and can be put forward."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._start = time.monotonic()
        self._base = datetime.fromisoformat(file.read_text())

    def __call__(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._start)

    def put_forward(self, moment: datetime) -> None:
        self._start, self._base = time.monotonic(), moment
        partial = self.file.with_suffix(".part")
        partial.write_text(moment.isoformat())
        partial.replace(self.file)


def work(store: Store, settings: Smtp, clock: Clock) -> None:
    """Build once, send until nothing waits any more."""
    outbox.queue_due(store, Edition({}), MAIL, clock())
    while True:
        done = outbox.send_waiting(store, SmtpServer(settings, MAIL), MAIL, clock)
        moment = next_try(store)
        if moment is None:
            return
        if not done:
            clock.put_forward(max(moment, clock() + timedelta(minutes=1)))


def next_try(store: Store) -> datetime | None:
    """When the outbox has something to do again; None where it is done."""
    sendable = select(func.min(MessageRow.next_try)).where(MessageRow.state.in_(("pending", "claimed")), ~sending.HELD)
    abandoned = select(func.min(MessageRow.claimed)).where(MessageRow.state == "sending")
    with store.reading() as db:
        waiting, begun = db.scalar(sendable), db.scalar(abandoned)
    moments = [waiting, begun + outbox.PATIENCE + timedelta(seconds=1) if begun else None]
    return min((moment for moment in moments if moment), default=None)


if __name__ == "__main__":
    database, port, clock, timeout = sys.argv[1:]
    end_with_parent()
    server = Smtp(host="127.0.0.1", port=int(port), security="none", timeout=float(timeout))
    with Store.open(database) as opened:
        work(opened, server, Clock(Path(clock)))
