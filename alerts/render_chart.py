"""A small picture of a metric over the years, for mail programs, which show no SVG: bars with digits, so that no Chinese font is
needed. What it shows is told in words beside it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from alerts.wording import scaled_text
from monitor.store.series import Point

WIDTH: Final = 270  # as shown, so that it fits on the narrowest phone; drawn at twice the size, for fine screens
HEIGHT: Final = 110
DENSITY: Final = 2
# Seen on white as on black: a mail program in dark mode changes the ground and leaves pictures as they are.
CLEAR: Final = (0, 0, 0, 0)
INK: Final = "#7a8692"
BARS: Final = "#3d7fc4"
COLOURS: Final = 32  # enough for smooth digits
MARGIN: Final = 18  # above and below the bars, for the digits
WIDEST: Final = 34  # of one bar
KEPT: Final = 512  # pictures kept for the next reader: a kilobyte or two each


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the name that the HTML refers to it by."""

    name: str
    png: bytes
    width: int = WIDTH
    height: int = HEIGHT


@lru_cache(maxsize=KEPT)
def chart_of(series: Sequence[Point], step: Decimal) -> Chart:
    """The values as bars from nothing up, divided by `step`; what is reached is filled, what is aimed at hollow."""
    picture = Image.new("RGBA", (WIDTH * DENSITY, HEIGHT * DENSITY), CLEAR)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(11 * DENSITY)
    highest = max(Decimal(point.value) for point in series)
    scale = (HEIGHT - 2 * MARGIN) * DENSITY / float(highest if highest > 0 else 1)
    room = WIDTH * DENSITY / len(series)
    floor = (HEIGHT - MARGIN) * DENSITY
    half = min(room * 0.6, WIDEST * DENSITY) / 2
    for number, point in enumerate(series):
        middle = room * (number + 0.5)
        top = floor - max(float(point.value), 0) * scale  # what is below nothing has its digits only
        bar = (middle - half, top, middle + half, floor)
        pen.rectangle(bar, fill=BARS if point.reached else None, outline=BARS, width=DENSITY)
        pen.text((middle, top - 3 * DENSITY), scaled_text(point, step), INK, font, anchor="ms")
        pen.text((middle, floor + 4 * DENSITY), str(point.year), INK, font, anchor="mt")
    pen.line((0, floor, WIDTH * DENSITY, floor), INK, DENSITY)
    png = _png(picture)
    return Chart(f"series-{hashlib.sha256(png).hexdigest()[:16]}", png)


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()
