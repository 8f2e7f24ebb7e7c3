"""A number written in Chinese is read back, whoever writes it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.numerals import read_numeral
from monitor.extract.quantities import find_amounts
from monitor.extract.spans import Spans

DIGITS = "零一二三四五六七八九"
SECTIONS = ((10**8, "亿"), (10**4, "万"), (1, ""))


def written(number: int) -> str:
    """The number in characters, as a clerk writes it: 10305 -> 一万零三百零五."""
    parts: list[str] = []
    rest = number
    for size, name in SECTIONS:
        section, rest = divmod(rest, size)
        if section:
            gap = bool(parts) and section < 1000
            parts.append(("零" if gap else "") + thousands(section) + name)
    return "".join(parts)


def thousands(section: int) -> str:
    """A number below ten thousand: 零 stands once for any row of empty places inside."""
    parts: list[str] = []
    gap = False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, section = divmod(section, size)
        if digit:
            parts.append(("零" if gap and parts else "") + DIGITS[digit] + name)
        gap = not digit
    return "".join(parts)


@given(st.integers(1, 10**12 - 1))
def test_number_in_characters_is_read_back(number: int) -> None:
    assert read_numeral(written(number)) == number


@given(st.integers(0, 10**6), st.sampled_from(("", "万", "亿", "万亿")))
def test_figures_with_a_scale_are_multiplied(number: int, scale: str) -> None:
    size = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[scale]
    assert read_numeral(f"{number:,}{scale}") == number * size


@given(st.text("0123456789", min_size=1, max_size=4))
def test_row_of_digits_is_read_digit_by_digit(digits: str) -> None:
    row = "".join("〇一二三四五六七八九"[int(digit)] for digit in digits)
    assert read_numeral(row) == int(digits)


@given(st.integers(11, 10**8))
def test_amount_in_characters_is_found_in_its_sentence(number: int) -> None:
    text = f"力争建成厂房{written(number)}平方米，"
    [amount] = find_amounts(text, Spans(()))
    assert (amount.value, amount.unit) == (Decimal(number), "平方米")
    assert text[amount.start : amount.end] == f"{written(number)}平方米"


@given(st.text(max_size=30))
def test_any_text_has_a_value_or_none(text: str) -> None:
    value = read_numeral(text)
    assert value is None or value.is_finite()
