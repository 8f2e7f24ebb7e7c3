"""Facts in a reader's words."""

from decimal import Decimal

import pytest

from alerts.wording import amount_text, deadline_text, number_text
from monitor.store.pending import Amount


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("5000000000000", "5万亿"),
        ("3200000000000", "3.2万亿"),
        ("20000000000", "200亿"),
        ("16000", "1.6万"),
        ("1300", "1300"),
        ("12345", "12345"),
        ("52.30", "52.3"),
        ("100", "100"),
        ("0.5", "0.5"),
    ],
)
def test_a_number_reads_as_newspapers_print_it(value: str, shown: str) -> None:
    assert number_text(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (Amount("ge", "3200000000000", None, None), "元", "不低于3.2万亿元"),
        (Amount("eq", "2", "3", None), "条", "2—3条"),
        (Amount("approx", "100", None, None), "家", "约100家"),
        (Amount("gt", "50", None, None), None, "超过50"),
        (Amount(None, None, None, "draft"), None, "征求意见"),
        (Amount(None, None, None, None), None, ""),
    ],
)
def test_an_amount_says_how_it_compares(amount: Amount, unit: str | None, shown: str) -> None:
    assert amount_text(amount, unit) == shown


@pytest.mark.parametrize(
    ("deadline", "recurrence", "shown"),
    [
        ("2027-12-31", None, "到2027年底"),
        ("2026-06-30", None, "2026年上半年"),
        ("2026-03-31", None, "2026年一季度"),
        ("2026-11-15", None, "2026年11月15日前"),
        ("2027", None, "到2027年"),
        (None, "yearly", "每年"),
        ("2030-12-31", "yearly", "每年，到2030年底"),
        (None, None, ""),
    ],
)
def test_a_deadline_is_said_as_a_period(deadline: str | None, recurrence: str | None, shown: str) -> None:
    assert deadline_text(deadline, recurrence) == shown
