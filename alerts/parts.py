"""Cuts a digest that is too long for one mail into several; each carries the exact facts that it has receipts for."""

from collections.abc import Sequence
from dataclasses import replace

from alerts import render
from alerts.digest import Digest, Item

SHORTEST_ITEM = 250  # bytes of HTML; no more than `longest` / SHORTEST_ITEM items are looked at for one mail
# More than this nobody reads at one sitting; the rest has no receipt and comes with the next digest, which is said.
MOST = 6


def parted(digest: Digest, longest: int, *, most: int = MOST) -> tuple[Digest, ...]:
    """The digest as mails of at most `longest` bytes of HTML; troubles and what is left are told in the last one."""
    pieces: list[Sequence[Item]] = []
    rest: Sequence[Item] = digest.items
    while rest and len(pieces) < most:
        size = _fitting(digest, rest, longest)
        pieces.append(rest[:size])
        rest = rest[size:]
    if len(pieces) < 2:
        return (digest,)
    total = len(digest.items) - len(rest)
    parts = [
        replace(digest, items=tuple(piece), part=number, parts=len(pieces), total=total, troubles=(), merged=0)
        for number, piece in enumerate(pieces, start=1)
    ]
    parts[0] = replace(parts[0], merged=digest.merged)
    parts[-1] = replace(parts[-1], troubles=digest.troubles, left=len(rest))
    return tuple(parts)


def _fitting(digest: Digest, items: Sequence[Item], longest: int) -> int:
    """How many of the items fit into one mail, one at least: found by halving, as an item's share cannot be foretold."""
    items = items[: max(longest // SHORTEST_ITEM, 1)]
    if _length(digest, items) <= longest:
        return len(items)
    fits, too_many = 1, len(items)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if _length(digest, items[:middle]) <= longest:
            fits = middle
        else:
            too_many = middle
    return fits


def _length(digest: Digest, items: Sequence[Item]) -> int:
    """With everything that any part may carry, so that the last part is measured right too."""
    return len(
        render.html_part(replace(digest, items=tuple(items), parts=MOST, left=1), "https://" + "x" * 120).encode()
    )
