"""judge: processor time of judging an article of 2,500 characters, against jieba and one regular expression a term.

The peer is what a plain script would do: cut the text with jieba and search it for each term with a regular expression of
its own, all compiled before. It is measured twice. With the terms of the themes alone it does a part of our work, since a
judgement also finds every place of the gazetteer; with the names of the places too it looks for what our automata look for,
and so that ratio is the one with the bar of ten. What the peer finds it only lists, where a judgement goes on to say whose
each fact is, what it promises and by when.

Three kinds of article: reports with facts (some twelve in 2,500 characters), news of other kinds, which has none and is soon
passed over, and policy prose without a fact, at which every rule looks in vain.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.figures import ROOT, Figure, processor_seconds, run_python
from benchmarks.texts import PROSE, articles, joined, repeated
from monitor.domain import Article
from monitor.gazetteer import load_divisions
from monitor.judge import Judge
from monitor.seeds import load_seeds

LENGTH = 2_500  # characters
MEMORY = """
import resource
import jieba
from monitor.judge import Judge
from monitor.seeds import load_seeds
from benchmarks.texts import articles
judge = Judge(load_seeds(shipped_sources=False))
for article in articles():
    judge.judge(article)
jieba.Tokenizer().initialize()  # as the first doubtful term would
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure() -> Sequence[Figure]:
    # First, because the peak of a child begins at what its parent holds.
    memory, start_up = float(run_python(MEMORY)), _start_up()
    seeds = load_seeds(shipped_sources=False)
    judge = Judge(seeds)

    def has_facts(article: Article) -> bool:
        return bool(judge.judge(article).findings)

    def milliseconds(texts: Sequence[Article]) -> float:
        return _for_length(texts, lambda: [judge.judge(article) for article in texts])

    told = joined(LENGTH, has_facts)
    facts = sum(len(judge.judge(article).findings) for article in told) * LENGTH / sum(map(_length, told))
    quiet = [repeated(article, LENGTH) for article in articles() if not has_facts(article)]
    themes = {term for theme in seeds.themes for term in (*theme.strong, *theme.weak, *theme.none)}
    some = _for_length(told, _peer(told, themes))
    every = _for_length(told, _peer(told, themes | set(load_divisions().sought())))
    ours, other, prose = milliseconds(told), milliseconds(quiet), milliseconds([repeated(PROSE, LENGTH)])
    peer = "jieba + a regex a term, ms"
    return (
        Figure("times as fast, themes and places", every / ours, 10, "at least", "times", peer, every),
        Figure("times as fast, themes only", some / ours, 1, "at least", "times", peer, some),
        Figure(f"an article with {facts:.0f} facts", ours, 2, "at most", "ms", peer, every),
        Figure("an article with none", other, 2, "at most", "ms", peer, every),
        Figure("policy prose with none", prose, 2, "at most", "ms", peer, every),
        Figure("memory with all dictionaries", memory, 300, "at most", "MB"),
        Figure("analyze of one file", start_up, 1.5, "at most", "s"),
    )


def _length(article: Article) -> int:
    return len(article.text)


def _for_length(texts: Sequence[Article], work: Callable[[], object]) -> float:
    """Milliseconds that `work`, which reads all the texts, takes for LENGTH characters."""
    return processor_seconds(work) * LENGTH / sum(map(_length, texts)) * 1000


def _peer(texts: Sequence[Article], terms: Iterable[str]) -> Callable[[], None]:
    import jieba

    jieba.initialize()
    patterns = [re.compile(re.escape(term)) for term in sorted(terms)]

    def work() -> None:
        for article in texts:
            list(jieba.cut(article.text))
            for pattern in patterns:
                pattern.findall(article.text)

    return work


def _start_up() -> float:
    """Seconds that `policywatch analyze` takes on one file, the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "article.txt")
        file.write_text(f"{articles()[0].title}\n\n{articles()[0].text}\n", encoding="utf-8")
        command = [sys.executable, "-m", "monitor", "analyze", str(file), "--json"]
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            best = min(best, time.perf_counter() - start)
    return best
