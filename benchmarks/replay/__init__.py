"""replay: six months of reposts, follow-ups and revisions on forty sites: what is told twice, missed or taken for another.

`REPLAY_SEED` and `REPLAY_ARTICLES` choose the stream (a seed of the hour and 3,000), `REPLAY_FAULTS` names a file for every fault.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.figures import Figure
from benchmarks.replay.run import Outcome, replay

ARTICLES = 3_000
SHOWN = 20  # faults printed


def measure() -> Sequence[Figure]:
    seed = int(os.environ.get("REPLAY_SEED") or time.time())
    articles = int(os.environ.get("REPLAY_ARTICLES") or ARTICLES)
    print(f"REPLAY_SEED={seed} REPLAY_ARTICLES={articles}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        outcome = replay(seed, articles, Path(folder))
    _say_faults(outcome, Random(seed))  # noqa: S311
    return _figures(outcome)


def _say_faults(outcome: Outcome, dice: Random) -> None:
    faults = outcome.score.problems
    if file := os.environ.get("REPLAY_FAULTS"):
        Path(file).write_text("\n".join(faults) + "\n", encoding="utf-8")
    for fault in dice.sample(faults, min(SHOWN, len(faults))):
        print(fault, file=sys.stderr)
    print(outcome.in_words(), file=sys.stderr)


def _figures(outcome: Outcome) -> Sequence[Figure]:
    score = outcome.score
    told = f"of {len(outcome.told):,} told"
    figures = [
        Figure("duplicate alerts", score.duplicates, 0, "at most", peer=told),
        Figure(
            "missed revisions", 100 * (1 - score.share("revised")), 1, "at most", "%", f"of {score.events['revised']}"
        ),
        Figure(
            "false merges of facts",
            100 * score.merged / max(score.facts, 1),
            0.5,
            "at most",
            "%",
            f"of {score.facts:,}",
        ),
        Figure("story pairs, precision", score.story_precision, 0.995, "at least"),
        Figure("story pairs, recall", score.story_recall, 0.98, "at least"),
        Figure("spun copies, recall", score.spun_known / max(score.spun, 1), 0.95, "at least", peer=f"of {score.spun}"),
        Figure("results recognised", score.share("result"), 0.9, "at least", peer=f"of {score.events['result']}"),
        Figure(
            "changes of status recognised", score.share("status"), 0.9, "at least", peer=f"of {score.events['status']}"
        ),
        Figure("stories and facts that the order within a day changes", outcome.reordered, 0, "at most"),
        Figure("rows that taking in all a second time changes", outcome.changed, 0, "at most"),
    ]
    if outcome.document is not None:
        figures.append(
            Figure("spun seed document and its plain text, one story", float(outcome.document), 1, "at least")
        )
    return figures
