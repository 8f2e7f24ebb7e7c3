"""Tells the operator, once, that a source broke, and once that it is read again. Readers hear of it in their digests."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts import render
from alerts.digest import SourceNews, Trouble
from monitor.config import Mail
from monitor.domain import Source
from monitor.store import SourceRecord, Store, delivery
from monitor.store.delivery import Letter

BROKEN, MENDED = 3, 2  # crawls in a row: one that failed by chance is no news, nor is one that went well by chance


def queue_alert(store: Store, sources: Sequence[Source], mail: Mail, now: datetime) -> SourceNews | None:
    """Put a mail to the operator into the outbox where something changed; None where nothing did or nobody is to be told."""
    if mail.operator is None:
        return None
    states = store.source_states()
    watched = [source for source in sources if source.enabled and source.id in states]
    broken = [source for source in watched if _is_broken(states[source.id])]
    mended = [source for source in watched if states[source.id].alerted and states[source.id].successes >= MENDED]
    if not broken and not mended:
        return None
    with delivery.writing(store) as session:
        # Whoever marks a source first tells of it: two services may look at the same moment.
        broken = [source for source in broken if delivery.mark_alerted(session, source.id, True)]
        mended = [source for source in mended if delivery.mark_alerted(session, source.id, False)]
        if not broken and not mended:
            return None
        alert = _alert(broken, mended, watched, states)
        message_id = _message_id(broken, mended, now, mail)
        subject, body = render.alert_message(alert, mail, mail.operator, message_id, now)
        delivery.queue_message(session, Letter(message_id, mail.operator, subject, body, versions=()), now)
    return alert


def _is_broken(state: SourceRecord) -> bool:
    return state.failures >= BROKEN and not state.alerted


def _alert(
    broken: Sequence[Source], mended: Sequence[Source], watched: Sequence[Source], states: Mapping[str, SourceRecord]
) -> SourceNews:
    failing = all(states[source.id].failures for source in watched)
    troubles = (
        Trouble(
            source.name, states[source.id].reason or states[source.id].status or "", states[source.id].failing_since
        )
        for source in broken
    )
    network = bool(broken) and len(watched) > 1 and failing
    return SourceNews(tuple(troubles), tuple(source.name for source in mended), network)


def _message_id(broken: Sequence[Source], mended: Sequence[Source], now: datetime, mail: Mail) -> str:
    seed = " ".join([now.isoformat(), *(source.id for source in (*broken, *mended))])
    return f"<sources-{hashlib.sha256(seed.encode()).hexdigest()[:24]}@{render.sender_domain(mail)}>"
