"""Every saved page under tests/pages/article is read as its expected.json says."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.reading.page import read_page
from monitor.errors import PageError

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "pages" / "article").glob("*/expected.json"))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIELDS = ("title", "published", "publisher", "author", "charset")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_saved_page_is_read_as_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    body = (case / "page.html").read_bytes()
    if "error" in expected:
        with pytest.raises(PageError, match=expected["error"]):
            read_page(body, now=NOW)
        return
    article = read_page(body, url=expected.get("url"), content_type=expected.get("content_type"), now=NOW)
    assert {name: getattr(article, name) for name in FIELDS} == {name: expected[name] for name in FIELDS}
    assert article.text.split("\n") == expected["text"]
    assert [{"url": one.url, "name": one.name} for one in article.attachments] == expected["attachments"]
    assert (asdict(article.official) if article.official else None) == expected["official"]
