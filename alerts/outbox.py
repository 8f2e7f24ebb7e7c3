"""SEND: build what is due, claim what waits, deliver, retry. A message is stored with its receipts before it is sent.

A sender that dies before the last byte of a message goes out loses nothing: the next one sends it. One that dies between
that byte and the server's answer leaves it `unknown`: it is not sent again by itself, the operator decides. In the mailbox
folder a repeat is the same file.
"""

import hashlib
import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from alerts import render
from alerts.channels.base import Channel, ClaimLostError, DeliveryError
from alerts.digest import Digest, Edition, compose
from alerts.forms import form_of
from alerts.parts import parted
from alerts.recipients import shown
from alerts.subscriptions import due_moments
from monitor.config import Mail
from monitor.errors import MonitorError
from monitor.store import Store, delivery, pace, sending
from monitor.store.delivery import Letter, Subscription
from monitor.store.pending import has_pending, pending, pending_articles
from monitor.store.preferences import end_pauses
from monitor.store.sending import Batch, Outgoing

# A sender that has waited for the last answer for this long is taken for dead; a mail server is given less.
PATIENCE = timedelta(minutes=10)
BATCH = 100  # messages claimed at once: what a sender claims it must give back when it stops
FIRST_RETRY = timedelta(minutes=1)  # doubled each time
LONGEST_RETRY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one message fared: sent, retry (put off), waiting (nobody answered), failed, or unknown (it may have arrived)."""

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
        hits = pending_articles(session, subscription, backfill=backfill)
    return compose(facts, edition, subscription, now, hits=hits)


def queue_due(
    store: Store, edition: Edition, mail: Mail, now: datetime, *, only: str | None = None, backfill: bool = False
) -> tuple[Digest, ...]:
    """Build what is due and put it in the outbox; `only` names one subscriber, served whatever the clock says."""
    end_pauses(store, now)
    with delivery.reading(store) as session:
        subscriptions = delivery.list_subscriptions(session, active=True)
    built: list[Digest] = []
    faults: list[Exception] = []
    for subscription in subscriptions:
        if only is not None and subscription.email != only:
            continue
        try:
            moments = (now,) if only else _due(store, subscription, now, backfill=backfill)
            digest = (
                _queue(store, subscription, edition, mail, moments, now=now, backfill=backfill) if moments else None
            )
            built += [digest] if digest else []
        except IntegrityError:
            continue  # another process built it first, and its receipts stand
        except MonitorError:
            raise
        except Exception as fault:  # a fault of our own: one digest must not hold up those of all others
            faults.append(fault)
    if faults:
        raise faults[0]
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
    """Deliver all that is due until none is left, the server is to be left alone, or `stop` says so.

    `at_once` is for somebody who waits for it: it tries also what no server answered last time, and waits where a domain
    takes no more this minute.
    """
    done: list[Delivered] = []
    with store.writer() as writing:
        with writing() as db:
            sending.take_over(db, clock(), PATIENCE)
            if at_once:
                sending.hasten(db, clock())
            sender = _Sender(writing, channel, mail, clock, secrets.token_hex(8), pace.strained(db))
        try:
            while not stop():
                batch = sender.claim()
                if batch.messages:
                    done += sender.deliver_all(batch.messages, stop)
                elif at_once and batch.opens:
                    time.sleep(min(max((batch.opens - clock()).total_seconds(), 0.01), 1.0))
                else:
                    break
        finally:
            channel.close()
            with writing() as db:
                sending.release(db, sender.claimant)
    return tuple(done)


def _due(store: Store, subscription: Subscription, now: datetime, *, backfill: bool) -> tuple[datetime, ...]:
    """Due moments since the last run; none for an immediate digest without news, so that no write lock is taken."""
    with delivery.reading(store) as session:
        served = delivery.last_run(session, subscription.id, now) or subscription.created
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
        hits = pending_articles(session, subscription, backfill=backfill)
        # An immediate digest is due all the time: a heartbeat would never end.
        if not (facts or hits) and not (edition.heartbeat and subscription.every != "immediate"):
            return None
        digest = compose(facts, edition, subscription, now, merged=merged, hits=hits)
        form = form_of(subscription.email, mail)
        parts = parted(digest, form.longest, length=form.length)
        for part in parts:
            _put(session, part, mail, subscription, due, run_id)
    return replace(digest, items=tuple(item for part in parts for item in part.items), hits=parts[-1].hits)


def _put(session: Session, part: Digest, mail: Mail, subscription: Subscription, due: datetime, run_id: int) -> None:
    message_id = _message_id(subscription, due, part.part, mail)
    letter = Letter(
        message_id=message_id,
        recipient=subscription.email,
        subject=render.subject(part),
        body=form_of(subscription.email, mail).digest(part, message_id),
        versions=part.versions,
        articles=[hit.article_id for hit in part.hits],
        run_id=run_id,
        subscription_id=subscription.id,
    )
    delivery.queue_message(session, letter, part.built)


def _message_id(subscription: Subscription, due: datetime, part: int, mail: Mail) -> str:
    """The same for the same part of the same run, whoever builds it."""
    seed = f"{subscription.token} {due.astimezone(UTC).isoformat()} {part}"
    return f"<digest-{hashlib.sha256(seed.encode()).hexdigest()[:24]}@{render.sender_domain(mail)}>"


@dataclass(frozen=True, slots=True)
class _Sender:
    """One pass over the outbox."""

    writing: Callable[[], AbstractContextManager[Connection]]
    channel: Channel
    mail: Mail
    clock: Callable[[], datetime]
    claimant: str
    strained: set[str]  # domains that wanted less when this pass began
    answered: list[tuple[Outgoing, str]] = field(default_factory=list)  # taken by the other side, and not noted yet

    def claim(self) -> Batch:
        """The next messages; what is left of those before is among what may be taken."""
        with self.writing() as db:
            sending.release(db, self.claimant)
            return sending.claim(db, self.claimant, self.clock(), most=BATCH, per_minute=self.mail.per_minute)

    def deliver_all(self, batch: Sequence[Outgoing], stop: Callable[[], bool]) -> Iterator[Delivered]:
        """Send one after the other, up to the first that was not sent: its domain or the server may want to be left alone."""
        try:
            for message in batch:
                outcome = None if stop() else self._deliver(message)
                if outcome:
                    yield outcome
                if outcome is None or outcome.state != "sent":
                    return
        finally:
            self._note_answered()

    def _deliver(self, message: Outgoing) -> Delivered | None:
        """None where another sender took the message over before its last byte went out."""

        begun = False

        def begin() -> None:
            nonlocal begun
            with self.writing() as db:
                self._settle(db)
                if not sending.begin(db, message, self.clock()):
                    raise ClaimLostError
            begun = True

        try:
            answer = self.channel.send(message, begin, self._note_answered)
        except ClaimLostError:
            return None
        except DeliveryError as error:
            return self._failed(message, error)
        except MonitorError:
            raise
        except Exception as error:
            # A fault of our own, which the next pass must not meet first again and hold up all others.
            self._failed(message, DeliveryError("unknown" if begun else "refused", f"{type(error).__name__}: {error}"))
            raise
        self.answered.append((message, answer))
        return Delivered(shown(message.recipient), message.subject, "sent", answer)

    def _note_answered(self) -> None:
        """Done while the server thinks about the next message, a moment after the answer: to wait for the disk with
        nothing under way costs a tenth of all time."""
        if self.answered:
            with self.writing() as db:
                self._settle(db)

    def _settle(self, db: Connection) -> None:
        for message, answer in self.answered:
            sending.sent(db, message, answer=answer, now=self.clock())
            for domain in self.strained & {message.domain, message.server}:
                pace.relax(db, domain)
                self.strained.remove(domain)
        self.answered.clear()

    def _failed(self, message: Outgoing, error: DeliveryError) -> Delivered:
        with self.writing() as db:
            state = _note_failure(db, self.mail, message, error, self.clock())
        return Delivered(shown(message.recipient), message.subject, state, error.answer)


def _note_failure(db: Connection, mail: Mail, message: Outgoing, error: DeliveryError, now: datetime) -> str:
    """Nobody there: wait, without counting. Refused for now: back off. Address refused for good: write no more to it."""
    if error.failure == "unreachable":
        next_try = pace.pause(db, message.server, now)
        sending.put_back(db, message, answer=error.answer, next_try=next_try, counted=False)
        return "waiting"
    if error.failure == "unknown":
        # What broke this line may break the next one: rather few messages of unknown fate than all.
        pace.pause(db, message.server, now)
        sending.ended(db, message, "unknown", answer=error.answer)
        return "unknown"
    if error.failure == "busy":
        pace.pause(db, message.domain, now)
    if error.failure in ("busy", "temporary") and message.attempts + 1 < mail.attempts:
        next_try = now + backoff(message.attempts)
        sending.put_back(db, message, answer=error.answer, next_try=next_try, counted=True)
        return "retry"
    sending.ended(db, message, "failed", answer=error.answer)
    if error.failure == "permanent":
        delivery.suspend(db, message.recipient, error.answer)
    return "failed"


def backoff(attempts: int) -> timedelta:
    """How long a message waits that was put off once more than `attempts` times."""
    wait: timedelta = min(FIRST_RETRY * 2**attempts, LONGEST_RETRY)
    # Jitter, so that messages refused together do not come back together.
    return wait * random.uniform(1, 1.25)  # noqa: S311
