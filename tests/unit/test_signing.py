"""DKIM: what is signed verifies after a real SMTP hop, and the key appears nowhere."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import dkim
import listunsub
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from alerts.channels.signing import Signer, make_signer
from alerts.channels.smtp import SmtpServer
from alerts.headers import HEADERS
from monitor.config import Mail, Smtp
from monitor.demo.mailserver import MailServer
from monitor.errors import ConfigError
from monitor.store.delivery import Letter

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
MAIL = Mail(sender="政策观察 <watch@news.example.com>", dkim_selector="w2026", dkim_key=SecretStr(PEM))
LINK = f"https://watch.example.com/unsubscribe/{'t' * 60}"
LONG = "无锡市：低空经济产业规模600亿元（到2028年底）等15项新目标、7项新政策与计划，另有3项有变化，详见正文各条及其来源链接"


def signer(mail: Mail = MAIL) -> Signer:
    made = make_signer(mail)
    assert made
    return made


def built(subject: str = LONG, *names: str) -> bytes:
    message = EmailMessage(policy=HEADERS)
    message["Subject"] = subject
    message["From"] = "watch@news.example.com"
    message["To"] = "reader@example.com"
    message["Message-ID"] = "<digest-1@news.example.com>"
    message["List-Unsubscribe"] = f"<{LINK}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("正文第一段。\n.以点开头的一行。\n", cte="base64")
    for name in names:
        message.add_attachment(b"\x00\xff" * 500, "application", "pdf", filename=name)
    return message.as_bytes()


def verifies(raw: bytes, record: str | None = None) -> bool:
    asked: list[bytes] = []

    def answer(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return (record or signer().record).encode()

    verdict: bool = dkim.verify(raw, dnsfunc=answer)
    assert asked == [b"w2026._domainkey.news.example.com."]
    return verdict


def test_a_signed_message_verifies_with_the_record_that_is_to_be_published() -> None:
    assert verifies(signer().signed(built()))


def test_a_signed_message_verifies_after_the_way_by_smtp(tmp_path: Path) -> None:
    running = MailServer(tmp_path)
    running.start()
    server = SmtpServer(Smtp(host="127.0.0.1", port=running.port, security="none", timeout=5), MAIL)
    try:
        body = built(LONG, "长" * 70 + ".pdf")
        server.send(Letter("<digest-1@news.example.com>", "reader@example.com", "", body, ()), lambda: None)
    finally:
        server.close()
        running.stop()
    (file,) = tmp_path.glob("*.eml")
    assert verifies(file.read_bytes())


def test_both_headers_of_one_click_unsubscribing_are_covered() -> None:
    message = email.message_from_bytes(signer().signed(built()), policy=email.policy.compat32)
    found = listunsub.audit(
        message["List-Unsubscribe"], message["List-Unsubscribe-Post"], dkim_signatures=message["DKIM-Signature"]
    )
    assert found == []


@pytest.mark.parametrize(
    "line", ["List-Unsubscribe: <https://evil.example/>", "Subject: 另一个标题", "From: a@b.example"]
)
def test_what_is_changed_or_added_on_the_way_breaks_the_signature(line: str) -> None:
    signed = signer().signed(built())
    assert not verifies(line.encode() + b"\r\n" + signed)
    assert not verifies(signed.replace(b"news.example.com>", b"news.example.org>"))


def test_headers_that_a_server_folds_anew_keep_the_signature() -> None:
    signed = signer().signed(built())
    head, _, body = signed.partition(b"\r\n\r\n")
    assert verifies(head.replace(b"\r\n =?", b"\r\n\t=?") + b"\r\n\r\n" + body + b"\r\n\r\n")


def test_the_key_is_in_no_print_of_settings_or_signer() -> None:
    secret = "".join(PEM.splitlines()[3:6])
    assert secret[:20] not in f"{MAIL!r} {MAIL} {signer()!r} {MAIL.model_dump_json()}"
    assert PEM.splitlines()[3] not in f"{MAIL!r} {signer()!r}"


def test_a_key_may_come_from_a_file_or_with_written_line_ends_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "dkim.pem"
    file.write_bytes(PEM.replace("\n", "\r\n").encode())
    old_form = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    for other in (
        {"dkim_key": None, "dkim_key_file": file},
        {"dkim_key": SecretStr(PEM.replace("\n", "\\n"))},
        {"dkim_key": SecretStr(old_form)},
    ):
        assert verifies(signer(MAIL.model_copy(update=other)).signed(built()))


def test_without_a_key_nothing_is_signed() -> None:
    assert make_signer(Mail()) is None


def bad_keys() -> dict[str, str]:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # it is to be refused
    curve = ec.generate_private_key(ec.SECP256R1())
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "no private key": "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----",
        "without a password": KEY.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
        ).decode(),
        "not an RSA key": curve.private_bytes(*plain).decode(),
        "too few": short.private_bytes(*plain).decode(),
    }


@pytest.mark.parametrize("words", list(bad_keys()))
def test_a_key_that_cannot_be_used_is_said_without_showing_it(words: str) -> None:
    pem = bad_keys()[words]
    with pytest.raises(ConfigError, match=words) as refused:
        make_signer(Mail(dkim_key=SecretStr(pem)))
    assert "openssl genrsa" in str(refused.value)
    assert pem.splitlines()[1] not in str(refused.value)


def test_a_missing_file_and_a_bad_selector_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mail\.dkim_key_file: .*none\.pem: cannot be read"):
        make_signer(Mail(dkim_key_file=tmp_path / "none.pem"))
    with pytest.raises(ConfigError, match=r"mail\.dkim_selector"):
        make_signer(MAIL.model_copy(update={"dkim_selector": "a b"}))


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=120)
LATIN = st.from_regex(r"[A-Za-z0-9 ,.;:()%+-]{1,90}", fullmatch=True)
MIXED = st.lists(HAN | LATIN, min_size=1, max_size=5).map(lambda parts: " ".join("".join(parts).split()) or "x")


@given(subject=MIXED, name=MIXED)
@settings(max_examples=80, deadline=None)
def test_long_chinese_subjects_and_file_names_arrive_as_they_were(subject: str, name: str) -> None:
    """No line is longer than SMTP takes, no encoded word longer than 75 characters, and everything reads back."""
    raw = built(subject, name)
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert all(len(word) <= 75 for word in head.split() if word.startswith(b"=?"))
    assert f"List-Unsubscribe: <{LINK}>".encode() in head.split(b"\r\n")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    assert (str(message["Subject"]), attachment.get_filename()) == (subject, name)


def test_a_subject_keeps_its_blanks_wherever_it_is_folded() -> None:
    """The library itself loses the blank that comes to stand at the end of a line."""
    for length in range(1, 80):
        subject = "新" * length + " 增长 目标 " + "规模" * 6
        message = email.message_from_bytes(built(subject), policy=email.policy.default)
        assert str(message["Subject"]) == subject
