"""Writes an article with its themes and regions, and finds the story it belongs to. Runs inside `Store.writing()`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, tuple_, update

from monitor.copies import Signature, Telling, is_copy, read_telling, sign
from monitor.domain import Article, Attachment, Evidence, Judgement, Official
from monitor.store.store import upsert
from monitor.store.tables import ArticleRegion, ArticleRow, ArticleTheme, SourceState, StoryBand

CLOSEST = 8  # candidates whose texts are compared, those that share most bands first
CROWD = 2_000  # rows of the bands' index read at most: a band that thousands share is page furniture


@dataclass(frozen=True, slots=True)
class Kept:
    """`edited`: the text is another than before; `story` is the id of the first article that told it."""

    id: int
    story: int
    new: bool
    edited: bool


def find_unchanged(db: Connection, article: Article, key: str, version: str) -> int | None:
    """The id of the article if it is stored as it is and was judged by the same rules."""
    row = db.execute(select(ArticleRow.__table__).where(ArticleRow.key == key)).first()
    if row is None or row.judged_with != version:
        return None
    return int(row.id) if read_article(row) == article else None


def keep_article(  # noqa: PLR0913  # one row and where it came from
    db: Connection,
    article: Article,
    judgement: Judgement,
    *,
    key: str,
    page_hash: str | None,
    version: str,
    now: datetime,
) -> Kept:
    """Add the article or bring its row, themes, regions and story up to date."""
    telling = read_telling(article.text, (match.region.code for match in judgement.regions if match.role == "subject"))
    signature = sign(article.title, article.text, telling)
    row = _row(article, signature) | {"key": key, "judged_with": version}
    row |= {"page_hash": page_hash} if page_hash else {}
    before = db.execute(
        select(ArticleRow.id, ArticleRow.story_id, ArticleRow.text_hash).where(ArticleRow.key == key)
    ).first()
    if before is None:
        added = insert(ArticleRow).values(**row, first_seen=now, fetched=now).returning(ArticleRow.id)
        id = db.execute(added).scalar_one()
    else:
        id = before.id
        db.execute(update(ArticleRow).where(ArticleRow.id == id).values(**row))
    edited = before is not None and before.text_hash != signature.text_hash
    _keep_matches(db, id, judgement, fresh=before is None)
    if before is None or edited:
        _keep_bands(db, id, signature, fresh=before is None)
    if before is not None:
        return Kept(id, before.story_id, new=False, edited=edited)
    story = _find_story(db, id, telling, signature)
    db.execute(update(ArticleRow).where(ArticleRow.id == id).values(story_id=story))
    return Kept(id, story, new=True, edited=False)


def touch_article(db: Connection, id: int, page_hash: str | None, now: datetime) -> None:
    """Note that the article was seen again as it is."""
    page = {"page_hash": page_hash} if page_hash else {}
    db.execute(update(ArticleRow).where(ArticleRow.id == id).values(fetched=now, **page))


def is_first_crawl(db: Connection, source: str | None) -> bool:
    """Whether the source is being crawled for the first time: what it shows may be years old."""
    begun = select(SourceState.source_id).where(SourceState.source_id == source, SourceState.baseline.is_(None))
    return source is not None and db.execute(begun).first() is not None


def outdated(db: Connection, version: str, after: int, limit: int) -> list[tuple[int, str, Article]]:
    """Id, key and text of the next articles that other rules than `version` judged."""
    other = or_(ArticleRow.judged_with.is_(None), ArticleRow.judged_with != version)
    wanted = select(ArticleRow.__table__).where(other, ArticleRow.id > after).order_by(ArticleRow.id).limit(limit)
    return [(row.id, row.key, read_article(row)) for row in db.execute(wanted)]


def stored(db: Connection, after: int, limit: int) -> list[tuple[int, Article]]:
    """Id and text of the next articles, by id."""
    wanted = select(ArticleRow.__table__).where(ArticleRow.id > after).order_by(ArticleRow.id).limit(limit)
    return [(row.id, read_article(row)) for row in db.execute(wanted)]


def with_theme(db: Connection, theme: str) -> frozenset[int]:
    """Ids of the articles that were found to be about a theme."""
    return frozenset(db.execute(select(ArticleTheme.article_id).where(ArticleTheme.theme_id == theme)).scalars())


def read_article(row: Row[Any]) -> Article:
    """The article as it was read from its page."""
    return Article(
        title=row.title,
        text=row.text,
        url=row.url,
        source=row.source_id,
        region=row.region,
        published=row.published,
        publisher=row.publisher,
        author=row.author,
        charset=row.charset,
        attachments=tuple(Attachment(**one | {"pages": tuple(one.get("pages", ()))}) for one in row.attachments),
        official=Official(**row.official) if row.official else None,
    )


def _row(article: Article, signature: Signature) -> dict[str, Any]:
    return {
        "url": article.url,
        "source_id": article.source,
        "title": article.title,
        "text": article.text,
        "text_hash": signature.text_hash,
        "published": article.published,
        "publisher": article.publisher,
        "author": article.author,
        "charset": article.charset,
        "region": article.region,
        "official": asdict(article.official) if article.official else None,
        "attachments": [asdict(one) for one in article.attachments],
    }


def _keep_matches(db: Connection, id: int, judgement: Judgement, *, fresh: bool) -> None:
    if not fresh:
        db.execute(delete(ArticleTheme).where(ArticleTheme.article_id == id))
        db.execute(delete(ArticleRegion).where(ArticleRegion.article_id == id))
    themes = [
        {"article_id": id, "theme_id": one.id, "name": one.name, "score": one.score, "evidence": _pieces(one.evidence)}
        for one in judgement.themes
    ]
    regions: dict[str, dict[str, Any]] = {}
    for one in sorted(judgement.regions, key=lambda match: match.role != "subject"):
        row = {"article_id": id, "name": one.region.name, "role": one.role, "evidence": _pieces(one.evidence)}
        regions.setdefault(one.region.code, row | {"code": one.region.code})
    upsert(db, ArticleTheme, themes)
    upsert(db, ArticleRegion, list(regions.values()))


def _pieces(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [{"start": one.start, "end": one.end, "text": one.text} for one in evidence]


def _keep_bands(db: Connection, id: int, signature: Signature, *, fresh: bool) -> None:
    if not fresh:
        db.execute(delete(StoryBand).where(StoryBand.article_id == id))
    rows = [{"band": band, "value": value, "article_id": id} for band, value in enumerate(signature.bands)]
    if rows:
        db.execute(insert(StoryBand), rows)


def _find_story(db: Connection, id: int, telling: Telling, signature: Signature) -> int:
    """The story that this text repeats, word for word or nearly; its own id where it is the first."""
    same = select(ArticleRow.story_id).where(ArticleRow.text_hash == signature.text_hash, ArticleRow.id != id)
    told: int | None = db.execute(same.order_by(ArticleRow.id).limit(1)).scalar()
    if told is not None:
        return told
    for row in _candidates(db, id, signature):
        if is_copy(telling, read_telling(row.text, _places(db, row.id))):
            return row.story_id or int(row.id)
    return id


def _candidates(db: Connection, id: int, signature: Signature) -> list[Row[int, int | None, str]]:
    """The articles that share most bands, the oldest first among equals."""
    if not signature.bands:
        return []
    bands = tuple_(StoryBand.band, StoryBand.value).in_(list(enumerate(signature.bands)))
    near = select(StoryBand.article_id).where(bands, StoryBand.article_id != id).limit(CROWD).subquery()
    closest = select(near.c.article_id).group_by(near.c.article_id).order_by(func.count().desc(), near.c.article_id)
    order = list(db.execute(closest.limit(CLOSEST)).scalars())
    wanted = select(ArticleRow.id, ArticleRow.story_id, ArticleRow.text).where(ArticleRow.id.in_(order))
    return sorted(db.execute(wanted), key=lambda row: order.index(row.id)) if order else []


def _places(db: Connection, id: int) -> Sequence[str]:
    subjects = select(ArticleRegion.code).where(ArticleRegion.article_id == id, ArticleRegion.role == "subject")
    return db.execute(subjects).scalars().all()
