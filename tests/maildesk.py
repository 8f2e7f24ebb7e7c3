"""What the tests of the outbox share: a store with a subscriber and news to tell, and a mail server to send it to."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage

from bs4 import BeautifulSoup

from alerts import outbox
from alerts.channels.smtp import SmtpServer
from alerts.digest import Edition
from monitor.config import Mail, Smtp
from monitor.demo.mailserver import MailServer
from monitor.domain import Article, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, delivery, sending
from monitor.store.delivery import Subscription, Wanted
from monitor.store.sending import Outgoing

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WUXI, SUZHOU = Region("320200", "无锡市"), Region("320500", "苏州市")
MAIL = Mail(sender="policywatch <watch@example.com>")
EDITION = Edition({"future": "未来产业"}, {"forum"}, preferences="https://watch.example.com/u/")


class Judged:
    """Hands out judgements made by the test."""

    version = "test"

    def __init__(self) -> None:
        self.answers: dict[str, Judgement] = {}

    def judge(self, article: Article) -> Judgement:
        return self.answers[article.title]


class Desk:
    """A store with one subscriber and a shorthand for articles that tell one target each."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.judged = Judged()

    def tell(self, title: str, value: int, *, metric: str = "中试平台", region: Region = WUXI, **extra: str) -> None:
        text = f"{region.name}提出，到2028年建成{metric}{value}家。{title}另有安排若干。"
        sentence = text[: text.index("。") + 1]
        fact = Quantity(
            "target", metric, "eq", Decimal(value), Evidence(0, len(sentence), sentence), unit="家",
            deadline="2028-12-31", region=region, themes=("future",),
        )  # fmt: skip
        self.judged.answers[title] = Judgement(targets=(fact,))
        told = Article(title, text, published="2026-11-23", publisher="无锡日报", url=f"https://news.example/{title}")
        article = replace(told, **extra)  # type: ignore[arg-type]  # the tests name fields of text only
        key = article.url or title
        ingest(article, key=key, store=self.store, judge=self.judged, page_hash=None, now=NOW)

    def subscribe(self, email: str = "reader@example.com", **wanted: object) -> Subscription:
        with delivery.writing(self.store) as session:
            request = Wanted(email=email, **({"regions": ("320200",), "every": "immediate"} | wanted))  # type: ignore[arg-type]
            return delivery.add_subscription(session, request, NOW - timedelta(days=1))

    def queue(self, now: datetime = NOW, edition: Edition = EDITION, **how: object) -> int:
        return len(outbox.queue_due(self.store, edition, MAIL, now, **how))  # type: ignore[arg-type]

    def states(self) -> list[str]:
        with delivery.reading(self.store) as session:
            return [message.state for message in delivery.messages(session)]


def smtp(server: MailServer) -> SmtpServer:
    return SmtpServer(Smtp(host="127.0.0.1", port=server.port, security="none", timeout=5), MAIL)


def send(desk: Desk, server: MailServer, now: datetime = NOW) -> list[str]:
    return [one.state for one in outbox.send_waiting(desk.store, smtp(server), MAIL, lambda: now)]


def claimed_by(desk: Desk, claimant: str, now: datetime = NOW) -> tuple[Outgoing, ...]:
    with desk.store.writing() as db:
        return sending.claim(db, claimant, now, most=20, per_minute=MAIL.per_minute).messages


def received(server: MailServer) -> list[EmailMessage]:
    files = sorted(server.keeper.folder.glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words_of_html(message: EmailMessage) -> str:
    """What a reader of the HTML part has before them, with the addresses of the links."""
    page = BeautifulSoup(html_of(message), "lxml")
    links = [str(link["href"]) for link in page.find_all("a")]
    return page.get_text() + " ".join(links)
