"""What the replicas of boards have in common: documents of a list, their articles, and a server that knows what was asked."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TODAY = datetime.now(UTC) + timedelta(hours=8)
AROUND = "<p>当前位置：首页 &gt; 政务公开 &gt; 法定主动公开内容 &gt; 法规文件及解读，本栏目按时间排列。</p>" * 6
COLUMN = "5057aeffb1a84a7e8aeded87728da48c"


@dataclass(frozen=True)
class Question:
    """What a script asked: the address, and what was posted."""

    path: str
    query: Mapping[str, str]
    told: Mapping[str, Any]
    headers: Mapping[str, str]

    def number(self, name: str) -> int:
        return int(self.told.get(name, self.query.get(name, "")))


Answer = Callable[[Question], str | None]


@dataclass(frozen=True)
class Replica:
    """One system: the list's page, what the family is called, and what its site answers."""

    family: str
    page: str
    answer: Answer
    size: int
    pages: int = 2


def document(number: int, size: int) -> tuple[str, str]:
    """Title and day; the newest of all stands last, on page two, so that what is taken tells whether that was read."""
    back = 1 if number == size else number + 1
    return f"关于公布第{number}批技术改造重点项目的通知", f"{TODAY - timedelta(days=back):%Y-%m-%d}"


def article(number: int, size: int) -> str:
    title, day = document(number, size)
    text = f"<p>经研究，现将第{number}批技术改造重点项目予以公布，请认真组织实施。</p><p>到2028年，全区新增专精特新企业{number}60家，规上工业产值达到3{number}00亿元。</p>"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>发布日期：{day}</p><div>{text * 2}</div></body></html>"


def shown(number: int, per_page: int, size: int) -> list[int]:
    """The documents of a page that counts from one."""
    return list(range((number - 1) * per_page + 1, min(number * per_page, size) + 1))


def page(body: str, script: str = "") -> str:
    return f"<html><head><title>法规文件</title></head><body>{AROUND}{body}<script>{script}</script></body></html>"


def table(numbers: list[int], size: int, address: str) -> str:
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="{address.format(n)}">{document(n, size)[0]}</a></td><td>{document(n, size)[1]}</td></tr>'
        for n in numbers
    )
    return f'<table class="wjk-list">{rows}</table>'


@contextmanager
def served(replica: Replica) -> Iterator[str]:
    """The site of a replica on loopback; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            posted = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            is_json = "json" in self.headers.get("Content-Type", "")
            self.reply(json.loads(posted) if is_json and posted else dict(parse_qsl(posted)))

        def reply(self, told: Mapping[str, Any]) -> None:
            parts = urlsplit(self.path)
            question = Question(parts.path, dict(parse_qsl(parts.query)), told, dict(self.headers.items()))
            number = re.fullmatch(r"(?:/gxq/contents/10867|/doc)/(\d+)\.s?html", parts.path)
            text = article(int(number[1]), replica.size) if number else replica.answer(question)
            body = (text or "no").encode()
            kind = "text/html; charset=utf-8" if text and "<html" in text else "application/json"
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Questions are not printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
