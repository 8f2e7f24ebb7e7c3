"""Same fact? Compares what an article claims with what is known, and decides; the store then writes.

A claim is a known fact where a key leads to it and the value agrees; else where an article of the same story tells it in other words. Never
a revision: a value that an earlier version had, a rounded one (超1.6万亿元 for 1.63万亿元), another comparator, a
programme that is launched or ongoing by turns, and one of several values that an article gives to one key (facts badly told
apart by their metric). What happened to a fact between its versions is said in `events.py`.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from monitor.canonical import period_of, printed_period
from monitor.claims import STAGES, Claim, family, fineness, is_rounded
from monitor.domain import Finding, Programme, Quantity

# Shared characters from which two sentences of one story are the same one spun, two names in them, and two names anywhere.
SENTENCE, ALIKE, SURE = 0.5, 0.45, 0.85
MISPLACED = 0.7  # the same of sentences where the place is another
LIKE = 0.6  # characters that two metrics share where place, year, unit and figure are the same
DIGITS = re.compile(r"\d+")
COMPARATORS = (None, "eq", "approx", "lt", "gt", "le", "ge")  # the one that says most last
STATUSES = (None, "planned", "ongoing", "launched", "issued")


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """`said` is the publication moment, or the day it was first seen where that is unknown."""

    id: int
    number: int
    value: Decimal | None
    value_high: Decimal | None
    comparator: str | None
    status: str | None
    said: str
    live: bool = True
    event: str = "new"

    @property
    def stage(self) -> str:
        if self.status in ("repealed", "ended"):
            return "over"
        return self.status if self.status in STAGES else "in force"


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A stored fact with its versions, oldest first and never none, and the keys under which it was found."""

    id: int
    kind: str
    name: str
    assertion: str | None
    unit: str | None
    deadline: str | None
    region_code: str | None
    plural: bool
    versions: tuple[KnownVersion, ...]
    keys: frozenset[int] = frozenset()

    @property
    def current(self) -> KnownVersion:
        return max(self.versions, key=lambda version: (version.live, version.said[:10], version.number))


@dataclass(frozen=True, slots=True)
class Decision:
    """A new fact (`fact` None), a new version of `fact` (`version` None), or one more article that tells `version`.

    `same` are ids of other facts that turn out to be this one; the values of the fact `split` are facts of their own.
    """

    claim: Claim
    fact: KnownFact | None = None
    version: KnownVersion | None = None
    same: tuple[int, ...] = ()
    split: int | None = None


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact as one story tells it: the names and sentences of its articles, and their ids."""

    fact: KnownFact
    names: frozenset[str]
    sentences: frozenset[str]
    articles: frozenset[int]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when an article is compared: the facts under the keys of its claims, the ids of those told in its story,
    and how to read the latter, which is seldom needed."""

    known: Sequence[KnownFact]
    here: frozenset[int] = frozenset()
    told: Callable[[Collection[int]], Sequence[ToldFact]] = lambda _: ()

    def under(self, keys: Collection[int]) -> Iterator[KnownFact]:
        return (fact for fact in self.known if not fact.keys.isdisjoint(keys))


def decide(said: Sequence[Claim], context: Context) -> tuple[Decision, ...]:
    """One decision for each claim that is not a repeat within the article, in the order of the claims."""
    found = {index: decision for index, claim in enumerate(said) if (decision := _by_key(claim, context))}
    found |= _by_figure(said, found, context)
    found |= {
        index: change for index, claim in enumerate(said) if index not in found and (change := _change(claim, context))
    }
    reworded = _by_story(said, found, context)
    decisions = []
    for index, claim in enumerate(said):
        twins, decision = reworded.get(index, ()), found.get(index)
        if decision is None and twins:
            decision = _agreeing(claim, twins[0])
        decisions.append(_with_same(decision or _otherwise(claim, context), twins, context))
    return tuple(_once(decisions))


def pairs(some: Sequence[ToldFact], others: Sequence[ToldFact]) -> Iterator[tuple[KnownFact, KnownFact]]:
    """The facts of two stories that are one: what one of them tells in the words of the other."""
    scores = [(_twins(one, other), place, other) for place, one in enumerate(some) for other in others]
    for place, twins in _matched(scores, {}).items():
        for twin in twins:
            yield some[place].fact, twin.fact


def exactness(value: Decimal | None, comparator: str | None, status: str | None) -> tuple[int, int, int]:
    """How much a telling says, to keep of several the one that says most: 1.63万亿 before 超1.6万亿, 不低于 before a bare
    figure, whose qualifier a copy lost, 已印发 before 推进中."""
    said = STATUSES.index(status) if status in STATUSES else len(STATUSES)
    return (fineness(value) if value is not None else 0, COMPARATORS.index(comparator), said)


def _with_same(decision: Decision, twins: Iterable[KnownFact], context: Context) -> Decision:
    """The decision with the other facts that turn out to be its own: told in this story in other words, or found under the same
    key since both were told before anything said that they are one."""
    claim, fact = decision.claim, decision.fact
    if fact is None:
        return decision
    same = {twin.id for twin in twins}
    if not (fact.plural or claim.plural or claim.several or isinstance(claim.finding, Programme)):
        same |= {other.id for other in context.under((claim.key,)) if not other.plural}
    return replace(decision, same=tuple(sorted(same - {fact.id})))


def _by_key(claim: Claim, context: Context) -> Decision | None:
    """A known fact that already says just this."""
    if isinstance(claim.finding, Programme):
        return _programme(claim, context)
    best = _closest(claim, context.under((claim.key, *claim.near))) or _closest(claim, _undated(claim, context))
    if best is None:
        return None
    fact, version = best
    return Decision(claim, fact, version, split=fact.id if claim.several and not fact.plural else None)


def _by_figure(said: Sequence[Claim], found: Mapping[int, Decision], context: Context) -> dict[int, Decision]:
    """Facts with the same figure for the same place and year, and with a name that is like the claim's."""
    claimed = {decision.fact.id for decision in found.values() if decision.fact}
    scores = [
        (alike, index, fact)
        for index, claim in enumerate(said)
        if index not in found and claim.figure is not None
        for fact in context.under((claim.figure,))
        if fact.id not in claimed and (alike := _like_metrics(claim.finding, fact.name)) >= LIKE
    ]
    decisions: dict[int, Decision] = {}
    for _, index, fact in sorted(scores, key=lambda row: (-row[0], row[1], row[2].id)):
        best = _closest(said[index], [fact])
        if best and index not in decisions and fact.id not in claimed:
            claimed.add(fact.id)
            split = fact.id if said[index].several and not fact.plural else None
            decisions[index] = Decision(said[index], fact, best[1], split=split)
    return decisions


def _change(claim: Claim, context: Context) -> Decision | None:
    """The fact whose value the claim's sentence says it changes, by whatever name."""
    changed = [fact for fact in context.under(claim.before) if not fact.plural]
    likest = max(changed, key=lambda fact: (_like_metrics(claim.finding, fact.name), -fact.id), default=None)
    if likest is None or _like_metrics(claim.finding, likest.name) < ALIKE:
        return None
    known = _closest(claim, [likest])
    return Decision(claim, likest, known[1] if known else None)


def _like_metrics(finding: Finding, name: str) -> float:
    """Shared characters of all characters (Dice): 低空飞行航线 and 低空航线 are four fifths one; 起降设施 says less than 低空起降设施,
    and nothing else."""
    one = finding.metric if isinstance(finding, Quantity) else finding.name
    if DIGITS.findall(one) != DIGITS.findall(name):
        return 0.0
    return 1.0 if one.endswith(name) or name.endswith(one) else _alike(one, name)


def _closest(claim: Claim, facts: Iterable[KnownFact]) -> tuple[KnownFact, KnownVersion] | None:
    """The version that agrees with the claim best: the same value before a rounded one."""
    agreeing = [(fact, version) for fact in facts for version in fact.versions if _agrees(claim.finding, version)]
    return min(agreeing, key=lambda one: (_distance(claim.finding, one[1]), one[0].id), default=None)


def _undated(claim: Claim, context: Context) -> list[KnownFact]:
    """Targets that differ from the claim in nothing but that one of both says no year."""
    finding = claim.finding
    if claim.subject is None or claim.several or not isinstance(finding, Quantity) or finding.assertion != "target":
        return []
    return [
        fact
        for fact in context.under((claim.subject,))
        if not fact.plural and (fact.deadline is None) != (finding.deadline is None)
    ]


def _programme(claim: Claim, context: Context) -> Decision | None:
    """The programme of this name and period; one told without its period is the newest of that name."""
    period = period_of(_canonical(claim.finding))
    named = list(context.under((claim.key, *claim.aliases)))
    periods = {fact.id: printed_period(fact.name) for fact in named}
    fitting = [fact for fact in named if not period or periods[fact.id] in ("", period)]
    if not fitting:
        return None
    fact = max(fitting, key=lambda one: (bool(period) and periods[one.id] == period, one.current.said[:10], -one.id))
    return Decision(claim, fact, next((version for version in fact.versions if version.stage == claim.stage), None))


def _otherwise(claim: Claim, context: Context) -> Decision:
    """Another value of a known fact, or a new fact. A programme of another period is a new one."""
    known = next(context.under((claim.key,)), None)
    if known is None or claim.plural or known.plural or isinstance(claim.finding, Programme):
        return Decision(claim)
    return Decision(claim, split=known.id) if claim.several else Decision(claim, known)


def _agreeing(claim: Claim, fact: KnownFact) -> Decision | None:
    if isinstance(claim.finding, Programme):
        return Decision(claim, fact, next((one for one in fact.versions if one.stage == claim.stage), None))
    best = _closest(claim, [fact])
    split = fact.id if claim.several and not fact.plural else None
    return Decision(claim, fact, best[1], split=split) if best else None


def _by_story(
    said: Sequence[Claim], found: Mapping[int, Decision], context: Context
) -> dict[int, tuple[KnownFact, ...]]:
    """The facts of this story that claims tell in other words, by the index of the claim, the likest first."""
    own = {index: decision.fact.id for index, decision in found.items() if decision.fact}
    rest = context.here.difference(own.values())
    open_claims = [index for index in range(len(said)) if own.get(index) not in context.here]
    if not rest or not open_claims:
        return {}
    told = {one.fact.id: one for one in context.told((*rest, *own.values()))}
    scores = [
        (_reworded(said[index].finding, told[id], named=index in found), index, told[id])
        for index in open_claims
        for id in sorted(rest)
        if id in told
    ]
    beside = {index: told[id].articles for index, id in own.items() if id in told}
    matched = _matched(scores, beside)
    return {index: tuple(twin.fact for twin in twins) for index, twins in matched.items()}


def _matched(
    scores: Iterable[tuple[float, int, ToldFact]], beside: Mapping[int, frozenset[int]]
) -> dict[int, list[ToldFact]]:
    """The partners of each claim, the likest first. A fact has one claim at most, and what one article tells side by side
    are different facts: `beside` are the articles that tell a claim's own fact."""
    partners: dict[int, list[ToldFact]] = {}
    articles = dict(beside)
    taken: set[int] = set()
    for score, place, told in sorted(scores, key=lambda row: (-row[0], row[1], row[2].fact.id)):
        if score and told.fact.id not in taken and articles.get(place, frozenset()).isdisjoint(told.articles):
            taken.add(told.fact.id)
            articles[place] = articles.get(place, frozenset()) | told.articles
            partners.setdefault(place, []).append(told)
    return partners


def _agrees(finding: Finding, version: KnownVersion) -> bool:
    if not isinstance(finding, Quantity):
        return True
    if version.value is None:
        return False
    if finding.value_high is not None and version.value_high is not None and finding.value_high != version.value_high:
        return False
    return finding.value == version.value or is_rounded(
        (finding.value, finding.comparator), (version.value, version.comparator)
    )


def _distance(finding: Finding, version: KnownVersion) -> Decimal:
    return abs(finding.value - version.value) if isinstance(finding, Quantity) and version.value else Decimal(0)


def _reworded(finding: Finding, told: ToldFact, *, named: bool) -> float:
    """How surely the fact is the finding in other words, 0 for no; facts of one story only. A finding that has a fact by its
    own name must share some of it."""
    fact, region = told.fact, finding.region.code if finding.region else None
    if fact.kind != finding.kind:
        return 0.0
    apart = bool(region and fact.region_code and region != fact.region_code)
    if not isinstance(finding, Programme):
        apart |= finding.assertion != fact.assertion or not _one_year(finding.deadline, fact.deadline)
    if isinstance(finding, Quantity):
        if family(finding.unit) != family(fact.unit):
            return 0.0
        if not any(_agrees(finding, version) for version in fact.versions):
            return 0.0
    name = finding.metric if isinstance(finding, Quantity) else finding.name
    return _in_other_words((name, finding.evidence.text), told, named=named, apart=apart)


def _twins(one: ToldFact, other: ToldFact) -> float:
    """How surely two facts are one in other words, 0 for no."""
    first, second = one.fact, other.fact
    if (first.kind, family(first.unit)) != (second.kind, family(second.unit)):
        return 0.0
    apart = first.assertion != second.assertion or not _one_year(first.deadline, second.deadline)
    apart |= bool(first.region_code and second.region_code and first.region_code != second.region_code)
    if first.kind == "quantity":
        values = {version.value for version in first.versions} & {version.value for version in second.versions}
        if not values:
            return 0.0
    said = ((name, sentence) for name in one.names for sentence in one.sentences)
    return max((_in_other_words(words, other, named=True, apart=apart) for words in said), default=0.0)


def _one_year(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _in_other_words(said: tuple[str, str], told: ToldFact, *, named: bool, apart: bool) -> float:
    """A rewording is one of the whole sentence; of a quantity its words may all be others, as its figure is the same. Where it
    is told of another place or year, or as promised instead of reached (`apart`: a copy lost its place or its date), it
    is the same sentence."""
    sentence = max(_alike(said[1], other) for other in told.sentences)
    alike = max(_alike(said[0], other) for other in told.names)
    if apart:
        return sentence + alike - 1 if sentence >= MISPLACED and alike >= ALIKE else 0.0
    if (
        (sentence < SENTENCE and alike < SURE)
        or (told.fact.kind != "quantity" and alike < ALIKE)
        or (named and not alike)
    ):
        return 0.0
    return sentence + alike


def _alike(one: str, other: str) -> float:
    """Shared characters of all characters (Dice), 0 to 1."""
    if one == other:
        return 1.0
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))


def _canonical(finding: Finding) -> str:
    return finding.canonical or (finding.metric if isinstance(finding, Quantity) else finding.name)


def _once(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Each fact once, and each value of it: what an article repeats is not told twice."""
    seen: list[tuple[object, Claim]] = []
    for decision in decisions:
        fact = decision.fact.id if decision.fact else decision.claim.key
        version = decision.version.id if decision.version else None
        if not any(mark == (fact, version) and _repeats(decision.claim, claim) for mark, claim in seen):
            seen.append(((fact, version), decision.claim))
            yield decision


def _repeats(claim: Claim, earlier: Claim) -> bool:
    one, other = claim.finding, earlier.finding
    if not isinstance(one, Quantity) or not isinstance(other, Quantity):
        return period_of(_canonical(one)) == period_of(_canonical(other))
    return one.value == other.value or is_rounded((one.value, one.comparator), (other.value, other.comparator))
