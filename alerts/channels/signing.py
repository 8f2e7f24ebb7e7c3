"""DKIM: signs a message in the sender's name, with a key from the settings that appears nowhere else.

dkimpy says what is signed, cryptography signs it: dkimpy's own arithmetic takes longer than everything else a message needs.
"""

import base64
import hashlib
import re
import time
from dataclasses import dataclass, field

import dkim
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dkim.canonicalization import Relaxed

from alerts.addresses import sender_address
from monitor.config import Mail
from monitor.errors import ConfigError

# What a reader's mail program shows or acts on; RFC 8058 wants both List-Unsubscribe headers in.
SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
)  # fmt: skip
# Named once more than it stands there, none can be added on the way.
NAMED = tuple(name.lower().encode() for name in SIGNED * 2)
HEADER, END = b"DKIM-Signature", b"\r\n"
LINE = 72  # characters of the signature
SHORTEST_KEY = 2048  # bits; RFC 8301 asks for them, and shorter keys can be broken
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one domain; the key is left out where it is printed."""

    domain: str
    selector: str
    record: str  # the TXT record to publish
    key: RSAPrivateKey = field(repr=False)

    def signed(self, body: bytes) -> bytes:
        """The message with its signature before it. `relaxed`: mail servers on the way may fold headers anew."""
        headers, content = dkim.rfc822_parse(body)
        digest = hashlib.sha256(Relaxed.canonicalize_body(content)).digest()
        tags = {
            "v": "1",
            "a": "rsa-sha256",
            "c": "relaxed/relaxed",
            "d": self.domain,
            "s": self.selector,
            "t": str(int(time.time())),
            "h": " : ".join(name.decode() for name in NAMED),
            "bh": base64.b64encode(digest).decode(),
            "b": "",
        }
        said: bytes = dkim.fold(" ".join(f"{tag}={value};" for tag, value in tags.items())[:-1].encode(), len(HEADER))
        own = (HEADER, said)
        lines = Relaxed.canonicalize_headers([*dkim.select_headers(headers, NAMED), own])
        # The last one, its own, is signed without its line end (RFC 6376, 3.7).
        signed = b"".join(name + b":" + value for name, value in lines).removesuffix(END)
        signature = base64.b64encode(self.key.sign(signed, PKCS1v15(), SHA256()))
        folded = b"".join(END + b" " + signature[start : start + LINE] for start in range(0, len(signature), LINE))
        return HEADER + b": " + said + folded + END + body

    @property
    def name(self) -> str:
        """Where the record stands in the DNS."""
        return f"{self.selector}._domainkey.{self.domain}"


def make_signer(mail: Mail) -> Signer | None:
    """None where no key is set. Raises ConfigError for a key that cannot be used."""
    pem = _pem(mail)
    if pem is None:
        return None
    if not LABEL.fullmatch(mail.dkim_selector):
        raise ConfigError(f"mail.dkim_selector: {mail.dkim_selector!r} is no name for the DNS; use letters and digits")
    where = "mail.dkim_key" if mail.dkim_key else f"mail.dkim_key_file: {mail.dkim_key_file}"
    make = "make one with `openssl genrsa -out dkim.pem 2048`"
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):  # what the library says may show part of the key
        raise ConfigError(f"{where}: no private key in PEM without a password; {make}") from None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(f"{where}: not an RSA key, and others are verified by few receivers; {make}")
    if key.key_size < SHORTEST_KEY:
        raise ConfigError(f"{where}: {key.key_size} bits are too few; {make}")
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    record = f"v=DKIM1; k=rsa; p={public.decode()}"
    return Signer(sender_address(mail.sender).domain, mail.dkim_selector, record, key)


def _pem(mail: Mail) -> bytes | None:
    if mail.dkim_key:
        # Environment files cannot hold line ends, so they are written as \n there.
        return mail.dkim_key.get_secret_value().replace("\\n", "\n").encode()
    if mail.dkim_key_file is None:
        return None
    try:
        return mail.dkim_key_file.read_bytes()
    except OSError as error:
        raise ConfigError(f"mail.dkim_key_file: {mail.dkim_key_file}: cannot be read: {error.strerror}") from None
