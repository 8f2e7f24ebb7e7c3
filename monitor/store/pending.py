"""What a subscriber is still to be told: the facts that match and have no receipt, with everyone who told them.

"Matched and without a receipt", never "seen inside a time window": a window loses what is matched late. Reads only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from monitor.store.delivery import EVER, Subscription
from monitor.store.places import within
from monitor.store.store import chunks
from monitor.store.tables import ArticleRow, ArticleTheme, Fact, FactTheme, FactVersion, Receipt, Sighting

# Reported figures can be asked for in the store; a digest brings what is promised and what is offered.
DELIVERED = ("target", "support")
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Amount:
    """What one version of a fact said."""

    comparator: str | None
    value: str | None  # decimal digits, base units
    value_high: str | None
    status: str | None  # of a programme


@dataclass(frozen=True, slots=True)
class Report:
    """One article that tells the version of a fact that is current."""

    article_id: int
    url: str | None
    title: str
    source: str | None
    publisher: str | None
    published: str | None
    sentence: str
    terms: Mapping[str, str] = field(default_factory=dict)  # theme id -> the words by which the article was found
    name: str = ""  # the fact's name in the article's own words


@dataclass(frozen=True, slots=True)
class Pending:
    """A fact version a subscriber has no receipt for, with what it replaces and everyone who tells it."""

    version_id: int
    fact_id: int
    kind: str
    name: str
    assertion: str | None
    type: str | None
    unit: str | None
    deadline: str | None
    recurrence: str | None
    region_code: str | None
    region_name: str | None
    themes: tuple[str, ...]
    amount: Amount
    previous: Amount | None
    first_seen: datetime
    reports: tuple[Report, ...]  # never none, the first to tell it first


def pending(session: Session, subscription: Subscription, *, backfill: bool = False) -> tuple[Pending, ...]:
    """Current versions that an article still tells, concern the subscriber and have no receipt, oldest first.

    What was first seen before the subscription was made, or was old news when first seen, needs `backfill`.
    """
    found: list[Pending] = []
    rows = session.execute(_unread(subscription, backfill=backfill).order_by(FactVersion.id)).all()
    for some in chunks([(row[0], row[1]) for row in rows]):
        found += _with_parts(session, some)
    return tuple(found)


def has_pending(session: Session, subscription: Subscription, *, backfill: bool = False) -> bool:
    """Whether there is anything to tell: asked every few seconds, so nothing is loaded."""
    return bool(session.scalar(select(_unread(subscription, backfill=backfill).exists())))


def weekly_volume(session: Session, subscription: Subscription, now: datetime) -> tuple[float, int]:
    """How many facts a week the subscription would have brought, and over how many days (28 at most) that was seen."""
    oldest = session.scalar(select(func.min(FactVersion.first_seen)))
    if oldest is None:
        return 0.0, 0
    span = min(max(now - oldest, timedelta(days=1)), 4 * WEEK)
    ever = replace(subscription, created=EVER)
    matching = _matching(ever, backfill=False).where(FactVersion.first_seen >= now - span)
    count = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    return count / max(span / WEEK, 1.0), max(span.days, 1)


def _unread(subscription: Subscription, *, backfill: bool) -> Select[Fact, FactVersion]:
    received = exists().where(Receipt.version_id == FactVersion.id, Receipt.subscriber == subscription.email)
    return _matching(subscription, backfill=backfill).where(~received)


def _matching(subscription: Subscription, *, backfill: bool) -> Select[Fact, FactVersion]:
    newest = (
        select(func.max(FactVersion.number)).where(FactVersion.fact_id == Fact.id).correlate(Fact).scalar_subquery()
    )
    # What its only article took back before the digest went out is no news any more.
    told = exists().where(Sighting.version_id == FactVersion.id, Sighting.dropped.is_(None))
    query = (
        select(Fact, FactVersion)
        .join(FactVersion, and_(FactVersion.fact_id == Fact.id, FactVersion.number == newest))
        .where(told, or_(Fact.kind == "programme", Fact.assertion.in_(DELIVERED)))
    )
    if subscription.themes:
        themed = FactTheme.theme_id.in_(subscription.themes)
        query = query.where(exists().where(FactTheme.fact_id == Fact.id, themed))
    if subscription.regions:
        query = query.where(or_(*(within(Fact.region_code, code) for code in subscription.regions)))
    if not backfill:
        query = query.where(FactVersion.alerts.is_(True), FactVersion.first_seen >= subscription.created)
    return query


def _with_parts(session: Session, rows: Sequence[tuple[Fact, FactVersion]]) -> list[Pending]:
    facts = [fact.id for fact, _ in rows]
    themes = _themes(session, facts)
    reports = _reports(session, [version.id for _, version in rows])
    earlier = _previous(session, [(fact.id, version.number) for fact, version in rows])
    return [
        _pending(fact, version, themes.get(fact.id, ()), earlier.get(fact.id), reports[version.id])
        for fact, version in rows
    ]


def _themes(session: Session, facts: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in session.scalars(select(FactTheme).where(FactTheme.fact_id.in_(facts)).order_by(FactTheme.theme_id)):
        found[row.fact_id] = (*found.get(row.fact_id, ()), row.theme_id)
    return found


def _reports(session: Session, versions: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    """Who tells each version; a report of an earlier one would prove the old value."""
    query = (
        select(Sighting.version_id, Sighting.sentence, Sighting.name, *_SHOWN)
        .join(ArticleRow, ArticleRow.id == Sighting.article_id)
        .where(Sighting.version_id.in_(versions), Sighting.dropped.is_(None))
        .order_by(Sighting.id)
    )
    rows = session.execute(query).all()
    terms = _terms(session, {row.article_id for row in rows})
    found: dict[int, list[Report]] = {}
    for row in rows:
        report = Report(
            row.article_id,
            row.url,
            row.title,
            row.source_id,
            row.publisher,
            row.published,
            row.sentence,
            terms.get(row.article_id, {}),
            row.name,
        )
        found.setdefault(row.version_id, []).append(report)
    return {version: tuple(reports) for version, reports in found.items()}


_SHOWN: tuple[Any, ...] = (
    ArticleRow.id.label("article_id"),
    ArticleRow.url,
    ArticleRow.title,
    ArticleRow.source_id,
    ArticleRow.publisher,
    ArticleRow.published,
)


def _terms(session: Session, articles: set[int]) -> dict[int, dict[str, str]]:
    """The first words by which each article was found to speak of a theme."""
    found: dict[int, dict[str, str]] = {}
    for some in chunks(sorted(articles)):
        query = select(ArticleTheme.article_id, ArticleTheme.theme_id, ArticleTheme.evidence)
        for article, theme, evidence in session.execute(query.where(ArticleTheme.article_id.in_(some))):
            if evidence:
                found.setdefault(article, {})[theme] = evidence[0]["text"]
    return found


def _previous(session: Session, current: Sequence[tuple[int, int]]) -> dict[int, Amount]:
    """The version before the current one, for facts that have one."""
    numbers = {fact: number - 1 for fact, number in current if number > 1}
    rows = session.scalars(select(FactVersion).where(FactVersion.fact_id.in_(numbers)))
    return {row.fact_id: _amount(row) for row in rows if row.number == numbers[row.fact_id]}


def _amount(version: FactVersion) -> Amount:
    return Amount(version.comparator, version.value, version.value_high, version.status)


def _pending(
    fact: Fact,
    version: FactVersion,
    themes: tuple[str, ...],
    previous: Amount | None,
    reports: tuple[Report, ...],
) -> Pending:
    return Pending(
        version_id=version.id,
        fact_id=fact.id,
        kind=fact.kind,
        name=fact.name,
        assertion=fact.assertion,
        type=fact.type,
        unit=fact.unit,
        deadline=fact.deadline,
        recurrence=fact.recurrence,
        region_code=fact.region_code,
        region_name=fact.region_name,
        themes=themes,
        amount=_amount(version),
        previous=previous,
        first_seen=version.first_seen,
        reports=reports,
    )
