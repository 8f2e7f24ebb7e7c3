"""The text of OpenDocument files (.odt, .ods): paragraphs in their order, a table's row on a line, each sheet under its name.

Runs in the child process of `extract.py`. Cells and rows that a file repeats are read once: a sheet may claim a million.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from crawler.reading.office import UNNAMED
from crawler.reading.pdf import HAN
from crawler.reading.printed import MOST_LINES, Printed
from monitor.errors import PageError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

TEXT, TABLE, OFFICE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("text", "table", "office"))
TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
LINES: Final = (f"{TEXT}p", f"{TEXT}h")
BLANKS: Final = {f"{TEXT}{name}": " " for name in ("s", "tab", "line-break")}
# What was deleted while changes were tracked, and what somebody wrote beside the text.
UNSAID: Final = (f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{OFFICE}forms")


def read_odf(name: str, content: bytes) -> Printed:
    """Read the text and the title of the properties."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise PageError(name, "locked by a password")
            body = etree.fromstring(package.read("content.xml"), parser).find(f"{OFFICE}body")
            meta = etree.fromstring(package.read("meta.xml"), parser) if "meta.xml" in package.namelist() else None
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        ValueError,
        LookupError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
        raise PageError(name, "damaged or unsupported OpenDocument file") from error
    lines = [] if body is None else [line for line in _lines(body) if line]
    if not lines:
        raise PageError(name, "the OpenDocument file holds no text")
    title = (meta.findtext(f".//{TITLE}") or "").strip() if meta is not None else ""
    cut = (f"only the first {MOST_LINES:,} lines were read",) if len(lines) > MOST_LINES else ()
    return Printed("\n".join(lines[:MOST_LINES]), title if HAN.search(title) else None, warnings=cut)


def _lines(element: "Element") -> Iterator[str]:
    for child in element:
        if child.tag in LINES:
            yield _said(child)
        elif child.tag == f"{TABLE}table":
            named = child.get(f"{TABLE}name") or ""
            if element.tag == f"{OFFICE}spreadsheet" and not UNNAMED.fullmatch(named):
                yield named
            yield from _rows(child)
        elif child.tag not in UNSAID:
            yield from _lines(child)


def _rows(table: "Element") -> Iterator[str]:
    for row in table.iter(f"{TABLE}table-row"):
        cells = (" ".join(_lines(cell)) for cell in row if cell.tag == f"{TABLE}table-cell")
        yield "\t".join(cell for cell in cells if cell)


def _said(line: "Element") -> str:
    return " ".join("".join(_pieces(line)).split())


def _pieces(element: "Element") -> Iterator[str]:
    if element.tag not in UNSAID:
        yield BLANKS.get(str(element.tag), "") + (element.text or "")
        for child in element:
            yield from _pieces(child)
            yield child.tail or ""
