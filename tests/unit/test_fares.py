"""How a source fares in a line, and sources as files of three kinds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.fares import fared, say_state
from monitor.cli.source_files import tables, written
from monitor.domain import Source
from monitor.seeds import read_source
from monitor.store import SourceRecord

SOURCE = Source("a", "甲", "http://a.cn/tz/", every=7200, least=600, most=86_400, official=False)
OFF = Source("b", "乙", "http://b.cn/", region="无锡市", enabled=False, why_off="nobody has tried it")
SINCE = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def state(**known: object) -> SourceRecord:
    return SourceRecord("a", since=SINCE, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (None, "not crawled yet"),
        (state(status="ok", health="working"), "working"),
        (state(status="ok", health="working", reason="2 not used: no title found"), "working"),
        (
            state(status="unreachable", health="working", reason="no answer in time"),
            "at the last look: no answer in time",
        ),
        (state(status="ok", health="silent"), "silent since 2026-11-24"),
        (state(status="blocked", health="blocked", reason="412"), "blocked since 2026-11-24: 412"),
        (state(status="ok", health="broken", reason="page 2"), "broken since 2026-11-24: page 2"),
        (state(status="failed", health="gone", reason="404"), "gone since 2026-11-24: 404"),
        (state(status="empty"), "empty, at the last look: empty"),  # as an older version left it
    ],
)
def test_a_line_says_how_it_fares_since_when_and_why(known: SourceRecord | None, words: str) -> None:
    assert say_state(SOURCE, known).endswith(words)


def test_what_is_off_says_why() -> None:
    assert say_state(OFF, state(status="ok", health="working")) == "off: nobody has tried it"
    assert say_state(Source("c", "丙", "http://c.cn/", enabled=False), None) == "disabled"


def test_scripts_get_moments_with_their_zone_and_null_before_the_first_crawl() -> None:
    assert fared(state(health="gone"))["since"] == "2026-11-24T04:00:00+00:00"
    assert set(fared(None).values()) == {None}


@pytest.mark.parametrize("form", ["toml", "csv", "opml"])
def test_what_is_written_is_read_back(form: str, tmp_path: Path) -> None:
    """OPML has names and addresses only."""
    file = tmp_path / f"sources.{form}"
    file.write_text(written([SOURCE, OFF], form), encoding="utf-8")
    found = [read_source(table, "file") for table in tables(file)]
    if form == "opml":
        assert [(one.name, one.url) for one in found] == [(one.name, one.url) for one in (SOURCE, OFF)]
    else:
        assert found == [SOURCE, OFF]
