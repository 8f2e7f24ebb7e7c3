"""All channels as one: each message travels as its recipient's address says."""

from collections.abc import Callable, Mapping

from alerts.channels.base import Channel, Message, nothing
from alerts.recipients import Kind, kind_of


class ByAddress:
    def __init__(self, mail: Channel, others: Mapping[Kind, Channel]) -> None:
        self.mail = mail
        self.others = others

    def send(self, message: Message, begin: Callable[[], None], meanwhile: Callable[[], None] = nothing) -> str:
        return self.others.get(kind_of(message.recipient), self.mail).send(message, begin, meanwhile)

    def close(self) -> None:
        for channel in (self.mail, *self.others.values()):
            channel.close()
