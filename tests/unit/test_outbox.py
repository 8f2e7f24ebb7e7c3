"""From stored facts to a message handed over by SMTP: what it tells, once per fact version."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts import outbox
from alerts.digest import Edition, Trouble
from monitor.demo.mailserver import MailServer
from monitor.domain import Article, Evidence, Judgement, Programme
from monitor.ingest import ingest
from monitor.store import Store, delivery
from monitor.store.pending import pending
from tests.maildesk import (
    EDITION,
    NOW,
    SUZHOU,
    WUXI,
    Desk,
    html_of,
    plain,
    received,
    send,
    words_of_html,
)


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
    assert [item.section for item in digest.items] == ["revised"]
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
