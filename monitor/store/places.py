"""Which of the stored places lie within one: asked of every table that has a column of codes."""

from typing import Any

from sqlalchemy import ColumnElement

COUNTRY = "100000"


def within(column: Any, code: str) -> ColumnElement[bool]:
    """GB/T 2260 nests by prefix: 32 is the province of 3202, 3202 the city of 320214, and zones carry their division's
    code. The country would be all of it: there it means national policy."""
    if code == COUNTRY:
        found: ColumnElement[bool] = column == COUNTRY
        return found
    if "-" not in code:
        code = code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
    found = column.like(f"{code}%")
    return found
