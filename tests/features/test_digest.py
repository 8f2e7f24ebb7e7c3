"""From saved pages to a mail: who gets what, once, whatever fails on the way. Seen through the command line only."""

import asyncio
import email
import email.policy
import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomlkit
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from bs4 import BeautifulSoup

from monitor.demo.mailserver import MailServer, _free_port

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

Start = Callable[..., subprocess.Popen[str]]
FIRST = "到2028年，全市低空经济产业规模达到600亿元，集聚低空经济企业400家以上。"
SECOND = "到2027年，全市建成中试平台35个，概念验证中心12家。"
READER = "reader@example.com"


def save(folder: Path, name: str, sentence: str, published: str) -> Path:
    folder.mkdir(exist_ok=True)
    page = folder / f"{name}.txt"
    page.write_text(
        f"---\npublished: {published}\npublisher: 无锡日报\nurl: https://www.example.gov.cn/{name}.shtml\nregion: 无锡市\n---\n"
        f"无锡市{name}工作推进会召开\n\n11月的会议在无锡举行。\n{sentence}\n会议由市政府办公室召集，各区负责人参加。\n",
        encoding="utf-8",
    )
    return page


@pytest.fixture
def policywatch(in_process: "Policywatch") -> "Policywatch":
    return in_process


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two saved pages of today with four targets."""
    today = time.strftime("%Y-%m-%d")
    save(tmp_path / "pages", "低空经济", FIRST, today)
    save(tmp_path / "pages", "科技创新", SECOND, today)
    return tmp_path / "pages"


@pytest.fixture
def subscribed(policywatch: "Policywatch", pages: Path) -> "Policywatch":
    """A reader of Wuxi, and the pages in the store."""
    assert policywatch("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate").returncode == 0
    assert policywatch("ingest", pages).returncode == 0
    return policywatch


@pytest.fixture
def server(data: Path, tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that the settings name; a test starts and stops it."""
    running = MailServer(tmp_path / "received")
    use_server(data, running.port)
    running.start()
    yield running
    running.stop()


def use_server(data: Path, port: int) -> None:
    smtp = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 5.0}
    (data / "policywatch.toml").write_text(tomlkit.dumps({"smtp": smtp}), encoding="utf-8")


def mails(folder: Path) -> list[EmailMessage]:
    files = sorted(folder.glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def lines(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if line]


def test_what_is_new_is_mailed_once_and_later_only_what_came_since(
    subscribed: "Policywatch", data: Path, pages: Path
) -> None:
    done = subscribed("digest", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [one["state"] for one in report["messages"]] == ["sent"]
    (message,) = mails(data / "mailbox")
    for words in (
        FIRST,
        SECOND,
        "600亿元",
        "35个",
        "https://www.example.gov.cn/低空经济.shtml",
        "无锡日报",
        "入选原因：",
    ):
        assert words in text(message)
    assert subscribed("digest").returncode == 0
    assert len(mails(data / "mailbox")) == 1
    save(pages, "人工智能", "到2028年，全市人工智能核心产业规模超过300亿元。", time.strftime("%Y-%m-%d"))
    subscribed("ingest", pages)
    assert subscribed("digest").returncode == 0
    (fresh,) = [one for one in mails(data / "mailbox") if "人工智能" in one["Subject"]]
    assert "300亿元" in text(fresh)
    assert "600亿元" not in text(fresh)


def test_a_dry_run_shows_everything_and_keeps_nothing(
    policywatch: "Policywatch", pages: Path, data: Path, tmp_path: Path
) -> None:
    save(pages, "旧闻", "到2025年，全市建成智能工厂50家。", "2024-03-01")
    policywatch("ingest", pages)
    now = policywatch("digest", "--dry-run")
    assert FIRST in now.stdout
    assert "智能工厂" not in now.stdout
    assert "智能工厂" in policywatch("digest", "--dry-run", "--backfill").stdout
    shown = json.loads(policywatch("digest", "--dry-run", "--json").stdout)["digests"][0]["items"]
    assert {"kind", "headline", "sentence", "url", "why", "region", "value", "deadline"} <= set(shown[0])
    assert FIRST in policywatch("digest", "--dry-run").stdout
    assert not (data / "mailbox").exists()


def test_a_dry_run_can_be_looked_at_in_a_browser(
    policywatch: "Policywatch", pages: Path, data: Path, tmp_path: Path
) -> None:
    policywatch("ingest", pages)
    done = policywatch("digest", "--dry-run", "--html", tmp_path / "look")
    (file,) = (tmp_path / "look").iterdir()
    assert done.stdout.strip() == str(file)
    assert FIRST in BeautifulSoup(file.read_text(encoding="utf-8"), "lxml").get_text()
    assert not (data / "mailbox").exists()
    refused = policywatch("digest", "--html", tmp_path / "look")
    assert (refused.returncode, "needs --dry-run" in refused.stderr) == (2, True)
    occupied = policywatch("digest", "--dry-run", "--html", tmp_path / "look" / file.name / "below")
    assert occupied.returncode == 1
    assert "cannot be written" in occupied.stderr


def test_a_dead_mail_server_keeps_the_message_and_says_so_in_one_line(subscribed: "Policywatch", data: Path) -> None:
    dead = _free_port()
    use_server(data, dead)
    failed = subscribed("digest")
    assert failed.returncode == 1
    assert len(lines(failed.stderr)) == 1
    assert f"127.0.0.1:{dead}" in failed.stderr
    assert "smtp.host" in failed.stderr
    assert "1 kept for the next run" in failed.stderr
    again = MailServer(data / "received")
    use_server(data, again.port)
    again.start()
    try:
        assert subscribed("digest").returncode == 0
        assert subscribed("digest").returncode == 0
    finally:
        again.stop()
    assert len(mails(data / "received")) == 1


def test_a_mailbox_folder_that_cannot_be_written_keeps_the_message(subscribed: "Policywatch", data: Path) -> None:
    (data / "mailbox").write_text("a file where the folder should be")
    failed = subscribed("digest")
    assert failed.returncode == 1
    assert len(lines(failed.stderr)) == 1
    assert "mailbox" in failed.stderr
    (data / "mailbox").unlink()
    assert subscribed("digest").returncode == 0
    assert len(mails(data / "mailbox")) == 1


def test_a_server_that_refuses_for_now_is_a_failure_that_mends_itself(
    subscribed: "Policywatch", server: MailServer
) -> None:
    server.keeper.refusal = "451 4.7.1 greylisted"
    failed = subscribed("digest")
    assert failed.returncode == 1
    assert "451 4.7.1 greylisted" in failed.stderr
    waiting = json.loads(subscribed("outbox", "list", "--json").stdout)["messages"]
    assert [(one["state"], one["attempts"]) for one in waiting] == [("pending", 1)]


class Stuck:
    """A server that takes its time at one step, until the test lets it go."""

    def __init__(self, step: str) -> None:
        self.step = step
        self.reached = asyncio.Event()

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        await self._wait("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        await self._wait("DATA")
        return "250 kept"

    async def _wait(self, step: str) -> None:
        if step == self.step:
            self.reached.set()
            await asyncio.sleep(60)


@contextmanager
def killed_at(step: str, start: Start, data: Path) -> Iterator[None]:
    """`policywatch digest` killed with -9 while the server has it wait at a step."""
    handler = Stuck(step)
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    use_server(data, controller.port)
    process = start("digest")
    try:
        reached = asyncio.run_coroutine_threadsafe(handler.reached.wait(), controller.loop)
        assert reached.result(timeout=60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        yield
    finally:
        controller.stop()


def test_a_sender_killed_before_the_content_went_out_costs_nothing(
    subscribed: "Policywatch", start: Start, data: Path, tmp_path: Path
) -> None:
    with killed_at("RCPT", start, data):
        pass
    server = MailServer(tmp_path / "received")
    use_server(data, server.port)
    server.start()
    try:
        assert subscribed("digest").returncode == 0
        assert subscribed("digest").returncode == 0
    finally:
        server.stop()
    assert len(mails(tmp_path / "received")) == 1


def test_a_sender_killed_while_the_content_went_out_leaves_it_to_the_operator(
    subscribed: "Policywatch", start: Start, data: Path, tmp_path: Path
) -> None:
    with killed_at("DATA", start, data):
        pass
    server = MailServer(tmp_path / "received")
    use_server(data, server.port)
    server.start()
    try:
        done = subscribed("digest")
    finally:
        server.stop()
    assert done.returncode == 0
    assert "may not have arrived" in done.stderr
    assert mails(tmp_path / "received") == []
    assert [one["state"] for one in json.loads(subscribed("outbox", "list", "--json").stdout)["messages"]] == [
        "sending"
    ]


def test_a_subscription_is_made_changed_paused_and_removed(policywatch: "Policywatch") -> None:
    made = policywatch("subscriptions", "add", READER, "--theme", "低空经济", "--region", "无锡", "--at", "07:15")
    assert made.returncode == 0, made.stderr
    assert "store is still empty" in made.stderr
    (kept,) = json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"]
    assert kept["themes"] == ["low-altitude-economy"]
    assert (kept["regions"], kept["every"], kept["at"], kept["state"]) == (["320200"], "daily", "07:15", "active")
    assert policywatch("subscriptions", "edit", READER, "--every", "weekly", "--region", "苏州").returncode == 0
    assert policywatch("subscriptions", "pause", READER).returncode == 0
    (kept,) = json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"]
    assert (kept["regions"], kept["every"], kept["state"]) == (["320500"], "weekly", "paused")
    paused = policywatch("digest", "--to", READER)
    assert (paused.returncode, "--resume" in paused.stderr) == (1, True)
    assert policywatch("subscriptions", "pause", str(kept["id"]), "--resume").returncode == 0
    assert policywatch("subscriptions", "remove", READER).returncode == 0
    assert json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"] == []


def test_how_much_a_subscription_would_have_brought_is_said_first(policywatch: "Policywatch", pages: Path) -> None:
    policywatch("ingest", pages)
    made = policywatch("subscriptions", "add", READER, "--region", "江苏省")
    assert "about 4 items a week" in made.stderr
    assert "about 0 items a week" in policywatch("subscriptions", "add", READER, "--region", "成都").stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((READER,), "at least one theme"),
        ((READER, "--theme", "没有的主题"), "themes list"),
        ((READER, "--region", "没有的地方"), "没有的地方"),
        ((READER, "--region", "鼓楼区"), "write which one"),
        (("nobody", "--region", "无锡"), "nobody"),
        ((READER, "--region", "无锡", "--at", "25:00"), "--at 25:00"),
        ((READER, "--region", "无锡", "--timezone", "Mars/Base"), "Mars/Base"),
    ],
)
def test_a_subscription_that_cannot_be_kept_is_refused_in_one_line(
    policywatch: "Policywatch", arguments: tuple[str, ...], words: str
) -> None:
    refused = policywatch("subscriptions", "add", *arguments)
    assert refused.returncode == 1
    assert len(lines(refused.stderr)) == 1
    assert words in refused.stderr
    assert json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"] == []


def test_a_daily_digest_waits_for_its_time_unless_its_reader_is_named(
    policywatch: "Policywatch", pages: Path, data: Path
) -> None:
    policywatch("subscriptions", "add", READER, "--region", "无锡")
    policywatch("ingest", pages)
    waiting = policywatch("digest")
    assert waiting.returncode == 0
    assert f"--to {READER}" in waiting.stdout
    assert not (data / "mailbox").exists()
    assert policywatch("digest", "--to", READER).returncode == 0
    assert len(mails(data / "mailbox")) == 1
    unknown = policywatch("digest", "--to", "other@example.com")
    assert (unknown.returncode, "has no subscription" in unknown.stderr) == (1, True)


def test_the_way_out_can_be_tried(policywatch: "Policywatch", server: MailServer) -> None:
    done = policywatch("mail", "test", READER)
    assert done.returncode == 0
    assert "250 kept" in done.stdout
    server.keeper.refusal = "554 5.7.1 sender not allowed"
    failed = policywatch("mail", "test", READER)
    assert (failed.returncode, len(lines(failed.stderr))) == (1, 1)
    assert "554 5.7.1 sender not allowed" in failed.stderr


def test_a_damaged_database_is_brought_back_from_its_copy(
    subscribed: "Policywatch", data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    assert subscribed("db", "backup", copy).returncode == 0
    for file in data.glob("policywatch.sqlite*"):
        file.unlink()
    (data / "policywatch.sqlite").write_bytes(b"scrambled by a dying disk " * 400)
    broken = subscribed("targets")
    assert (broken.returncode, len(lines(broken.stderr))) == (1, 1)
    assert subscribed("db", "restore", copy).returncode == 0
    assert len(json.loads(subscribed("targets", "--format", "json").stdout)) == 4
    assert (data / "policywatch.sqlite.damaged").exists()
