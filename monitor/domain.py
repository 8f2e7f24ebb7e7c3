"""The nouns every part shares. Standard library only; nothing here reads, finds or stores.

Offsets are Python string indices into `Article.text`, end exclusive, and `text[start:end] == evidence.text` always holds.
Moments are ISO 8601 strings of the precision that the page gave: "2024-02-29T09:10:00+08:00", "2024-02-29" or "2024-02".
Deadlines are the last day of the period they name: "2027-12-31" for 到2027年, "2026-06-30" for 2026年上半年.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Assertion = Literal["target", "actual", "support"]
Comparator = Literal["eq", "ge", "gt", "le", "lt", "approx"]
Role = Literal["subject", "mention"]
ProgrammeType = Literal["action", "plan", "project", "document", "mechanism", "framework", "campaign", "fund"]
ProgrammeStatus = Literal["draft", "issued", "launched", "ongoing", "planned"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim piece of `Article.text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """A division or zone. `code` is its GB/T 2260 code, "100000" for the country, or for a zone without one the
    code of the division that carries it and its kind ("210100-hitech"). Two names of one place share a code; `name`
    is the official name the text points to (新吴区 or 无锡高新技术产业开发区, both 320214)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file handed out with an article. Where it was read, its text stands in `Article.text` from `start` on, and `pages`
    are the offsets there at which its pages begin."""

    url: str
    name: str
    start: int | None = None
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Official:
    """What the table above a government document says. `number` is 文号, `index` 索引号, `written` 成文日期, `effective`
    生效日期, `validity` 效力状况 as printed; 发布日期 is the article's own `published`."""

    number: str | None = None
    index: str | None = None
    issuer: str | None = None
    written: str | None = None
    effective: str | None = None
    validity: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A page as read: `text` holds the body's paragraphs as printed, one a line, without title and page furniture; below
    it the texts of attached files, each under a line that names it."""

    title: str
    text: str
    url: str | None = None
    source: str | None = None  # Source.id
    region: str | None = None  # the name of the region its source is registered for
    published: str | None = None
    publisher: str | None = None  # the credited 来源, else the channel that published it
    author: str | None = None
    charset: str | None = None
    attachments: tuple[Attachment, ...] = ()
    official: Official | None = None

    def file_at(self, offset: int) -> tuple[Attachment, int | None] | None:
        """The file that a place of the text comes from and its page there."""
        return file_at(self.attachments, offset)


def file_at(files: Sequence[Attachment], offset: int) -> tuple[Attachment, int | None] | None:
    """The file that a place of an article's text comes from and its page there, counted from 1; None for the page's own text."""
    read = [one for one in files if one.start is not None and one.start <= offset]
    if not read:
        return None
    file = max(read, key=lambda one: one.start or 0)
    return file, sum(page <= offset for page in file.pages) or None


@dataclass(frozen=True, slots=True)
class Source:
    """A site section to watch. `family` and `options` only where probing cannot find out."""

    id: str
    name: str
    url: str
    region: str | None = None
    level: str | None = None
    every: int = 1800  # seconds between crawls to begin with; they settle between `least` and `most` (see rhythm.py)
    enabled: bool = True
    family: str | None = None
    official: bool = True  # False: a second-hand site (forum, aggregator, portal)
    min_articles: int = 1  # a list that shows fewer is broken, not quiet
    options: dict[str, str] = field(default_factory=dict)
    browser: bool = False  # a script draws its list, and a browser runs the script
    least: int | None = None  # seconds
    most: int | None = None
    why_off: str | None = None  # why it ships switched off: nobody has tried it, or its system cannot be read


@dataclass(frozen=True, slots=True)
class ThemeMatch:
    id: str
    name: str
    score: float  # 0 to 1; what it means is said in classify.py
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegionMatch:
    region: Region
    role: Role
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a metric. `value` is in base units (5万亿 -> 5e12, 50 % -> 50); a range fills `value_high`."""

    assertion: Assertion
    metric: str
    comparator: Comparator
    value: Decimal
    evidence: Evidence
    value_high: Decimal | None = None
    unit: str | None = None
    deadline: str | None = None
    recurrence: Literal["yearly"] | None = None
    region: Region | None = None
    themes: tuple[str, ...] = ()
    at: int | None = None  # where in the text its number stands
    canonical: str = ""  # what its metric is called whatever the wording (canonical.py)
    kind: Literal["quantity"] = "quantity"


@dataclass(frozen=True, slots=True)
class Designation:
    """A named status to be won or already held."""

    name: str
    assertion: Literal["target", "actual"]
    evidence: Evidence
    deadline: str | None = None
    region: Region | None = None
    themes: tuple[str, ...] = ()
    canonical: str = ""
    kind: Literal["designation"] = "designation"


@dataclass(frozen=True, slots=True)
class Programme:
    """A named policy instrument."""

    name: str
    type: ProgrammeType
    status: ProgrammeStatus | None
    evidence: Evidence
    region: Region | None = None
    themes: tuple[str, ...] = ()
    issuer: str | None = None
    number: str | None = None
    canonical: str = ""
    aliases: tuple[str, ...] = ()  # canonical short names that the article gives to it
    kind: Literal["programme"] = "programme"


Target = Quantity | Designation
Finding = Quantity | Designation | Programme


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything found in one article, in the order of the text. `standing` says whose word it is, best first, and `origin`
    which house says so (publishers.py)."""

    themes: tuple[ThemeMatch, ...] = ()
    regions: tuple[RegionMatch, ...] = ()
    targets: tuple[Target, ...] = ()
    programmes: tuple[Programme, ...] = ()
    standing: int = 0
    origin: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.targets, *self.programmes)


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as fetched, kept before anything is derived from them."""

    url: str
    body: bytes
    fetched: datetime  # aware
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
