"""SEND: build what is due, claim what waits, deliver, retry. A message is stored with its receipts before it is sent.

A sender that dies before a message's content goes out loses nothing: the next one sends it. One that dies while it goes out
leaves it `unknown`: it is not sent again by itself, the operator decides. In the mailbox folder a repeat is the same file.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from alerts import render
from alerts.channels.base import Channel, ClaimLostError, DeliveryError
from alerts.digest import Digest, Edition, compose
from alerts.parts import parted
from alerts.subscriptions import due_moments
from monitor.config import Mail
from monitor.store import Store, delivery
from monitor.store.delivery import Letter, Outgoing, Subscription
from monitor.store.pending import has_pending, pending

# A sender whose content has been going out for this long is taken for dead; smtp.timeout is well below it.
PATIENCE = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)  # doubled each time
LONGEST_RETRY = timedelta(hours=6)
UNREACHABLE_RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one message fared: sent, retry (refused for now), waiting (nobody answered), failed, or unknown."""

    recipient: str
    subject: str
    state: str
    answer: str


def preview(
    store: Store, subscription: Subscription, edition: Edition, now: datetime, *, backfill: bool = False
) -> Digest:
    """The digest this subscriber would get now; nothing is written."""
    with delivery.reading(store) as session:
        facts = pending(session, subscription, backfill=backfill)
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
        moments = (now,) if only else _due(store, subscription, now, backfill=backfill)
        if moments:
            try:
                digest = _queue(store, subscription, edition, mail, moments, now=now, backfill=backfill)
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
    at_once: bool = False,
) -> tuple[Delivered, ...]:
    """Deliver all that is due, one message at a time, until none is left, nobody answers, or `stop` says so.

    `at_once` tries also what waits for a server that did not answer last time.
    """
    with delivery.writing(store) as session:
        delivery.take_over_claims(session, clock(), PATIENCE)
        if at_once:
            delivery.hasten_unanswered(session, clock())
    done: list[Delivered] = []
    try:
        while not stop():
            with delivery.writing(store) as session:
                message = delivery.claim(session, clock())
            if message is None:
                break
            outcome = _deliver(store, channel, mail, message, clock)
            done += [outcome] if outcome else []
            if outcome and outcome.state == "waiting":
                break
    finally:
        channel.close()
    return tuple(done)


def _due(store: Store, subscription: Subscription, now: datetime, *, backfill: bool) -> tuple[datetime, ...]:
    """Due moments since the last run; none for an immediate digest without news, so that no write lock is taken."""
    with delivery.reading(store) as session:
        served = delivery.last_run(session, subscription.id) or subscription.created
        if subscription.every == "immediate" and not has_pending(session, subscription, backfill=backfill):
            return ()
    return due_moments(subscription, served, now)


def _queue(  # noqa: PLR0913  # one run, with all that decides what it says
    store: Store,
    subscription: Subscription,
    edition: Edition,
    mail: Mail,
    moments: Sequence[datetime],
    *,
    now: datetime,
    backfill: bool,
) -> Digest | None:
    """Run, messages and receipts in one transaction; the last of `moments` makes up for the others."""
    due, merged = moments[-1], len(moments) - 1
    with delivery.writing(store) as session:
        run_id = delivery.start_run(session, subscription.id, due, now=now, merged=merged)
        facts = pending(session, subscription, backfill=backfill)
        # An immediate digest is due all the time: a heartbeat would never end.
        if not facts and not (edition.heartbeat and subscription.every != "immediate"):
            return None
        digest = compose(facts, edition, subscription, now, merged=merged)
        parts = parted(digest, mail.longest)
        for part in parts:
            _put(session, part, mail, subscription, due, run_id)
    return replace(digest, items=tuple(item for part in parts for item in part.items))


def _put(session: Session, part: Digest, mail: Mail, subscription: Subscription, due: datetime, run_id: int) -> None:
    message_id = _message_id(subscription, due, part.part, mail)
    letter = Letter(
        message_id=message_id,
        recipient=subscription.email,
        subject=render.subject(part),
        body=render.message(part, mail, message_id),
        versions=part.versions,
        run_id=run_id,
        subscription_id=subscription.id,
    )
    delivery.queue_message(session, letter, part.built)


def _message_id(subscription: Subscription, due: datetime, part: int, mail: Mail) -> str:
    """The same for the same part of the same run, whoever builds it."""
    seed = f"{subscription.token} {due.astimezone(UTC).isoformat()} {part}"
    return f"<digest-{hashlib.sha256(seed.encode()).hexdigest()[:24]}@{render.sender_domain(mail)}>"


def _deliver(
    store: Store, channel: Channel, mail: Mail, message: Outgoing, clock: Callable[[], datetime]
) -> Delivered | None:
    """None where another sender took the message over before its content went out."""

    def begin() -> None:
        with delivery.writing(store) as session:
            if not delivery.begin_sending(session, message, clock()):
                raise ClaimLostError

    try:
        answer = channel.send(message.body, message.recipient, begin)
    except ClaimLostError:
        return None
    except DeliveryError as error:
        return _failed(store, mail, message, error, clock())
    with delivery.writing(store) as session:
        delivery.settle(session, message, "sent", answer=answer, now=clock())
    return Delivered(message.recipient, message.subject, "sent", answer)


def _failed(store: Store, mail: Mail, message: Outgoing, error: DeliveryError, now: datetime) -> Delivered:
    """Nobody there: wait, without counting. Refused for now: back off. Address refused for good: write no more to it."""
    outcome = Delivered(message.recipient, message.subject, "failed", error.answer)
    with delivery.writing(store) as session:
        if error.failure == "unreachable":
            delivery.give_back(session, message, answer=error.answer, next_try=now + UNREACHABLE_RETRY)
            return replace(outcome, state="waiting")
        if error.failure == "temporary" and message.attempts < mail.attempts:
            wait = min(FIRST_RETRY * 2 ** (message.attempts - 1), LONGEST_RETRY)
            # Jitter, so that messages refused together do not come back together.
            wait *= random.uniform(1, 1.25)  # noqa: S311
            delivery.settle(session, message, "pending", answer=error.answer, now=now, next_try=now + wait)
            return replace(outcome, state="retry")
        if error.failure == "unknown":
            delivery.settle(session, message, "unknown", answer=error.answer, now=now)
            return replace(outcome, state="unknown")
        delivery.settle(session, message, "failed", answer=error.answer, now=now)
        if error.failure == "permanent":
            delivery.suspend(session, message.recipient, error.answer)
    return outcome
