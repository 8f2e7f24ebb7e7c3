"""A finding becomes a claim: the keys under which the same fact is looked up, however it is worded.

A quantity's key is its place, canonical metric, deadline, assertion, unit family and recurrence; the value is no part of it, so that
another value later is a revision, except
- where the metric is too general to tell (项目, 企业),
- for a reported or supported figure without a date: next month's figure is another fact, not a correction.
There the key ends in the first digits of the value. A designation's key is its place, name and assertion, a programme's its place
and name, without its period. A target has one key more, its subject: what is measured where, whatever the year. A dated quantity has its figure: under it
it is found by another name that is like its own.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from monitor.canonical import REMARK, period_of, without_period
from monitor.domain import Finding, Programme, Quantity

NEAR = Decimal("0.02")  # share by which a rounded figure may differ
GENERAL = 2  # characters up to which a metric tells too little
# One of them for another is wording.
COUNTED = frozenset("家户个项座只条件款种名人位所处支套台间类批艘架宗起")
# A sentence that tells an old value beside the one that takes its place.
REVISING = re.compile(
    r"调整[为到至]|[上下]调[为到至]?|修[订改]为|原定|原计划|由[^，。；]{1,30}[改提调增降][^，。；]{0,4}[为到至]"
)
BRACKETED = re.compile(r"[（(][^（）()]*[）)]$")
PIECE = re.compile(r"\d+|.", re.DOTALL)
FIGURE = re.compile(r"(\d[\d,]{0,14}(?:\.\d{1,6})?)(万亿|万|亿)?")
STEPS = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
BESIDE = 6  # figures of a sentence that may be the old one
# What becomes of a programme, in its order.
STAGES = ("planned", "draft", "in force", "redraft", "amended", "over")
OVER = re.compile(r"废止|失效|停止执行|不再执行")
NOTICE = re.compile(r"关于.{8,}的(?:通知|决定|公告|通告)$")
AMENDED = re.compile(r"修[订正改]")
ENDING_NOTICE = re.compile(r"关于(?:废止|停止执行)")
AMENDING = re.compile(r"(?:关于|决定)(?:修改|修订|修正)|对《[^》]+》[^。]{0,12}(?:修改|修订|修正)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding ready to be compared. `look` are the keys of facts that may be it, `keys` those under which it is kept."""

    finding: Finding
    key: int
    subject: int | None = None
    near: tuple[int, ...] = ()
    figure: int | None = (
        None  # the key of all dated quantities of this place, year, unit and value, whatever they are called
    )
    before: tuple[int, ...] = ()  # the same of the values that its sentence says it replaces
    aliases: tuple[int, ...] = ()
    plural: bool = False  # another value is another fact
    several: bool = False  # this article has other values under the same key
    stage: str | None = None  # of a programme

    @property
    def keys(self) -> tuple[int, ...]:
        promised = isinstance(self.finding, Quantity) and self.finding.assertion == "target"
        subject = (self.subject,) if self.subject is not None and promised else ()
        figure = () if self.figure is None else (self.figure,)
        return tuple(dict.fromkeys((self.key, *self.aliases, *subject, *figure)))

    @property
    def look(self) -> tuple[int, ...]:
        more = (key for key in (self.subject, self.figure) if key is not None)
        return (self.key, *self.near, *self.before, *self.aliases, *more)


def claims(findings: Iterable[Finding], today: str = "") -> tuple[Claim, ...]:
    """Make claims of the findings of one article, in order; of a programme told twice the later stage counts. What a page that
    does not say its day tells of a year to come is promised, not reached: `today` is the day on which it is read."""
    plain = _without_old_values([_claim(_still_to_come(finding, today)) for finding in findings])
    values: dict[int, list[Quantity]] = defaultdict(list)
    for claim in plain:
        if isinstance(claim.finding, Quantity) and not claim.plural:
            values[claim.key].append(claim.finding)
    several = {key for key, said in values.items() if any(not same_figure(said[0], one) for one in said[1:])}
    return tuple(replace(claim, several=True) if claim.key in several else claim for claim in _furthest(plain))


def _still_to_come(finding: Finding, today: str) -> Finding:
    if (
        isinstance(finding, Quantity)
        and finding.assertion == "actual"
        and today
        and (finding.deadline or "")[:4] > today[:4]
    ):
        return replace(finding, assertion="target")
    return finding


def undated_key(finding: Quantity) -> int:
    """The key under which a dated figure is kept by a page that does not say its year."""
    return _claim(replace(finding, deadline=None)).key


def stage_of(programme: Programme) -> str:
    """How far a programme is; its status says less, because a repealed one has none."""
    sentence, marks = programme.evidence.text, "".join(REMARK.findall(programme.name))
    marks += "".join(REMARK.findall(sentence.partition(programme.name)[2][:24]))
    if ENDING_NOTICE.search(programme.name) or programme.status is None:
        return "over"
    if programme.status == "draft":
        return "redraft" if AMENDED.search(marks) or AMENDING.search(programme.name) else "draft"
    if AMENDED.search(marks) or AMENDING.search(programme.name) or AMENDING.search(sentence):
        return "amended"
    return "planned" if programme.status == "planned" else "in force"


def status_of(programme: Programme) -> str | None:
    """The status that is stored and shown: the extracted one, or what its stage says."""
    stage = stage_of(programme)
    if stage == "over":
        said = OVER.search(programme.evidence.text) or ENDING_NOTICE.search(programme.name)
        return "repealed" if said else "ended"
    return {"redraft": "redraft", "amended": "amended"}.get(stage, programme.status)


def digits(value: Decimal | None) -> str | None:
    """A value as the store keeps it: 5E+12 -> 5000000000000, 1.50 -> 1.5."""
    return None if value is None else format(value.normalize() + 0, "f")


def last_day(moment: str) -> str:
    """The day of a moment, to be compared as text; the last of the month or year where the page gives no more."""
    return (moment + "-12-31"[len(moment) - 4 :] if 4 <= len(moment) < 10 else moment)[:10]


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one article are one, told once exactly and once rounded perhaps."""
    if one.value == other.value:
        return one.value_high == other.value_high
    return is_rounded((one.value, one.comparator), (other.value, other.comparator))


def is_rounded(one: tuple[Decimal, str | None], other: tuple[Decimal, str | None]) -> bool:
    """Whether the figure with fewer digits is the other one rounded, and says so by its comparator."""
    (rough, comparator), (fine, _) = sorted((one, other), key=lambda figure: fineness(figure[0]))
    if comparator in (None, "eq") or not fine or abs(rough - fine) > abs(fine) * NEAR:
        return False
    step = Decimal(1).scaleb(int(rough.normalize().as_tuple().exponent))
    return abs(rough - fine) < step


def fineness(value: Decimal) -> int:
    """How many digits tell a value."""
    return len(value.normalize().as_tuple().digits)


def family(unit: str | None) -> str:
    """家, 户, 台（套） and the like are one, however their brackets are printed."""
    plain = BRACKETED.sub("", unit or "")
    return "count" if not plain or plain in COUNTED else plain


def _claim(finding: Finding) -> Claim:
    where = finding.region.code if finding.region else ""
    if isinstance(finding, Quantity):
        return _of_quantity(finding, where)
    name = finding.canonical or finding.name
    if isinstance(finding, Programme):
        loose, aliases = without_period(name), tuple(_key("programme", where, alias) for alias in finding.aliases)
        return Claim(finding, _key("programme", where, loose), aliases=aliases, stage=stage_of(finding))
    return Claim(finding, _key(finding.kind, where, name, finding.assertion))


def _of_quantity(finding: Quantity, where: str) -> Claim:
    name, unit = finding.canonical or finding.metric, family(finding.unit)
    metric = "".join(sorted(PIECE.findall(name)))  # 盘活低效用地 is 低效用地盘活
    told = ("quantity", where, metric, finding.deadline, finding.assertion, unit, finding.recurrence)
    general = len(name) <= GENERAL
    subject = None if general else _key("subject", where, metric, unit)
    figure: int | None = None
    before: tuple[int, ...] = ()
    if finding.deadline and (not general or fineness(finding.value) > 1):
        same = ("figure", where, finding.deadline, finding.assertion, unit, finding.recurrence)
        figure = _key(*same, digits(finding.value), digits(finding.value_high))
        before = tuple(_key(*same, digits(value), None) for value in _replaced_by(finding))
    if not general and (finding.assertion == "target" or finding.deadline):
        return Claim(finding, _key(*told), subject, figure=figure, before=before)
    first, *near = (_key(*told, step) for step in _steps(finding.value))
    return Claim(finding, first, subject, near=tuple(near), figure=figure, plural=True)


def _replaced_by(finding: Quantity) -> list[Decimal]:
    """The values that a sentence which tells a change has beside the new one: 由39000个调整为31500个."""
    sentence = finding.evidence.text
    if not REVISING.search(sentence):
        return []
    found = (Decimal(number.replace(",", "")) * STEPS[step] for number, step in FIGURE.findall(sentence))
    return [value for value in dict.fromkeys(found) if value != finding.value][:BESIDE]


def _steps(value: Decimal) -> tuple[str, str, str]:
    """The first two digits of a value, and those beside them: a rounded figure may be told under these."""
    step = Decimal(1).scaleb(value.adjusted() - 1)
    first = int(value // step)
    return tuple(f"{digits(one * step)}" for one in (first, first - 1, first + 1))  # type: ignore[return-value]


def _without_old_values(said: Sequence[Claim]) -> list[Claim]:
    """Of the values that one sentence gives to one fact where it tells a change, the last."""
    last = {(claim.key, claim.finding.evidence): claim for claim in said}
    return [
        claim
        for claim in said
        if claim.plural
        or not isinstance(claim.finding, Quantity)
        or last[claim.key, claim.finding.evidence] is claim
        or not REVISING.search(claim.finding.evidence.text)
    ]


def _furthest(said: Sequence[Claim]) -> list[Claim]:
    """Each programme once, at its furthest; one that is issued while its old text is repealed goes on."""
    named = {claim.finding.name: _mark(claim) for claim in said if isinstance(claim.finding, Programme)}
    stages: dict[tuple[int, str], list[Claim]] = defaultdict(list)
    marks: list[tuple[int, str] | None] = []
    for claim in said:
        mark = None
        if isinstance(claim.finding, Programme):
            mark = named.get(_document(claim.finding.name, named), _mark(claim))
            stages[mark].append(claim)
        marks.append(mark)
    kept: list[Claim] = []
    for claim, mark in zip(said, marks, strict=True):
        if mark is None:
            kept.append(claim)
        elif told := stages.pop(mark, None):
            kept.append(_one_of(told))
    return kept


def _mark(claim: Claim) -> tuple[int, str]:
    return claim.key, period_of(claim.finding.canonical)


def _document(name: str, named: Iterable[str]) -> str:
    """The document that a notice around it is about, where the article tells that one too: 关于印制下发X的通知."""
    if not NOTICE.search(name):
        return name
    return max((one for one in named if one != name and one in name and not NOTICE.search(one)), key=len, default=name)


def _one_of(told: Sequence[Claim]) -> Claim:
    """The furthest stage, by the name that is no notice's and no short form of another (简称“智造十条”)."""
    alive = [claim for claim in told if claim.stage != "over"]
    notice = any(ENDING_NOTICE.search(_name(claim)) for claim in told)
    fitting = told if notice or not alive else alive
    furthest = max(
        fitting, key=lambda claim: (STAGES.index(claim.stage or "in force"), bool(claim.aliases), -len(_name(claim)))
    )
    aliases = tuple(dict.fromkeys(alias for claim in told for alias in claim.aliases))
    return replace(furthest, aliases=aliases)


def _name(claim: Claim) -> str:
    return claim.finding.metric if isinstance(claim.finding, Quantity) else claim.finding.name


def _key(*parts: str | None) -> int:
    """63 bits, an integer of any database. The first 24 say the place (the second part): the keys of one article's facts lie
    together in the index and cost few of its pages."""
    return _place(parts[1]) | _hash(*parts) >> 25


def keys_of(region: str | None) -> tuple[int, int]:
    """The first and the last key that a fact of this place may have."""
    first = _place(region or "")
    return first, first + (1 << 39) - 1


@lru_cache(maxsize=512)
def _place(code: str | None) -> int:
    return _hash(code) >> 40 << 39


def _hash(*parts: str | None) -> int:
    raw = "\x1f".join(part or "" for part in parts).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big")
