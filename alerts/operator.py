"""Tells the operator, once, that a source broke, fell silent or vanished, and once that it is read again; where no site
answers, that it is our own line. Readers hear of it in their digests."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from alerts import render
from alerts.digest import SILENCE, SourceNews, Trouble
from alerts.forms import form_of
from monitor.config import Mail
from monitor.domain import Source
from monitor.health import LINE, is_trouble, last_answer
from monitor.store import SourceRecord, Store, delivery
from monitor.store.delivery import Letter

MENDED: Final = 2  # crawls in a row: one that went well by chance is no news
OWN_LINE: Final = Source(LINE, "本机网络", "")
States = Mapping[str, SourceRecord]


def queue_alert(store: Store, sources: Sequence[Source], mail: Mail, now: datetime) -> SourceNews | None:
    """Put a mail to the operator into the outbox where something changed; None where nothing did or nobody is to be told."""
    if mail.operator is None:
        return None
    states = store.source_states()
    broken, mended = _changes([source for source in sources if source.enabled and source.id in states], states)
    if not broken and not mended:
        return None
    with delivery.writing(store) as session:
        # Whoever marks a source first tells of it: two services may look at the same moment.
        broken = [source for source in broken if delivery.mark_alerted(session, source.id, True)]
        mended = [source for source in mended if delivery.mark_alerted(session, source.id, False)]
        if not broken and not mended:
            return None
        alert = _alert(broken, mended, states)
        message_id = _message_id(broken, mended, now, mail)
        subject, text = render.alert_words(alert)
        body = form_of(mail.operator, mail).note(subject, text, message_id, now)
        delivery.queue_message(session, Letter(message_id, mail.operator, subject, body, versions=()), now)
    return alert


def _changes(watched: Sequence[Source], states: States) -> tuple[list[Source], list[Source]]:
    """What broke and what is mended, each not told yet. Nothing is known of any source while our own line is down."""
    line = states.get(LINE)
    if line is not None and line.status != "ok":
        return ([] if line.alerted else [OWN_LINE]), []
    broken = [one for one in watched if not states[one.id].alerted and is_trouble(states[one.id])]
    mended = [one for one in watched if states[one.id].alerted and _is_mended(states[one.id])]
    if line is not None and line.alerted:
        mended.append(OWN_LINE)
    return [one for one in broken if _is_its_own(states[one.id], watched, states)], mended


def _is_mended(state: SourceRecord) -> bool:
    return state.health == "working" and state.successes >= MENDED


def _is_its_own(state: SourceRecord, watched: Sequence[Source], states: States) -> bool:
    """Whether it is the source that fails and not our line: another site has answered since, and it failed when one did."""
    if state.status != "unreachable" or len({urlsplit(one.url).netloc for one in watched}) < 2:
        return True
    answered, line = last_answer([states[one.id] for one in watched]), states.get(LINE)
    if answered is None or state.failing_since is None or state.last_finished is None:
        return False
    line_is_up = line is None or line.since is None or line.since < state.last_finished
    return line_is_up and state.failing_since <= answered


def _alert(broken: Sequence[Source], mended: Sequence[Source], states: States) -> SourceNews:
    troubles = {source.id: _trouble(source, states[source.id]) for source in broken}
    silent = [id for id in troubles if states[id].health == "silent"]
    return SourceNews(
        broken=tuple(trouble for id, trouble in troubles.items() if id not in silent),
        silent=tuple(troubles[id] for id in silent),
        mended=tuple(source.name for source in mended),
        network=OWN_LINE in broken,
    )


def _trouble(source: Source, state: SourceRecord) -> Trouble:
    reason = state.reason or state.status or ""
    if state.health == "silent":
        reason = SILENCE
    elif state.health == "gone":
        reason = f"已不存在：{reason}"
    elif source is OWN_LINE:
        reason = "没有一个网站应答"
    return Trouble(source.name, reason, state.since)


def _message_id(broken: Sequence[Source], mended: Sequence[Source], now: datetime, mail: Mail) -> str:
    seed = " ".join([now.isoformat(), *(source.id for source in (*broken, *mended))])
    return f"<sources-{hashlib.sha256(seed.encode()).hexdigest()[:24]}@{render.sender_domain(mail)}>"
