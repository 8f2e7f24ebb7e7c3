"""`mail`, what `outbox` decides and what `doctor` says of the mail server, seen through the command line only."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from monitor import assembly, service
from monitor.config import read_settings
from monitor.demo.mailserver import MailServer, _free_port
from monitor.store import Store, delivery, sending
from monitor.store.delivery import Letter, Wanted

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

READER = "reader@example.com"
ID = "<digest-0123456789abcdef01234567@example.com>"
REPORT = f"""From: MAILER-DAEMON@mx.example
To: watch@example.com
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {READER}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {ID}

--b--
"""


@pytest.fixture
def policywatch(in_process: "Policywatch") -> "Policywatch":
    return in_process


@pytest.fixture
def server(data: Path, tmp_path: Path) -> Iterator[MailServer]:
    running = MailServer(tmp_path / "received")
    write_settings(data, running.port)
    running.start()
    yield running
    running.stop()


def write_settings(data: Path, port: int, **other: Any) -> None:
    smtp = {"host": "127.0.0.1", "port": port, "security": "none", "timeout": 5.0}
    document = {"smtp": smtp | other.pop("smtp", {}), **other}
    (data / "policywatch.toml").write_text(tomlkit.dumps(document), encoding="utf-8")


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{data / 'policywatch.sqlite'}") as opened:
        yield opened


def put(store: Store, state: str) -> None:
    """One message in the outbox that a sender brought into this state."""
    now = assembly.now()
    with delivery.writing(store) as session:
        kept = delivery.add_subscription(session, Wanted(READER, themes=("future",)), now)
        delivery.queue_message(
            session, Letter(ID, READER, "今日政策", b"Subject: t\r\n\r\ntext\r\n", (), None, kept.id), now
        )
    with store.writing() as db:
        (message,) = sending.claim(db, "test", now, most=1, per_minute=0).messages
        if state == "sent":
            sending.sent(db, message, answer="250 kept", now=now)
        else:
            sending.ended(db, message, state, answer="told so")  # type: ignore[arg-type]  # the tests name real states


def states(policywatch: "Policywatch") -> list[str]:
    return [one["state"] for one in json.loads(policywatch("outbox", "list", "--json").stdout)["messages"]]


def test_the_talk_with_the_server_is_shown_line_by_line(policywatch: "Policywatch", server: MailServer) -> None:
    done = policywatch("mail", "test", READER)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("< 220 ")
    assert f"> RCPT TO:<{READER}>" in lines
    assert any(line.startswith("handed over: 250 kept") for line in lines)
    assert any(line.startswith("better: mail.sender is nobody's address") for line in lines)


def test_what_to_mend_is_said_in_one_line(policywatch: "Policywatch", server: MailServer, data: Path) -> None:
    server.keeper.refusal = "550 5.7.1 SPF check failed"
    refused = policywatch("mail", "test", READER)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "550 5.7.1 SPF check failed; the sender's domain is not set up" in refused.stderr
    for other, words in (
        ({"port": _free_port()}, "nothing listens there"),
        ({"security": "tls"}, 'this port does not begin with TLS: smtp.security = "starttls"'),
        ({"security": "starttls"}, 'the server offers no STARTTLS: smtp.security = "tls"'),
        ({"host": "no-such-host.invalid"}, "smtp.host is no name that can be found"),
    ):
        write_settings(data, server.port, smtp=other)
        failed = policywatch("mail", "test", READER)
        assert (failed.returncode, len(failed.stderr.splitlines())) == (1, 1)
        assert words in failed.stderr


def test_without_a_server_the_test_lands_in_the_mailbox_folder(policywatch: "Policywatch", data: Path) -> None:
    done = policywatch("mail", "test", READER)
    assert "no smtp.host is set" in done.stdout
    assert len(list((data / "mailbox").glob("*.eml"))) == 1


def test_the_services_people_use_are_listed(policywatch: "Policywatch") -> None:
    shown = policywatch("mail", "services").stdout
    for host in ("smtp.qq.com", "smtp.163.com", "smtp.exmail.qq.com", "smtp.office365.com", "smtp.gmail.com"):
        assert host in shown


def test_a_returned_message_is_taken_in_from_a_pipe(policywatch: "Policywatch", store: Store) -> None:
    put(store, "sent")
    done = policywatch("mail", "bounce", input=REPORT)
    assert (done.returncode, "the address is suspended" in done.stdout) == (0, True)
    shown = json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"]
    assert "550 5.1.1 no such user" in shown[0]["state"]
    # What is not ours is no fault: a mail server would bounce it once more.
    assert policywatch("mail", "bounce", input="Subject: hello\n\n").returncode == 0


def test_a_store_that_cannot_be_used_lets_the_mail_server_try_again(policywatch: "Policywatch", data: Path) -> None:
    (data / "policywatch.sqlite").write_bytes(b"scrambled by a dying disk " * 400)
    assert policywatch("mail", "bounce", input=REPORT).returncode == 75


def test_a_maildir_is_taken_in(policywatch: "Policywatch", store: Store, data: Path, tmp_path: Path) -> None:
    unset = policywatch("mail", "bounce", "--maildir")
    assert (unset.returncode, "mail.bounces is not set" in unset.stderr) == (1, True)
    put(store, "sent")
    for part in ("new", "cur"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    (tmp_path / "Maildir/new/1").write_text(REPORT)
    write_settings(data, _free_port(), mail={"bounces": str(tmp_path / "Maildir")})
    assert "suspended" in policywatch("mail", "bounce", "--maildir").stdout
    assert policywatch("mail", "bounce", "--maildir").stdout == ""


def test_the_service_takes_in_what_came_back(store: Store, data: Path, tmp_path: Path) -> None:
    put(store, "sent")
    for part in ("new", "cur"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    (tmp_path / "Maildir/new/1").write_text(REPORT)
    write_settings(data, _free_port(), mail={"bounces": str(tmp_path / "Maildir")})
    service.send_due(read_settings(data=data), threading.Event())
    with delivery.reading(store) as session:
        assert delivery.list_subscriptions(session, active=True) == ()


def test_the_operator_decides_on_what_may_have_arrived(policywatch: "Policywatch", store: Store) -> None:
    put(store, "unknown")
    assert "text" in policywatch("outbox", "show", "1").stdout
    assert states(policywatch) == ["unknown"]
    assert policywatch("outbox", "arrived", "1").returncode == 0
    assert states(policywatch) == []
    again = policywatch("outbox", "retry", "1")
    assert (again.returncode, "neither failed nor" in again.stderr) == (1, True)


def test_what_failed_is_sent_again_on_demand(policywatch: "Policywatch", store: Store, server: MailServer) -> None:
    put(store, "failed")
    assert policywatch("outbox", "retry", "1").returncode == 0
    assert policywatch("digest").returncode == 0
    assert states(policywatch) == []
    assert len(list(server.keeper.folder.glob("*.eml"))) == 1
    missing = policywatch("outbox", "show", "99")
    assert (missing.returncode, "no message 99" in missing.stderr) == (1, True)


def test_doctor_prints_the_record_to_publish_and_never_the_key(
    policywatch: "Policywatch", server: MailServer, data: Path, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (tmp_path / "dkim.pem").write_text(pem)
    mail = {"sender": "watch@example.com", "dkim_key_file": str(tmp_path / "dkim.pem")}
    write_settings(data, server.port, mail=mail)
    shown = policywatch("doctor", "--json").stdout
    (found,) = [one for one in json.loads(shown)["findings"] if one["part"] == "dkim"]
    assert found["state"] == "ok"
    assert "policywatch._domainkey.example.com v=DKIM1; k=rsa; p=MII" in found["detail"]
    assert not any(line in shown for line in pem.splitlines()[1:-1])
    (tmp_path / "dkim.pem").write_text("no key")
    broken = policywatch("doctor", "--json")
    assert broken.returncode == 1
    assert "mail.dkim_key_file" in broken.stdout
    assert "no private key" in broken.stdout


def test_passwords_are_shown_by_no_command(policywatch: "Policywatch", data: Path, server: MailServer) -> None:
    write_settings(data, server.port, smtp={"user": "watch@example.com", "password": "geheim-4711"})
    for arguments in (("mail", "test", READER), ("doctor",), ("digest",)):
        done = policywatch(*arguments)
        assert "geheim-4711" not in done.stdout + done.stderr
