"""A process that is killed while it takes in an article, before any of the statements that this needs, loses and doubles nothing."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from sqlalchemy import event

from benchmarks.replay.stored import dump
from monitor.domain import Article
from monitor.ingest import ingest
from monitor.judge import Judge
from monitor.regions import load_gazetteer
from monitor.seeds import load_seeds
from monitor.store import Store
from tests.properties.test_arrival import FIRST_DAY, LATER, NOW, PLAN

ENOUGH = 30  # statements that taking in an article needs at least
# A copy with another name for one thing, an address of its own, and a figure that differs: stories, facts, versions and keys are written.
TAKEN = Article(
    "无锡低空经济三年行动计划有调整",
    PLAN.replace("260个", "300个").replace("起降设施", "起降场地"),
    url="https://新报.example/",
    published="2026-11-22",
    publisher="新报",
    region="无锡市",
)


def take_in(store: Store, judge: Judge, article: Article) -> None:
    key = f"{article.url}{article.published}{article.title}"
    ingest(article, key=key, store=store, judge=judge, page_hash=None, now=NOW)


def kill_before(statement: int, store: Store) -> None:
    """Kill this process before it runs the statement of that number, counted from here."""
    left = [statement]

    def count(_: str) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(store.engine, "connect")
    def _(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(count)


def killed(path: Path, judge: Judge, statement: int) -> bool:
    """Whether a process that takes in the article is killed before that statement; it needs none of that number otherwise."""
    if child := os.fork():
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    store = Store.open(f"sqlite:///{path}")
    store.engine.dispose()
    kill_before(statement, store)
    take_in(store, judge, TAKEN)
    os._exit(0)


def check(folder: Path) -> int:
    """Kill a process before each statement in turn; how many there were."""
    judge = Judge(load_seeds(shipped_sources=False), load_gazetteer())
    before, after, path = folder / "before.sqlite", folder / "after.sqlite", folder / "now.sqlite"
    with Store.open(f"sqlite:///{before}") as store:
        for article in (*FIRST_DAY, *LATER[:2]):
            take_in(store, judge, article)
        untouched = dump(store)
    shutil.copy(before, after)
    with Store.open(f"sqlite:///{after}") as store:
        take_in(store, judge, TAKEN)
        whole = dump(store)
    assert whole != untouched
    statement = 1
    while True:
        for left in folder.glob("now.sqlite*"):
            left.unlink()
        shutil.copy(before, path)
        if not killed(path, judge, statement):
            return statement
        with Store.open(f"sqlite:///{path}") as store:
            assert dump(store) in (untouched, whole), f"half an article after statement {statement}"
            take_in(store, judge, TAKEN)
            assert dump(store) == whole, f"lost or doubled after statement {statement}"
        statement += 1


def test_killed_before_any_statement_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """In a process of its own: it is forked."""
    command = [sys.executable, "-m", "tests.properties.test_killed_ingest", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= ENOUGH


if __name__ == "__main__":
    print(check(Path(sys.argv[1])))  # noqa: T201
