"""Facts in English words, beside their Chinese names."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from alerts import wording, wording_english
from alerts.wording_english import amount_text, deadline_text, number_text
from monitor.store.pending import Amount, Beside, Pending, Report
from monitor.store.series import Point

FACT = Pending(
    version_id=1, fact_id=1, kind="quantity", name="低空经济产业规模", assertion="target", type=None, unit="元",
    deadline="2028-12-31", recurrence=None, region_code="320200", region_name="无锡市", themes=(),
    amount=Amount("ge", "60000000000", None, None), previous=None, first_seen=datetime(2026, 11, 24, tzinfo=UTC), reports=(),
)  # fmt: skip
SERIES = (Point(2024, True, "31200000000"), Point(2026, False, "48000000000"), Point(2028, False, "60000000000"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("5000000000000", "5 trillion"),
        ("20000000000", "20 billion"),
        ("5500000", "5.5 million"),
        ("16000", "16,000"),
        ("52.30", "52.3"),
    ],
)
def test_a_number_reads_as_english_prints_it(value: str, shown: str) -> None:
    assert number_text(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (Amount("ge", "3200000000000", None, None), "元", "at least RMB 3.2 trillion"),
        (Amount("eq", "2", "3", None), "条", "2–3"),
        (Amount("approx", "100", None, None), "家", "about 100"),
        (Amount("eq", "90", None, None), "%", "90%"),
        (Amount("le", "30", None, None), "微克/立方米", "at most 30 µg/m³"),
        (Amount("eq", "1200", None, None), "某单位", "1,200 某单位"),  # a unit without an English word keeps its own
        (Amount(None, None, None, "draft"), None, "draft for comment"),
        (Amount(None, None, None, None), None, ""),
    ],
)
def test_an_amount_says_how_it_compares(amount: Amount, unit: str | None, shown: str) -> None:
    assert amount_text(amount, unit) == shown


@pytest.mark.parametrize(
    ("deadline", "recurrence", "shown"),
    [
        ("2027-12-31", None, "by the end of 2027"),
        ("2026-06-30", None, "by the middle of 2026"),
        ("2026-11-15", None, "by 15 November 2026"),
        ("2026-11", None, "by November 2026"),
        ("2027", None, "by 2027"),
        ("2030-12-31", "yearly", "every year, by the end of 2030"),
        (None, None, ""),
    ],
)
def test_a_deadline_is_said_as_a_period(deadline: str | None, recurrence: str | None, shown: str) -> None:
    assert deadline_text(deadline, recurrence) == shown


def test_every_kind_and_status_that_chinese_has_a_word_for_has_an_english_one() -> None:
    assert wording_english.TYPES.keys() == wording.TYPES.keys()
    assert wording_english.STATUSES.keys() == wording.STATUSES.keys()
    assert wording_english.COMPARATORS.keys() == wording.COMPARATORS.keys()


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("revised", "Before: about RMB 50 billion → now: at least RMB 60 billion"),
        ("contradicted", "Sources differ: at least RMB 60 billion here, about RMB 50 billion in 江南早报"),
        (
            "result",
            "Progress: 120% reached (target: about RMB 50 billion by the end of 2028)",
        ),
    ],
)
def test_a_change_is_told_in_one_line(event: str, told: str) -> None:
    report = Report(1, None, "旧闻", "daily", "江南早报", None, "去年的原句。")
    beside = Beside(2, Amount("approx", "50000000000", None, None), "2028-12-31", report)
    assert wording_english.change(replace(FACT, event=event, beside=beside)) == told


def test_a_headline_keeps_the_chinese_name() -> None:
    assert wording_english.headline(FACT) == "低空经济产业规模: at least RMB 60 billion by the end of 2028"
    programme = replace(FACT, kind="programme", type="plan", amount=Amount(None, None, None, "issued"))
    assert wording_english.headline(programme) == "低空经济产业规模 (plan, issued)"


def test_values_over_the_years_share_a_unit_in_both_languages() -> None:
    assert wording.series_text(SERIES, "元") == "历年（亿元）：2024年312（完成）、2026年480、2028年600"
    assert (
        wording_english.series_text(SERIES, "元")
        == "Over the years (RMB billion): 2024: 31.2 (reached), 2026: 48, 2028: 60"
    )
    few = (Point(2026, False, "120"), Point(2027, False, "150"))
    assert wording.series_text(few, "个") == "历年（个）：2026年120、2027年150"
    assert wording_english.series_text(few, "个") == "Over the years: 2026: 120, 2027: 150"


@pytest.mark.parametrize(
    ("values", "chinese", "english"),
    [
        (("31200000000", "60000000000"), "亿元", "RMB billion"),
        (("90000000", "120000000"), "万元", "RMB million"),
        (("50000000", "60000000000"), "亿元", "RMB million"),  # 5000 and 6000000 of 万元 would be too long
        (("5234", "12000"), "元", "RMB"),
        (("-3", "0"), "元", "RMB"),
        (("1", "900000000000000000000"), "万亿元", "RMB trillion"),
    ],
)
def test_a_series_is_counted_in_what_keeps_its_values_short(
    values: tuple[str, ...], chinese: str, english: str
) -> None:
    assert wording.scale(values, "元")[1] == chinese
    assert wording_english.scale(values, "元")[1] == english
