"""Which numbers of a text are promises, results or offers, what they measure and by when: row by row of the table."""

from typing import Any

import pytest

from monitor.domain import Article, Quantity
from monitor.extract.targets import find_quantities
from monitor.regions import load_gazetteer
from monitor.text import fold

Row = dict[str, Any]


def facts(row: Row) -> list[str]:
    article = Article(title=row.get("title", ""), text=row["text"], published=row.get("published", "2026-01-20"))
    text = fold(article.text)
    places = load_gazetteer().locate(article, text)
    return [written(fact) for fact in find_quantities(article, text, places.spans)]


def written(fact: Quantity) -> str:
    value = f"{fact.value.normalize():f}" + (f"..{fact.value_high.normalize():f}" if fact.value_high else "")
    said = (fact.assertion, fact.metric, fact.comparator, value, fact.unit or "-", fact.deadline, fact.recurrence)
    return " ".join(part for part in said if part)


@pytest.mark.table("targets")
def test_facts_are_read_as_a_careful_reader_would(row: Row) -> None:
    assert facts(row) == row["found"]


@pytest.mark.table("targets")
def test_known_misses_still_miss(missed: Row) -> None:
    assert facts(missed) != missed["found"]
