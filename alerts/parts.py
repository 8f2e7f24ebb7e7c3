"""Cuts a digest that is too long for one message into several; each carries the exact facts that it has receipts for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from alerts import render
from alerts.digest import Digest, Item
from monitor.store.pending import Report

SHORTEST_ITEM = 250  # bytes; no more than `longest` / SHORTEST_ITEM items are looked at for one message
# More than this nobody reads at one sitting; the rest has no receipt and comes with the next digest, which is said.
MOST = 6


def html_length(digest: Digest) -> int:
    """Bytes of HTML, with the way out."""
    return len(render.html_part(digest, "https://" + "x" * 120).encode())


def parted(
    digest: Digest, longest: int, *, most: int = MOST, length: Callable[[Digest], int] = html_length
) -> tuple[Digest, ...]:
    """The digest as messages of at most `longest` by `length`; troubles and what is left are told in the last one."""
    pieces: list[Sequence[Item]] = []
    rest: Sequence[Item] = digest.items
    bare = replace(digest, hits=())
    while rest and len(pieces) < most:
        size = _fitting(bare, rest, longest, length)
        pieces.append(rest[:size])
        rest = rest[size:]
    if len(pieces) < 2:
        return (_with_hits(bare, digest.hits, longest, length),)
    total = len(digest.items) - len(rest)
    parts = [
        replace(bare, items=tuple(piece), part=number, parts=len(pieces), total=total, troubles=(), merged=0)
        for number, piece in enumerate(pieces, start=1)
    ]
    parts[0] = replace(parts[0], merged=digest.merged)
    last = replace(parts[-1], troubles=digest.troubles, left=digest.left + len(rest))
    return (*parts[:-1], _with_hits(last, digest.hits, longest, length))


def _with_hits(last: Digest, hits: Sequence[Report], longest: int, length: Callable[[Digest], int]) -> Digest:
    """The last part with as many of the articles without facts as find room in it, one at least where it has nothing else."""
    room = len(hits)
    while room > (not last.items) and length(replace(last, hits=tuple(hits[:room]))) > longest:
        room = room * 3 // 4
    return replace(last, hits=tuple(hits[:room]), left=last.left + len(hits) - room)


def _fitting(digest: Digest, items: Sequence[Item], longest: int, length: Callable[[Digest], int]) -> int:
    """How many of the items fit into one message, one at least: found by halving, as an item's share cannot be foretold."""
    items = items[: max(longest // SHORTEST_ITEM, 1)]
    if length(_fullest(digest, items)) <= longest:
        return len(items)
    fits, too_many = 1, len(items)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if length(_fullest(digest, items[:middle])) <= longest:
            fits = middle
        else:
            too_many = middle
    return fits


def _fullest(digest: Digest, items: Sequence[Item]) -> Digest:
    """With everything that any part may carry, so that the last part is measured right too."""
    return replace(digest, items=tuple(items), part=MOST, parts=MOST, total=len(digest.items), left=len(digest.items))
