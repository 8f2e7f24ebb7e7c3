"""Addresses as headers and mail servers want them: an ASCII domain, and a name that may be Chinese."""

from email.headerregistry import Address
from email.utils import parseaddr

from monitor.errors import ConfigError


def sender_address(sender: str) -> Address:
    """政策观察 <watch@例子.中国> with its domain as xn--fsqu00a.xn--fiqs8s. Raises ConfigError for what is no address."""
    name, address = parseaddr(sender)
    local, _, domain = address.rpartition("@")
    try:
        return Address(name, local, ascii_address(domain)) if local.isascii() and local else _refuse(sender)
    except (UnicodeError, ValueError):
        return _refuse(sender)


def ascii_address(address: str) -> str:
    """reader@例子.中国 with its domain as xn--fsqu00a.xn--fiqs8s: headers hold nothing else. Raises UnicodeError."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.encode('idna').decode('ascii')}"


def _refuse(sender: str) -> Address:
    raise ConfigError(
        f"mail.sender: {sender!r} is no address; write one such as policywatch <watch@example.com>"
    ) from None
