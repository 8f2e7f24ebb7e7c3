"""One replay: the stream as it comes, the same shuffled within each day, and all of it a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks.replay.feed import EVENING, Feed, Remembering, Told, shuffled
from benchmarks.replay.places import read_world
from benchmarks.replay.score import Score, score
from benchmarks.replay.seeddocument import PUBLISHED, read_document
from benchmarks.replay.stored import canonical, dump, read_stored
from benchmarks.replay.stream import LAST, draw_stream
from monitor.domain import Article
from monitor.ingest import ingest
from monitor.judge import Judge
from monitor.seeds import load_seeds
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reordered` counts stories and facts that came out otherwise in another order, `changed` rows that taking in all
    again changed and items that it told; `document` is None where the seed document is not there."""

    score: Score
    told: Sequence[Told]
    pages: int
    texts: int
    sites: int
    reordered: int
    changed: int
    document: bool | None
    seconds: float

    def in_words(self) -> str:
        """What bears no bar."""
        done = self.score
        return (
            f"{self.pages:,} pages of {self.texts} texts on {self.sites} sites, {self.pages / self.seconds:.0f} a second of processor; "
            f"of {done.planted:,} planted facts {done.found:,} were found at their originals ({done.found / done.planted:.1%}); "
            f"{done.apart} of {done.facts} told apart into several; {done.untold} revisions told in no form; "
            f"{done.repeats} repeats among facts that were not planted; "
            f"contradictions recognised: {done.share('contradicted'):.2f} of {done.events['contradicted']}"
        )


def replay(seed: int, articles: int, folder: Path) -> Outcome:
    """Run it in databases of its own."""
    arrivals = draw_stream(seed, articles)
    judge = Judge(load_seeds(shipped_sources=False))
    with Store.open(_database(folder, "as-it-came")) as store, Store.open(_database(folder, "shuffled")) as other:
        feed, again = _feed(store, judge), _feed(other, judge)
        feed.run(arrivals)
        stored, told = read_stored(store), tuple(feed.told)
        done = score(arrivals, feed, stored)
        again.run(list(shuffled(Random(seed), arrivals)))  # noqa: S311
        mine, theirs = canonical(stored), canonical(read_stored(other))
        reordered = sum(len(one ^ two) for one, two in zip(mine, theirs, strict=True))
        seconds = feed.seconds
        before = dump(store)
        feed.take(arrivals)
        after = dump(store)
        feed.tell(LAST + EVENING)
    return Outcome(
        score=done,
        told=told,
        pages=len(arrivals),
        texts=len({one.original.story for one in arrivals}),
        sites=len({one.article.source for one in arrivals}),
        reordered=reordered,
        changed=sum(len(before[table] ^ after[table]) for table in before) + len(feed.told) - len(told),
        document=is_one_story(folder, judge),
        seconds=seconds,
    )


def _feed(store: Store, judge: Judge) -> Feed:
    second_hand = frozenset(site.id for site in read_world().media if site.second_hand)
    return Feed(store, Remembering(judge), second_hand)


def is_one_story(folder: Path, judge: Judge) -> bool | None:
    """Whether the spun seed document and its plain text are one story."""
    documents = read_document()
    if documents is None:
        return None
    now = datetime.fromisoformat(PUBLISHED).replace(tzinfo=UTC)
    stories = set()
    with Store.open(_database(folder, "document")) as store:
        for number, (title, text) in enumerate(documents):
            url = f"https://document.example/{number}"
            article = Article(title, text, url=url, published=PUBLISHED)
            stories.add(ingest(article, key=url, store=store, judge=judge, page_hash=None, now=now).story)
    return len(stories) == 1


def _database(folder: Path, name: str) -> str:
    return f"sqlite:///{folder / name}.sqlite"
