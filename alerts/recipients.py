"""What a subscriber's address says: by mail, through a group's robot, a webhook or Apprise; and what of it may be shown.

Whoever has the address of a robot can write to its group: outside of the store it is shown shortened.
"""

import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

from monitor.errors import MonitorError
from monitor.reach import Network, may_reach

Kind = Literal["mail", "wecom", "feishu", "dingtalk", "webhook", "apprise"]
ROBOTS: Final[tuple[Kind, ...]] = ("wecom", "feishu", "dingtalk")
SIGNED: Final[tuple[Kind, ...]] = ("feishu", "dingtalk")  # whose robots may want a signature
# The address as the service shows it, to be copied: its robot, and the key in it.
PASTED: Final = re.compile(
    r"https://(?:qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<wecom>[\w-]+)"
    r"|open\.feishu\.cn/open-apis/bot/v2/hook/(?P<feishu>[\w-]+)"
    r"|oapi\.dingtalk\.com/robot/send\?access_token=(?P<dingtalk>[\w-]+))"
    r"(?:[?&]secret=(?P<secret>[\w-]+))?",
    re.ASCII,
)
ROBOT: Final = re.compile(
    r"(?P<kind>wecom|feishu|dingtalk)://(?P<key>[\w-]{8,200})/?(?:\?secret=(?P<secret>[\w-]{1,200}))?",
    re.ASCII | re.IGNORECASE,
)
SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
FORMS: Final = (
    "write an e-mail address, wecom://KEY, feishu://TOKEN, dingtalk://TOKEN?secret=SECRET, https://... for a webhook, "
    "or apprise: and an address that Apprise knows"
)


class AddressError(MonitorError):
    """An address to which nothing can be sent."""


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot of a group chat: its service, its key, and the secret it wants its messages signed with."""

    kind: Kind
    key: str
    secret: str | None


def kind_of(address: str) -> Kind:
    """How messages to a kept address travel. An e-mail address is what has no scheme."""
    scheme = address.partition(":")[0].lower() if SCHEME.match(address) else ""
    if scheme in ("http", "https"):
        return "webhook"
    return next((kind for kind in (*ROBOTS, "apprise") if kind == scheme), "mail")


def robot_of(address: str) -> Robot:
    """What a robot's address holds. Raises AddressError."""
    found = ROBOT.fullmatch(address)
    if found is None:
        raise AddressError(f"{shown(address)}: not the address of a robot; {FORMS}")
    kind = next(kind for kind in ROBOTS if kind == found["kind"].lower())
    if found["secret"] and kind not in SIGNED:
        raise AddressError(f"{shown(address)}: a robot of {kind} has no secret; leave ?secret= out")
    return Robot(kind, found["key"], found["secret"])


def channel_address(address: str) -> str:
    """The address of a channel other than mail in its normal form, so that one reader has one. Raises AddressError."""
    address = address.strip()
    if not address.isprintable() or " " in address:
        raise AddressError(f"{shown(address)}: an address has no blanks in it; {FORMS}")
    pasted = PASTED.fullmatch(address)
    if pasted:
        kind = next(kind for kind in ROBOTS if pasted[kind])
        return _robot_address(Robot(kind, pasted[kind], pasted["secret"]))
    if kind_of(address) in ROBOTS:
        return _robot_address(robot_of(address))
    if kind_of(address) == "webhook":
        return _webhook_address(address)
    if kind_of(address) == "apprise":
        return f"apprise:{address.partition(':')[2]}"
    raise AddressError(f"{shown(address)}: no channel of that name; {FORMS}")


def check_reach(address: str, allowed: Sequence[Network]) -> None:
    """Raise AddressError for a webhook that will never be reached. Nothing is looked up: a name is judged when it is sent to."""
    if kind_of(address) != "webhook":
        return
    host = urlsplit(address).hostname or ""
    if not all(may_reach(one, allowed) for one in _literals(host)):
        raise AddressError(
            f"{shown(address)}: a private or loopback address; channels.allow_private lists the networks that may be reached"
        )


def shown(address: str) -> str:
    """As much of an address as tells it apart: wecom://693a…, https://hooks.example.com/…; an e-mail address whole."""
    kind = kind_of(address)
    scheme, _, rest = address.partition(":")
    if kind in ROBOTS:
        return f"{kind}://{rest.lstrip('/')[:4]}…"
    if kind == "apprise":
        return f"apprise:{rest.partition(':')[0][:12]}:…"
    if kind == "webhook":
        return f"{scheme.lower()}://{rest.lstrip('/').partition('/')[0].partition('?')[0].rpartition('@')[2]}/…"
    return f"{scheme}:…" if SCHEME.match(address) else address


def without_secrets(text: str, address: str) -> str:
    """What a service says, less what it repeats of the address it was asked at."""
    parts = urlsplit(address.removeprefix("apprise:"))
    told = [
        parts.netloc,
        parts.username,
        parts.password,
        *parts.path.split("/"),
        *(v for _, v in parse_qsl(parts.query)),
    ]
    if kind_of(address) == "webhook":
        told.remove(parts.netloc)  # its host is shown anyway
    for secret in sorted({one for one in told if one and len(one) > 5}, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def _literals(host: str) -> Iterator[str]:
    """The address that a host is written as, in any of the ways there are (127.1, 0x7f000001); none for a name."""
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return
    yield from (str(address[0]) for *_, address in found)


def _robot_address(robot: Robot) -> str:
    address = f"{robot.kind}://{robot.key}" + (f"?secret={robot.secret}" if robot.secret else "")
    robot_of(address)
    return address


def _webhook_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"{shown(address)}: {error}; {FORMS}") from None
    if not parts.hostname or port == 0:
        raise AddressError(f"{shown(address)}: names no host; {FORMS}")
    return parts._replace(scheme=parts.scheme.lower(), fragment="").geturl()
