"""The texts the replay is made of, and how a sentence is drawn from its pattern."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

TEXTS = Path(__file__).parent / "texts"
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
# What one printed unit is in the base units of a judgement.
SCALE = {
    "亿元": Decimal(10**8),
    "万元": Decimal(10**4),
    "万人": Decimal(10**4),
    "万平方米": Decimal(10**4),
    "万千瓦": Decimal(10**4),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """`forms` are wordings of one metric, the plan's own first; `short` ones lean on the article's subject; `lead` are verbs
    that may stand before the first form."""

    forms: Sequence[str]
    unit: str
    low: float
    high: float
    step: float
    lead: Sequence[str]
    short: Sequence[str] = ()

    @property
    def scale(self) -> Decimal:
        return SCALE.get(self.unit, Decimal(1))


@dataclass(frozen=True, slots=True)
class Industry:
    """A field of policy with all that its plans and reporters say."""

    id: str
    name: str
    plans: Sequence[str]
    follow: str
    sibling: str
    bureau: str
    programmes: Sequence[tuple[str, str]]
    background: Sequence[str]
    tasks: Sequence[str]
    scenes: Sequence[str]
    supports: Sequence[str]
    metric: Sequence[Metric]


@cache
def industries() -> tuple[Industry, ...]:
    tables = read_table("industries")["industry"]
    return tuple(Industry(**table | {"metric": [Metric(**one) for one in table["metric"]]}) for table in tables)


@cache
def macro() -> tuple[Metric, ...]:
    """What every government report promises."""
    return tuple(Metric(**one) for one in read_table("industries")["macro"])


@cache
def phrases() -> dict[str, Any]:
    return read_table("phrases")


def read_table(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def vary(dice: Random, pattern: str, slots: Mapping[str, str]) -> str:
    """One of the sentences that a pattern stands for."""
    return CHOICE.sub(lambda found: dice.choice(found[1].split("|")), pattern).format_map(slots)


def phrase(dice: Random, key: str, slots: Mapping[str, str]) -> str:
    """One sentence of the general stock."""
    return vary(dice, dice.choice(phrases()[key]), slots)


def several(dice: Random, patterns: Sequence[str], count: int, slots: Mapping[str, str]) -> list[str]:
    """Different sentences, in the order of the stock."""
    chosen = sorted(dice.sample(range(len(patterns)), min(count, len(patterns))))
    return [vary(dice, patterns[index], slots) for index in chosen]


def general(dice: Random, key: str, least: int, most: int, slots: Mapping[str, str]) -> list[str]:
    """Paragraphs that fill pages of any field, each with a firm and a town of its own."""
    stock = phrases()
    paragraphs = several(dice, stock[key], dice.randint(least, most), {**slots, "firm": "{firm}", "town": "{town}"})
    return [
        vary(dice, one, {"firm": dice.choice(stock["firms"]), "town": dice.choice(stock["towns"])})
        for one in paragraphs
    ]
