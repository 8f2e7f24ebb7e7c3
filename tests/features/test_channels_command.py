"""Robots, webhooks and feeds through the command line only: subscribed, sent, listed without keys, tried, written to a file."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
import tomlkit

from tests.receiver import Receiver, receiving

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

KEY = "693a91f6-7a0b-4bc4-97a0-0ec2sifa5aaa"
ROBOT = f"wecom://{KEY}"
TAKEN = {"errcode": 0, "errmsg": "ok"}
PAGE = """---
published: {today}
publisher: 无锡日报
url: https://www.example.gov.cn/low.shtml
region: 无锡市
---
无锡市低空经济工作推进会召开

11月的会议在无锡举行。
到2028年，全市低空经济产业规模达到600亿元，集聚低空经济企业400家以上。
会议由市政府办公室召集，各区负责人参加。
"""


@pytest.fixture
def policywatch(in_process: "Policywatch") -> "Policywatch":
    return in_process


@pytest.fixture
def service(data: Path) -> Iterator[Receiver]:
    """A loopback server that the settings name for WeCom's, and that webhooks may reach."""
    with receiving() as receiver:
        channels = {"wecom": receiver.address, "timeout": 5.0, "allow_private": ["127.0.0.0/8"]}
        document = tomlkit.dumps({"shipped_sources": False, "channels": channels})
        (data / "policywatch.toml").write_text(document, encoding="utf-8")
        yield receiver


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "low.txt"
    file.write_text(PAGE.format(today=time.strftime("%Y-%m-%d")), encoding="utf-8")
    return file


def subscribe(policywatch: "Policywatch", address: str) -> None:
    done = policywatch("subscriptions", "add", address, "--region", "无锡", "--every", "immediate")
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_robot_is_subscribed_as_its_service_shows_it_and_told_once(
    policywatch: "Policywatch", service: Receiver, page: Path
) -> None:
    subscribe(policywatch, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}")
    policywatch("ingest", page)
    done = policywatch("digest")
    assert done.returncode == 0, done.stderr
    assert "wecom://693a…: sent: WeCom: ok" in done.stdout
    (asked,) = service.asked
    assert asked.path == f"/cgi-bin/webhook/send?key={KEY}"
    assert "600亿元" in asked.json["markdown"]["content"]
    policywatch("digest")
    assert len(service.asked) == 1


def test_a_key_is_shown_by_no_list(policywatch: "Policywatch", service: Receiver, page: Path) -> None:
    service.answers = [(500, b"")]
    subscribe(policywatch, ROBOT)
    policywatch("ingest", page)
    commands = [("digest", "--dry-run"), ("digest", "--dry-run", "--json"), ("digest",), ("digest", "--json")]
    commands += [("subscriptions", "list"), ("outbox", "list"), ("doctor",)]
    commands += [("subscriptions", "list", "--json"), ("outbox", "list", "--json"), ("outbox", "show", "1")]
    for command in commands:
        done = policywatch(*command)
        assert KEY not in done.stdout + done.stderr, command
    assert "wecom://693a…" in policywatch("outbox", "list").stdout


def test_a_robot_that_is_gone_is_named_by_doctor_and_told_again_when_resumed(
    policywatch: "Policywatch", service: Receiver, page: Path
) -> None:
    service.answers = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"}), (200, TAKEN)]
    subscribe(policywatch, ROBOT)
    policywatch("ingest", page)
    assert policywatch("digest").returncode == 1
    assert "the robot was removed or its key is wrong" in policywatch("doctor").stdout
    policywatch("subscriptions", "pause", "1", "--resume")
    assert policywatch("digest").returncode == 0
    assert [asked.json["msgtype"] for asked in service.asked] == ["markdown", "markdown"]


def test_a_channel_is_tried(policywatch: "Policywatch", service: Receiver) -> None:
    service.answers = [(200, TAKEN), (200, {"errcode": 93000, "errmsg": f"invalid key {KEY}"})]
    good, bad = policywatch("channels", "test", ROBOT), policywatch("channels", "test", ROBOT)
    assert (good.returncode, good.stdout) == (0, "handed over: WeCom: ok\n")
    assert bad.returncode == 1
    assert bad.stderr.startswith("Error: wecom://693a…: WeCom answered error 93000")
    assert KEY not in bad.stderr
    assert "测试消息" in service.asked[0].json["markdown"]["content"]


def test_a_webhook_is_tried_and_has_a_secret_that_stays(
    policywatch: "Policywatch", service: Receiver, data: Path
) -> None:
    service.answers = [(200, b"thanks")]
    address = f"{service.address}/hook"
    assert policywatch("channels", "test", address).stdout == "handed over: HTTP 200 thanks\n"
    assert service.asked[0].json["type"] == "note"
    first, second = policywatch("channels", "secret", address), policywatch("channels", "secret", address)
    assert first.stdout == second.stdout
    assert first.stdout.startswith("whsec_")
    assert policywatch("channels", "secret", f"{address}s").stdout != first.stdout
    assert (data / "webhook.key").stat().st_mode & 0o777 == 0o600


def test_what_is_no_address_is_said_in_one_line(policywatch: "Policywatch", service: Receiver) -> None:
    for command in (
        ("subscriptions", "add", "wecom://short", "--region", "无锡"),
        ("channels", "test", "telegram://12345678"),
        ("channels", "secret", ROBOT),
        ("mail", "test", ROBOT),
    ):
        done = policywatch(*command)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: ")
        assert done.stderr.count("\n") == 1


def test_a_webhook_gets_the_facts_as_data(policywatch: "Policywatch", service: Receiver, page: Path) -> None:
    subscribe(policywatch, f"{service.address}/hook")
    policywatch("ingest", page)
    assert policywatch("digest", "--json").returncode == 0
    (asked,) = service.asked
    assert [item["unit"] for item in asked.json["items"]] == ["元", "家"]


def test_a_feed_is_written_to_a_file(policywatch: "Policywatch", service: Receiver, page: Path, tmp_path: Path) -> None:
    policywatch("ingest", page)
    out = tmp_path / "wuxi.atom"
    done = policywatch("feed", "--region", "无锡", "--out", out)
    assert done.returncode == 0, done.stderr
    feed = feedparser.parse(out.read_bytes())
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == ["https://www.example.gov.cn/low.shtml"] * 2
    assert policywatch("feed").returncode == 2
    assert feed.feed.title == "政策观察 · 无锡"


def test_a_webhook_that_may_never_be_reached_is_refused_when_it_is_subscribed(policywatch: "Policywatch") -> None:
    """No network is allowed here; the service would refuse it at its first message."""
    refused = policywatch("subscriptions", "add", "http://10.0.0.1/hook", "--region", "无锡")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "channels.allow_private" in refused.stderr
