"""What a crawl knows of a source: its outcome, and what must be asked for again."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from scrapy.exceptions import CannotResolveHostError

from crawler.failures import explain, is_gone, is_lasting
from crawler.gates import Gate, Verdict
from crawler.listing import Ask
from crawler.middlewares import Disallowed, Unanswered
from crawler.state import CUT_SHORT, DAY, PUT_OFF, UNFINISHED, Answer, Run, Stopped, Watch
from crawler.urls import key
from monitor.config import Crawl
from monitor.domain import Article, Judgement, Source
from monitor.errors import PageError, StoreError
from monitor.store import Store

URL = "http://a.cn/list.html"


class Indifferent:
    version = "1"

    def judge(self, article: Article) -> Judgement:  # noqa: ARG002  # finds nothing in any article
        return Judgement()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://") as opened:
        yield opened


@pytest.fixture
def told() -> list[Watch]:
    return []


@pytest.fixture
def run(store: Store, told: list[Watch]) -> Run:
    sources = (Source(id="a", name="甲", url=URL), Source(id="b", name="乙", url="http://b.cn/"))
    return Run(sources, Crawl(), store, Indifferent(), ended=told.append, baseline_days=30)


def test_the_first_trouble_is_the_outcome(run: Run) -> None:
    watch = run.watches["a"]
    watch.fail("blocked", "first")
    watch.fail("empty", "second")
    assert (watch.status, watch.reason) == ("blocked", "first")


def test_a_source_ends_once_after_its_last_article(run: Run, told: list[Watch]) -> None:
    watch = run.watches["a"]
    watch.pending = {"one", "two"}
    run.finish(watch, "one")
    assert told == []
    run.finish(watch, "two")
    run.finish(watch)
    assert told == [watch]


def test_a_list_counts_as_read_only_when_all_it_names_was_dealt_with(run: Run, store: Store) -> None:
    """Until then it stays marked, so that whoever comes after a kill looks at all its pages."""
    name = run.list_key(Ask(URL))
    for complete, status in ((False, UNFINISHED), (True, 200)):
        watch = Watch(run.watches["a"].source, complete=complete, lists=[Answer(name, 200, '"e"')])
        run.begin(watch)
        assert store.visits([name])[name].status == UNFINISHED
        run.finish(watch)
        assert store.visits([name])[name].status == status


def test_some_walls_in_a_row_end_a_source(run: Run, store: Store) -> None:
    watch = run.watches["a"]
    for number in range(3):
        assert not watch.stopped
        run.refuse(watch, f"http://a.cn/{number}", "needs a browser challenge (HTTP 412)")
    assert watch.stopped
    assert (watch.status, watch.blocked) == ("blocked", 3)
    assert len(store.issues("a")) == 3


@pytest.mark.parametrize(("used", "status"), [(0, "failed"), (1, "ok")])
def test_a_source_none_of_whose_articles_can_be_read_has_failed(run: Run, used: int, status: str) -> None:
    watch = run.watches["a"]
    watch.used = used
    for number in range(3):
        run.lose(watch, f"http://a.cn/{number}", "no title found")
    run.finish(watch)
    assert watch.status == status
    assert "no title found" in str(watch.reason)


def test_articles_that_were_withdrawn_do_not_make_a_source_fail(run: Run) -> None:
    """Three that we have and find no more say nothing about the list."""
    watch = run.watches["a"]
    watch.again = {key(f"http://a.cn/{number}") for number in range(3)}
    for number in range(3):
        run.lose(watch, f"http://a.cn/{number}", "gone_404: no such page (HTTP 404)")
    run.finish(watch)
    assert (watch.status, watch.failed) == ("ok", 3)


def test_an_article_that_does_not_answer_keeps_its_list_open_for_a_day(run: Run, store: Store) -> None:
    """A new one; what we have already keeps what was known of it."""
    watch, name = run.watches["a"], key("http://a.cn/1")
    run.put_off(watch, name)
    assert (watch.complete, store.visits([name])[name].status) == (False, PUT_OFF)
    watch.complete = True
    run.visits[name] = replace(store.visits([name])[name], first=run.now() - 2 * DAY)
    run.put_off(watch, name)
    assert watch.complete
    run.visits[name] = replace(run.visits[name], status=200, etag='"e"', body_hash="h")
    run.put_off(watch, name)
    kept = store.visits([name])[name]
    assert (watch.complete, kept.status, kept.etag, kept.body_hash) == (True, 200, '"e"', "h")


def test_without_a_store_every_source_stops_and_none_is_told_as_read(run: Run, told: list[Watch]) -> None:
    run.broke(StoreError("the disk is full"))
    assert all(watch.stopped for watch in run.watches.values())
    run.finish(run.watches["a"])
    assert told == []
    assert str(run.fault) == "the disk is full"


FAULTS = (
    (Gate(Verdict("ruishu_412", "challenge")), "blocked", False),
    (Gate(Verdict("gone_404", "no such page", wall=False)), "failed", True),
    (Gate(Verdict("http_503", "busy", wall=False)), "unreachable", False),
    (Disallowed("robots.txt forbids this address"), "disallowed", True),
    (Unanswered("robots.txt answered HTTP 500"), "unreachable", False),
    (PageError(URL, "no title found"), "failed", True),
    (Stopped("the source was stopped"), "failed", False),
    (ConnectionResetError("reset"), "unreachable", False),
    (ZeroDivisionError("x"), "failed", False),
)


@pytest.mark.parametrize(("error", "status", "lasting"), FAULTS)
def test_a_fault_has_a_status_and_says_whether_asking_again_helps(
    error: BaseException, status: str, lasting: bool
) -> None:
    assert explain(error)[0] == status
    assert is_lasting(error) is lasting


def test_a_crawl_that_is_halted_says_which_sources_are_not_through(run: Run, told: list[Watch]) -> None:
    """What was still to be fetched follows next time; a source with nothing left to fetch is whole."""
    run.watches["a"].pending = {"one"}
    run.halt()
    run.finish(run.watches["a"], "one")
    run.finish(run.watches["b"])
    assert [(watch.source.id, watch.status, watch.reason) for watch in told] == [
        ("a", "ok", CUT_SHORT),
        ("b", "ok", None),
    ]


def test_what_is_not_there_any_more_is_told_from_what_does_not_answer() -> None:
    assert is_gone(Gate(Verdict("gone_410", "no such page", wall=False)))
    assert is_gone(Gate(Verdict("soft_404", "no such page", wall=False)))
    assert is_gone(CannotResolveHostError("a.cn"))
    assert not is_gone(Gate(Verdict("ruishu_412", "challenge")))
    assert not is_gone(ConnectionResetError("reset"))
