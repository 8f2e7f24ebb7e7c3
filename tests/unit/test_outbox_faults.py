"""What the outbox makes of servers that refuse, senders that die and readers that go: nothing lost, nothing sent twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from alerts import outbox
from alerts.channels.base import Message, nothing
from alerts.channels.file import MailboxFolder
from alerts.channels.smtp import SmtpServer
from monitor.config import Smtp
from monitor.demo.mailserver import MailServer
from monitor.errors import StoreError
from monitor.store import Store, delivery, sending
from tests.maildesk import (
    MAIL,
    NOW,
    Desk,
    claimed_by,
    received,
    send,
    smtp,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        yield Desk(store)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    running = MailServer(tmp_path / "received")
    running.start()
    yield running
    running.stop()


def test_a_temporary_refusal_is_tried_again_later(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "451 too many messages, try later"
    assert send(desk, server) == ["retry"]
    assert send(desk, server) == []  # not before its time
    server.keeper.refusal = None
    assert send(desk, server, NOW + timedelta(minutes=3)) == ["sent"]
    assert len(received(server)) == 1


def test_an_address_refused_for_good_is_suspended_with_the_reason(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "550 no such user here"
    assert send(desk, server) == ["failed"]
    with delivery.reading(desk.store) as session:
        (subscription,) = delivery.list_subscriptions(session)
    assert subscription.suspended == "content refused: 550 no such user here"


def test_a_dead_mail_server_costs_no_attempt_and_loses_nothing(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    dead = SmtpServer(Smtp(host="127.0.0.1", port=9, security="none", timeout=2), MAIL)
    (outcome,) = outbox.send_waiting(desk.store, dead, MAIL, lambda: NOW)
    assert outcome.state == "waiting"
    assert "smtp.host" in str(outcome.answer)
    assert send(desk, server, NOW + timedelta(minutes=6)) == ["sent"]


def test_a_sender_that_died_before_the_content_went_out_loses_nothing(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    assert claimed_by(desk, "dead")
    assert send(desk, server) == ["sent"]
    assert len(received(server)) == 1


def test_a_sender_that_died_while_the_content_went_out_leaves_it_to_the_operator(
    desk: Desk, server: MailServer
) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    (claimed,) = claimed_by(desk, "dead")
    with desk.store.writing() as db:
        assert sending.begin(db, claimed, NOW)
    assert send(desk, server, NOW + timedelta(minutes=5)) == []
    assert desk.states() == ["sending"]  # it may still be alive
    assert send(desk, server, NOW + timedelta(hours=1)) == []
    assert desk.states() == ["unknown"]
    with delivery.writing(desk.store) as session:
        assert delivery.retry_message(session, claimed.id, NOW + timedelta(hours=1))
    assert send(desk, server, NOW + timedelta(hours=1)) == ["sent"]


def test_a_slow_sender_finds_its_claim_gone_and_sends_nothing(desk: Desk, server: MailServer) -> None:
    """Another sender takes the message over while the first one is still being greeted by the server."""
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()

    class Overtaken(SmtpServer):
        def send(self, message: Message, begin: Callable[[], None], meanwhile: Callable[[], None] = nothing) -> str:
            assert send(desk, server) == ["sent"]
            return super().send(message, begin, meanwhile)

    slow = Overtaken(Smtp(host="127.0.0.1", port=server.port, security="none", timeout=5), MAIL)
    assert outbox.send_waiting(desk.store, slow, MAIL, lambda: NOW) == ()
    assert len(received(server)) == 1
    assert desk.states() == ["sent"]


def test_senders_at_the_same_time_send_each_message_once(desk: Desk, server: MailServer) -> None:
    for number in range(12):
        desk.subscribe(f"reader{number}@example.com")
    desk.tell("甲稿", 12)
    assert desk.queue() == 12
    with ThreadPoolExecutor(4) as pool:
        rounds = [pool.submit(send, desk, server) for _ in range(4)]
    assert sum(len(one.result()) for one in rounds) == 12
    assert sorted(message["To"] for message in received(server)) == sorted(
        f"reader{number}@example.com" for number in range(12)
    )


def test_builders_at_the_same_time_make_one_message(desk: Desk) -> None:
    desk.subscribe(every="daily", at="08:30")
    desk.tell("甲稿", 12)
    with ThreadPoolExecutor(4) as pool:
        built = [pool.submit(desk.queue) for _ in range(4)]
    assert sum(one.result() for one in built) == 1
    assert desk.states() == ["pending"]


def test_two_senders_never_take_the_same_message(desk: Desk) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    assert [len(claimed_by(desk, "one")), len(claimed_by(desk, "other"))] == [1, 0]


def test_a_mailbox_folder_that_cannot_be_written_keeps_the_message_waiting(desk: Desk, tmp_path: Path) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    blocker = tmp_path / "mailbox"
    blocker.write_text("a file where the folder should be")
    (outcome,) = outbox.send_waiting(desk.store, MailboxFolder(blocker), MAIL, lambda: NOW)
    assert outcome.state == "waiting"
    blocker.unlink()
    (outcome,) = outbox.send_waiting(desk.store, MailboxFolder(blocker), MAIL, lambda: NOW + timedelta(minutes=6))
    assert outcome.state == "sent"
    assert len(list(blocker.glob("*.eml"))) == 1


def test_a_removed_subscription_gets_nothing_that_still_waits(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    with delivery.writing(desk.store) as session:
        delivery.remove_subscription(session, kept.id)
    assert send(desk, server) == []
    desk.subscribe()
    assert desk.queue(NOW + timedelta(minutes=1)) == 1  # never received, so still news


def test_a_suspended_address_gets_what_it_missed_when_it_is_resumed(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "550 5.1.1 user unknown"
    assert send(desk, server) == ["failed"]
    server.keeper.refusal = None
    later = NOW + timedelta(hours=1)
    assert send(desk, server, later) == []
    with delivery.writing(desk.store) as session:
        assert delivery.resume_subscription(session, kept.id, later)
    assert send(desk, server, later) == ["sent"]


def test_a_refused_content_says_nothing_against_the_address(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "554 5.7.1 message looks like an advertisement"
    assert send(desk, server) == ["failed"]
    with delivery.reading(desk.store) as session:
        assert delivery.list_subscriptions(session)[0].suspended is None


def test_a_server_that_refuses_again_and_again_ends_as_failed(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "450 4.2.1 mailbox busy"
    fates = [send(desk, server, NOW + timedelta(days=day)) for day in range(MAIL.attempts + 1)]
    assert fates == [["retry"]] * (MAIL.attempts - 1) + [["failed"], []]


def test_whoever_asks_does_not_wait_for_a_server_that_was_dead(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    dead = SmtpServer(Smtp(host="127.0.0.1", port=9, security="none", timeout=2), MAIL)
    outbox.send_waiting(desk.store, dead, MAIL, lambda: NOW)
    assert send(desk, server) == []
    (outcome,) = outbox.send_waiting(desk.store, smtp(server), MAIL, lambda: NOW, at_once=True)
    assert outcome.state == "sent"


def test_a_digest_that_cannot_be_built_holds_up_no_other(desk: Desk) -> None:
    broken = desk.subscribe("first@example.com", every="daily")
    desk.subscribe("second@example.com")
    desk.tell("甲稿", 12)
    with delivery.writing(desk.store) as session:
        delivery.change_subscription(session, broken.id, timezone="Mars/Base")
    with pytest.raises(Exception, match="Mars/Base"):
        desk.queue()
    assert desk.states() == ["pending"]


class Watched:
    """A channel that answers at once, and sees what is noted while it is asked for the next message."""

    def __init__(self, desk: Desk, failing: str | None = None) -> None:
        self.desk, self.failing = desk, failing
        self.seen: list[list[str]] = []

    def send(self, message: Message, begin: Callable[[], None], meanwhile: Callable[[], None] = nothing) -> str:
        if message.recipient == self.failing:
            raise KeyboardInterrupt
        meanwhile()
        self.seen.append(self.desk.states())
        begin()
        return "250 kept"

    def close(self) -> None: ...


def test_an_answer_is_noted_before_anything_of_the_next_message_can_arrive(desk: Desk) -> None:
    for number in range(3):
        desk.subscribe(f"reader{number}@example.com")
    desk.tell("甲稿", 12)
    desk.queue()
    channel = Watched(desk)
    outbox.send_waiting(desk.store, channel, MAIL, lambda: NOW)
    assert channel.seen == [["claimed"] * 3, ["sent", "claimed", "claimed"], ["sent", "sent", "claimed"]]
    assert desk.states() == ["sent"] * 3


def test_an_answer_is_noted_also_where_the_sender_is_stopped_at_the_next_message(desk: Desk) -> None:
    for number in range(3):
        desk.subscribe(f"reader{number}@example.com")
    desk.tell("甲稿", 12)
    desk.queue()
    with pytest.raises(KeyboardInterrupt):
        outbox.send_waiting(desk.store, Watched(desk, "reader1@example.com"), MAIL, lambda: NOW)
    assert desk.states() == ["sent", "pending", "pending"]


def test_a_disk_that_is_full_while_the_server_thinks_costs_the_line_and_no_message(
    desk: Desk, server: MailServer
) -> None:
    """The answers that are still to come would else be taken for those to the next message."""
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()

    def full() -> None:
        raise StoreError("the disk is full")

    channel = smtp(server)
    (message,) = claimed_by(desk, "first")
    with pytest.raises(StoreError):
        channel.send(message, nothing, full)
    assert channel.send(message, nothing).startswith("250")
    channel.close()
    assert len(received(server)) == 1
