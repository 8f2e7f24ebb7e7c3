"""`articles`, `targets`, `programmes`: ask the store, and export what it says."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from monitor import assembly
from monitor.cli.common import hand_over, print_table, printable, with_settings
from monitor.cli.names import region_codes, theme_ids
from monitor.config import Settings

Row = dict[str, Any]
# What a person wants to see at a glance ...
TARGET_VIEW = (
    *("id", "region", "assertion", "metric", "comparator", "value", "unit", "deadline"),
    *("state", "sightings", "url"),
)
PROGRAMME_VIEW = ("id", "region", "name", "type", "status", "first_seen", "sightings", "url")
ARTICLE_VIEW = ("id", "story", "published", "title", "publisher", "source", "themes", "regions", "url")
# ... and everything there is, for a spreadsheet.
PROOF = (
    *("first_seen", "state", "sightings", "sentence", "title", "source", "publisher", "published", "url"),
    "corrected",
)
TARGET_COLUMNS = (
    *("id", "kind", "assertion", "metric", "comparator", "value", "value_high", "unit", "deadline", "recurrence"),
    *("region_code", "region", "themes", *PROOF),
)
PROGRAMME_COLUMNS = ("id", "name", "type", "status", "region_code", "region", "themes", *PROOF)
ARTICLE_COLUMNS = (
    "id",
    "story",
    "published",
    "title",
    "publisher",
    "source",
    "themes",
    "regions",
    "fetched",
    "first_seen",
    "url",
)


def asking(function: Callable[..., None]) -> Callable[..., None]:
    """The options the three verbs share."""
    for option in (
        click.option(
            "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write instead of printing."
        ),
        click.option("--format", "form", type=click.Choice(("table", "json", "csv", "xlsx")), default="table"),
        click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help="First seen, or revised, on or after."),
        click.option(
            "--region",
            "regions",
            multiple=True,
            help="Place name; a city stands for its districts and zones too, 全国 for national policy only.",
        ),
        click.option("--theme", "themes", multiple=True, help="Theme id or name; several are alternatives."),
    ):
        function = option(function)
    return function


@click.command()
@asking
@with_settings
def articles(settings: Settings, /, **asked: Any) -> None:
    """Stored articles."""
    from monitor.store.queries import list_articles

    _answer(settings, list_articles, (ARTICLE_VIEW, ARTICLE_COLUMNS), asked)


DISMISSED = click.option("--dismissed", is_flag=True, help="Only what was dismissed by hand.")


@click.command()
@asking
@click.option("--assertion", type=click.Choice(("target", "actual", "support")), help="Only this kind of claim.")
@DISMISSED
@with_settings
def targets(settings: Settings, /, assertion: str | None, dismissed: bool, **asked: Any) -> None:
    """Stored targets, figures and designations."""
    from monitor.store.queries import list_facts

    def ask(store: Any, **narrow: Any) -> Iterable[Row]:
        rows = list_facts(store, kinds=("quantity", "designation"), dismissed=dismissed, **narrow)
        return (row for row in rows if assertion in (None, row["assertion"]))

    _answer(settings, ask, (TARGET_VIEW, TARGET_COLUMNS), asked)


@click.command()
@asking
@DISMISSED
@with_settings
def programmes(settings: Settings, /, dismissed: bool, **asked: Any) -> None:
    """Stored programmes."""
    from monitor.store.queries import list_facts

    def ask(store: Any, **narrow: Any) -> Iterable[Row]:
        return list_facts(store, kinds=("programme",), dismissed=dismissed, **narrow)

    _answer(settings, ask, (PROGRAMME_VIEW, PROGRAMME_COLUMNS), asked)


def _answer(
    settings: Settings, ask: Callable[..., Iterable[Row]], columns: tuple[Sequence[str], Sequence[str]], asked: Row
) -> None:
    from monitor.cli import export

    form, out = asked["form"], asked["out"]
    if form == "table" and out:
        raise click.UsageError("--out needs --format json, csv or xlsx")
    if form == "xlsx" and not out and sys.stdout.isatty():
        raise click.UsageError("--format xlsx needs --out FILE.xlsx")
    rows = [printable(row) for row in _rows(settings, ask, asked)]
    view, all_columns = columns
    if form == "table":
        print_table(view, ([cell(row, column) for column in view] for row in rows))
    elif form == "json":
        hand_over(export.as_json(rows), out)
    else:
        table = ([cell(row, column) for column in all_columns] for row in rows)
        hand_over(export.as_csv(all_columns, table) if form == "csv" else export.as_xlsx(all_columns, table), out)


def _rows(settings: Settings, ask: Callable[..., Iterable[Row]], asked: Row) -> list[Row]:
    themes, regions, since = asked["themes"], asked["regions"], asked["since"]
    narrow = {
        "themes": theme_ids(assembly.load(settings), themes) if themes else None,
        "regions": region_codes(regions) if regions else None,
        "since": date(since.year, since.month, since.day) if since else None,
    }
    with assembly.opened_store(settings) as store:
        return list(ask(store, **narrow))


def cell(row: Row, column: str) -> object:
    """One field as a table shows it: names instead of objects, the first sighting for all."""
    if "sightings" in row:
        if column == "sightings":
            return len(row["sightings"])
        if column not in row and column in row["sightings"][0]:
            return row["sightings"][0][column]
        if column == "region_code":
            return row["region"]["code"] if row["region"] else None
    value = row.get(column) if column != "metric" else row.get("metric") or row.get("name")
    if isinstance(value, dict):
        return value.get("name")
    if isinstance(value, list):
        return "、".join(one["name"] if isinstance(one, dict) else str(one) for one in value)
    return value
