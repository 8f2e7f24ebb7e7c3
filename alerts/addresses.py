"""The sender's address as headers and mail servers want it: an ASCII domain, and a name that may be Chinese."""

from email.headerregistry import Address
from email.utils import parseaddr

from monitor.errors import ConfigError


def sender_address(sender: str) -> Address:
    """政策观察 <watch@例子.中国> with its domain as xn--fsqu00a.xn--fiqs8s. Raises ConfigError for what is no address."""
    name, address = parseaddr(sender)
    local, _, domain = address.rpartition("@")
    try:
        return (
            Address(name, local, domain.encode("idna").decode("ascii"))
            if local.isascii() and local
            else _refuse(sender)
        )
    except (UnicodeError, ValueError):
        return _refuse(sender)


def _refuse(sender: str) -> Address:
    raise ConfigError(
        f"mail.sender: {sender!r} is no address; write one such as policywatch <watch@example.com>"
    ) from None
