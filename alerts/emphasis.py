"""Finds in a sentence the words that a reader looks for: the figures of its facts, the names of its programmes."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

from monitor.extract.quantities import find_amounts
from monitor.extract.spans import Spans
from monitor.store.pending import Pending
from monitor.text import fold

KEPT: Final = 4096  # sentences: under two megabytes


def emphasised(sentence: str, facts: Iterable[Pending]) -> tuple[tuple[str, bool], ...]:
    """The sentence in pieces, with whether each is what one of the facts is about. The pieces add up to the sentence."""
    spans = sorted({span for fact in facts for span in _spans(sentence, fact)})
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in spans:
        if start < position:
            continue
        pieces += [(sentence[position:start], False), (sentence[start:end], True)]
        position = end
    pieces.append((sentence[position:], False))
    return tuple((text, strong) for text, strong in pieces if text)


def _spans(sentence: str, fact: Pending) -> list[tuple[int, int]]:
    if fact.kind != "quantity":
        start = sentence.find(fact.name)
        return [] if start < 0 else [(start, start + len(fact.name))]
    wanted = {Decimal(value) for value in (fact.amount.value, fact.amount.value_high) if value is not None}
    return [
        (start, end)
        for start, end, value, unit in figures(sentence)
        if value in wanted and (unit == fact.unit or fact.unit is None)
    ]


@lru_cache(maxsize=KEPT)
def figures(sentence: str) -> tuple[tuple[int, int, Decimal, str | None], ...]:
    """The amounts of a sentence with their places in it as printed: looked for once, as it goes to many readers."""
    folded = fold(sentence)
    return tuple(
        (folded.offsets[amount.start], folded.offsets[amount.end - 1] + 1, amount.value, amount.unit)
        for amount in find_amounts(folded.text, Spans(()))
    )
