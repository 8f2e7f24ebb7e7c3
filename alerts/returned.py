"""Reads a message that came back: which of ours it was, and what is said of its address (RFC 3464, and the pages for people
that some services write instead). Decides nothing.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from typing import Literal

from alerts.channels.smtp import NO_MAILBOX, kind_of_refusal

Fate = Literal["delayed", "temporary", "permanent", "refused"]
LONGEST = 2_000_000  # bytes; what a returned message says stands at its head
HEAD = 2_000  # characters of a page for people: further down stands our own text, which may say anything
SERVERS = re.compile(r"postmaster|mailer-?daemon", re.IGNORECASE)
STATUS = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"\b([45])\d\d[ -](?=\S)")
LEAVING = re.compile(r"\s*unsubscribe\s+([\w-]+)\s*", re.IGNORECASE)
ABOUT_US = re.compile(r"5\.(?:[67]\.|3\.4)")  # the content, our standing, the size: no fault of the address


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says of one address."""

    recipient: str | None
    action: str  # failed, delayed, delivered, relayed, expanded
    status: str  # 5.1.1
    said: str

    @property
    def fate(self) -> Fate | None:
        """None where nothing is amiss."""
        if self.action == "delayed":
            return "delayed"
        if self.action != "failed":
            return None
        if self.status.startswith("4"):
            return "temporary"
        if ABOUT_US.match(self.status) and not NO_MAILBOX.search(self.said):
            return "refused"
        kind = kind_of_refusal(550, f"{self.status} {self.said}", "recipient")
        return "permanent" if kind == "permanent" else "refused"


def parse(raw: bytes) -> Message:
    """Anybody may write to the address that bounces come to: what is built to break a reader is read as empty."""
    try:
        return email.message_from_bytes(raw[:LONGEST])
    except RecursionError:
        return Message()


def leaving(message: Message) -> str | None:
    """The token of a reader who asks by mail to be unsubscribed, as the link in each digest has it."""
    found = LEAVING.fullmatch(str(message["Subject"]))
    return found[1] if found else None


def message_ids(returned: Message, return_path: str | None, domain: str) -> Iterator[str]:
    """The Message-IDs it may be known by, the surest first: envelope id, address it came back to, headers sent back."""
    for block in _status_blocks(returned):
        if block["Original-Envelope-Id"]:
            yield f"<{_from_xtext(str(block['Original-Envelope-Id']).strip())}>"
    before, mark, after = (return_path or "").partition("{id}")
    own = re.compile(rf"{re.escape(before)}([\w.-]+){re.escape(after)}", re.IGNORECASE)
    lines = [str(line) for name in ("Delivered-To", "X-Original-To", "To") for line in returned.get_all(name, [])]
    for _, address in getaddresses(lines) if mark else ():
        if found := own.fullmatch(address):
            yield f"<{found[1]}@{domain}>"
    for headers in _originals(returned):
        yield str(headers["Message-ID"] or "").strip()


def reports(returned: Message) -> tuple[Report, ...]:
    """What is said of each address."""
    told = tuple(_report(block) for block in _status_blocks(returned) if block["Action"])
    is_server = SERVERS.search(str(returned["From"])) and "auto-replied" not in str(returned["Auto-Submitted"])
    return told or (_told_in_words(returned) if is_server else ())


def _report(block: Message) -> Report:
    recipient = str(block["Original-Recipient"] or block["Final-Recipient"] or "").rpartition(";")[2].strip().lower()
    kind, _, words = str(block["Diagnostic-Code"] or "").partition(";")
    status = STATUS.search(str(block["Status"] or ""))
    said = " ".join((words or kind).split())
    return Report(
        _from_xtext(recipient) or None, str(block["Action"]).strip().lower(), status[0] if status else "5.0.0", said
    )


def _told_in_words(returned: Message) -> tuple[Report, ...]:
    """QQ returns a page for people, with the other server's answer somewhere in it: only plain words cut a reader off."""
    for part in _parts(returned):
        if part.get_content_maintype() == "text":
            words = " ".join(re.sub(r"<[^<>]*>", " ", _text(part)).split())[:HEAD]
            found = NO_MAILBOX.search(words) or STATUS.search(words) or REPLY.search(words)
            if found:
                status = "5.1.1" if NO_MAILBOX.search(words) else f"{found[1]}.7.0"
                return (Report(None, "failed", status, words[max(found.start() - 40, 0) : found.start() + 160]),)
    return ()


def _originals(returned: Message) -> Iterator[Message]:
    """The headers of the message that came back."""
    for part in _parts(returned):
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            yield email.message_from_string(_text(part))
        elif kind in ("message/rfc822", "message/global"):
            yield from _blocks(part)


def _status_blocks(returned: Message) -> Iterator[Message]:
    for part in _parts(returned):
        if part.get_content_type() == "message/delivery-status":
            yield from _blocks(part)


def _parts(message: Message) -> Iterator[Message]:
    """Its own parts; not those of a message inside it."""
    if message.get_content_maintype() == "multipart":
        for part in _blocks(message):
            yield from _parts(part)
    else:
        yield message


def _blocks(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [block for block in inside if isinstance(block, Message)] if isinstance(inside, list) else []


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _from_xtext(value: str) -> str:
    return re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), value)
