"""One line of an article in work: its clauses, times and amounts, and the sentence around each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain import Evidence
from monitor.extract.assertion import Clause
from monitor.extract.carried import Carried
from monitor.extract.deadlines import Published, Time
from monitor.extract.layout import Line
from monitor.extract.metrics import Pieces
from monitor.extract.quantities import Amount
from monitor.extract.relations import Links
from monitor.text import Folded

LONGEST_QUOTE = 200  # a longer sentence is quoted by the clauses between two ；
ENDS = "。！？!?\n"
ENDLESS = 2_000  # characters; of what has neither ；nor an end the number's own clause is quoted, or each number would keep it all
REACH = 60  # clauses either way that a sentence is followed; a table run together has thousands


@dataclass(frozen=True, slots=True)
class Document:
    """What every line of an article is judged against."""

    text: Folded
    published: Published | None
    places: Sequence[tuple[int, int]]
    times: Sequence[Time]
    default: Time | None  # 三年行动方案（2024-2026年）
    leaning: float


@dataclass(slots=True)
class Paragraph:
    """One line in work: its clauses, times and amounts, and what its earlier amounts leave to the later ones."""

    line: Line
    clauses: list[Clause]
    amounts: list[Amount]
    links: Links
    carried: Carried
    taken: int  # where the last amount, or the phrase behind it, ended
    subject: Pieces = ()
    last: int = -1  # where the amount before this one began
    receiver: Pieces = ()  # whom help was for last, and where that was said
    received: int = -1
    named: dict[int, Pieces] = field(default_factory=dict)  # what each amount so far is about
    members: dict[int, Pieces] = field(default_factory=dict)


class Before(NamedTuple):
    """Where the amount before one began, and what it was about."""

    last: int
    subject: Pieces


def sentence_of(text: str, clauses: Sequence[Clause], position: int) -> tuple[int, int]:
    """The first clause of the sentence and the one after its last, as indices."""
    first, last = position, position + 1
    lowest, highest = max(0, position - REACH), min(len(clauses), position + REACH)
    while first > lowest and text[clauses[first].start - 1] not in ENDS:
        first -= 1
    while last < highest and text[clauses[last].start - 1] not in ENDS:
        last += 1
    return first, last


def evidence_of(text: Folded, paragraph: Paragraph, position: int) -> Evidence:
    """The sentence as printed; of a very long one the clauses between two ；, of an endless one the clause."""
    clauses = paragraph.clauses
    first, last = sentence_of(text.text, clauses, position)
    start, end = clauses[first].start, clauses[last - 1].end
    if end - start > LONGEST_QUOTE:
        start = max(
            start,
            text.text.rfind("；", start, clauses[position].start) + 1,
            text.text.rfind(";", start, clauses[position].start) + 1,
        )
        stops = [stop for mark in "；;" if (stop := text.text.find(mark, clauses[position].start, end)) > 0]
        end = min([end, *stops])
    if end - start > ENDLESS:
        start, end = clauses[position].start, clauses[position].end
    end += text.text[end : end + 1] in ("。", "！", "？", "；")
    return text.evidence(start, end)
