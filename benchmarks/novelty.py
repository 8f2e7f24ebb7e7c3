"""novelty: processor time of deciding story and facts for one article, with 10,000 and with 1,000,000 articles stored in SQLite."""

import gc
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from random import Random

from rensa import RMinHash, RMinHashLSH

from benchmarks.figures import Figure
from benchmarks.texts import joined
from monitor.domain import Article, Judgement, Region, RegionMatch
from monitor.ingest import ingest
from monitor.judge import Judge
from monitor.seeds import load_seeds
from monitor.store import Store
from monitor.tellings import BANDS, MARK, ROWS, dictionary, read_telling

FEW, MANY = 10_000, 1_000_000
LENGTH = 2_500  # characters
PROBES, ROUNDS = 40, 3  # articles taken in, each followed by a repost, and how often
MARKS = 41  # of an article of this length: 24 bands, 10 sentences, the rest runs of figures and its title
CHANCE = 100  # of a million other articles, those that share a band with one: measured as in monitor/tellings.py
FACTS = 1  # stored for each article: most pages tell none, or what another told
WORDS, FIGURES = 420, 40  # of an article's telling
FIGURED = 0.4  # of the sentences that hold a figure
OWN, COMMON = 260, 100  # words of a text, its own and everybody's


@dataclass(frozen=True, slots=True)
class Probe:
    article: Article
    judgement: Judgement


class Known:
    """Hands out the judgements made before the clock starts."""

    version = "benchmark"

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._known = {probe.article.title: probe.judgement for probe in probes}

    def judge(self, article: Article) -> Judgement:
        return self._known[article.title]


def measure() -> Sequence[Figure]:
    rounds = list(_rounds())
    peer = min(_rensa(probes) for probes in rounds)
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_cost(Path(folder), stored, rounds) for stored in (FEW, MANY))
    name = "rensa's LSH in memory, 10,000 texts, ms"
    return (
        Figure("one article, 1,000,000 stored", many, 3, "at most", "ms", name, peer),
        Figure("one article, 10,000 stored", few, 3, "at most", "ms", name, peer),
        Figure("times the cost with 10,000", many / few, 1.5, "at most", "times"),
    )


def _rounds() -> Iterator[Sequence[Probe]]:
    """For each round new articles, each with a repost that adds a line and leaves out the end. Their facts are those of the replicas'
    articles moved to other places, their words are drawn from the dictionary."""
    judge, dice = Judge(load_seeds(shipped_sources=False)), Random(7)  # noqa: S311
    judged = [judge.judge(article) for article in joined(LENGTH, lambda article: bool(judge.judge(article).findings))]
    words = sorted(dictionary().values())
    Random(1).shuffle(words)  # noqa: S311
    for number in range(ROUNDS):
        probes: list[Probe] = []
        for place, judgement in enumerate(islice(cycle(judged), PROBES)):
            told = Article(f"第{number}之{place}号消息", _text(dice, words), published="2026-11-23", publisher="某报")
            said = _moved(judgement, Region(f"9{number}{place:04d}", "某市"))
            repost = replace(told, title=f"转载：{told.title}", text=f"本文转自网络。\n{told.text[: LENGTH * 4 // 5]}")
            probes += [Probe(told, said), Probe(repost, said)]
        yield probes


def _text(dice: Random, words: Sequence[str]) -> str:
    """Half of its words stand in every text, the others are its own: some 420, of which 0.1 are shared with another text."""
    own, sentences = dice.sample(words, OWN), list[str]()
    while sum(map(len, sentences)) < LENGTH:
        told = [dice.choice(own if dice.random() < 0.5 else words[:COMMON]) for _ in range(dice.randint(8, 20))]
        told.insert(dice.randrange(len(told)), f"{dice.randint(10, 99_999)}家" if dice.random() < FIGURED else "")
        sentences.append("".join(told) + dice.choice(("。", "，", "。\n")))
    return "".join(sentences)


def _moved(judgement: Judgement, region: Region) -> Judgement:
    targets = tuple(replace(one, region=region) for one in judgement.targets)
    programmes = tuple(replace(one, region=region) for one in judgement.programmes)
    return replace(judgement, targets=targets, programmes=programmes, regions=(RegionMatch(region, "subject", ()),))


def _cost(folder: Path, stored: int, rounds: Sequence[Sequence[Probe]]) -> float:
    """Milliseconds of processor time for one article, the best round."""
    path = folder / f"{stored}.sqlite"
    Store.open(f"sqlite:///{path}").close()
    _fill(path, stored, [probe for probes in rounds for probe in probes])
    with Store.open(f"sqlite:///{path}") as store:
        costs = [_take_in(store, probes) for probes in rounds]
    path.unlink()
    return min(costs)


def _take_in(store: Store, probes: Sequence[Probe]) -> float:
    judge, now = Known(probes), datetime.now(UTC)
    gc.collect()
    gc.freeze()  # what the benchmark holds is no part of what is measured
    start = time.process_time()
    for probe in probes:
        ingest(probe.article, key=probe.article.title, store=store, judge=judge, page_hash=None, now=now)
    return (time.process_time() - start) * 1000 / len(probes)


def _rensa(probes: Sequence[Probe]) -> float:
    """Milliseconds to sign a text, look it up and add it, with 10,000 others there."""
    index = RMinHashLSH(threshold=0.5, num_perm=ROWS * BANDS, num_bands=BANDS)
    for number in range(FEW):
        index.insert(number, _signed([f"{number}-{word}" for word in range(WORDS)]))
    texts = [[probe.article.text[at : at + 2] for at in range(len(probe.article.text))] for probe in probes]
    start = time.process_time()
    for number, words in enumerate(texts):
        signature = _signed(words)
        index.query(signature)
        index.insert(FEW + number, signature)
    return (time.process_time() - start) * 1000 / len(texts)


def _signed(words: list[str]) -> RMinHash:
    sketch = RMinHash(num_perm=ROWS * BANDS, seed=1)
    sketch.update(words)
    return sketch


def _fill(path: Path, stored: int, probes: Sequence[Probe]) -> None:
    """Rows made by the database itself, in the order of its keys; chance meetings with each probe planted among them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN")
        step = 256**MARK // (stored * MARKS)
        sizes = {"stored": stored, "step": step, "words": 4 * WORDS, "figures": 12 * FIGURES, "now": NOW}
        for many, insert in FILL:
            db.execute(SERIES + insert, sizes | {"rows": stored * many})
        db.executemany("INSERT OR IGNORE INTO story_mark VALUES (?, ?)", _meetings(stored, probes))
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
    with path.open("rb+") as file:
        os.fsync(file.fileno())  # else the first to be taken in would pay for it


def _meetings(stored: int, probes: Sequence[Probe]) -> Iterator[tuple[int, int]]:
    for place, probe in enumerate(probes):
        marks = read_telling(probe.article.title, probe.article.text, ())[1].marks
        for meeting in range(CHANCE * stored // MANY + 1):
            yield marks[-1 - meeting % BANDS], 1 + (place * 104_729 + meeting * 7_919) % stored


NOW = "2026-11-24 01:00:00.000000"
SERIES = "WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < :rows) "
FILL = (  # rows for each article, and how they are made
    (
        1,
        """INSERT INTO article (id, key, title, text, text_hash, story_id, published, attachments, first_seen, fetched,
            judged_with, source_id)
        SELECT n, printf('https://a.example/%09d', n), 'title', '', printf('%016x', n * 18446744073), n, '2026-11-20', '[]',
            :now, :now, 'benchmark', 'source' || (n % 500) FROM row""",
    ),
    (
        1,
        """INSERT INTO article_telling (article_id, title, words, figures, sentences, places, named)
        SELECT n, 'title', randomblob(:words), randomblob(:figures), randomblob(100), '', '' FROM row""",
    ),
    (MARKS, "INSERT INTO story_mark SELECT n * :step + abs(random() % :step), 1 + n * 7919 % :stored FROM row"),
    (
        FACTS,
        """INSERT INTO fact (id, fingerprint, kind, name, assertion, unit, deadline, region_code, region_name, first_seen)
        SELECT n, printf('%016x', n), 'quantity', 'name' || n, 'target', '家', '2028-12-31',
            printf('%06d', 320000 + n % 3000), '某市', :now FROM row""",
    ),
    (
        FACTS,
        """INSERT INTO fact_version (id, fact_id, number, comparator, value, said, first_seen, alerts)
        SELECT n, n, 1, 'eq', n % 5000, '2026-11-20', :now, 1 FROM row""",
    ),
    (FACTS * 3, "INSERT INTO fact_key (key, fact_id) SELECT n * 1000000007, 1 + n / 3 % :stored FROM row"),
    (
        FACTS,
        """INSERT INTO sighting (fact_id, version_id, article_id, start, "end", name, sentence, themes, seen)
        SELECT n, n, 1 + n * 7919 % :stored, 0, 40, 'name', 'sentence', '[]', :now FROM row""",
    ),
)
