"""Finds in a sentence the words that a reader looks for: the figures of its facts, the names of its programmes."""

from collections.abc import Iterable
from decimal import Decimal

from monitor.extract.quantities import find_amounts
from monitor.extract.spans import Spans
from monitor.store.pending import Pending
from monitor.text import Folded, fold


def emphasised(sentence: str, facts: Iterable[Pending]) -> tuple[tuple[str, bool], ...]:
    """The sentence in pieces, with whether each is what one of the facts is about. The pieces add up to the sentence."""
    folded = fold(sentence)
    spans = sorted({span for fact in facts for span in _spans(folded, fact)})
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in spans:
        if start < position:
            continue
        pieces += [(sentence[position:start], False), (sentence[start:end], True)]
        position = end
    pieces.append((sentence[position:], False))
    return tuple((text, strong) for text, strong in pieces if text)


def _spans(folded: Folded, fact: Pending) -> list[tuple[int, int]]:
    if fact.kind != "quantity":
        start = folded.printed.find(fact.name)
        return [] if start < 0 else [(start, start + len(fact.name))]
    wanted = {Decimal(value) for value in (fact.amount.value, fact.amount.value_high) if value is not None}
    return [
        (folded.offsets[amount.start], folded.offsets[amount.end - 1] + 1)
        for amount in find_amounts(folded.text, Spans(()))
        if amount.value in wanted and (amount.unit == fact.unit or fact.unit is None)
    ]
