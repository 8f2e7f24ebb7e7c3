"""What the tests of the channels share: a loopback server that plays a service, and a store with news to tell."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from monitor.domain import Article, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, delivery
from monitor.store.delivery import Subscription, Wanted

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WUXI = Region("320200", "无锡市")


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers each request with the next of `answers`, the last one for ever: status and JSON, or words; hangs on None."""

    address: str
    answers: list[tuple[int, object] | None] = field(default_factory=lambda: [(200, {"errcode": 0, "errmsg": "ok"})])
    asked: list[Asked] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)

    def next_answer(self) -> tuple[int, object] | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Handler(BaseHTTPRequestHandler):
    receiver: ClassVar[Receiver]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the line broke: that is no message
        named = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.asked.append(Asked(self.path, named, body))
        answer = self.receiver.next_answer()
        if answer is None:
            self.receiver.ending.wait(20)
            return
        status, said = answer
        words = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in self.receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *_: object) -> None:
        """The tests look at what was asked."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A server on loopback until the block ends."""
    handler = type("Own", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
        handler.receiver = receiver  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.ending.set()
            server.shutdown()
            thread.join()


class Judged:
    """Finds in an article what the test says is there."""

    version = "test"

    def __init__(self) -> None:
        self.facts: dict[str, Sequence[Quantity]] = {}

    def judge(self, article: Article) -> Judgement:
        return Judgement(targets=tuple(self.facts[article.url or ""]))


# No two of them alike, so that none is taken for a wording of another.
METRICS = (
    "中试平台", "充电桩", "养老床位", "口袋公园", "数据中心", "孵化器", "专利池", "农机合作社", "产业学院", "博物馆",
    "码头泊位", "冷链仓库", "图书馆分馆", "健身步道", "托育机构", "示范工厂", "加氢站", "风电机组", "航线", "物流园",
    "算力节点", "牧场", "检测实验室", "创新联合体", "污水处理厂", "跨境电商仓", "社区食堂", "无人机起降点", "公交枢纽", "渔港",
)  # fmt: skip


def tell(
    store: Store, name: str, value: int, *, metric: str = "中试平台", title: str | None = None, publisher: str = "无锡日报",
    url: str | None = None, now: datetime = NOW, published: str = "2026-11-23",
) -> None:  # fmt: skip
    """Store an article that tells one target."""
    text = f"{WUXI.name}提出，到2028年建成{metric}{value}家。{name}另有安排若干。"
    sentence = text[: text.index("。") + 1]
    fact = Quantity(
        "target", metric, "eq", Decimal(value), Evidence(0, len(sentence), sentence), unit="家",
        deadline="2028-12-31", region=WUXI, themes=("future",),
    )  # fmt: skip
    judged = Judged()
    address = url or f"https://news.example/{name}"
    judged.facts[address] = [fact]
    article = Article(title or name, text, published=published, publisher=publisher, url=address)
    ingest(article, key=address, store=store, judge=judged, page_hash=None, now=now)


def subscribe(store: Store, address: str) -> Subscription:
    wanted = Wanted(email=address, regions=("320200",), every="immediate")
    with delivery.writing(store) as session:
        return delivery.add_subscription(session, wanted, NOW - timedelta(days=1))
