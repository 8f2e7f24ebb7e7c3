"""The user's own sources: one TOML file in the data folder, edited in place with its comments kept."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from monitor.errors import SeedError

NAME = "own.toml"


def keep_source(folder: Path, table: Mapping[str, Any]) -> Path:
    """Write one `[[source]]` table, in the place of one with the same id where there is one. Returns the file."""
    file = folder / NAME
    document = _read(file)
    rows = _rows(document)
    fresh = tomlkit.table()
    fresh.update(table)
    for number, row in enumerate(rows):
        if row.get("id") == table["id"]:
            rows[number] = fresh
            break
    else:
        rows.append(fresh)
    _write(file, document)
    return file


def drop_source(folder: Path, id: str) -> bool:
    """Take a source out of the file; False where it does not hold it."""
    file = folder / NAME
    document = _read(file)
    rows = _rows(document)
    for number, row in enumerate(rows):
        if row.get("id") == id:
            del rows[number]
            _write(file, document)
            return True
    return False


def _read(file: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
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
