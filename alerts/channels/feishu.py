"""飞书: robots take cards; where a robot wants a signature, it goes into the message with the time it was made."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from alerts.channels.services import Dialect, Payload, Service, Verdict, as_bytes
from alerts.recipients import Robot

LONGEST: Final = 18_000  # bytes of the whole message, of 20 kB that a robot takes: a signature and a margin are left
ENTITIES: Final = {ord(mark): f"&#{ord(mark)};" for mark in "<>[]()*_`~#|\\&-+"}
GONE: Final = "the robot was removed or its token is wrong: subscribe the address of the robot that is there now"


def _plain(text: str) -> str:
    return text.translate(ENTITIES)


def _payload(title: str, pieces: Sequence[str]) -> Payload:
    elements = [{"tag": "markdown", "content": piece} for piece in pieces]
    header = {"template": "blue", "title": {"tag": "plain_text", "content": title}}
    return {
        "msg_type": "interactive",
        "card": {"config": {"wide_screen_mode": True}, "header": header, "elements": elements},
    }


def _address(base: str, robot: Robot, _: float) -> str:
    return f"{base}/open-apis/bot/v2/hook/{robot.key}"


def _signed(payload: Payload, robot: Robot, now: float) -> Payload:
    if robot.secret is None:
        return payload
    stamp = str(int(now))
    mac = hmac.new(f"{stamp}\n{robot.secret}".encode(), b"", hashlib.sha256)
    return {"timestamp": stamp, "sign": base64.b64encode(mac.digest()).decode(), **payload}


SERVICE: Final = Service(
    name="Feishu",
    dialect=Dialect(_plain, lambda text: f"<font color='grey'>{text}</font>", "\n"),
    longest=LONGEST,
    payload=_payload,
    size=lambda payload: len(as_bytes(payload)),
    address=_address,
    signed=_signed,
    verdicts={
        9499: Verdict("refused"),
        11232: Verdict("busy"),
        19001: Verdict("permanent", GONE),
        19002: Verdict("refused"),
        19007: Verdict("permanent", "the robot is switched off in its group"),
        19021: Verdict(
            "temporary", "the signature was refused: check ?secret= in the address and this machine's clock"
        ),
        19022: Verdict("temporary", "this machine's address is not on the robot's list: add it there"),
        19024: Verdict("temporary", "the robot wants a keyword: take 政策观察, which every message has in its title"),
    },
)
