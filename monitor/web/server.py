"""The web server inside the service: a thread of its own that starts after its port is taken and ends in under a second."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from monitor import assembly
from monitor.config import Settings
from monitor.web.app import make_app
from monitor.web.feeds import Shelf

AT_ONCE = 64  # connections; a reader needs one, and whoever opens more is told to come back (503)
LEAVE = 0.5  # seconds a request in hand has when the service stops; one takes a few milliseconds


@contextmanager
def serving(settings: Settings) -> Iterator[str | None]:
    """Answer readers until the block ends; the address here, or None: a port that cannot be had costs a line, not the service."""
    listener = _listen(settings)
    if listener is None:
        yield None
        return
    address = _address(listener)
    published = settings.web.address or "no mail, as web.address is not set"
    assembly.note(f"policywatch: readers' pages on {address}, linked from {published}")
    logging.getLogger("uvicorn.access").disabled = True  # its lines hold tokens; ours do not
    seeds = assembly.load(settings)
    names = assembly.make_names(seeds)
    with assembly.opened_store(settings) as store:
        edition = assembly.make_edition(settings, seeds, store)
        shelf = Shelf(store, edition, seeds.themes, names.places, settings.web.address, public=settings.web.feeds)
        server = uvicorn.Server(
            uvicorn.Config(
                make_app(store, names, shelf),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                proxy_headers=False,  # nobody's address is looked at
                server_header=False,
                limit_concurrency=AT_ONCE,
                timeout_graceful_shutdown=1,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="web", daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(LEAVE)


def _listen(settings: Settings) -> socket.socket | None:
    endpoint = settings.web.endpoint
    if endpoint is None:
        return None
    family = socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET
    try:
        return socket.create_server(endpoint, family=family)
    except OSError as error:
        assembly.note(
            f"policywatch: web.listen {settings.web.listen}: {error.strerror}; "
            "readers' pages are not served: choose another port, or off"
        )
        return None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
