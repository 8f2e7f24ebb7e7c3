"""The operator hears once that a source is in trouble, once that it is read again, and once that it is our own line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from alerts.digest import SourceNews
from alerts.operator import queue_alert
from alerts.render import alert_words
from monitor.config import Mail
from monitor.domain import Source
from monitor.health import LINE, Look, after, line_after, line_down_since
from monitor.store import Store, delivery

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAIL = Mail(sender="watch@example.com", operator="operator@example.com")
SOURCES = [Source(id, f"来源{id}", f"https://{id}.example/") for id in ("a", "b", "c")]
REASONS = {"blocked": "412：需要浏览器校验", "unreachable": "no connection to the host"}
WELL = Look(rows=20, fresh=1)


class Desk:
    """A store, an operator, and a clock that moves with every round of looks."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW
        self.alert: SourceNews | None = None  # what was told last

    def crawl(self, times: int = 1, *, wait: timedelta = HOUR, gone: bool = False, **outcomes: str | Look) -> None:
        """Each source named ends `times` crawls in a row with the outcome given, the others well."""
        for _ in range(times):
            for source in SOURCES:
                outcome = outcomes.get(source.id, WELL)
                if outcome != "left alone":
                    look = outcome if isinstance(outcome, Look) else self.look(outcome, gone=gone)
                    step = partial(after, look=look, source=source, now=self.now)
                    self.store.finish_crawl(source.id, step)
            down = line_down_since(SOURCES, self.store.source_states())
            self.store.finish_crawl(LINE, partial(line_after, down=down, now=self.now))
            self.now += wait

    @staticmethod
    def look(status: str, *, gone: bool) -> Look:
        return Look(status=status, reason=REASONS.get(status, status), gone=gone)

    def told(self, mail: Mail = MAIL) -> str | None:
        """The subject of the mail that is queued now, if any."""
        self.alert = queue_alert(self.store, SOURCES, mail, self.now)
        if self.alert is None:
            return None
        with delivery.reading(self.store) as session:
            return delivery.messages(session)[-1].subject

    def health(self, id: str) -> tuple[str | None, datetime | None]:
        state = self.store.source_states()[id]
        return state.health, state.since


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite") as opened:
        yield Desk(opened)


def test_three_failures_in_a_row_are_told_once(desk: Desk) -> None:
    desk.crawl(2, a="blocked")
    assert desk.told() is None
    desk.crawl(a="blocked")
    assert desk.told() == "来源告警：1 个读不到"
    desk.crawl(3, a="blocked")
    assert desk.told() is None


def test_two_good_crawls_in_a_row_are_told_once(desk: Desk) -> None:
    desk.crawl(3, a="blocked")
    desk.told()
    desk.crawl()
    assert desk.told() is None
    desk.crawl()
    assert desk.told() == "来源告警：1 个恢复"
    assert desk.told() is None
    desk.crawl(3, a="blocked")
    assert desk.told() == "来源告警：1 个读不到"


def test_when_everything_fails_it_is_our_own_line(desk: Desk) -> None:
    """Once, however long it lasts; when it is over one mail says so, and no source is told of."""
    desk.crawl()
    desk.crawl(3, a="unreachable", b="unreachable", c="unreachable")
    assert desk.told() == "来源告警：全部来源都读不到，多半是本机网络"
    for _ in range(5):
        desk.crawl(a="unreachable", b="unreachable", c="unreachable", wait=DAY)
        assert desk.told() is None
    desk.crawl(a="left alone", b="unreachable")
    assert desk.told() == "来源告警：1 个恢复"
    desk.crawl(2)
    assert desk.told() is None
    assert {desk.health(id)[0] for id in "abc"} == {"working"}


def test_a_site_that_is_still_away_when_our_line_is_back_is_told_of(desk: Desk) -> None:
    desk.crawl()
    desk.crawl(3, a="unreachable", b="unreachable", c="unreachable")
    desk.told()
    desk.crawl(a="left alone")
    assert desk.told() == "来源告警：1 个恢复"  # nobody knows of a yet
    desk.crawl(a="unreachable")
    assert desk.told() == "来源告警：1 个读不到"


def test_one_site_that_fails_before_another_was_asked_is_not_told_of_yet(desk: Desk) -> None:
    """It may be our line."""
    desk.crawl()
    desk.crawl(3, a="unreachable", b="left alone", c="left alone")
    assert desk.told() is None
    desk.crawl(a="unreachable", b="left alone")
    assert desk.told() == "来源告警：1 个读不到"


def test_a_source_that_vanished_is_told_of_again(desk: Desk) -> None:
    """Somebody who knows that it is broken has to know that its address is no more."""
    desk.crawl()
    desk.crawl(3, a="failed", gone=True)
    assert desk.told() == "来源告警：1 个读不到"
    assert desk.health("a") == ("broken", NOW + HOUR)
    desk.crawl(2, a="failed", gone=True, wait=DAY)
    assert desk.told() is None
    desk.crawl(a="failed", gone=True)
    assert desk.health("a") == ("gone", NOW + HOUR)
    assert desk.told() == "来源告警：1 个读不到"
    assert desk.alert is not None
    assert [trouble.reason for trouble in desk.alert.broken] == ["已不存在：failed"]
    desk.crawl(3, a="failed", gone=True)
    assert desk.told() is None


def test_a_source_that_falls_silent_is_told_of_and_so_is_its_next_article(desk: Desk) -> None:
    quiet = Look(rows=20)
    desk.crawl(3, wait=DAY)
    last = desk.now - DAY
    desk.crawl(13, a=quiet, wait=DAY)
    assert desk.health("a")[0] == "working"
    desk.crawl(a=quiet, wait=DAY)
    assert desk.health("a") == ("silent", last)
    assert desk.told() == "来源告警：1 个久无新文章"
    desk.crawl(3, a=quiet, wait=DAY)
    assert desk.told() is None
    desk.crawl(wait=DAY)
    assert desk.told() == "来源告警：1 个恢复"
    assert desk.told() is None


def test_a_list_whose_second_page_is_its_first_again_is_broken_until_it_is_seen_mended(desk: Desk) -> None:
    """Looks that find nothing new do not ask for page two, and tell nothing about it."""
    desk.crawl(3, a=Look(rows=20, fresh=1, paging=False, reason="page 2 shows page 1"))
    assert desk.health("a") == ("broken", NOW)
    assert desk.told() == "来源告警：1 个读不到"
    desk.crawl(2, a=Look())
    assert desk.health("a") == ("broken", NOW)
    desk.crawl(2, a=Look(rows=20, fresh=1, paging=True))
    assert desk.told() == "来源告警：1 个恢复"


def test_the_mail_names_source_reason_and_since(desk: Desk) -> None:
    desk.crawl(3, a="blocked", b="blocked")
    desk.told()
    with delivery.reading(desk.store) as session:
        assert delivery.messages(session)[-1].recipient == "operator@example.com"
    assert desk.alert is not None
    _, words = alert_words(desk.alert)
    assert "! 来源a、来源b：412：需要浏览器校验（自2026年11月24日起）" in words


def test_a_source_that_is_switched_off_is_no_news(desk: Desk) -> None:
    desk.crawl(3, a="blocked")
    off = [Source("a", "来源a", "https://a.example/", enabled=False), *SOURCES[1:]]
    assert queue_alert(desk.store, off, MAIL, desk.now) is None


def test_without_an_operator_nothing_is_marked(desk: Desk) -> None:
    desk.crawl(3, a="blocked")
    assert desk.told(Mail(sender="watch@example.com")) is None
    assert not desk.store.source_states()["a"].alerted
