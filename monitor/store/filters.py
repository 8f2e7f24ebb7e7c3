"""What a subscription lets through, as conditions on facts and articles. Says nothing about what was received already.

Themes, regions, kinds and the reader's own words all have to fit; several themes, regions or kinds are alternatives.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from monitor.store.delivery import Kind, Wanted
from monitor.store.places import within
from monitor.store.tables import ArticleRegion, ArticleRow, ArticleTheme, Fact, FactTheme, FactVersion, Sighting
from monitor.text import searchable

Code = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
NEW, CHANGED = FactVersion.event == "new", FactVersion.event.in_(("revised", "contradicted"))
# Each fact that a digest may bring is of one kind; reported figures are none unless they answer a target, and a programme
# that goes on as planned is no news.
KINDS: Mapping[Kind, ColumnElement[bool]] = {
    "new-target": and_(Fact.kind == "quantity", Fact.assertion == "target", NEW),
    "support": and_(Fact.assertion == "support", NEW),
    "revision": and_(Fact.assertion.in_(("target", "support")), CHANGED),
    "result": FactVersion.event == "result",
    "designation": and_(Fact.kind == "designation", Fact.assertion == "target", NEW),
    "programme": and_(Fact.kind == "programme", NEW),
    "status": and_(Fact.kind == "programme", FactVersion.event == "status"),
}
TOLD = (Sighting.version_id == FactVersion.id, Sighting.dropped.is_(None))


def of_facts(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Conditions on `Fact` and `FactVersion`, all of which have to hold."""
    asked = [condition for kind, condition in KINDS.items() if kind in wanted.kinds or not wanted.kinds]
    yield or_(*asked) if asked else false()
    if wanted.regions:
        yield _in_regions(Fact.region_code, wanted)
    if wanted.themes or wanted.weight:
        heavy = (*TOLD, *_HEAVY, ArticleTheme.score >= wanted.weight) if wanted.weight else ()
        yield exists().where(FactTheme.fact_id == Fact.id, *_themed(FactTheme.theme_id, wanted), *heavy)
    if wanted.must:
        yield exists().where(*TOLD, Sighting.article_id == ArticleRow.id, *_says_all(wanted.must, *_WORDS))
    if wanted.without:
        yield ~exists().where(*TOLD, Sighting.article_id == ArticleRow.id, _says_any(wanted.without, *_WORDS))


def of_articles(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Conditions on `ArticleRow`: what is about a watched theme and tells no fact that a digest might bring."""
    if "article" not in wanted.kinds:
        yield false()
        return
    heavy = ArticleTheme.score >= wanted.weight
    yield exists().where(ArticleTheme.article_id == ArticleRow.id, *_themed(ArticleTheme.theme_id, wanted), heavy)
    if wanted.regions:
        subject = (ArticleRegion.article_id == ArticleRow.id, ArticleRegion.role == "subject")
        yield exists().where(*subject, _in_regions(ArticleRegion.code, wanted))
    copy = aliased(ArticleRow)
    told = (Sighting.article_id == copy.id, Sighting.dropped.is_(None), Sighting.version_id == FactVersion.id)
    fact = (FactVersion.fact_id == Fact.id, Fact.dismissed.is_(False), or_(*KINDS.values()))
    yield ~exists().where(copy.story_id == ArticleRow.story_id, *told, *fact)
    yield from _says_all(wanted.must, ArticleRow.folded)
    if wanted.without:
        yield ~_says_any(wanted.without, ArticleRow.folded)


_WORDS = (Sighting.folded, ArticleRow.folded)
# The fact's theme is one of an article that tells it. Without `concat` SQLite looks for each fact through all articles of the
# theme instead of the few themes of its article, which takes sixty times as long.
_HEAVY = (ArticleTheme.article_id == Sighting.article_id, ArticleTheme.theme_id.concat("") == FactTheme.theme_id)


def _themed(column: Code, wanted: Wanted) -> list[ColumnElement[bool]]:
    return [column.in_(wanted.themes)] if wanted.themes else []


def _in_regions(column: Code, wanted: Wanted) -> ColumnElement[bool]:
    if wanted.exact:
        return column.in_(wanted.regions)
    return or_(*(within(column, code) for code in wanted.regions))


def _says_all(words: Sequence[str], *columns: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    """Each word in one of the texts."""
    return [_says(word, columns) for word in words]


def _says_any(words: Sequence[str], *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(_says(word, columns) for word in words))


def _says(word: str, columns: Iterable[InstrumentedAttribute[str]]) -> ColumnElement[bool]:
    needle: Any = searchable(word)
    return or_(*(column.contains(needle, autoescape=True) for column in columns))
