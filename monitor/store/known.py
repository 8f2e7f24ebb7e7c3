"""Reads stored facts in the shape in which `novelty` and `events` compare them. Reads only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from monitor.events import Told
from monitor.known import KnownFact, KnownVersion, ToldFact
from monitor.store.prepared import Prepared
from monitor.store.store import chunks
from monitor.store.tables import ArticleRow, Fact, FactKey, FactVersion, Sighting


def facts_by_key(db: Connection, keys: Iterable[int]) -> list[KnownFact]:
    """The facts that any of the keys leads to, with those of the keys that do."""
    found = (row for some in chunks(dict.fromkeys(keys)) for row in _BY_KEY.rows(db, {"keys": some}))
    rows = [_Row(*row) for row in found]
    led: dict[tuple[int, bool], set[int]] = {}
    for row in rows:
        led.setdefault((row.id, bool(row.misread)), set()).add(row.key)
    versions = {(row.id, row.version_id): row for row in rows}.values()
    return _facts(sorted(versions, key=lambda row: (row.id, row.number)), led)


def facts_by_id(db: Connection, ids: Iterable[int]) -> list[KnownFact]:
    rows = [_Row(0, False, *row) for some in chunks(ids) for row in _BY_ID.rows(db, {"ids": some})]
    return _facts(sorted(rows, key=lambda row: (row.id, row.number)), {})


def told_in(db: Connection, stories: Collection[int]) -> dict[int, set[int]]:
    """Ids of the facts that articles of these stories tell, each with its stories."""
    told: dict[int, set[int]] = {}
    for fact, story in _TOLD.rows(db, {"stories": list(stories)}):
        told.setdefault(fact, set()).add(story)
    return told


def told_facts(db: Connection, ids: Collection[int], stories: Collection[int]) -> list[ToldFact]:
    """These facts as the stories tell them."""
    rows = db.execute(_SAID, {"facts": list(ids), "stories": list(stories)}).all()
    facts = facts_by_id(db, {row.fact_id for row in rows})
    told = {fact.id: [row for row in rows if row.fact_id == fact.id] for fact in facts}
    return [
        ToldFact(
            fact,
            frozenset(row.name for row in told[fact.id]),
            frozenset(row.sentence for row in told[fact.id]),
            frozenset(row.article_id for row in told[fact.id]),
        )
        for fact in facts
    ]


def tellers(db: Connection, fact: KnownFact) -> list[Told]:
    """The versions of a fact with who told them, those who took it back too. One that was put right has no part in its life."""
    rows = db.execute(_TELLERS, {"fact": fact.id}).all()
    own = {version.id for version in fact.versions}
    stored = {row.id: row for row in db.execute(_EVENTS, {"fact": fact.id})}
    told = []
    for version in fact.versions:
        if version.stand_in is not None:
            continue
        mine = [row for row in rows if row.version_id == version.id]
        before = stored[version.id]
        foreign = before.about_id is not None and before.about_id not in own
        told.append(
            Told(
                version,
                frozenset((row.origin, row.published or "") for row in mine if row.origin),
                frozenset(row.article_id for row in mine),
                (before.event, before.about_id) if foreign else None,
            )
        )
    return told


class _Row(NamedTuple):
    """A fact with one of its versions, and the key that led to it."""

    key: int
    misread: bool
    id: int
    kind: str
    name: str
    assertion: str | None
    unit: str | None
    deadline: str | None
    region_code: str | None
    plural: bool
    by_hand: str
    dismissed: bool
    version_id: int
    number: int
    value: str | None
    value_high: str | None
    comparator: str | None
    status: str | None
    said: str
    live: bool
    event: str
    stand_in: int | None


def _facts(rows: Sequence[_Row], led: Mapping[tuple[int, bool], set[int]]) -> list[KnownFact]:
    versions: dict[int, list[KnownVersion]] = {}
    for row in rows:
        versions.setdefault(row.id, []).append(_version(row))
    return [
        KnownFact(
            id=row.id,
            kind=row.kind,
            name=row.name,
            assertion=row.assertion,
            unit=row.unit,
            deadline=row.deadline,
            region_code=row.region_code,
            plural=bool(row.plural),
            versions=tuple(versions[row.id]),
            keys=frozenset(led.get((row.id, False), ())),
            misread=frozenset(led.get((row.id, True), ())),
            by_hand=frozenset(row.by_hand.split()),
            dismissed=bool(row.dismissed),
        )
        for row in {row.id: row for row in rows}.values()
    ]


def _version(row: _Row) -> KnownVersion:
    value, high = (None if one is None else Decimal(one) for one in (row.value, row.value_high))
    figure = (value, high, row.comparator, row.status)
    return KnownVersion(row.version_id, row.number, *figure, row.said, bool(row.live), row.event, row.stand_in)


_COLUMNS: tuple[Any, ...] = (
    Fact.id,
    Fact.kind,
    Fact.name,
    Fact.assertion,
    Fact.unit,
    Fact.deadline,
    Fact.region_code,
    Fact.plural,
    Fact.by_hand,
    Fact.dismissed,
    FactVersion.id.label("version_id"),
    FactVersion.number,
    FactVersion.value,
    FactVersion.value_high,
    FactVersion.comparator,
    FactVersion.status,
    FactVersion.said,
    FactVersion.live,
    FactVersion.event,
    FactVersion.stand_in_id,
)
# Made once: building a statement costs more than running it.
_BY_KEY = Prepared(
    select(FactKey.key, FactKey.misread, *_COLUMNS)
    .join(Fact, Fact.id == FactKey.fact_id)
    .join(FactVersion, FactVersion.fact_id == Fact.id)
    .where(FactKey.key.in_(bindparam("keys", expanding=True))),
    "keys",
)
_BY_ID = Prepared(
    select(*_COLUMNS)
    .join(FactVersion, FactVersion.fact_id == Fact.id)
    .where(Fact.id.in_(bindparam("ids", expanding=True))),
    "ids",
)
_TOLD = Prepared(
    select(Sighting.fact_id, ArticleRow.story_id)
    .join(ArticleRow, ArticleRow.id == Sighting.article_id)
    .where(ArticleRow.story_id.in_(bindparam("stories", expanding=True)))
    .distinct(),
    "stories",
)
_SAID = (
    select(Sighting.fact_id, Sighting.article_id, Sighting.name, Sighting.sentence)
    .join(ArticleRow, ArticleRow.id == Sighting.article_id)
    .where(
        Sighting.fact_id.in_(bindparam("facts", expanding=True)),
        ArticleRow.story_id.in_(bindparam("stories", expanding=True)),
    )
)
_TELLERS = (
    select(Sighting.version_id, Sighting.article_id, ArticleRow.published, ArticleRow.origin)
    .join(ArticleRow, ArticleRow.id == Sighting.article_id)
    .where(Sighting.fact_id == bindparam("fact"))
)
_EVENTS = select(FactVersion.id, FactVersion.event, FactVersion.about_id).where(
    FactVersion.fact_id == bindparam("fact")
)
