"""Spans of a text kept in order, asked by position."""

from bisect import bisect_right
from collections.abc import Iterable


class Spans:
    """Half-open spans, merged where they overlap; a question costs a binary search."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def end_after(self, position: int) -> int | None:
        """The end of the span that holds the position, None where no span does."""
        index = bisect_right(self._starts, position) - 1
        return self._ends[index] if index >= 0 and position < self._ends[index] else None
