"""Who gets what and what has been sent: subscriptions, digest runs, the outbox and its receipts.

A receipt belongs to the subscriber and the version of the fact, so a changed subscription repeats nothing. What is still
to be told is found by `pending.py`; how the outbox is sent stands in `sending.py`.
"""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from monitor.store.store import Store
from monitor.store.tables import (
    ArticleReceipt,
    DigestRun,
    MessageBody,
    MessageRow,
    Receipt,
    SourceState,
    SubscriptionRow,
)

Cadence = Literal["immediate", "daily", "weekly"]
Language = Literal["zh-CN", "en"]
Grouping = Literal["region", "theme"]
# What happened to a fact, by what it is; article: about a watched theme, without a fact.
Kind = Literal["new-target", "support", "revision", "result", "designation", "programme", "status", "article"]
# claimed: a sender has it in hand, nothing has gone out; sending: its content is going out; unknown: it may have arrived.
State = Literal["pending", "claimed", "sending", "sent", "failed", "unknown"]
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscriber asks for."""

    email: str
    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()  # codes; a division stands for all within it, the country for national policy only
    exact: bool = False  # a division stands for itself only
    kinds: tuple[Kind, ...] = ()  # none: all but `article`
    weight: float = 0.0  # least one of a theme in an article, 0 to 1
    must: tuple[str, ...] = ()  # words that all have to be found in sentence, name or title of one report
    without: tuple[str, ...] = ()  # words of which none may be found in any
    language: Language = "zh-CN"
    every: Cadence = "daily"
    at: str = "08:30"  # HH:MM in `timezone`
    days: tuple[int, ...] = (0,)  # of a weekly digest, Monday is 0
    timezone: str = "Asia/Shanghai"
    quiet: str | None = None  # 22:00-07:30 in `timezone`: nothing immediate then
    skip_holidays: bool = False  # what is due on a Chinese public holiday comes on the day after
    group_by: Grouping = "region"  # the first headings of a digest

    @property
    def rhythm(self) -> dict[str, object]:
        """All that decides when it is due, by the names of the columns."""
        return {
            "every": self.every,
            "at": self.at,
            "days": list(self.days),
            "timezone": self.timezone,
            "quiet": self.quiet,
            "skip_holidays": self.skip_holidays,
        }

    @property
    def filter(self) -> dict[str, object]:
        """All that decides what it brings, by the names of the columns."""
        return {
            "themes": list(self.themes),
            "regions": list(self.regions),
            "exact": self.exact,
            "kinds": list(self.kinds),
            "weight": self.weight,
            "must": list(self.must),
            "without": list(self.without),
        }


@dataclass(frozen=True, slots=True)
class Subscription(Wanted):
    """A request that is kept."""

    id: int = 0
    paused: bool = False
    paused_until: datetime | None = None
    unsubscribed: datetime | None = None
    suspended: str | None = None
    token: str = ""  # empty for a preview without subscription
    created: datetime = EVER


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be queued, and the fact versions and the articles without facts that it carries."""

    message_id: str
    recipient: str
    subject: str
    body: bytes
    versions: Collection[int]
    run_id: int | None = None
    subscription_id: int | None = None
    articles: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A message of the outbox and how it fares."""

    id: int
    message_id: str
    recipient: str
    subject: str
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
        language=wanted.language,
        group_by=wanted.group_by,
        **wanted.filter,
        **wanted.rhythm,
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


def find_subscription(session: Session, token: str) -> Subscription | None:
    """The subscription that the links of its mails lead to, however old a mail is."""
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token))
    return _subscription(row) if row else None


def change_subscription(session: Session, id: int, **values: object) -> bool:
    """Set columns of one subscription; False where there is none."""
    done = session.execute(update(SubscriptionRow).where(SubscriptionRow.id == id).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def remove_subscription(session: Session, id: int) -> bool:
    """Forget the subscription and what still waits for it; what the subscriber has had stays known."""
    row = session.get(SubscriptionRow, id)
    if row is None:
        return False
    forget_waiting(session, id)
    session.delete(row)
    return True


def forget_waiting(session: Session, id: int) -> None:
    """Take back what has not gone out, with its receipts: what it tells counts as unread again."""
    waiting = MessageRow.state.in_(("pending", "claimed", "failed"))
    session.execute(delete(MessageRow).where(MessageRow.subscription_id == id, waiting))


def suspend(db: Connection, email: str, reason: str) -> None:
    """Write no more to an address that its server refuses for good."""
    db.execute(update(SubscriptionRow).where(SubscriptionRow.email == email).values(suspended=reason))


def resume_subscription(session: Session, id: int, now: datetime) -> bool:
    """Write to the address again, first what it was refused; False where there is no such subscription.

    The time between counts as served: its due times are not made up for one by one.
    """
    if not change_subscription(session, id, paused=False, paused_until=None, unsubscribed=None, suspended=None):
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
    served = select(DigestRun.id).where(DigestRun.subscription_id == subscription_id, DigestRun.due == now)
    if session.scalar(served) is None:
        session.add(DigestRun(subscription_id=subscription_id, due=now, merged=0, built=None))


def last_run(session: Session, subscription_id: int, now: datetime) -> datetime | None:
    """The latest due time until now that was served; later ones come from a clock that was wrong and is right again."""
    runs = (DigestRun.subscription_id == subscription_id, DigestRun.due <= now)
    return session.scalar(select(func.max(DigestRun.due)).where(*runs))


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
        state="pending",
        attempts=0,
        next_try=now,
        created=now,
    )
    session.add(row)
    session.flush()
    session.add(MessageBody(message_id=row.id, body=letter.body))
    session.add_all(
        Receipt(subscriber=letter.recipient, version_id=version, message_id=row.id) for version in letter.versions
    )
    session.add_all(
        ArticleReceipt(subscriber=letter.recipient, article_id=article, message_id=row.id)
        for article in letter.articles
    )
    session.flush()
    return row.id


def mark_alerted(session: Session, source_id: str, alerted: bool) -> bool:
    """Note that the operator is told of a source, in the caller's transaction; False where that was noted already."""
    rows = update(SourceState).where(SourceState.source_id == source_id, SourceState.alerted.is_(not alerted))
    return bool(session.execute(rows.values(alerted=alerted)).rowcount)  # type: ignore[attr-defined]


def messages(session: Session, *states: State) -> tuple[Kept, ...]:
    """Those in the given states, or all, oldest first."""
    query = select(MessageRow).order_by(MessageRow.id)
    if states:
        query = query.where(MessageRow.state.in_(states))
    return tuple(_kept(row) for row in session.scalars(query))


def body_of(session: Session, id: int) -> bytes | None:
    """The whole message as it goes out; None where there is none of that number."""
    return session.scalar(select(MessageBody.body).where(MessageBody.message_id == id))


def retry_message(session: Session, id: int, now: datetime) -> bool:
    """Send a failed or unknown message again; False where it is neither."""
    return _decide(session, id, {"state": "pending", "next_try": now, "attempts": 0})


def note_arrived(session: Session, id: int, now: datetime) -> bool:
    """Settle a failed or unknown message that its reader has; False where it is neither."""
    return _decide(session, id, {"state": "sent", "sent": now})


def _decide(session: Session, id: int, values: dict[str, object]) -> bool:
    stuck = (MessageRow.id == id, MessageRow.state.in_(("failed", "unknown")))
    done = session.execute(update(MessageRow).where(*stuck).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        id=row.id,
        email=row.email,
        themes=tuple(row.themes),
        regions=tuple(row.regions),
        exact=row.exact,
        kinds=tuple(row.kinds),
        weight=row.weight,
        must=tuple(row.must),
        without=tuple(row.without),
        language=row.language,  # type: ignore[arg-type]  # these columns are written from `Wanted` only
        every=row.every,  # type: ignore[arg-type]
        at=row.at,
        days=tuple(row.days),
        timezone=row.timezone,
        quiet=row.quiet,
        skip_holidays=row.skip_holidays,
        group_by=row.group_by,  # type: ignore[arg-type]
        paused=row.paused,
        paused_until=row.paused_until,
        unsubscribed=row.unsubscribed,
        suspended=row.suspended,
        token=row.token,
        created=row.created,
    )


def _kept(row: MessageRow) -> Kept:
    return Kept(
        row.id,
        row.message_id,
        row.recipient,
        row.subject,
        row.state,  # type: ignore[arg-type]  # written by this module and `sending` only
        row.attempts,
        row.answer,
        row.created,
        row.next_try,
    )
