"""No private or loopback address is reached unless its network is allowed: checked on the address literal before a
request (redirects included) and again on every socket before it connects, whatever the name resolved to.

A proxy would take this check out of our hands, so none is used.
"""

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.exceptions import DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Response

from crawler.state import check_wanted
from monitor import reach
from monitor.reach import Network, may_reach

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REFUSED: Final = "private or loopback address (crawl.allow_private lists the networks that may be reached)"


class Refused(IgnoreRequest):  # Scrapy's own family has no Error in its name
    """A request that must not leave this machine; never retried."""


class _PrivateAddress(OSError):
    """Raised while connecting; one text for all addresses, so that the library below keeps its type."""

    def __init__(self) -> None:
        super().__init__(REFUSED)


def read_networks(allowed: Sequence[str]) -> tuple[Network, ...]:
    """The networks of `crawl.allow_private`. Raises ConfigError."""
    return reach.read_networks(allowed, "crawl.allow_private")


def check(url: str, allowed: Sequence[Network]) -> None:
    """Raise Refused for another scheme than http and https, for no host, and for a literal private address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"only http and https addresses are read, not {url[:100]}")
    address = literal(parts.hostname)
    if address is not None and not may_reach(address, allowed):
        raise Refused(REFUSED)


def literal(host: str) -> str | None:
    """The address that a host spells out, in any form that a resolver would take: 127.1, 0x7f.1, 2130706433, ::1."""
    host = host.rstrip(".")
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError, ValueError):
        return None


class _Asking(aiohttp.ClientRequest):
    """Scrapy hands over an empty body with every GET; firewalls distrust a GET that announces the length of one."""

    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        super().update_body_from_data(body or None, _stacklevel)


class GuardedDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's asyncio downloader with our check on every socket it opens."""

    experimental: ClassVar[bool] = False  # upstream's warning on every crawl; we test what we use of it

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._allowed = read_networks(crawler.settings.getlist("GUARD_ALLOW_PRIVATE"))
        self._unguarded = self._session
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._pool_size_total, socket_factory=self._open),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            request_class=_Asking,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    def _open(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may_reach(str(address[0]), self._allowed):
            raise _PrivateAddress
        return socket.socket(family=family, type=kind, proto=protocol)

    async def download_request(self, request: Request) -> Response:
        check_wanted(request)  # it may have waited its turn for long
        try:
            return await super().download_request(request)
        except DownloadConnectionRefusedError as error:
            if isinstance(getattr(error.__cause__, "os_error", None), _PrivateAddress):
                raise Refused(REFUSED) from None
            raise

    async def close(self) -> None:
        await super().close()
        await self._unguarded.close()
