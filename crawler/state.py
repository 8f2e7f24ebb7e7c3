"""What a crawl knows while it runs: one Watch per source, one Run for all. Nothing here fetches or reads."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Final, Literal

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.listing.base import Ask
from crawler.urls import key
from monitor.config import Crawl
from monitor.domain import Source
from monitor.errors import StoreError
from monitor.ingest import Judging
from monitor.store import Store
from monitor.store.store import SourceRecord, VisitRecord

log = logging.getLogger("policywatch.crawl")

WATCH: Final = "watch"  # the Watch that a request is made for, in its meta
Status = Literal["ok", "blocked", "disallowed", "empty", "unreachable", "failed", "stopped"]
REFUSALS: Final = 3  # walls met in a row on a source's articles before the rest of them is left alone
FAILURES: Final = 3  # articles that cannot be used, and none that can: the source is broken, not the articles
CUT_SHORT: Final = "the crawl was stopped; the rest follows next time"
UNFINISHED: Final = 0  # status of a list while articles that it names are still to be fetched
PUT_OFF: Final = -1  # status of an article that did not answer
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is noted of a request; status 0 stands for no answer that could be used."""

    key: str
    status: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list tells of its source: see `monitor.health.Look`."""

    rows: int = 0
    newest: date | None = None
    usual_gap: int | None = None
    dialect: str | None = None


@dataclass(slots=True)
class Watch:
    """One source in one crawl."""

    source: Source
    last_look: datetime | None = None  # when the crawl before this one ended
    dialect: str | None = None  # how the addresses of its articles were made then
    status: Status = "ok"
    reason: str | None = None
    fetched: int = 0
    new: int = 0
    unchanged: int = 0
    failed: int = 0
    blocked: int = 0
    facts: int = 0
    used: int = 0  # articles stored, changed or found as they were
    unread: int = 0  # new articles that were not
    again: Collection[str] = ()  # keys of articles that we have and look at again: one may have been withdrawn
    trouble: str | None = None  # the first article that was not
    left_over: bool = False  # an earlier crawl did not get to the end of what its list names
    pending: set[str] = field(default_factory=set)  # keys of articles asked for and not yet dealt with
    lists: list[Answer] = field(default_factory=list)  # noted once everything they name has been dealt with
    listed: bool = False  # its list was read
    shown: Shown = Shown()
    fresh: int = 0  # articles that the list shows for the first time
    paging: bool | None = None  # whether page two is another than page one; None: it was not asked for
    gone: bool = False  # the list is not there, or its host has no address
    left: bool = False  # the list names more new articles than one crawl takes
    complete: bool = True  # False: something named by the lists must be asked for again next time
    stopped: bool = False
    refusals: int = 0
    ended: bool = False

    def fail(self, status: Status, reason: str) -> None:
        """The first trouble names the outcome; later ones are in the issues."""
        if self.status == "ok":
            self.status, self.reason = status, reason

    def sum_up(self) -> None:
        """Say what became of articles that could not be used; where none could, the source failed."""
        lost = self.failed + self.blocked
        if self.status != "ok" or not self.trouble or not lost:
            return
        if self.unread >= FAILURES and not self.used:
            self.fail("failed", f"none of {lost} articles could be read: {self.trouble}")
        else:
            self.reason = self.reason or f"{lost} not used: {self.trouble}"


class Stopped(IgnoreRequest):  # Scrapy's own family has no Error in its name
    """The request's source was stopped while the request waited."""


# What a request ends with that nobody waits for any more: no fault of the site's.
GIVEN_UP: Final = (Stopped, asyncio.CancelledError)


def check_wanted(request: Request) -> None:
    """Raise Stopped where the request's source was stopped since it was made."""
    watch = request.meta.get(WATCH)
    if watch is not None and watch.stopped:
        raise Stopped("the source was stopped")


class Run:
    """One crawl of some sources; counts, keeps what must not be asked for twice, and ends each source once."""

    def __init__(  # the parts of a crawl, handed down once
        self,
        sources: Sequence[Source],
        settings: Crawl,
        store: Store,
        judge: Judging,
        *,
        ended: Callable[[Watch], None],
        baseline_days: int,
    ) -> None:
        states = store.source_states()
        self.watches: Mapping[str, Watch] = {source.id: _watch(source, states.get(source.id)) for source in sources}
        self.settings, self.store, self.judge, self.baseline_days = settings, store, judge, baseline_days
        self.asked: set[str] = set()  # keys of this run, whatever source they came from
        self.visits: dict[str, VisitRecord] = {}  # of the articles asked for
        self.fault: StoreError | None = None  # ends the whole crawl
        self._ended = ended

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    def broke(self, error: StoreError) -> None:
        """Without the store nothing that is fetched can be kept: every source stops, and the crawl says why."""
        self.fault = self.fault or error
        for watch in self.watches.values():
            watch.stopped, watch.complete = True, False

    def halt(self) -> None:
        """Ask for nothing more; what was not dealt with follows in the next crawl."""
        for watch in self.watches.values():
            watch.stopped, watch.complete = True, False
            if watch.pending:
                watch.reason = watch.reason or CUT_SHORT

    def issue(self, watch: Watch, url: str, problem: str, *, expected: bool = False) -> None:
        """One clear line in the log and one row in the store: nothing is skipped in silence."""
        # The list's own trouble is the outcome of its source, which is told when the source ends.
        level = logging.INFO if expected or url == watch.source.url else logging.WARNING
        log.log(level, "page not used: %s [source %s] %s", problem, watch.source.id, url)
        try:
            self.store.record_issue(watch.source.id, url, problem, self.now())
        except StoreError as error:
            self.broke(error)

    def lose(self, watch: Watch, url: str, problem: str) -> None:
        """An article that cannot be used; the others go on."""
        watch.failed += 1
        watch.unread += key(url) not in watch.again
        watch.trouble = watch.trouble or problem
        self.issue(watch, url, problem)

    def note(self, watch: Watch, answer: Answer) -> None:
        """Keep the validators and outcome of a request; done last, so that nothing counts as read before it is kept."""
        try:
            self.store.record_visit(
                answer.key,
                source_id=watch.source.id,
                status=answer.status,
                etag=answer.etag,
                last_modified=answer.last_modified,
                body_hash=answer.body_hash,
                now=self.now(),
            )
        except StoreError as error:
            self.broke(error)

    def begin(self, watch: Watch) -> None:
        """Mark the source's list as unfinished: whatever ends this crawl early, the next one looks at all its pages."""
        self.note(watch, Answer(self.list_key(Ask(watch.source.url)), UNFINISHED))

    def unchanged(self, watch: Watch, answer: Answer) -> None:
        """An article asked for again and found as it was."""
        watch.unchanged += 1
        watch.used += 1
        try:
            self.store.touch([answer.key], self.now())
        except StoreError as error:
            self.broke(error)
        self.note(watch, answer)

    def put_off(self, watch: Watch, url_key: str) -> None:
        """An article that did not answer: a new one is asked for at each look of its first day, one that we have at its
        next step."""
        visit = self.visits.get(url_key)
        if visit is not None and visit.status != PUT_OFF:
            self.note(watch, Answer(url_key, visit.status, visit.etag, visit.last_modified, visit.body_hash))
            return
        if visit is None or self.now() - (visit.first or visit.visited) < DAY:
            watch.complete = False
        self.note(watch, Answer(url_key, PUT_OFF))

    def refuse(self, watch: Watch, url: str, reason: str) -> None:
        """An article answered with a wall: after some in a row the source is left alone."""
        self.issue(watch, url, reason)
        watch.trouble = watch.trouble or reason
        watch.blocked += 1
        watch.refusals += 1
        self.put_off(watch, key(url))
        if watch.refusals >= REFUSALS and not watch.stopped:
            watch.stopped = True
            watch.fail("blocked", reason)

    def finish(self, watch: Watch, url_key: str | None = None) -> None:
        """Take an article off the list; end the source after its last one."""
        watch.pending.discard(url_key or "")
        if watch.pending or watch.ended:
            return
        watch.ended = True
        watch.sum_up()
        if watch.complete and watch.status == "ok":
            for answer in watch.lists:
                self.note(watch, answer)
        if self.fault is None:
            self._tell(watch)

    def _tell(self, watch: Watch) -> None:
        try:
            self._ended(watch)
        except StoreError as error:
            self.broke(error)

    def list_key(self, ask: Ask) -> str:
        """Lists are noted apart from articles: a page may be both. One address may answer many forms."""
        posted = f" {blake2b(ask.posted.encode(), digest_size=8).hexdigest()}" if ask.posted else ""
        return f"list {key(ask.url)}{posted}"


def _watch(source: Source, state: SourceRecord | None) -> Watch:
    return Watch(source, state.last_finished, state.dialect) if state else Watch(source)
