"""A programme's name as found in a text, before it becomes a Programme."""

from dataclasses import dataclass

from monitor.domain import ProgrammeStatus, ProgrammeType


@dataclass(frozen=True, slots=True)
class Name:
    """`start` and `end` are positions in the folded text, quotes and brackets included."""

    start: int
    end: int
    name: str
    type: ProgrammeType
    status: ProgrammeStatus | None
    number: str | None = None
    issuer: str | None = None
