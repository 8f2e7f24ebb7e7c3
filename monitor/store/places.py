"""Which of the stored places lie within one: asked of every table that has a column of codes."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

COUNTRY = "100000"


def within(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], code: str) -> ColumnElement[bool]:
    """GB/T 2260 nests by prefix: 32 is the province of 3202, 3202 the city of 320214, and zones carry their division's
    code. The country would be all of it: there it means national policy."""
    if code == COUNTRY:
        return column == COUNTRY
    if "-" in code:  # nothing lies within a zone, and 320600-park2 is another one than 320600-park
        return column == code
    code = code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
    return column.like(f"{code}%")
