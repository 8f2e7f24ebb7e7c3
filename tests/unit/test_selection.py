"""What a list tells of its source, and which of its articles are asked for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.listing import Row
from crawler.selection import select, survey
from crawler.state import PUT_OFF, Run
from crawler.urls import key
from monitor.config import Crawl
from monitor.domain import Article, Judgement, Source
from monitor.ingest import ingest
from monitor.store import Store

NOW = datetime.now(UTC)
LIST = "http://a.cn/tz/"
ROWS = [
    Row(f"http://a.cn/art/2026/11/{day}/art_{day}.html", f"第{day}号通知", f"2026-11-{day}") for day in range(10, 20)
]


class Indifferent:
    version = "1"

    def judge(self, article: Article) -> Judgement:  # noqa: ARG002  # finds nothing in any article
        return Judgement()


@pytest.fixture
def run() -> Iterator[Run]:
    with Store.open("sqlite://") as store:
        source = Source("a", "甲", LIST)
        yield Run([source], Crawl(max_articles=4), store, Indifferent(), ended=lambda _: None, baseline_days=30)


def visit(run: Run, row: Row, status: int, ago: timedelta) -> None:
    run.store.record_visit(
        key(row.url), source_id="a", status=status, etag=None, last_modified=None, body_hash=None, now=NOW - ago
    )


def names(rows: dict[str, Row]) -> list[str]:
    return [row.url[-7:-5] for row in rows.values()]


def asked_for(run: Run, rows: list[Row]) -> tuple[list[str], list[str]]:
    chosen = select(run, run.watches["a"], rows)
    return names(dict(chosen.new)), names(dict(chosen.again))


def test_the_newest_are_taken_first_and_the_rest_is_left(run: Run) -> None:
    chosen = select(run, run.watches["a"], ROWS)
    assert names(dict(chosen.new)) == ["19", "18", "17", "16"]
    assert chosen.left
    assert run.watches["a"].fresh == len(ROWS)


def test_what_another_source_of_this_crawl_asked_for_is_left_to_it(run: Run) -> None:
    run.asked = {key(row.url) for row in ROWS[:8]}
    assert asked_for(run, ROWS) == (["19", "18"], [])


def test_what_was_dealt_with_is_not_asked_for_again(run: Run) -> None:
    for row in ROWS[2:]:
        visit(run, row, 0, timedelta(hours=5))
    assert asked_for(run, ROWS) == (["11", "10"], [])
    assert run.watches["a"].fresh == 2


def test_what_did_not_answer_is_asked_for_at_each_look_for_a_day(run: Run) -> None:
    for row in ROWS[2:]:
        visit(run, row, 0, timedelta(hours=5))
    visit(run, ROWS[0], PUT_OFF, timedelta(hours=20))
    visit(run, ROWS[1], PUT_OFF, timedelta(hours=30))
    assert asked_for(run, ROWS) == (["10"], ["11"])


def test_an_unmodified_list_asks_for_nothing(run: Run) -> None:
    assert asked_for(run, []) == ([], [])
    assert run.watches["a"].fresh == 0


def test_a_list_tells_its_newest_day_its_rhythm_and_its_dialect() -> None:
    shown = survey([*ROWS, Row("http://a.cn/about.html"), ROWS[0]], date(2026, 11, 18))
    assert (shown.rows, shown.newest, shown.dialect) == (11, date(2026, 11, 18), "hanweb")  # the 19th is still to come
    assert shown.usual_gap == 86_400


def test_a_list_without_days_and_dialect_tells_nothing_of_them() -> None:
    shown = survey([Row("http://a.cn/about.html"), Row("http://a.cn/law.html")], date(2026, 11, 18))
    assert (shown.rows, shown.newest, shown.usual_gap, shown.dialect) == (2, None, None, None)


@pytest.mark.parametrize(("last_look", "fresh"), [(NOW - timedelta(hours=2), 1), (NOW, 0), (None, 1)])
def test_what_another_source_brought_since_the_last_look_is_fresh_here_too(
    run: Run, last_look: datetime | None, fresh: int
) -> None:
    """A list whose articles are all on another one as well is not silent."""
    known = Article("第10号通知", "请各区结合实际抓好落实。", source="b")
    stored = NOW - timedelta(hours=1)
    ingest(known, key=key(ROWS[0].url), store=run.store, judge=run.judge, page_hash=None, now=stored)
    run.watches["a"].last_look = last_look
    assert asked_for(run, ROWS[:1]) == ([], [])
    assert run.watches["a"].fresh == fresh


def test_what_was_taken_in_from_a_file_is_not_asked_for(run: Run) -> None:
    """Whoever saved it may have had no other way to it."""
    known = Article("第10号通知", "请各区结合实际抓好落实。", url=ROWS[0].url, source="a")
    stored = NOW - timedelta(days=1, hours=1)
    ingest(known, key=key(ROWS[0].url), store=run.store, judge=run.judge, page_hash=None, now=stored)
    assert asked_for(run, ROWS[:1]) == ([], [])
    visit(run, ROWS[0], 200, timedelta(days=1, hours=1))
    assert asked_for(run, []) == ([], ["10"])
