"""The text of a Word file (.docx): paragraphs and tables in their order, a table's row on a line.

Refuses, by name, what is damaged or unpacks to more than any document holds: a small file must not fill the memory.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from crawler.reading.pdf import Printed
from crawler.reading.tree import MOST_LINES, Element
from monitor.errors import PageError

UNPACKED_LIMIT = 100_000_000  # bytes of all parts together: python-docx holds them in memory
MARKUP_LIMIT = 20_000_000  # bytes of the parts that are parsed: as a tree they take ten times as much
HAN = re.compile(r"[\u4e00-\u9fff]")
SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL = (f"{SPACE}{name}" for name in ("p", "tbl", "tr", "tc"))
BLANKS = {f"{SPACE}{name}": " " for name in ("tab", "br", "cr")}
TEXT = f"{SPACE}t"


def read_word(path: str, content: bytes) -> Printed:
    """Read the main text and the title of the properties."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        _weigh(path, content)
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
    return Printed("\n".join(lines), title if HAN.search(title) else None)


def _weigh(path: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    markup = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    for size, limit in ((sum(part.file_size for part in parts), UNPACKED_LIMIT), (markup, MARKUP_LIMIT)):
        if size > limit:
            raise PageError(path, f"unpacks to {size:,} bytes, more than the {limit:,} that are read")


def _lines(path: str, body: Element) -> Iterator[str]:
    """Lines that say something. Cells are read as written: the library repeats one as often as its span claims."""
    count = 0
    for part in body.iterchildren(PARAGRAPH, TABLE):
        rows = part.iter(ROW) if part.tag == TABLE else (part,)
        for row in rows:
            cells = (_text(cell) for cell in row.iterchildren(CELL)) if part.tag == TABLE else (_text(row),)
            if line := "\t".join(cell for cell in cells if cell):
                yield line
                count += 1
        if count > MOST_LINES:
            raise PageError(path, f"the file has more than {MOST_LINES:,} lines: no article")


def _text(element: Element) -> str:
    pieces = (
        (BLANKS.get(str(piece.tag)) or piece.text or "") for piece in element.iter(TEXT, *BLANKS) if piece is not None
    )
    return " ".join("".join(pieces).split())
