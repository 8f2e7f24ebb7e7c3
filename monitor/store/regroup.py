"""Makes one fact of two, and several of one, with their receipts; and writes anew what happened in each version of a fact.

A receipt stays with what its subscriber was told: nothing is mailed again because facts were sorted differently.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from monitor.claims import digits, is_rounded
from monitor.events import life
from monitor.known import KnownFact, KnownVersion, exactness
from monitor.retelling import pairs
from monitor.store.byhand import are_apart, inherited, next_id, put_down
from monitor.store.known import facts_by_id, tellers, told_facts, told_in
from monitor.store.tables import Fact, FactKey, FactTheme, FactVersion, Receipt, Sighting


def unite_stories(db: Connection, stories: Iterable[int], story: int) -> None:
    """Merge the facts that the other stories tell in other words, before their articles are put into `story`."""
    for other in sorted(set(stories) - {story}):
        told = told_in(db, (story, other))
        facts = {one.fact.id: one for one in told_facts(db, told, (story, other))}
        some = [facts[id] for id, where in told.items() if where == {story}]
        others = [facts[id] for id, where in told.items() if where == {other}]
        for one, twin in list(pairs(some, others)):
            merge(db, *sorted((one.id, twin.id)))
            renew_life(db, (min(one.id, twin.id),))


def merge(db: Connection, into: int, gone: int) -> None:
    """Put all that is known of `gone` into the fact `into`."""
    found = {fact.id: fact for fact in facts_by_id(db, (into, gone))}
    if len(found) < 2 or are_apart(db, into, gone):
        return
    one, twin = found[into], found[gone]
    number = max(version.number for version in one.versions)
    put_right = {version.stand_in for version in (*one.versions, *twin.versions)} - {None}
    for version in twin.versions:
        same = next((known for known in one.versions if _is_one(known, version)), None)
        if same is None:
            number += 1
            _move_version(db, version, into, number)
        else:
            _join_versions(db, version, same, into, exact=_says_more(version, same, put_right))
    for table, column in ((FactKey, FactKey.key), (FactTheme, FactTheme.theme_id)):
        has = select(column).where(table.fact_id == into)
        db.execute(update(table).where(table.fact_id == gone, column.not_in(has)).values(fact_id=into))
    values: dict[str, Any] = {"plural": one.plural or twin.plural, "deadline": one.deadline or twin.deadline}
    if twin.assertion == "actual":
        values["assertion"] = "actual"  # a copy that lost its date promises what was reached
    values = values | inherited(db, one, twin)
    db.execute(delete(Fact).where(Fact.id == gone))
    db.execute(update(Fact).where(Fact.id == into).values(**values))
    if put_right:
        put_down(db, into)
    if one.plural or twin.plural:
        split(db, into)


def split(db: Connection, id: int) -> None:
    """Make a fact of each value: an article tells several of them side by side. What people decided of a fact holds it together."""
    fact, *_ = facts_by_id(db, (id,))
    if fact.by_hand or fact.dismissed:
        return
    first, *rest = fact.versions
    row = db.execute(select(Fact.__table__).where(Fact.id == id)).one()
    _keep_alone(db, fact, first)
    db.execute(update(Fact).where(Fact.id == id).values(plural=True, fingerprint=_fingerprint(row.fingerprint, first)))
    for version in rest:
        values = dict(row._mapping) | {"plural": True, "fingerprint": _fingerprint(row.fingerprint, version)}
        new = values["id"] = next_id(db, Fact)
        db.execute(insert(Fact).values(**values))
        for table, column in ((FactKey, FactKey.key), (FactTheme, FactTheme.theme_id)):
            copied = select(column, select(Fact.id).where(Fact.id == new).scalar_subquery()).where(table.fact_id == id)
            db.execute(insert(table).from_select([column.key, "fact_id"], copied))
        _move_version(db, version, new, 1)
        _keep_alone(db, fact, version)


def renew_life(db: Connection, facts: Iterable[int]) -> None:
    """Say anew what happened in each version of these facts."""
    for fact in facts_by_id(db, facts):
        if fact.plural or len(fact.versions) < 2:
            continue
        for id, entry in life(fact.kind, tellers(db, fact)).items():
            values = {"event": entry.event, "about_id": entry.about, "live": entry.live}
            db.execute(update(FactVersion).where(FactVersion.id == id).values(**values))


def _is_one(known: KnownVersion, version: KnownVersion) -> bool:
    if known.value is None or version.value is None:
        return known.stage == version.stage
    if known.value == version.value:
        return known.value_high == version.value_high or None in (known.value_high, version.value_high)
    return is_rounded((known.value, known.comparator), (version.value, version.comparator))


def _says_more(gone: KnownVersion, kept: KnownVersion, put_right: Collection[int | None]) -> bool:
    """What somebody put right says more than what was read."""
    return (gone.id in put_right, _exactness(gone)) > (kept.id in put_right, _exactness(kept))


def _join_versions(db: Connection, gone: KnownVersion, kept: KnownVersion, fact: int, *, exact: bool) -> None:
    """`exact`: the one that goes says more."""
    here = select(Sighting.article_id).where(Sighting.version_id == kept.id)
    told = select(Receipt.subscriber).where(Receipt.version_id == kept.id)
    db.execute(
        update(Sighting)
        .where(Sighting.version_id == gone.id, Sighting.article_id.not_in(here))
        .values(version_id=kept.id, fact_id=fact)
    )
    db.execute(
        update(Receipt).where(Receipt.version_id == gone.id, Receipt.subscriber.not_in(told)).values(version_id=kept.id)
    )
    db.execute(update(FactVersion).where(FactVersion.about_id == gone.id).values(about_id=kept.id))
    db.execute(update(FactVersion).where(FactVersion.stand_in_id == gone.id).values(stand_in_id=kept.id))
    values: dict[str, Any] = {"said": min(gone.said, kept.said), "stand_in_id": kept.stand_in or gone.stand_in}
    if exact:
        values |= {"value": digits(gone.value), "value_high": digits(gone.value_high)}
        values |= {"comparator": gone.comparator, "status": gone.status}
    if gone.event == "result" and kept.event == "new":
        target = select(FactVersion.about_id).where(FactVersion.id == gone.id).scalar_subquery()
        values |= {"event": "result", "about_id": target}
    db.execute(update(FactVersion).where(FactVersion.id == kept.id).values(**values))
    db.execute(delete(FactVersion).where(FactVersion.id == gone.id))


def _exactness(version: KnownVersion) -> tuple[int, int, int]:
    return exactness(version.value, version.comparator, version.status)


def _move_version(db: Connection, version: KnownVersion, fact: int, number: int) -> None:
    db.execute(update(FactVersion).where(FactVersion.id == version.id).values(fact_id=fact, number=number))
    db.execute(update(Sighting).where(Sighting.version_id == version.id).values(fact_id=fact))


def _keep_alone(db: Connection, fact: KnownFact, version: KnownVersion) -> None:
    """A value that is a fact of its own is told beside none of the others."""
    own = [one.id for one in fact.versions]
    alone = (FactVersion.id == version.id, FactVersion.about_id.in_(own))
    db.execute(update(FactVersion).where(*alone).values(event="new", about_id=None))
    db.execute(update(FactVersion).where(FactVersion.id == version.id).values(live=True))


def _fingerprint(base: str, version: KnownVersion) -> str:
    value = "" if version.value is None else f"{Decimal(version.value).normalize():f}"
    return f"{base.partition('=')[0]}={value}-{version.value_high or ''}"
