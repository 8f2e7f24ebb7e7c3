"""pictures: digests of 0, 1, 30 and 400 facts in Chromium, narrow and wide, light and dark: what sticks out, fades or is too small.

Writes what it looked at to the folder named in PICTURES, docs/pictures where none is: look at them too. Needs the extra
`browser` and a Chromium (`playwright install chromium`, or its path in CHROMIUM).
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from alerts import render
from alerts.digest import Digest
from alerts.parts import parted
from benchmarks.figures import ROOT, Figure
from benchmarks.pictures.samples import digest
from monitor.config import Mail

COUNTS: Final = (0, 1, 30, 400)
WIDTHS: Final = (360, 1280)
SCHEMES: Final[Sequence[Literal["light", "dark"]]] = ("light", "dark")
TALLEST: Final = 2000  # pixels of a picture that is kept; the rest of a long digest looks like what is above it
COLOURS: Final = 64
# Every element with words of its own: how far it sticks out, the contrast of its words, and of links how high they are.
LOOK: Final = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Look:
    """What Chromium says of one page."""

    name: str
    overflow: float  # pixels beyond the right edge
    contrast: float  # the least of all words, by WCAG
    faint: str  # where that is
    tap: float  # pixels: height of the lowest link that stands alone


def measure() -> Sequence[Figure]:
    folder = Path(os.environ.get("PICTURES", ROOT / "docs" / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"))
        looks = [look for name, made in _digests() for look in _look(browser, name, made, folder)]
        browser.close()
    widest, faintest = max(looks, key=lambda one: one.overflow), min(looks, key=lambda one: one.contrast)
    lowest = min(looks, key=lambda one: one.tap)
    size = sum(file.stat().st_size for file in folder.glob("digest-*.png"))
    return (
        Figure("pages looked at", len(looks), len(COUNTS) * len(WIDTHS) * len(SCHEMES), "at least"),
        Figure("pixels that stick out", widest.overflow, 0, "at most", "px", widest.name),
        Figure("least contrast of words", faintest.contrast, 4.5, "at least", "", f"{faintest.name}: {faintest.faint}"),
        Figure("lowest link to tap", lowest.tap, 24, "at least", "px", lowest.name),
        Figure("all pictures", size / 1e6, 1.5, "at most", "MB"),
    )


def _digests() -> Iterator[tuple[str, Digest]]:
    """What is looked at: of several mails the first one, and one in English by theme."""
    for count in COUNTS:
        yield str(count), parted(digest(count), Mail().longest)[0]
    yield "400-last", parted(digest(400), Mail().longest)[-1]
    yield "30-en", digest(30, "en", "theme")


def _look(browser: Browser, name: str, made: Digest, folder: Path) -> Iterator[Look]:
    with tempfile.TemporaryDirectory(prefix="pictures-") as made_in:
        page_file = Path(made_in) / "digest.html"
        page_file.write_text(render.page(made), encoding="utf-8")
        for width in WIDTHS:
            for scheme in SCHEMES:
                page = browser.new_page(viewport={"width": width, "height": 240}, color_scheme=scheme)
                page.goto(page_file.as_uri())
                seen: dict[str, Any] = page.evaluate(LOOK)
                _keep(
                    page.screenshot(full_page=True), folder / f"digest-{name}-{width}-{scheme}.png", end="last" in name
                )
                page.close()
                yield Look(f"{name} at {width} {scheme}", **seen)


def _keep(png: bytes, file: Path, *, end: bool) -> None:
    """The top of a page, or its end, in few colours."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    above = max(picture.height - TALLEST, 0) if end else 0
    part = picture.crop((0, above, picture.width, min(picture.height, above + TALLEST)))
    part.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
