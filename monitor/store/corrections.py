"""The log of what people decided by hand: who, when, what, why, before and after; and how one decision is taken back.

What a decision does is written by `amend.py` and `amend_stories.py`. Runs inside `Store.writing()`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.errors import MonitorError
from monitor.store.handtables import Correction
from monitor.store.snapshots import Kept, parted, put_back
from monitor.store.store import upsert
from monitor.store.tables import Fact, FactVersion, Receipt

SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "approx": "≈"}


@dataclass(frozen=True, slots=True)
class Author:
    """Who decides, when, and for which reason."""

    name: str
    now: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What was decided and what it made; `retold`: readers are told what was put right."""

    action: str
    subject: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept: Kept
    version: int | None = None  # that another one stands in for
    facts: Sequence[int] = ()
    versions: Sequence[int] = ()
    retold: bool = False
    stories: Mapping[str, Any] = field(
        default_factory=dict
    )  # articles by id, with the story they were of, and their pairs


def record(db: Connection, made: Made, author: Author, concerned: Collection[int]) -> int:
    """Write a decision into the log; returns its number."""
    rows = made.kept.get("rows", {})
    apart = [row for row in parted(db, (*made.kept.get("facts", ()), *made.facts)) if row not in rows["facts_apart"]]
    own = {"facts": list(made.facts), "versions": list(made.versions), "apart": apart, "retold": made.retold}
    row = {
        "made": author.now,
        "author": author.name,
        "why": author.why,
        "action": made.action,
        "subject": made.subject,
        "version_id": made.version,
        "concerned": sorted(concerned),
        "before": dict(made.before),
        "after": dict(made.after),
        "kept": {"facts": made.kept, "made": own, "stories": dict(made.stories)},
        "last_fact": max((*made.kept.get("facts", ()), *made.facts), default=None),
        "last_version": max((*(row["id"] for row in rows.get("fact_version", ())), *made.versions), default=None),
    }
    return int(db.execute(insert(Correction).values(**row).returning(Correction.id)).scalar_one())


def corrections(db: Connection) -> Iterator[Row[Any]]:
    """The whole log, the newest first."""
    yield from db.execute(select(Correction.__table__).order_by(Correction.id.desc()))


def by_hand(db: Connection, facts: Collection[int]) -> dict[int, list[int]]:
    """Numbers of the decisions in force about each of these facts, the oldest first."""
    found: dict[int, list[int]] = {}
    standing = select(Correction.id, Correction.concerned, Correction.action).where(Correction.undone.is_(None))
    for row in db.execute(standing.order_by(Correction.id)):
        for fact in set(row.concerned) & set(facts) if not is_of_stories(row.action) else ():
            found.setdefault(fact, []).append(row.id)
    return found


def is_of_stories(action: str) -> bool:
    return action.endswith(("story", "stories"))


def standing(db: Connection, number: int) -> Row[Any]:
    """The decision of that number, which may be taken back. Raises MonitorError where it is not, or is built upon."""
    row = db.execute(select(Correction.__table__).where(Correction.id == number)).first()
    if row is None:
        raise MonitorError(f"no correction {number}; `policywatch corrections` shows them")
    if row.undone is not None:
        raise MonitorError(f"correction {number} was undone already, by {row.undone_by}")
    later = select(Correction).where(Correction.id > number, Correction.undone.is_(None)).order_by(Correction.id.desc())
    touched = {*row.kept["facts"].get("facts", ()), *row.kept["made"]["facts"]}
    for other in db.execute(later):
        own = {*other.kept["facts"].get("facts", ()), *other.kept["made"]["facts"]}
        stories = is_of_stories(row.action) and is_of_stories(other.action) and {*row.concerned} & {*other.concerned}
        if touched & own or stories:
            raise MonitorError(f"correction {other.id} builds on correction {number}; undo that one first")
    _must_be_there(db, row)
    return row


def _must_be_there(db: Connection, row: Row[Any]) -> None:
    """A fact that rules made one with another since cannot be brought back to what it was alone."""
    left = {fact["id"] for fact in row.after.get("facts", ())}
    found = set(db.execute(select(Fact.id).where(Fact.id.in_(left))).scalars())
    if gone := left - found:
        raise MonitorError(
            f"fact {min(gone)} has become one with another fact since, so that correction {row.id} cannot be undone; "
            "correct or split that one instead"
        )


def take_back(db: Connection, row: Row[Any], author: Author) -> None:
    """Bring the facts back as they were before it; their articles are to be judged again after that."""
    made = row.kept["made"]
    if made["retold"]:
        # Who was told what it put right believes that: what comes back has to be told again.
        told = select(Receipt.subscriber).where(Receipt.version_id.in_(made["versions"]))
        receipts = set(db.execute(told).scalars())
        kept = row.kept["facts"]["rows"]
        kept["receipt"] = [
            one for one in kept["receipt"] if one["version_id"] != row.version_id or one["subscriber"] not in receipts
        ]
        gone = (Receipt.version_id == row.version_id, Receipt.subscriber.in_(receipts))
        db.execute(Receipt.__table__.delete().where(*gone))  # type: ignore[attr-defined]
    if row.kept["facts"]:
        put_back(db, row.kept["facts"], made["facts"], made["versions"], made["apart"])
    undone = {"undone": author.now, "undone_by": author.name}
    db.execute(update(Correction).where(Correction.id == row.id).values(**undone))


def told_before(db: Connection, versions: Collection[int], subscriber: str) -> dict[int, tuple[Row[Any], str | None]]:
    """For versions that were put right: what the subscriber was told last in their place, and for which deadline."""
    if not versions:
        return {}
    told = db.execute(_TOLD_WRONG.where(_WRONG.c.stand_in_id.in_(versions), Receipt.subscriber == subscriber))
    return {row.stand_in_id: (row, row.before["facts"][0]["deadline"]) for row in told}


def spare(db: Connection, version: int) -> None:
    """Whoever was told last, in the place of this version, what it says is told nothing: a correction was corrected back."""
    told = {row.subscriber: row for row in db.execute(_TOLD_WRONG.where(_WRONG.c.stand_in_id == version))}
    fact = select(Fact.deadline, *FactVersion.__table__.columns).join(FactVersion, FactVersion.fact_id == Fact.id)
    right = db.execute(fact.where(FactVersion.id == version)).one()
    rows = [
        {"subscriber": subscriber, "message_id": row.message_id, "version_id": version}
        for subscriber, row in told.items()
        if (row.value, row.value_high, row.status) == (right.value, right.value_high, right.status)
        and row.before["facts"][0]["deadline"] == right.deadline
    ]
    upsert(db, Receipt, rows, on=("subscriber", "version_id"))


def described(db: Connection, facts: Collection[int]) -> dict[str, Any]:
    """The facts as people read them in the log."""
    rows = db.execute(select(Fact.__table__).where(Fact.id.in_(facts)).order_by(Fact.id))
    return {"facts": [_fact(db, row) for row in rows]}


_WRONG = FactVersion.__table__.alias()
# What was told of versions that were put right, the last one last.
_TOLD_WRONG = (
    select(_WRONG, Correction.before, Receipt.subscriber, Receipt.message_id)
    .join(Receipt, Receipt.version_id == _WRONG.c.id)
    .join(Correction, Correction.version_id == _WRONG.c.id)
    .where(Correction.undone.is_(None))
    .order_by(_WRONG.c.id)
)


def _fact(db: Connection, row: Row[Any]) -> dict[str, Any]:
    live = (FactVersion.live.desc(), FactVersion.said.desc(), FactVersion.number.desc())
    version = db.execute(select(FactVersion.__table__).where(FactVersion.fact_id == row.id).order_by(*live)).first()
    figure = ("comparator", "value", "value_high", "status")
    columns = (
        "id",
        "kind",
        "name",
        "assertion",
        "type",
        "unit",
        "deadline",
        "recurrence",
        "region_code",
        "region_name",
    )
    said = {name: getattr(row, name) for name in columns} | {name: getattr(version, name, None) for name in figure}
    sign = SIGNS.get(said["comparator"] or "")
    amount = "".join(filter(None, (sign, said["value"], said["value_high"] and f"-{said['value_high']}", said["unit"])))
    text = " ".join(filter(None, (row.region_name, row.name, amount, row.type, said["status"], row.deadline)))
    return said | {"dismissed": row.dismissed, "text": text}
