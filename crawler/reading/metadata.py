"""Title, day, publisher and author of a page, each read by its own module from what surrounds the text."""

from dataclasses import dataclass
from datetime import datetime

from crawler.reading.author import read_author
from crawler.reading.body import Body
from crawler.reading.headline import read_headline
from crawler.reading.published import read_published
from crawler.reading.publisher import read_publisher
from crawler.reading.surroundings import TAIL, Surroundings, head_runs, read_metas
from crawler.reading.tree import Sheet


@dataclass(frozen=True, slots=True)
class Facts:
    """What surrounds the text: `title` is None when the page shows none."""

    title: str | None
    published: str | None
    publisher: str | None
    author: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page before its surroundings are read: its address, what a list row said, and whom its index
    table names as issuer; it serves where the page says less."""

    url: str | None = None
    title: str | None = None
    published: str | None = None
    issuer: str | None = None


def read_facts(sheet: Sheet, body: Body, source: str, known: Known, *, now: datetime) -> Facts:
    """Read what a page says of its article; `source` is the page's markup."""
    metas = read_metas(sheet.root)
    headline, place = read_headline(sheet, body, metas, listed=known.title)
    head, tail = head_runs(sheet.lines, place, body.first), sheet.lines[body.last : body.last + TAIL]
    around = Surroundings(sheet, body, source, metas, headline, known.issuer, head, tail, now)
    return Facts(
        title=headline,
        published=read_published(around, url=known.url, listed=known.published),
        publisher=read_publisher(around),
        author=read_author(around),
    )
