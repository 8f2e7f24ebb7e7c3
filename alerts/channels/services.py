"""The seam of the services for group robots: how a message looks, how it is posted, and what their answers mean."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alerts.channels.base import Failure
from alerts.recipients import Robot

Payload = Mapping[str, Any]
FULL_WIDTH: Final = {ord(mark): ord(mark) + 0xFEE0 for mark in "<>[]*_`~#|\\&"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a service's Markdown is written."""

    plain: Callable[[str], str]  # words of a page, with nothing left in them that marks up, links or calls people
    faint: Callable[[str], str]  # text of less weight
    line_end: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an error of a service is about, and what to do."""

    failure: Failure
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One service for group robots."""

    name: str
    dialect: Dialect
    longest: int  # of a message, as `size` counts it
    payload: Callable[[str, Sequence[str]], Payload]  # from a title and pieces of Markdown
    size: Callable[[Payload], int]
    address: Callable[
        [str, Robot, float], str
    ]  # where to post, from the service's base address, the robot and the time
    signed: Callable[[Payload, Robot, float], Payload]
    verdicts: Mapping[int, Verdict]  # by its own number for the error


def as_bytes(payload: Payload) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def unsigned(payload: Payload, _: Robot, __: float) -> Payload:
    return payload


def full_width(text: str) -> str:
    """Markup as its full-width twins, where a service knows no way to escape it: <@all> -> ＜@all＞."""
    return text.translate(FULL_WIDTH)
