"""钉钉: robots take Markdown; where a robot wants a signature, it goes into the address with the time it was made."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote_plus

from alerts.channels.services import Dialect, Payload, Service, Verdict, as_bytes, full_width, unsigned
from alerts.recipients import Robot

LONGEST: Final = 18_000  # bytes of the whole message, of 20,000 that a robot takes
GONE: Final = "the robot was removed or its token is wrong: subscribe the address of the robot that is there now"
FORBIDDEN: Final = "the service found words or links in it that it does not carry"


def _payload(title: str, pieces: Sequence[str]) -> Payload:
    text = "\n\n".join([f"### {full_width(title)}", *pieces])
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def _address(base: str, robot: Robot, now: float) -> str:
    address = f"{base}/robot/send?access_token={robot.key}"
    if robot.secret is None:
        return address
    stamp = str(round(now * 1000))
    mac = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256)
    return f"{address}&timestamp={stamp}&sign={quote_plus(base64.b64encode(mac.digest()))}"


SERVICE: Final = Service(
    name="DingTalk",
    dialect=Dialect(full_width, lambda text: f"<font color=#888888>{text}</font>", "  \n"),
    longest=LONGEST,
    payload=_payload,
    size=lambda payload: len(as_bytes(payload)),
    address=_address,
    signed=unsigned,
    verdicts={
        -1: Verdict("temporary"),
        40035: Verdict("refused"),
        43004: Verdict("refused"),
        130101: Verdict("busy"),
        300001: Verdict("permanent", GONE),
        300005: Verdict("permanent", GONE),
        310000: Verdict(
            "temporary",
            "the robot's own check failed: ?secret= in the address, this machine's clock, its keyword (take 政策观察, which "
            "every message has in its title), or its list of addresses",
        ),
        400013: Verdict("permanent", "the group was dissolved"),
        400101: Verdict("permanent", GONE),
        400102: Verdict("permanent", "the robot is switched off"),
        400106: Verdict("permanent", GONE),
        410100: Verdict("busy"),
        430101: Verdict("refused", FORBIDDEN),
        430102: Verdict("refused", FORBIDDEN),
        430103: Verdict("refused", FORBIDDEN),
        430104: Verdict("refused", FORBIDDEN),
        460101: Verdict("refused"),
    },
)
