"""The text of old Word files and of spreadsheets (.doc, .wps, .xls, .et, .xlsx), a table's row on a line.

Runs in the child process of `extract.py`: the library is compiled code, and what it cannot bear ends that process only.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from crawler.reading.printed import MOST_LINES, Printed
from monitor.errors import PageError

if TYPE_CHECKING:
    from office_oxide import Document

Format = Literal["doc", "xls", "xlsx"]
NAMES: Final[dict[Format, str]] = {"doc": "Word file", "xls": "spreadsheet", "xlsx": "spreadsheet"}
# Word marks cells, breaks and pages by control characters; what stands between field marks is an instruction.
FIELD: Final = re.compile("\x13[^\x13\x14\x15]{0,500}\x14?|\x15")
BREAKS: Final = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-"})
INVISIBLE: Final = re.compile("[\x00-\x08\x0e-\x1f\u200b-\u200f\ufeff]")
UNNAMED: Final = re.compile(r"(?:Sheet|工作表)\s?\d{0,3}", re.IGNORECASE)  # a sheet that nobody gave a name
WHOLE: Final = 0.5  # of the file's characters that its outline must hold, else the outline was not understood
Elements = Sequence[dict[str, Any]]


def read_office(name: str, content: bytes, kind: Format) -> Printed:
    """Read the text; of a spreadsheet each sheet under its name, of a Word file what is not at the head and foot of pages."""
    from office_oxide import Document, OfficeOxideError

    try:
        with Document.from_bytes(content, kind) as document:
            raw = _outlined(document) if kind == "doc" else document.plain_text()
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


def _outlined(document: "Document") -> str:
    """The text by the file's outline, which knows where a table's rows end; the plain text runs them into one another, and
    running heads into the document."""
    plain = document.plain_text()
    lines = "\n".join(line for section in document.to_ir()["sections"] for line in _lines(section["elements"]))
    return lines if len(lines) >= WHOLE * len("".join(plain.split())) else plain


def _lines(elements: Elements) -> Iterator[str]:
    """Headings, paragraphs, items of lists and rows of tables in their order, notes and boxes where they are anchored."""
    for element in elements:
        if element["type"] == "table":
            for row in element["rows"]:
                yield "\t".join(" ".join(" ".join(_lines(cell["content"])).split()) for cell in row["cells"])
        elif element["type"] == "list":
            yield from _items(element)
        elif isinstance(content := element.get("content"), list):
            blocks = any("rows" in one or "content" in one for one in content)
            yield from _lines(content) if blocks else ("".join(map(_said, content)),)


def _items(listed: dict[str, Any]) -> Iterator[str]:
    for item in listed["items"]:
        yield from _lines(item["content"])
        if item.get("nested"):
            yield from _items(item["nested"])


def _said(inline: dict[str, Any]) -> str:
    return "\n" if inline["type"] == "line_break" else str(inline.get("text", ""))
