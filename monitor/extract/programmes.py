"""Finds named policy instruments (行动, 计划, 工程, 意见 ...) with type, status and the sentence that names them.

An article that is itself a document is one. Regions and themes, and so which mentions are one programme, are judged elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.domain import Article, Programme
from monitor.extract.documents import cited, own_title
from monitor.extract.governed import governed
from monitor.extract.names import DRAFT, DRAFTS, Sentences, bare, plain
from monitor.extract.naming import Name
from monitor.text import Folded

TITLED = re.compile(r"《[^《》\n]{0,160}(?:《[^《》\n]{1,70}》[^《》\n]{0,60})?》")


def find_programmes(article: Article, text: Folded, places: Sequence[tuple[int, int]]) -> Iterator[Programme]:  # noqa: ARG001
    """Yield every mention of a programme, in the order of the text; region and themes are left open."""
    if not text.text.strip():
        return
    masked = TITLED.sub(lambda found: "\x00" * len(found.group()), text.text)
    if any(word in masked for word in DRAFTS):
        masked = DRAFT.sub(lambda found: "\x01" * len(found.group()), masked)
    names = [*cited(text), *governed(text, masked)]
    own = own_title(article, text)
    held = Sentences(text)
    for name in _completed(sorted(names, key=lambda one: (one.start, one.end)), own):
        yield _programme(name, held)


def _completed(names: list[Name], own: Name | None) -> Iterator[Name]:
    """The names in order; the first mention of the article's own title, or else the title itself, has its number and issuer."""
    if own is not None:
        key = plain(bare(own.name))
        mention = next((one for one in names if plain(bare(one.name)) == key), own)
        full = replace(mention, status=own.status, number=own.number or mention.number, issuer=own.issuer)
        names = sorted(
            [full, *(one for one in names if plain(bare(one.name)) != key)], key=lambda one: (one.start, one.end)
        )
    yield from names


def _programme(name: Name, held: Sentences) -> Programme:
    return Programme(
        name=name.name,
        type=name.type,
        status=name.status,
        evidence=held.evidence(name.start, name.end),
        issuer=name.issuer,
        number=name.number,
    )
