"""digests: messages of thirty items a second on one core, rendered, inlined and serialised, and whether memory stays flat.

The facts come out of a store, as a digest's do. Ten thousand readers get a message each, and nothing that was worked out for
one of them serves the next: what `alerts` keeps between readers (which words of a sentence stand out) is forgotten before
each message. The second figure lets it be kept, as it is in use, where an event goes to many readers. The last one is the
whole way of `queue_due`: subscriptions, query, cutting into parts, message and receipts in one transaction each.
"""

import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from alerts import emphasis, outbox, render
from alerts.digest import Digest, Edition
from benchmarks.figures import Figure
from benchmarks.mail_faults.world import BEGIN, CITIES, Event, tell
from monitor.config import Mail
from monitor.store import Store, delivery
from monitor.store.delivery import Subscription, Wanted

ITEMS: Final = 30
READERS: Final = 10_000
KEPT: Final = 2_000  # readers of the second figure
QUEUED: Final = 300
WARM: Final = 1_000  # messages before memory is looked at
MAIL: Final = Mail(sender="政策观察 <watch@example.com>")
EDITION: Final = Edition({"future": "未来产业"}, preferences="https://watch.example.com/u/")
NOW: Final = BEGIN + timedelta(hours=1)


def measure() -> Sequence[Figure]:
    with _store() as store:
        digest = _digest(store)
        size = len(_message(digest, 0))
        seconds, growth = _build(digest, READERS, forget=True)
        kept, _ = _build(digest, KEPT, forget=False)
        queued = _queue(store)
    return (
        Figure("messages a second", READERS / seconds, 200, "at least", "", "kB each", size / 1000),
        Figure("with what is kept for others", KEPT / kept, 200, "at least"),
        Figure("memory they add", growth, 10, "at most", "MB"),
        Figure("queued a second, whole way", queued, 50, "at least"),
    )


def _digest(store: Store) -> Digest:
    reader = Subscription("reader@example.com", regions=("320200",), token="t" * 22, created=BEGIN - timedelta(days=1))
    digest = outbox.preview(store, reader, EDITION, NOW)
    assert len(digest.items) == ITEMS  # noqa: S101  # or the figure is none
    return digest


def _build(digest: Digest, readers: int, *, forget: bool) -> tuple[float, float]:
    """Processor seconds for all messages, and megabytes of memory gained after the first thousand."""
    memory, start = 0.0, time.process_time()
    for number in range(readers):
        if forget:
            emphasis.figures.cache_clear()
        _message(digest, number)
        if number == WARM:
            memory = _megabytes()
    return time.process_time() - start, _megabytes() - memory


def _message(digest: Digest, number: int) -> bytes:
    own = replace(digest, recipient=f"reader{number}@example.com", token=f"{number:022}")
    return render.message(own, MAIL, f"<digest-{number:024}@example.com>")


def _queue(store: Store) -> float:
    """Digests a second."""
    with delivery.writing(store) as session:
        for number in range(QUEUED):
            wanted = Wanted(f"reader{number}@example.com", regions=("320200",), every="immediate")
            delivery.add_subscription(session, wanted, BEGIN - timedelta(days=1))
    start = time.process_time()
    built = outbox.queue_due(store, EDITION, MAIL, NOW)
    assert len(built) == QUEUED  # noqa: S101  # or the figure is none
    return QUEUED / (time.process_time() - start)


@contextmanager
def _store() -> Iterator[Store]:
    with (
        tempfile.TemporaryDirectory(prefix="digests-") as folder,
        Store.open(f"sqlite:///{folder}/store.sqlite") as store,
    ):
        for number in range(1, ITEMS + 1):
            tell(store, Event(0, number, 1, CITIES[1], 1), BEGIN)
        yield store


def _megabytes() -> float:
    """The most that the process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
