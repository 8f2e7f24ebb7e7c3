"""Writes many alternatives as the pattern that `re` finds fastest; the patterns that use it match as their plain lists do."""

from collections.abc import Iterable


def gathered(alternatives: Iterable[str]) -> str:
    """The alternatives, each beginning with a plain character, joined so that `re` tries only those that can match.

    Where the first characters differ, at most one of two alternatives can match, so only the order of those that share
    one matters, and it is kept.
    """
    branches: dict[str, list[str]] = {}
    for one in alternatives:
        branches.setdefault(one[0], []).append(one[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" if rest[1:] else first + rest[0] for first, rest in branches.items())
