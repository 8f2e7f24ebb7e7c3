"""mail-faults: every reader is told each fact once, whatever the mail server does and however often the sender is killed.

2,000 readers and 500 events over eight days. A server on loopback, over real TCP, answers 421, 451 and 550, hangs, closes
and drops messages, also between the last byte and its answer; the sender is killed twenty times with kill -9, at any step of
the talk and while it builds. Then the server is well again, the operator resumes the addresses that were suspended and
retries what failed, and what each reader has is compared with what happened. At last the operator sends again what is of
unknown fate: only what the server had kept before its line broke comes twice.
"""

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure
from benchmarks.mail_faults.bench import Bench, Look
from benchmarks.mail_faults.server import AT_GREETING, CUT, IN_A_MESSAGE, FaultyServer
from benchmarks.mail_faults.world import World
from monitor.store import Store

SEED: Final = 20261120
DEAD: Final = 0.01  # share of the addresses that the server refuses until it is mended


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is true once the server is well again, and once the operator has sent what was of unknown fate."""

    mended: Look
    resent: Look
    kills: int
    cut: int  # lines cut while the content went out or before its answer, and kills
    met: frozenset[str]  # faults


def measure() -> Sequence[Figure]:
    done = run(readers=2_000, events=500, days=8, kills=20, wells=19)
    mended, resent, every = done.mended, done.resent, {*AT_GREETING, *IN_A_MESSAGE}
    return (
        Figure("facts lost", mended.lost, 0, "at most", "", "owed", mended.owed),
        Figure("facts told twice", mended.doubled, 0, "at most", "", "messages", mended.messages),
        Figure("messages neither sent nor listed", mended.undecided, 0, "at most"),
        Figure("of unknown fate, listed", mended.unknown, done.cut, "at most", "", "lines cut, kills", done.cut),
        Figure("facts lost when these go again", resent.lost, 0, "at most"),
        Figure(
            "facts told twice then", resent.doubled, mended.kept_unknown, "at most", "", "kept", mended.kept_unknown
        ),
        Figure("sender killed", done.kills, 20, "at least", "times"),
        Figure("kinds of faults met", len(done.met & every), len(every), "at least"),
    )


def run(*, readers: int, events: int, days: int, kills: int, wells: int, timeout: float = 0.2) -> Outcome:
    """Let the days pass, mend the server, look; `wells` is how many messages fare well for each that does not."""
    chance = random.Random(SEED)  # noqa: S311
    world = World(readers, events, days, SEED)
    dead = chance.sample(sorted(world.cities_of), max(int(readers * DEAD), 1))
    with (
        tempfile.TemporaryDirectory(prefix="mail-faults-") as folder,
        Store.open(f"sqlite:///{folder}/store.sqlite") as store,
        FaultyServer(SEED, wells, set(dead)) as server,
    ):
        world.subscribe(store)
        bench = Bench(world, server, store, Path(folder), chance, timeout)
        for day in range(days):
            bench.send(world.pass_day(store, day), must_die=kills * (day + 1) // days - kills * day // days)
        bench.mend()
        # More than a week later: who reads by the week, or was resumed, has had a due time.
        bench.send(world.pass_day(store, days + 7))
        mended = bench.look(absent=set(dead))
        bench.retry("unknown")
        bench.send(world.pass_day(store, days + 8))
        cut = bench.killed + sum(server.drawn[fault] for fault in CUT)
        return Outcome(mended, bench.look(absent=set(dead)), bench.killed, cut, frozenset(server.drawn))
