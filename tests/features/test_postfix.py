"""Against a real Postfix on loopback: a digest arrives whole and signed, and what cannot be delivered comes back.

Needs Debian's `postfix` and to be started by root, as Postfix does; is skipped where either is missing.
"""

import email
import email.policy
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import dkim
import listunsub
import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from alerts import bounces, outbox
from alerts.addresses import sender_address
from alerts.channels.signing import make_signer
from alerts.channels.smtp import SmtpServer
from alerts.headers import HEADERS
from monitor.config import Mail, Smtp
from monitor.demo.mailserver import _free_port
from monitor.store import Store, delivery
from monitor.store.delivery import Letter, Wanted

POSTFIX = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.skipif(POSTFIX is None, reason="Debian's postfix is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix can be started by root only"),
]

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
MAIL = Mail(
    sender="政策观察 <watch@example.com>",
    return_path="bounces+{id}@example.com",
    dkim_selector="w2026",
    dkim_key=SecretStr(PEM),
)
LINK = f"https://watch.example.com/u/{'t' * 43}"
SUBJECT = "无锡市：低空经济产业规模600亿元（到2028年底）等15项新目标、7项新政策与计划，另有3项有变化 及 eVTOL 起降点"
FILE = "无锡市关于推进低空经济高质量发展的三年行动方案（2026—2028年）征求意见稿及起草说明.pdf"
# reader@ has a mailbox; mail to gone.example is taken, and refused by the next server.
MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = mx.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
recipient_delimiter = +
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = reader.example, example.com
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {{reader@reader.example = reader/}}, {{bounces@example.com = bounces/}} }}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
relay_domains = gone.example
transport_maps = inline:{{ {{gone.example = smtp:[127.0.0.1]:{next_port}}} }}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    home: Path
    port: int

    def arrived(self, mailbox: str, count: int = 1) -> list[bytes]:
        """What lies in a mailbox, once there is so much of it."""
        new = self.home / "mail" / mailbox / "new"
        end = time.monotonic() + 30
        while time.monotonic() < end and (not new.is_dir() or len(list(new.iterdir())) < count):
            time.sleep(0.05)
        assert new.is_dir(), (self.home / "log").read_text()
        return [file.read_bytes() for file in sorted(new.iterdir())]

    def empty(self) -> None:
        shutil.rmtree(self.home / "mail")
        (self.home / "mail").mkdir()
        shutil.chown(self.home / "mail", 65534, 65534)


class Refusing:
    """The next server on the way: it has none of the mailboxes."""

    async def handle_RCPT(self, *_: object) -> str:
        return "550 5.1.1 the mailbox was closed"


@contextmanager
def running(home: Path) -> Iterator[Postfix]:
    home.chmod(0o755)  # Postfix reads it as a user of its own
    port = _free_port()
    beyond = Controller(Refusing(), hostname="127.0.0.1", port=_free_port())
    for name in ("etc", "queue", "data", "mail"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    shutil.chown(home / "mail", 65534, 65534)
    (home / "etc/main.cf").write_text(MAIN.format(home=home, next_port=beyond.port))
    (home / "etc/master.cf").write_text(MASTER.format(port=port))
    command = [str(POSTFIX), "-c", str(home / "etc")]
    started = subprocess.run([*command, "start"], capture_output=True, text=True, timeout=60, check=False)
    if started.returncode:
        pytest.skip(f"Postfix does not start here: {started.stderr[-300:]}")
    beyond.start()
    try:
        yield Postfix(home, port)
    finally:
        beyond.stop()
        subprocess.run([*command, "stop"], capture_output=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    with tempfile.TemporaryDirectory(prefix="postfix-") as home, running(Path(home)) as started:
        yield started


@pytest.fixture
def postfix(server: Postfix) -> Postfix:
    server.empty()
    return server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as opened:
        yield opened


def put(store: Store, recipient: str) -> None:
    """A subscriber and a message in the outbox, with all that a digest can have in its headers."""
    message_id = f"<digest-{recipient.partition('@')[0]}@example.com>"
    message = EmailMessage(policy=HEADERS)
    message["Subject"] = SUBJECT
    message["From"] = sender_address(MAIL.sender)
    message["To"] = recipient
    message["Date"] = NOW
    message["Message-ID"] = message_id
    message["List-Unsubscribe"] = f"<{LINK}>, <mailto:watch@example.com?subject=unsubscribe%20{'t' * 43}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("● 低空经济产业规模：600亿元\n.以点开头的一行\n", cte="base64")
    message.add_alternative("<p>● 低空经济产业规模：<b>600亿元</b></p>", subtype="html", cte="base64")
    message.add_attachment(b"%PDF-1.7 \x00\xff" * 99, "application", "pdf", filename=FILE)
    with delivery.writing(store) as session:
        kept = delivery.add_subscription(session, Wanted(recipient, themes=("future",)), NOW)
        letter = Letter(message_id, recipient, SUBJECT, message.as_bytes(), (), subscription_id=kept.id)
        delivery.queue_message(session, letter, NOW)


def send(store: Store, postfix: Postfix) -> list[str]:
    channel = SmtpServer(Smtp(host="127.0.0.1", port=postfix.port, security="none", timeout=20), MAIL)
    return [one.state for one in outbox.send_waiting(store, channel, MAIL, lambda: NOW)]


def test_a_digest_arrives_whole_signed_and_with_its_chinese_names(store: Store, postfix: Postfix) -> None:
    put(store, "reader@reader.example")
    assert send(store, postfix) == ["sent"]
    (raw,) = postfix.arrived("reader")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == SUBJECT
    assert str(message["From"]) == "政策观察 <watch@example.com>"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["● 低空经济产业规模：600亿元", ".以点开头的一行"]
    assert html.get_content().splitlines() == ["<p>● 低空经济产业规模：<b>600亿元</b></p>"]
    assert [one.get_filename() for one in message.iter_attachments()] == [FILE]
    assert str(message["Return-Path"]) == "<bounces+digest-reader@example.com>"


def test_its_signature_verifies_and_covers_the_way_out(store: Store, postfix: Postfix) -> None:
    put(store, "reader@reader.example")
    send(store, postfix)
    (raw,) = postfix.arrived("reader")
    signer = make_signer(MAIL)
    assert signer
    assert dkim.verify(raw, dnsfunc=lambda _name, **_options: signer.record.encode())
    headers = email.message_from_bytes(raw, policy=email.policy.compat32)
    found = listunsub.audit(
        headers["List-Unsubscribe"], headers["List-Unsubscribe-Post"], dkim_signatures=headers.get_all("DKIM-Signature")
    )
    assert found == []


def test_what_cannot_be_delivered_comes_back_and_suspends_the_address(store: Store, postfix: Postfix) -> None:
    put(store, "nobody@gone.example")
    assert send(store, postfix) == ["sent"]  # Postfix finds out later
    (raw,) = postfix.arrived("bounces")
    line = bounces.take_in(store, raw, MAIL, NOW)
    assert "suspended: came back (failed): 5.1.1" in line
    assert "the mailbox was closed" in line
    with delivery.reading(store) as session:
        assert delivery.list_subscriptions(session, active=True) == ()
        assert [one.state for one in delivery.messages(session)] == ["failed"]


def test_what_comes_back_is_known_without_its_headers_and_without_an_address_of_its_own(
    store: Store, postfix: Postfix
) -> None:
    put(store, "nobody@gone.example")
    send(store, postfix)
    (raw,) = postfix.arrived("bounces")
    assert b"Original-Envelope-Id: digest-nobody@example.com" in raw
    bare = raw.replace(b"bounces+digest-nobody", b"bounces").replace(b"Message-ID:", b"X-Id:")
    assert "suspended" in bounces.take_in(store, bare, MAIL.model_copy(update={"return_path": None}), NOW)


def test_an_address_that_postfix_refuses_at_once_is_suspended_at_once(store: Store, postfix: Postfix) -> None:
    put(store, "other@reader.example")
    assert send(store, postfix) == ["failed"]
    with delivery.reading(store) as session:
        (one,) = delivery.list_subscriptions(session)
    assert str(one.suspended).startswith("recipient refused: 550 5.1.1")
