"""Finds the story that an article tells, and makes one of two stories that it joins. Runs inside `Store.writing()`.

A story is a set of articles of which each is a copy of another; its id is that of its first article.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from monitor.copies import is_copy, is_kin, may_be_copy
from monitor.store.prepared import Prepared
from monitor.store.tables import ArticleRow, ArticleTelling, StoryMark
from monitor.tellings import Signature, Telling

# Articles that bear a mark at most: the next ones are found through these, and what thousands bear is page furniture.
BEARERS = 24
NEAREST, ROUNDS = 12, 4  # articles that share most marks, of which so many are compared at once, and how often at most
EACH = 6  # of one story, unless one is a copy


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs: the story, None for one of its own, and all stories that are this one from now on."""

    story: int | None
    united: tuple[int, ...]
    marks: tuple[int, ...]  # those of its marks that are to be kept
    kin: tuple[int, ...] = ()  # stories that are other forms of its document


def find_place(db: Connection, telling: Telling, signature: Signature) -> Place:
    """Compare the article with those stored that may be copies; it must not be among them."""
    linked = {story for (story,) in _SAME.rows(db, {"hash": signature.text_hash})}
    bearers = _bearers(db, signature.marks)
    kin: set[int] = set()
    for story, other in _compared(db, telling, _nearest(bearers), linked):
        if is_copy(telling, other):
            linked.add(story)
        elif is_kin(telling, other):
            kin.add(story)
    marks = tuple(mark for mark in signature.marks if len(bearers.get(mark, ())) < BEARERS)
    return Place(min(linked, default=None), tuple(sorted(linked)), marks, tuple(sorted(kin - linked)))


def settle(db: Connection, id: int, place: Place, *, fresh: bool) -> int:
    """Put the article into its story, and all of the stories it joins into the first of them. A `fresh` one was added as of its
    story."""
    story = id if place.story is None else place.story
    if place.story is None or not fresh:
        _MOVE.many(db, [{"article": id, "story": story}])
    if len(place.united) > 1:
        db.execute(_UNITE, {"stories": place.united, "story": story})
    return story


def leave(db: Connection, id: int, story: int) -> None:
    """Take an article that is another one now out of its story; what stays behind has another first article perhaps."""
    _MOVE.many(db, [{"article": id, "story": None}])
    if story == id and (heir := db.execute(_REST, {"story": story}).scalar()) is not None:
        db.execute(_UNITE, {"stories": [story], "story": heir})


def keep_telling(db: Connection, id: int, telling: Telling, marks: Sequence[int]) -> None:
    _TELLING.many(db, [{"article_id": id, **packed(telling)}])
    _MARKS.many(db, [{"mark": mark, "article_id": id} for mark in marks])


def packed(telling: Telling) -> dict[str, str | bytes]:
    """The columns that hold it."""
    words, figures, sentences = telling.packed()
    places, named = " ".join(sorted(telling.places)), " ".join(sorted(telling.named))
    parts = {"words": words, "figures": figures, "sentences": sentences}
    return {"title": telling.title, **parts, "places": places, "named": named}


def drop_telling(db: Connection, id: int, marks: Sequence[int]) -> None:
    """Forget by which marks, those of its old text, the article was found."""
    db.execute(delete(StoryMark).where(StoryMark.mark.in_(marks), StoryMark.article_id == id))
    db.execute(delete(ArticleTelling).where(ArticleTelling.article_id == id))


def _bearers(db: Connection, marks: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for mark, article in _BEARERS.rows(db, {"marks": marks}) if marks else ():
        found.setdefault(mark, []).append(article)
    return found


def _nearest(bearers: Mapping[int, Sequence[int]]) -> list[int]:
    """The articles that share most marks; one that few bear says more than what stands in every report of its kind."""
    shared: dict[int, float] = {}
    for articles in bearers.values():
        for article in articles:
            shared[article] = shared.get(article, 0.0) + 1 / len(articles)
    return sorted(shared, key=lambda article: (-shared[article], article))[: NEAREST * ROUNDS]


def _compared(
    db: Connection, telling: Telling, nearest: Sequence[int], linked: set[int]
) -> Iterator[tuple[int, Telling]]:
    """Story and telling of the nearest articles that may be copies, each story a few times at most and none that is `linked` by then.
    Where one story has more of them than that, other stories stand behind it: the next ones are looked at too."""
    tries: Counter[int] = Counter()
    for start in range(0, len(nearest), NEAREST):
        articles = nearest[start : start + NEAREST]
        rows = {article: (story, packed) for article, story, *packed in _TELLINGS.rows(db, {"articles": articles})}
        for article in filter(rows.__contains__, articles):
            story, (title, *parts, places, named) = rows[article]
            tries[story] += 1
            if tries[story] <= EACH and story not in linked and may_be_copy(telling, parts[0]):
                yield story, Telling.unpacked(title, parts, places.split(), named.split())
        if max(tries.values(), default=0) <= EACH:
            return


_SAME = Prepared(
    select(ArticleRow.story_id)
    .where(ArticleRow.text_hash == bindparam("hash"), ArticleRow.story_id.is_not(None))
    .order_by(ArticleRow.id)
    .limit(1)
)
_BEARERS = Prepared(
    select(StoryMark.mark, StoryMark.article_id).where(StoryMark.mark.in_(bindparam("marks", expanding=True))), "marks"
)
_TELLINGS = Prepared(
    select(
        ArticleTelling.article_id,
        ArticleRow.story_id,
        ArticleTelling.title,
        ArticleTelling.words,
        ArticleTelling.figures,
        ArticleTelling.sentences,
        ArticleTelling.places,
        ArticleTelling.named,
    )
    .join(ArticleRow, ArticleRow.id == ArticleTelling.article_id)
    .where(ArticleTelling.article_id.in_(bindparam("articles", expanding=True)), ArticleRow.story_id.is_not(None)),
    "articles",
)
_MOVE = Prepared(update(ArticleRow).where(ArticleRow.id == bindparam("article")).values(story_id=bindparam("story")))
_TELLING, _MARKS = Prepared(insert(ArticleTelling)), Prepared(insert(StoryMark))
_UNITE = (
    update(ArticleRow)
    .where(ArticleRow.story_id.in_(bindparam("stories", expanding=True)))
    .values(story_id=bindparam("story"))
)
_REST = select(ArticleRow.id).where(ArticleRow.story_id == bindparam("story")).order_by(ArticleRow.id).limit(1)
