"""What people decide of a fact: it is none, it says something else, two are one, one is two. Runs inside `Store.writing()`.

A decision is kept apart from what articles say, so that it holds whenever they are read or judged again: a dismissed fact stays known, a
corrected value stands in for the one that was read, parted facts are never made one by rule.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from monitor.claims import Claim, claims, family
from monitor.domain import Designation, Evidence, Finding, Programme, Quantity, Region
from monitor.errors import MonitorError
from monitor.known import KnownFact, KnownVersion, agrees
from monitor.store import regroup
from monitor.store.byhand import COLUMNS, IDENTITY, next_id, part, put_down, unpart
from monitor.store.corrections import Author, Made, described, record, spare
from monitor.store.known import facts_by_id, facts_by_key
from monitor.store.snapshots import keep
from monitor.store.store import upsert
from monitor.store.tables import Fact, FactKey, FactTheme, FactVersion, Receipt, Sighting

FIGURE = ("comparator", "value", "value_high", "status")  # what a version says
RETOLD = {"value", "value_high", "status", "deadline"}  # whoever was told it wrong is told again
FIGURES = {"comparator": ("comparator",), "value": ("value", "value_high"), "status": ("status",)}  # as people name it
# What can be corrected of each kind; a region is code and name.
FIELDS: Mapping[str, frozenset[str]] = {
    "quantity": frozenset(
        {"name", "comparator", "value", "value_high", "unit", "deadline", "assertion", "region_code", "region_name"}
    ),
    "designation": frozenset({"name", "deadline", "assertion", "region_code", "region_name"}),
    "programme": frozenset({"name", "type", "status", "region_code", "region_name"}),
}


def find(db: Connection, id: int) -> KnownFact:
    """The fact of that number. Raises MonitorError where there is none."""
    found = facts_by_id(db, (id,))
    if not found:
        raise MonitorError(f"no fact {id}; `policywatch targets` and `policywatch programmes` show their numbers")
    return found[0]


def dismiss(db: Connection, id: int, author: Author) -> int:
    """Say that it is no fact: it is told and shown no more, nor is what any article makes of it later. Returns the decision's number."""
    fact = find(db, id)
    if fact.dismissed:
        raise MonitorError(f"fact {id} is dismissed already; `policywatch corrections` says by whom")
    kept, before = keep(db, (id,)), described(db, (id,))
    db.execute(update(Fact).where(Fact.id == id).values(dismissed=True))
    # A result of what was no target is a figure like others.
    beside = (FactVersion.about_id.in_([version.id for version in fact.versions]), FactVersion.fact_id != id)
    db.execute(update(FactVersion).where(*beside).values(event="new", about_id=None))
    return record(db, Made("dismiss", id, before, described(db, (id,)), kept), author, (id,))


def correct(db: Connection, id: int, values: Mapping[str, Any], canonical: str, author: Author) -> int:
    """Say what is told of a fact from now on: new values by column, and the name by which it is known then whatever the wording."""
    fact = _undismissed(find(db, id))
    row = db.execute(select(Fact.__table__).where(Fact.id == id)).one()
    now = {**row._mapping, **{name: _text(getattr(fact.current, name)) for name in FIGURE}}
    if unknown := values.keys() - FIELDS[fact.kind]:
        named = {word for word, names in (*COLUMNS.items(), *FIGURES.items()) if unknown & set(names)}
        raise MonitorError(f"fact {id} is a {fact.kind}, which has no {', '.join(sorted(named))}")
    new = {name: value for name, value in values.items() if now[name] != value}
    if not new:
        raise MonitorError(f"fact {id} says so already; nothing is changed")
    claim = _claim({**now, **new}, canonical)
    twins = _twins(db, fact, claim)
    concerned = (id, *(twin.id for twin in twins))
    kept, before = keep(db, concerned), described(db, (id,))
    _rename(db, fact, claim, new)
    retold = bool(RETOLD & new.keys())
    made = _stand_in(db, fact, {**now, **new}, retold=retold) if retold or new.keys() & set(FIGURE) else None
    for twin in twins:
        regroup.merge(db, id, twin.id)
    regroup.renew_life(db, (id,))
    decision = Made(
        "correct",
        id,
        before,
        described(db, (id,)),
        kept,
        version=fact.current.id if made else None,
        versions=(made,) if made and made not in {version.id for version in fact.versions} else (),
        retold=retold,
    )
    number = record(db, decision, author, concerned)
    if made and retold:
        spare(db, made)
    return number


def merge(db: Connection, id: int, other: int, author: Author) -> int:
    """Say that the other fact is this one. What readers were told of either they were told of both."""
    one, twin = _undismissed(find(db, id)), _undismissed(find(db, other))
    if id == other:
        raise MonitorError(f"fact {id} cannot be merged with itself; name two facts")
    for what, values in (
        ("kind", (one.kind, twin.kind)),
        ("assertion", (one.assertion, twin.assertion)),
        ("unit", (family(one.unit), family(twin.unit))),
    ):
        if values[0] != values[1]:
            raise MonitorError(
                f"facts {id} and {other} differ in their {what} ({values[0]}, {values[1]}) and cannot be one; "
                "correct or dismiss one of them instead"
            )
    kept, before = keep(db, (id, other)), described(db, (id, other))
    unpart(db, id, other)
    for fact in (one, twin):
        _mark(db, fact, "merged", plural=False)
    regroup.merge(db, id, other)
    regroup.renew_life(db, (id,))
    return record(db, Made("merge", id, before, described(db, (id,)), kept), author, (id, other))


def split(db: Connection, id: int, articles: Collection[int], author: Author) -> tuple[int, int]:
    """Say that what these articles tell is another fact than what the rest tells; nobody is told either again. Returns the
    decision's number and the id of the other fact."""
    fact = _undismissed(find(db, id))
    telling = set(db.execute(select(Sighting.article_id).where(Sighting.fact_id == id)).scalars())
    if strange := set(articles) - telling:
        raise MonitorError(
            f"article {min(strange)} does not tell fact {id}; `policywatch facts show {id}` lists those that do"
        )
    if telling == set(articles):
        raise MonitorError(
            f"no other article tells fact {id}: there is nothing to split; see `policywatch facts show {id}`"
        )
    kept, before = keep(db, (id,)), described(db, (id,))
    _mark(db, fact, "split")
    new = _copy_fact(db, id)
    part(db, id, new)
    copies = _part_versions(db, fact, new, articles)
    for one in (id, new):
        _begin_life(db, one, {version.id for version in fact.versions})
    made = Made("split", id, before, described(db, (id, new)), kept, facts=(new,), versions=copies)
    return record(db, made, author, (id, new)), new


def _undismissed(fact: KnownFact) -> KnownFact:
    if fact.dismissed:
        raise MonitorError(f"fact {fact.id} is dismissed; undo that first: `policywatch corrections` says how")
    return fact


def _text(value: object) -> str | None:
    return None if value is None else f"{value}"


def _claim(said: Mapping[str, Any], canonical: str) -> Claim:
    region = Region(said["region_code"], said["region_name"]) if said["region_code"] else None
    return claims([_finding(said, canonical, region)])[0]


def _finding(said: Mapping[str, Any], canonical: str, region: Region | None) -> Finding:
    nowhere = Evidence(0, 0, "")
    if said["kind"] == "programme":
        return Programme(said["name"], said["type"], said["status"], nowhere, region=region, canonical=canonical)
    shared = {"deadline": said["deadline"], "region": region, "canonical": canonical}
    if said["kind"] == "designation":
        return Designation(said["name"], said["assertion"], nowhere, **shared)
    high = said["value_high"]
    return Quantity(
        said["assertion"],
        said["name"],
        said["comparator"],
        Decimal(said["value"]),
        nowhere,
        value_high=None if high is None else Decimal(high),
        unit=said["unit"],
        recurrence=said["recurrence"],
        **shared,
    )


def _twins(db: Connection, fact: KnownFact, claim: Claim) -> list[KnownFact]:
    """Known facts that say what the corrected one says from now on."""
    found = facts_by_key(db, (claim.key,))
    return [
        other
        for other in found
        if other.id != fact.id
        and claim.key in other.keys
        and not other.dismissed
        and any(agrees(claim.finding, version) for version in other.versions)
    ]


def _rename(db: Connection, fact: KnownFact, claim: Claim, new: Mapping[str, Any]) -> None:
    """Put the columns right, and lead to the fact by what is right; by what was misread too, but only to what was read."""
    words = {word for word, names in COLUMNS.items() if new.keys() & set(names)}
    columns = {name: value for name, value in new.items() if name not in FIGURE}
    figure = {"figure"} if new.keys() & set(FIGURE) else set()
    values = columns | {"by_hand": " ".join(sorted(fact.by_hand | words | figure))}
    if IDENTITY & words:
        values["fingerprint"] = f"{claim.key:016x}+{fact.id}"
        db.execute(update(FactKey).where(FactKey.fact_id == fact.id).values(misread=True))
    db.execute(update(Fact).where(Fact.id == fact.id).values(**values))
    rows = [{"key": key, "fact_id": fact.id, "misread": False} for key in claim.keys]
    upsert(db, FactKey, rows, renew=("misread",))


def _stand_in(db: Connection, fact: KnownFact, said: Mapping[str, Any], *, retold: bool) -> int:
    """The version that is told in the place of the current one, to all who were told that if it is `retold`; its id."""
    wrong = fact.current
    made = _saying(fact, said) or _add_version(db, fact, said)
    before = (FactVersion.id == wrong.id) | (FactVersion.stand_in_id == wrong.id)
    db.execute(update(FactVersion).where(before).values(stand_in_id=made))
    db.execute(update(FactVersion).where(FactVersion.about_id == wrong.id).values(about_id=made))
    put_down(db, fact.id)
    if retold:
        told = select(Receipt.subscriber).where(Receipt.version_id == wrong.id)
        db.execute(delete(Receipt).where(Receipt.version_id == made, Receipt.subscriber.in_(told)))
    else:
        _copy_receipts(db, wrong.id, made)
    return made


def _saying(fact: KnownFact, said: Mapping[str, Any]) -> int | None:
    """The other version of the fact that says so already: what it replaced, or what another source says."""
    _, *names = FIGURE  # whatever the comparator
    figure = [said[name] for name in names]
    others = [one for one in fact.versions if one.id != fact.current.id and one.stand_in is None]
    return next((one.id for one in others if [_text(getattr(one, name)) for name in names] == figure), None)


def _add_version(db: Connection, fact: KnownFact, said: Mapping[str, Any]) -> int:
    """One more version, like the current one but for its figure; its id."""
    row = db.execute(select(FactVersion.__table__).where(FactVersion.id == fact.current.id)).one()
    number = max(version.number for version in fact.versions) + 1
    values = {
        **row._mapping,
        "id": next_id(db, FactVersion),
        "number": number,
        **{name: said[name] for name in FIGURE},
    }
    db.execute(insert(FactVersion).values(**values))
    return int(values["id"])


def _copy_receipts(db: Connection, version: int, to: int) -> None:
    told = select(Receipt.subscriber, Receipt.message_id).where(Receipt.version_id == version)
    rows = [{"subscriber": one.subscriber, "message_id": one.message_id, "version_id": to} for one in db.execute(told)]
    upsert(db, Receipt, rows, on=("subscriber", "version_id"))


def _mark(db: Connection, fact: KnownFact, word: str, **values: Any) -> None:
    by_hand = " ".join(sorted(fact.by_hand | {word}))
    db.execute(update(Fact).where(Fact.id == fact.id).values(by_hand=by_hand, **values))


def _copy_fact(db: Connection, id: int) -> int:
    """Another fact that is led to by the same keys; its id."""
    row: Row[Any] = db.execute(select(Fact.__table__).where(Fact.id == id)).one()
    new = next_id(db, Fact)
    fingerprint = f"{row.fingerprint.partition('+')[0]}+{new}"
    db.execute(insert(Fact).values(**{**row._mapping, "id": new, "fingerprint": fingerprint}))
    for table in (FactKey, FactTheme):
        rows = db.execute(select(table.__table__).where(table.fact_id == id)).mappings()
        upsert(db, table, [{**row, "fact_id": new} for row in rows])
    return new


def _part_versions(db: Connection, fact: KnownFact, new: int, articles: Collection[int]) -> list[int]:
    """Give the new fact what these articles tell; ids of the versions that both facts have from now on."""
    copies: list[int] = []
    number = 0
    for version in fact.versions:
        told = set(db.execute(select(Sighting.article_id).where(Sighting.version_id == version.id)).scalars())
        if not told & set(articles):
            continue
        read = [one for one in fact.versions if one.stand_in == version.id]
        if told <= set(articles):
            for one in (*read, version):
                number += 1
                db.execute(update(FactVersion).where(FactVersion.id == one.id).values(fact_id=new, number=number))
            db.execute(update(Sighting).where(Sighting.version_id == version.id).values(fact_id=new))
            continue
        copy = _copy_version(db, version, new, number := number + 1)
        copies.append(copy)
        copies += [_copy_version(db, one, new, number := number + 1, stand_in=copy) for one in read]
        own = (Sighting.version_id == version.id, Sighting.article_id.in_(articles))
        db.execute(update(Sighting).where(*own).values(fact_id=new, version_id=copy))
    return copies


def _copy_version(db: Connection, version: KnownVersion, fact: int, number: int, stand_in: int | None = None) -> int:
    row = db.execute(select(FactVersion.__table__).where(FactVersion.id == version.id)).one()
    new = next_id(db, FactVersion)
    values = {**row._mapping, "id": new, "fact_id": fact, "number": number, "stand_in_id": stand_in}
    db.execute(insert(FactVersion).values(**values))
    _copy_receipts(db, version.id, new)
    return new


def _begin_life(db: Connection, fact: int, versions: Collection[int]) -> None:
    """Say anew what happened in a fact that lost some of these versions."""
    alone = (FactVersion.fact_id == fact, FactVersion.about_id.in_(versions))
    db.execute(update(FactVersion).where(*alone).values(event="new", about_id=None))
    right = (FactVersion.fact_id == fact, FactVersion.stand_in_id.is_(None))
    db.execute(update(FactVersion).where(*right).values(live=True))
    regroup.renew_life(db, (fact,))
