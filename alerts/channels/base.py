"""The seam of all channels: hand one message over, or say how it failed."""

from typing import Literal, Protocol

from monitor.errors import MonitorError

Failure = Literal["temporary", "permanent", "unknown", "unreachable"]


class DeliveryError(MonitorError):
    """A message that was not, or may not have been, handed over.

    temporary: refused for now (4xx). permanent: refused for good (5xx). unknown: the line broke after the content went
    out, so it may have arrived. unreachable: nobody answered, which says nothing about the message.
    """

    def __init__(self, failure: Failure, answer: str) -> None:
        super().__init__(answer)
        self.failure, self.answer = failure, answer


class Channel(Protocol):
    def send(self, body: bytes, recipient: str) -> str:
        """Hand over one message and return the other side's answer. Raises DeliveryError."""
        ...

    def close(self) -> None: ...
