"""Who gets what and what they have had: subscriptions, digest runs, the outbox and its receipts.

What goes into a digest is "matched and without a receipt", never "seen inside a time window": a window loses what is
matched late. A receipt belongs to the subscriber and the version of the fact, so a changed subscription repeats nothing.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.store.store import Store
from monitor.store.tables import (
    ArticleRow,
    DigestRun,
    Fact,
    FactTheme,
    FactVersion,
    MessageRow,
    Receipt,
    Sighting,
    SubscriptionRow,
)

Cadence = Literal["immediate", "daily", "weekly"]
State = Literal["pending", "sending", "sent", "failed", "unknown"]
# Reported figures can be asked for in the store; a digest brings what is promised and what is offered.
DELIVERED = ("target", "support")
COUNTRY = "100000"
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
class Amount:
    """What one version of a fact said."""

    comparator: str | None
    value: str | None  # decimal digits, base units
    value_high: str | None
    status: str | None  # of a programme


@dataclass(frozen=True, slots=True)
class Report:
    """One article that told the fact."""

    article_id: int
    url: str | None
    title: str
    source: str | None
    publisher: str | None
    published: str | None
    sentence: str
    version_id: int  # the version of the fact that it told


@dataclass(frozen=True, slots=True)
class Pending:
    """A fact version a subscriber has no receipt for, with what it replaces and everyone who told it."""

    version_id: int
    fact_id: int
    kind: str
    name: str
    assertion: str | None
    type: str | None
    unit: str | None
    deadline: str | None
    recurrence: str | None
    region_code: str | None
    region_name: str | None
    themes: tuple[str, ...]
    amount: Amount
    previous: Amount | None
    first_seen: datetime
    reports: tuple[Report, ...]


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
    """A message as it goes out."""

    id: int
    message_id: str
    recipient: str
    subject: str
    body: bytes
    state: State
    attempts: int
    answer: str | None
    created: datetime


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
    """Forget the subscription; what the subscriber has had stays known."""
    row = session.get(SubscriptionRow, id)
    if row is None:
        return False
    session.delete(row)
    return True


def suspend(session: Session, email: str, reason: str) -> None:
    """Write no more to an address that its server refuses for good."""
    session.execute(update(SubscriptionRow).where(SubscriptionRow.email == email).values(suspended=reason))


def last_run(session: Session, subscription_id: int) -> datetime | None:
    """The latest due time that was served."""
    return session.scalar(select(func.max(DigestRun.due)).where(DigestRun.subscription_id == subscription_id))


def pending(
    session: Session, subscription: Subscription, *, backfill: bool = False, limit: int = 500
) -> tuple[Pending, ...]:
    """Current versions that concern the subscriber and have no receipt, oldest first.

    What was first seen before the subscription was made, or was old news when first seen, needs `backfill`.
    """
    query = _matching(subscription, backfill=backfill).order_by(FactVersion.id).limit(limit)
    rows = [(fact, version) for fact, version in session.execute(query)]
    facts = [fact.id for fact, _ in rows]
    themes = _themes(session, facts)
    reports = _reports(session, facts)
    earlier = _previous(session, [(fact.id, version.number) for fact, version in rows])
    return tuple(
        _pending(fact, version, themes.get(fact.id, ()), earlier.get(fact.id), reports.get(fact.id, ()))
        for fact, version in rows
    )


def weekly_volume(session: Session, subscription: Subscription, now: datetime) -> int:
    """How many facts a week the subscription would have brought over the last four weeks."""
    matching = _matching(subscription, backfill=True).where(FactVersion.first_seen >= now - timedelta(weeks=4))
    return round((session.scalar(select(func.count()).select_from(matching.subquery())) or 0) / 4)


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


def claim(session: Session, now: datetime) -> Outgoing | None:
    """Take the next message that is due: whoever changes its row has it."""
    query = (
        select(MessageRow.id)
        .where(MessageRow.state == "pending", MessageRow.next_try <= now)
        .order_by(MessageRow.next_try, MessageRow.id)
        .limit(20)
    )
    for id in session.scalars(query).all():
        taken = session.execute(
            update(MessageRow)
            .where(MessageRow.id == id, MessageRow.state == "pending")
            .values(state="sending", claimed=now, attempts=MessageRow.attempts + 1)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            session.expire_all()
            return _outgoing(session.get_one(MessageRow, id))
    return None


def settle(
    session: Session, id: int, state: State, *, answer: str | None, now: datetime, next_try: datetime | None = None
) -> None:
    """Write down how a claimed message fared."""
    values: dict[str, object] = {"state": state, "answer": answer}
    if state == "sent":
        values["sent"] = now
    if next_try is not None:
        values["next_try"] = next_try
    session.execute(update(MessageRow).where(MessageRow.id == id).values(**values))


def give_back(session: Session, id: int, *, answer: str, next_try: datetime) -> None:
    """Nobody answered: the message waits, and the try does not count against it."""
    session.execute(
        update(MessageRow)
        .where(MessageRow.id == id)
        .values(state="pending", answer=answer, next_try=next_try, attempts=MessageRow.attempts - 1)
    )


def lose_stale_claims(session: Session, now: datetime, patience: timedelta) -> int:
    """A sender that died may or may not have handed its message over: it becomes `unknown`, for the operator."""
    done = session.execute(
        update(MessageRow)
        .where(MessageRow.state == "sending", MessageRow.claimed < now - patience)
        .values(state="unknown", answer="the sender stopped before it could note the server's answer")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def messages(session: Session, *states: State) -> tuple[Outgoing, ...]:
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


def _matching(subscription: Subscription, *, backfill: bool) -> Select[Fact, FactVersion]:
    newest = (
        select(func.max(FactVersion.number)).where(FactVersion.fact_id == Fact.id).correlate(Fact).scalar_subquery()
    )
    received = exists().where(Receipt.version_id == FactVersion.id, Receipt.subscriber == subscription.email)
    query = (
        select(Fact, FactVersion)
        .join(FactVersion, and_(FactVersion.fact_id == Fact.id, FactVersion.number == newest))
        .where(~received, or_(Fact.kind == "programme", Fact.assertion.in_(DELIVERED)))
    )
    if subscription.themes:
        themed = FactTheme.theme_id.in_(subscription.themes)
        query = query.where(exists().where(FactTheme.fact_id == Fact.id, themed))
    if subscription.regions:
        query = query.where(or_(*(_within(code) for code in subscription.regions)))
    if not backfill:
        query = query.where(FactVersion.alerts.is_(True), FactVersion.first_seen >= subscription.created)
    return query


def _within(code: str):  # type: ignore[no-untyped-def]  # ColumnElement[bool] of whichever operator fits
    """GB/T 2260 nests by prefix: 32 is the province of 3202, 3202 the city of 320214, and zones carry their
    division's code. The country would be all of it: there it means national policy."""
    if code == COUNTRY:
        return Fact.region_code == COUNTRY
    if "-" not in code:
        code = code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
    return Fact.region_code.like(f"{code}%")


def _themes(session: Session, facts: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in session.scalars(select(FactTheme).where(FactTheme.fact_id.in_(facts)).order_by(FactTheme.theme_id)):
        found[row.fact_id] = (*found.get(row.fact_id, ()), row.theme_id)
    return found


def _reports(session: Session, facts: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    """Who told each fact, the newest telling first: it holds the words of the current version."""
    query = (
        select(Sighting, ArticleRow)
        .join(ArticleRow, ArticleRow.id == Sighting.article_id)
        .where(Sighting.fact_id.in_(facts))
        .order_by(Sighting.version_id.desc(), Sighting.id)
    )
    found: dict[int, list[Report]] = {}
    for seen, article in session.execute(query):
        report = Report(
            article.id,
            article.url,
            article.title,
            article.source_id,
            article.publisher,
            article.published,
            seen.sentence,
            seen.version_id,
        )
        found.setdefault(seen.fact_id, []).append(report)
    return {fact: tuple(reports) for fact, reports in found.items()}


def _previous(session: Session, current: Sequence[tuple[int, int]]) -> dict[int, Amount]:
    """The version before the current one, for facts that have one."""
    numbers = {fact: number - 1 for fact, number in current if number > 1}
    rows = session.scalars(select(FactVersion).where(FactVersion.fact_id.in_(numbers)))
    return {row.fact_id: _amount(row) for row in rows if row.number == numbers[row.fact_id]}


def _amount(version: FactVersion) -> Amount:
    return Amount(version.comparator, version.value, version.value_high, version.status)


def _pending(
    fact: Fact,
    version: FactVersion,
    themes: tuple[str, ...],
    previous: Amount | None,
    reports: tuple[Report, ...],
) -> Pending:
    return Pending(
        version_id=version.id,
        fact_id=fact.id,
        kind=fact.kind,
        name=fact.name,
        assertion=fact.assertion,
        type=fact.type,
        unit=fact.unit,
        deadline=fact.deadline,
        recurrence=fact.recurrence,
        region_code=fact.region_code,
        region_name=fact.region_name,
        themes=themes,
        amount=_amount(version),
        previous=previous,
        first_seen=version.first_seen,
        reports=reports,
    )


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
    )
