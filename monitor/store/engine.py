"""Opens the database and says in plain words why it cannot be used.

Writers take the lock when they begin, not when they first write: on SQLite a transaction that starts as a reader cannot
be upgraded while another one writes, and on PostgreSQL two processes would insert the same fact.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from monitor.errors import StoreError

SCHEMA = "0010"  # the newest migration; known here so that opening a current database loads no Alembic
OLDER: tuple[str, ...] = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
)  # migrations before it
WAIT = 30_000  # milliseconds a writer waits for another one: one article takes a few
CACHE = 32_768  # kilobytes of pages: what leads into the index of a million articles' marks
LOG = (
    8_000  # pages of the log before they are put into the file: those that every article writes are then put there once
)
LOCK = 6_107_931  # PostgreSQL advisory lock of all writers; the number means nothing
PLAIN = {
    "database is locked": "another process keeps it locked; try again when that is done",
    "database or disk is full": "the disk is full; free some space and run again",
    "readonly database": "the file or its folder is read-only; make it writable or choose another --data folder",
    "unable to open database file": "the file cannot be opened; check that its folder exists and is writable",
    "file is not a database": "the file is not a policywatch database; move it away or choose another --data folder",
    "malformed": "the file is damaged; bring back a copy with `policywatch db restore`",
    "disk I/O error": "the disk reports an error; check it, and that the folder is not on a failing network share",
    "could not connect": "the server cannot be reached; check the address and that it runs",
    "connection failed": "the server cannot be reached; check the address and that it runs",
}


def connect(url: str) -> Engine:
    """An engine for `url`, the data folder made where it is missing. Raises StoreError."""
    try:
        address = make_url(url)
        if address.get_backend_name() not in ("sqlite", "postgresql"):
            raise StoreError(f"{_shown(url)}: only SQLite and PostgreSQL are supported")
        if address.get_backend_name() == "sqlite" and address.database:
            _make_folder(Path(address.database).parent)
        memory = address.get_backend_name() == "sqlite" and not address.database
        engine = create_engine(address, poolclass=StaticPool) if memory else create_engine(address)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"{_shown(url)}: not a database address: {error}") from None
    except ImportError as error:
        raise StoreError(f"{_shown(url)}: the driver is not installed: {error.name}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other writer can come between; all of it is kept or nothing. Raises StoreError."""
    with writer(engine) as transaction, transaction() as db:
        yield db


@contextmanager
def writer(engine: Engine) -> Iterator[Callable[[], AbstractContextManager[Connection]]]:
    """Such transactions one after the other, on one connection: to open it costs as much as a short one."""

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with plain_faults(engine), db.begin():
            if db.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield db

    with plain_faults(engine), engine.connect().execution_options(writes=True) as db:
        yield transaction


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view, whatever others write meanwhile. Raises StoreError."""
    with plain_faults(engine), engine.connect() as db, db.begin():
        yield db


@contextmanager
def plain_faults(engine: Engine) -> Iterator[None]:
    """Turn what the driver says into a StoreError that says what to do; programming errors pass."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        for words, advice in PLAIN.items():
            if words in said:
                raise StoreError(f"{_shown(str(engine.url))}: {advice}") from None
        raise


def migrate(engine: Engine) -> None:
    """Bring the schema up to date; two processes at once do it once. Raises StoreError for a newer schema."""
    with reading(engine) as db:
        if _schema(db) == SCHEMA:
            return
    from monitor.store.migrations import upgrade

    with writing(engine) as db:
        found = _schema(db)
        if found not in (None, SCHEMA, *OLDER):
            raise StoreError(
                f"{_shown(str(engine.url))}: written by a newer policywatch (schema {found}, known up to {SCHEMA}); "
                "install that version or choose another --data folder"
            )
        upgrade(db)


def _schema(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the data folder cannot be made: {error.strerror}; choose another with --data"
        ) from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """The driver's own transactions begin late and not for SELECT: take them over (see `_begin_sqlite`)."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {WAIT}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: nothing is lost when the process is killed
    connection.execute(f"PRAGMA cache_size = -{CACHE}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG}")


def _begin_sqlite(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")


def _shown(url: str) -> str:
    """The file, or the address without its password."""
    try:
        address = make_url(url)
    except ArgumentError:
        return url
    return str(address.database or "memory") if address.get_backend_name() == "sqlite" else address.render_as_string()
