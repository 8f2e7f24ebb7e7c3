"""Keeps the rows of a few facts as they are, so that a decision made by hand can be taken back, and brings them back.

What came since is not lost: the articles that tell the facts are marked to be judged again, and decided anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, inspect, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from monitor.store.handtables import FactsApart
from monitor.store.regroup import merge, renew_life
from monitor.store.tables import (
    ArticleRow,
    Base,
    Fact,
    FactKey,
    FactTheme,
    FactVersion,
    MessageRow,
    Receipt,
    Sighting,
    UtcDateTime,
)

Kept = Mapping[str, Any]
Rows = list[dict[str, Any]]
# A parent before its children.
TABLES: tuple[type[Base], ...] = (Fact, FactVersion, FactKey, FactTheme, Sighting, Receipt, FactsApart)
UNNUMBERED = (Sighting, Receipt)  # come back under another id, as theirs may have been given away


def keep(db: Connection, facts: Collection[int]) -> Kept:
    """All rows of these facts as JSON, and what versions of other facts say beside them."""
    rows = {table.__tablename__: _rows(db, table, _of(table, facts)) for table in TABLES}
    own = [row["id"] for row in rows["fact_version"]]
    beside = (FactVersion.about_id.in_(own), FactVersion.fact_id.not_in(facts))
    others = db.execute(select(FactVersion.id, FactVersion.event, FactVersion.about_id).where(*beside))
    return {"facts": sorted(facts), "rows": rows, "beside": [dict(row._mapping) for row in others]}


def parted(db: Connection, facts: Collection[int]) -> Rows:
    """From which others somebody parted these facts."""
    return _rows(db, FactsApart, _of(FactsApart, facts))


def put_back(
    db: Connection, kept: Kept, facts: Collection[int], versions: Collection[int], apart: Sequence[Mapping[str, Any]]
) -> None:
    """Bring the rows back, without the `facts` and `versions` that the decision made and what it put `apart`."""
    rows, own = kept["rows"], kept["facts"]
    every = {*own, *facts}
    successors = _make_room(db, rows["fact"])
    _mark_articles(db, every, rows["sighting"])
    # Out of the way of the numbers that come back.
    db.execute(update(FactVersion).where(FactVersion.fact_id.in_(every)).values(number=-FactVersion.id))
    _restore(db, Fact, rows["fact"])
    _restore(db, FactVersion, rows["fact_version"])
    if own:
        db.execute(update(FactVersion).where(FactVersion.fact_id.in_(facts)).values(fact_id=own[0]))
    for table in (FactKey, FactTheme, Sighting):
        db.execute(delete(table).where(_of(table, every)))
    for row in apart:
        db.execute(delete(FactsApart).where(FactsApart.one_id == row["one_id"], FactsApart.other_id == row["other_id"]))
    db.execute(delete(FactVersion).where(FactVersion.id.in_(versions)))
    db.execute(delete(Fact).where(Fact.id.in_(facts)))
    for table in (FactKey, FactTheme, Sighting):
        _restore(db, table, rows[table.__tablename__])
    here = set(db.execute(select(Fact.id).where(_one_of(Fact.id, rows["facts_apart"], "one_id", "other_id"))).scalars())
    _restore(db, FactsApart, [row for row in rows["facts_apart"] if {row["one_id"], row["other_id"]} <= here])
    messages = set(
        db.execute(select(MessageRow.id).where(_one_of(MessageRow.id, rows["receipt"], "message_id"))).scalars()
    )
    _restore(db, Receipt, [row for row in rows["receipt"] if row["message_id"] in messages])
    for row in kept["beside"]:
        values = {"event": row["event"], "about_id": row["about_id"]}
        db.execute(update(FactVersion).where(FactVersion.id == row["id"]).values(**values))
    _number(db, own)
    for fact, successor in successors.items():
        merge(db, fact, successor)


def tidy(db: Connection, facts: Collection[int]) -> None:
    """Once the articles are judged again: forget versions that none of them tells any more."""
    told = select(Sighting.version_id).where(Sighting.fact_id.in_(facts))
    stands_for = select(FactVersion.stand_in_id).where(FactVersion.stand_in_id.is_not(None))
    stale = (
        FactVersion.fact_id.in_(facts),
        FactVersion.id.not_in(told),
        FactVersion.id.not_in(stands_for),
        FactVersion.stand_in_id.is_(None),
    )
    db.execute(delete(FactVersion).where(*stale))
    renew_life(db, facts)


def _of(table: type[Base], facts: Collection[int]) -> ColumnElement[bool]:
    if table is Fact:
        return Fact.id.in_(facts)
    if table is Receipt:
        return Receipt.version_id.in_(select(FactVersion.id).where(FactVersion.fact_id.in_(facts)))
    if table is FactsApart:
        return or_(FactsApart.one_id.in_(facts), FactsApart.other_id.in_(facts))
    column: ColumnElement[int] = table.__table__.c.fact_id
    return column.in_(facts)


def _rows(db: Connection, table: type[Base], wanted: ColumnElement[bool]) -> Rows:
    found = db.execute(select(table.__table__).where(wanted))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _restore(db: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add each row, or make it again what it was; one that is there under another id is left as it is."""
    moments = [column.name for column in table.__table__.columns if isinstance(column.type, UtcDateTime)]
    keys = {column.name for column in inspect(table).primary_key}
    for row in rows:
        values = {**row, **{name: datetime.fromisoformat(row[name]) for name in moments if row[name]}}
        if table in UNNUMBERED:
            del values["id"]
            db.execute(insert(table).values(**values).on_conflict_do_nothing())
            continue
        same = [table.__table__.c[key] == values[key] for key in keys]
        if db.execute(select(literal_column("1")).select_from(table).where(*same)).first():
            db.execute(update(table).where(*same).values(**{k: v for k, v in values.items() if k not in keys}))
        else:
            db.execute(insert(table).values(**values).on_conflict_do_nothing())


def _mark_articles(db: Connection, facts: Collection[int], told_before: Iterable[Mapping[str, Any]]) -> None:
    """Let the articles that tell the facts, or did, be judged again."""
    telling = select(Sighting.article_id).where(Sighting.fact_id.in_(facts))
    before = _one_of(ArticleRow.id, told_before, "article_id")
    db.execute(update(ArticleRow).where(or_(ArticleRow.id.in_(telling), before)).values(judged_with=None))


def _number(db: Connection, facts: Iterable[int]) -> None:
    """Versions that came since get the next numbers."""
    for fact in facts:
        last = db.execute(select(func.max(FactVersion.number)).where(FactVersion.fact_id == fact)).scalar() or 0
        fresh = select(FactVersion.id).where(FactVersion.fact_id == fact, FactVersion.number < 0)
        for place, id in enumerate(db.execute(fresh.order_by(FactVersion.id)).scalars().all(), 1):
            number = max(last, 0) + place
            db.execute(update(FactVersion).where(FactVersion.id == id).values(number=number))


def _make_room(db: Connection, facts: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """Facts that were found since under what those that come back were called: by the id of the one that comes back."""
    found: dict[int, int] = {}
    for fact in facts:
        name = fact["fingerprint"]
        for id in db.execute(select(Fact.id).where(Fact.fingerprint == name, Fact.id != fact["id"])).scalars().all():
            db.execute(update(Fact).where(Fact.id == id).values(fingerprint=f"{name.partition('+')[0]}+{id}"))
            found[fact["id"]] = id
    return found


def _one_of(column: Any, rows: Iterable[Mapping[str, Any]], *names: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_({row[name] for row in rows for name in names})
    return found
