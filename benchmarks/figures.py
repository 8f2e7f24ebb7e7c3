"""A measured figure with its bar, and how processor time is taken."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is judged against `bar`: at most, or at least. `peer` is what it was compared with in the same run."""

    name: str
    value: float
    bar: float
    wanted: Literal["at least", "at most"]
    unit: str = ""
    peer: str = ""
    peer_value: float | None = None

    @property
    def holds(self) -> bool:
        return self.value >= self.bar if self.wanted == "at least" else self.value <= self.bar

    def as_json(self) -> dict[str, float | bool]:
        return {"value": round(self.value, 4), "bar": self.bar, "holds": self.holds}

    def row(self) -> tuple[str, str, str, str, str, str]:
        peer = f"{self.peer} {self.peer_value:,.2f}" if self.peer_value is not None else self.peer
        ratio = f"{self.value / self.peer_value:.2f}" if self.peer_value and self.unit != "times" else ""
        bar = f"{self.wanted} {self.bar:g} {self.unit}".rstrip()
        return (self.name, f"{self.value:,.2f} {self.unit}", peer, ratio, bar, "holds" if self.holds else "MISSED")


def processor_seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The least processor time that one call of `work` took, after one call to warm up."""
    work()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def run_python(code: str) -> str:
    """What a fresh interpreter prints, for figures of memory and start-up."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout
