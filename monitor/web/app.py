"""The routes put together, and what holds for every answer: strict headers, bounded bodies, a log line without tokens.

No cookies, so nothing to forge a request with. No limit of requests: a token has 128 random bits, a request costs a few
milliseconds, one that changes nothing writes nothing, and whoever publishes the pages has a proxy before them for the rest.
"""

import logging
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.sentence import Names
from monitor.errors import StoreError
from monitor.store import Store
from monitor.web import feeds, pages, reader

log = logging.getLogger("policywatch.web")
LONGEST_BODY = 16_384  # bytes; the longest form has some hundred, and nine for each character that a reader writes


def make_app(store: Store, names: Names, shelf: feeds.Shelf) -> ASGIApp:
    app = Starlette(
        routes=[*reader.routes(store, names), *feeds.routes(shelf)],
        exception_handlers={HTTPException: _refused, StoreError: _out_of_order, Exception: _broken},
        max_body_size=LONGEST_BODY,
    )
    return _guarded(app)


def _guarded(app: ASGIApp) -> ASGIApp:
    headers = pages.headers()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in headers if one[0] not in own)]
                route = scope.get("route")
                path = route.path if route else "a page that is not there"
                log.info("%s %s answered %d", scope["method"], path, message["status"])
            await send(message)

        await app(scope, receive, noted)

    return guarded


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for these only; for the type checker
    answer = pages.page(request, "message.html", status=error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _out_of_order(request: Request, error: Exception) -> Response:
    log.error("a page could not be answered: %s", error)
    return pages.page(request, "message.html", status=HTTPStatus.SERVICE_UNAVAILABLE)


def _broken(request: Request, _: Exception) -> Response:
    """The fault itself is raised again behind this answer, and logged."""
    return pages.page(request, "message.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
