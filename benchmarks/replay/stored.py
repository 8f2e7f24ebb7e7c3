"""What the store came to, read from its tables: the one module of the replay that knows them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, inspect, select

from monitor.store import Store
from monitor.store.tables import ArticleRow, Base, Fact, FactVersion, Sighting

# What changes when a page is merely met again.
MET_AGAIN = frozenset({"fetched"})


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a stored fact; `event` is what the product calls it, `about` the version that it is told beside."""

    id: int
    fact: int
    kind: str
    assertion: str | None
    value: str | None
    value_high: str | None
    status: str | None
    deadline: str | None
    region: str | None
    event: str
    about: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """`sightings` by address of the page, then by start, end and name: the version that the page tells there."""

    stories: Mapping[str, int]
    versions: Mapping[int, Version]
    sightings: Mapping[str, Mapping[tuple[int, int, str], int]]
    addresses: Mapping[int, str]  # by id of the article


def read_stored(store: Store) -> Stored:
    with store.reading() as db:
        articles = db.execute(select(ArticleRow.id, ArticleRow.url, ArticleRow.story_id)).all()
        joined = select(FactVersion.__table__, *_OF_FACT).join(Fact, Fact.id == FactVersion.fact_id)
        versions = {row.id: _version(row) for row in db.execute(joined)}
        told = db.execute(select(Sighting.__table__).where(Sighting.dropped.is_(None))).all()
    addresses = {row.id: row.url or "" for row in articles}
    sightings: dict[str, dict[tuple[int, int, str], int]] = defaultdict(dict)
    for row in told:
        sightings[addresses[row.article_id]][row.start, row.end, row.name] = row.version_id
    return Stored({row.url or "": row.story_id for row in articles}, versions, sightings, addresses)


def canonical(stored: Stored) -> tuple[frozenset[Any], frozenset[Any]]:
    """Stories and facts without the ids and the order in which they were met."""
    stories: dict[int, set[str]] = defaultdict(set)
    for address, story in stored.stories.items():
        stories[story].add(address)
    tellers: dict[int, set[str]] = defaultdict(set)
    for address, own in stored.sightings.items():
        for version in own.values():
            tellers[version].add(address)
    facts: dict[int, set[Any]] = defaultdict(set)
    for one in stored.versions.values():
        said = (one.kind, one.region, one.assertion, one.deadline, one.value, one.value_high, one.status, one.event)
        facts[one.fact].add((*said, frozenset(tellers[one.id])))
    return (
        frozenset(frozenset(one) for one in stories.values()),
        frozenset(frozenset(one) for one in facts.values()),
    )


def dump(store: Store) -> Mapping[str, frozenset[str]]:
    """All rows of all tables, but for when a page was last met."""
    rows: dict[str, frozenset[str]] = {}
    with store.reading() as db:
        for mapper in Base.registry.mappers:
            table = inspect(mapper).local_table
            kept = [column for column in table.columns if column.name not in MET_AGAIN]
            rows[table.name] = frozenset(repr(tuple(row)) for row in db.execute(select(*kept)))
    return rows


_OF_FACT = (Fact.kind, Fact.assertion, Fact.deadline, Fact.region_code)


def _version(row: Row[Any]) -> Version:
    return Version(
        row.id,
        row.fact_id,
        row.kind,
        row.assertion,
        row.value,
        row.value_high,
        row.status,
        row.deadline,
        row.region_code,
        row.event,
        row.about_id,
    )
