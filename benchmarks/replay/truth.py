"""What is true of the replay by construction: the facts, who says what of them, which pages are one story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from monitor.domain import Article

# What a page does to a fact: tells it first, tells it again, changes it, answers a target, changes a status, or disagrees.
Event = Literal["new", "again", "revised", "result", "status", "contradicted"]
Genre = Literal[
    "draft",
    "plan",
    "report",
    "explained",
    "feature",
    "result",
    "adjusted",
    "later",
    "repeal",
    "notice",
    "macro",
    "brief",
    "dispute",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A city, or a district of `city`."""

    name: str
    city: str
    province: str

    @property
    def full(self) -> str:
        return self.name if self.name == self.city else f"{self.city}{self.name}"

    @property
    def here(self) -> str:
        """What its own people call it: 常州, 武进区."""
        return self.name.removesuffix("市") if self.name == self.city else self.name

    @property
    def whole(self) -> str:
        return f"全{self.name[-1]}"

    @property
    def organ(self) -> str:
        return f"{self.name[-1]}政府"


@dataclass(frozen=True, slots=True)
class Site:
    """`reads` is the region its source is registered for."""

    id: str
    name: str
    host: str
    reads: str | None
    official: bool = False
    second_hand: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One target, offer or programme of one place. Equal ones are one fact; another year is another target."""

    kind: Literal["target", "actual", "support", "programme"]
    place: Place
    name: str
    year: int | None = None  # the year first aimed at


@dataclass(frozen=True, slots=True)
class Said:
    """What one page says of a fact. `state` is equal for pages that say the same of it; `name` is as printed there."""

    fact: Fact
    state: str
    event: Event
    name: str
    value: Decimal | None = None  # in base units, as printed
    year: int | None = None  # by which a target is to be reached

    @property
    def assertion(self) -> str:
        return "actual" if self.event == "result" else self.fact.kind


@dataclass(frozen=True, slots=True)
class Original:
    """A text before anybody copied it. Texts of one `family` (a draft and what was issued) may be one story or two."""

    story: int
    family: int
    genre: Genre
    place: Place
    title: str
    paragraphs: tuple[str, ...]
    said: tuple[Said, ...]
    site: Site
    published: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page as the crawl meets it, original or copy. `spun` maps words to what the spinner put for them."""

    original: Original
    article: Article
    moment: datetime
    edits: tuple[str, ...] = ()  # none: the original itself
    spun: Mapping[str, str] = field(default_factory=dict)
    spun_share: float = 0.0

    @property
    def url(self) -> str:
        assert self.article.url is not None  # noqa: S101  # every arrival has one
        return self.article.url
