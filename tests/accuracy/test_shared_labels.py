"""The judgement against the labelled documents that lie beside the checkout, by their own scorer; skipped where there are none."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "gold"
FLOORS: dict[str, dict[str, float]] = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.skipif(
    not (GOLD / "score.py").is_file(), reason="no labelled documents at ../shared/gold beside this checkout"
)
@pytest.mark.parametrize("documents", ["seeds", "dev"])
def test_figures_hold_their_floors(documents: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = f"{sys.executable} -m monitor analyze --jsonl"
    scored = subprocess.run(
        [sys.executable, str(GOLD / "score.py"), str(GOLD / documents), "--json", "--run", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert scored.returncode == 0, scored.stderr[-800:]
    rows = json.loads(scored.stdout)
    measured = {kind: row["f1"] for kind, row in rows.items()}
    measured |= {f"target {field}": share for field, share in rows["target"]["fields"].items()}
    floors = FLOORS[documents]
    with capsys.disabled():
        lines = [f"{name:24} {measured[name]:.3f}  floor {floor:.2f}" for name, floor in floors.items()]
        print("", f"labelled documents: {documents}", *lines, sep="\n")  # noqa: T201
    below = {name: measured[name] for name, floor in floors.items() if measured[name] < floor}
    assert not below
