"""Webhooks: a digest as JSON, posted to any program and signed as Standard Webhooks has it, so that libraries verify it.

A repeat has the same `webhook-id`, so that a receiver knows it: what may have arrived is sent again.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Final

from alerts.channels.base import DeliveryError, Message, nothing
from alerts.channels.posting import Request, post
from alerts.recipients import without_secrets
from alerts.wording import one_line
from monitor.config import Channels
from monitor.errors import ConfigError
from monitor.reach import read_networks

PREFIX: Final = "whsec_"
LONGEST_WORDS: Final = 200  # characters of the answer that are kept


class Webhooks:
    """Raises ConfigError for networks that are none. The key is asked for when the first message goes out."""

    def __init__(self, settings: Channels, key: Callable[[], bytes], *, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._allowed = read_networks(settings.allow_private, "channels.allow_private")
        self._key = key
        self._clock = clock

    def send(self, message: Message, begin: Callable[[], None], _: Callable[[], None] = nothing) -> str:
        url = message.recipient
        try:
            secret = secret_of(url, self._key())
        except ConfigError as error:  # of webhooks alone: mail goes on
            raise DeliveryError("temporary", str(error)) from None
        headers = signature(secret, message.message_id.strip("<>"), int(self._clock()), message.body)
        try:
            answer = post(Request(url, message.body, headers, self.settings.timeout, self._allowed), begin)
        except DeliveryError as error:
            # A receiver that is down is put off like one that says so; that it may have taken it does no harm.
            failure = "temporary" if error.failure in ("unreachable", "unknown") else error.failure
            raise DeliveryError(failure, error.answer) from None
        said = f"HTTP {answer.status} {without_secrets(one_line(answer.text), url)[:LONGEST_WORDS]}".rstrip()
        if not 200 <= answer.status < 300:
            raise _refusal(answer.status, said)
        return said

    def close(self) -> None:
        """Nothing is held open between messages."""


def secret_of(url: str, key: bytes) -> str:
    """The secret of one webhook, made from the installation's key, so that no receiver can sign for another."""
    return PREFIX + base64.b64encode(hmac.digest(key, url.encode(), "sha256")).decode()


def signature(secret: str, message_id: str, stamp: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that the body is ours, unchanged, and sent just now."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,{base64.b64encode(signed.digest()).decode()}",
    }


def _refusal(status: int, said: str) -> DeliveryError:
    """410 is how a receiver says that it wants no more; what else is wrong with it has time to be mended."""
    if status == 410:
        return DeliveryError("permanent", f"{said}; the receiver wants no more")
    if status == 413:
        return DeliveryError("refused", said)
    if 300 <= status < 400:
        return DeliveryError("temporary", f"{said}; it leads elsewhere, which is not followed: subscribe that address")
    return DeliveryError("busy" if status == 429 else "temporary", said)
