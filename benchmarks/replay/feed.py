"""Feeds a stream through the real ingest into a real database, and builds a digest at the end of each day."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from alerts.digest import Edition, Item
from alerts.outbox import queue_due
from benchmarks.replay.plot import CHINA, FIRST_DAY
from benchmarks.replay.truth import Arrival
from crawler.urls import key
from monitor.config import Mail
from monitor.domain import Article, Judgement
from monitor.ingest import ingest
from monitor.judge import Judge
from monitor.store import Store
from monitor.store.delivery import Wanted, add_subscription, writing

READER = "reader@replay.example"
EVENING = timedelta(hours=23, minutes=30)


@dataclass(slots=True)
class Remembering:
    """The judge, with what it said of each page."""

    inner: Judge
    said: dict[str, Judgement] = field(default_factory=dict)

    @property
    def version(self) -> str:
        return self.inner.version

    def judge(self, article: Article) -> Judgement:
        judgement = self.inner.judge(article)
        self.said[article.url or ""] = judgement
        return judgement


@dataclass(frozen=True, slots=True)
class Told:
    """One item of a digest and the evening on which it went out."""

    evening: datetime
    item: Item


@dataclass(slots=True)
class Feed:
    """`seconds` is processor time within ingest."""

    store: Store
    judge: Remembering
    second_hand: frozenset[str]
    told: list[Told] = field(default_factory=list)
    seconds: float = 0.0

    def run(self, arrivals: Sequence[Arrival]) -> None:
        """Take in the stream day by day, a digest each evening."""
        with writing(self.store) as session:
            add_subscription(session, Wanted(READER), FIRST_DAY - timedelta(days=1))
        for day, own in groupby(arrivals, key=lambda one: one.moment.astimezone(CHINA).date()):
            self.take(own)
            self.tell(datetime.combine(day, datetime.min.time(), CHINA) + EVENING)

    def take(self, arrivals: Iterable[Arrival]) -> None:
        for one in arrivals:
            start = time.process_time()
            ingest(one.article, key=key(one.url), store=self.store, judge=self.judge, page_hash=None, now=one.moment)
            self.seconds += time.process_time() - start

    def tell(self, evening: datetime) -> None:
        """Send digests until nothing is left that a full one had to leave for the next."""
        while built := queue_due(self.store, self._edition(), Mail(), evening, only=READER):
            self.told += [Told(evening, item) for digest in built for item in digest.items]
            evening += timedelta(minutes=1)

    def _edition(self) -> Edition:
        return Edition(theme_names={}, second_hand=self.second_hand)


def shuffled(dice: Random, arrivals: Sequence[Arrival]) -> Iterator[Arrival]:
    """The same pages on the same days, each day's in another order."""
    for _, own in groupby(arrivals, key=lambda one: one.moment.astimezone(CHINA).date()):
        today = list(own)
        for one, moment in zip(dice.sample(today, len(today)), [each.moment for each in today], strict=True):
            yield replace(one, moment=moment)
