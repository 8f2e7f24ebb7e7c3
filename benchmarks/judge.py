"""judge: processor time of judging an article of 2,500 characters, against jieba and one regular expression a term."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.figures import ROOT, Figure, processor_seconds, run_python
from benchmarks.texts import articles, joined
from monitor.judge import Judge
from monitor.seeds import Theme, load_seeds

LENGTH = 2_500  # characters
MEMORY = """
import resource
from monitor.judge import Judge
from monitor.seeds import load_seeds
from benchmarks.texts import articles
judge = Judge(load_seeds(shipped_sources=False))
for article in articles():
    judge.judge(article)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure() -> Sequence[Figure]:
    seeds = load_seeds(shipped_sources=False)
    judge = Judge(seeds)
    texts = joined(LENGTH, lambda article: bool(judge.judge(article).findings))
    characters = sum(len(article.text) for article in texts)
    ours = processor_seconds(lambda: [judge.judge(article) for article in texts]) * LENGTH / characters * 1000
    theirs = processor_seconds(_peer([article.text for article in texts], seeds.themes), 3) * LENGTH / characters * 1000
    facts = sum(len(judge.judge(article).findings) for article in texts) * LENGTH / characters
    quiet = [article for article in articles() if not judge.judge(article).findings]
    rest = sum(len(article.text) for article in quiet)
    plain = processor_seconds(lambda: [judge.judge(article) for article in quiet]) * LENGTH / rest * 1000
    peer = "jieba + a regex a term, ms"
    return (
        Figure("times as fast as jieba", theirs / ours, 10, "at least", "times", peer, theirs),
        Figure(f"an article with {facts:.0f} facts", ours, 2, "at most", "ms", peer, theirs),
        Figure("an article with none", plain, 2, "at most", "ms", peer, theirs),
        Figure("memory with all dictionaries", float(run_python(MEMORY)), 300, "at most", "MB"),
        Figure("analyze of one file", _start_up(), 1.5, "at most", "s"),
    )


def _peer(texts: Sequence[str], themes: Sequence[Theme]) -> Callable[[], None]:
    """What a plain script would do: cut with jieba and search each term."""
    import jieba

    jieba.initialize()
    terms = {term for theme in themes for term in (*theme.strong, *theme.weak)}
    patterns = [re.compile(re.escape(term)) for term in terms]

    def work() -> None:
        for text in texts:
            list(jieba.cut(text))
            for pattern in patterns:
                pattern.findall(text)

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
