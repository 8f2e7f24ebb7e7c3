"""The user's own sources: TOML files in the data folder, edited in place with their comments kept."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from monitor.errors import SeedError

NAME = "own.toml"  # where sources that no file holds yet are written


def keep_source(folder: Path, table: Mapping[str, Any]) -> Path:
    """Write one `[[source]]` table, in the place of one with the same id where there is one. Returns the file."""
    return keep_sources(folder, (table,))[0]


def keep_sources(folder: Path, tables: Sequence[Mapping[str, Any]]) -> tuple[Path, ...]:
    """Write many, each where its id stands already; two files must not hold one id. Returns the file of each."""
    documents = dict(_documents(folder))
    own = folder / NAME
    documents.setdefault(own, tomlkit.document())
    places = {str(row.get("id")): file for file, document in documents.items() for row in _rows(document)}
    kept = []
    for table in tables:
        file = places.setdefault(str(table["id"]), own)
        _put(_rows(documents[file]), table)
        kept.append(file)
    for file in dict.fromkeys(kept):
        _write(file, documents[file])
    return tuple(kept)


def drop_source(folder: Path, id: str) -> bool:
    """Take a source out of the file that holds it; False where none does."""
    for file, document in _documents(folder):
        rows = _rows(document)
        for number, row in enumerate(rows):
            if row.get("id") == id:
                del rows[number]
                _write(file, document)
                return True
    return False


def _put(rows: AoT, table: Mapping[str, Any]) -> None:
    fresh = tomlkit.table()
    fresh.update(table)
    for number, row in enumerate(rows):
        if row.get("id") == table["id"]:
            rows[number] = fresh
            return
    rows.append(fresh)


def _documents(folder: Path) -> Iterator[tuple[Path, tomlkit.TOMLDocument]]:
    for file in sorted(folder.glob("*.toml")):
        try:
            yield file, tomlkit.parse(file.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise SeedError(str(file), "", f"cannot be read: {error}; mend it first, nothing was changed") from None


def _rows(document: tomlkit.TOMLDocument) -> AoT:
    rows = document.get("source")
    if not isinstance(rows, AoT):
        rows = tomlkit.aot()
        document["source"] = rows
        rows = document["source"]
    assert isinstance(rows, AoT)  # noqa: S101  # tomlkit hands back what was put in
    return rows


def _write(file: Path, document: tomlkit.TOMLDocument) -> None:
    """All or nothing: a full disk or a killed process leaves the old file."""
    partial = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as out:
            out.write(tomlkit.dumps(document))
            out.flush()
            os.fsync(out.fileno())
        partial.replace(file)
    except OSError as error:
        raise SeedError(str(file), "", f"cannot be written: {error.strerror}") from None
