"""The seam of all channels: hand one message over, or say how it failed."""

from collections.abc import Callable
from typing import Literal, Protocol

from monitor.errors import MonitorError

Failure = Literal["temporary", "busy", "permanent", "refused", "unknown", "unreachable"]


class DeliveryError(MonitorError):
    """A message that was not, or may not have been, handed over.

    temporary: refused for now. busy: refused for now because the domain has had too much. permanent: the address is refused
    for good. refused: this message is refused for good, which says nothing about the address. unknown: the line broke after
    the last byte went out, so it may have arrived. unreachable: nobody answered, or not to us: that says nothing about
    message or address.
    """

    def __init__(self, failure: Failure, answer: str) -> None:
        super().__init__(answer)
        self.failure, self.answer = failure, answer


class ClaimLostError(Exception):
    """Raised by a `begin` that finds the message in another sender's hands; no channel catches it."""


class Message(Protocol):
    """What a channel needs to know of a message."""

    @property
    def message_id(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def body(self) -> bytes: ...


def nothing() -> None:
    """What there is to do for somebody who has nothing else to do."""


class Channel(Protocol):
    def send(self, message: Message, begin: Callable[[], None], meanwhile: Callable[[], None] = nothing, /) -> str:
        """Hand over one message and return the other side's answer. Raises DeliveryError.

        `begin` is called once, just before the last byte without which nothing arrives; a channel on which a repeat is
        the same message need not call it. `meanwhile` may be called before that, while the other side makes up its mind.
        """
        ...

    def close(self) -> None: ...
