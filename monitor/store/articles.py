"""Writes an article with its themes, regions and story. Runs inside `Store.writing()`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from monitor.domain import Article, Attachment, Evidence, Judgement, Official
from monitor.store.byhand import place_by_hand
from monitor.store.prepared import Prepared
from monitor.store.regroup import unite_stories
from monitor.store.stories import Place, drop_telling, find_place, keep_telling, leave, packed, settle
from monitor.store.tables import ArticleRegion, ArticleRow, ArticleTelling, ArticleTheme, SourceState
from monitor.tellings import Signature, Telling, read_telling
from monitor.text import searchable


@dataclass(frozen=True, slots=True)
class Stamp:
    """Under which key an article is kept, the page it was read from, and when and by which rules it was judged. `alerts`:
    readers may still be told of it."""

    key: str
    page_hash: str | None
    version: str
    now: datetime
    alerts: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """`edited`: the text is another than before; `story` is the id of the first article that told it, `kin` those of other forms
    of its document."""

    id: int
    story: int
    new: bool
    edited: bool
    kin: tuple[int, ...] = ()


def find_unchanged(db: Connection, article: Article, key: str, version: str) -> int | None:
    """The id of the article if it is stored as it is and was judged by the same rules."""
    if _JUDGED.rows(db, {"key": key}) != [(version,)]:
        return None
    row = db.execute(_WHOLE, {"key": key}).one()
    return int(row.id) if read_article(row) == article else None


def keep_article(
    db: Connection, article: Article, judgement: Judgement, stamp: Stamp, read: tuple[Telling, Signature]
) -> Kept:
    """Add the article or bring its row, themes, regions and story up to date; `read` is what `read_telling` read of it."""
    telling, signature = read
    row = _row(article, judgement, signature) | {"key": stamp.key, "judged_with": stamp.version}
    row |= {"page_hash": stamp.page_hash} if stamp.page_hash else {}
    before = next((_Before(*found) for found in _BEFORE.rows(db, {"key": stamp.key})), None)
    if before is None:
        place = place_by_hand(db, find_place(db, telling, signature), None)
        row |= {"first_seen": stamp.now, "fetched": stamp.now, "alerts": stamp.alerts, "story_id": place.story}
        ((last,),) = _LAST.rows(db, {})
        id = (last or 0) + 1  # the writer is alone
        _ADD.many(db, [row | {"id": id}])
        _keep_matches(db, id, judgement)
        keep_telling(db, id, telling, place.marks)
        return Kept(id, _settle(db, id, place, fresh=True), new=True, edited=False, kin=place.kin)
    db.execute(update(ArticleRow).where(ArticleRow.id == before.id).values(**row))
    _drop_matches(db, before.id)
    _keep_matches(db, before.id, judgement)
    edited = before.text_hash != signature.text_hash
    return Kept(before.id, _settle_again(db, before, telling, signature), new=False, edited=edited)


def touch_article(db: Connection, id: int, page_hash: str | None, now: datetime) -> None:
    """Note that the article was seen again as it is."""
    page = {"page_hash": page_hash} if page_hash else {}
    db.execute(update(ArticleRow).where(ArticleRow.id == id).values(fetched=now, **page))


def is_first_crawl(db: Connection, source: str | None) -> bool:
    """Whether the source is being crawled for the first time: what it shows may be years old."""
    begun = select(SourceState.source_id).where(SourceState.source_id == source, SourceState.baseline.is_(None))
    return source is not None and db.execute(begun).first() is not None


def is_outdated(db: Connection, version: str) -> bool:
    """Whether other rules than `version` judged any article: three looks into an index, however many articles there are."""
    other = (ArticleRow.judged_with < version, ArticleRow.judged_with > version, ArticleRow.judged_with.is_(None))
    return any(db.execute(select(ArticleRow.id).where(one).limit(1)).first() for one in other)


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
        attachments=read_files(row.attachments),
        official=Official(**row.official) if row.official else None,
    )


def read_files(stored: Sequence[Mapping[str, Any]]) -> tuple[Attachment, ...]:
    """The files of an article as they were read."""
    return tuple(Attachment(**dict(one) | {"pages": tuple(one.get("pages", ()))}) for one in stored)


def _row(article: Article, judgement: Judgement, signature: Signature) -> dict[str, Any]:
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
        "standing": judgement.standing,
        "origin": judgement.origin,
        "folded": searchable(article.title),
    }


def _settle(db: Connection, id: int, place: Place, *, fresh: bool) -> int:
    if place.story is not None and len(place.united) > 1:
        unite_stories(db, place.united, place.story)
    return settle(db, id, place, fresh=fresh)


class _Before(NamedTuple):
    """An article as it was stored."""

    id: int
    story_id: int | None
    text_hash: str
    title: str
    text: str


def _settle_again(db: Connection, before: _Before, telling: Telling, signature: Signature) -> int:
    """The story of an article that was stored before: found anew where its text or its places are others now."""
    kept = db.execute(_KEPT, {"article": before.id}).mappings().first()
    if before.story_id is not None and kept and dict(kept) == {"article_id": before.id, **packed(telling)}:
        return before.story_id
    if before.story_id is not None:
        leave(db, before.id, before.story_id)
    _, old = read_telling(before.title, before.text, kept["places"].split() if kept else ())
    drop_telling(db, before.id, old.marks)
    place = place_by_hand(db, find_place(db, telling, signature), before.id)
    keep_telling(db, before.id, telling, place.marks)
    return _settle(db, before.id, place, fresh=False)


def _drop_matches(db: Connection, id: int) -> None:
    db.execute(delete(ArticleTheme).where(ArticleTheme.article_id == id))
    db.execute(delete(ArticleRegion).where(ArticleRegion.article_id == id))


def _keep_matches(db: Connection, id: int, judgement: Judgement) -> None:
    themes = [
        {"article_id": id, "theme_id": one.id, "name": one.name, "score": one.score, "evidence": _pieces(one.evidence)}
        for one in judgement.themes
    ]
    regions: dict[str, dict[str, Any]] = {}
    for one in sorted(judgement.regions, key=lambda match: match.role != "subject"):
        row = {"article_id": id, "name": one.region.name, "role": one.role, "evidence": _pieces(one.evidence)}
        regions.setdefault(one.region.code, row | {"code": one.region.code})
    _THEMES.many(db, themes)
    _REGIONS.many(db, list(regions.values()))


def _pieces(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [{"start": one.start, "end": one.end, "text": one.text} for one in evidence]


# Made once: building a statement costs more than running it.
_BEFORE = Prepared(
    select(ArticleRow.id, ArticleRow.story_id, ArticleRow.text_hash, ArticleRow.title, ArticleRow.text).where(
        ArticleRow.key == bindparam("key")
    )
)
_JUDGED = Prepared(select(ArticleRow.judged_with).where(ArticleRow.key == bindparam("key")))
_WHOLE = select(ArticleRow.__table__).where(ArticleRow.key == bindparam("key"))
_KEPT = select(ArticleTelling.__table__).where(ArticleTelling.article_id == bindparam("article"))
_LAST = Prepared(select(func.max(ArticleRow.id)))
_ADD, _THEMES, _REGIONS = (Prepared(insert(table)) for table in (ArticleRow, ArticleTheme, ArticleRegion))
