"""`./run bench` lists the benchmarks, `./run bench NAME [--json]` runs one; status 0 only where every bar holds."""

import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from benchmarks.figures import Figure


def main(arguments: Sequence[str]) -> int:
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    known = sorted(name.replace("_", "-") for name in set(names) - {"__main__", "figures", "texts"})
    chosen = [one for one in arguments if not one.startswith("-")]
    if not chosen:
        for name in known:
            print(f"{name:11} {(_module(name).__doc__ or '').partition(chr(10))[0]}")
        return 0
    if len(chosen) > 1 or chosen[0] not in known or set(arguments) - {chosen[0], "--json"}:
        print(f"./run bench [{' or '.join(known)}] [--json]", file=sys.stderr)
        return 2
    figures: Sequence[Figure] = _module(chosen[0]).measure()
    if "--json" in arguments:
        print(json.dumps({"figures": {one.name: one.as_json() for one in figures}}, ensure_ascii=False))
    else:
        _print(figures)
    return 0 if all(one.holds for one in figures) else 1


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"benchmarks.{name.replace('-', '_')}")


def _print(figures: Sequence[Figure]) -> None:
    rows = [("figure", "measured", "limit or peer", "ratio", "bar", "")]
    rows += [one.row() for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
