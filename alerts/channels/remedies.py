"""What to mend when a mail server refuses, read from its own words; and what makes mail land in the spam folder."""

import re
from collections.abc import Iterator

from alerts.addresses import sender_address
from alerts.channels.presets import advice
from monitor.config import Mail, Smtp, Web

# The first that fits; {preset} is what the service in use is known to want.
REMEDIES = (
    (r"\b535\b|5\.7\.8|authentication (?:failed|unsuccessful)|login fail", "user or password is not accepted: {preset}"),
    (r"\b530\b|authentication required|must issue a starttls", "the server wants a login or TLS first: {preset}"),
    (r"wrong_version_number|wrong version number", 'this port does not begin with TLS: smtp.security = "starttls", or port 465'),
    (r"starttls extension not supported", 'the server offers no STARTTLS: smtp.security = "tls" with port 465, or "none"'),
    (r"certificate verify failed", "the server's certificate is not for this name or not trusted here: check smtp.host"),
    (r"timed out|unreachable", "nobody answers there: check smtp.host and smtp.port; clouds often close port 25, not 465 or 587"),
    (r"connection refused", "nothing listens there: check smtp.host and smtp.port, and that the mail server runs"),
    (r"name or service not known|nodename|name resolution|no address", "smtp.host is no name that can be found"),
    (r"unexpectedly closed|reset by peer", 'the server hangs up: with port 465 smtp.security is "tls"; else ask who runs it'),
    (r"mail from|sender refused|5\.7\.60|not owned|authorized user", "mail.sender must be the account that logs in"),
    (r"relay", "the server takes no mail for others from us: set smtp.user, or allow this machine there"),
    (r"spf|dkim|dmarc", "the sender's domain is not set up: publish SPF, DKIM and DMARC, see docs/mail.md"),
    (r"frequency|too many|rate limit|频率", "too much at once: lower mail.per_minute and smtp.messages_per_connection"),
    (r"spam|content rejected|dt:spm", "the content was taken for spam: see docs/mail.md on SPF, DKIM and DMARC"),
    (r"recipient refused|\b5\.1\.1\b", "the address was refused: check it"),
)  # fmt: skip


def remedy(answer: str, smtp: Smtp) -> str:
    """What to mend, said in one line."""
    for pattern, words in REMEDIES:
        if re.search(pattern, answer, re.IGNORECASE):
            return words.format(preset=advice(smtp))
    return advice(smtp)


def weaknesses(smtp: Smtp, mail: Mail, web: Web) -> Iterator[str]:
    """What a server may take today and a reader's mail service hold against us."""
    sender = sender_address(mail.sender)
    if sender.domain == "localhost":
        yield "mail.sender is nobody's address: set it to the account that sends"
    if smtp.user and "@" in smtp.user and smtp.user.rpartition("@")[2].lower() != sender.domain:
        yield f"mail.sender is not of the domain of smtp.user: DMARC fails unless {sender.domain} allows that server"
    if not web.address:
        yield "web.address is not set: Gmail and Yahoo want one-click unsubscribing from those who send much"
    elif not web.address.startswith("https:"):
        yield "web.address is not https: without it there is no one-click unsubscribing"
