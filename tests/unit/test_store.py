"""The store as the crawl uses it: opening, pages, addresses, turns, and plain messages when the disk says no."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command

from monitor.domain import Page, Source
from monitor.errors import StoreError
from monitor.store import SourceRecord, Store, backup, count_rows, delivery, restore
from monitor.store.engine import connect, writing
from monitor.store.migrations import configuration

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/policywatch.sqlite") as opened:
        yield opened


def page(body: bytes = b"<p>body</p>") -> Page:
    return Page("http://a.example/1.html", body, NOW, "text/html; charset=gbk")


def test_opening_makes_the_folder_and_the_database(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    Store.open(f"sqlite:///{folder}/policywatch.sqlite").close()
    assert (folder / "policywatch.sqlite").is_file()


def test_a_database_in_memory_works_too() -> None:
    with Store.open("sqlite://") as memory:
        memory.keep_page(page())
        assert count_rows(memory)["pages"] == 1


def test_sqlite_is_opened_with_a_log_and_with_foreign_keys(store: Store) -> None:
    with store.reading() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_page_is_kept_once_and_comes_back_byte_for_byte(store: Store) -> None:
    body = "政策\x00".encode("gbk") * 5000
    assert store.keep_page(page(body)) == store.keep_page(page(body))
    assert store.page(store.keep_page(page(body))) == page(body)
    assert count_rows(store)["pages"] == 1


def test_pages_are_kept_compressed(store: Store) -> None:
    store.keep_page(page(b"a" * 100_000))
    with store.reading() as db:
        assert db.exec_driver_sql("SELECT length(body) FROM raw_page").scalar_one() < 1000


def test_a_page_that_is_not_there_is_a_plain_fault(store: Store) -> None:
    with pytest.raises(StoreError, match="page abc: not in the store"):
        store.page("abc")


def visit(store: Store, etag: str, now: datetime = NOW) -> None:
    store.record_visit("k", source_id="wuxi", status=200, etag=etag, last_modified=None, body_hash="h", now=now)


def test_the_last_visit_counts(store: Store) -> None:
    visit(store, "one")
    visit(store, "two", NOW + HOUR)
    found = store.visits(["k", "never"])
    assert list(found) == ["k"]
    assert (found["k"].etag, found["k"].visited) == ("two", NOW + HOUR)


def test_thousands_of_addresses_may_be_asked_for_at_once(store: Store) -> None:
    visit(store, "one")
    keys = [*(f"http://a.example/{number}" for number in range(3000)), "k"]
    assert list(store.visits(keys)) == ["k"]
    assert store.known(keys) == {}


def test_a_repeated_issue_is_one_row_with_its_newest_date(store: Store) -> None:
    store.record_issue("wuxi", "http://a.example/1", "no body", NOW)
    store.record_issue("wuxi", "http://a.example/1", "no body", NOW + HOUR)
    store.record_issue("wuxi", "http://a.example/1", "no title", NOW)
    assert [(issue.problem, issue.seen) for issue in store.issues("wuxi")] == [
        ("no body", NOW + HOUR),
        ("no title", NOW),
    ]
    assert store.issues("suzhou") == ()
    assert len(store.issues(since=NOW + HOUR)) == 1


def finish(store: Store, id: str, next_due: datetime) -> None:
    store.finish_crawl(id, lambda before: replace(before, next_due=next_due, leased_until=None, last_finished=NOW))


def test_a_source_is_due_until_crawled_and_again_when_its_time_comes(store: Store) -> None:
    one = Source("one", "One", "http://one.example/")
    off = Source("off", "Off", "http://off.example/", enabled=False)
    assert store.due([one, off], NOW) == (one,)
    finish(store, "one", NOW + HOUR)
    assert store.due([one, off], NOW) == ()
    assert store.due([one, off], NOW + HOUR) == (one,)


def test_the_longest_overdue_comes_first_and_the_never_crawled_before_all(store: Store) -> None:
    sources = [Source(id, id, f"http://{id}.example/") for id in ("late", "later", "fresh")]
    for id, hours in (("late", 1), ("later", 2)):
        finish(store, id, NOW - hours * HOUR)
    assert [source.id for source in store.due(sources, NOW)] == ["fresh", "later", "late"]


def test_a_lease_is_held_by_one_and_runs_out(store: Store) -> None:
    assert store.lease("one", until=NOW + HOUR, now=NOW)
    assert not store.lease("one", until=NOW + HOUR, now=NOW)
    assert store.due([Source("one", "One", "http://one.example/")], NOW) == ()
    assert store.lease("one", until=NOW + 2 * HOUR, now=NOW + HOUR)


def test_finishing_gives_the_lease_back(store: Store) -> None:
    store.lease("one", until=NOW + HOUR, now=NOW)
    finish(store, "one", NOW)
    assert store.lease("one", until=NOW + HOUR, now=NOW)


def test_a_source_that_was_changed_is_due_at_once(store: Store) -> None:
    one = Source("one", "One", "http://one.example/")
    finish(store, "one", NOW + HOUR)
    store.look_now("one", NOW)
    assert store.due([one], NOW) == (one,)


def test_what_is_known_of_a_source_comes_back_as_it_was_put_in(store: Store) -> None:
    record = SourceRecord("one", health="silent", since=NOW, interval=7200, idle=3, dialect="trs", failures=2)
    assert store.finish_crawl("one", lambda _: record) == record
    assert store.source_states() == {"one": record}


def test_an_address_keeps_the_moment_at_which_it_was_asked_for_first(store: Store) -> None:
    visit(store, "one")
    visit(store, "two", NOW + HOUR)
    assert (store.visits(["k"])["k"].first, store.visits(["k"])["k"].visited) == (NOW, NOW + HOUR)


def test_the_operators_alert_is_remembered(store: Store) -> None:
    finish(store, "one", NOW)
    with delivery.writing(store) as session:
        assert delivery.mark_alerted(session, "one", True)
        assert not delivery.mark_alerted(session, "one", True)  # noted already: nobody is told twice
    assert store.source_states()["one"].alerted


def test_a_moment_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        store.record_issue("one", "u", "p", NOW.replace(tzinfo=None))


OLD_ROWS = """
INSERT INTO source_state (source_id, status, last_new, failures, successes, alerted, next_due)
    VALUES ('one', 'ok', 3, 0, 7, 0, '2026-11-24 01:00:00.000000');
INSERT INTO visit (key, source_id, status, visited) VALUES ('k', 'one', 200, '2026-11-24 01:00:00.000000');
"""


def test_what_an_older_version_knew_of_sources_and_addresses_is_kept(tmp_path: Path) -> None:
    """Health and rhythm begin with the next look; an address counts as known since it was visited last."""
    url = f"sqlite:///{tmp_path}/policywatch.sqlite"
    engine = connect(url)
    with writing(engine) as db:
        command.upgrade(configuration(db), "0001")
        for line in OLD_ROWS.split(";"):
            db.exec_driver_sql(line) if line.strip() else None
    engine.dispose()
    with Store.open(url) as store:
        state = store.source_states()["one"]
        assert (state.successes, state.next_due, state.health, state.interval, state.idle) == (7, NOW, None, None, 0)
        assert store.visits(["k"])["k"].first == NOW


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "policywatch.sqlite").write_bytes(b"not a database, but long enough to look like a file" * 100)
    with pytest.raises(StoreError, match=r"policywatch\.sqlite: the file is not a policywatch database"):
        Store.open(f"sqlite:///{tmp_path}/policywatch.sqlite")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/policywatch.sqlite"
    Store.open(url).close()
    with sqlite3.connect(tmp_path / "policywatch.sqlite") as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(StoreError, match="newer policywatch"):
        Store.open(url)


@pytest.mark.parametrize("url", ["nonsense", "mysql://user:secret@host/db", "oracle://x"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        Store.open(url)
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="the data folder cannot be made"):
        Store.open(f"sqlite:///{tmp_path}/file/data/policywatch.sqlite")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_a_read_only_folder_is_a_plain_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(StoreError, match="writable"):
        Store.open(f"sqlite:///{tmp_path}/policywatch.sqlite")


def test_a_full_disk_is_a_plain_fault(store: Store) -> None:
    with pytest.raises(StoreError, match="the disk is full"), store.writing() as db:
        db.exec_driver_sql(f"PRAGMA max_page_count = {db.exec_driver_sql('PRAGMA page_count').scalar_one()}")
        db.exec_driver_sql("INSERT INTO visit VALUES ('k', 's', 200, hex(randomblob(500000)), NULL, NULL, '', NULL)")
    assert store.visits(["k"]) == {}


def test_a_read_only_database_is_a_plain_fault(store: Store) -> None:
    with pytest.raises(StoreError, match="read-only"), store.reading() as db:
        db.exec_driver_sql("PRAGMA query_only = ON")
        db.exec_driver_sql("DELETE FROM visit")


def test_a_locked_database_is_a_plain_fault(store: Store) -> None:
    with store.writing(), pytest.raises(StoreError, match="locked"), store.reading() as second:
        second.exec_driver_sql("PRAGMA busy_timeout = 10")
        second.exec_driver_sql("DELETE FROM visit")


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as db:
        db.exec_driver_sql(
            "INSERT INTO visit VALUES ('k', 's', 200, NULL, NULL, NULL, '2026-11-24 01:00:00.000000', NULL)"
        )
        raise RuntimeError("killed")
    assert store.visits(["k"]) == {}


OPENER = """
import sys
from datetime import UTC, datetime
from monitor.store import Store
store = Store.open(sys.argv[1])
for number in range(20):
    store.record_issue(sys.argv[2], f"http://a.example/{number}", sys.argv[2], datetime.now(UTC))
print(sum(store.lease(f"source-{n}", until=datetime(2100, 1, 1, tzinfo=UTC), now=datetime.now(UTC)) for n in range(20)))
"""


def test_processes_may_open_and_write_a_new_database_at_once(tmp_path: Path) -> None:
    """All of them succeed, and each source is leased to exactly one."""
    url = f"sqlite:///{tmp_path}/data/policywatch.sqlite"
    running = [
        subprocess.Popen([sys.executable, "-c", OPENER, url, str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(4)
    ]
    leased = [int(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0, 0]
    assert sum(leased) == 20
    with Store.open(url) as store:
        assert len(store.issues()) == 80


def test_a_copy_made_while_open_brings_everything_back(store: Store, tmp_path: Path) -> None:
    store.keep_page(page())
    backup(store, tmp_path / "copy.sqlite")
    store.keep_page(page(b"later"))
    restore(f"sqlite:///{tmp_path}/other/policywatch.sqlite", tmp_path / "copy.sqlite")
    with Store.open(f"sqlite:///{tmp_path}/other/policywatch.sqlite") as other:
        assert count_rows(other)["pages"] == 1


def test_restoring_over_a_database_replaces_it(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy.sqlite")
    store.keep_page(page())
    store.close()
    restore(str(store.engine.url), tmp_path / "copy.sqlite")
    assert count_rows(store)["pages"] == 0


def test_a_copy_never_overwrites_a_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        backup(store, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_a_copy_into_a_missing_folder_is_a_plain_fault(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        backup(store, tmp_path / "nowhere" / "copy.sqlite")


@pytest.mark.parametrize("content", [None, b"no database at all, only words", b""])
def test_what_is_no_copy_is_not_brought_back(store: Store, tmp_path: Path, content: bytes | None) -> None:
    store.keep_page(page())
    if content is not None:
        (tmp_path / "copy").write_bytes(content)
    with pytest.raises(StoreError):
        restore(str(store.engine.url), tmp_path / "copy")
    assert count_rows(store)["pages"] == 1


def test_a_server_database_is_copied_with_its_own_tool(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        restore("postgresql://localhost/policywatch", tmp_path / "copy")
