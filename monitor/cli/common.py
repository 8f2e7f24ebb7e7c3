"""What all verbs share: the two options every verb takes, and how results are printed."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from monitor import assembly
from monitor.config import Settings, read_settings
from monitor.errors import MonitorError

P = ParamSpec("P")
R = TypeVar("R")
NUMBER = click.IntRange(max=2**63 - 1)  # of a row; no database counts further


def with_settings(function: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Give a verb --config and --data, and the settings they lead to as its first argument."""

    @click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="POLICYWATCH_CONFIG",
        help="Settings file (policywatch.toml in the data folder where not given).",
    )
    @click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="POLICYWATCH_DATA",
        help="Data folder (policywatch-data where not given).",
    )
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        config, data = kwargs.pop("config", None), kwargs.pop("data", None)
        assert config is None or isinstance(config, Path)  # noqa: S101  # click's types, for the type checker
        assert data is None or isinstance(data, Path)  # noqa: S101
        return function(read_settings(config, data), *args, **kwargs)

    return run


def print_json(value: object, *, indent: int | None = 2) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; wide where standard output is not a terminal, so that nothing is cut in a pipe."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row), end_section=False)
    console = Console(markup=False, highlight=False)
    if not sys.stdout.isatty():
        console = Console(markup=False, highlight=False, width=240)
    console.print(table)


def printable(value: Any) -> Any:
    """Decimal and datetime as JSON knows them."""
    if isinstance(value, Mapping):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def hand_over(content: bytes, out: Path | None) -> None:
    """Write a result to a file, or to standard output where none is named."""
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise MonitorError(f"{out}: cannot be written: {error.strerror}; name another file with --out") from None
    assembly.note(f"written: {out}")
