"""What comes back: undeliverable mail is tried again later or its address written to no more; who asks to leave, leaves.

A message is known by what only its readers and their servers have seen, never by the reader's address alone: whoever
knows that could have the reader cut off.
"""

from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from pathlib import Path

from sqlalchemy import Connection

from alerts import returned
from alerts.outbox import backoff
from alerts.render import sender_domain
from alerts.returned import Fate
from monitor.config import Mail
from monitor.errors import MonitorError
from monitor.store import Store, delivery, preferences, sending
from monitor.store.sending import Outgoing


def take_in(store: Store, raw: bytes, mail: Mail, now: datetime) -> str:
    """Note what a message says that came back, and tell it in one line."""
    message = returned.parse(raw)
    token = returned.leaving(message)
    return _unsubscribe(store, token, now) if token else _note_failure(store, message, mail, now)


def take_in_maildir(store: Store, folder: Path, mail: Mail, now: datetime) -> Iterator[str]:
    """Take in what is new in a Maildir, one line each; it is then no longer new, and still unread for a person."""
    try:
        for file in sorted((folder / "new").iterdir()):
            yield take_in(store, file.read_bytes(), mail, now)
            file.rename(folder / "cur" / f"{file.name}:2,")
    except OSError as error:
        raise MonitorError(
            f"{error.filename}: cannot be used as a Maildir: {error.strerror}; check the folder and its owner"
        ) from None


def _unsubscribe(store: Store, token: str, now: datetime) -> str:
    with delivery.writing(store) as session:
        one = delivery.find_subscription(session, token)
        if one is None:
            return "asks to be unsubscribed by a token that is none: nothing changed"
        preferences.unsubscribe(session, one, now)
    return f"subscription {one.id} of {one.email}: unsubscribed by its reader"


def _note_failure(store: Store, message: Message, mail: Mail, now: datetime) -> str:
    reports = returned.reports(message)
    ids = tuple(returned.message_ids(message, mail.return_path, sender_domain(mail)))
    with store.writing() as db:
        ours = next((one for one in (sending.find_handed_over(db, id) for id in ids) if one), None)
        if ours is None:
            return "nothing that was sent from here, or taken in before: nothing changed"
        report = next((one for one in reports if one.recipient == ours.recipient.lower()), next(iter(reports), None))
        if report is None or report.fate is None:
            return f"message {ours.id} to {ours.recipient}: no failure is told: nothing changed"
        answer = " ".join(f"came back ({report.action}): {report.status} {report.said}".split())
        return f"message {ours.id} to {ours.recipient} {_note(db, ours, report.fate, answer, mail, now)}: {answer}"


def _note(db: Connection, message: Outgoing, fate: Fate, answer: str, mail: Mail, now: datetime) -> str:
    """A transient failure counts as one more try, as if the first server had put it off; a permanent one ends it."""
    if fate == "delayed":
        sending.remark(db, message, answer)
        return "is delayed"
    if fate == "temporary" and message.attempts + 1 < mail.attempts:
        sending.came_back(db, message, answer=answer, next_try=now + backoff(message.attempts))
        return "waits for another try"
    sending.came_back(db, message, answer=answer, next_try=None)
    if fate != "permanent":
        return "failed"
    delivery.suspend(db, message.recipient, answer)
    return "failed, and the address is suspended"
