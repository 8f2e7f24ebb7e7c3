"""What has no end, or leads back to where it began, is left by the crawl within bounds and by name."""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

TEXT = (
    "<p>市政府召开常务会议，研究部署集成电路产业发展工作。</p><p>会议提出，到2028年全市产业规模达到{}00亿元。</p>"
    "<p>会议要求，各有关部门要压实责任，加快推进重点项目建设，强化人才、资金和用地保障。</p>"
)
AROUND = "<p>当前位置：首页 &gt; 政务公开 &gt; 通知公告，本栏目按发布时间排列。</p>" * 8


def rows(folder: str, numbers: range) -> str:
    return "".join(
        f'<li><a href="/doc/{folder}/t20261101_{n}.html">关于第{n}批重点项目名单的公示</a><span>2026-11-01</span></li>'
        for n in numbers
    )


def listed(folder: str, numbers: range, onward: str = "") -> str:
    link = f'<a href="{onward}">下一页</a>' if onward else ""
    return (
        f"<html><head><title>通知公告</title></head><body>{AROUND}<ul>{rows(folder, numbers)}</ul>{link}</body></html>"
    )


def calendar(month: int) -> str:
    """Every month links the next one for ever, and holds no article."""
    days = "".join(f'<td><a href="/calendar/?day={month}-{day}">{day}</a></td>' for day in range(1, 29))
    onward = f'<a href="/calendar/?month={month + 1}">下一页</a>'
    return f"<html><body>{AROUND}<table><tr>{days}</tr></table>{onward}</body></html>"


class Handler(BaseHTTPRequestHandler):
    """Lists by path; `asked` is the server's record."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        number = int(next(iter(re.findall(r"\d+", self.path)), "1"))
        article = re.search(r"t20261101_(\d+)\.html$", self.path)
        folder = self.path.split("/")[1]
        match folder:
            case "doc" if article:
                title = f"关于第{article[1]}批重点项目名单的公示"
                self.answer(f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{TEXT.format(article[1])}")
            case "circle":
                self.answer(
                    listed(folder, range(1, 4), "/circle/2")
                    if number == 1
                    else listed(folder, range(4, 6), "/circle/1")
                )
            case "forever":  # every page has news, and leads on
                self.answer(listed(folder, range(3 * number, 3 * number + 3), f"/forever/{number + 1}"))
            case "calendar":
                self.answer(calendar(number))
            case "many":
                self.answer(listed(folder, range(1, 10_001)))
            case "feed.xml":
                self.answer(f"<html><head><title>订阅</title></head><body>{AROUND * 4}</body></html>")
            case "stream":
                self.stream()
            case "bomb":
                self.bomb()
            case _:
                self.send_error(404)

    def answer(self, text: str, kind: str = "text/html; charset=utf-8") -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        """Ten gigabytes, as far as anybody takes them."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(10 * 1024**3))
        self.end_headers()
        try:
            for _ in range(10 * 1024):
                self.wfile.write(b"<p>0</p>" * 131_072)
        except OSError:
            return

    def bomb(self) -> None:
        """A few hundred kilobytes that unpack to three hundred megabytes."""
        packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        body = b"".join([*(packer.compress(b"<p>0</p>" * 125_000) for _ in range(300)), packer.flush()])
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_crawl_leaves_what_has_no_end(site: ThreadingHTTPServer, watch: Watch, policywatch: Policywatch) -> None:
    """Each list has its verdict, and none is asked for more than the settings allow."""
    base = f"http://127.0.0.1:{site.server_port}"
    places = ("circle/1", "forever/1", "calendar/?month=1", "many/", "feed.xml", "stream/", "bomb/")
    names = [re.sub(r"\W.*", "", place) for place in places]
    watch(
        [Source(id=name, name=name, url=f"{base}/{place}") for name, place in zip(names, places, strict=True)],
        crawl={"max_pages": 4, "max_articles": 12},
    )
    run = policywatch("crawl", "--json")
    reports = {row["source"]: row for row in json.loads(run.stdout)["sources"]}
    assert {name: (row["status"], row["new"]) for name, row in reports.items()} == {
        "circle": ("ok", 5),
        "forever": ("ok", 12),
        "calendar": ("empty", 0),
        "many": ("ok", 12),
        "feed": ("empty", 0),
        "stream": ("failed", 0),
        "bomb": ("failed", 0),
    }, run.stderr
    asked: list[str] = site.asked  # type: ignore[attr-defined]
    assert [path for path in asked if path.startswith("/circle")] == ["/circle/1", "/circle/2"]
    assert [path for path in asked if path.startswith("/forever")] == [f"/forever/{page}" for page in range(1, 5)]
    assert [path for path in asked if path.startswith("/calendar")] == ["/calendar/?month=1"]
    for name in ("stream", "bomb"):
        assert "larger than crawl.max_page" in str(reports[name]["reason"])
        assert asked.count(f"/{name}/") == 1
    assert "Traceback" not in run.stderr
