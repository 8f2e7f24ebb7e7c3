"""The outbox while it is sent: who has a message in hand, when it is tried again, and where nothing goes for now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, text

from alerts import outbox
from alerts.channels.base import DeliveryError, Failure, Message
from monitor.config import Mail
from monitor.store import Store, delivery, pace, sending
from monitor.store.delivery import Letter, Wanted
from monitor.store.engine import connect, migrate, writing
from monitor.store.migrations import configuration
from monitor.store.sending import Batch, Outgoing
from monitor.store.tables import MessageRow

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Answering:
    """A channel that answers as it is told to, by recipient; 250 where it is told nothing."""

    def __init__(self, all_others: Failure | None = None, **failures: Failure) -> None:
        self.failures: dict[str, Failure] = {f"{name}@example.com": failure for name, failure in failures.items()}
        self.all_others = all_others
        self.reached: list[str] = []

    def send(self, message: Message, begin: object, _: object = None) -> str:
        assert callable(begin)
        self.reached.append(message.recipient)
        failure = self.failures.get(message.recipient, self.all_others)
        if failure not in (None, "unknown"):
            raise DeliveryError(failure, f"told to be {failure}")
        begin()
        if failure:
            raise DeliveryError(failure, f"told to be {failure}")
        return "250 kept"

    def close(self) -> None: ...


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def put(store: Store, *recipients: str, now: datetime = NOW, subscription: int | None = None) -> None:
    with delivery.writing(store) as session:
        for recipient in recipients:
            name = f"<{recipient}@watch.example>"
            delivery.queue_message(
                session, Letter(name, recipient, "s", b"body", (), subscription_id=subscription), now
            )


def claim(store: Store, claimant: str, now: datetime = NOW, *, most: int = 20, per_minute: int = 60) -> Batch:
    with store.writing() as db:
        return sending.claim(db, claimant, now, most=most, per_minute=per_minute)


def claim_one(store: Store, claimant: str = "me") -> Outgoing:
    (message,) = claim(store, claimant).messages
    return message


def send(
    store: Store, channel: Answering, clock: Clock, mail: Mail | None = None, *, at_once: bool = False
) -> list[str]:
    done = outbox.send_waiting(store, channel, mail or Mail(), clock, at_once=at_once)
    return [one.state for one in done]


def states(store: Store) -> dict[str, str]:
    with delivery.reading(store) as session:
        return {one.recipient: one.state for one in delivery.messages(session)}


def test_a_batch_is_claimed_whole_and_by_one_only(store: Store) -> None:
    put(store, "a@example.com", "b@example.com", "c@example.com")
    first, second = claim(store, "one", most=2), claim(store, "two", most=2)
    assert [one.recipient for one in first.messages] == ["a@example.com", "b@example.com"]
    assert [one.recipient for one in second.messages] == ["c@example.com"]


def test_what_was_claimed_and_not_begun_can_be_given_back(store: Store) -> None:
    put(store, "a@example.com", "b@example.com")
    first, _ = claim(store, "one").messages
    with store.writing() as db:
        assert sending.begin(db, first, NOW)
        sending.release(db, "one")
    assert states(store) == {"a@example.com": "sending", "b@example.com": "pending"}
    assert [one.recipient for one in claim(store, "two").messages] == ["b@example.com"]


def test_whoever_lost_a_message_can_do_nothing_to_it(store: Store) -> None:
    put(store, "a@example.com")
    lost = claim_one(store, "slow")
    with store.writing() as db:
        sending.take_over(db, NOW, timedelta(minutes=10))
    kept = claim_one(store, "other")
    with store.writing() as db:
        assert not sending.begin(db, lost, NOW)
        assert not sending.sent(db, lost, answer="250", now=NOW)
        assert not sending.put_back(db, lost, answer="451", next_try=NOW, counted=True)
        assert not sending.ended(db, lost, "failed", answer="550")
        assert sending.begin(db, kept, NOW)
        assert sending.sent(db, kept, answer="250", now=NOW)
    assert states(store) == {"a@example.com": "sent"}


def test_a_killed_sender_costs_its_messages_no_try(store: Store, clock: Clock) -> None:
    put(store, "a@example.com")
    for _ in range(30):
        claim(store, "killed at once")
        with store.writing() as db:
            sending.take_over(db, NOW, timedelta(minutes=10))
    assert send(store, Answering(a="temporary"), clock, Mail(attempts=2)) == ["retry"]


def test_a_message_that_is_put_off_waits_longer_each_time_up_to_hours() -> None:
    waits = [outbox.backoff(attempts) for attempts in range(12)]
    assert MINUTE <= waits[0] <= 1.25 * MINUTE
    assert timedelta(hours=6) <= waits[-1] <= timedelta(hours=7.5)
    assert timedelta(hours=18) < sum(waits, timedelta()) < timedelta(hours=36)
    assert len({outbox.backoff(3) for _ in range(9)}) > 1  # not all at the same moment


def test_a_dead_server_is_not_asked_for_each_message(store: Store, clock: Clock) -> None:
    put(store, *(f"reader{number}@example.com" for number in range(50)))
    channel = Answering("unreachable")
    assert send(store, channel, clock) == ["waiting"]
    assert send(store, channel, clock) == []
    clock.now += MINUTE
    assert send(store, channel, clock) == ["waiting"]
    assert set(states(store).values()) == {"pending"}


def test_a_server_that_stays_dead_is_asked_every_quarter_of_an_hour(store: Store, clock: Clock) -> None:
    put(store, *(f"reader{number}@example.com" for number in range(9)))
    channel = Answering("unreachable")
    asked: list[datetime] = []
    while clock.now < NOW + timedelta(hours=2):
        if send(store, channel, clock):
            asked.append(clock.now)
        clock.now += MINUTE
    gaps = [(later - earlier) // MINUTE for earlier, later in pairwise(asked)]
    assert gaps == [1, 2, 4, 8, *[15] * (len(gaps) - 4)]
    assert len(gaps) > 8


def test_the_next_pause_is_short_again_once_a_message_got_through(store: Store, clock: Clock) -> None:
    put(store, "a@example.com", "b@example.com")
    broken, well = Answering(a="unreachable", b="unreachable"), Answering()
    for wait in (1, 2, 4):
        assert send(store, broken, clock) == ["waiting"]
        clock.now += wait * MINUTE
    assert send(store, well, clock) == ["sent", "sent"]
    put(store, "c@example.com", now=clock.now)
    assert send(store, Answering(c="unreachable"), clock) == ["waiting"]
    clock.now += MINUTE
    assert send(store, well, clock) == ["sent"]


def test_one_message_of_unknown_fate_does_not_make_all_others_so(store: Store, clock: Clock) -> None:
    put(store, "a@example.com", "b@example.com", "c@example.com")
    assert send(store, Answering(a="unknown", b="unknown"), clock) == ["unknown"]
    assert states(store) == {"a@example.com": "unknown", "b@example.com": "pending", "c@example.com": "pending"}
    assert send(store, Answering(), clock) == []
    clock.now += MINUTE
    assert send(store, Answering(), clock) == ["sent", "sent"]


def test_a_domain_that_has_had_too_much_is_left_alone_and_the_others_go_on(store: Store, clock: Clock) -> None:
    put(store, "a@example.com", "b@example.com", "c@other.example", "d@sub.example.com")
    channel = Answering(a="busy")
    assert send(store, channel, clock) == ["retry", "sent", "sent"]
    assert channel.reached == ["a@example.com", "c@other.example", "d@sub.example.com"]
    clock.now += 2 * MINUTE
    assert send(store, Answering(), clock) == ["sent", "sent"]


def test_a_domain_gets_a_minutes_worth_at_once_and_then_one_after_the_other(store: Store, clock: Clock) -> None:
    put(store, *(f"reader{number}@example.com" for number in range(9)), "one@other.example")
    mail, sent = Mail(per_minute=4), []
    for _ in range(6):
        sent.append(len(send(store, Answering(), clock, mail)))
        clock.now += timedelta(seconds=15)
    assert sent == [5, 1, 1, 1, 1, 1]


def test_no_domain_is_slowed_down_where_no_pace_is_set(store: Store, clock: Clock) -> None:
    put(store, *(f"reader{number}@example.com" for number in range(90)))
    assert len(send(store, Answering(), clock, Mail(per_minute=0))) == 90


def test_whoever_waits_for_it_waits_for_the_pace_too(store: Store) -> None:
    put(store, *(f"reader{number}@example.com" for number in range(4)))

    class Passing(Clock):
        def __call__(self) -> datetime:
            self.now += timedelta(seconds=5)  # each look at it
            return self.now

    assert send(store, Answering(), Passing(), Mail(per_minute=2), at_once=True) == ["sent"] * 4


def test_a_domain_is_known_however_it_is_written(store: Store, clock: Clock) -> None:
    put(store, "A@Example.COM", "b@example.com")
    assert send(store, Answering(), clock, Mail(per_minute=1)) == ["sent"]
    assert send(store, Answering(), clock, Mail(per_minute=1)) == []


class Faulty(Answering):
    """A channel with a fault of its own, before or after the last byte of the message to one reader."""

    def __init__(self, *, after: bool) -> None:
        super().__init__()
        self.after = after

    def send(self, message: Message, begin: object, _: object = None) -> str:
        if message.recipient != "a@example.com":
            return super().send(message, begin)
        assert callable(begin)
        if self.after:
            begin()
        raise IndexError("a fault of ours")


@pytest.mark.parametrize(("after", "state"), [(False, "failed"), (True, "unknown")])
def test_a_fault_of_ours_holds_up_no_other_message(store: Store, clock: Clock, after: bool, state: str) -> None:
    put(store, "a@example.com", "b@example.com")
    with pytest.raises(IndexError):
        send(store, Faulty(after=after), clock)
    assert states(store)["a@example.com"] == state
    clock.now += MINUTE
    assert send(store, Faulty(after=after), clock) == ["sent"]


def test_a_paused_reader_gets_nothing_until_the_pause_ends(store: Store, clock: Clock) -> None:
    with delivery.writing(store) as session:
        kept = delivery.add_subscription(session, Wanted("a@example.com", themes=("future",)), NOW)
        delivery.change_subscription(session, kept.id, paused=True)
    put(store, "a@example.com", subscription=kept.id)
    assert send(store, Answering(), clock) == []
    with delivery.writing(store) as session:
        delivery.resume_subscription(session, kept.id, NOW)
    assert send(store, Answering(), clock) == ["sent"]


def test_the_operator_settles_what_may_have_arrived(store: Store, clock: Clock) -> None:
    put(store, "a@example.com")
    send(store, Answering(a="unknown"), clock)
    with delivery.writing(store) as session:
        assert delivery.note_arrived(session, 1, NOW)
        assert not delivery.note_arrived(session, 1, NOW)
        assert not delivery.retry_message(session, 1, NOW)
    assert states(store) == {"a@example.com": "sent"}


def test_two_processes_share_the_pace(store: Store) -> None:
    put(store, *(f"reader{number}@example.com" for number in range(6)))
    taken = [len(claim(store, claimant, most=2, per_minute=3).messages) for claimant in ("one", "two", "three")]
    assert taken == [2, 1, 0]


ROBOT, HOOK = "wecom://A1b2C3d4?secret=no", "https://hooks.example.com/path?key=1"


def test_a_mail_server_that_is_dead_holds_up_no_robot_and_no_webhook(store: Store, clock: Clock) -> None:
    put(store, "a@example.com", "b@example.com", ROBOT, HOOK)
    assert send(store, Answering(a="unreachable", b="unreachable"), clock) == ["waiting", "sent", "sent"]
    assert states(store) == {"a@example.com": "pending", "b@example.com": "pending", ROBOT: "sent", HOOK: "sent"}


def test_a_webhook_that_is_dead_holds_up_itself_only(store: Store, clock: Clock) -> None:
    put(store, HOOK, f"{HOOK}2", "https://other.example/", ROBOT, "a@hooks.example.com")
    channel = Answering()
    channel.failures[HOOK] = "unreachable"
    assert send(store, channel, clock) == ["waiting", "sent", "sent", "sent"]
    assert f"{HOOK}2" not in channel.reached
    assert send(store, channel, clock, at_once=True) == ["waiting"]  # whoever asks does not wait


def test_who_waits_is_told_when_a_domain_opens_and_not_of_a_pause(store: Store) -> None:
    put(store, "a@example.com", "b@example.com")
    assert len(claim(store, "one", per_minute=1).messages) == 1
    assert claim(store, "two", per_minute=1).opens == NOW + MINUTE
    with store.writing() as db:
        pace.pause(db, "example.com", NOW)
    assert claim(store, "two", per_minute=1).opens is None


def test_a_store_from_before_keeps_its_messages_whole(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/old.sqlite")
    with writing(engine) as db:
        command.upgrade(configuration(db), "0003")
        db.execute(
            text(
                "INSERT INTO message (message_id, recipient, subject, body, state, attempts, next_try, created)"
                " VALUES ('<1@x>', 'a@example.com', 's', :body, 'pending', 0, '2026-11-01', '2026-11-01')"
            ),
            {"body": b"as it was"},
        )
    migrate(engine)
    engine.dispose()
    with Store.open(f"sqlite:///{tmp_path}/old.sqlite") as store:
        assert claim_one(store).body == b"as it was"


def test_a_body_goes_with_its_message(store: Store) -> None:
    with delivery.writing(store) as session:
        kept = delivery.add_subscription(session, Wanted("a@example.com", themes=("future",)), NOW)
    put(store, "a@example.com", subscription=kept.id)
    with delivery.writing(store) as session:
        assert delivery.body_of(session, 1) == b"body"
        delivery.remove_subscription(session, kept.id)
        assert delivery.body_of(session, 1) is None


def test_a_row_that_another_writer_changed_stays_as_it_is(store: Store) -> None:
    """The database itself refuses a second message of one name, whatever a process believes."""
    put(store, "a@example.com")
    row = {
        "message_id": "<a@example.com@watch.example>",
        "recipient": "b@example.com",
        "subject": "s",
        "state": "pending",
    }
    with pytest.raises(Exception, match="UNIQUE"), store.writing() as db:
        db.execute(insert(MessageRow).values(**row, attempts=0, next_try=NOW, created=NOW))
    assert states(store) == {"a@example.com": "pending"}
