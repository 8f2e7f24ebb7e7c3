"""The picture of a metric over the years."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from alerts.render_chart import DENSITY, HEIGHT, WIDTH, chart_of
from monitor.store.series import Point

SERIES = (Point(2025, True, "300"), Point(2026, False, "150"), Point(2027, False, "600"))


def column(picture: Image.Image, number: int) -> list[tuple[int, ...]]:
    """The pixels of a bar's middle, from above."""
    middle = round(WIDTH * DENSITY / len(SERIES) * (number + 0.5))
    return [picture.getpixel((middle, y)) for y in range(HEIGHT * DENSITY)]  # type: ignore[misc]  # RGBA is a tuple


def test_what_is_reached_is_filled_and_what_is_aimed_at_hollow() -> None:
    picture = Image.open(BytesIO(chart_of(SERIES, Decimal(1)).png)).convert("RGBA")
    assert picture.size == (WIDTH * DENSITY, HEIGHT * DENSITY)
    filled, hollow, high = ([pixel for pixel in column(picture, number) if pixel[3]] for number in range(3))
    assert len(filled) > len(high)  # the outline and the digits of the highest bar, against all of a lower one
    assert len(hollow) < len(filled) / 2


def test_it_has_no_ground_of_its_own_so_that_dark_mode_cannot_spoil_it() -> None:
    picture = Image.open(BytesIO(chart_of(SERIES, Decimal(1)).png)).convert("RGBA")
    assert picture.getpixel((0, 0)) == (0, 0, 0, 0)


def test_it_is_small_and_the_same_each_time() -> None:
    chart_of.cache_clear()
    first = chart_of(SERIES, Decimal(1))
    chart_of.cache_clear()
    assert first == chart_of(SERIES, Decimal(1))
    assert len(first.png) < 6_000
    assert chart_of(SERIES, Decimal(10)).name != first.name


@pytest.mark.parametrize(
    "values",
    [("0", "0", "0"), ("-3", "-2", "1"), ("-3", "-2", "-1"), ("1", "1", "100000000000000"), ("1", "1", "9" * 40)],
)
def test_no_value_is_too_odd_to_be_drawn(values: Sequence[str]) -> None:
    series = tuple(Point(2025 + number, False, value) for number, value in enumerate(values))
    assert Image.open(BytesIO(chart_of(series, Decimal(1)).png)).size == (WIDTH * DENSITY, HEIGHT * DENSITY)
