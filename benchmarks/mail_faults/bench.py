"""Starts the sender, kills it, mends what an operator would, and compares what arrived with what is owed."""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from benchmarks.figures import ROOT
from benchmarks.mail_faults.sender import Clock
from benchmarks.mail_faults.server import FaultyServer, codes_in
from benchmarks.mail_faults.world import World
from monitor.store import Store, delivery
from monitor.store.delivery import State

BUILDING = 0.004  # seconds that the sender builds for each reader, at least
STEPS = 3  # of the talk for each reader, at least


@dataclass(frozen=True, slots=True)
class Look:
    """What the readers have, counted in pairs of reader and version of a fact."""

    owed: int
    messages: int  # that the server kept
    lost: int  # neither arrived nor in a message of unknown fate that is listed
    doubled: int
    stray: int  # told to somebody who did not ask
    undecided: int  # messages that are neither sent nor unknown
    unknown: int  # messages
    kept_unknown: int  # told by messages of unknown fate that the server had kept


@dataclass
class Bench:
    """A store, a server, and the sender that is killed."""

    world: World
    server: FaultyServer
    store: Store
    folder: Path
    chance: random.Random
    timeout: float  # seconds that the sender waits for an answer; ten times as long for that to a whole message
    killed: int = 0

    def send(self, now: datetime, must_die: int = 0) -> None:
        """Let the sender work until it is done, killed so many times on the way: once while it builds, then in its talk."""
        clock = self.folder / "clock"
        clock.write_text(now.isoformat())
        readers = len(self.world.cities_of)
        steps = sorted(self.chance.sample(range(1, readers * STEPS), max(must_die - 1, 0)))
        patience = 0.7 + self.chance.random() * readers * BUILDING if must_die else None
        while self._work(clock, steps, patience):
            patience = None

    def mend(self) -> None:
        """The server is well and knows all addresses; the operator resumes and retries what `doctor` names."""
        self.server.faulty, self.server.dead = False, set()
        now = Clock(self.folder / "clock")()
        with delivery.writing(self.store) as session:
            for one in delivery.list_subscriptions(session):
                if one.suspended:
                    delivery.resume_subscription(session, one.id, now)
        self.retry("failed")

    def retry(self, state: Literal["failed", "unknown"]) -> None:
        now = Clock(self.folder / "clock")()
        with delivery.writing(self.store) as session:
            for one in delivery.messages(session, state):
                delivery.retry_message(session, one.id, now)

    def look(self, absent: set[str]) -> Look:
        """Compare; `absent` are the readers whose address was refused for a while."""
        told = Counter((kept.recipient, code) for kept in self.server.kept for code in kept.codes)
        listed, states = self._listed(), self._states()
        owed = {(reader, code) for reader in self.world.cities_of for code in self.world.owed_to(reader, absent)}
        asked = {(reader, code) for reader in self.world.cities_of for code in self.world.wanted_by(reader)}
        return Look(
            owed=len(owed),
            messages=len(self.server.kept),
            lost=len(owed - told.keys() - listed),
            doubled=sum(count - 1 for count in told.values()),
            stray=len(told.keys() - asked),
            undecided=sum(count for state, count in states.items() if state not in ("sent", "unknown")),
            unknown=states["unknown"],
            kept_unknown=len(listed & told.keys()),
        )

    def _work(self, clock: Path, steps: list[int], patience: float | None) -> bool:
        """Run the sender once; True where it was killed, at one of `steps` or after `patience` seconds."""
        command = [sys.executable, "-m", "benchmarks.mail_faults.sender"]
        arguments = [f"sqlite:///{self.folder / 'store.sqlite'}", str(self.server.port), str(clock), str(self.timeout)]
        process = subprocess.Popen([*command, *arguments], cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8")
        self.server.on_step = _Executioner(process, steps) if patience is None else lambda: None
        try:
            _, said = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
        if process.returncode not in (0, -9):
            raise RuntimeError(f"the sender failed by itself: {said}")
        self.killed += process.returncode == -9
        return process.returncode == -9

    def _listed(self) -> set[tuple[str, str]]:
        """What is told by the messages of unknown fate that the operator sees."""
        with delivery.reading(self.store) as session:
            return {
                (one.recipient, code)
                for one in delivery.messages(session, "unknown")
                for code in codes_in(delivery.body_of(session, one.id) or b"")
            }

    def _states(self) -> Counter[State]:
        with delivery.reading(self.store) as session:
            return Counter(one.state for one in delivery.messages(session))


class _Executioner:
    """Called at each step of the talk, kills the sender at the next of `steps`."""

    def __init__(self, process: "subprocess.Popen[str]", steps: list[int]) -> None:
        self.process, self.steps = process, steps
        self.left = steps.pop(0) if steps else 0

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.process.kill()
