"""Amounts and times of a sentence, row by row of the tables."""

from decimal import Decimal
from typing import Any

import pytest

from monitor.extract.deadlines import find_times, read_published
from monitor.extract.masks import blocked_spans
from monitor.extract.numerals import read_numeral
from monitor.extract.quantities import Amount, find_amounts
from monitor.text import fold

Row = dict[str, Any]


def amounts(row: Row) -> list[str]:
    text = fold(row["text"]).text
    times = list(find_times(text, read_published("2026-01-20")))
    return [written(amount) for amount in find_amounts(text, blocked_spans(text, times))]


def written(amount: Amount) -> str:
    value = f"{amount.value.normalize():f}" + (f"..{amount.high.normalize():f}" if amount.high is not None else "")
    return f"{amount.comparator} {value} {amount.unit or '-'}"


def times(row: Row) -> list[str]:
    found = find_times(fold(row["text"]).text, read_published(row.get("published")))
    return [f"{time.role} {time.deadline or '-'}" for time in found]


@pytest.mark.table("quantities")
def test_amounts_are_read_as_written(row: Row) -> None:
    assert amounts(row) == row["found"]


@pytest.mark.table("quantities")
def test_known_misses_of_amounts_still_miss(missed: Row) -> None:
    assert amounts(missed) != missed["found"]


@pytest.mark.table("deadlines")
def test_times_are_resolved_against_the_publication_date(row: Row) -> None:
    assert times(row) == row["found"]


@pytest.mark.table("deadlines")
def test_known_misses_of_times_still_miss(missed: Row) -> None:
    assert times(missed) != missed["found"]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("1,286", "1286"),
        ("2.5万亿", "2500000000000"),
        ("1万3千", "13000"),
        ("一万三", "13000"),
        ("一万零三", "10003"),
        ("三百六十五", "365"),
        ("二〇三五", "2035"),
        ("十二点五", "12.5"),
        ("两千亿", "200000000000"),
        ("万亿", "1000000000000"),
    ],
)
def test_numeral_has_its_value(numeral: str, value: str) -> None:
    assert read_numeral(numeral) == Decimal(value)


@pytest.mark.parametrize("numeral", ["", "1.2.3", ".", "百元", "12家"])
def test_what_is_no_numeral_has_none(numeral: str) -> None:
    assert read_numeral(numeral) is None
