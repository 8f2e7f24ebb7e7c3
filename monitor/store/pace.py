"""How fast mail goes to each domain, and which domains, or the mail server itself, want to be left alone for now.

A domain that had no mail for a minute takes a minute's worth at once, then one message after the other at its pace. The
address of a robot or webhook is a domain of its own, told by its scheme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from monitor.store.tables import MailPace

SERVER = ""  # the domain that stands for the mail server itself
MINUTE = timedelta(minutes=1)
# QQ and 163 forgive in minutes at best, in an hour at worst; a server that is restarted is back in one.
SERVER_PAUSES = (MINUTE, 15 * MINUTE)  # the first and the longest
DOMAIN_PAUSES = (2 * MINUTE, 60 * MINUTE)
# WeCom and DingTalk take 20 in any minute: a minute's worth at once and one at this pace are no more than that.
TO_ONE_ROBOT = 10


@dataclass(frozen=True, slots=True)
class Closed:
    """Where nothing may go now: after a refusal (`paused`), or because its minute is used up."""

    until: datetime
    paused: bool


def closed(db: Connection, now: datetime, per_minute: int) -> Mapping[str, Closed]:
    """Each domain that takes nothing now, and until when."""
    longest = max(_interval(SERVER, per_minute), _interval(":", per_minute))
    found: dict[str, Closed] = {}
    for domain, slot, paused_until in db.execute(_CLOSED, {"now": now, "latest": now + MINUTE - longest}):
        opens = slot - MINUTE + _interval(domain, per_minute) if slot else now
        if paused_until and paused_until > now:
            found[domain] = Closed(max(opens, paused_until), paused=True)
        elif opens > now:
            found[domain] = Closed(opens, paused=False)
    return found


def admit(db: Connection, domains: Sequence[str], now: datetime, per_minute: int) -> list[bool]:
    """Which of these messages, named by their domains in their order, may go now; they are counted as gone."""
    if not per_minute and not any(":" in domain for domain in domains):
        return [True] * len(domains)
    known = db.execute(select(MailPace.domain, MailPace.next_slot).where(MailPace.domain.in_(set(domains))))
    slots = {row.domain: row.next_slot for row in known}
    new = [domain for domain in dict.fromkeys(domains) if domain not in slots]
    verdicts: list[bool] = []
    for domain in domains:
        slot, interval = max(slots.get(domain) or now, now), _interval(domain, per_minute)
        verdicts.append(slot + interval <= now + MINUTE)
        if verdicts[-1]:
            slots[domain] = slot + interval
    _write(db, {domain: slot for domain, slot in slots.items() if slot}, new)
    return verdicts


def pause(db: Connection, domain: str, now: datetime) -> datetime:
    """Leave a domain, or the server, alone: longer each time in a row. Returns until when."""
    first, longest = SERVER_PAUSES if domain == SERVER else DOMAIN_PAUSES
    last = db.execute(select(MailPace.pause).where(MailPace.domain == domain)).scalar()
    wait = min(2 * timedelta(seconds=last), longest) if last else first
    values = {"paused_until": now + wait, "pause": int(wait.total_seconds())}
    if last is None:
        db.execute(insert(MailPace).values(domain=domain, **values))
    else:
        db.execute(update(MailPace).where(MailPace.domain == domain).values(**values))
    return now + wait


def pause_of(db: Connection, domain: str) -> timedelta:
    """How long a domain, or the server, was last left alone; nothing once a message got through."""
    return timedelta(seconds=db.scalar(select(MailPace.pause).where(MailPace.domain == domain)) or 0)


def strained(db: Connection) -> set[str]:
    """Domains whose last answer was that they want less."""
    return set(db.scalars(select(MailPace.domain).where(MailPace.pause > 0)))


def relax(db: Connection, domain: str) -> None:
    """A message got through: the next pause is a short one again."""
    db.execute(update(MailPace).where(MailPace.domain == domain).values(pause=0))


def reopen(db: Connection) -> None:
    """Try the mail server and the services that are asked directly at once, because somebody wants it."""
    servers = or_(MailPace.domain == SERVER, MailPace.domain.contains(":"))
    db.execute(update(MailPace).where(servers).values(paused_until=None, pause=0))


def _interval(domain: str, per_minute: int) -> timedelta:
    rate = TO_ONE_ROBOT if ":" in domain else per_minute
    return MINUTE / rate if rate else timedelta()


def _write(db: Connection, slots: Mapping[str, datetime], new: Sequence[str]) -> None:
    fresh = [{"domain": domain, "next_slot": slots[domain], "pause": 0} for domain in new if domain in slots]
    if fresh:
        db.execute(insert(MailPace), fresh)
    moved = [{"its_domain": domain, "slot": slot} for domain, slot in slots.items() if domain not in new]
    if moved:
        db.execute(_MOVE, moved)


# Looked at for each batch: only those that may be closed.
_CLOSED = select(MailPace.domain, MailPace.next_slot, MailPace.paused_until).where(
    or_(MailPace.paused_until > bindparam("now"), MailPace.next_slot > bindparam("latest"))
)
_MOVE = update(MailPace).where(MailPace.domain == bindparam("its_domain")).values(next_slot=bindparam("slot"))
