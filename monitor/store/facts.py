"""Writes what `novelty` decided: facts, their versions and who told them. Runs inside `Store.writing()`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from monitor.canonical import printed_period
from monitor.claims import Claim, digits, keys_of, last_day, status_of, undated_key
from monitor.domain import Finding, Programme, Quantity
from monitor.events import origin_of
from monitor.known import KnownFact, KnownVersion, exactness
from monitor.novelty import Context, Decision
from monitor.publishers import ISSUER
from monitor.store.byhand import IDENTITY, next_id, of_this_article
from monitor.store.known import facts_by_key, told_facts, told_in
from monitor.store.prepared import Prepared
from monitor.store.regroup import merge, renew_life, split
from monitor.store.store import upserting
from monitor.store.tables import ArticleRow, ArticleTelling, Fact, FactKey, FactTheme, FactVersion, Sighting
from monitor.text import searchable

# Of a sighting, where its article is judged again.
RENEWED = ("start", "end", "name", "sentence", "themes", "dropped", "folded")


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells the facts. `kin` are stories of other forms of its document; `alone`: no other article tells its story, nor one of
    these; `alerts`: readers may still be told; `first`: it was never judged before; `edited`: it was, with another text."""

    article: int
    story: int
    said: str
    seen: datetime
    alerts: bool
    alone: bool
    first: bool
    edited: bool
    kin: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of facts."""

    new: tuple[int, ...]
    revised: tuple[int, ...]


def read_context(db: Connection, said: Sequence[Claim], teller: Teller) -> Context:
    """Everything stored that the claims have to be compared with."""
    known = facts_by_key(db, (key for claim in said for key in claim.look)) if said else []
    if teller.alone or not said:
        return Context(known)
    stories = (teller.story, *teller.kin)
    told = told_in(db, stories)
    here = frozenset(fact for fact, where in told.items() if teller.story in where)
    known = of_this_article(db, known, teller.article, here)
    return Context(known, here, lambda ids: told_facts(db, ids, stories), frozenset(told) - here)


def write(db: Connection, decisions: Sequence[Decision], teller: Teller, context: Context) -> Written:
    """Add new facts and versions, and make the article's sightings exactly those decided."""
    fresh = [decision for decision in decisions if decision.fact is None]
    added = _add_facts(db, fresh, teller)
    facts = [decision.fact.id if decision.fact else added.pop(0) for decision in decisions]
    told = list(zip(facts, decisions, strict=True))
    versions = _add_versions(db, told, teller, context)
    _add_keys(db, told)
    rows = [
        _sighting(decision.claim.finding, teller) | {"fact_id": fact, "version_id": version}
        for (fact, decision), version in zip(told, versions, strict=True)
    ]
    gone = set() if teller.first else _drop_sightings(db, teller, keep=set(versions))
    _TOLD.many(db, rows)
    _keep_themes(db, rows, set() if teller.first else gone | set(facts))
    _regroup(db, told, teller, context)
    revised = [decision.fact.id for decision in decisions if decision.fact and decision.version is None]
    return Written(tuple(fact for fact, decision in told if decision.fact is None), tuple(revised))


def _regroup(db: Connection, told: Sequence[tuple[int, Decision]], teller: Teller, context: Context) -> None:
    """What the article makes of older facts: they are one, or several, they were told earlier, or more exactly."""
    changed = {fact for fact, decision in told if decision.fact and decision.version is None}
    for fact, decision in told:
        if decision.fact and decision.version:
            changed |= {fact} if _refine(db, decision, decision.version, teller, context) else set()
        for twin in decision.same:
            merge(db, fact, twin)
            changed.add(fact)
    for fact in dict.fromkeys(decision.split for _, decision in told if decision.split):
        split(db, fact)
    if changed:
        renew_life(db, changed)


def _refine(db: Connection, decision: Decision, version: KnownVersion, teller: Teller, context: Context) -> bool:
    """Bring a known version up to date with the article; whether its place in the life of its fact may be another now."""
    fact, claim = decision.fact, decision.claim
    if fact is None:
        return False
    finding = claim.finding
    values: dict[str, Any] = {}
    if last_day(teller.said) < last_day(version.said):
        values["said"] = teller.said
    put_right = version.id in {one.stand_in for one in fact.versions}
    if _says_more(finding, version) and not put_right:
        values |= _said(finding)
    if isinstance(finding, Quantity) and finding.assertion == "actual" and version.event == "new":
        values |= _event(claim, min(teller.said, version.said), context)
    if values:
        db.execute(update(FactVersion).where(FactVersion.id == version.id).values(**values))
    if known := _fuller(db, fact, claim, teller, context):
        db.execute(update(Fact).where(Fact.id == fact.id).values(**known))
    return len(fact.versions) > 1  # who tells it takes part in what it is


def _says_more(finding: Finding, version: KnownVersion) -> bool:
    if isinstance(finding, Quantity):
        known = (version.value, version.comparator)
        mine = (finding.value, finding.comparator)
        return mine != known and exactness(*mine, None) > exactness(*known, None)
    status = status_of(finding) if isinstance(finding, Programme) else None
    return exactness(None, None, status) > exactness(None, None, version.status)


def _fuller(db: Connection, fact: KnownFact, claim: Claim, teller: Teller, context: Context) -> dict[str, Any]:
    """What an article adds to a fact: the period of a programme, the year of a figure, the place of most articles that tell it."""
    finding = claim.finding
    known: dict[str, Any] = {}
    if isinstance(finding, Programme) and printed_period(finding.name) and not printed_period(fact.name):
        known = {"name": finding.name}
    if isinstance(finding, Quantity) and finding.deadline and fact.deadline is None and "deadline" not in fact.by_hand:
        known = {"deadline": finding.deadline}
        if finding.assertion == "target":
            known["fingerprint"] = _fingerprint(claim)
            db.execute(delete(FactKey).where(FactKey.fact_id == fact.id, FactKey.key == undated_key(finding)))
    if isinstance(finding, Quantity) and (finding.assertion, fact.assertion) == ("actual", "target"):
        known["assertion"] = "actual"  # a copy that lost its date promises what was reached
    if "region" not in fact.by_hand:
        known |= _moved(db, fact, claim, teller.article, context)
    return {name: value for name, value in known.items() if name.partition("_")[0] not in fact.by_hand}


def _moved(db: Connection, fact: KnownFact, claim: Claim, article: int, context: Context) -> dict[str, Any]:
    """The place of the claim, where more articles say so than tell the fact of another one, or the same number and the issuer
    among them: what copies lost their place, and what an office's site added its own to, is the fact of its original."""
    region = claim.finding.region
    if region is None or region.code == fact.region_code or {one.id for one in context.under((claim.key,))} - {fact.id}:
        return {}
    rows = db.execute(_PLACES, {"fact": fact.id}).all()
    told = [(row.places.split() or [region.code] * (row.article_id == article), row.standing) for row in rows]

    def weight(code: str) -> tuple[int, int, int, str]:
        here = [standing == ISSUER for places, standing in told if code in places]
        return len(here), sum(here), len(code.rstrip("0")), code

    if fact.region_code and weight(fact.region_code) > weight(region.code):
        return {}
    first, last = keys_of(region.code)
    foreign = (FactKey.fact_id == fact.id, ~FactKey.key.between(first, last), ~FactKey.misread)
    db.execute(delete(FactKey).where(*foreign))
    _KEYS.many(db, [{"key": key, "fact_id": fact.id} for key in claim.keys])
    return {"region_code": region.code, "region_name": region.name, "fingerprint": _fingerprint(claim)}


def _add_facts(db: Connection, decisions: Sequence[Decision], teller: Teller) -> list[int]:
    """Ids of the facts added, in the order of the decisions."""
    rows = [_fact_row(decision.claim) | {"first_seen": teller.seen} for decision in decisions]
    return _add(db, Fact, rows)


def _add_versions(db: Connection, told: Sequence[tuple[int, Decision]], teller: Teller, context: Context) -> list[int]:
    """The id of the version that each decision stands for, in their order."""
    rows = [
        _version_row(decision, teller, context) | {"fact_id": fact}
        for fact, decision in told
        if decision.version is None
    ]
    added = iter(_add(db, FactVersion, rows))
    return [decision.version.id if decision.version else next(added) for _, decision in told]


def _add(db: Connection, table: type[Fact | FactVersion], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Ids of the rows added. The writer is alone, so it may choose them: to be told them costs more than to add the rows."""
    if not rows:
        return []
    first = next_id(db, table)
    ids = list(range(first, first + len(rows)))
    _ADD[table].many(db, [row | {"id": id} for row, id in zip(rows, ids, strict=True)])
    return ids


def _add_keys(db: Connection, told: Sequence[tuple[int, Decision]]) -> None:
    """The keys of this wording; an undated wording of a dated target leads to it by its subject only."""
    rows = [
        {"key": key, "fact_id": fact}
        for fact, decision in told
        if not _says_less(decision)
        for key in decision.claim.keys
        if decision.fact is None or key not in decision.fact.keys
    ]
    _KEYS.many(db, rows)


def _says_less(decision: Decision) -> bool:
    """A fact that somebody put right is led to by what is read of it only as far as it was misread so before, and no fact by
    the place that a copy was given."""
    finding, fact = decision.claim.finding, decision.fact
    if fact is not None and (IDENTITY & fact.by_hand or fact.region_code != (finding.region and finding.region.code)):
        return True
    return isinstance(finding, Quantity) and fact is not None and finding.deadline is None and fact.deadline is not None


def _fact_row(claim: Claim) -> dict[str, Any]:
    finding = claim.finding
    quantity = finding if isinstance(finding, Quantity) else None
    programme = finding if isinstance(finding, Programme) else None
    return {
        "fingerprint": _fingerprint(claim),
        "kind": finding.kind,
        "name": _name(finding),
        "assertion": None if isinstance(finding, Programme) else finding.assertion,
        "type": programme.type if programme else None,
        "unit": quantity.unit if quantity else None,
        "deadline": None if isinstance(finding, Programme) else finding.deadline,
        "recurrence": quantity.recurrence if quantity else None,
        "region_code": finding.region.code if finding.region else None,
        "region_name": finding.region.name if finding.region else None,
        "plural": claim.several,
    }


def _fingerprint(claim: Claim) -> str:
    """Unique: the key, with the value where that is part of the identity, and the period of a programme."""
    finding = claim.finding
    if isinstance(finding, Quantity) and (claim.plural or claim.several):
        return f"{claim.key:016x}={digits(finding.value)}-{digits(finding.value_high) or ''}"
    period = printed_period(finding.name) if isinstance(finding, Programme) else ""
    return f"{claim.key:016x}{period}"


def _name(finding: Finding) -> str:
    return finding.metric if isinstance(finding, Quantity) else finding.name


def _version_row(decision: Decision, teller: Teller, context: Context) -> dict[str, Any]:
    claim, fact = decision.claim, decision.fact
    event = {"event": "new", "about_id": None} if fact else _event(claim, teller.said, context)
    return {
        **_said(claim.finding),
        **event,
        "number": max(version.number for version in fact.versions) + 1 if fact else 1,
        "said": teller.said,
        "first_seen": teller.seen,
        "alerts": teller.alerts,
        "live": True,
    }


def _event(claim: Claim, said: str, context: Context) -> dict[str, Any]:
    event, about = origin_of(claim, said, context) or ("new", None)
    return {"event": event, "about_id": about}


def _said(finding: Finding) -> dict[str, Any]:
    quantity = finding if isinstance(finding, Quantity) else None
    return {
        "comparator": quantity.comparator if quantity else None,
        "value": digits(quantity.value) if quantity else None,
        "value_high": digits(quantity.value_high) if quantity else None,
        "status": status_of(finding) if isinstance(finding, Programme) else None,
    }


def _sighting(finding: Finding, teller: Teller) -> dict[str, Any]:
    return {
        "article_id": teller.article,
        "start": finding.evidence.start,
        "end": finding.evidence.end,
        "name": _name(finding),
        "sentence": finding.evidence.text,
        "themes": list(finding.themes),
        "seen": teller.seen,
        "dropped": None,
        "folded": searchable(_name(finding), finding.evidence.text),
    }


def _drop_sightings(db: Connection, teller: Teller, *, keep: Collection[int]) -> set[int]:
    """Facts that the article told before and tells no more.

    An edited article keeps the old quote, marked, because it proves the older version; where only our rules changed it was
    never a fact of this article.
    """
    told = select(Sighting.id, Sighting.version_id, Sighting.fact_id).where(Sighting.article_id == teller.article)
    gone = [row for row in db.execute(told.where(Sighting.dropped.is_(None))) if row.version_id not in keep]
    if gone:
        these = Sighting.id.in_([row.id for row in gone])
        change = update(Sighting).values(dropped=teller.seen) if teller.edited else delete(Sighting)
        db.execute(change.where(these))
    return {row.fact_id for row in gone}


def _keep_themes(db: Connection, rows: Sequence[Mapping[str, Any]], again: Collection[int]) -> None:
    """The themes of a fact are those of all its sightings; for facts of an article judged again they are gathered anew."""
    pairs = {(row["fact_id"], theme) for row in rows for theme in row["themes"]}
    if again:
        told = select(Sighting.fact_id, Sighting.themes).where(Sighting.fact_id.in_(again))
        pairs = {(row.fact_id, theme) for row in db.execute(told) for theme in row.themes}
        db.execute(delete(FactTheme).where(FactTheme.fact_id.in_(again)))
    _THEMES.many(db, [{"fact_id": fact, "theme_id": theme} for fact, theme in sorted(pairs)])


# Made once: building a statement costs more than running it.
_KEYS, _THEMES = (Prepared(upserting(table)) for table in (FactKey, FactTheme))
_PLACES = (
    select(ArticleTelling.article_id, ArticleTelling.places, ArticleRow.standing)
    .join(ArticleRow, ArticleRow.id == ArticleTelling.article_id)
    .join(Sighting, Sighting.article_id == ArticleTelling.article_id)
    .where(Sighting.fact_id == bindparam("fact"))
)
_ADD = {table: Prepared(insert(table)) for table in (Fact, FactVersion)}
_TOLD = Prepared(upserting(Sighting, ("version_id", "article_id"), RENEWED))
