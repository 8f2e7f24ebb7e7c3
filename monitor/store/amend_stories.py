"""What people decide of a story: two are one, or one is two. Runs inside `Store.writing()`.

The decision is kept for each article, and has its say whenever one of them is placed again or another copy arrives.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from monitor.errors import MonitorError
from monitor.store.corrections import Author, Made, record
from monitor.store.handtables import StoryPair
from monitor.store.known import told_in
from monitor.store.regroup import unite_stories
from monitor.store.snapshots import keep
from monitor.store.store import upsert
from monitor.store.tables import ArticleRow

Pair = tuple[int, int]


def members(db: Connection, story: int) -> dict[int, str]:
    """The articles of a story with their titles, the first one first. Raises MonitorError where there is no such story."""
    rows = db.execute(
        select(ArticleRow.id, ArticleRow.title).where(ArticleRow.story_id == story).order_by(ArticleRow.id)
    )
    found = {row.id: row.title for row in rows}
    if not found:
        raise MonitorError(f"no story {story}; `policywatch articles` shows the story of each article")
    return found


def merge(db: Connection, story: int, other: int, author: Author) -> int:
    """Say that two stories are one; its id is that of its first article. Returns the decision's number."""
    if story == other:
        raise MonitorError(f"story {story} cannot be merged with itself; name two stories")
    one, twin = members(db, story), members(db, other)
    first = min(story, other)
    kept, before = _keep(db, (*one, *twin)), _described(db, (story, other))
    facts = keep(db, told_in(db, (story, other)))
    _forget(db, one, twin)
    _remember(db, ((first, article) for article in (*one, *twin) if article != first), together=True)
    unite_stories(db, (story, other), first)
    _move(db, (*one, *twin), first)
    made = Made("merge stories", story, before, _described(db, (first,)), facts, stories=kept)
    return record(db, made, author, (*one, *twin))


def split(db: Connection, story: int, articles: Collection[int], author: Author) -> int:
    """Say that these articles tell another story than the rest. Returns the decision's number."""
    every = members(db, story)
    if strange := set(articles) - every.keys():
        raise MonitorError(
            f"article {min(strange)} is not of story {story}; `policywatch stories show {story}` lists those that are"
        )
    rest = [id for id in every if id not in set(articles)]
    if not rest:
        raise MonitorError(f"story {story} has no other article: there is nothing to split")
    kept, before = _keep(db, every), _described(db, (story,))
    _forget(db, articles, rest)
    _remember(db, product(articles, rest), together=False)
    for group in (articles, rest):
        _move(db, group, min(group))
    after = _described(db, (min(rest), min(articles)))
    return record(db, Made("split story", story, before, after, {}, stories=kept), author, every)


def put_back(db: Connection, kept: Mapping[str, Any]) -> None:
    """Bring the articles back into the stories they were of."""
    stories = {int(id): story for id, story in kept["stories"].items()}
    for id, story in stories.items():
        _move(db, (id,), story)
    db.execute(delete(StoryPair).where(or_(StoryPair.one_id.in_(stories), StoryPair.other_id.in_(stories))))
    upsert(db, StoryPair, kept["pairs"])


def _keep(db: Connection, articles: Collection[int]) -> dict[str, Any]:
    stories = db.execute(select(ArticleRow.id, ArticleRow.story_id).where(ArticleRow.id.in_(articles)))
    pairs = select(StoryPair.__table__).where(or_(StoryPair.one_id.in_(articles), StoryPair.other_id.in_(articles)))
    return {
        "stories": {str(row.id): row.story_id for row in stories},
        "pairs": [dict(row) for row in db.execute(pairs).mappings()],
    }


def _forget(db: Connection, some: Collection[int], others: Collection[int]) -> None:
    """What was decided of any of these articles and any of those."""
    for first, second in ((some, others), (others, some)):
        db.execute(delete(StoryPair).where(StoryPair.one_id.in_(first), StoryPair.other_id.in_(second)))


def _remember(db: Connection, pairs: Iterable[Pair], *, together: bool) -> None:
    rows = [{"one_id": min(pair), "other_id": max(pair), "together": together} for pair in pairs]
    upsert(db, StoryPair, rows, renew=("together",))


def _move(db: Connection, articles: Collection[int], story: int) -> None:
    db.execute(update(ArticleRow).where(ArticleRow.id.in_(articles)).values(story_id=story))


def _described(db: Connection, stories: Collection[int]) -> dict[str, Any]:
    rows: list[Row[Any]] = list(
        db.execute(
            select(ArticleRow.story_id, ArticleRow.id, ArticleRow.title)
            .where(ArticleRow.story_id.in_(stories))
            .order_by(ArticleRow.id)
        )
    )
    return {
        "stories": [
            {
                "id": story,
                "articles": [row.id for row in rows if row.story_id == story],
                "text": next(row.title for row in rows if row.story_id == story),
            }
            for story in sorted({row.story_id for row in rows})
        ]
    }
