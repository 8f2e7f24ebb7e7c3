"""What goes through Apprise: taken once, tried again where it was not, and no address in any log."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts import outbox
from alerts.channels.by_address import ByAddress
from alerts.channels.file import MailboxFolder
from alerts.channels.through_apprise import ThroughApprise
from alerts.digest import Edition
from alerts.recipients import AddressError
from alerts.subscriptions import checked_address
from monitor.config import Mail
from monitor.store import Store
from tests.receiver import NOW, Receiver, receiving, subscribe, tell

# One of its services imports a module that Python 3.13 no longer has.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
MAIL = Mail(sender="policywatch <watch@example.com>")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        yield opened


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def send(store: Store, minutes: float = 0) -> list[outbox.Delivered]:
    channel = ByAddress(MailboxFolder(Path("nowhere")), {"apprise": ThroughApprise()})
    return list(outbox.send_waiting(store, channel, MAIL, lambda: NOW + timedelta(minutes=minutes)))


def test_what_was_refused_is_sent_again_and_then_no_more(
    store: Store, service: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [(500, b"down"), (200, b"ok")]
    address = checked_address(f"apprise:{service.address.replace('http', 'json')}/hooks/secretpath")
    subscribe(store, address)
    tell(store, "甲稿", 12)
    outbox.queue_due(store, Edition({}), MAIL, NOW)
    with caplog.at_level(logging.INFO):
        (first,) = send(store)
        (second,) = send(store, minutes=10)
    assert (first.state, second.state) == ("retry", "sent")
    assert "secretpath" not in f"{first}{second}{caplog.text}"
    _, asked = service.asked
    assert asked.path == "/hooks/secretpath"
    assert asked.json["title"].startswith("政策观察 · 无锡市：中试平台12家")
    assert "无锡市提出，到2028年建成中试平台12家。" in asked.json["message"]
    assert outbox.queue_due(store, Edition({}), MAIL, NOW + timedelta(minutes=11)) == ()


def test_a_redirect_is_not_followed(store: Store, service: Receiver) -> None:
    service.answers, service.headers = [(307, b"")], {"Location": f"{service.address}/elsewhere"}
    subscribe(store, f"apprise:{service.address.replace('http', 'json')}/x")
    tell(store, "甲稿", 12)
    outbox.queue_due(store, Edition({}), MAIL, NOW)
    assert [one.state for one in send(store)] == ["retry"]
    assert [asked.path for asked in service.asked] == ["/x"]


@pytest.mark.parametrize("address", ["apprise:nosuchservice://abc", "apprise:", "apprise:not an address"])
def test_what_apprise_does_not_know_is_refused(address: str) -> None:
    with pytest.raises(AddressError, match="Apprise knows no such address"):
        checked_address(address)
