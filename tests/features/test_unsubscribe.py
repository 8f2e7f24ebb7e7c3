"""From a mail back to its sender: the links of a digest end, pause and change its subscription, and nothing is told twice."""

from __future__ import annotations

import email
import email.policy
import http.client
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
import tomlkit

from monitor.config import read_settings
from monitor.demo.mailserver import MailServer
from monitor.web import serving

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

Start = Callable[..., "subprocess.Popen[str]"]
PUBLIC = "https://watch.example.com/policy"  # of a proxy, which takes its own path off
READER = "reader@example.com"
SENTENCES = {
    "科技创新": "到2027年，全市建成中试平台35个，概念验证中心12家。",
    "低空经济": "到2028年，全市低空经济产业规模达到600亿元，集聚低空经济企业400家以上。",
}


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def server(data: Path, tmp_path: Path) -> Iterator[MailServer]:
    """A mail server, named in the settings with the public address of the pages."""
    running = MailServer(tmp_path / "received")
    settings = {
        "shipped_sources": False,
        "smtp": {"host": "127.0.0.1", "port": running.port, "security": "none", "timeout": 5.0},
        "mail": {"sender": "policywatch <watch@example.com>"},
        "web": {"address": PUBLIC, "listen": "127.0.0.1:0"},
    }
    (data / "policywatch.toml").write_text(tomlkit.dumps(settings), encoding="utf-8")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def news(in_process: Policywatch, tmp_path: Path) -> Callable[[str], None]:
    """Take in a page of today: `news("科技创新")`."""

    def take_in(theme: str) -> None:
        page = tmp_path / f"{theme}.txt"
        page.write_text(
            f"---\npublished: {today()}\npublisher: 无锡日报\nurl: https://www.example.gov.cn/{theme}.shtml\n"
            f"region: 无锡市\n---\n无锡市{theme}工作推进会召开\n\n11月的会议在无锡举行。\n{SENTENCES[theme]}\n"
            "会议由市政府办公室召集，各区负责人参加。\n",
            encoding="utf-8",
        )
        assert in_process("ingest", page).returncode == 0

    return take_in


def received(server: MailServer) -> list[EmailMessage]:
    files = server.keeper.folder.glob("*.eml")
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def subjects(server: MailServer) -> list[str]:
    return sorted(str(message["Subject"]) for message in received(server))


def ask(address: str, path: str, body: str | None = None) -> tuple[int, str]:
    """GET, or POST of a form, as the proxy hands it on."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)) as connection:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if body else "GET", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def page_of(message: EmailMessage) -> str:
    """The path of the page that the mail leads to, the same in its header and in both its parts."""
    link = re.fullmatch(
        rf"<{PUBLIC}(/u/[\w-]{{20,}})>, <mailto:watch@example.com\?subject=unsubscribe%20[\w-]+>",
        message["List-Unsubscribe"],
    )
    assert link is not None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert PUBLIC + link[1] in part.get_content()
    return link[1]


def subscription(policywatch: Policywatch) -> dict[str, Any]:
    (one,) = json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"]
    assert isinstance(one, dict)
    return one


def said_until(words: str, process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"the service ended without saying {words}")


def wait_for_mail(server: MailServer, count: int) -> list[EmailMessage]:
    for _ in range(600):
        if len(received(server)) >= count:
            break
        time.sleep(0.1)
    return received(server)


def test_one_click_in_a_mail_that_the_service_sent_ends_the_subscription(
    in_process: Policywatch, start: Start, server: MailServer, news: Callable[[str], None]
) -> None:
    """Scanners open the link before the reader does; the mail program's POST ends it; the page takes that back."""
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    news("科技创新")
    service = start("serve", "--verbose")
    address = said_until("readers' pages on ", service).split()[4].rstrip(",")
    (mail,) = wait_for_mail(server, 1)
    path = page_of(mail)

    assert [ask(address, path)[0] for _ in range(3)] == [200, 200, 200]
    assert subscription(in_process)["state"] == "active"

    assert ask(address, path, "List-Unsubscribe=One-Click") == ask(address, path, "List-Unsubscribe=One-Click")
    ended = subscription(in_process)
    assert ended["state"] == "unsubscribed"
    news("低空经济")
    assert in_process("digest").returncode == 0
    assert len(received(server)) == 1

    assert "恢复订阅" in ask(address, path)[1]
    assert ask(address, path, "action=resume")[0] == 303
    assert subscription(in_process)["state"] == "active"
    in_process("digest")
    mails = wait_for_mail(server, 2)
    assert sorted("低空经济" in str(one["Subject"]) for one in mails) == [False, True]

    service.terminate()
    _, said = service.communicate(timeout=10)
    assert service.returncode == 0
    assert "POST /u/{token} answered 200" in said
    assert path.removeprefix("/u/") not in said


def test_a_changed_rhythm_sends_nothing_twice(
    in_process: Policywatch, data: Path, server: MailServer, news: Callable[[str], None]
) -> None:
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    news("科技创新")
    in_process("digest")
    (first,) = received(server)
    with serving(read_settings(data=data)) as address:
        assert address is not None
        for every, at in (("weekly", "00:00"), ("daily", "00:00"), ("daily", "23:59"), ("immediate", "08:30")):
            assert ask(address, page_of(first), f"action=rhythm&every={every}&at={at}")[0] == 303
            assert in_process("digest").returncode == 0
            assert subscription(in_process)["every"] == every
    assert len(received(server)) == 1
    news("低空经济")
    in_process("digest")
    assert len(received(server)) == 2
    assert sum("低空经济" in subject for subject in subjects(server)) == 1


def test_a_pause_from_the_page_holds_the_news_until_it_is_over(
    in_process: Policywatch, data: Path, server: MailServer, news: Callable[[str], None]
) -> None:
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    news("科技创新")
    in_process("digest")
    with serving(read_settings(data=data)) as address:
        assert address is not None
        assert ask(address, page_of(received(server)[0]), "action=pause-week")[0] == 303
    news("低空经济")
    in_process("digest")
    assert len(received(server)) == 1
    with time_machine.travel(time.time() + 8 * 86_400):
        in_process("digest")
    assert len(received(server)) == 2
    assert subscription(in_process)["state"] == "active"


def test_the_link_of_a_mail_that_is_a_year_old_still_ends_its_subscription(
    in_process: Policywatch, data: Path, server: MailServer, news: Callable[[str], None]
) -> None:
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    news("科技创新")
    in_process("digest")
    (mail,) = received(server)
    with time_machine.travel(time.time() + 366 * 86_400), serving(read_settings(data=data)) as address:
        assert address is not None
        assert ask(address, page_of(mail))[0] == 200
        assert ask(address, page_of(mail), "List-Unsubscribe=One-Click")[0] == 200
    assert subscription(in_process)["state"] == "unsubscribed"


def test_without_a_public_address_the_mail_names_the_sender_only(
    in_process: Policywatch, data: Path, server: MailServer, news: Callable[[str], None]
) -> None:
    settings = tomlkit.parse((data / "policywatch.toml").read_text(encoding="utf-8"))
    settings.pop("web")
    (data / "policywatch.toml").write_text(tomlkit.dumps(settings), encoding="utf-8")
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    news("科技创新")
    in_process("digest")
    (mail,) = received(server)
    assert mail["List-Unsubscribe"].startswith("<mailto:watch@example.com?subject=unsubscribe%20")
    assert mail["List-Unsubscribe-Post"] is None


def test_the_operator_pauses_until_a_day(
    in_process: Policywatch, server: MailServer, news: Callable[[str], None]
) -> None:
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    day = today() + timedelta(days=10)
    assert in_process("subscriptions", "pause", READER, "--until", str(day)).returncode == 0
    assert f"paused until {day}" in in_process("subscriptions", "list").stdout
    news("科技创新")
    in_process("digest")
    assert received(server) == []
    with time_machine.travel(time.time() + 11 * 86_400):
        in_process("digest")
    assert len(received(server)) == 1


def test_a_day_that_has_begun_is_refused(in_process: Policywatch) -> None:
    in_process("subscriptions", "add", READER, "--region", "无锡")
    run = in_process("subscriptions", "pause", READER, "--until", "2020-02-29")
    assert run.returncode == 1
    assert run.stderr.splitlines() == ["Error: --until 2020-02-29: that day has begun; name a later one"]
    assert subscription(in_process)["state"] == "active"
    assert in_process("subscriptions", "pause", READER, "--until", "tomorrow").returncode == 2
    assert in_process("subscriptions", "pause", READER, "--until", "2090-01-01", "--resume").returncode == 2


def test_an_operator_cannot_take_back_what_a_reader_ended(
    in_process: Policywatch, data: Path, server: MailServer, news: Callable[[str], None]
) -> None:
    in_process("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    news("科技创新")
    in_process("digest")
    with serving(read_settings(data=data)) as address:
        assert address is not None
        ask(address, page_of(received(server)[0]), "List-Unsubscribe=One-Click")
    run = in_process("subscriptions", "pause", READER, "--resume")
    assert run.returncode == 1
    assert run.stderr.startswith(f"Error: {READER} has unsubscribed; ")
    assert subscription(in_process)["state"] == "unsubscribed"
    assert f"unsubscribed on {today():%Y-}" in in_process("subscriptions", "list").stdout
