"""Who gets what and what has been sent: subscriptions, digest runs, the outbox and its receipts.

A receipt belongs to the subscriber and the version of the fact, so a changed subscription repeats nothing. What is still
to be told is found by `pending.py`.
"""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from monitor.store.store import Store
from monitor.store.tables import DigestRun, MessageRow, Receipt, SourceState, SubscriptionRow

Cadence = Literal["immediate", "daily", "weekly"]
# claimed: a sender has it in hand, nothing has gone out; sending: its content is going out; unknown: it may have arrived.
State = Literal["pending", "claimed", "sending", "sent", "failed", "unknown"]
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscriber asks for."""

    email: str
    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()  # codes; a division stands for all within it, the country for national policy only
    every: Cadence = "daily"
    at: str = "08:30"  # HH:MM in `timezone`
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Subscription(Wanted):
    """A request that is kept."""

    id: int = 0
    paused: bool = False
    suspended: str | None = None
    token: str = ""  # empty for a preview without subscription
    created: datetime = EVER


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be queued and the fact versions it carries."""

    message_id: str
    recipient: str
    subject: str
    body: bytes
    versions: Collection[int]
    run_id: int | None = None
    subscription_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it goes out. Who claimed it knows `attempts` as it was then: a later claim counts one more."""

    id: int
    message_id: str
    recipient: str
    subject: str
    body: bytes
    state: State
    attempts: int
    answer: str | None
    created: datetime
    next_try: datetime


@contextmanager
def reading(store: Store) -> Iterator[Session]:
    """One consistent view. Raises StoreError."""
    with store.reading() as db, Session(db) as session:
        yield session


@contextmanager
def writing(store: Store) -> Iterator[Session]:
    """One transaction, kept whole or not at all. Raises StoreError."""
    with store.writing() as db, Session(db) as session:
        yield session
        session.flush()


def add_subscription(session: Session, wanted: Wanted, now: datetime) -> Subscription:
    row = SubscriptionRow(
        email=wanted.email,
        themes=list(wanted.themes),
        regions=list(wanted.regions),
        every=wanted.every,
        at=wanted.at,
        timezone=wanted.timezone,
        paused=False,
        token=secrets.token_urlsafe(16),
        created=now,
    )
    session.add(row)
    session.flush()
    return _subscription(row)


def list_subscriptions(session: Session, *, active: bool = False) -> tuple[Subscription, ...]:
    """All of them in the order they were made; `active` leaves out paused and suspended ones."""
    query = select(SubscriptionRow).order_by(SubscriptionRow.id)
    if active:
        query = query.where(SubscriptionRow.paused.is_(False), SubscriptionRow.suspended.is_(None))
    return tuple(_subscription(row) for row in session.scalars(query))


def change_subscription(session: Session, id: int, **values: object) -> bool:
    """Set columns of one subscription; False where there is none."""
    done = session.execute(update(SubscriptionRow).where(SubscriptionRow.id == id).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def remove_subscription(session: Session, id: int) -> bool:
    """Forget the subscription and what still waits for it; what the subscriber has had stays known."""
    row = session.get(SubscriptionRow, id)
    if row is None:
        return False
    session.execute(delete(MessageRow).where(MessageRow.subscription_id == id, MessageRow.state == "pending"))
    session.delete(row)
    return True


def suspend(session: Session, email: str, reason: str) -> None:
    """Write no more to an address that its server refuses for good."""
    session.execute(update(SubscriptionRow).where(SubscriptionRow.email == email).values(suspended=reason))


def resume_subscription(session: Session, id: int, now: datetime) -> bool:
    """Write to the address again, first what it was refused; False where there is no such subscription.

    The time between counts as served: its due times are not made up for one by one.
    """
    if not change_subscription(session, id, paused=False, suspended=None):
        return False
    session.execute(
        update(MessageRow)
        .where(MessageRow.subscription_id == id, MessageRow.state == "failed")
        .values(state="pending", next_try=now, attempts=0)
    )
    mark_served(session, id, now)
    return True


def mark_served(session: Session, subscription_id: int, now: datetime) -> None:
    """Count due times up to now as served, because a new rhythm begins; what is unread goes into the next digest."""
    session.add(DigestRun(subscription_id=subscription_id, due=now, merged=0, built=None))


def last_run(session: Session, subscription_id: int) -> datetime | None:
    """The latest due time that was served."""
    return session.scalar(select(func.max(DigestRun.due)).where(DigestRun.subscription_id == subscription_id))


def start_run(session: Session, subscription_id: int, due: datetime, *, now: datetime, merged: int) -> int:
    """Mark a due time as built, in the caller's transaction. Raises IntegrityError where another process was first."""
    run = DigestRun(subscription_id=subscription_id, due=due, merged=merged, built=now)
    session.add(run)
    session.flush()
    return run.id


def queue_message(session: Session, letter: Letter, now: datetime) -> int:
    """Put a message in the outbox with a receipt for exactly what it carries, in the caller's transaction."""
    row = MessageRow(
        message_id=letter.message_id,
        run_id=letter.run_id,
        subscription_id=letter.subscription_id,
        recipient=letter.recipient,
        subject=letter.subject,
        body=letter.body,
        state="pending",
        attempts=0,
        next_try=now,
        created=now,
    )
    session.add(row)
    session.flush()
    session.add_all(
        Receipt(subscriber=letter.recipient, version_id=version, message_id=row.id) for version in letter.versions
    )
    session.flush()
    return row.id


def mark_alerted(session: Session, source_id: str, alerted: bool) -> bool:
    """Note that the operator is told of a source, in the caller's transaction; False where that was noted already."""
    rows = update(SourceState).where(SourceState.source_id == source_id, SourceState.alerted.is_(not alerted))
    return bool(session.execute(rows.values(alerted=alerted)).rowcount)  # type: ignore[attr-defined]


def claim(session: Session, now: datetime) -> Outgoing | None:
    """Take the next message that is due: whoever changes its row has it. A suspended reader's messages stay where they are."""
    suspended = exists().where(SubscriptionRow.id == MessageRow.subscription_id, SubscriptionRow.suspended.is_not(None))
    query = (
        select(MessageRow.id)
        .where(MessageRow.state == "pending", MessageRow.next_try <= now, ~suspended)
        .order_by(MessageRow.next_try, MessageRow.id)
        .limit(20)
    )
    for id in session.scalars(query).all():
        taken = session.execute(
            update(MessageRow)
            .where(MessageRow.id == id, MessageRow.state == "pending")
            .values(state="claimed", claimed=now, attempts=MessageRow.attempts + 1)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            session.expire_all()
            return _outgoing(session.get_one(MessageRow, id))
    return None


def begin_sending(session: Session, message: Outgoing, now: datetime) -> bool:
    """Note that the content goes out from here on; False where another sender took the message over meanwhile."""
    return _change(session, message, ("claimed",), state="sending", claimed=now)


def settle(
    session: Session, message: Outgoing, state: State, *, answer: str, now: datetime, next_try: datetime | None = None
) -> bool:
    """Write down how a message fared; False where another sender took it over meanwhile."""
    values: dict[str, object] = {"state": state, "answer": answer}
    if state == "sent":
        values["sent"] = now
    if next_try is not None:
        values["next_try"] = next_try
    return _change(session, message, ("claimed", "sending"), **values)


def give_back(session: Session, message: Outgoing, *, answer: str, next_try: datetime) -> bool:
    """Nobody answered: the message waits, and the try does not count against it."""
    values = {"state": "pending", "answer": answer, "next_try": next_try, "attempts": message.attempts - 1}
    return _change(session, message, ("claimed", "sending"), **values)


def take_over_claims(session: Session, now: datetime, patience: timedelta) -> int:
    """Free what another sender claimed and returns how many may have arrived.

    Where the content had not begun to go out, the message waits again: should that sender be alive after all, it will
    find its claim gone. Where it had, and long ago, nobody can know: `unknown`, for the operator.
    """
    session.execute(update(MessageRow).where(MessageRow.state == "claimed").values(state="pending"))
    lost = session.execute(
        update(MessageRow)
        .where(MessageRow.state == "sending", MessageRow.claimed < now - patience)
        .values(state="unknown", answer="the sender stopped before it could note the server's answer")
    )
    return int(lost.rowcount)  # type: ignore[attr-defined]


def hasten_unanswered(session: Session, now: datetime) -> None:
    """Let messages that no server has answered yet be tried at once, because somebody asks for it."""
    session.execute(
        update(MessageRow).where(MessageRow.state == "pending", MessageRow.attempts == 0).values(next_try=now)
    )


def messages(session: Session, *states: State) -> tuple[Outgoing, ...]:
    """Those in the given states, or all, oldest first."""
    query = select(MessageRow).order_by(MessageRow.id)
    if states:
        query = query.where(MessageRow.state.in_(states))
    return tuple(_outgoing(row) for row in session.scalars(query))


def retry_message(session: Session, id: int, now: datetime) -> bool:
    """Send a failed or unknown message again; False where it is neither."""
    done = session.execute(
        update(MessageRow)
        .where(MessageRow.id == id, MessageRow.state.in_(("failed", "unknown")))
        .values(state="pending", next_try=now, attempts=0)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _change(session: Session, message: Outgoing, states: tuple[State, ...], **values: object) -> bool:
    """Change a claimed message, if the claim still stands."""
    mine = (MessageRow.id == message.id, MessageRow.state.in_(states), MessageRow.attempts == message.attempts)
    done = session.execute(update(MessageRow).where(*mine).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        id=row.id,
        email=row.email,
        themes=tuple(row.themes),
        regions=tuple(row.regions),
        every=row.every,  # type: ignore[arg-type]  # written by add_subscription only
        at=row.at,
        timezone=row.timezone,
        paused=row.paused,
        suspended=row.suspended,
        token=row.token,
        created=row.created,
    )


def _outgoing(row: MessageRow) -> Outgoing:
    return Outgoing(
        row.id,
        row.message_id,
        row.recipient,
        row.subject,
        row.body,
        row.state,  # type: ignore[arg-type]  # written by this module only
        row.attempts,
        row.answer,
        row.created,
        row.next_try,
    )
