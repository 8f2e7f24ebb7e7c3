"""One POST over HTTP: what it answers, or at which point it failed. Follows no redirect, uses no proxy, and ends in time.

aiohttp, because its time limit holds for the whole request, however slowly the other side drips its answer, and because it
lets a socket be checked before it connects.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from alerts.channels.base import DeliveryError
from monitor.reach import Network, may_reach

LONGEST_ANSWER: Final = 64 * 1024  # bytes that are read; the services answer a hundred
AGENT: Final = "policywatch"


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted, and where to. `allowed`: the private networks that may be reached; None: any address."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    timeout: float  # seconds for all of it
    allowed: Sequence[Network] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON object that it is; empty where it is none."""
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


class PrivateAddressError(OSError):
    """Raised instead of connecting to an address that is not to be reached."""


def post(request: Request, begin: Callable[[], None]) -> Answer:
    """Post and return the answer, whatever its status. `begin` is called once connected, before the body is sent.

    Raises what `begin` raises, and DeliveryError: unreachable before that point, unknown after it, permanent for a private
    address.
    """
    body = _Body(request.body, begin)
    try:
        return asyncio.run(_post(request, body))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        if body.fault is not None:
            raise body.fault from None
        if isinstance(getattr(error, "os_error", None), PrivateAddressError):
            raise DeliveryError(
                "permanent",
                "a private or loopback address; channels.allow_private lists the networks that may be reached",
            ) from None
        if body.begun:
            raise DeliveryError("unknown", f"no answer that can be read: {_said(error)}") from None
        raise DeliveryError("unreachable", f"cannot be reached: {_said(error)}") from None


@dataclass(slots=True)
class _Body:
    """Asked for by the library once it is connected. It turns what is raised here into a fault of the line, so it is kept."""

    content: bytes
    begin: Callable[[], None]
    begun: bool = False
    fault: Exception | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            self.begin()
        except Exception as error:
            self.fault = error
            raise
        self.begun = True
        yield self.content


async def _post(request: Request, body: _Body) -> Answer:
    def guarded(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if request.allowed is not None and not may_reach(str(address[0]), request.allowed):
            raise PrivateAddressError
        return socket.socket(family=family, type=kind, proto=protocol)

    headers = {
        "User-Agent": AGENT,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(request.body)),
        **request.headers,
    }
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=guarded),
            timeout=aiohttp.ClientTimeout(total=request.timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session,
        session.post(request.url, data=body.pieces(), headers=headers, allow_redirects=False) as response,
    ):
        return Answer(response.status, (await _beginning(response.content)).decode("utf-8", "replace"))


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    """As much of the answer as is wanted; the rest is not waited for."""
    read = bytearray()
    while len(read) < LONGEST_ANSWER and (piece := await content.read(LONGEST_ANSWER - len(read))):
        read += piece
    return bytes(read)


def _said(error: Exception) -> str:
    """In few words, without the address asked: it holds a key."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    cause = getattr(error, "os_error", None) or error
    return str(getattr(cause, "strerror", None) or type(cause).__name__)
