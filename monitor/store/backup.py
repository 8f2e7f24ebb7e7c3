"""Copies a SQLite database while it is in use, and brings such a copy back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from monitor.errors import StoreError
from monitor.store.engine import OLDER, SCHEMA
from monitor.store.store import Store

PAGES = 4096  # copied between two looks at whether others want to write


def backup(store: Store, file: Path) -> None:
    """Write a copy of the database, as of one moment, to `file`. Raises StoreError; an existing file is not overwritten."""
    source = _database(str(store.engine.url))
    if file.exists():
        raise StoreError(f"{file}: exists already; name a new file for the copy")
    part = file.with_name(file.name + ".part")
    try:
        part.unlink(missing_ok=True)  # of a copy that was killed
        _copy(source, part)
        part.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file}: the copy could not be written: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """Put the copy in the place of the database at `url`, which nothing may be using. Raises StoreError.

    A database too damaged to be written over is moved aside.
    """
    target = _database(url)
    _check(file)
    if target.exists() and target.samefile(file):
        raise StoreError(f"{file}: is the database itself; name a copy of it")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _move_damaged_aside(target)
        _copy(file, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target}: the copy could not be brought back: {error}; stop `serve` and try again") from None
    Store.open(url).close()


def _move_damaged_aside(target: Path) -> None:
    """SQLite writes over a database only when it can read it."""
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True, timeout=5)) as old:
            old.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:  # not there, or in use: the copying will say so
        return
    except sqlite3.DatabaseError:
        for ending in ("", "-wal", "-shm"):
            part = target.with_name(target.name + ending)
            if part.exists():
                part.replace(target.with_name(f"{target.name}.damaged{ending}"))


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as old,
        closing(sqlite3.connect(target, timeout=5)) as new,
    ):
        old.backup(new, pages=PAGES)


def _check(file: Path) -> None:
    """Refuse what is no copy of ours before anything is overwritten."""
    if not file.is_file():
        raise StoreError(f"{file}: there is no such file")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            sound = copy.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{file}: not a copy of a policywatch database: {error}") from None
    if sound != ("ok",):
        raise StoreError(f"{file}: the copy is damaged: {sound[0]}")
    if not found or found[0] not in (SCHEMA, *OLDER):
        raise StoreError(f"{file}: written by a newer policywatch; install that version to bring it back")


def _database(url: str) -> Path:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise StoreError("only SQLite databases are copied here; use the server's own tool (pg_dump, pg_restore)")
    if not address.database:
        raise StoreError("a database in memory cannot be copied")
    return Path(address.database)
