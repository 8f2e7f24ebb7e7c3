"""The operator hears once that a source broke, and once that it is read again."""

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.operator import queue_alert
from monitor.config import Mail
from monitor.domain import Source
from monitor.store import Store, delivery

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MAIL = Mail(sender="watch@example.com", operator="operator@example.com")
SOURCES = [Source(id, f"来源{id}", f"https://{id}.example/") for id in ("a", "b", "c")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite") as opened:
        yield opened


def crawl(store: Store, times: int = 1, **outcomes: str) -> None:
    """Each source ends `times` crawls in a row with the outcome given, "ok" where none is."""
    for _ in range(times):
        for source in SOURCES:
            status = outcomes.get(source.id, "ok")
            reason = None if status == "ok" else "412：需要浏览器校验"
            store.finish_crawl(source.id, status=status, reason=reason, new=0, next_due=NOW, now=NOW)


def told(store: Store, mail: Mail = MAIL, minutes: int = 0) -> str | None:
    """The subject of the mail that is queued now, if any."""
    if queue_alert(store, SOURCES, mail, NOW + timedelta(minutes=minutes)) is None:
        return None
    with delivery.reading(store) as session:
        return delivery.messages(session)[-1].subject


def test_three_failures_in_a_row_are_told_once(store: Store) -> None:
    crawl(store, 2, a="blocked")
    assert told(store) is None
    crawl(store, a="blocked")
    assert told(store) == "来源告警：1 个读不到"
    crawl(store, a="blocked")
    assert told(store) is None


def test_two_good_crawls_in_a_row_are_told_once(store: Store) -> None:
    crawl(store, 3, a="blocked")
    told(store)
    crawl(store)
    assert told(store) is None
    crawl(store)
    assert told(store, minutes=1) == "来源告警：1 个恢复"
    assert told(store) is None
    crawl(store, 3, a="blocked")
    assert told(store, minutes=2) == "来源告警：1 个读不到"


def test_when_everything_fails_it_is_our_own_line(store: Store) -> None:
    crawl(store, 3, a="unreachable", b="unreachable", c="unreachable")
    assert told(store) == "来源告警：全部来源都读不到，多半是本机网络"
    assert told(store) is None


def test_the_mail_names_source_reason_and_since(store: Store) -> None:
    crawl(store, 3, a="blocked", b="blocked")
    told(store)
    with delivery.reading(store) as session:
        (message,) = delivery.messages(session)
    assert message.recipient == "operator@example.com"
    body = email.message_from_bytes(message.body, policy=email.policy.default).get_content()
    assert "! 来源a、来源b：412：需要浏览器校验（自2026年11月24日起）" in body


def test_a_source_that_is_switched_off_is_no_news(store: Store) -> None:
    crawl(store, 3, a="blocked")
    off = [Source("a", "来源a", "https://a.example/", enabled=False), *SOURCES[1:]]
    assert queue_alert(store, off, MAIL, NOW) is None


def test_without_an_operator_nothing_is_marked(store: Store) -> None:
    crawl(store, 3, a="blocked")
    assert told(store, Mail(sender="watch@example.com")) is None
    assert not store.source_states()["a"].alerted
