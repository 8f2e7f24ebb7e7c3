"""What the crawl needs of the database: pages as fetched, what is known of an address, whose turn it is.

Articles and facts are written by `articles.py` and `facts.py` inside `Store.writing()`; this module derives nothing.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Insert, inspect, or_, select, update
from sqlalchemy.dialects import postgresql

from monitor.domain import Page, Source
from monitor.errors import StoreError
from monitor.store.engine import connect, migrate, plain_faults, reading, writer, writing
from monitor.store.tables import ArticleRow, Base, Issue, RawPage, SourceState, Visit

CHUNK = 500  # keys asked for in one statement
Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """Validators and outcome of the last request for one address."""

    key: str
    source_id: str
    status: int
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    visited: datetime
    first: datetime | None  # when it was asked for the first time


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """`fetched` is when it was last asked for, changed or not."""

    key: str
    url: str | None
    title: str
    published: str | None
    first_seen: datetime
    fetched: datetime


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """How a source fares; see the column comments of `tables.SourceState`."""

    source_id: str
    next_due: datetime | None = None
    leased_until: datetime | None = None
    last_finished: datetime | None = None
    last_success: datetime | None = None
    status: str | None = None
    reason: str | None = None
    last_new: int = 0
    failing_since: datetime | None = None
    failures: int = 0
    successes: int = 0
    alerted: bool = False
    baseline: datetime | None = None
    health: str | None = None
    since: datetime | None = None
    every: int | None = None
    interval: int | None = None
    idle: int = 0
    last_news: datetime | None = None
    usual_gap: int | None = None
    dialect: str | None = None


@dataclass(frozen=True, slots=True)
class IssueRecord:
    source_id: str | None
    url: str
    problem: str
    seen: datetime


class Store:
    """One database. Every call is a transaction of its own; threads and processes may share the file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Make what is missing, bring the schema up to date. Raises StoreError."""
        engine = connect(url)
        try:
            with plain_faults(engine):
                migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        return self._engine

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, all or nothing; other writers wait."""
        return writing(self._engine)

    def writer(self) -> AbstractContextManager[Callable[[], AbstractContextManager[Connection]]]:
        """Many such transactions one after the other."""
        return writer(self._engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view."""
        return reading(self._engine)

    # ------------------------------------------------------------------ pages

    def keep_page(self, page: Page) -> str:
        """Keep the bytes once and return their SHA-256 in hexadecimal."""
        digest = hashlib.sha256(page.body).hexdigest()
        row = {
            "hash": digest,
            "body": zlib.compress(page.body),
            "size": len(page.body),
            "content_type": page.content_type,
            "url": page.url,
            "fetched": page.fetched,
        }
        with self.writing() as db:
            upsert(db, RawPage, [row])
        return digest

    def page(self, hash: str) -> Page:
        """The page of that hash; raises StoreError where there is none or it was damaged."""
        with self.reading() as db:
            row = db.execute(select(RawPage.__table__).where(RawPage.hash == hash)).first()
        if row is None:
            raise StoreError(f"page {hash}: not in the store")
        try:
            body = zlib.decompress(row.body)
        except zlib.error:
            raise StoreError(f"page {hash}: its stored bytes are damaged; fetch {row.url} again") from None
        return Page(row.url, body, row.fetched, row.content_type)

    # -------------------------------------------------------------- addresses

    def visits(self, keys: Iterable[str]) -> Mapping[str, VisitRecord]:
        """The last request for each of the canonical addresses that was ever asked for."""
        return self._by_key(keys, VisitRecord, select(*_columns(Visit, VisitRecord)), Visit.key)

    def record_visit(  # noqa: PLR0913  # the columns of one row
        self,
        key: str,
        *,
        source_id: str,
        status: int,
        etag: str | None,
        last_modified: str | None,
        body_hash: str | None,
        now: datetime,
    ) -> None:
        """Keep the validators of the newest answer; an answer 304 has to hand in those it confirmed."""
        row = {
            "key": key,
            "source_id": source_id,
            "status": status,
            "etag": etag,
            "last_modified": last_modified,
            "body_hash": body_hash,
            "visited": now,
        }
        with self.writing() as db:
            upsert(db, Visit, [row | {"first": now}], renew=tuple(row))

    def known(self, keys: Iterable[str]) -> Mapping[str, KnownArticle]:
        """Those of the keys under which an article is stored."""
        return self._by_key(keys, KnownArticle, select(*_columns(ArticleRow, KnownArticle)), ArticleRow.key)

    def young_articles(self, source_id: str, since: datetime) -> Mapping[str, KnownArticle]:
        """The articles of a source that were first seen since then, by key."""
        wanted = select(*_columns(ArticleRow, KnownArticle)).where(
            ArticleRow.source_id == source_id, ArticleRow.first_seen >= since
        )
        with self.reading() as db:
            return {row.key: KnownArticle(*row) for row in db.execute(wanted)}

    def touch(self, keys: Iterable[str], now: datetime) -> None:
        """Articles asked for again and unchanged."""
        with self.writing() as db:
            for some in chunks(keys):
                db.execute(update(ArticleRow).where(ArticleRow.key.in_(some)).values(fetched=now))

    def record_issue(self, source_id: str | None, url: str, problem: str, now: datetime) -> None:
        """One address that could not be used, and why; the same again only moves its date."""
        with self.writing() as db:
            row = {"source_id": source_id, "url": url, "problem": problem, "seen": now}
            upsert(db, Issue, [row], on=("url", "problem"), renew=("source_id", "seen"))

    def issues(self, source_id: str | None = None, since: datetime | None = None) -> tuple[IssueRecord, ...]:
        """Newest first."""
        wanted = select(*_columns(Issue, IssueRecord)).order_by(Issue.seen.desc(), Issue.id.desc())
        if source_id is not None:
            wanted = wanted.where(Issue.source_id == source_id)
        if since is not None:
            wanted = wanted.where(Issue.seen >= since)
        with self.reading() as db:
            return tuple(IssueRecord(*row) for row in db.execute(wanted))

    # --------------------------------------------------------------- schedule

    def source_states(self) -> Mapping[str, SourceRecord]:
        """Every source that was ever crawled, by id."""
        with self.reading() as db:
            rows = db.execute(select(*_columns(SourceState, SourceRecord)))
            return {row.source_id: SourceRecord(*row) for row in rows}

    def due(self, sources: Sequence[Source], now: datetime) -> tuple[Source, ...]:
        """The enabled sources whose time has come and that nobody crawls, the longest overdue first."""
        states = self.source_states()
        waiting = []
        for source in sources:
            state = states.get(source.id)
            turn = state.next_due if state else None
            held = state is not None and state.leased_until is not None and state.leased_until > now
            if source.enabled and not held and (turn is None or turn <= now):
                waiting.append((turn is not None, turn or now, source))
        return tuple(source for *_, source in sorted(waiting, key=lambda one: one[:2]))

    def lease(self, source_id: str, *, until: datetime, now: datetime) -> bool:
        """Hold a source for one crawl; False while another process holds it. A lease that ran out is free."""
        free = or_(SourceState.leased_until.is_(None), SourceState.leased_until <= now)
        take = update(SourceState).where(SourceState.source_id == source_id, free).values(leased_until=until)
        with self.writing() as db:
            upsert(db, SourceState, [{"source_id": source_id}])
            return db.execute(take).rowcount == 1

    def free_sources(self, ids: Iterable[str] | None = None) -> None:
        """Give sources back without an outcome; all of them, for a caller who knows that no other crawl is running."""
        free = update(SourceState).values(leased_until=None)
        with self.writing() as db:
            db.execute(free if ids is None else free.where(SourceState.source_id.in_(list(ids))))

    def finish_crawl(self, source_id: str, after: Callable[[SourceRecord], SourceRecord]) -> SourceRecord:
        """Give the source back with its record as it is after a look; nothing else changes it meanwhile."""
        with self.writing() as db:
            upsert(db, SourceState, [{"source_id": source_id}])
            row = db.execute(select(*_columns(SourceState, SourceRecord)).where(SourceState.source_id == source_id))
            record = after(SourceRecord(*row.one()))
            db.execute(update(SourceState).where(SourceState.source_id == source_id).values(asdict(record)))
        return record

    def look_now(self, source_id: str, now: datetime) -> None:
        """Make a source due that was crawled before."""
        with self.writing() as db:
            db.execute(update(SourceState).where(SourceState.source_id == source_id).values(next_due=now))

    def _by_key(self, keys: Iterable[str], record: Callable[..., Asked], wanted: Any, column: Any) -> dict[str, Asked]:
        found: dict[str, Asked] = {}
        with self.reading() as db:
            for some in chunks(keys):
                found |= {row.key: record(*row) for row in db.execute(wanted.where(column.in_(some)))}
        return found


def upsert(
    db: Connection,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    on: tuple[str, ...] = (),
    renew: tuple[str, ...] = (),
) -> None:
    """Add rows; where one with the same `on` (else the primary key) is there, set its `renew` columns or leave it be."""
    if not rows:
        return
    db.execute(upserting(table, on, renew), rows)


@cache
def upserting(table: type[Base], on: tuple[str, ...] = (), renew: tuple[str, ...] = ()) -> Insert:
    """The statement, made once: building it costs more than running it. What PostgreSQL says here SQLite says too."""
    insert = postgresql.insert(table)
    keys = on or tuple(column.name for column in inspect(table).primary_key)
    fresh = {name: insert.excluded[name] for name in renew if name not in keys}
    if fresh:
        return insert.on_conflict_do_update(index_elements=keys, set_=fresh)
    return insert.on_conflict_do_nothing(index_elements=keys)


def chunks(keys: Iterable[Asked], size: int = CHUNK) -> Iterator[list[Asked]]:
    """The keys in lists short enough for one statement."""
    remaining = iter(keys)
    while some := list(islice(remaining, size)):
        yield some


def _columns(table: type[Base], record: type[VisitRecord | KnownArticle | SourceRecord | IssueRecord]) -> list[Any]:
    return [getattr(table, field.name) for field in fields(record)]
