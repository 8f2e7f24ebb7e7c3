"""What comes back: which message it was, whether it is tried again, and whether its address is written to any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts import bounces, outbox
from alerts.channels.file import MailboxFolder
from monitor.config import Mail
from monitor.errors import MonitorError
from monitor.store import Store, delivery
from monitor.store.delivery import Letter, Wanted

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MAIL = Mail(sender="watch@example.com", return_path="bounces+{id}@example.com")
READER = "reader@mail.example"
ID = "digest-0123456789abcdef01234567"


@dataclass
class Desk:
    """One message that a server took."""

    store: Store
    folder: Path

    def send(self, now: datetime = NOW) -> list[str]:
        done = outbox.send_waiting(self.store, MailboxFolder(self.folder / "out"), MAIL, lambda: now)
        return [one.state for one in done]

    def take_in(self, raw: str, now: datetime = NOW) -> str:
        return bounces.take_in(self.store, raw.encode(), MAIL, now)

    def message(self) -> tuple[str, int, str | None]:
        with delivery.reading(self.store) as session:
            (one,) = delivery.messages(session)
        return one.state, one.attempts, one.answer

    def suspended(self) -> str | None:
        with delivery.reading(self.store) as session:
            (one,) = delivery.list_subscriptions(session)
        return one.suspended


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        with delivery.writing(store) as session:
            kept = delivery.add_subscription(session, Wanted(READER, themes=("future",)), NOW)
            letter = Letter(
                f"<{ID}@example.com>", READER, "今日政策", b"Subject: t\r\n\r\n", (), subscription_id=kept.id
            )
            delivery.queue_message(session, letter, NOW)
        made = Desk(store, tmp_path)
        assert made.send() == ["sent"]
        yield made


def report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 no such user here",
    recipient: str = READER,
    envelope: str = "",
    original: str = f"Message-ID: <{ID}@example.com>",
    to: str = "watch@example.com",
) -> str:
    """A delivery status notification as Postfix writes it."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{f"Original-Envelope-Id: {envelope}" if envelope else "X-Queue-ID: 1"}

Final-Recipient: rfc822; other@forward.example
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b
Content-Type: text/rfc822-headers

Subject: whatever
{original}

--b--
""".replace("\n", "\r\n")


def test_an_address_that_does_not_exist_is_written_to_no_more(desk: Desk) -> None:
    line = desk.take_in(report())
    assert line == (
        f"message 1 to {READER} failed, and the address is suspended: came back (failed): 5.1.1 550 5.1.1 no such user here"
    )
    assert desk.message()[0] == "failed"
    assert desk.suspended() == "came back (failed): 5.1.1 550 5.1.1 no such user here"


def test_what_came_back_for_good_goes_out_again_when_the_reader_is_resumed(desk: Desk) -> None:
    desk.take_in(report())
    with delivery.writing(desk.store) as session:
        delivery.resume_subscription(session, 1, NOW)
    assert desk.send() == ["sent"]


def test_a_mailbox_that_is_full_counts_as_one_more_try(desk: Desk) -> None:
    line = desk.take_in(report(status="4.2.2", said="smtp; 452 4.2.2 mailbox full"))
    assert "waits for another try" in line
    assert desk.message() == ("pending", 1, "came back (failed): 4.2.2 452 4.2.2 mailbox full")
    assert desk.suspended() is None
    assert desk.send() == []
    assert desk.send(NOW + timedelta(minutes=2)) == ["sent"]


def test_a_mailbox_that_stays_full_ends_as_failed(desk: Desk) -> None:
    now = NOW
    for _ in range(MAIL.attempts - 1):
        desk.take_in(report(status="4.2.2"), now)
        now += timedelta(days=1)
        assert desk.send(now) == ["sent"]
    desk.take_in(report(status="4.2.2"), now)
    assert desk.message()[:2] == ("failed", MAIL.attempts)
    assert desk.suspended() is None


def test_a_delay_is_noted_and_changes_nothing(desk: Desk) -> None:
    assert "is delayed" in desk.take_in(report(action="delayed", status="4.4.1", said="smtp; connect timed out"))
    assert desk.message()[:2] == ("sent", 0)
    assert str(desk.message()[2]).startswith("came back (delayed): 4.4.1")


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_changes_nothing(desk: Desk, action: str) -> None:
    assert "nothing changed" in desk.take_in(report(action=action, status="2.0.0"))
    assert desk.message()[0] == "sent"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.7.1", "smtp; 550 5.7.1 message looks like spam"),
        ("5.3.4", "smtp; 552 too big"),
        ("5.0.0", "550 SPF check failed"),
    ],
)
def test_what_was_refused_for_our_sake_says_nothing_against_the_address(desk: Desk, status: str, said: str) -> None:
    desk.take_in(report(status=status, said=said))
    assert desk.message()[0] == "failed"
    assert desk.suspended() is None


@pytest.mark.parametrize(
    "raw",
    [
        report(envelope=f"{ID}@example.com", original="X-No: id"),
        report(to=f"bounces+{ID}@example.com", original="X-No: id"),
        report(to="x@y.example", original="X-No: id").replace(
            "Return-Path:", f"Delivered-To: Bounces+{ID}@example.com\r\nReturn-Path:"
        ),
        report().replace("text/rfc822-headers", "message/rfc822"),
    ],
)
def test_a_message_is_known_by_envelope_id_return_path_or_message_id(desk: Desk, raw: str) -> None:
    assert "suspended" in desk.take_in(raw)


def test_a_reader_can_be_cut_off_by_nobody_who_knows_the_address_only(desk: Desk) -> None:
    forged = report(original="Message-ID: <guessed@example.com>", to="bounces+digest-guessed@example.com")
    assert "nothing changed" in desk.take_in(forged)
    assert desk.message()[0] == "sent"
    assert desk.suspended() is None


def test_the_same_report_twice_counts_once(desk: Desk) -> None:
    desk.take_in(report(status="4.2.2"))
    assert "nothing changed" in desk.take_in(report(status="4.2.2"))
    assert desk.message()[:2] == ("pending", 1)


def test_of_several_addresses_that_of_the_reader_counts(desk: Desk) -> None:
    other = "Final-Recipient: rfc822; third@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\nFinal-Recipient: rfc822; oth"
    both = report(status="4.2.2").replace("Final-Recipient: rfc822; oth", other)
    assert "waits for another try" in desk.take_in(both)


QQ = """From: PostMaster <PostMaster@qq.example>
To: bounces+{id}@example.com
Subject: =?utf-8?b?57O757uf6YCA5L+h?=
Content-Type: text/html; charset={charset}

<html><p>很抱歉，您发送的邮件被退回。</p><b>{words}</b><p>{more}</p></html>
"""


def page(words: str, *, more: str = "", charset: str = "utf-8") -> str:
    return QQ.format(id=ID, words=words, more=more, charset=charset)


@pytest.mark.parametrize(
    ("raw", "state", "suspended"),
    [
        (page("host mx.example said: 550 Mailbox not found"), "failed", True),
        (page("收件人邮箱不存在"), "failed", True),
        (page("收件人邮箱不存在", charset="x-none"), "failed", True),
        (page("550 5.7.1 Mail content denied"), "failed", False),
        (page("host mx.example said: 452 4.2.2 Quota exceeded"), "pending", False),
        (page("请稍后再试"), "sent", False),
        (page("请稍后再试", more="字" * 3000 + "不存在"), "sent", False),  # our own words, sent back
        (page("收件人邮箱不存在").replace("PostMaster", "someone"), "sent", False),
        (page("收件人邮箱不存在").replace("Subject", "Auto-Submitted: auto-replied\nSubject"), "sent", False),
    ],
)
def test_a_page_for_people_is_read_by_its_words(desk: Desk, raw: str, state: str, suspended: bool) -> None:
    desk.take_in(raw)
    assert (desk.message()[0], desk.suspended() is not None) == (state, suspended)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00nonsense",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 3000,
        b"To: " + b"<" * 20_000 + b"\r\nFrom: postmaster@x\r\n\r\n" + b"<" * 100_000,
        b"From: postmaster@x\r\nContent-Type: text/plain; charset=\xff\r\nAuto-Submitted: \xff\r\n\r\n5.1.1",
    ],
)
def test_anything_may_arrive_at_an_address_that_is_known(desk: Desk, raw: bytes) -> None:
    assert "nothing changed" in bounces.take_in(desk.store, raw, MAIL, NOW)


def test_a_maildir_is_read_once_and_left_for_a_person(desk: Desk, tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    (tmp_path / "Maildir/new/1.eml").write_bytes(report().encode())
    (tmp_path / "Maildir/new/2.eml").write_bytes(b"Subject: a question\r\n\r\nWhat is this?\r\n")
    lines = list(bounces.take_in_maildir(desk.store, tmp_path / "Maildir", MAIL, NOW))
    assert ["suspended" in line for line in lines] == [True, False]
    assert sorted(file.name for file in (tmp_path / "Maildir/cur").iterdir()) == ["1.eml:2,", "2.eml:2,"]
    assert list(bounces.take_in_maildir(desk.store, tmp_path / "Maildir", MAIL, NOW)) == []


def test_a_folder_that_is_no_maildir_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="cannot be used as a Maildir"):
        list(bounces.take_in_maildir(desk.store, tmp_path / "none", MAIL, NOW))


def test_a_reader_leaves_by_mail_with_the_token_of_any_digest(desk: Desk) -> None:
    with delivery.reading(desk.store) as session:
        (one,) = delivery.list_subscriptions(session)
    assert "nothing changed" in desk.take_in("From: x@y.example\nSubject: unsubscribe guessed\n\n")
    assert "nothing changed" in desk.take_in(f"From: x@y.example\nSubject: Re: how do I unsubscribe {one.token}\n\n")
    assert "unsubscribed" in desk.take_in(f"From: x@y.example\nSubject: Unsubscribe {one.token}\n\n")
    with delivery.reading(desk.store) as session:
        assert delivery.list_subscriptions(session, active=True) == ()
