"""Finds in what the judge read of a page those facts that the page was made to say."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.replay.spinning import respell
from benchmarks.replay.truth import Arrival, Said
from monitor.domain import Finding, Judgement, Programme, Quantity

YEARS = re.compile(r"[（(]20\d\d[^（）()]*[）)]")  # of a plan's name; many share them
NARROW = str.maketrans("０１２３４５６７８９", "0123456789")  # as some sites print them
LIKE = 0.65  # shared pairs of characters from which a name is the planted one
NAMED = 0.25  # the same of a metric, whose figure is the planted one


def match(arrival: Arrival, judgement: Judgement) -> Mapping[Said, Finding]:
    """Each planted fact that was found, with what was found of it; a finding stands for one.

    In the original its place and year must have been found as well: whether a copy that lost them is known again is what is
    measured.
    """
    pairs = [
        (likeness, -number, one, finding)
        for number, one in enumerate(arrival.original.said)
        for finding in judgement.findings
        if (likeness := _likeness(one, finding, arrival.spun)) > 0
    ]
    matched: dict[Said, Finding] = {}
    taken: set[int] = set()
    for _, _, one, finding in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        if one not in matched and id(finding) not in taken and (arrival.edits or _is_whole(one, finding)):
            matched[one] = finding
            taken.add(id(finding))
    return matched


def _is_whole(said: Said, finding: Finding) -> bool:
    place = said.fact.place
    if finding.region is None or finding.region.name not in (place.name, place.full):
        return False
    dated = isinstance(finding, Quantity) and said.assertion == "target"
    return not dated or finding.deadline == f"{said.year}-12-31"  # type: ignore[union-attr]


def name_of(finding: Finding) -> str:
    return finding.metric if isinstance(finding, Quantity) else finding.name


def _likeness(said: Said, finding: Finding, spun: Mapping[str, str]) -> float:
    """0 for another fact; a figure must be the same, a name alike."""
    if said.fact.kind == "programme":
        if not isinstance(finding, Programme):
            return 0.0
        alike = max(alike_names(name, finding.name) for name in _spellings(said, spun))
        return alike if alike >= LIKE else 0.0
    if not isinstance(finding, Quantity) or finding.value != said.value:
        return 0.0
    alike = max(alike_names(name, finding.metric) for name in _spellings(said, spun))
    # Where a promise and a result of one page have one name and figure, each is the one that its sentence tells: a finding of
    # «2025年，…增长4.5%» is last year's result, even if it was read as a promise for 2026.
    right = 0.2 * (finding.assertion == said.assertion) + 0.3 * ((finding.deadline or "")[:4] == str(said.year or ""))
    right += 0.6 * (f"{said.year}年" in finding.evidence.text.translate(NARROW).replace(" ", ""))
    return alike + right if alike >= NAMED else 0.0


def _spellings(said: Said, spun: Mapping[str, str]) -> Sequence[str]:
    """The name as printed in the copy; the product may have turned spun words back."""
    return (said.name, respell(said.name, spun)) if spun else (said.name,)


def alike_names(one: str, other: str) -> float:
    """Shared pairs of characters of all pairs (Dice), 0 to 1."""
    first, second = (Counter(_pairs(name)) for name in (one, other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else float(one == other)


def _pairs(name: str) -> Iterable[str]:
    plain = [character for character in YEARS.sub("", name) if character.isalnum()]
    return ("".join(plain[start : start + 2]) for start in range(len(plain) - 1))
