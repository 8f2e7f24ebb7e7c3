"""Answers the questions of the command line in the shape it prints; reads only, a few hundred facts at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, or_, select

from monitor.domain import file_at
from monitor.events import progress
from monitor.publishers import STANDINGS
from monitor.store.articles import read_files
from monitor.store.byhand import corrected_of
from monitor.store.places import within
from monitor.store.store import Store, chunks
from monitor.store.tables import (
    ArticleRegion,
    ArticleRow,
    ArticleTheme,
    Base,
    Fact,
    FactTheme,
    FactVersion,
    RawPage,
    Sighting,
    SourceState,
)

CHINA = timezone(timedelta(hours=8))  # whose days `since` counts
AT_ONCE = 200  # facts or articles whose parts are read together


def list_articles(
    store: Store,
    *,
    themes: Collection[str] | None = None,
    regions: Collection[str] | None = None,
    since: date | None = None,
) -> Iterator[dict[str, Any]]:
    """The stored articles, last seen first: of any of these themes (ids), within any of these regions (codes), first seen
    on `since` or later."""
    wanted = select(ArticleRow.id).order_by(ArticleRow.first_seen.desc(), ArticleRow.id.desc())
    if themes is not None:
        matched = ArticleTheme.theme_id.in_(themes)
        wanted = wanted.where(_has(ArticleTheme, ArticleTheme.article_id == ArticleRow.id, matched))
    if regions is not None:
        here = or_(*(within(ArticleRegion.code, code) for code in regions))
        wanted = wanted.where(_has(ArticleRegion, ArticleRegion.article_id == ArticleRow.id, here))
    if since is not None:
        wanted = wanted.where(ArticleRow.first_seen >= _begin(since))
    with store.reading() as db:
        for ids in chunks(db.execute(wanted).scalars().all(), AT_ONCE):
            yield from _articles(db, ids)


def list_facts(
    store: Store,
    *,
    kinds: Collection[str],
    themes: Collection[str] | None = None,
    regions: Collection[str] | None = None,
    since: date | None = None,
    dismissed: bool = False,
) -> Iterator[dict[str, Any]]:
    """The facts of these kinds (quantity, designation, programme) that an article tells, last seen first.

    `since` compares with the day a fact or its newest version was first seen. A revised fact carries `previous`. What was
    dismissed by hand is left out, or the only thing shown.
    """
    newest = select(func.max(FactVersion.first_seen)).where(FactVersion.fact_id == Fact.id).scalar_subquery()
    told = _has(Sighting, Sighting.fact_id == Fact.id)
    shown = (Fact.kind.in_(kinds), Fact.dismissed.is_(dismissed), told)
    wanted = select(Fact.id).where(*shown).order_by(Fact.first_seen.desc(), Fact.id.desc())
    if themes is not None:
        wanted = wanted.where(_has(FactTheme, FactTheme.fact_id == Fact.id, FactTheme.theme_id.in_(themes)))
    if regions is not None:
        wanted = wanted.where(or_(*(within(Fact.region_code, code) for code in regions)))
    if since is not None:
        wanted = wanted.where(newest >= _begin(since))
    with store.reading() as db:
        for ids in chunks(db.execute(wanted).scalars().all(), AT_ONCE):
            yield from _facts(db, ids)


def one_fact(store: Store, id: int) -> dict[str, Any] | None:
    """One fact as `list_facts` gives it, dismissed or not; None where there is none that an article tells."""
    told = _has(Sighting, Sighting.fact_id == Fact.id)
    with store.reading() as db:
        ids = db.execute(select(Fact.id).where(Fact.id == id, told)).scalars().all()
        return next(_facts(db, ids), None)


def count_rows(store: Store) -> dict[str, int]:
    """How much is stored: pages, articles, stories, facts, sightings, sources."""
    stories = select(func.count(ArticleRow.story_id.distinct()))
    with store.reading() as db:
        return {
            "pages": _count(db, RawPage),
            "articles": _count(db, ArticleRow),
            "stories": db.execute(stories).scalar_one(),
            "facts": _count(db, Fact),
            "sightings": _count(db, Sighting),
            "sources": _count(db, SourceState),
        }


def count_articles(store: Store) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Id of each source with its articles and the facts they tell, the one with most articles first; an empty id for files of no source."""
    facts = func.count(Sighting.fact_id.distinct())
    articles = func.count(ArticleRow.id.distinct())
    counted = (
        select(ArticleRow.source_id, articles, facts)
        .join(Sighting, and_(Sighting.article_id == ArticleRow.id, Sighting.dropped.is_(None)), isouter=True)
        .group_by(ArticleRow.source_id)
        .order_by(articles.desc(), ArticleRow.source_id)
    )
    with store.reading() as db:
        return tuple((id or "", (many, told)) for id, many, told in db.execute(counted))


def count_facts(store: Store, by: Literal["theme", "region"]) -> tuple[tuple[str, int, int], ...]:
    """Id of each theme, or official name of each region, with its targets and programmes, the richest first.

    Reported figures and offers are no targets. What belongs to no theme or region is left out.
    """
    targets = func.count(case((Fact.assertion == "target", Fact.id)).distinct())
    programmes = func.count(case((Fact.kind == "programme", Fact.id)).distinct())
    column: Any = FactTheme.theme_id if by == "theme" else Fact.region_code
    counted = select(column, targets, programmes).select_from(Fact)
    if by == "theme":
        counted = counted.join(FactTheme, FactTheme.fact_id == Fact.id)
    told = _has(Sighting, Sighting.fact_id == Fact.id)
    counted = (
        counted.where(told, Fact.dismissed.is_(False), column.is_not(None))
        .group_by(column)
        .having(targets + programmes > 0)
    )
    with store.reading() as db:
        rows = db.execute(counted.order_by((targets + programmes).desc(), column)).all()
        names = _region_names(db) if by == "region" else {}
    return tuple((names.get(str(key), str(key)), aimed, planned) for key, aimed, planned in rows)


def _region_names(db: Connection) -> dict[str, str]:
    """The name most used for each code: one place is told of under two (新吴区, 无锡高新区)."""
    used = select(Fact.region_code, Fact.region_name, func.count()).where(Fact.region_code.is_not(None))
    rows = db.execute(used.group_by(Fact.region_code, Fact.region_name).order_by(func.count()))
    return {str(code): str(name) for code, name, _ in rows}


def _articles(db: Connection, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    rows = {row.id: row for row in db.execute(select(*_SHOWN).where(ArticleRow.id.in_(ids)))}
    themes: dict[int, list[str]] = defaultdict(list)
    matched = select(ArticleTheme.article_id, ArticleTheme.theme_id).order_by(ArticleTheme.score.desc())
    for article, theme in db.execute(matched.where(ArticleTheme.article_id.in_(ids))):
        themes[article].append(theme)
    regions: dict[int, list[dict[str, str]]] = defaultdict(list)
    found = select(ArticleRegion.article_id, ArticleRegion.code, ArticleRegion.name, ArticleRegion.role)
    subjects_first = found.where(ArticleRegion.article_id.in_(ids)).order_by(ArticleRegion.role.desc())
    for article, code, name, role in db.execute(subjects_first):
        regions[article].append({"code": code, "name": name, "role": role})
    for id in ids:
        row = rows[id]
        yield {
            "id": id,
            "url": row.url or row.key,
            "title": row.title,
            "source": row.source_id,
            "publisher": row.publisher,
            "published": row.published,
            "fetched": _shown(row.fetched),
            "first_seen": _shown(row.first_seen),
            "story": row.story_id,
            "standing": STANDINGS[row.standing],
            "themes": themes[id],
            "regions": regions[id],
        }


_SHOWN = (
    ArticleRow.id,
    ArticleRow.key,
    ArticleRow.url,
    ArticleRow.title,
    ArticleRow.source_id,
    ArticleRow.publisher,
    ArticleRow.published,
    ArticleRow.fetched,
    ArticleRow.first_seen,
    ArticleRow.story_id,
    ArticleRow.standing,
)


def _facts(db: Connection, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    rows = {row.id: row for row in db.execute(select(Fact.__table__).where(Fact.id.in_(ids)))}
    versions = _by_fact(db, select(FactVersion.__table__).order_by(FactVersion.number), FactVersion.fact_id, ids)
    themes = _by_fact(db, select(FactTheme.__table__).order_by(FactTheme.theme_id), FactTheme.fact_id, ids)
    told = select(
        Sighting.fact_id,
        Sighting.article_id,
        Sighting.sentence,
        Sighting.start,
        Sighting.dropped,
        ArticleRow.attachments,
        ArticleRow.key,
        ArticleRow.url,
        ArticleRow.title,
        ArticleRow.source_id,
        ArticleRow.published,
        ArticleRow.publisher,
        ArticleRow.standing,
        Sighting.version_id,
        Sighting.name,
    ).join(ArticleRow, ArticleRow.id == Sighting.article_id)
    # The page nearest to whoever issued it comes first.
    sightings = _by_fact(db, told.order_by(ArticleRow.standing, Sighting.id), Sighting.fact_id, ids)
    beside = _beside(db, [row.about_id for id in ids for row in versions[id] if row.about_id is not None])
    for id in ids:
        yield _fact(rows[id], versions[id], [row.theme_id for row in themes[id]], sightings[id]) | _event(
            versions[id], rows[id].unit, beside
        )


def _fact(
    row: Row[Any], versions: Sequence[Row[Any]], themes: list[str], sightings: Sequence[Row[Any]]
) -> dict[str, Any]:
    """One fact as its current version says it, by the name that the page nearest to its issuer gives it."""
    now = _current(versions)
    corrected = corrected_of(row.by_hand, stands_in=now.id in {version.stand_in_id for version in versions})
    name = row.name if "name" in corrected else next((one.name for one in sightings if one.dropped is None), row.name)
    fact: dict[str, Any] = {"id": row.id, "kind": row.kind}
    if row.kind == "programme":
        fact |= {"name": name, "type": row.type}
    else:
        fact |= {"assertion": row.assertion, "metric" if row.kind == "quantity" else "name": name}
    fact |= _said(row.kind, now)
    if row.kind != "programme":
        fact |= {"unit": row.unit, "deadline": row.deadline, "recurrence": row.recurrence}
    fact |= {
        "region": {"code": row.region_code, "name": row.region_name} if row.region_code else None,
        "themes": themes,
        "first_seen": _shown(row.first_seen),
        "corrected": sorted(corrected),
    }
    if row.dismissed:
        fact["dismissed"] = True
    live = [one for one in sightings if one.dropped is None]
    current = [one for one in live if one.version_id == now.id]
    proofs = [*current, *(one for one in live if one.version_id != now.id)]
    return fact | {"sightings": [_sighting(one) for one in proofs or sightings]}


def _current(versions: Sequence[Row[Any]]) -> Row[Any]:
    """The version that none has taken the place of; of two that contradict each other the one said last."""
    return max(versions, key=lambda version: (version.live, version.said or "", version.number))


def _event(versions: Sequence[Row[Any]], unit: str | None, beside: Mapping[int, Row[Any]]) -> dict[str, Any]:
    """What happened last: `state`, and beside it the value replaced, the target answered, or the value of another source."""
    now = _current(versions)
    about = beside.get(now.about_id)
    event: dict[str, Any] = {"state": "new" if now.event == "again" else now.event}
    if about is None or event["state"] == "new":
        return event
    told = _said(about.kind, about) | ({"deadline": about.deadline} if about.kind != "programme" else {})
    if now.event == "result":
        reached = progress(Decimal(now.value), Decimal(about.value), unit, about.comparator)
        return event | {"target": told | {"id": about.fact_id}, "progress": reached}
    if now.event == "contradicted":
        return event | {"contradicts": told}
    return event | {"revised": _shown(now.first_seen), "previous": told}


def _beside(db: Connection, versions: Sequence[int]) -> dict[int, Row[Any]]:
    wanted = select(FactVersion.__table__, Fact.kind, Fact.deadline).join(Fact, Fact.id == FactVersion.fact_id)
    return {row.id: row for row in db.execute(wanted.where(FactVersion.id.in_(versions)))}


def _said(kind: str, version: Row[Any]) -> dict[str, Any]:
    if kind == "programme":
        return {"status": version.status}
    value, high = _number(version.value), _number(version.value_high)
    return {"comparator": version.comparator, "value": value, "value_high": high}


def _sighting(row: Row[Any]) -> dict[str, Any]:
    """`file` and `page` say where among an article's files its sentence stands; what was taken back has lost its place."""
    known = file_at(read_files(row.attachments), row.start) if row.dropped is None else None
    file, page = known or (None, None)
    return {
        "article": row.article_id,
        "url": row.url or row.key,
        "title": row.title,
        "source": row.source_id,
        "publisher": row.publisher,
        "standing": STANDINGS[row.standing],
        "published": row.published,
        "sentence": row.sentence,
        "file": file and file.name,
        "file_url": file and file.url,
        "page": page,
    }


def _number(digits: str | None) -> int | float | None:
    """A JSON number: whole where the value is."""
    if digits is None:
        return None
    value = Decimal(digits)
    return int(value) if value == value.to_integral_value() else float(value)


def _by_fact(
    db: Connection, wanted: Select[*tuple[Any, ...]], column: Any, ids: Sequence[int]
) -> dict[int, list[Row[Any]]]:
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.execute(wanted.where(column.in_(ids))):
        rows[row.fact_id].append(row)
    return rows


def _has(table: type[Base], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().select_from(table).where(*conditions)


def _count(db: Connection, table: type[Base]) -> int:
    return db.execute(select(func.count()).select_from(table)).scalar_one()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _shown(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="seconds")
