"""What a message looks like on each channel: its bytes in the outbox, and how long it may be."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from alerts import render
from alerts.channels.robots import SERVICES
from alerts.channels.services import Payload, Service, as_bytes
from alerts.digest import Digest
from alerts.markdown import pieces
from alerts.parts import html_length
from alerts.recipients import kind_of
from alerts.record import describe
from alerts.wording import one_line
from monitor.config import Mail

NAME: Final = "政策观察"  # begins every title: robots may want a keyword
WEBHOOK: Final = 1_000_000  # bytes of a body; more than receivers usually take
LONGEST_LINE: Final = 400  # characters of a line that is no digest's, for a robot
APPRISE: Final = 12_000  # bytes of text: services with less get several messages


@dataclass(frozen=True, slots=True)
class Form:
    """How one channel's messages are made."""

    longest: int
    length: Callable[[Digest], int]  # counted as `longest` is
    digest: Callable[[Digest, str], bytes]  # with the Message-ID
    note: Callable[[str, str, str, datetime], bytes]  # title, text and Message-ID


def form_of(recipient: str, mail: Mail) -> Form:
    """The form of messages to an address."""
    kind = kind_of(recipient)
    if kind in SERVICES:
        return _robot(SERVICES[kind])
    if kind == "webhook":
        return Form(WEBHOOK, lambda one: len(_json(one, "")), _json, _json_note)
    if kind == "apprise":
        return Form(APPRISE, lambda one: len(render.text_part(one).encode()), _text, _text_note)
    return Form(
        mail.longest, html_length, partial(_mail, mail), partial(_mail_note, mail, recipient)
    )  # fmt: skip


def _mail(mail: Mail, digest: Digest, message_id: str) -> bytes:
    return render.message(digest, mail, message_id)


def _mail_note(mail: Mail, recipient: str, title: str, text: str, message_id: str, now: datetime) -> bytes:
    return render.note(title, text, recipient, mail, message_id, now)


def _robot(service: Service) -> Form:
    def payload_of(digest: Digest) -> Payload:
        return service.payload(_title(digest), pieces(digest, service.dialect))

    def note(title: str, text: str, _: str, __: datetime) -> bytes:
        lines = [service.dialect.plain(one_line(line)[:LONGEST_LINE]) for line in text.splitlines() if line.strip()]
        while True:
            payload = service.payload(f"{NAME} · {title[:LONGEST_LINE]}", [service.dialect.line_end.join(lines)])
            if service.size(payload) <= service.longest:
                return as_bytes(payload)
            lines = [*lines[:-2], "……"]  # it says that there is more; `policywatch doctor` has it all

    return Form(
        service.longest,
        lambda digest: service.size(payload_of(digest)),
        lambda digest, _: as_bytes(payload_of(digest)),
        note,
    )


def _json(digest: Digest, message_id: str) -> bytes:
    return as_bytes({"type": "digest", "id": message_id.strip("<>"), **describe(digest)})


def _json_note(title: str, text: str, message_id: str, now: datetime) -> bytes:
    named = {"type": "note", "id": message_id.strip("<>"), "subject": title, "built": now.isoformat(), "text": text}
    return as_bytes(named)


def _text(digest: Digest, _: str) -> bytes:
    return as_bytes({"title": _title(digest), "text": render.text_part(digest)})


def _text_note(title: str, text: str, _: str, __: datetime) -> bytes:
    return json.dumps({"title": f"{NAME} · {title}", "text": text}).encode()


def _title(digest: Digest) -> str:
    return f"{NAME} · {render.subject(digest)}"
