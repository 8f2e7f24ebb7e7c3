"""The robots of group chats: one channel for the services that take a message by HTTP and answer with a number."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Final

from alerts.channels import dingtalk, feishu, wecom
from alerts.channels.base import DeliveryError, Message, nothing
from alerts.channels.posting import Answer, Request, post
from alerts.channels.services import Service, Verdict, as_bytes
from alerts.recipients import AddressError, Kind, robot_of, without_secrets
from alerts.wording import one_line
from monitor.config import Channels

SERVICES: Final[Mapping[Kind, Service]] = {
    "wecom": wecom.SERVICE,
    "feishu": feishu.SERVICE,
    "dingtalk": dingtalk.SERVICE,
}
LONGEST_WORDS: Final = 200  # characters of a service's own words that are kept


class GroupRobots:
    """Opens a connection for each message: a robot gets a few a day."""

    def __init__(self, settings: Channels, *, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._clock = clock

    def send(self, message: Message, begin: Callable[[], None], _: Callable[[], None] = nothing) -> str:
        """The signature is made here, not when the message is built: it holds for an hour."""
        try:
            robot, now = robot_of(message.recipient), self._clock()
        except AddressError as error:  # only a setting, such as mail.operator, is not checked before
            raise DeliveryError("refused", str(error)) from None
        service = SERVICES[robot.kind]
        url = service.address(self.settings.base(robot.kind), robot, now)
        body = as_bytes(service.signed(json.loads(message.body), robot, now))
        answer = post(Request(url, body, {}, self.settings.timeout), begin)
        return _accepted(service, answer, message.recipient)

    def close(self) -> None:
        """Nothing is held open between messages."""


def _accepted(service: Service, answer: Answer, recipient: str) -> str:
    """The service's words where it took the message. Raises DeliveryError: it says no with status 200 as well."""
    code = answer.fields.get("errcode", answer.fields.get("code"))
    words = str(answer.fields.get("errmsg", answer.fields.get("msg", "")))
    if code == 0 and answer.status < 300:
        return f"{service.name}: {without_secrets(one_line(words), recipient)[:LONGEST_WORDS] or 'taken'}"
    verdict = (
        service.verdicts.get(code, _by_status(answer.status)) if isinstance(code, int) else _by_status(answer.status)
    )
    number = f"error {code}" if isinstance(code, int) else f"HTTP {answer.status}, and nothing that it is known to say"
    said = without_secrets(one_line(words), recipient)[:LONGEST_WORDS]
    raise DeliveryError(
        verdict.failure,
        "; ".join(part for part in (f"{service.name} answered {number}: {said}".rstrip(": "), verdict.advice) if part),
    )


def _by_status(status: int) -> Verdict:
    """Of an answer whose number is not known: time to see what it is about."""
    return Verdict("busy" if status == 429 else "temporary")
