"""Same fact? Revised? Compares what an article says with what is known, and decides; the store then writes.

A fact is known by its fingerprint: region, plain metric, deadline, assertion, unit family and recurrence for a quantity, region and plain
name for a designation or programme. The value is no part of it, so that another value later is a revision, except
- where one article gives one fingerprint several values (two facts badly told apart by their metric),
- where the metric is too general to tell (项目, 企业),
- for a reported or supported figure without a date: next month's figure is another fact, not a correction.

Never a revision: a value that an earlier version had, a rounded one (超1.6万亿元 for 1.63万亿元), another comparator, a programme that is
planned, launched or ongoing by turns, and whatever an article says that is older than the current version.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.domain import Finding, Programme, Quantity
from monitor.text import fold

NEAR = Decimal("0.02")  # share by which a rounded figure may differ
GENERAL = 2  # characters up to which a metric tells too little
ALIKE = 0.5  # shared character pairs from which two names of a spun text are one
NOISE = re.compile(r"[\W_的了]+")
SCOPE = re.compile(r"^(?:(?:全|我|本|该|各)(?:国|省|市|区|县|旗|州|镇)|辖区内?|区域内)")
ENDING = re.compile(r"(?<=..)(?:总?数量?|总量|总额|规模)$")
PLACE_ENDING = re.compile(r"(?<=..)(?:省|市|区|县|旗|自治州|自治县|自治区)$")
# Short and long forms of one metric in official language.
FORMS = (
    ("规上", "规模以上"), ("国内生产总值", "地区生产总值"), ("gdp", "地区生产总值"), ("高企", "高新技术企业"),
    ("战新产业", "战略性新兴产业"), ("研究与试验发展", "研发"), ("全社会研发", "研发"), ("固投", "固定资产投资"),
    ("一般预算收入", "一般公共预算收入"), ("年均增长率", "增速"), ("年均增长", "增速"), ("增长率", "增速"),
)  # fmt: skip
COUNTED = frozenset("家户个项座只条件款种名人位所处支套台间类批艘架宗起")  # one of them for another is wording


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


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A stored fact with its versions, oldest first and never none."""

    id: int
    fingerprint: str
    kind: str
    name: str
    assertion: str | None
    unit: str | None
    deadline: str | None
    region_code: str | None
    versions: tuple[KnownVersion, ...]

    @property
    def current(self) -> KnownVersion:
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding ready to be compared: `base` is its fingerprint without, `exact` with the value."""

    finding: Finding
    base: str
    exact: str
    joined: bool = False  # the value belongs to the identity

    @property
    def fingerprint(self) -> str:
        return self.exact if self.joined else self.base


@dataclass(frozen=True, slots=True)
class Decision:
    """A new fact (`fact` None), a new version of `fact` (`version` None), or one more article that tells `version`."""

    claim: Claim
    fingerprint: str
    fact: KnownFact | None = None
    version: KnownVersion | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when an article is compared.

    `told` are facts of this story's articles, this one included; `mine` the ids of those that this article told before
    it was edited; `said` its publication moment, or today where that is unknown.
    """

    known: Mapping[str, KnownFact]  # by fingerprint
    told: Sequence[KnownFact]
    mine: Collection[int]
    said: str


def claims(findings: Iterable[Finding]) -> tuple[Claim, ...]:
    """Fingerprint the findings of one article, in order."""
    plain = [_claim(finding) for finding in findings]
    values: dict[str, list[Quantity]] = defaultdict(list)
    for claim in plain:
        if isinstance(claim.finding, Quantity):
            values[claim.base].append(claim.finding)
    several = {base for base, said in values.items() if any(not _same(said[0], one) for one in said[1:])}
    return tuple(_join(claim) if claim.base in several else claim for claim in plain)


def decide(said: Sequence[Claim], context: Context) -> tuple[Decision, ...]:
    """One decision for each claim that is not a repeat within the article, in the order of the claims.

    Facts found by fingerprint go first, so that a fact whose metric was reworded can only be one of the rest.
    """
    decisions: dict[int, Decision] = {}
    for index, claim in enumerate(said):
        if found := _by_fingerprint(claim, context.known):
            decisions[index] = found
    taken = {decision.fact.id for decision in decisions.values() if decision.fact}
    for index, claim in enumerate(said):
        if index not in decisions:
            decisions[index] = decision = _by_story(claim, context, taken) or _otherwise(claim, context)
            if decision.fact:
                taken.add(decision.fact.id)
    return _once(decisions[index] for index in range(len(said)))


def plain_name(name: str, place: str | None = None) -> str:
    """A metric or name without what changes from report to report: width, quotes, whose it is, 的, short forms."""
    plain = NOISE.sub("", fold(name).text).lower()
    own = [place, PLACE_ENDING.sub("", place)] if place else []
    for prefix in own:
        plain = plain.removeprefix(prefix) or plain
    plain = SCOPE.sub("", plain) or plain
    for form, usual in FORMS:
        plain = plain.replace(form, usual)
    return ENDING.sub("", plain)


def digits(value: Decimal | None) -> str | None:
    """A value as the store keeps it: 5E+12 -> 5000000000000, 1.50 -> 1.5."""
    return None if value is None else format(value.normalize() + 0, "f")


def last_day(moment: str) -> str:
    """The day of a moment, to be compared as text; the last of the month or year where the page gives no more."""
    return (moment + "-12-31"[len(moment) - 4 :] if 4 <= len(moment) < 10 else moment)[:10]


def _claim(finding: Finding) -> Claim:
    place = finding.region
    where = place.code if place else ""
    if isinstance(finding, Quantity):
        metric = plain_name(finding.metric, place.name if place else None)
        same = (
            finding.kind,
            where,
            metric,
            finding.deadline,
            finding.assertion,
            _family(finding.unit),
            finding.recurrence,
        )
        value = (digits(finding.value), digits(finding.value_high))
        undated = finding.assertion != "target" and not finding.deadline
        return Claim(finding, _digest(*same), _digest(*same, *value), undated or len(metric) <= GENERAL)
    name = plain_name(finding.name, place.name if place else None)
    assertion = None if isinstance(finding, Programme) else finding.assertion
    fingerprint = _digest(finding.kind, where, name, assertion)
    return Claim(finding, fingerprint, fingerprint)


def _join(claim: Claim) -> Claim:
    return Claim(claim.finding, claim.base, claim.exact, joined=True)


def _by_fingerprint(claim: Claim, known: Mapping[str, KnownFact]) -> Decision | None:
    """A known fact that already says just this."""
    for fingerprint in (claim.exact, claim.base):
        fact = known.get(fingerprint)
        if fact and (version := _version(claim.finding, fact)):
            return Decision(claim, fact.fingerprint, fact, version)
    return None


def _by_story(claim: Claim, context: Context, taken: Collection[int]) -> Decision | None:
    """The fact of this story that the claim tells in other words."""
    best, likest = None, 0.0
    for fact in context.told:
        if fact.id not in taken and (score := _reworded(claim.finding, fact)) > likest:
            best, likest = fact, score
    version = _version(claim.finding, best) if best else None
    return Decision(claim, best.fingerprint, best, version) if best and version else None


def _otherwise(claim: Claim, context: Context) -> Decision:
    """A revision, an old value told late, or a new fact."""
    fact = None if claim.joined else context.known.get(claim.base)
    if fact is None:
        return Decision(claim, claim.fingerprint)
    now, then = last_day(context.said), last_day(fact.current.said)
    if now > then or (now == then and (fact.id in context.mine or isinstance(claim.finding, Programme))):
        return Decision(claim, fact.fingerprint, fact)
    if now < then:
        return Decision(claim, fact.fingerprint, fact, fact.current)
    return Decision(claim, claim.exact)  # two sources of one day disagree: keep both


def _version(finding: Finding, fact: KnownFact) -> KnownVersion | None:
    """The newest version that the finding agrees with; None where it says something else."""
    if isinstance(finding, Quantity):
        return next((version for version in reversed(fact.versions) if _agrees(finding, version)), None)
    if isinstance(finding, Programme):
        if finding.status == "issued" and fact.current.status == "draft":
            return None
        drafts = [version for version in fact.versions if version.status == "draft"]
        return drafts[-1] if finding.status == "draft" and drafts else fact.current
    return fact.current


def _agrees(finding: Quantity, version: KnownVersion) -> bool:
    if version.value is None:
        return False
    if finding.value_high is not None and version.value_high is not None and finding.value_high != version.value_high:
        return False
    return finding.value == version.value or _rounded(
        (finding.value, finding.comparator), (version.value, version.comparator)
    )


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one article are one, told once exactly and once rounded perhaps."""
    if one.value == other.value:
        return one.value_high == other.value_high
    return _rounded((one.value, one.comparator), (other.value, other.comparator))


def _rounded(one: tuple[Decimal, str | None], other: tuple[Decimal, str | None]) -> bool:
    """Whether the figure with fewer digits is the other one rounded, and says so by its comparator."""
    (rough, comparator), (fine, _) = sorted(
        (one, other), key=lambda figure: len(figure[0].normalize().as_tuple().digits)
    )
    if comparator in (None, "eq") or not fine or abs(rough - fine) > abs(fine) * NEAR:
        return False
    step = Decimal(1).scaleb(int(rough.normalize().as_tuple().exponent))
    return abs(rough - fine) < step


def _reworded(finding: Finding, fact: KnownFact) -> float:
    """How surely the fact is the finding in other words, 0 for no; facts of one story only."""
    region = finding.region.code if finding.region else None
    if fact.kind != finding.kind or (region and fact.region_code and region != fact.region_code):
        return 0.0
    alike = _alike(finding.name if not isinstance(finding, Quantity) else finding.metric, fact.name)
    if not isinstance(finding, Quantity):
        same_kind = isinstance(finding, Programme) or finding.assertion == fact.assertion
        return alike if same_kind and alike >= ALIKE else 0.0
    told = (finding.assertion, _family(finding.unit)) == (fact.assertion, _family(fact.unit))
    dated = finding.deadline is None or fact.deadline is None or finding.deadline == fact.deadline
    if not (told and dated and any(finding.value == version.value for version in fact.versions)):
        return 0.0
    return 1.0 + alike + (finding.deadline == fact.deadline)


def _alike(one: str, other: str) -> float:
    """Shared pairs of characters of all pairs (Dice), 0 to 1."""
    first, second = plain_name(one), plain_name(other)
    if first == second:
        return 1.0
    pairs = [{name[i : i + 2] for i in range(len(name) - 1)} for name in (first, second)]
    total = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / total if total else 0.0


def _once(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Each fact once: what an article repeats is not told twice."""
    kept: dict[str, Decision] = {}
    for decision in decisions:
        kept.setdefault(decision.fingerprint, decision)
    return tuple(kept.values())


def _family(unit: str | None) -> str:
    return "count" if unit is None or unit in COUNTED else unit


def _digest(*parts: str | None) -> str:
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()[:32]
