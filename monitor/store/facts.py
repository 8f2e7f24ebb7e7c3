"""Writes what `novelty` decided: facts, their versions and who told them. Runs inside `Store.writing()`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from monitor.domain import Finding, Programme, Quantity
from monitor.novelty import Claim, Context, Decision, KnownFact, KnownVersion, digits
from monitor.store.store import chunks, upsert
from monitor.store.tables import ArticleRow, Fact, FactTheme, FactVersion, Sighting


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells the facts. `alerts`: readers may still be told; `first`: this article was never judged before; `edited`: it
    was, with another text."""

    article: int
    story: int
    said: str | None
    seen: datetime
    alerts: bool
    first: bool
    edited: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of facts."""

    new: tuple[int, ...]
    revised: tuple[int, ...]


def read_context(db: Connection, claims: Sequence[Claim], telling: Telling) -> Context:
    """Everything stored that the claims have to be compared with."""
    wanted = {claim.base for claim in claims} | {claim.exact for claim in claims}
    by_fingerprint = {fact.fingerprint: fact for fact in _read_facts(db, Fact.fingerprint, wanted)}
    in_story = select(Sighting.fact_id, Sighting.article_id).join(ArticleRow, ArticleRow.id == Sighting.article_id)
    story = db.execute(in_story.where(ArticleRow.story_id == telling.story).distinct()).all()
    told = _read_facts(db, Fact.id, {row.fact_id for row in story})
    mine = {row.fact_id for row in story if row.article_id == telling.article}
    day = telling.seen.date().isoformat()
    return Context(by_fingerprint, tuple(told), mine, telling.said or day)


def write(db: Connection, decisions: Sequence[Decision], telling: Telling) -> Written:
    """Add new facts and versions, and make the article's sightings exactly those decided."""
    added = _add_facts(db, [decision for decision in decisions if decision.fact is None], telling)
    facts = [decision.fact.id if decision.fact else added[decision.fingerprint] for decision in decisions]
    versions = _add_versions(db, list(zip(facts, decisions, strict=True)), telling)
    rows = [
        _sighting(decision.claim.finding, telling) | {"fact_id": fact, "version_id": version}
        for fact, version, decision in zip(facts, versions, decisions, strict=True)
    ]
    gone = _drop_sightings(db, telling, keep=set(versions))
    renewed = ("start", "end", "name", "sentence", "themes", "dropped")
    upsert(db, Sighting, rows, on=("version_id", "article_id"), renew=renewed)
    _keep_themes(db, rows, set() if telling.first else gone | set(facts))
    revised = [decision.fact.id for decision in decisions if decision.fact and decision.version is None]
    return Written(tuple(added.values()), tuple(revised))


def _read_facts(db: Connection, column: Any, wanted: Iterable[Any]) -> list[KnownFact]:
    """Facts with their versions, by id or fingerprint."""
    rows: list[Row[Any]] = []
    joined = select(Fact.__table__, *_VERSION).join(FactVersion, FactVersion.fact_id == Fact.id)
    for some in chunks(wanted):
        rows += db.execute(joined.where(column.in_(some)).order_by(Fact.id, FactVersion.number))
    versions: dict[int, list[KnownVersion]] = {}
    for row in rows:
        versions.setdefault(row.id, []).append(_version(row))
    return [_fact(row, tuple(versions[row.id])) for row in {row.id: row for row in rows}.values()]


_VERSION = (
    FactVersion.id.label("version_id"),
    FactVersion.number,
    FactVersion.value,
    FactVersion.value_high,
    FactVersion.comparator,
    FactVersion.status,
    FactVersion.said,
    FactVersion.first_seen.label("version_seen"),
)


def _version(row: Row[Any]) -> KnownVersion:
    value, high = (None if one is None else Decimal(one) for one in (row.value, row.value_high))
    said = row.said or row.version_seen.date().isoformat()
    return KnownVersion(row.version_id, row.number, value, high, row.comparator, row.status, said)


def _fact(row: Row[Any], versions: tuple[KnownVersion, ...]) -> KnownFact:
    return KnownFact(
        row.id, row.fingerprint, row.kind, row.name, row.assertion, row.unit, row.deadline, row.region_code, versions
    )


def _add_facts(db: Connection, decisions: Sequence[Decision], telling: Telling) -> dict[str, int]:
    """Ids of the facts added, by fingerprint."""
    if not decisions:
        return {}
    rows = [
        _fact_row(decision.claim.finding) | {"fingerprint": decision.fingerprint, "first_seen": telling.seen}
        for decision in decisions
    ]
    added = db.execute(insert(Fact).returning(Fact.fingerprint, Fact.id), rows)
    ids = {row.fingerprint: row.id for row in added}
    return {decision.fingerprint: ids[decision.fingerprint] for decision in decisions}


def _add_versions(db: Connection, told: Sequence[tuple[int, Decision]], telling: Telling) -> list[int]:
    """The id of the version that each decision stands for, in their order."""
    rows = [_version_row(decision, telling) | {"fact_id": fact} for fact, decision in told if decision.version is None]
    ids: Mapping[int, int] = {}
    if rows:
        added = db.execute(insert(FactVersion).returning(FactVersion.fact_id, FactVersion.id), rows)
        ids = {row.fact_id: row.id for row in added}
    return [decision.version.id if decision.version else ids[fact] for fact, decision in told]


def _fact_row(finding: Finding) -> dict[str, Any]:
    quantity = finding if isinstance(finding, Quantity) else None
    programme = finding if isinstance(finding, Programme) else None
    return {
        "kind": finding.kind,
        "name": _name(finding),
        "assertion": None if isinstance(finding, Programme) else finding.assertion,
        "type": programme.type if programme else None,
        "unit": quantity.unit if quantity else None,
        "deadline": None if isinstance(finding, Programme) else finding.deadline,
        "recurrence": quantity.recurrence if quantity else None,
        "region_code": finding.region.code if finding.region else None,
        "region_name": finding.region.name if finding.region else None,
    }


def _name(finding: Finding) -> str:
    return finding.metric if isinstance(finding, Quantity) else finding.name


def _version_row(decision: Decision, telling: Telling) -> dict[str, Any]:
    finding = decision.claim.finding
    quantity = finding if isinstance(finding, Quantity) else None
    return {
        "number": decision.fact.current.number + 1 if decision.fact else 1,
        "comparator": quantity.comparator if quantity else None,
        "value": digits(quantity.value) if quantity else None,
        "value_high": digits(quantity.value_high) if quantity else None,
        "status": finding.status if isinstance(finding, Programme) else None,
        "said": telling.said,
        "first_seen": telling.seen,
        "alerts": telling.alerts,
    }


def _sighting(finding: Finding, telling: Telling) -> dict[str, Any]:
    return {
        "article_id": telling.article,
        "start": finding.evidence.start,
        "end": finding.evidence.end,
        "name": _name(finding),
        "sentence": finding.evidence.text,
        "themes": list(finding.themes),
        "seen": telling.seen,
        "dropped": None,
    }


def _drop_sightings(db: Connection, telling: Telling, *, keep: Collection[int]) -> set[int]:
    """Facts that the article told before and tells no more.

    An edited article keeps the old quote, marked, because it proves the older version; where only our rules changed it was
    never a fact of this article.
    """
    told = select(Sighting.id, Sighting.version_id, Sighting.fact_id).where(Sighting.article_id == telling.article)
    gone = [row for row in db.execute(told.where(Sighting.dropped.is_(None))) if row.version_id not in keep]
    if gone:
        these = Sighting.id.in_([row.id for row in gone])
        change = update(Sighting).values(dropped=telling.seen) if telling.edited else delete(Sighting)
        db.execute(change.where(these))
    return {row.fact_id for row in gone}


def _keep_themes(db: Connection, rows: Sequence[Mapping[str, Any]], again: Collection[int]) -> None:
    """The themes of a fact are those of all its sightings; for facts of an article judged again they are gathered anew."""
    pairs = {(row["fact_id"], theme) for row in rows for theme in row["themes"]}
    if again:
        told = select(Sighting.fact_id, Sighting.themes).where(Sighting.fact_id.in_(again))
        pairs = {(row.fact_id, theme) for row in db.execute(told) for theme in row.themes}
        db.execute(delete(FactTheme).where(FactTheme.fact_id.in_(again)))
    upsert(db, FactTheme, [{"fact_id": fact, "theme_id": theme} for fact, theme in sorted(pairs)])
