"""Robots over real HTTP: what reaches the service, how its answers are read, and that each fact comes once."""

import base64
import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from alerts.digest import Edition, Trouble
from alerts.forms import form_of
from alerts.recipients import ROBOTS
from monitor.config import Channels
from monitor.store import Store, delivery, pace
from monitor.store.delivery import Letter
from tests.channeldesk import AT, EDITION, KEY, MAIL, ROBOT, TAKEN, TOKEN, Desk
from tests.receiver import METRICS, NOW, Receiver, receiving, subscribe, tell


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        yield opened


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiving() as receiver:
        receiver.answers = [(200, TAKEN)]
        yield receiver


@pytest.fixture
def desk(store: Store, service: Receiver, tmp_path: Path) -> Desk:
    return Desk(store, service, tmp_path)


def words_of(kind: str, message: dict[str, Any]) -> str:
    """All that the reader of a message sees."""
    if kind == "wecom":
        return str(message["markdown"]["content"])
    if kind == "dingtalk":
        return str(message["markdown"]["text"])
    card = message["card"]
    return "\n".join([card["header"]["title"]["content"], *(element["content"] for element in card["elements"])])


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_gets_the_fact_with_sentence_and_link(desk: Desk, service: Receiver, kind: str) -> None:
    desk.told(ROBOT[kind])
    (outcome,) = desk.send()
    assert outcome.state == "sent"
    assert outcome.recipient.endswith("…")
    (asked,) = service.asked
    words = words_of(kind, asked.json)
    for expected in (
        "政策观察",
        "无锡市",
        "中试平台",
        "**12家**",
        "到2028年底",
        "无锡日报",
        "第0稿",
        "https://news.example/",
    ):
        assert expected in words
    assert re.search(r"\[第0稿\]\(https://news\.example/%E7%AC%AC0%E7%A8%BF\)", words)
    assert "watch.example.com/u/" not in asked.body.decode()  # a group must not be unsubscribed by one of its members


def test_each_service_is_asked_as_it_wants_to_be(desk: Desk, service: Receiver) -> None:
    for kind in ROBOTS:
        subscribe(desk.store, ROBOT[kind])
    tell(desk.store, "甲稿", 12)
    desk.queue()
    assert [one.state for one in desk.send()] == ["sent"] * 3
    wecom, feishu, dingtalk = service.asked
    assert wecom.path == f"/cgi-bin/webhook/send?key={KEY}"
    assert wecom.json["msgtype"] == "markdown"
    assert feishu.path == f"/open-apis/bot/v2/hook/{KEY}"
    assert feishu.json["msg_type"] == "interactive"
    assert feishu.json["timestamp"] == str(int(AT))
    signed = hmac.new(f"{int(AT)}\nquiet".encode(), b"", hashlib.sha256).digest()
    assert feishu.json["sign"] == base64.b64encode(signed).decode()
    query = parse_qs(urlsplit(dingtalk.path).query)
    stamp = str(round(AT * 1000))
    signed = hmac.new(b"SECquiet", f"{stamp}\nSECquiet".encode(), hashlib.sha256).digest()
    assert query == {"access_token": [TOKEN], "timestamp": [stamp], "sign": [base64.b64encode(signed).decode()]}
    assert dingtalk.json["msgtype"] == "markdown"


def test_a_robot_without_a_secret_is_not_signed(desk: Desk, service: Receiver) -> None:
    subscribe(desk.store, f"feishu://{KEY}")
    subscribe(desk.store, f"dingtalk://{TOKEN}")
    tell(desk.store, "甲稿", 12)
    desk.queue()
    desk.send()
    feishu, dingtalk = service.asked
    assert "sign" not in feishu.json
    assert "sign" not in dingtalk.path


GONE = [("wecom", 93000), ("feishu", 19001), ("dingtalk", 300001), ("dingtalk", 400102)]


@pytest.mark.parametrize(("kind", "code"), GONE)
def test_a_robot_that_is_gone_is_suspended_with_the_reason(desk: Desk, service: Receiver, kind: str, code: int) -> None:
    service.answers = [(200, {"errcode": code, "errmsg": f"invalid {ROBOT[kind]}", "code": code, "msg": "invalid"})]
    desk.told(ROBOT[kind])
    (outcome,) = desk.send()
    assert outcome.state == "failed"
    reason = desk.subscriber().suspended
    assert reason is not None
    assert f"error {code}" in reason
    assert "robot" in reason
    assert KEY not in reason
    assert TOKEN not in reason


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(
    "answer",
    [
        (200, {"errcode": 45009, "errmsg": "api freq out of limit", "code": 11232}),
        (200, {"errcode": 130101, "errmsg": "send too fast", "code": 11232}),
        (200, {"errcode": -1, "errmsg": "system busy", "code": 77777, "msg": "internal"}),
        (429, {"message": "slow down"}),
        (500, b"<html>nginx</html>"),
        (502, b""),
        (200, b"not JSON at all"),
        (200, ["a", "list"]),
        (302, b""),
    ],
)
def test_what_may_be_better_later_is_tried_again_and_arrives_once(
    desk: Desk, service: Receiver, kind: str, answer: tuple[int, object]
) -> None:
    service.answers = [answer, (200, TAKEN)]
    desk.told(ROBOT[kind])
    assert [one.state for one in desk.send()] == ["retry"]
    assert desk.send() == []  # not before its time
    assert [one.state for one in desk.send(minutes=10)] == ["sent"]
    assert desk.send(minutes=30) == []
    assert [desk.states(), desk.queue(minutes=40)] == [["sent"], 0]
    assert desk.subscriber().suspended is None
    first, second = service.asked
    assert words_of(kind, first.json) == words_of(kind, second.json)


def test_a_rate_limit_closes_that_robot_alone(desk: Desk, service: Receiver, store: Store) -> None:
    service.answers = [(200, {"errcode": 45009, "errmsg": "api freq out of limit"}), (200, TAKEN)]
    subscribe(store, ROBOT["wecom"])
    subscribe(store, ROBOT["dingtalk"])
    subscribe(store, "reader@example.com")
    tell(store, "甲稿", 12)
    desk.queue()
    assert [one.state for one in desk.send()] == ["retry", "sent", "sent"]
    with store.reading() as db:
        assert set(pace.closed(db, NOW, 60)) >= {ROBOT["wecom"]}
        assert pace.SERVER not in pace.closed(db, NOW, 60)


def test_after_the_last_try_a_message_has_failed_and_can_be_sent_again(desk: Desk, service: Receiver) -> None:
    service.answers = [(500, b"")]
    desk.told(ROBOT["wecom"])
    assert [desk.send(minutes=day * 1440)[0].state for day in range(3)] == ["retry", "retry", "failed"]
    service.answers = [(200, TAKEN)]
    with delivery.writing(desk.store) as session:
        (kept,) = delivery.messages(session, "failed")
        assert delivery.retry_message(session, kept.id, NOW)
    assert [one.state for one in desk.send(minutes=5000)] == ["sent"]
    assert desk.queue(minutes=5001) == 0


def test_a_robot_that_does_not_answer_leaves_the_message_to_the_operator(desk: Desk, service: Receiver) -> None:
    """It may have arrived: a second copy in the group would be certain if it had."""
    service.answers = [None]
    desk.told(ROBOT["wecom"])
    (outcome,) = desk.send()
    assert (outcome.state, desk.states()) == ("unknown", ["unknown"])
    assert "too long" in outcome.answer
    service.answers = [(200, TAKEN)]
    assert desk.send(minutes=2000) == []
    assert desk.queue(minutes=2000) == 0


def test_a_service_that_cannot_be_reached_holds_up_no_mail_and_costs_no_try(desk: Desk, service: Receiver) -> None:
    desk.robots.settings = Channels(wecom="http://127.0.0.1:9", timeout=2)
    subscribe(desk.store, ROBOT["wecom"])
    subscribe(desk.store, "reader@example.com")
    tell(desk.store, "甲稿", 12)
    desk.queue()
    outcomes = {one.recipient: one for one in desk.send()}
    assert outcomes["wecom://693a…"].state == "waiting"
    assert outcomes["reader@example.com"].state == "sent"
    assert KEY not in outcomes["wecom://693a…"].answer
    with delivery.reading(desk.store) as session:
        (kept,) = delivery.messages(session, "pending")
    assert kept.attempts == 0


def test_a_dead_mail_server_holds_up_no_robot(desk: Desk, service: Receiver) -> None:
    subscribe(desk.store, ROBOT["wecom"])
    tell(desk.store, "甲稿", 12)
    desk.queue()
    with desk.store.writing() as db:
        pace.pause(db, pace.SERVER, NOW)
    assert [one.state for one in desk.send()] == ["sent"]
    with desk.store.reading() as db:
        assert pace.strained(db) == {pace.SERVER}  # what went to a robot says nothing about the mail server


def test_a_service_that_drips_its_answer_does_not_hold_the_sender(desk: Desk) -> None:
    """A byte every now and then keeps a socket's own limit from ending."""
    ended = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with closing(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            try:
                while not ended.wait(0.1):
                    connection.sendall(b" ")
            except OSError:
                ended.set()  # the sender has left

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        desk.robots.settings = Channels(wecom=address, timeout=1)
        desk.told(ROBOT["wecom"])
        assert [one.state for one in desk.send()] == ["unknown"]
        thread.join(10)
    assert ended.is_set()


def test_an_endless_answer_is_read_to_its_bound(desk: Desk, service: Receiver) -> None:
    service.answers = [(200, b" " * 5_000_000 + json.dumps(TAKEN).encode())]
    desk.told(ROBOT["wecom"])
    (outcome,) = desk.send()
    assert outcome.state == "retry"


@pytest.mark.parametrize(("kind", "most"), [("wecom", 4096), ("feishu", 20_000), ("dingtalk", 20_000)])
def test_a_long_digest_comes_in_messages_that_the_service_takes_and_holds_everything_once(
    desk: Desk, service: Receiver, kind: str, most: int
) -> None:
    troubled = Edition(
        EDITION.theme_names, troubles=[Trouble(f"第{place}个来源", f"故障{place}" * 60, NOW) for place in range(9)]
    )
    subscribe(desk.store, ROBOT[kind])
    for place, metric in enumerate(METRICS):
        tell(desk.store, f"{metric}稿", 12 + place, metric=metric, title=f"{metric}" + "很长的标题" * 30)
    assert desk.queue(edition=troubled) == 1
    assert {one.state for one in desk.send()} == {"sent"}
    texts = [words_of(kind, asked.json) for asked in service.asked]
    assert len(texts) > (1 if kind == "wecom" else 0)
    measured = [
        len(text.encode()) if kind == "wecom" else len(asked.body)
        for text, asked in zip(texts, service.asked, strict=True)
    ]
    assert max(measured) <= most
    together = "".join(texts)
    assert [together.count(f"● {metric} ") for metric in METRICS] == [1] * len(METRICS)
    assert "来源状况" in texts[-1]
    assert all("来源状况" not in text for text in texts[:-1])
    assert desk.queue(minutes=1) == 0


def test_what_no_longer_fits_waits_for_the_next_digest_and_is_announced(desk: Desk, service: Receiver) -> None:
    subscribe(desk.store, ROBOT["wecom"])
    for number in range(4):
        for place, metric in enumerate(METRICS):
            tell(
                desk.store,
                f"{metric}{number}稿",
                100 + number * len(METRICS) + place,
                metric=f"{'甲乙丙丁'[number]}级{metric}",
                url=f"https://news.example/{metric}/{number}?" + "x" * 500,
            )
    texts: list[str] = []
    for run in range(8):
        desk.queue(minutes=run * 60)
        desk.send(minutes=run * 60)
        texts += [words_of("wecom", asked.json) for asked in service.asked]
        service.asked.clear()
    assert any("排在下一期" in text for text in texts)
    together = "".join(texts)
    told = [together.count(f"● {grade}级{metric} ") for grade in "甲乙丙丁" for metric in METRICS]
    assert told == [1] * len(told)


HOSTILE = (
    '点这里](https://evil.example) <@all> <font color="red">**大** `码` <at id=all></at> [图](x) ~~_ # 题 \u202e\u0007'
)


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_hostile_page_marks_up_nothing_and_calls_nobody(desk: Desk, service: Receiver, kind: str) -> None:
    subscribe(desk.store, ROBOT[kind])
    tell(
        desk.store,
        "甲稿",
        12,
        title=HOSTILE,
        publisher=HOSTILE,
        metric="中试<@all>平台",
        url="https://news.example/a)b](c d",
    )
    desk.queue()
    assert [one.state for one in desk.send()] == ["sent"]
    words = words_of(kind, service.asked[0].json)
    if kind == "feishu":
        words = words.partition("\n")[2]  # the head of a card is plain text
    assert not re.search(r"<@|<at|<font color=\"red|\]\(https://evil", words)
    assert re.findall(r"\]\(([^)]*)\)", words) == ["https://news.example/a%29b%5D%28c%20d"]
    assert "\u202e" not in words
    assert "\u0007" not in words


def test_a_link_that_runs_something_is_no_link(desk: Desk, service: Receiver) -> None:
    subscribe(desk.store, ROBOT["dingtalk"])
    tell(desk.store, "甲稿", 12, url="dtmd://dingtalkclient/sendMessage?content=yes")
    desk.queue()
    desk.send()
    assert "dtmd:" not in words_of("dingtalk", service.asked[0].json)


def test_a_robot_gets_no_more_messages_a_minute_than_it_takes(desk: Desk, service: Receiver) -> None:
    with delivery.writing(desk.store) as session:
        for number in range(40):
            letter = Letter(
                f"<{number}@example.com>", ROBOT["wecom"], "一条", b'{"markdown":{"content":"x"}}', versions=()
            )
            delivery.queue_message(session, letter, NOW)
    sent = [len(desk.send(minutes=second / 60)) for second in range(0, 240, 5)]
    assert sum(sent) == 40
    assert max(sum(sent[start : start + 13]) for start in range(len(sent))) <= 20


@pytest.mark.parametrize("kind", ROBOTS)
def test_what_the_operator_is_told_fits_however_much_it_is(desk: Desk, service: Receiver, kind: str) -> None:
    text = "\n".join(f"! 第{number}个来源：{'读不到' * 200}" for number in range(300))
    body = form_of(ROBOT[kind], MAIL).note("来源告警", text, "<one@example.com>", NOW)
    desk.channel.send(Letter("<one@example.com>", ROBOT[kind], "来源告警", body, versions=()), lambda: None)
    (asked,) = service.asked
    words = words_of(kind, asked.json)
    assert "第0个来源" in words
    assert words.endswith("……")
    assert len(words.encode()) <= 4096 if kind == "wecom" else len(asked.body) <= 20_000


def test_mail_goes_where_it_went(desk: Desk, service: Receiver) -> None:
    desk.told("reader@example.com")
    assert [one.state for one in desk.send()] == ["sent"]
    assert len(list(desk.mailbox.glob("reader@example.com-*.eml"))) == 1
    assert service.asked == []
