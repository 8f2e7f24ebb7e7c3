"""Title, day, publisher and author of a page, each read by its own module from what surrounds the text."""

from dataclasses import dataclass
from datetime import datetime

from crawler.reading.author import read_author
from crawler.reading.body import Body
from crawler.reading.headline import read_headline
from crawler.reading.published import read_published
from crawler.reading.publisher import read_publisher
from crawler.reading.surroundings import look_around, read_metas
from crawler.reading.tree import Sheet


@dataclass(frozen=True, slots=True)
class Facts:
    """What surrounds the text: `title` is None when the page shows none."""

    title: str | None
    published: str | None
    publisher: str | None
    author: str | None


def read_facts(
    sheet: Sheet, body: Body, source: str, *, title: str | None, published: str | None, url: str | None, now: datetime
) -> Facts:
    """Read what a page says of its article; `title` and `published` are what a list said, `source` the page's markup."""
    metas = read_metas(sheet.root)
    headline, place = read_headline(sheet, body, metas, listed=title)
    around = look_around(sheet, body, source, metas=metas, title=headline, place=place, now=now)
    return Facts(
        title=headline,
        published=read_published(around, url=url, listed=published),
        publisher=read_publisher(around),
        author=read_author(around),
    )
