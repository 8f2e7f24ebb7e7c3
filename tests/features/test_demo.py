"""The main job as a newcomer meets it: `demo`, again, one more article, and killed in the middle."""

import email
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from monitor.demo import EXTRA
from monitor.demo.content import ARTICLES
from tests.features.conftest import ROOT

TARGETS = {  # one target of each kind of site
    "stock": "特色化科创载体",
    "park": "链上企业总数",
    "zaker": "有效高企",
    "discuz": "节能环保产业规模",
    "magazine": "城市型科创载体",
}
# What the spun copy tells, and what of it no other article tells.
SPUN = "select version_id from sighting join article on article.id = article_id where article.text like '%随机应变%'"
ALONE = """
select max(article.text like '%随机应变%') as spun, count(*) as tellers
from sighting join article on article.id = article_id group by version_id having spun and tellers = 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def demo(environment: dict[str, str], folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", "demo", "--data", str(folder), *options]
        return subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=170, check=False
        )

    return run


def mails(folder: Path) -> list[EmailMessage]:
    files = sorted((folder / "mailbox").glob("*.eml"), key=lambda file: file.stat().st_mtime)
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(folder / "policywatch.sqlite")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_the_demo_mails_what_is_new_once(demo: Callable[..., subprocess.CompletedProcess[str]], folder: Path) -> None:
    """All sites are read, one mail names the targets of each; run again nothing comes; one more article, its one fact."""
    first = demo()
    assert first.returncode == 0, first.stderr
    for name in ("无锡市人民政府（演示站）", "科创载体", "天津滨海高新技术产业开发区", "sources add"):
        assert name in first.stdout
    (mail,) = mails(folder)
    told = text(mail)
    for site, words in TARGETS.items():
        assert words in told, site
    html = mail.get_body(("html",))
    assert html is not None
    assert "http://127.0.0.1:" in told
    assert "入选原因" in told

    # The spun copy is one more article that tells what its original said, and says nothing of its own.
    assert rows(folder, SPUN)
    assert not rows(folder, ALONE)

    second = demo()
    assert second.returncode == 0, second.stderr
    assert "Nothing new" in second.stdout
    assert len(mails(folder)) == 1

    third = demo("--publish")
    assert third.returncode == 0, third.stderr
    fresh = text(mails(folder)[-1])
    article = next(iter(EXTRA.values()))
    assert len(mails(folder)) == 2
    assert article.title[:8] in fresh
    assert sum(line.strip().startswith("●") for line in fresh.splitlines()) == 1


def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    demo: Callable[..., subprocess.CompletedProcess[str]], environment: dict[str, str], folder: Path
) -> None:
    """kill -9 for the demo and its crawl, then again: every article once, one mail."""
    command = [sys.executable, "-m", "monitor", "demo", "--data", str(folder)]
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True)
    deadline = time.monotonic() + 60
    stored = 0
    while stored < 10 and time.monotonic() < deadline:
        time.sleep(0.2)
        if (folder / "policywatch.sqlite").exists():
            try:
                stored = int(str(rows(folder, "select count(*) from article")[0][0]))
            except sqlite3.OperationalError:
                continue
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert 10 <= stored < len(ARTICLES)

    again = demo()
    assert again.returncode == 0, again.stderr
    urls = [url for (url,) in rows(folder, "select url from article")]
    assert len(urls) == len(set(urls)) == len(ARTICLES)
    assert len(mails(folder)) == 1
