"""What the replica sites say: articles read from `articles/*.toml`. Knows nothing of markup or servers.

A text may hold {year}, {last_year}, {year+1} to {year+9}, {month_day} and {date}: they are filled from the day the text was
written, so that 今年 and 去年 stay true and targets lie ahead whenever the demo runs.
"""

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent / "articles"
SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER_YEAR = re.compile(r"\{year\+([1-9])\}")


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """The index table above a government document; numbers and dates of the index are made from the day."""

    number: str | None = None  # 文件编号
    issuer: str = "无锡市人民政府办公室"
    effective: str = "有效"


@dataclass(frozen=True, slots=True)
class ReplicaArticle:
    """One article of one site. `board` is the list it stands in, for sites with more than one.

    `author` is the writer, on ZAKER the account that pushes. `written_days_ago` is the day a copied text speaks from, where
    that is not the day on which the copy appeared. `replies` follow a forum's post.
    """

    id: str
    site: str
    title: str
    paragraphs: tuple[str, ...]
    days_ago: float = 0
    board: str | None = None
    publisher: str | None = None
    author: str | None = None
    official: OfficialTable | None = None
    attachments: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    written_days_ago: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its day, its site's number for it, and its text filled in."""

    article: ReplicaArticle
    moment: datetime
    number: int
    title: str
    paragraphs: tuple[str, ...]


def date_article(article: ReplicaArticle, today: datetime) -> Entry:
    """Give an article its moment in Shanghai time, never after `today`, and fill in its dates."""
    number = 100_000 + zlib.crc32(article.id.encode()) % 900_000
    now = today.astimezone(SHANGHAI).replace(microsecond=0)
    moment = now - timedelta(days=article.days_ago)
    if article.days_ago == int(article.days_ago):
        moment = moment.replace(hour=8 + number % 10, minute=number // 10 % 60, second=number // 7 % 60)
        moment -= timedelta(days=moment > now)
    written = moment if article.written_days_ago is None else now - timedelta(days=article.written_days_ago)
    title, *paragraphs = (_fill(text, written) for text in (article.title, *article.paragraphs))
    return Entry(article, moment, number, title, tuple(paragraphs))


def read_articles(file: Path) -> tuple[ReplicaArticle, ...]:
    """The articles of one file as written; `site` is the file's name unless a table names it. A text is one paragraph a line."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))["article"]
    return tuple(_read_article({"site": file.stem, **table}) for table in tables)


def _read_article(table: dict[str, Any]) -> ReplicaArticle:
    official = table.pop("official", None)
    return ReplicaArticle(
        paragraphs=tuple(line.strip() for line in table.pop("text").splitlines() if line.strip()),
        official=OfficialTable(**official) if official is not None else None,
        attachments=tuple(table.pop("attachments", ())),
        replies=tuple(table.pop("replies", ())),
        **table,
    )


def _read_reposts() -> Iterator[ReplicaArticle]:
    """Articles that stand on a second site, plain or with their words spun."""
    tables = tomllib.loads((FOLDER / "reposts.toml").read_text(encoding="utf-8"))
    words: Mapping[str, str] = tables["spinner"]
    originals = {article.id: article for article in WRITTEN}
    for table in tables["repost"]:
        spun = words if table.pop("spun", False) else {}
        original = originals[table.pop("of")]
        copied = replace(
            original,
            title=spin(original.title, spun),
            paragraphs=tuple(spin(text, spun) for text in original.paragraphs),
            written_days_ago=original.days_ago,
            official=None,
            attachments=(),
            board=None,
            replies=(),
        )
        yield replace(copied, **table)


def spin(text: str, words: Mapping[str, str]) -> str:
    """Replace each word by its synonym as those who copy texts do, without a look at what it means there."""
    for word, synonym in words.items():
        text = text.replace(word, synonym)
    return text


def _fill(text: str, moment: datetime) -> str:
    values = {
        "{year}": f"{moment.year}",
        "{last_year}": f"{moment.year - 1}",
        "{month_day}": f"{moment.month}月{moment.day}日",
        "{date}": f"{moment.year}年{moment.month}月{moment.day}日",
    }
    for token, value in values.items():
        text = text.replace(token, value)
    return LATER_YEAR.sub(lambda token: f"{moment.year + int(token[1])}", text)


SITE_FILES = ("stock", "park", "zaker", "discuz", "magazine", "city")
WRITTEN = tuple(article for name in SITE_FILES for article in read_articles(FOLDER / f"{name}.toml"))
ARTICLES = (*WRITTEN, *_read_reposts())
EXTRA: Mapping[str, ReplicaArticle] = {article.id: article for article in read_articles(FOLDER / "extra.toml")}
