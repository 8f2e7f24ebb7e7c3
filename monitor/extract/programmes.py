"""Finds named policy instruments (行动, 计划, 工程, 意见 ...) with type, status and the sentence that names them.

An article that is itself a document is one. A name counts once per article. Regions and themes are judged elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.domain import Article, Programme
from monitor.extract.documents import cited, own_title
from monitor.extract.governed import governed
from monitor.extract.names import DRAFT, Sentences, bare, plain, read_sentences
from monitor.extract.naming import Name
from monitor.text import Folded

TITLED = re.compile(r"《[^《》\n]{0,160}(?:《[^《》\n]{1,70}》[^《》\n]{0,60})?》")


def find_programmes(article: Article, text: Folded, places: Sequence[tuple[int, int]]) -> Iterator[Programme]:  # noqa: ARG001
    """Yield every programme of the article once, in the order of the text; region and themes are left open."""
    if not text.text.strip():
        return
    masked = TITLED.sub(lambda found: "\x00" * len(found.group()), text.text)
    masked = DRAFT.sub(lambda found: "\x01" * len(found.group()), masked)
    names = [*cited(text), *governed(text, masked)]
    own = own_title(article, text)
    held = read_sentences(text)
    for name in _once(sorted(names, key=lambda one: one.start), own):
        yield _programme(name, held)


def _once(names: list[Name], own: Name | None) -> Iterator[Name]:
    """Each name once, at its first place; the article's own number, issuer and status complete the mention of itself."""
    kept: dict[str, Name] = {}
    for name in [*([own] if own else []), *names]:
        key = plain(bare(name.name))
        first = kept.get(key)
        if first is None:
            kept[key] = name
        elif first is own:
            kept[key] = replace(name, status=own.status, number=own.number or name.number, issuer=own.issuer)
            own = None
    yield from sorted(kept.values(), key=lambda one: (one.start, one.end))


def _programme(name: Name, held: Sentences) -> Programme:
    return Programme(
        name=name.name,
        type=name.type,
        status=name.status,
        evidence=held.evidence(name.start, name.end),
        issuer=name.issuer,
        number=name.number,
    )
