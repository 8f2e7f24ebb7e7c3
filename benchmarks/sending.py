"""sending: messages a second through the outbox, against a bare smtplib loop on one connection that is kept open.

The server runs in a process of its own, takes commands in one go (PIPELINING) and answers some time after a message is whole:
it must have it on its disk before it says so. An ordinary disk takes 5 ms for that, a fast one 2. Both send the same messages
in short turns, so that what else the machine does meets both; the outbox with all that it notes before and after each message,
the loop with nothing but `sendmail`. The median of the turns counts. What a signature costs is measured apart.
"""

import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from alerts import outbox
from alerts.channels.signing import make_signer
from alerts.channels.smtp import SmtpServer
from benchmarks.figures import ROOT, Figure, processor_seconds
from monitor.config import Mail, Smtp
from monitor.store import Store, delivery
from monitor.store.delivery import Letter

MESSAGES: Final = 250
ROUNDS: Final = 10
PAUSES: Final = (5, 2)  # milliseconds
MAIL: Final = Mail(sender="watch@example.com")
# A digest of some ten items has 30 kB.
BODY: Final = (
    b"Subject: x\r\nFrom: watch@example.com\r\nMessage-ID: <1@example.com>\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * 390
)
SERVER: Final = """
import sys
from benchmarks.mail_faults.server import FaultyServer
with FaultyServer(seed=1, wells=1, faulty=False, slowness=float(sys.argv[1]) / 1000) as server:
    print(server.port, flush=True)
    sys.stdin.read()
"""


def measure() -> Sequence[Figure]:
    return (
        *(_against(pause) for pause in PAUSES),
        Figure("signing 30 kB with DKIM", 1000 * _signing(), 3, "at most", "ms"),
    )


def _against(pause: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="sending-") as folder, _server(pause) as port:
        bare, ours, database = [], [], f"sqlite:///{folder}/store.sqlite"
        for number in range(ROUNDS):
            letters = [_letter(number, count) for count in range(MESSAGES)]
            bare.append(_pace(partial(_loop, port, letters)))
            # By turns, as builder and sender work: what the one writes must be in its place when the other begins.
            with Store.open(database) as store:
                _queue(store, letters)
            with Store.open(database) as store:
                ours.append(_pace(partial(_send, store, port)))
    share = 100 * statistics.median(mine / its for mine, its in zip(ours, bare, strict=True))
    name = f"of what a bare loop sends where the server takes {pause} ms"
    return Figure(name, share, 80, "at least", "%", "messages/s", statistics.median(bare))


def _pace(work: Callable[[], int]) -> float:
    """Messages a second."""
    start = time.perf_counter()
    sent = work()
    assert sent == MESSAGES  # noqa: S101  # or the figure is none
    return sent / (time.perf_counter() - start)


def _loop(port: int, letters: Sequence[Letter]) -> int:
    with smtplib.SMTP("127.0.0.1", port) as connection:
        return sum(not connection.sendmail("watch@example.com", one.recipient, one.body) for one in letters)


def _send(store: Store, port: int) -> int:
    channel = SmtpServer(Smtp(host="127.0.0.1", port=port, security="none"), MAIL)
    return len(outbox.send_waiting(store, channel, MAIL, lambda: datetime.now(UTC)))


def _queue(store: Store, letters: Sequence[Letter]) -> None:
    with delivery.writing(store) as session:
        for letter in letters:
            delivery.queue_message(session, letter, datetime.now(UTC))


def _letter(number: int, count: int) -> Letter:
    return Letter(f"<{number}-{count}@example.com>", f"reader{count}@mail{count % 200}.example", "x", BODY, versions=())


def _signing() -> float:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    signer = make_signer(MAIL.model_copy(update={"dkim_key": SecretStr(pem)}))
    assert signer is not None  # noqa: S101  # a key was given
    return processor_seconds(lambda: [signer.signed(BODY) for _ in range(20)]) / 20


@contextmanager
def _server(pause: int) -> Iterator[int]:
    command = [sys.executable, "-c", SERVER, str(pause)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  # piped
        yield int(process.stdout.readline())
        process.communicate()
