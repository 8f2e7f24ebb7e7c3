"""SEND: build what is due, claim what waits, deliver, retry. A message is stored with its receipts before it is sent.

A crash between sending and noting it leaves a message `unknown`: it is not sent again by itself, the operator decides.
Only the mailbox folder is safe to repeat, because the same message is the same file there.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from alerts import render
from alerts.channels.base import Channel, DeliveryError
from alerts.digest import Digest, Edition, compose
from alerts.subscriptions import due_moments
from monitor.config import Mail
from monitor.store import Store, delivery
from monitor.store.delivery import Letter, Outgoing, Subscription

# A sender that has been silent for this long is taken for dead; smtp.timeout is well below it.
PATIENCE = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)  # doubled each time
LONGEST_RETRY = timedelta(hours=6)
UNREACHABLE_RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one message fared."""

    recipient: str
    subject: str
    state: str
    answer: str | None


def preview(
    store: Store, subscription: Subscription, edition: Edition, now: datetime, *, backfill: bool = False
) -> Digest:
    """The digest this subscriber would get now; nothing is written."""
    with delivery.reading(store) as session:
        facts = delivery.pending(session, subscription, backfill=backfill)
    return compose(facts, edition, subscription, now)


def queue_due(
    store: Store, edition: Edition, mail: Mail, now: datetime, *, only: str | None = None, backfill: bool = False
) -> tuple[Digest, ...]:
    """Build what is due and put it in the outbox; `only` names one subscriber, served whatever the clock says."""
    with delivery.reading(store) as session:
        subscriptions = delivery.list_subscriptions(session, active=True)
    built: list[Digest] = []
    for subscription in subscriptions:
        if only is not None and subscription.email != only:
            continue
        with delivery.reading(store) as session:
            served = delivery.last_run(session, subscription.id) or subscription.created
        moments = (now,) if only else due_moments(subscription, served, now)
        if moments:
            try:
                digest = _queue(store, subscription, edition, mail, moments, backfill=backfill)
            except IntegrityError:
                continue  # another process built it first, and its receipts stand
            built += [digest] if digest else []
    return tuple(built)


def send_waiting(
    store: Store,
    channel: Channel,
    mail: Mail,
    clock: Callable[[], datetime],
    *,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Delivered, ...]:
    """Deliver all that is due, one message at a time, until none is left, nobody answers, or `stop` says so."""
    with delivery.writing(store) as session:
        delivery.lose_stale_claims(session, clock(), PATIENCE)
    done: list[Delivered] = []
    try:
        while not stop():
            with delivery.writing(store) as session:
                message = delivery.claim(session, clock())
            if message is None:
                break
            outcome = _deliver(store, channel, mail, message, clock)
            done.append(outcome)
            if outcome.state == "waiting":
                break
    finally:
        channel.close()
    return tuple(done)


def _queue(
    store: Store,
    subscription: Subscription,
    edition: Edition,
    mail: Mail,
    moments: Sequence[datetime],
    *,
    backfill: bool,
) -> Digest | None:
    """Run, message and receipts in one transaction; the last of `moments` makes up for the others."""
    due, merged = moments[-1], len(moments) - 1
    with delivery.writing(store) as session:
        facts = delivery.pending(session, subscription, backfill=backfill)
        wanted = bool(facts) or edition.heartbeat
        if not wanted and subscription.every == "immediate":
            return None
        run_id = delivery.start_run(session, subscription.id, due, now=due, merged=merged)
        if not wanted:
            return None
        digest = compose(facts, edition, subscription, due, merged=merged)
        message_id = _message_id(subscription, due, mail)
        letter = Letter(
            message_id=message_id,
            recipient=subscription.email,
            subject=render.subject(digest),
            body=render.message(digest, mail, message_id),
            versions=digest.versions,
            run_id=run_id,
            subscription_id=subscription.id,
        )
        delivery.queue_message(session, letter, due)
    return digest


def _message_id(subscription: Subscription, due: datetime, mail: Mail) -> str:
    """The same for the same run, whoever builds it."""
    seed = f"{subscription.token} {due.astimezone(UTC).isoformat()}"
    return f"<digest-{hashlib.sha256(seed.encode()).hexdigest()[:24]}@{render.sender_domain(mail)}>"


def _deliver(store: Store, channel: Channel, mail: Mail, message: Outgoing, clock: Callable[[], datetime]) -> Delivered:
    try:
        answer = channel.send(message.body, message.recipient)
    except DeliveryError as error:
        return _failed(store, mail, message, error, clock())
    with delivery.writing(store) as session:
        delivery.settle(session, message.id, "sent", answer=answer, now=clock())
    return Delivered(message.recipient, message.subject, "sent", answer)


def _failed(store: Store, mail: Mail, message: Outgoing, error: DeliveryError, now: datetime) -> Delivered:
    """Nobody there: wait, without counting. Refused for now: back off. Refused for good: write no more to them."""
    outcome = Delivered(message.recipient, message.subject, "retry", error.answer)
    with delivery.writing(store) as session:
        if error.failure == "unreachable":
            delivery.give_back(session, message.id, answer=error.answer, next_try=now + UNREACHABLE_RETRY)
            return replace(outcome, state="waiting")
        if error.failure == "temporary" and message.attempts < mail.attempts:
            wait = min(FIRST_RETRY * 2 ** (message.attempts - 1), LONGEST_RETRY)
            # Jitter, so that messages refused together do not come back together.
            wait *= random.uniform(1, 1.25)  # noqa: S311
            delivery.settle(session, message.id, "pending", answer=error.answer, now=now, next_try=now + wait)
            return outcome
        if error.failure == "unknown":
            delivery.settle(session, message.id, "unknown", answer=error.answer, now=now)
            return replace(outcome, state="unknown")
        delivery.settle(session, message.id, "failed", answer=error.answer, now=now)
        if error.failure == "permanent":
            delivery.suspend(session, message.recipient, error.answer)
    return replace(outcome, state="failed")
