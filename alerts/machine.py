"""Tells the operator, once, that this machine keeps the service from its work, and once that it no longer does.

What was well for an hour after a fault is well again; a fault that comes and goes meanwhile is the same one. All of it
stands in the database, so a service that starts anew tells nothing twice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from alerts import render
from alerts.forms import form_of
from alerts.wording import one_line
from monitor.config import Mail
from monitor.store import SourceRecord, Store, delivery
from monitor.store.delivery import Letter

CALM: Final = timedelta(hours=1)
FAILING: Final = "failed"
ADVICE: Final = "policywatch doctor 逐项检查本机，并说明怎样处理。"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the service needs; `id` stands among the sources, none of whose ids has brackets."""

    id: str
    name: str
    fault: str | None = None  # what is wrong with it now


def queue_machine_alert(store: Store, parts: Sequence[Part], mail: Mail, now: datetime) -> str | None:
    """Put a message to the operator into the outbox where something changed, and return its subject."""
    if mail.operator is None:
        return None
    states = {part.id: _noted(store, part, now) for part in parts}
    changed = [part for part in parts if (states[part.id].status == FAILING) is not states[part.id].alerted]
    if not changed:
        return None
    with delivery.writing(store) as session:
        # Whoever marks a part first tells of it: two services may look at the same moment.
        told = [part for part in changed if delivery.mark_alerted(session, part.id, not states[part.id].alerted)]
        if not told:
            return None
        subject, text = _words([(part, states[part.id]) for part in told])
        body = form_of(mail.operator, mail).note(subject, text, _message_id(told, now, mail), now)
        delivery.queue_message(session, Letter(_message_id(told, now, mail), mail.operator, subject, body, ()), now)
    return subject


def _noted(store: Store, part: Part, now: datetime) -> SourceRecord:
    """The record of a part after one more look; nothing is written while it is well."""
    before = store.source_states().get(part.id, SourceRecord(part.id))
    if part.fault is None and before.status != FAILING:
        return before
    return store.finish_crawl(part.id, partial(_after, fault=part.fault, now=now))


def _after(before: SourceRecord, fault: str | None, now: datetime) -> SourceRecord:
    """`last_finished` is when it was last seen at fault."""
    if fault is not None:
        since = before.since if before.status == FAILING else now
        return replace(before, status=FAILING, reason=fault, since=since, last_finished=now)
    if before.last_finished is not None and now - before.last_finished < CALM:
        return before
    return replace(before, status="ok", reason=None, since=now)


def _words(told: Sequence[tuple[Part, SourceRecord]]) -> tuple[str, str]:
    broken = [(part, state) for part, state in told if state.status == FAILING]
    mended = [part.name for part, state in told if state.status != FAILING]
    heads = [f"{'、'.join(part.name for part, _ in broken)}异常"] if broken else []
    heads += [f"{'、'.join(mended)}恢复正常"] if mended else []
    lines = [f"! {part.name}：{one_line(state.reason or '')}" for part, state in broken]
    lines += [f"恢复正常：{name}" for name in mended]
    return f"本机告警：{'，'.join(heads)}", "\n".join([*lines, "", ADVICE]) + "\n"


def _message_id(told: Sequence[Part], now: datetime, mail: Mail) -> str:
    seed = " ".join([now.isoformat(), *(part.id for part in told)])
    return f"<machine-{hashlib.sha256(seed.encode()).hexdigest()[:24]}@{render.sender_domain(mail)}>"
