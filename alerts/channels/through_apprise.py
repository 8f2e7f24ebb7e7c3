"""Everything else, through Apprise: Telegram, Slack, ntfy, Matrix, Bark, ServerChan and a hundred more.

Apprise says whether a message was taken, not why not: what failed is tried again, so a service that took it and did not say so
gets it twice.
"""

import json
import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from alerts.channels.base import DeliveryError, Message, nothing
from alerts.recipients import AddressError, shown, without_secrets
from alerts.wording import one_line

if TYPE_CHECKING:
    import apprise

MISSING: Final = "Apprise is not installed: pip install 'policywatch[apprise]'"
LONGEST_WORDS: Final = 200  # characters of its report that are kept


class ThroughApprise:
    """Loads Apprise when the first message goes out: it takes half a second."""

    def send(self, message: Message, begin: Callable[[], None], _: Callable[[], None] = nothing) -> str:
        try:
            service = _service(message.recipient)
        except AddressError as error:
            raise DeliveryError("temporary", str(error)) from None
        note = json.loads(message.body)
        begin()
        taken, said = _notify(service, note)
        words = one_line(without_secrets(said, message.recipient))[:LONGEST_WORDS]
        if not taken:
            raise DeliveryError("temporary", f"{service.service_name} did not take it: {words or 'no reason given'}")
        return f"{service.service_name} took it"

    def close(self) -> None:
        """Nothing is held open between messages."""


def check(address: str) -> None:
    """Raise AddressError where Apprise is not there or knows no such address."""
    _service(address)


def _service(address: str) -> Any:
    if find_spec("apprise") is None:
        raise AddressError(f"{shown(address)}: {MISSING}")
    import apprise

    logging.getLogger("apprise").propagate = False  # its lines may hold the address
    service = apprise.Apprise.instantiate(
        address.removeprefix("apprise:"), asset=_asset(apprise), suppress_exceptions=True
    )
    if service is None:
        raise AddressError(f"{shown(address)}: Apprise knows no such address; see its list of services")
    service.overflow_mode = apprise.OverflowMode.SPLIT  # a service with a smaller limit gets several messages
    return service


def _asset(module: Any) -> "apprise.AppriseAsset":
    asset: apprise.AppriseAsset = module.AppriseAsset(
        app_id="policywatch", app_desc="policywatch", http_redirects=False, async_mode=False
    )
    return asset


def _notify(service: Any, note: dict[str, str]) -> tuple[bool, str]:
    import apprise

    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as heard:  # type: ignore[no-untyped-call]
        taken = service.notify(title=note["title"], body=note["text"], body_format=apprise.NotifyFormat.TEXT)
        return bool(taken), heard.getvalue()
