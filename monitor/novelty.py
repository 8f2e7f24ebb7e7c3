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

from monitor.canonical import bare, period_of, printed_period
from monitor.claims import Claim, is_rounded
from monitor.domain import Finding, Programme, Quantity
from monitor.known import KnownFact, KnownVersion, ToldFact, agrees, alike
from monitor.retelling import Twin, retellings

LIKE = 0.7  # characters that two metrics share where place, year, unit and figure are the same
ROW = 0.3  # the same of several figures of one sentence
CHANGED = 0.45  # the same where a sentence says that it changes the other's figure
DIGITS = re.compile(r"\d+")
# What makes another thing of firms and goods that are called alike, and are as many: 低空经济链主企业, 省级绿色工厂.
ADDED = re.compile(r"^(?:净?新增|累计)")
QUALIFIED = re.compile(r"链主|龙头|骨干|领军|规上|规模以上|上市|小巨人|冠军|独角兽|瞪羚|示范|标杆|重点")
LEVEL = re.compile(r"(国家|省|市|区|县)级")


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
class Context:
    """What is known when an article is compared: the facts under the keys of its claims, the ids of those told in its story and
    in its `kin`, other forms of its document, and how to read the latter, which is seldom needed."""

    known: Sequence[KnownFact]
    here: frozenset[int] = frozenset()
    told: Callable[[Collection[int]], Sequence[ToldFact]] = lambda _: ()
    kin: frozenset[int] = frozenset()

    def under(self, keys: Collection[int]) -> Iterator[KnownFact]:
        return (fact for fact in self.known if not fact.keys.isdisjoint(keys))


def decide(said: Sequence[Claim], context: Context) -> tuple[Decision, ...]:
    """One decision for each claim that is not a repeat within the article, in the order of the claims."""
    corrected = [fact for fact in context.known if fact.misread]
    found = {
        index: decision
        for index, claim in enumerate(said)
        if (decision := _misread(claim, corrected) or _by_key(claim, context))
    }
    found |= _by_figure(said, found, context)
    found |= {
        index: change for index, claim in enumerate(said) if index not in found and (change := _change(claim, context))
    }
    reworded = _by_story(said, found, context)
    decisions = []
    for index, claim in enumerate(said):
        twins, decision = reworded.get(index, ()), found.get(index)
        if twins and (decision is None or twins[0].apart or not _is_certain(decision)):
            decision = _agreeing(claim, twins[0].fact) or decision
        decisions.append(_with_same(decision or _otherwise(claim, context), twins, context))
    return tuple(_once(decisions))


def _with_same(decision: Decision, twins: Iterable[Twin], context: Context) -> Decision:
    """The decision with the other facts that turn out to be its own: told in this story in other words, or found under the same
    key since both were told before anything said that they are one."""
    claim, fact = decision.claim, decision.fact
    if fact is None:
        return decision
    same = {twin.fact.id for twin in twins}
    mistaken = claim.key in fact.misread  # what is known under this key is another fact
    misplaced = fact.region_code != (claim.finding.region.code if claim.finding.region else None)
    one_value = not (fact.plural or claim.plural or claim.several or isinstance(claim.finding, Programme))
    if one_value and not mistaken and not misplaced:
        same |= {other.id for other in context.under((claim.key,)) if not other.plural}
    return replace(decision, version=fact.put_right(decision.version), same=tuple(sorted(same - {fact.id})))


def _is_certain(decision: Decision) -> bool:
    """Whether the fact was found by what the claim says in full: not by its figure, without its year."""
    claim, fact = decision.claim, decision.fact
    if fact is None:
        return False
    named = {claim.key, *claim.near, *claim.aliases, *claim.before, *filter(None, (claim.figure,))}
    return not named.isdisjoint(fact.keys | fact.misread)


def _by_key(claim: Claim, context: Context) -> Decision | None:
    """A known fact that already says just this."""
    if isinstance(claim.finding, Programme):
        return _programme(claim, context)
    best = _closest(claim, context.under((claim.key, *claim.near))) or _closest(claim, _undated(claim, context))
    if best is None:
        return None
    fact, version = best
    return Decision(claim, fact, version, split=fact.id if claim.several and not fact.plural else None)


def _misread(claim: Claim, corrected: Iterable[KnownFact]) -> Decision | None:
    """The fact that somebody corrected, read once more as it was misread."""
    best = _closest(claim, (fact for fact in corrected if claim.key in fact.misread))
    return Decision(claim, *best) if best else None


def _by_figure(said: Sequence[Claim], found: Mapping[int, Decision], context: Context) -> dict[int, Decision]:
    """Facts with the same figure for the same place and year, and with a name that is like the claim's; a little like it where
    other figures of the sentence are found so too."""
    claimed = {decision.fact.id for decision in found.values() if decision.fact}
    scores = [
        (likeness, index, fact)
        for index, claim in enumerate(said)
        if index not in found and claim.figure is not None
        for fact in context.under((claim.figure,))
        if fact.id not in claimed and (likeness := _like_metrics(claim.finding, fact.name)) >= ROW
    ]
    rows = Counter(said[index].finding.evidence for index in {index for _, index, _ in scores})
    decisions: dict[int, Decision] = {}
    for likeness, index, fact in sorted(scores, key=lambda score: (-score[0], score[1], score[2].id)):
        best = _closest(said[index], [fact])
        sure = likeness >= LIKE or rows[said[index].finding.evidence] > 1
        if best and sure and index not in decisions and fact.id not in claimed:
            claimed.add(fact.id)
            split = fact.id if said[index].several and not fact.plural else None
            decisions[index] = Decision(said[index], fact, best[1], split=split)
    return decisions


def _change(claim: Claim, context: Context) -> Decision | None:
    """The fact whose value the claim's sentence says it changes, by whatever name."""
    changed = [fact for fact in context.under(claim.before) if not fact.plural]
    likest = max(changed, key=lambda fact: (_like_metrics(claim.finding, fact.name), -fact.id), default=None)
    if likest is None or _like_metrics(claim.finding, likest.name) < CHANGED:
        return None
    known = _closest(claim, [likest])
    return Decision(claim, likest, known[1] if known else None)


def _like_metrics(finding: Finding, name: str) -> float:
    """Shared characters of all characters (Dice): 低空飞行航线 and 低空航线 are four fifths one; 起降设施 says less than 低空起降设施,
    and nothing else."""
    one = bare(finding.metric if isinstance(finding, Quantity) else finding.name)
    other = bare(name)
    if one.endswith(other) or other.endswith(one):
        return 1.0 if ADDED.findall(one) == ADDED.findall(other) else 0.0
    if any(pattern.findall(one) != pattern.findall(other) for pattern in (DIGITS, ADDED, QUALIFIED)):
        return 0.0
    levels = LEVEL.findall(one), LEVEL.findall(other)
    return 0.0 if all(levels) and levels[0] != levels[1] else alike(one, other)


def _closest(claim: Claim, facts: Iterable[KnownFact]) -> tuple[KnownFact, KnownVersion] | None:
    """The version that agrees with the claim best: the same value before a rounded one."""
    agreeing = [(fact, version) for fact in facts for version in fact.versions if agrees(claim.finding, version)]
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


def _by_story(said: Sequence[Claim], found: Mapping[int, Decision], context: Context) -> dict[int, tuple[Twin, ...]]:
    """The facts of this story that claims tell in other words, by the index of the claim, the likest first."""
    own = {index: decision.fact.id for index, decision in found.items() if decision.fact}
    settled = {index for index, id in own.items() if id in context.here | context.kin and _is_certain(found[index])}
    rest = (context.here | context.kin).difference(own[index] for index in settled)
    if not rest or len(settled) == len(said):
        return {}
    told = {one.fact.id: one for one in context.told((*rest, *own.values()))}
    open_claims = {index: claim for index, claim in enumerate(said) if index not in settled}
    beside = {index: told[id].articles if id in told else frozenset() for index, id in own.items() if id not in rest}
    return retellings(open_claims, [told[id] for id in sorted(rest) if id in told], beside, context.kin - context.here)


def _distance(finding: Finding, version: KnownVersion) -> Decimal:
    return abs(finding.value - version.value) if isinstance(finding, Quantity) and version.value else Decimal(0)


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
