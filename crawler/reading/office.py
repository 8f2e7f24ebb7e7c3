"""The text of old Word files and of spreadsheets (.doc, .wps, .xls, .et, .xlsx), a table's row on a line.

Runs in the child process of `extract.py`: the library is compiled code, and what it cannot bear ends that process only.
"""

import re
from typing import Final, Literal

from crawler.reading.printed import MOST_LINES, Printed
from monitor.errors import PageError

Format = Literal["doc", "xls", "xlsx"]
NAMES: Final[dict[Format, str]] = {"doc": "Word file", "xls": "spreadsheet", "xlsx": "spreadsheet"}
# Word marks cells, breaks and pages by control characters; what stands between field marks is an instruction.
FIELD: Final = re.compile("\x13[^\x13\x14\x15]{0,500}\x14?|\x15")
BREAKS: Final = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-"})
INVISIBLE: Final = re.compile("[\x00-\x08\x0e-\x1f\u200b-\u200f\ufeff]")
UNNAMED: Final = re.compile(r"(?:Sheet|工作表)\s?\d{0,3}", re.IGNORECASE)  # a sheet that nobody gave a name


def read_office(name: str, content: bytes, kind: Format) -> Printed:
    """Read the text; of a spreadsheet each sheet under its name."""
    from office_oxide import Document, OfficeOxideError

    try:
        with Document.from_bytes(content, kind) as document:
            raw = document.plain_text()
    except OfficeOxideError as error:
        locked = re.search(r"encrypt|password", str(error), re.IGNORECASE)
        problem = "locked by a password" if locked else f"damaged or unsupported {NAMES[kind]}"
        raise PageError(name, problem) from error
    lines = [line for row in FIELD.sub("", raw).translate(BREAKS).split("\n") if (line := _row(row))]
    if kind != "doc":
        lines = [line for line in lines if not UNNAMED.fullmatch(line)]
    if not lines:
        raise PageError(name, f"the {NAMES[kind]} holds no text")
    cut = (f"only the first {MOST_LINES:,} lines were read",) if len(lines) > MOST_LINES else ()
    return Printed("\n".join(lines[:MOST_LINES]), warnings=cut)


def _row(row: str) -> str:
    cells = (" ".join(INVISIBLE.sub("", cell).split()) for cell in row.split("\t"))
    return "\t".join(cell for cell in cells if cell)
