"""One loopback HTTP server a site: answers from a site's documents, and misbehaves when told to."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import unquote

HOST = "127.0.0.1"
POLL = 0.02  # seconds in which a server notices that it shall stop
Seen = tuple[str, Mapping[str, str]]

# What the gates of real sites answer instead of the page, cut to the marks they are known by.
RUISHU = '<html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="{1}"><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};</script></head><body></body></html>'
JIASULE = '<script>document.cookie="__jsl_clearance_s=1.0|-1|x;max-age=3600";location.href=location.pathname</script>'
SHIELD = "<html><head><title>网站云防护系统</title></head><body><h1>拒绝执行</h1><p>您的请求已被拦截</p></body></html>"
WALLS = {
    412: (RUISHU, "FSSBBIl1UgzbN7N80S=60x; path=/; HttpOnly"),
    521: (JIASULE, "__jsluid_h=0123456789abcdef; path=/; HttpOnly"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class Behaviour:
    """What one site answers now. Changed by the tests' thread, read by the server's: `lock` guards `answers` and `seen`."""

    answers: dict[str, Answer] = field(default_factory=dict)
    raw: dict[str, Answer] = field(default_factory=dict)
    wall: int | None = None
    delay: float = 0.0  # seconds before each answer
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> Answer:
        """What stands at `path`, the site's wall before all else."""
        if self.wall is not None:
            body, cookie = WALLS.get(self.wall, (SHIELD, ""))
            headers = {"Content-Type": "text/html; charset=utf-8", **({"Set-Cookie": cookie} if cookie else {})}
            return Answer(self.wall, body.encode(), headers)
        with self.lock:
            found = self.raw.get(path) or self.answers.get(path) or self.answers.get(unquote(path))
        return found or Answer(404, MISSING, {"Content-Type": "text/html; charset=utf-8"})


MISSING = "<html><head><title>404</title></head><body><p>您访问的页面不存在</p></body></html>".encode()


def page_answer(body: bytes, content_type: str, modified: datetime) -> Answer:
    """A page that can be asked for again on condition: its ETag is its content's, its date in whole seconds."""
    return Answer(
        200,
        body,
        {
            "Content-Type": content_type,
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(modified.astimezone(UTC).replace(microsecond=0), usegmt=True),
        },
    )


def is_unchanged(answer: Answer, asked: Message) -> bool:
    """True when the client holds this answer already: If-None-Match first, as RFC 9110 13.2.2 wants."""
    if answer.status != 200 or "ETag" not in answer.headers:
        return False
    if (known := asked.get("If-None-Match")) is not None:
        return answer.headers["ETag"] in (tag.strip().removeprefix("W/") for tag in known.split(","))
    if (since := asked.get("If-Modified-Since")) is not None:
        try:
            held = parsedate_to_datetime(since)
        except ValueError:
            return False
        held = held if held.tzinfo else held.replace(tzinfo=UTC)
        return parsedate_to_datetime(answer.headers["Last-Modified"]) < held + timedelta(seconds=1)
    return False


class SiteServer(ThreadingHTTPServer):
    """Serves one site on 127.0.0.1; raises OSError when the port is taken."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        super().__init__((HOST, port), SiteHandler)

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the host's name, which can hang where no resolver answers."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no fault of the site."""


class SiteHandler(BaseHTTPRequestHandler):
    server: SiteServer
    server_version, sys_version = "nginx", ""

    def do_GET(self) -> None:
        behaviour = self.server.behaviour
        with behaviour.lock:
            behaviour.seen.append((self.path, dict(self.headers.items())))
        behaviour.stopped.wait(behaviour.delay)
        answer = behaviour.answer(self.path)
        unchanged = is_unchanged(answer, self.headers)
        self.send_response(304 if unchanged else answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = b"" if unchanged else answer.body
        if not unchanged:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """The requests seen are kept for the tests, not printed."""
