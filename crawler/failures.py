"""What went wrong with a request, in a status of the report and words for a person."""

from typing import Final

import aiohttp
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.gates import Gate
from crawler.middlewares import Disallowed, Unanswered
from crawler.state import Status, Stopped
from monitor.errors import PageError

TLS: Final = "tls_legacy: https fails; where http answers, the source's address may be given with http"
TOO_LARGE: Final = "page larger than crawl.max_page allows"
NETWORK: Final[tuple[tuple[type[BaseException], Status, str], ...]] = (
    (CannotResolveHostError, "unreachable", "the host's name does not resolve"),
    (DownloadTimeoutError, "unreachable", "no answer in time: down, or not to be reached from this network"),
    (DownloadConnectionRefusedError, "unreachable", "no connection to the host"),
    (DownloadCancelledError, "failed", TOO_LARGE),
    (UnsupportedURLSchemeError, "failed", "not an address that can be asked for a page"),
)


def explain(error: BaseException) -> tuple[Status, str]:
    """Status and reason; a wall is "blocked", what no network reached is "unreachable"."""
    if isinstance(error, Gate):
        status: Status = "blocked" if error.verdict.wall else "failed"
        return ("unreachable" if error.verdict.name.startswith("http_5") else status), str(error.verdict)
    if isinstance(error, Disallowed):
        return "disallowed", str(error)
    if isinstance(error, Unanswered):
        return "unreachable", str(error)
    if isinstance(error, PageError):
        return "failed", error.problem
    if isinstance(error, IgnoreRequest):
        return "failed", TOO_LARGE if "DOWNLOAD_MAXSIZE" in str(error) else str(error)
    return _network(error)


def is_lasting(error: BaseException) -> bool:
    """Whether asking again soon would give the same: then the address is noted and left alone for a while."""
    if isinstance(error, Gate):
        return not error.verdict.wall and not error.verdict.name.startswith("http_5")
    if isinstance(error, (Stopped, Unanswered)):
        return False
    return isinstance(error, (IgnoreRequest, PageError, DownloadCancelledError))


def is_gone(error: BaseException) -> bool:
    """Whether the page is not there, or its host has no address: a moment's fault, or for good."""
    if isinstance(error, Gate):
        return error.verdict.name.startswith("gone_") or error.verdict.name == "soft_404"
    return isinstance(error, CannotResolveHostError)


def _network(error: BaseException) -> tuple[Status, str]:
    said = str(error)
    if isinstance(error.__cause__, aiohttp.ClientSSLError):
        return "unreachable", TLS
    for kind, status, reason in NETWORK:
        if isinstance(error, kind):
            return status, reason
    if isinstance(error, (DownloadFailedError, ResponseDataLossError, OSError)):
        return "unreachable", f"the connection broke off: {said[:200] or type(error).__name__}"
    return "failed", f"{type(error).__name__}: {said[:200]}"
