"""What people decided, as it takes part when facts and stories are sorted. Runs inside `Store.writing()`.

`Fact.by_hand` holds words: the columns that somebody corrected (name, unit, deadline, assertion, region, type, figure), `merged` and
`split`. No rule changes such a column, and no rule takes such a fact apart.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, column, delete, func, or_, select, union_all, update
from sqlalchemy.orm import aliased

from monitor.known import KnownFact
from monitor.store.handtables import Correction, FactsApart, StoryPair
from monitor.store.prepared import Prepared
from monitor.store.store import upsert
from monitor.store.stories import Place
from monitor.store.tables import ArticleRow, Fact, FactVersion, Sighting

# What is stored of each thing that can be corrected of a fact.
COLUMNS = {
    "name": ("name",),
    "unit": ("unit",),
    "deadline": ("deadline",),
    "assertion": ("assertion",),
    "region": ("region_code", "region_name"),
    "type": ("type",),
}

# What makes a fact another one: where one of these was misread, other values found under its old keys are none of its own.
IDENTITY = frozenset({"unit", "deadline", "assertion", "region"})


def corrected_of(by_hand: str, *, stands_in: bool) -> frozenset[str]:
    """What somebody corrected of a fact as a version tells it; its figure where the version stands in for another one."""
    return frozenset(by_hand.split()) & {*COLUMNS, *(("figure",) if stands_in else ())}


def stand_ins(db: Connection, facts: Collection[int]) -> frozenset[int]:
    """Ids of the versions of these facts that somebody put in the place of others."""
    if not facts:
        return frozenset()
    query = select(FactVersion.stand_in_id).where(FactVersion.fact_id.in_(facts), FactVersion.stand_in_id.is_not(None))
    return frozenset(id for id in db.execute(query).scalars() if id is not None)


def next_id(db: Connection, table: type[Fact | FactVersion]) -> int:
    """An id that is free, and was when anybody decided anything: what a decision took away comes back under its own when that is
    undone. The writer is alone."""
    ((last,),) = _LAST[table].rows(db, {})
    return int(last or 0) + 1


def are_apart(db: Connection, one: int, other: int) -> bool:
    """Whether somebody parted two facts."""
    pair = select(FactsApart.one_id).where(
        or_(
            (FactsApart.one_id == one) & (FactsApart.other_id == other),
            (FactsApart.one_id == other) & (FactsApart.other_id == one),
        )
    )
    return db.execute(pair).first() is not None


def part(db: Connection, one: int, other: int) -> None:
    upsert(db, FactsApart, [{"one_id": min(one, other), "other_id": max(one, other)}])


def unpart(db: Connection, one: int, other: int) -> None:
    pair = (FactsApart.one_id == min(one, other), FactsApart.other_id == max(one, other))
    db.execute(delete(FactsApart).where(*pair))


def inherited(db: Connection, into: KnownFact, gone: KnownFact) -> dict[str, Any]:
    """The columns of `into` once `gone` is merged into it, as far as people decided of either."""
    if not (into.by_hand or gone.by_hand or into.dismissed or gone.dismissed):
        return {}
    rows = {row.id: row for row in db.execute(select(Fact.__table__).where(Fact.id.in_((into.id, gone.id))))}
    values = {name: getattr(rows[into.id], name) for word in into.by_hand for name in COLUMNS.get(word, ())}
    for word in gone.by_hand - into.by_hand:
        values |= {name: getattr(rows[gone.id], name) for name in COLUMNS.get(word, ())}
    for row in db.execute(_APART, {"fact": gone.id}):
        other = row.other_id if row.one_id == gone.id else row.one_id
        if other != into.id:
            part(db, into.id, other)
    return values | {
        "by_hand": " ".join(sorted(into.by_hand | gone.by_hand)),
        "dismissed": into.dismissed or gone.dismissed,
    }


def put_down(db: Connection, fact: int) -> None:
    """Put down what articles tell of the versions that were put right to those that stand in for them."""
    wrong = select(FactVersion.id, FactVersion.stand_in_id)
    for id, right in db.execute(wrong.where(FactVersion.fact_id == fact, FactVersion.stand_in_id.is_not(None))).all():
        here = select(Sighting.article_id).where(Sighting.version_id == right)
        told = Sighting.version_id == id
        db.execute(update(Sighting).where(told, Sighting.article_id.not_in(here)).values(version_id=right))
        db.execute(delete(Sighting).where(told))
        db.execute(update(FactVersion).where(FactVersion.id == id).values(live=False))


def of_this_article(db: Connection, known: Sequence[KnownFact], article: int, here: Collection[int]) -> list[KnownFact]:
    """The known facts, less those that somebody parted from one that the article tells, or else its story."""
    parted = [fact.id for fact in known if "split" in fact.by_hand]
    if len(parted) < 2:
        return list(known)
    told = select(Sighting.fact_id).where(Sighting.article_id == article, Sighting.fact_id.in_(parted))
    own = set(db.execute(told).scalars()) or set(here)
    return [
        fact
        for fact in known
        if fact.id not in parted or fact.id in own or not any(are_apart(db, fact.id, one) for one in own)
    ]


def place_by_hand(db: Connection, place: Place, article: int | None) -> Place:
    """The place of an article, a stored one where it is given, as people want it: in the story of the articles that belong to
    it, and never with those that do not."""
    if article is None and len(place.united) < 2:
        return place
    linked = set(place.united)
    if article is not None:
        linked |= set(db.execute(_TOGETHER, {"article": article}).scalars()) - {None}
    apart = [set(row) for row in db.execute(_STORIES_APART, {"stories": list(linked), "article": article or 0})]
    kept: list[int] = []
    for story in sorted(linked):
        # Where the article itself was parted from one of the story's, its own place counts as 0.
        if not any({story, other} == pair for other in (0, *kept) for pair in apart):
            kept.append(story)
    return replace(place, story=min(kept, default=None), united=tuple(kept))


_LAST = {
    table: Prepared(
        select(func.max(column("id"))).select_from(
            union_all(select(func.max(table.id).label("id")), select(func.max(kept).label("id"))).subquery()
        )
    )
    for table, kept in ((Fact, Correction.last_fact), (FactVersion, Correction.last_version))
}
_APART = select(FactsApart.one_id, FactsApart.other_id).where(
    or_(FactsApart.one_id == bindparam("fact"), FactsApart.other_id == bindparam("fact"))
)
_ONE, _OTHER = aliased(ArticleRow), aliased(ArticleRow)
_ARTICLE: BindParameter[int] = bindparam("article")
_TOGETHER = (
    select(case((_ONE.id == _ARTICLE, _OTHER.story_id), else_=_ONE.story_id))
    .select_from(StoryPair)
    .join(_ONE, _ONE.id == StoryPair.one_id)
    .join(_OTHER, _OTHER.id == StoryPair.other_id)
    .where(StoryPair.together, or_(_ONE.id == _ARTICLE, _OTHER.id == _ARTICLE))
)
_STORIES: BindParameter[int] = bindparam("stories", expanding=True)
_STORIES_APART = (
    select(*(case((one.id == _ARTICLE, 0), else_=one.story_id) for one in (_ONE, _OTHER)))
    .select_from(StoryPair)
    .join(_ONE, _ONE.id == StoryPair.one_id)
    .join(_OTHER, _OTHER.id == StoryPair.other_id)
    .where(~StoryPair.together, or_(_ONE.story_id.in_(_STORIES), _OTHER.story_id.in_(_STORIES)))
)
