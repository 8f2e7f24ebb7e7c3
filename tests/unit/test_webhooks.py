"""Webhooks over real HTTP: the digest as JSON, signed, tried again under the same name, and to no private address."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from alerts.channels.base import DeliveryError
from alerts.channels.webhook import Webhooks, secret_of
from monitor.config import Channels
from monitor.errors import ConfigError
from monitor.store import Store
from monitor.store.delivery import Letter
from tests.channeldesk import AT, MASTER, ROBOT, TAKEN, Desk
from tests.receiver import Receiver, receiving


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


def test_a_webhook_gets_the_digest_as_json(desk: Desk, service: Receiver) -> None:
    service.answers = [(204, b"")]
    desk.told(desk.webhook)
    (outcome,) = desk.send()
    assert (outcome.state, outcome.answer) == ("sent", "HTTP 204")
    assert "secretpath" not in outcome.recipient
    (asked,) = service.asked
    (item,) = asked.json["items"]
    assert asked.path == "/hooks/secretpath?for=us"
    assert asked.json["type"] == "digest"
    assert (item["value"], item["unit"], item["deadline"]) == ("12", "家", "2028-12-31")
    assert item["sentence"] == "无锡市提出，到2028年建成中试平台12家。"
    assert item["id"].startswith("urn:uuid:")
    assert "secretpath" not in asked.body.decode()


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """The example of docs/channels.md, word for word."""
    example = (Path(__file__).parents[2] / "docs/channels.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", example, re.DOTALL)
    named: dict[str, Any] = {}
    exec(code, named)  # noqa: S102  # what the documentation says is what is tested
    return bool(named["verify"](secret, headers, body, now=AT))


def test_a_webhook_is_verified_by_the_documented_example_and_nothing_changed_is(desk: Desk, service: Receiver) -> None:
    desk.told(desk.webhook)
    desk.send()
    (asked,) = service.asked
    secret = secret_of(desk.webhook, MASTER)
    check = partial(verified, secret)
    assert check(asked.headers, asked.body)
    assert not check(asked.headers, asked.body + b" ")
    assert not check(asked.headers | {"webhook-id": "another"}, asked.body)
    assert not check(asked.headers | {"webhook-timestamp": str(int(AT) + 1)}, asked.body)
    assert not verified(secret_of(f"{desk.webhook}2", MASTER), asked.headers, asked.body)


def test_an_old_request_that_is_played_again_is_not_verified(service: Receiver) -> None:
    from alerts.channels.webhook import signature

    secret = secret_of("https://hooks.example.com/", MASTER)
    assert verified(secret, signature(secret, "one", int(AT), b"{}"), b"{}")
    assert not verified(secret, signature(secret, "one", int(AT) - 301, b"{}"), b"{}")


@pytest.mark.parametrize("answer", [None, (500, b"down"), (302, b""), (404, b"no such hook"), (429, b"slow down")])
def test_a_webhook_is_tried_again_under_the_same_name(
    desk: Desk, service: Receiver, answer: tuple[int, object] | None
) -> None:
    service.answers = [answer, (200, b"thanks")]
    service.headers = {"Location": f"{service.address}/elsewhere"}
    desk.told(desk.webhook)
    assert [one.state for one in desk.send()] == ["retry"]
    assert [one.state for one in desk.send(minutes=10)] == ["sent"]
    first, second = service.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.path == second.path  # a redirect is not followed
    assert desk.queue(minutes=11) == 0


def test_a_webhook_that_wants_no_more_is_suspended(desk: Desk, service: Receiver) -> None:
    service.answers = [(410, b"gone from /hooks/secretpath")]
    desk.told(desk.webhook)
    assert [one.state for one in desk.send()] == ["failed"]
    assert desk.subscriber().suspended == "HTTP 410 gone from /hooks/…; the receiver wants no more"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_webhook_reaches_no_private_address_unless_it_is_allowed(service: Receiver, host: str) -> None:
    port = urlsplit(service.address).port
    channel = Webhooks(Channels(timeout=5), lambda: MASTER)
    letter = Letter("<one@example.com>", f"http://{host}:{port}/", "一条", b"{}", versions=())
    with pytest.raises(DeliveryError) as refusal:
        channel.send(letter, lambda: None)
    assert refusal.value.failure == "permanent"
    assert "channels.allow_private" in refusal.value.answer
    assert service.asked == []


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match=r"channels\.allow_private: .*lan"):
        Webhooks(Channels(allow_private=["lan"]), lambda: MASTER)


def test_a_message_that_another_sender_took_over_is_not_posted(desk: Desk, service: Receiver) -> None:
    from alerts.channels.base import ClaimLostError

    def lost() -> None:
        raise ClaimLostError

    letter = Letter("<one@example.com>", ROBOT["wecom"], "一条", b'{"markdown":{"content":"x"}}', versions=())
    with pytest.raises(ClaimLostError):
        desk.channel.send(letter, lost)
    assert service.asked == []
