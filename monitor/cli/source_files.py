"""Sources as files: TOML, CSV and OPML, read and written."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import tomlkit

from crawler.charset import decode
from monitor.domain import Source
from monitor.errors import SeedError
from monitor.seeds import source_table

COLUMNS: Final = (
    "id",
    "name",
    "url",
    "region",
    "level",
    "every",
    "official",
    "enabled",
    "family",
    "min_articles",
    "browser",
    "least",
    "most",
    "why_off",
)  # of CSV


def table_of(source: Source) -> dict[str, Any]:
    """The table with its id: a replaced address must not become another source."""
    return {"id": source.id, **source_table(source)}


def written(sources: Sequence[Source], form: str) -> str:
    """The sources as `form` has them."""
    if form == "toml":
        return tomlkit.dumps({"source": [table_of(one) for one in sources]})
    if form == "opml":
        return _opml(sources) + "\n"
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(asdict(one) for one in sources)
    return text.getvalue()


def tables(file: Path) -> Iterator[Mapping[str, object]]:
    """The `[[source]]` tables that a file of one of the three kinds amounts to. Raises SeedError."""
    try:
        text, _ = decode(file.read_bytes())  # spreadsheets write Chinese in GBK
        if file.suffix == ".toml":
            yield from _rows(file, tomlkit.parse(text).unwrap())
        elif file.suffix == ".csv":
            for row in csv.DictReader(io.StringIO(text)):
                table: dict[str, object] = {key: value for key, value in row.items() if key and value}
                yield table | {
                    key: table[key] in ("True", "true", "1")
                    for key in ("official", "enabled", "browser")
                    if key in table
                }
        elif file.suffix in (".opml", ".xml"):
            yield from _outlines(text)
        else:
            raise SeedError(str(file), "", "not a .toml, .csv or .opml file")
    except (OSError, ValueError) as error:
        raise SeedError(str(file), "", f"cannot be read: {error}") from None


def _rows(file: Path, content: Mapping[str, Any]) -> Sequence[Mapping[str, object]]:
    rows = content.get("source")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SeedError(str(file), "source", "write each source as a table headed [[source]]")
    return rows


def _outlines(text: str) -> Iterator[Mapping[str, object]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error}") from None
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl") or outline.get("htmlUrl")
        if url:
            yield {"name": outline.get("title") or outline.get("text") or url, "url": url}


def _opml(kept: Sequence[Source]) -> str:
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "policywatch"
    body = SubElement(root, "body")
    for one in kept:
        SubElement(body, "outline", type="link", text=one.name, title=one.name, htmlUrl=one.url)
    return tostring(root, encoding="unicode", xml_declaration=True)
