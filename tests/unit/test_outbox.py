"""From stored facts to a message handed over by SMTP: once per fact version, whatever fails on the way."""

import email
import email.policy
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from alerts import outbox
from alerts.channels.base import Message
from alerts.channels.file import MailboxFolder
from alerts.channels.smtp import SmtpServer
from alerts.digest import Edition, Trouble
from monitor.config import Mail, Smtp
from monitor.demo.mailserver import MailServer
from monitor.domain import Article, Evidence, Judgement, Programme, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, delivery, sending
from monitor.store.delivery import Subscription, Wanted
from monitor.store.pending import pending
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


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        yield Desk(store)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    running = MailServer(tmp_path / "received")
    running.start()
    yield running
    running.stop()


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


def test_a_new_target_arrives_with_sentence_link_and_reason(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    assert desk.queue() == 1
    assert send(desk, server) == ["sent"]
    (message,) = received(server)
    for part in (plain(message), words_of_html(message)):
        for word in (
            "中试平台",
            "12家",
            "到2028年底",
            "无锡市提出，到2028年建成中试平台12家。",
            "无锡日报 2026-11-23",
            "未来产业",
        ):
            assert word in part
        assert "https://news.example/甲稿" in part


def test_the_message_can_be_unsubscribed_with_one_click_and_is_not_answered(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    send(desk, server)
    (message,) = received(server)
    assert message["List-Unsubscribe"].startswith(f"<https://watch.example.com/u/{kept.token}>, <mailto:")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.com>")
    assert (
        b"=?utf-8?q?"
        not in server.keeper.folder.glob("*.eml").__next__().read_bytes().split(b"List-Unsubscribe:")[1][:90]
    )


def test_a_fact_is_sent_once_however_many_articles_repeat_it(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    send(desk, server)
    desk.tell("乙稿", 12, source="forum", url="https://forum.example/thread-1-1-1.html")
    assert desk.queue(NOW + timedelta(minutes=5)) == 0
    assert len(received(server)) == 1


def test_a_changed_subscription_repeats_nothing(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    send(desk, server)
    with delivery.writing(desk.store) as session:
        delivery.remove_subscription(session, kept.id)
    desk.subscribe(every="immediate", regions=("320000",))
    assert desk.queue(NOW + timedelta(minutes=5)) == 0


def test_a_revised_value_comes_with_the_old_one_beside_it(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    desk.tell("丙稿", 15, published="2026-11-24")
    assert desk.queue(NOW + timedelta(minutes=5)) == 1
    send(desk, server, NOW + timedelta(minutes=6))
    revised = next(text for message in received(server) if "原：" in (text := plain(message)))
    assert "原：12家 → 现：15家" in revised


def test_only_what_is_within_the_subscribed_place_arrives(desk: Desk) -> None:
    desk.subscribe(regions=("320500",))
    desk.tell("甲稿", 12, region=WUXI)
    desk.tell("丁稿", 7, region=SUZHOU)
    with delivery.reading(desk.store) as session:
        (subscription,) = delivery.list_subscriptions(session)
        assert [fact.region_name for fact in pending(session, subscription)] == ["苏州市"]


def test_a_theme_nobody_asked_for_stays_out(desk: Desk) -> None:
    desk.subscribe(regions=(), themes=("low-altitude",))
    desk.tell("甲稿", 12)
    assert desk.queue() == 0


def test_what_was_old_when_first_seen_needs_backfill(desk: Desk) -> None:
    desk.subscribe()
    desk.tell("旧稿", 12, published="2025-01-05")
    assert desk.queue() == 0
    assert desk.queue(NOW + timedelta(minutes=1), backfill=True) == 1


def test_the_same_due_time_is_served_once(desk: Desk) -> None:
    desk.subscribe(every="daily", at="08:30")
    desk.tell("甲稿", 12)
    assert [desk.queue(), desk.queue()] == [1, 0]


def test_missed_issues_are_merged_into_one_that_says_so(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe(every="daily", at="08:30")
    with delivery.writing(desk.store) as session:
        delivery.change_subscription(session, kept.id, created=NOW - timedelta(days=4))
    desk.tell("甲稿", 12)
    assert desk.queue() == 1
    send(desk, server)
    assert "此前有 3 期未发出，已并入本期" in plain(received(server)[0])


def test_a_second_hand_report_is_marked_until_an_official_one_is_seen(desk: Desk) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12, source="forum", url="https://forum.example/1")
    now = NOW + timedelta(minutes=1)
    assert outbox.preview(desk.store, kept, EDITION, now).items[0].second_hand
    desk.tell("官方稿", 12, source="wuxi", url="https://www.wuxi.example/doc/1.shtml")
    item = outbox.preview(desk.store, kept, EDITION, now).items[0]
    assert (item.second_hand, item.citation.source, item.others) == (False, "wuxi", 1)


def test_a_broken_source_is_named_in_every_digest(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    edition = Edition({}, troubles=(Trouble("某市政府网", "412：需要浏览器校验", NOW),))
    desk.queue(edition=edition)
    send(desk, server)
    assert "! 某市政府网：412：需要浏览器校验（自2026年11月24日起）" in plain(received(server)[0])


def test_a_temporary_refusal_is_tried_again_later(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "451 too many messages, try later"
    assert send(desk, server) == ["retry"]
    assert send(desk, server) == []  # not before its time
    server.keeper.refusal = None
    assert send(desk, server, NOW + timedelta(minutes=3)) == ["sent"]
    assert len(received(server)) == 1


def test_an_address_refused_for_good_is_suspended_with_the_reason(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "550 no such user here"
    assert send(desk, server) == ["failed"]
    with delivery.reading(desk.store) as session:
        (subscription,) = delivery.list_subscriptions(session)
    assert subscription.suspended == "content refused: 550 no such user here"


def test_a_dead_mail_server_costs_no_attempt_and_loses_nothing(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    dead = SmtpServer(Smtp(host="127.0.0.1", port=9, security="none", timeout=2), MAIL)
    (outcome,) = outbox.send_waiting(desk.store, dead, MAIL, lambda: NOW)
    assert outcome.state == "waiting"
    assert "smtp.host" in str(outcome.answer)
    assert send(desk, server, NOW + timedelta(minutes=6)) == ["sent"]


def test_a_sender_that_died_before_the_content_went_out_loses_nothing(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    assert claimed_by(desk, "dead")
    assert send(desk, server) == ["sent"]
    assert len(received(server)) == 1


def test_a_sender_that_died_while_the_content_went_out_leaves_it_to_the_operator(
    desk: Desk, server: MailServer
) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    (claimed,) = claimed_by(desk, "dead")
    with desk.store.writing() as db:
        assert sending.begin(db, claimed, NOW)
    assert send(desk, server, NOW + timedelta(minutes=5)) == []
    assert desk.states() == ["sending"]  # it may still be alive
    assert send(desk, server, NOW + timedelta(hours=1)) == []
    assert desk.states() == ["unknown"]
    with delivery.writing(desk.store) as session:
        assert delivery.retry_message(session, claimed.id, NOW + timedelta(hours=1))
    assert send(desk, server, NOW + timedelta(hours=1)) == ["sent"]


def test_a_slow_sender_finds_its_claim_gone_and_sends_nothing(desk: Desk, server: MailServer) -> None:
    """Another sender takes the message over while the first one is still being greeted by the server."""
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()

    class Overtaken(SmtpServer):
        def send(self, message: Message, begin: Callable[[], None]) -> str:
            assert send(desk, server) == ["sent"]
            return super().send(message, begin)

    slow = Overtaken(Smtp(host="127.0.0.1", port=server.port, security="none", timeout=5), MAIL)
    assert outbox.send_waiting(desk.store, slow, MAIL, lambda: NOW) == ()
    assert len(received(server)) == 1
    assert desk.states() == ["sent"]


def test_senders_at_the_same_time_send_each_message_once(desk: Desk, server: MailServer) -> None:
    for number in range(12):
        desk.subscribe(f"reader{number}@example.com")
    desk.tell("甲稿", 12)
    assert desk.queue() == 12
    with ThreadPoolExecutor(4) as pool:
        rounds = [pool.submit(send, desk, server) for _ in range(4)]
    assert sum(len(one.result()) for one in rounds) == 12
    assert sorted(message["To"] for message in received(server)) == sorted(
        f"reader{number}@example.com" for number in range(12)
    )


def test_builders_at_the_same_time_make_one_message(desk: Desk) -> None:
    desk.subscribe(every="daily", at="08:30")
    desk.tell("甲稿", 12)
    with ThreadPoolExecutor(4) as pool:
        built = [pool.submit(desk.queue) for _ in range(4)]
    assert sum(one.result() for one in built) == 1
    assert desk.states() == ["pending"]


def test_two_senders_never_take_the_same_message(desk: Desk) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    assert [len(claimed_by(desk, "one")), len(claimed_by(desk, "other"))] == [1, 0]


def test_a_mailbox_folder_that_cannot_be_written_keeps_the_message_waiting(desk: Desk, tmp_path: Path) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    blocker = tmp_path / "mailbox"
    blocker.write_text("a file where the folder should be")
    (outcome,) = outbox.send_waiting(desk.store, MailboxFolder(blocker), MAIL, lambda: NOW)
    assert outcome.state == "waiting"
    blocker.unlink()
    (outcome,) = outbox.send_waiting(desk.store, MailboxFolder(blocker), MAIL, lambda: NOW + timedelta(minutes=6))
    assert outcome.state == "sent"
    assert len(list(blocker.glob("*.eml"))) == 1


def test_what_a_page_says_is_escaped_and_only_web_links_stand(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("<script>alert(1)</script>", 12, url="javascript:alert(1)")
    desk.queue()
    send(desk, server)
    html = html_of(received(server)[0])
    assert "<script>" not in html
    assert "javascript:" not in html


def test_a_draft_that_became_final_is_an_update(desk: Desk) -> None:
    kept = desk.subscribe()
    for title, status, day in (("草案", "draft", "2026-11-20"), ("定稿", "issued", "2026-11-24")):
        text = f"《无锡市中试平台管理办法》{title}。"
        sentence = Evidence(0, len(text), text)
        fact = Programme("无锡市中试平台管理办法", "document", status, sentence, region=WUXI)  # type: ignore[arg-type]
        desk.judged.answers[title] = Judgement(programmes=(fact,))
        article = Article(title, text, published=day)
        ingest(article, key=title, store=desk.store, judge=desk.judged, page_hash=None, now=NOW)
    digest = outbox.preview(desk.store, kept, EDITION, NOW)
    assert digest.count("revised") == 1
    assert digest.items[0].fact.previous is not None
    assert digest.items[0].fact.previous.status == "draft"


def test_what_an_article_took_back_before_the_digest_is_not_sent(desk: Desk) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.judged.answers["甲稿"] = Judgement()
    edited = Article(
        "甲稿", "更正：此前所列中试平台数字有误，以本稿为准。", published="2026-11-23", url="https://news.example/甲稿"
    )
    ingest(edited, key="https://news.example/甲稿", store=desk.store, judge=desk.judged, page_hash=None, now=NOW)
    assert outbox.preview(desk.store, kept, EDITION, NOW).items == ()
    assert desk.queue() == 0
    assert desk.states() == []


def test_nothing_new_makes_no_mail_unless_a_heartbeat_is_asked_for(desk: Desk) -> None:
    kept = desk.subscribe(every="daily", at="08:30")
    assert desk.queue() == 0
    assert desk.queue(NOW + timedelta(days=1), Edition({}, heartbeat=True)) == 1
    with delivery.writing(desk.store) as session:
        delivery.change_subscription(session, kept.id, every="immediate")
    assert desk.queue(NOW + timedelta(days=2), Edition({}, heartbeat=True)) == 0  # it would never end


def test_a_removed_subscription_gets_nothing_that_still_waits(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    with delivery.writing(desk.store) as session:
        delivery.remove_subscription(session, kept.id)
    assert send(desk, server) == []
    desk.subscribe()
    assert desk.queue(NOW + timedelta(minutes=1)) == 1  # never received, so still news


def test_a_suspended_address_gets_what_it_missed_when_it_is_resumed(desk: Desk, server: MailServer) -> None:
    kept = desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "550 5.1.1 user unknown"
    assert send(desk, server) == ["failed"]
    server.keeper.refusal = None
    later = NOW + timedelta(hours=1)
    assert send(desk, server, later) == []
    with delivery.writing(desk.store) as session:
        assert delivery.resume_subscription(session, kept.id, later)
    assert send(desk, server, later) == ["sent"]


def test_a_refused_content_says_nothing_against_the_address(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "554 5.7.1 message looks like an advertisement"
    assert send(desk, server) == ["failed"]
    with delivery.reading(desk.store) as session:
        assert delivery.list_subscriptions(session)[0].suspended is None


def test_a_server_that_refuses_again_and_again_ends_as_failed(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    server.keeper.refusal = "450 4.2.1 mailbox busy"
    fates = [send(desk, server, NOW + timedelta(days=day)) for day in range(MAIL.attempts + 1)]
    assert fates == [["retry"]] * (MAIL.attempts - 1) + [["failed"], []]


def test_whoever_asks_does_not_wait_for_a_server_that_was_dead(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    desk.tell("甲稿", 12)
    desk.queue()
    dead = SmtpServer(Smtp(host="127.0.0.1", port=9, security="none", timeout=2), MAIL)
    outbox.send_waiting(desk.store, dead, MAIL, lambda: NOW)
    assert send(desk, server) == []
    (outcome,) = outbox.send_waiting(desk.store, smtp(server), MAIL, lambda: NOW, at_once=True)
    assert outcome.state == "sent"


def test_a_long_digest_comes_in_parts_that_together_hold_everything_once(desk: Desk, server: MailServer) -> None:
    desk.subscribe()
    for number in range(260):
        desk.tell(f"第{number}号稿", number + 10, metric=f"第{number}类中试平台")
    assert desk.queue() == 1
    states = send(desk, server)
    assert set(states) == {"sent"}
    messages = received(server)
    assert len(messages) == len(states) > 1
    assert all(len(html_of(message).encode()) < 102_000 for message in messages)
    together = "".join(plain(message) for message in messages)
    assert [together.count(f"● 第{number}类中试平台") for number in range(260)] == [1] * 260
    assert len({message["Message-ID"] for message in messages}) == len(messages)
    assert desk.queue(NOW + timedelta(minutes=1)) == 0


def test_a_digest_that_cannot_be_built_holds_up_no_other(desk: Desk) -> None:
    broken = desk.subscribe("first@example.com", every="daily")
    desk.subscribe("second@example.com")
    desk.tell("甲稿", 12)
    with delivery.writing(desk.store) as session:
        delivery.change_subscription(session, broken.id, timezone="Mars/Base")
    with pytest.raises(Exception, match="Mars/Base"):
        desk.queue()
    assert desk.states() == ["pending"]
