"""What a subscriber is still to be told: the facts that match and have no receipt, with everyone who told them.

"Matched and without a receipt", never "seen inside a time window": a window loses what is matched late. Reads only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from monitor.domain import Attachment, file_at
from monitor.store.articles import read_files
from monitor.store.byhand import corrected_of, stand_ins
from monitor.store.corrections import told_before
from monitor.store.delivery import EVER, Subscription, Wanted
from monitor.store.filters import of_articles, of_facts
from monitor.store.series import Point, series_of
from monitor.store.store import chunks
from monitor.store.tables import (
    ArticleReceipt,
    ArticleRow,
    ArticleTheme,
    Fact,
    FactTheme,
    FactVersion,
    Receipt,
    Sighting,
)

LOOK_BACK = timedelta(days=30)  # by which a reader is told how much a subscription will bring


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
    file: Attachment | None = None  # that the sentence stands in, if not in the article itself
    page: int | None = None  # of the file
    standing: int = 0  # whose word it is, best first (publishers.py)


@dataclass(frozen=True, slots=True)
class Beside:
    """The version that another is told beside: what it replaces, the target it answers, or what it contradicts."""

    version_id: int
    amount: Amount
    deadline: str | None
    report: Report | None  # its best proof
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A fact version a subscriber has no receipt for, with what it is told beside and everyone who tells it."""

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
    event: str = "new"  # revised, status, result, contradicted; corrected for who was told what somebody put right
    beside: Beside | None = None
    series: tuple[Point, ...] = ()  # the values of its metric over the years, where there are three
    corrected: bool = False  # somebody put it right: it may say something else than its quote


def pending(session: Session, subscription: Subscription, *, backfill: bool = False) -> tuple[Pending, ...]:
    """Current versions that an article still tells, concern the subscriber and have no receipt, oldest first.

    What was first seen before the subscription was made, or was old news when first seen, needs `backfill`.
    """
    found: list[Pending] = []
    rows = session.execute(_unread(subscription, backfill=backfill).order_by(FactVersion.id)).all()
    for some in chunks([(row[0], row[1]) for row in rows]):
        parts = _put_right(session, _with_parts(session, some), subscription.email)
        found += _with_series(session, parts)
    return tuple(found)


def pending_articles(session: Session, subscription: Subscription, *, backfill: bool = False) -> tuple[Report, ...]:
    """Articles without a fact that concern the subscriber and have no receipt, oldest first; of copies the first one."""
    if "article" not in subscription.kinds:
        return ()  # most ask for none: putting the question together would take as long as an answer
    query = _unread_articles(subscription, backfill=backfill).with_only_columns(*_SHOWN).order_by(ArticleRow.id)
    rows = session.execute(query).all()
    terms = _terms(session, {row.article_id for row in rows})
    return tuple(
        Report(
            row.article_id,
            row.url,
            row.title,
            row.source_id,
            row.publisher,
            row.published,
            sentence="",
            terms=terms.get(row.article_id, {}),
        )
        for row in rows
    )


def latest(session: Session, wanted: Wanted, most: int) -> tuple[Pending, ...]:
    """The current versions that were news and concern somebody who wants this, received or not, newest first."""
    query = _matching(wanted, since=EVER).order_by(FactVersion.id.desc()).limit(most)
    return tuple(_with_parts(session, [(row[0], row[1]) for row in session.execute(query)]))


def has_pending(session: Session, subscription: Subscription, *, backfill: bool = False) -> bool:
    """Whether there is anything to tell: asked every few seconds, so nothing is loaded."""
    unread: ColumnElement[bool] = _unread(subscription, backfill=backfill).exists()
    if "article" in subscription.kinds:
        unread = or_(unread, _unread_articles(subscription, backfill=backfill).exists())
    return bool(session.scalar(select(unread)))


def expected(session: Session, wanted: Wanted, now: datetime) -> tuple[int, int]:
    """How many facts and articles the last days would have brought, and how many days these are: 30, less in a young store."""
    oldest = session.scalar(select(func.min(ArticleRow.first_seen)))
    if oldest is None:
        return 0, 0
    span = min(max(now - oldest, timedelta(days=1)), LOOK_BACK)
    since = now - span
    facts = _matching(wanted, since=since).subquery()
    articles = _matching_articles(wanted, since=since).subquery()
    count = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (facts, articles))
    return count, max(span.days, 1)


def _unread(subscription: Subscription, *, backfill: bool) -> Select[Fact, FactVersion]:
    received = exists().where(Receipt.version_id == FactVersion.id, Receipt.subscriber == subscription.email)
    return _matching(subscription, since=None if backfill else subscription.created).where(~received)


def _unread_articles(subscription: Subscription, *, backfill: bool) -> Select[ArticleRow]:
    copy = aliased(ArticleRow)
    received = exists().where(
        ArticleReceipt.subscriber == subscription.email,
        ArticleReceipt.article_id == copy.id,
        copy.story_id == ArticleRow.story_id,
    )
    # What was told of it and dismissed later was news of this article all the same.
    told = exists().where(
        copy.story_id == ArticleRow.story_id,
        Sighting.article_id == copy.id,
        Fact.id == Sighting.fact_id,
        Fact.dismissed,
        Receipt.version_id == Sighting.version_id,
        Receipt.subscriber == subscription.email,
    )
    return _matching_articles(subscription, since=None if backfill else subscription.created).where(~received, ~told)


def _matching_articles(wanted: Wanted, *, since: datetime | None) -> Select[ArticleRow]:
    query = select(ArticleRow).where(ArticleRow.story_id == ArticleRow.id, *of_articles(wanted))
    if since is not None:
        query = query.where(ArticleRow.alerts.is_(True), ArticleRow.first_seen >= since)
    return query


def _matching(wanted: Wanted, *, since: datetime | None) -> Select[Fact, FactVersion]:
    """What was first seen since then and was news; everything where no moment is given."""
    # What its only article took back before the digest went out is no news any more.
    told = exists().where(Sighting.version_id == FactVersion.id, Sighting.dropped.is_(None))
    query = (
        select(Fact, FactVersion)
        .join(FactVersion, and_(FactVersion.fact_id == Fact.id, FactVersion.live))
        .where(told, Fact.dismissed.is_(False), *of_facts(wanted))
    )
    if since is not None:
        query = query.where(FactVersion.alerts.is_(True), FactVersion.first_seen >= since)
    return query


def _with_parts(session: Session, rows: Sequence[tuple[Fact, FactVersion]]) -> list[Pending]:
    facts = [fact.id for fact, _ in rows]
    themes = _themes(session, facts)
    reports = _reports(session, [version.id for _, version in rows])
    right = stand_ins(session.connection(), [fact.id for fact, _ in rows if fact.by_hand])
    beside = _beside(session, [version.about_id for _, version in rows if version.about_id is not None])
    return [
        replace(
            _pending(fact, version, themes.get(fact.id, ()), beside.get(version.about_id or 0), reports[version.id]),
            corrected=bool(corrected_of(fact.by_hand, stands_in=version.id in right)),
        )
        for fact, version in rows
    ]


def _put_right(session: Session, facts: Sequence[Pending], subscriber: str) -> list[Pending]:
    """The facts; one that the subscriber was told before somebody corrected it as a revision of what was told."""
    wrong = told_before(session.connection(), [fact.version_id for fact in facts if fact.corrected], subscriber)
    told = []
    for fact in facts:
        if fact.version_id not in wrong:
            told.append(fact)
            continue
        version, deadline = wrong[fact.version_id]
        beside = Beside(version.id, _amount(version), deadline, None, fact.fact_id)
        told.append(replace(fact, event="corrected", previous=beside.amount, beside=beside))
    return told


def _with_series(session: Session, facts: Iterable[Pending]) -> list[Pending]:
    """The facts, each target and each result of one with the values of its metric over the years."""
    targets = {
        fact.version_id: fact.beside.fact_id if fact.event == "result" and fact.beside else fact.fact_id
        for fact in facts
        if fact.kind == "quantity" and (fact.event == "result" or (fact.assertion == "target" and fact.deadline))
    }
    found = series_of(session, set(targets.values()))
    return [
        replace(fact, series=series) if (series := found.get(targets.get(fact.version_id, 0))) else fact
        for fact in facts
    ]


def _themes(session: Session, facts: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in session.scalars(select(FactTheme).where(FactTheme.fact_id.in_(facts)).order_by(FactTheme.theme_id)):
        found[row.fact_id] = (*found.get(row.fact_id, ()), row.theme_id)
    return found


def _reports(session: Session, versions: Sequence[int], *, taken_back: bool = False) -> dict[int, tuple[Report, ...]]:
    """Who tells each version, and with `taken_back` who did; a report of an earlier one would prove the old value."""
    query = (
        select(Sighting.version_id, Sighting.sentence, Sighting.name, Sighting.start, Sighting.dropped, *_SHOWN)
        .join(ArticleRow, ArticleRow.id == Sighting.article_id)
        .where(Sighting.version_id.in_(versions), true() if taken_back else Sighting.dropped.is_(None))
        .order_by(Sighting.id)
    )
    rows = session.execute(query).all()
    terms = _terms(session, {row.article_id for row in rows})
    found: dict[int, list[Report]] = {}
    for row in rows:
        # What was taken back has lost its place.
        known = file_at(read_files(row.attachments), row.start) if row.dropped is None else None
        file, page = known or (None, None)
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
            file,
            page,
            row.standing,
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
    ArticleRow.attachments,
    ArticleRow.standing,
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


def _beside(session: Session, versions: Sequence[int]) -> dict[int, Beside]:
    """The versions that others are told beside, by id, each with its best proof."""
    if not versions:
        return {}
    reports = _reports(session, versions, taken_back=True)
    query = select(FactVersion, Fact.deadline).join(Fact, Fact.id == FactVersion.fact_id)
    return {
        version.id: Beside(version.id, _amount(version), deadline, best(reports.get(version.id, ())), version.fact_id)
        for version, deadline in session.execute(query.where(FactVersion.id.in_(versions)))
    }


def best(reports: Sequence[Report]) -> Report | None:
    """The report nearest to whoever issued it, the first among equals."""
    return min(reports, key=lambda report: report.standing, default=None)


def _amount(version: FactVersion | Row[Any]) -> Amount:
    return Amount(version.comparator, version.value, version.value_high, version.status)


def _pending(
    fact: Fact,
    version: FactVersion,
    themes: tuple[str, ...],
    beside: Beside | None,
    reports: tuple[Report, ...],
) -> Pending:
    replaces = beside is not None and version.event in ("revised", "status")
    if "name" in fact.by_hand.split():
        reports = tuple(replace(report, name=fact.name) for report in reports)
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
        previous=beside.amount if beside and replaces else None,
        first_seen=version.first_seen,
        reports=reports,
        event=version.event,
        beside=beside,
    )
