"""Tables as files for other programs: JSON, and CSV and XLSX that open rightly in a spreadsheet and run nothing there."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

# A cell that begins so is taken for a formula; ＝ too, by spreadsheets set to Chinese or Japanese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST = 32_767  # characters a cell of a spreadsheet holds
WIDTHS = {"sentence": 70, "title": 40, "metric": 24, "name": 30, "url": 40, "region": 14, "themes": 24, "regions": 24}


def as_json(rows: Sequence[object]) -> bytes:
    return (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """With a byte order mark, because Excel takes a file without one for GBK."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def inert(cell: object) -> object:
    """A page may not hand a formula to the reader's spreadsheet: an apostrophe makes it words."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Text is written as text, never as a formula or a link; what looks like a formula stays words when it is edited."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("policywatch")
        head = book.add_format({"bold": True, "bg_color": "#E8EEF5"})
        whole, words = book.add_format({"num_format": "#,##0"}), book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, WIDTHS.get(column, 12))
            sheet.write_string(0, number, column, head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for number, cell in enumerate(row):
                _write(sheet, (last, number), cell, whole, words)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    return content.getvalue()


def _write(sheet: Any, place: tuple[int, int], cell: object, whole: Any, words: Any) -> None:
    if isinstance(cell, int | float):
        sheet.write_number(*place, cell, whole if isinstance(cell, int) else None)
    elif cell is not None:
        text = str(cell)[:LONGEST]
        sheet.write_string(*place, text, words if inert(text) != text else None)
