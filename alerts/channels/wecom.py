"""企业微信: robots of internal groups take Markdown of at most 4,096 bytes and are not signed."""

from collections.abc import Sequence
from typing import Final

from alerts.channels.services import Dialect, Payload, Service, Verdict, full_width, unsigned
from alerts.recipients import Robot

LONGEST: Final = 4096  # bytes of Markdown
GONE: Final = "the robot was removed or its key is wrong: subscribe the address of the robot that is there now"


def _payload(title: str, pieces: Sequence[str]) -> Payload:
    return {"msgtype": "markdown", "markdown": {"content": "\n\n".join([f"### {full_width(title)}", *pieces])}}


def _address(base: str, robot: Robot, _: float) -> str:
    return f"{base}/cgi-bin/webhook/send?key={robot.key}"


SERVICE: Final = Service(
    name="WeCom",
    dialect=Dialect(full_width, lambda text: f'<font color="comment">{text}</font>', "\n"),
    longest=LONGEST,
    payload=_payload,
    size=lambda payload: len(payload["markdown"]["content"].encode()),
    address=_address,
    signed=unsigned,
    verdicts={
        -1: Verdict("temporary"),
        40008: Verdict("refused"),
        40058: Verdict("refused"),
        45002: Verdict("refused"),
        45009: Verdict("busy"),
        45033: Verdict("busy"),
        93000: Verdict("permanent", GONE),
        93004: Verdict("permanent", GONE),
        93008: Verdict("permanent", GONE),
    },
)
