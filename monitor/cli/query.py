"""`articles`, `targets`, `programmes`: ask the store, and export what it says."""

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, printable, with_settings
from monitor.cli.subscriptions import region_codes, theme_ids
from monitor.config import Settings
from monitor.errors import MonitorError

Row = dict[str, Any]
TARGET_COLUMNS = (
    "region",
    "assertion",
    "metric",
    "comparator",
    "value",
    "unit",
    "deadline",
    "state",
    "sightings",
    "sentence",
    "url",
)
PROGRAMME_COLUMNS = ("region", "name", "type", "status", "first_seen", "sightings", "sentence", "url")
ARTICLE_COLUMNS = ("published", "title", "publisher", "source", "themes", "regions", "url")


def asking(function: Callable[..., None]) -> Callable[..., None]:
    """The options the three verbs share."""
    for option in (
        click.option("--out", type=click.Path(dir_okay=False), help="File to write; needed for xlsx."),
        click.option("--format", "form", type=click.Choice(("table", "json", "csv", "xlsx")), default="table"),
        click.option(
            "--since", type=click.DateTime(("%Y-%m-%d",)), help="First seen (articles: published) on or after."
        ),
        click.option("--region", help="Place name; a city stands for its districts and zones too."),
        click.option("--theme", help="Theme id or name."),
    ):
        function = option(function)
    return function


@click.command()
@asking
@with_settings
def articles(settings: Settings, /, **asked: Any) -> None:
    """Stored articles."""
    from monitor.store.queries import list_articles

    _answer(settings, list_articles, ARTICLE_COLUMNS, asked)


@click.command()
@asking
@click.option("--assertion", type=click.Choice(("target", "actual", "support")), help="Only this kind of claim.")
@with_settings
def targets(settings: Settings, /, assertion: str | None, **asked: Any) -> None:
    """Stored targets, figures and designations."""
    from monitor.store.queries import list_facts

    def ask(store: Any, **narrow: Any) -> Iterable[Row]:
        rows = list_facts(store, kinds=("quantity", "designation"), **narrow)
        return (row for row in rows if assertion in (None, row["assertion"]))

    _answer(settings, ask, TARGET_COLUMNS, asked)


@click.command()
@asking
@with_settings
def programmes(settings: Settings, /, **asked: Any) -> None:
    """Stored programmes."""
    from monitor.store.queries import list_facts

    def ask(store: Any, **narrow: Any) -> Iterable[Row]:
        return list_facts(store, kinds=("programme",), **narrow)

    _answer(settings, ask, PROGRAMME_COLUMNS, asked)


def _answer(settings: Settings, ask: Callable[..., Iterable[Row]], columns: Sequence[str], asked: Row) -> None:
    theme, region, since = asked["theme"], asked["region"], asked["since"]
    narrow = {
        "theme": theme_ids(assembly.load(settings), (theme,))[0] if theme else None,
        "region_codes": region_codes((region,)) if region else None,
        "since": date(since.year, since.month, since.day) if since else None,
    }
    with assembly.opened_store(settings) as store:
        rows = [printable(row) for row in ask(store, **narrow)]
    form, out = asked["form"], asked["out"]
    if form == "json":
        print_json(rows)
    elif form == "table":
        print_table(columns, (_cells(row, columns) for row in rows))
    elif form == "csv":
        _write_csv(out, columns, rows)
    else:
        _write_xlsx(out, columns, rows)


def _cells(row: Row, columns: Sequence[str]) -> list[object]:
    return [_cell(row, column) for column in columns]


def _cell(row: Row, column: str) -> object:
    seen = row.get("sightings") or [{}]
    if column == "sightings":
        return len(row["sightings"])
    if column in ("sentence", "url") and "sightings" in row:
        return seen[0].get(column)
    value = row.get(column) if column != "metric" else row.get("metric") or row.get("name")
    if isinstance(value, dict):
        return value.get("name")
    if isinstance(value, list):
        return "、".join(one["name"] if isinstance(one, dict) else str(one) for one in value)
    return value


def _safe(cell: object) -> object:
    """A page may not hand a formula to the reader's spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _write_csv(out: str | None, columns: Sequence[str], rows: Iterable[Row]) -> None:
    # utf-8-sig in files, because Excel takes a file without the mark for GBK.
    stream = open(out, "w", encoding="utf-8-sig", newline="") if out else sys.stdout  # noqa: PTH123, SIM115
    try:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([_safe(cell) for cell in _cells(row, columns)] for row in rows)
    finally:
        if out:
            stream.close()


def _write_xlsx(out: str | None, columns: Sequence[str], rows: Iterable[Row]) -> None:
    import xlsxwriter

    if not out:
        raise MonitorError("--format xlsx needs --out FILE.xlsx")
    with xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, _cells(row, columns))
