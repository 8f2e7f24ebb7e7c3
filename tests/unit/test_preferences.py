"""What a reader changes about a subscription, and what follows for what waits and what was sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from monitor.store import Store, delivery, preferences, sending
from monitor.store.delivery import Letter, Subscription, Wanted

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one subscription."""
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        with delivery.writing(opened) as session:
            wanted = Wanted("reader@example.com", regions=("320200",))
            delivery.add_subscription(session, wanted, NOW - timedelta(days=9))
        yield opened


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """One transaction."""
    with delivery.writing(store) as session:
        yield session


def only(session: Session) -> Subscription:
    (one,) = delivery.list_subscriptions(session)
    return one


def queue(session: Session, name: str) -> None:
    letter = Letter(f"<{name}@example.com>", "reader@example.com", name, b"", (), subscription_id=only(session).id)
    delivery.queue_message(session, letter, NOW)


def waiting(session: Session) -> dict[str, str]:
    return {message.subject: message.state for message in delivery.messages(session)}


def test_unsubscribing_twice_is_unsubscribing_once(session: Session) -> None:
    preferences.unsubscribe(session, only(session), NOW)
    preferences.unsubscribe(session, only(session), LATER)
    assert only(session).unsubscribed == NOW
    assert delivery.list_subscriptions(session, active=True) == ()


def test_unsubscribing_takes_back_what_has_not_gone_out(session: Session) -> None:
    for name in ("going", "claimed", "pending"):
        queue(session, name)
    db = session.connection()
    going, _ = sending.claim(db, "sender", NOW, most=2, per_minute=0).messages
    assert sending.begin(db, going, NOW)
    preferences.unsubscribe(session, only(session), NOW)
    assert waiting(session) == {"going": "sending"}


def test_a_message_put_off_after_the_unsubscribing_is_never_sent(session: Session) -> None:
    queue(session, "late")
    db = session.connection()
    (late,) = sending.claim(db, "sender", NOW, most=1, per_minute=0).messages
    assert sending.begin(db, late, NOW)
    preferences.unsubscribe(session, only(session), NOW)
    assert sending.put_back(db, late, answer="451", next_try=NOW, counted=True)
    assert sending.claim(db, "another", LATER, most=1, per_minute=0).messages == ()


def test_a_pause_ends_by_itself_and_its_due_times_are_not_made_up_for(store: Store) -> None:
    with delivery.writing(store) as session:
        preferences.pause(session, only(session), LATER)
    preferences.end_pauses(store, LATER - timedelta(seconds=1))
    with delivery.reading(store) as before:
        assert delivery.list_subscriptions(before, active=True) == ()
    preferences.end_pauses(store, LATER + timedelta(days=3))
    with delivery.reading(store) as after:
        (one,) = delivery.list_subscriptions(after, active=True)
        assert one.paused_until is None
        assert delivery.last_run(after, one.id, LATER) == LATER  # those of the three days since then are


def test_a_pause_without_an_end_does_not_end_by_itself(store: Store) -> None:
    with delivery.writing(store) as session:
        preferences.pause(session, only(session), None)
    preferences.end_pauses(store, NOW + timedelta(days=4000))
    with delivery.reading(store) as after:
        assert only(after).paused


def test_what_is_ended_cannot_be_brought_back_by_a_pause(session: Session) -> None:
    preferences.unsubscribe(session, only(session), NOW)
    preferences.pause(session, only(session), LATER)
    assert only(session).paused_until is None


@pytest.mark.parametrize(("after", "fresh"), [(timedelta(days=1), False), (timedelta(days=300), True)])
def test_who_comes_back_soon_has_missed_nothing_and_who_comes_back_late_begins_anew(
    session: Session, after: timedelta, fresh: bool
) -> None:
    since = only(session).created
    preferences.unsubscribe(session, only(session), NOW)
    preferences.resume(session, only(session), NOW + after)
    (one,) = delivery.list_subscriptions(session, active=True)
    assert (one.unsubscribed, one.created) == (None, NOW + after if fresh else since)


def test_resuming_what_runs_changes_nothing(session: Session) -> None:
    before = only(session)
    preferences.resume(session, before, NOW)
    assert only(session) == before
    assert delivery.last_run(session, before.id, LATER) is None


def test_a_new_rhythm_begins_now_and_the_same_rhythm_is_none(session: Session) -> None:
    one = only(session)
    preferences.change(session, one, replace(one, themes=("future",)), NOW)
    assert delivery.last_run(session, one.id, LATER) is None
    weekly = replace(one, every="weekly", at="18:00", days=(1, 4))
    preferences.change(session, one, weekly, NOW)
    assert delivery.last_run(session, one.id, LATER) == NOW
    assert only(session) == weekly
