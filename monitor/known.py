"""A stored fact as claims are compared with it, and what two tellings of one fact have in common. Compares figures and names only."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from monitor.claims import STAGES, fineness, is_rounded
from monitor.domain import Finding, Quantity

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
    stand_in: int | None = None  # the id of the version that somebody put in its place

    @property
    def stage(self) -> str:
        if self.status in ("repealed", "ended"):
            return "over"
        return self.status if self.status in STAGES else "in force"


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A stored fact with its versions, oldest first and never none, and the keys under which it was found: `misread` are those
    under which it was read before somebody put it right. `by_hand` says what else people decided of it (byhand.py)."""

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
    misread: frozenset[int] = frozenset()
    by_hand: frozenset[str] = frozenset()
    dismissed: bool = False

    def put_right(self, version: KnownVersion | None) -> KnownVersion | None:
        """The version that is told in the place of this one."""
        return next((one for one in self.versions if version and one.id == version.stand_in), version)

    @property
    def current(self) -> KnownVersion:
        return max(self.versions, key=lambda version: (version.live, version.said[:10], version.number))


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact as one story tells it: the names and sentences of its articles, and their ids."""

    fact: KnownFact
    names: frozenset[str]
    sentences: frozenset[str]
    articles: frozenset[int]


def exactness(value: Decimal | None, comparator: str | None, status: str | None) -> tuple[int, int, int]:
    """How much a telling says, to keep of several the one that says most: 1.63万亿 before 超1.6万亿, 不低于 before a bare
    figure, whose qualifier a copy lost, 已印发 before 推进中."""
    said = STATUSES.index(status) if status in STATUSES else len(STATUSES)
    return (fineness(value) if value is not None else 0, COMPARATORS.index(comparator), said)


def agrees(finding: Finding, version: KnownVersion) -> bool:
    """Whether the figure is that of the version, exact or rounded."""
    if not isinstance(finding, Quantity):
        return True
    if version.value is None:
        return False
    if finding.value_high is not None and version.value_high is not None and finding.value_high != version.value_high:
        return False
    return finding.value == version.value or is_rounded(
        (finding.value, finding.comparator), (version.value, version.comparator)
    )


def alike(one: str, other: str) -> float:
    """Shared characters of all characters (Dice), 0 to 1."""
    if one == other:
        return 1.0
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))
