"""Same story? Decides whether one text repeats another: whole, cut, with headers added, or with its words replaced.

Words, figures and places must agree, because two districts print one plan text with other figures, and an office prints last
year's notice with this year's dates. `is_copy` is symmetric and looks at the two texts only: which articles are one story
does not depend on the order in which they come. Candidates come from the marks of `tellings.py`. No SQL here.

Measured on 77 real texts with their words replaced one for one: similarity 0.52 to 0.75 with a quarter of them replaced, 0.70 and
more with a tenth; two unrelated texts share 0.03 (median), 0.11 (99 of 100), 0.28 at most.
"""

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterable

from monitor.tellings import COUNT, ENOUGH, YEAR, Telling

SAME = 0.75  # words shared by two prints of one text, of all the words of both
SIMILAR = 0.48  # the same of a copy whose words were replaced; figures or its title have to say so too
# Sentences that both texts have word for word, of those of the one with fewer: nearly all where one is a print or a part of the other,
# next to none where its words were replaced. What has some of them, and REST of its words at most, is another article made of the same
# stock: a yearly notice of another honour, the next article of a series.
SPUN, MIXED, WHOLE, REST = 0.15, 0.2, 0.75, 0.62
SAID = 4  # sentences that are enough to say so
WITHIN = 0.8  # words of an excerpt that the whole text has
SPUN_WITHIN = 0.7  # the same where SURE figures say that it is one
TITLED_WITHIN = 0.78  # the same where the title says so alone
PROOF, SURE = 2, 3  # figures that both have, with like titles and without: words alone stand in many texts
FEW = 15  # words of an excerpt that is known by its figures or its title
AGREE = 0.7  # figures that a copy has to share, of those in the text with fewer
CLASH = 0.2  # of the numbers with the same words around them, those that differ, above which there are two stories
TITLE = 8  # characters of a title that belongs to one text
TITLES = 0.6  # characters that two titles share, but for what stands in many, where one is the other spun
IN_TITLE = 0.75  # the same of the shorter title, of BARE characters at least: a spinner leaves other words of those that stand in many
BARE = 4
FRAME = re.compile(
    r"关于|组织|开展|做好|印发|转发|公布|20\d\d年?度?|[申填]报|认定|评[选定审]|征集|推荐|遴选|工作|的|通知|公[告示]|通告|市|区|县"
)
TITLE_YEAR = re.compile(r"20\d\d(?=年)")
# What explains a text has much of it, and is another text.
EXPLAINING = re.compile(r"解[读析]|答记者问|问答|图解|一图|读懂|发布会|说明")
EXPLAINED = 0.55  # words shared by an explanation and what it explains

Leads = dict[int, set[int]]


def is_copy(one: Telling, other: Telling) -> bool:
    """Whether both tell one story."""
    alike, within = likeness(one, other), containment(one, other)
    if alike < SIMILAR and within < SPUN_WITHIN:
        return False
    fewer, shared = _shared_figures(one, other)
    if shared < AGREE * fewer or _contradict(one, other) or (alike < EXPLAINED and _explains(one, other)):
        return False
    here, one_title = _here(one, other), _one_title(one.title, other.title)
    titled = (here or one_title) and _like_titles(one.title, other.title)
    proven = shared == fewer and shared >= (PROOF if titled else SURE)
    if _elsewhere(one, other) and not (proven and _named(one, other)):
        return False
    told = verbatim(one, other)
    if MIXED <= told < WHOLE and not (proven or (titled and here and alike >= REST)):
        return False
    if alike >= SAME or ((alike >= SIMILAR or told >= WHOLE) and (proven or titled)):
        return True
    # A part of a text has nearly all its words there, and something that is that text's own: figures, or its title.
    if within >= WITHIN:
        return proven or one_title
    if proven and shared >= SURE:
        return within >= SPUN_WITHIN and told < MIXED
    return within >= TITLED_WITHIN and titled and here and told < SPUN


def is_kin(one: Telling, other: Telling) -> bool:
    """Whether texts that are no copies may be forms of one document: a draft and what was issued, of one place, with other figures."""
    return _here(one, other) and likeness(one, other) >= SIMILAR and not _of_other_years(one.title, other.title)


def may_be_copy(one: Telling, words: bytes) -> bool:
    """Whether a text with these words, packed, is worth a closer look."""
    other = array("I", words)
    shared = len(one.words.intersection(other))
    return shared >= SIMILAR * (len(one.words) + len(other) - shared) or shared >= SPUN_WITHIN * min(
        len(one.words), len(other)
    )


def likeness(one: Telling, other: Telling) -> float:
    """Words that both texts have, of all their words, 0 to 1; 0 where either has too few to tell."""
    if min(len(one.words), len(other.words)) < ENOUGH:
        return 0.0
    return len(one.words & other.words) / len(one.words | other.words)


def containment(one: Telling, other: Telling) -> float:
    """Words of the shorter text that the longer has, 0 to 1; 0 where either has too few to tell."""
    fewer = min(len(one.words), len(other.words))
    return len(one.words & other.words) / fewer if fewer >= FEW else 0.0


def verbatim(one: Telling, other: Telling) -> float:
    """Sentences that both texts have word for word, of all of the one with fewer, 0 to 1."""
    fewer = min(len(one.sentences), len(other.sentences))
    return len(one.sentences & other.sentences) / fewer if fewer >= SAID else 0.0


def _explains(one: Telling, other: Telling) -> bool:
    return bool(EXPLAINING.search(one.title)) != bool(EXPLAINING.search(other.title))


def _elsewhere(one: Telling, other: Telling) -> bool:
    """Whether both are about places of their own."""
    first, second = one.places or one.named, other.places or other.named
    if not (first and second) or first <= second or second <= first:
        return False
    return not (_stands_for(one, other) or _stands_for(other, one))


def _here(one: Telling, other: Telling) -> bool:
    """Whether both are about one place."""
    return not one.places.isdisjoint(other.places) or _stands_for(one, other) or _stands_for(other, one)


def _stands_for(wider: Telling, narrower: Telling) -> bool:
    """Whether a text that was given to a city names the districts of the other: the city's office printed it."""
    return bool(narrower.places) and narrower.places <= wider.named and _covers(narrower.places, wider.places)


def _named(one: Telling, other: Telling) -> bool:
    """Whether the places of one text are named in the other, or lie within its own: a link to other news may be taken for what
    an article is about, and half a text may not say which of two districts of one name is meant."""
    return _covers(one.places, other.places | other.named) or _covers(other.places, one.places | one.named)


def _covers(places: Collection[str], named: Collection[str]) -> bool:
    """Whether each place is named, or lies in a place that is named without any of its parts."""
    plain = [code for code in named if not any(_lies_in(other, code) for other in named)]
    return all(place in named or any(_lies_in(place, code) for code in plain) for place in places)


def _lies_in(place: str, code: str) -> bool:
    return place != code and place.startswith(code.rstrip("0"))


def _one_title(one: str, other: str) -> bool:
    """Whether one title is the other, with something before or after it perhaps."""
    return min(len(one), len(other)) >= TITLE and (one in other or other in one)


def _like_titles(one: str, other: str) -> bool:
    """Whether two titles have most of their characters in common."""
    first, second = Counter(FRAME.sub("", one)), Counter(FRAME.sub("", other))
    shared, fewer = (first & second).total(), min(first.total(), second.total())
    return 2 * shared >= TITLES * max(first.total() + second.total(), 1) or shared >= IN_TITLE * max(fewer, BARE)


def _shared_figures(one: Telling, other: Telling) -> tuple[int, int]:
    """How many counting figures the text with fewer has, and how many both have."""
    first, second = ({digits for _, digits, kind in telling.figures if kind == COUNT} for telling in (one, other))
    return min(len(first), len(second)), len(first & second)


def _contradict(one: Telling, other: Telling) -> bool:
    """Whether the same words stand around other numbers too often, or around other years."""
    common, clashing = _clashes(_leads(one.figures), _leads(other.figures))
    years, other_years = _clashes(_leads(one.figures, YEAR), _leads(other.figures, YEAR))
    return clashing > CLASH * common or 2 * other_years > years or _of_other_years(one.title, other.title)


def _of_other_years(one: str, other: str) -> bool:
    """Whether two titles name other years: 2025年度, 2026年度."""
    first, second = (set(TITLE_YEAR.findall(title)) for title in (one, other))
    return bool(first and second) and first.isdisjoint(second)


def _leads(figures: Iterable[tuple[int, int, int]], wanted: int | None = None) -> Leads:
    leads: Leads = {}
    for lead, digits, kind in figures:
        if lead and wanted in (None, kind):
            leads.setdefault(lead, set()).add(digits)
    return leads


def _clashes(one: Leads, other: Leads) -> tuple[int, int]:
    common = one.keys() & other.keys()
    return len(common), sum(one[lead].isdisjoint(other[lead]) for lead in common)
