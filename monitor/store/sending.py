"""The outbox while it is sent: who has which message in hand, and how each fared.

`claimed`: a sender has it in hand and it can still be taken back. `sending`: from here on it may arrive. A sender that
dies leaves the one to the next sender and the other to the operator.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, CursorResult, bindparam, exists, func, or_, select, update

from monitor.store import pace
from monitor.store.tables import MessageBody, MessageRow, SubscriptionRow

BEFORE_THE_PATH = re.compile(r"[^/?#]*/*[^/?#]*")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in a sender's hands."""

    id: int
    message_id: str
    recipient: str
    subject: str
    body: bytes
    attempts: int  # how often it was put off before
    claimant: str | None

    @property
    def domain(self) -> str:
        """Whose pace it keeps."""
        return domain_of(self.recipient)

    @property
    def server(self) -> str:
        """Who is to be left alone where nobody answers: the mail server, or the service that is asked directly."""
        return self.domain if ":" in self.recipient else pace.SERVER


@dataclass(frozen=True, slots=True)
class Batch:
    """What was claimed; where that is nothing, when a domain opens that is closed only because its minute is used up."""

    messages: tuple[Outgoing, ...]
    opens: datetime | None = None


def domain_of(recipient: str) -> str:
    """example.com of an e-mail address; of any other, which has a colon, what stands before the path: https://example.com."""
    if ":" not in recipient:
        return recipient.rpartition("@")[2].lower()
    return BEFORE_THE_PATH.match(recipient.lower())[0]  # type: ignore[index]  # it matches anything


def claim(db: Connection, claimant: str, now: datetime, *, most: int, per_minute: int) -> Batch:
    """Take some of the messages that are due. Those of a paused or suspended reader stay where they are."""
    closed = dict(pace.closed(db, now, per_minute))
    due = [MessageRow.state == "pending", MessageRow.next_try <= now, ~HELD]
    if closed.pop(pace.SERVER, None):
        due.append(MessageRow.recipient.contains(":"))
    open_ones = [~_to(domain) for domain in closed]
    rows = db.execute(_IN_ORDER.where(*due, *open_ones).limit(most)).all()
    if not rows:
        used_up = [domain for domain, one in closed.items() if not one.paused]
        late = used_up and db.execute(_IN_ORDER.where(*due, or_(*map(_to, used_up))).limit(1)).first()
        return Batch((), opens=closed[domain_of(late.recipient)].until if late else None)
    verdicts = pace.admit(db, [domain_of(row.recipient) for row in rows], now, per_minute)
    ids = [row.id for row, admitted in zip(rows, verdicts, strict=True) if admitted]
    taken = update(MessageRow).where(MessageRow.id.in_(ids), MessageRow.state == "pending")
    db.execute(taken.values(state="claimed", claimed=now, claimant=claimant))
    mine = db.execute(_WHOLE.where(MessageRow.id.in_(ids), MessageRow.claimant == claimant))
    return Batch(tuple(Outgoing(*row) for row in mine))


def begin(db: Connection, message: Outgoing, now: datetime) -> bool:
    """Note that the message may arrive from here on; False where another sender took it over meanwhile."""
    return _one(db.execute(_BEGIN, _key(message) | {"now": now}))


def sent(db: Connection, message: Outgoing, *, answer: str, now: datetime) -> bool:
    """Note that the other side has it; False where another sender took it over meanwhile."""
    return _one(db.execute(_SENT, _key(message) | {"said": answer, "now": now}))


def ended(db: Connection, message: Outgoing, state: Literal["failed", "unknown"], *, answer: str) -> bool:
    """Note that it is not sent again by itself; False where another sender took it over meanwhile."""
    return _one(db.execute(_ENDED, _key(message) | {"to": state, "said": answer}))


def put_back(db: Connection, message: Outgoing, *, answer: str, next_try: datetime, counted: bool) -> bool:
    """Let a message wait for its next try; `counted` where the server heard of it and put it off."""
    attempts = message.attempts + counted
    values = {"said": answer, "at": next_try, "tries": attempts}
    return _one(db.execute(_PUT_BACK, _key(message) | values))


def release(db: Connection, claimant: str) -> None:
    """Give back what was claimed and not begun."""
    db.execute(_FREE.where(MessageRow.claimant == claimant))


def take_over(db: Connection, now: datetime, patience: timedelta) -> int:
    """Free what another sender claimed and return how many may have arrived.

    Should that sender be alive after all, it will find its claims gone. What it had begun long ago nobody can know:
    `unknown`, for the operator.
    """
    db.execute(_FREE)
    lost = update(MessageRow).where(MessageRow.state == "sending", MessageRow.claimed < now - patience)
    answer = "the sender stopped before it could note the server's answer"
    return db.execute(lost.values(state="unknown", answer=answer, claimant=None)).rowcount


def hasten(db: Connection, now: datetime) -> None:
    """Try at once what no server has answered yet, because somebody asks for it."""
    pace.reopen(db)
    db.execute(update(MessageRow).where(MessageRow.state == "pending", MessageRow.attempts == 0).values(next_try=now))


def find_handed_over(db: Connection, message_id: str) -> Outgoing | None:
    """The message of that Message-ID, if a server took it or may have taken it."""
    gone = MessageRow.state.in_(("sending", "sent", "unknown"))
    row = db.execute(_WHOLE.where(MessageRow.message_id == message_id, gone)).first()
    return Outgoing(*row) if row else None


def remark(db: Connection, message: Outgoing, answer: str) -> None:
    """Note what was said of a message that is still on its way."""
    db.execute(update(MessageRow).where(MessageRow.id == message.id).values(answer=answer))


def came_back(db: Connection, message: Outgoing, *, answer: str, next_try: datetime | None) -> None:
    """Note that a message that a server took was returned: it has failed, or waits for its next try."""
    state = "failed" if next_try is None else "pending"
    values: dict[str, object] = {"state": state, "answer": answer, "attempts": message.attempts + 1, "claimant": None}
    if next_try is not None:
        values["next_try"] = next_try
    db.execute(update(MessageRow).where(MessageRow.id == message.id).values(**values))


def _to(domain: str) -> ColumnElement[bool]:
    recipient = func.lower(MessageRow.recipient)
    if ":" in domain:
        return recipient.startswith(domain, autoescape=True)
    return recipient.endswith(f"@{domain}", autoescape=True)


def _key(message: Outgoing) -> dict[str, object]:
    return {"its_id": message.id, "mine": message.claimant}


def _one(result: CursorResult[Any]) -> bool:
    return result.rowcount == 1


# Built once: a message passes through several of them, and building one takes longer than running it.
HELD = exists().where(
    SubscriptionRow.id == MessageRow.subscription_id,
    or_(SubscriptionRow.suspended.is_not(None), SubscriptionRow.paused.is_(True)),
)
_IN_ORDER = select(MessageRow.id, MessageRow.recipient).order_by(MessageRow.next_try, MessageRow.id)
_WHOLE = (
    select(
        MessageRow.id,
        MessageRow.message_id,
        MessageRow.recipient,
        MessageRow.subject,
        MessageBody.body,
        MessageRow.attempts,
        MessageRow.claimant,
    )
    .join(MessageBody, MessageBody.message_id == MessageRow.id)
    .order_by(MessageRow.next_try, MessageRow.id)
)
_MINE = update(MessageRow).where(MessageRow.id == bindparam("its_id"), MessageRow.claimant == bindparam("mine"))
# No `in_`: its list is written out anew each time, which takes longer than all else of the statement.
_IN_HAND = _MINE.where(or_(MessageRow.state == "claimed", MessageRow.state == "sending"))
_BEGIN = _MINE.where(MessageRow.state == "claimed").values(state="sending", claimed=bindparam("now"))
_SENT = _IN_HAND.values(state="sent", answer=bindparam("said"), sent=bindparam("now"), claimant=None)
_ENDED = _IN_HAND.values(state=bindparam("to"), answer=bindparam("said"), claimant=None)
_PUT_BACK = _IN_HAND.values(
    state="pending",
    answer=bindparam("said"),
    next_try=bindparam("at"),
    attempts=bindparam("tries"),
    claimant=None,
)
_FREE = update(MessageRow).where(MessageRow.state == "claimed").values(state="pending", claimant=None)
