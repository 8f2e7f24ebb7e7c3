"""The text of a Word file (.docx): paragraphs and tables in their order, a table's row on a line. What is printed at the
head and foot of every page is no part of it. Runs in the child process of `extract.py`.

Refuses, by name, what is damaged or has more lines than any document.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.reading.printed import MOST_LINES, Printed
from monitor.errors import PageError

if TYPE_CHECKING:
    from crawler.reading.tree import Element

HAN = re.compile(r"[\u4e00-\u9fff]")
SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL, CONTROL, CONTENT = (
    f"{SPACE}{name}" for name in ("p", "tbl", "tr", "tc", "sdt", "sdtContent")
)
BLANKS = {f"{SPACE}{name}": " " for name in ("tab", "br", "cr")}
TEXT = f"{SPACE}t"


def read_word(path: str, content: bytes) -> Printed:
    """Read the main text and the title of the properties."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(content))
        lines = list(_lines(path, document.element.body))
        title = document.core_properties.title.strip()
    except PageError:
        raise
    except (
        OpcError,
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        OSError,
        RuntimeError,
        EOFError,
    ) as error:
        raise PageError(path, "damaged or unsupported Word file") from error
    if not lines:
        raise PageError(path, "the Word file holds no text")
    return Printed("\n".join(lines), title if HAN.search(title) else None)


def _lines(path: str, body: "Element") -> Iterator[str]:
    """Lines that say something. Cells are read as written: the library repeats one as often as its span claims."""
    count = 0
    for part in _parts(body):
        rows = part.iter(ROW) if part.tag == TABLE else (part,)
        for row in rows:
            cells = (_text(cell) for cell in row.iterchildren(CELL)) if part.tag == TABLE else (_text(row),)
            if line := "\t".join(cell for cell in cells if cell):
                yield line
                count += 1
        if count > MOST_LINES:
            raise PageError(path, f"the file has more than {MOST_LINES:,} lines: no article")


def _parts(body: "Element") -> Iterator["Element"]:
    """Paragraphs and tables, those inside content controls (of a title, a date) too."""
    for part in body.iterchildren(PARAGRAPH, TABLE, CONTROL):
        if part.tag == CONTROL:
            for content in part.iterchildren(CONTENT):
                yield from _parts(content)
        else:
            yield part


def _text(element: "Element") -> str:
    pieces = (
        (BLANKS.get(str(piece.tag)) or piece.text or "") for piece in element.iter(TEXT, *BLANKS) if piece is not None
    )
    return " ".join("".join(pieces).split())
