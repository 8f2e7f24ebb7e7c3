"""Same fact in other words? What a page claims beside what other pages of its story tell: these are copies of one another, so that a
sentence with like words and the same figure is the same one, whatever a spinner, a lost date or a lost place made of it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.claims import Claim, family
from monitor.domain import Finding, Programme, Quantity
from monitor.known import KnownFact, ToldFact, agrees, alike
from monitor.text import narrow

# Shared characters from which two sentences of one story are the same one spun, two names in them, and two names anywhere.
SENTENCE, ALIKE, SURE = 0.5, 0.45, 0.85
MISPLACED = 0.7  # the same of sentences where the place is another
APART = 0.3  # what a telling of the same place and year is before one of another
LONG = (
    12  # characters of a document's name, which is known within another one too: the notice around it is spun as well
)
TITLED, SAME = 0.75, 0.97  # shared characters of two such names, and of one in two places
ENDED = 0.5  # the same of a document that is no longer in force
PROVINCE = "0000"
FIGURES = 3  # that a sentence has in common with no other one
FIGURE = re.compile(r"\d+(?:\.\d+)?")
THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3})|\s+")

Said = tuple[str, str]  # a name and the sentence it stands in


@dataclass(frozen=True, slots=True)
class _How:
    """`apart`: of another place, year or kind; `named`: the claim has a fact by its own name; `kin`: only other forms of the document
    tell the fact; `ended`: both say that a document is no longer in force, and a text says so of one."""

    apart: bool
    named: bool = True
    kin: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Twin:
    """A fact that is told in other words; `apart`: of another place or year, or as promised instead of reached, since a copy
    lost its place or its date."""

    fact: KnownFact
    apart: bool


def retellings(
    said: Mapping[int, Claim], told: Sequence[ToldFact], beside: Mapping[int, frozenset[int]], kin: Collection[int]
) -> dict[int, tuple[Twin, ...]]:
    """Of the facts that are told in a story those that its claims tell in other words, the likest first. `beside` are the articles
    of the story that tell the facts that claims have by their own names, `kin` the facts that only other forms of its document
    tell: these are of their own place and year."""
    scores = []
    for index, claim in said.items():
        for one in told:
            ended = claim.stage == one.fact.current.stage == "over"
            how = _How(_is_apart(claim.finding, one.fact), index in beside, one.fact.id in kin, ended)
            if likeness := _retold(claim.finding, one, how):
                scores.append((likeness, index, one, how.apart))
    return _matched(scores, beside)


def pairs(some: Sequence[ToldFact], others: Sequence[ToldFact]) -> Iterator[tuple[KnownFact, KnownFact]]:
    """The facts of two stories that are one: what one of them tells in the words of the other."""
    scores = [
        (likeness, place, other, False)
        for place, one in enumerate(some)
        for other in others
        if (likeness := _twins(one, other))
    ]
    for place, twins in _matched(scores, {}).items():
        for twin in twins:
            yield some[place].fact, twin.fact


def _matched(
    scores: Iterable[tuple[float, int, ToldFact, bool]], beside: Mapping[int, frozenset[int]]
) -> dict[int, tuple[Twin, ...]]:
    """The partners of each claim, the likest first. A fact has one claim at most, and what one article tells side by side
    are different facts."""
    partners: dict[int, tuple[Twin, ...]] = {}
    articles = dict(beside)
    taken: set[int] = set()
    for _, place, told, apart in sorted(scores, key=lambda row: (-row[0], row[1], row[2].fact.id)):
        if told.fact.id not in taken and articles.get(place, frozenset()).isdisjoint(told.articles):
            taken.add(told.fact.id)
            articles[place] = articles.get(place, frozenset()) | told.articles
            partners[place] = (*partners.get(place, ()), Twin(told.fact, apart))
    return partners


def _retold(finding: Finding, told: ToldFact, how: _How) -> float:
    """How surely the fact is the finding in other words, 0 for no. A finding that has a fact by its own name must share some
    of it."""
    fact = told.fact
    if fact.kind != finding.kind or (how.apart and how.kin):
        return 0.0
    if isinstance(finding, Quantity):
        same = family(finding.unit) == family(fact.unit)
        if not same or not any(agrees(finding, version) for version in fact.versions):
            return 0.0
    name = finding.metric if isinstance(finding, Quantity) else finding.name
    return _in_other_words((name, finding.evidence.text), told, how)


def _is_apart(finding: Finding, fact: KnownFact) -> bool:
    if _are_places_apart(finding.region.code if finding.region else None, fact.region_code):
        return True
    if isinstance(finding, Programme):
        return False
    return finding.assertion != fact.assertion or not _one_year(finding.deadline, fact.deadline)


def _are_places_apart(one: str | None, other: str | None) -> bool:
    """Two places, of which neither is the province of the other: a page that leaves open which 铁西区 it means is about the province."""
    if not one or not other or one == other:
        return False
    return not any(code.endswith(PROVINCE) and code[:2] == place[:2] for code, place in ((one, other), (other, one)))


def _twins(one: ToldFact, other: ToldFact) -> float:
    """How surely two facts are one in other words, 0 for no."""
    first, second = one.fact, other.fact
    if (first.kind, family(first.unit)) != (second.kind, family(second.unit)):
        return 0.0
    apart = first.assertion != second.assertion or not _one_year(first.deadline, second.deadline)
    apart |= _are_places_apart(first.region_code, second.region_code)
    if first.kind == "quantity":
        values = {version.value for version in first.versions} & {version.value for version in second.versions}
        if not values:
            return 0.0
    said = ((name, sentence) for name in one.names for sentence in one.sentences)
    return max((_in_other_words(words, other, _How(apart)) for words in said), default=0.0)


def _one_year(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _in_other_words(said: Said, told: ToldFact, how: _How) -> float:
    """A rewording is one of the whole sentence; of a quantity its words may all be others, as its figure is the same. What is told
    of another place or year is the same sentence, or a document of the same name."""
    document = told.fact.kind == "programme"
    if said[1] in told.sentences and _names_two(said, told.names):
        return 0.0
    sentence = max(_like_sentences(said[1], other) for other in told.sentences)
    name = max(_like_names(said[0], other) if document else alike(said[0], other) for other in told.names)
    if how.apart:
        fits = name >= SAME if document and len(said[0]) >= LONG else sentence >= MISPLACED and name >= ALIKE
    else:
        titled = document and not how.kin and min(len(said[0]), *map(len, told.names)) >= LONG
        sure = name >= (ENDED if titled and how.ended else TITLED if titled else SURE) and not (document and how.kin)
        fits = (sentence >= SENTENCE or sure) and (not document or name >= ALIKE) and (name > 0 or not how.named)
    return 2 * sentence + name - (APART if how.apart else 0) if fits else 0.0


def _names_two(said: Said, names: Iterable[str]) -> bool:
    """Whether one sentence has the name and, beside it, the others."""
    name, sentence = said
    return name in sentence and all(other in sentence and other not in name and name not in other for other in names)


def _like_sentences(one: str, other: str) -> float:
    """Shared characters of all; one where both have the same row of figures."""
    if one == other:
        return 1.0
    first, second = _figures(one), _figures(other)
    return 1.0 if first == second and len(first) >= FIGURES else alike(one, other)


def _figures(sentence: str) -> list[str]:
    return FIGURE.findall(THOUSANDS.sub("", narrow(sentence)))


def _like_names(one: str, other: str) -> float:
    """Shared characters of two documents' names, of the shorter one where it is long enough: 关于印制下发X的通知 is about X."""
    shorter = min(len(one), len(other))
    likeness = alike(one, other)
    return likeness * (len(one) + len(other)) / 2 / shorter if shorter >= LONG else likeness
