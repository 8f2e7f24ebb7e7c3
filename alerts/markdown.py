"""Digest -> Markdown for the robots of group chats, in pieces that each service puts together as it likes.

Read on a phone, in a group: titles and long sentences are cut, and the article is one tap away. Every word of a page passes
through the dialect's `plain`, and links are http(s) alone, so that no page marks up the message or calls people.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from alerts import wording
from alerts.channels.services import Dialect
from alerts.digest import Digest, Item, Place, Quote, Story
from alerts.emphasis import emphasised
from alerts.render import faults, file_link, place_in_file, safe_link, said_by, summary

TITLE: Final = 60  # characters of an article's title
HEADLINE: Final = 120  # of a fact
SENTENCE: Final = 160  # of a quoted sentence
BEFORE: Final = 40  # of them before the first figure, where the sentence has to be cut
LINK: Final = 600  # bytes of an address
FAULTS: Final = 3  # lines about sources that cannot be read
FAULT: Final = 80  # characters of each


def pieces(digest: Digest, dialect: Dialect) -> tuple[str, ...]:
    """A line that sums up, then the places with their articles, then what else is to be known."""
    found = [_lead(digest, dialect)]
    for place in digest.places:
        found += [_heading(place, dialect), *(_story(story, dialect) for story in place.stories)]
    found += _hits(digest, dialect)
    found += [f"另有 {digest.left} 项排在下一期。"] if digest.left else []
    found.append(_troubles(digest, dialect))
    return tuple(piece for piece in found if piece)


def _hits(digest: Digest, dialect: Dialect) -> list[str]:
    """Articles without facts, a line each."""
    titles = [(_words(hit.title, TITLE, dialect) or "（无标题）", hit.url) for hit in digest.hits]
    lines = [f"● {_link(title, title, url)}" for title, url in titles]
    return [f"**▍其他相关文章**（{len(lines)} 篇）", dialect.line_end.join(lines)] if lines else []


def _lead(digest: Digest, dialect: Dialect) -> str:
    notes = [summary(digest) or "本期没有新内容"]
    notes += [f"共 {digest.total} 项，分 {digest.parts} 条，这是第 {digest.part} 条"] if digest.parts > 1 else []
    notes += [f"此前有 {digest.merged} 期未发出，已并入本期"] if digest.merged else []
    return dialect.faint("；".join(notes))


def _heading(place: Place, dialect: Dialect) -> str:
    return f"**▍{_words(place.name, TITLE, dialect)}**（{place.count} 项）"


def _story(story: Story, dialect: Dialect) -> str:
    title = _words(story.citation.title, TITLE, dialect) or "（无标题）"
    others = f"另有 {story.others} 篇报道" if story.others else ""
    origin = " · ".join(
        part for part in (_words(said_by(story.citation), TITLE, dialect), story.standing, others) if part
    )
    lines = [_link(f"**{title}**", title, story.citation.url)]
    lines += [dialect.faint(origin)] if origin else []
    for quote_ in story.quotes:
        lines += _quote(quote_, dialect)
    return dialect.line_end.join(lines)


def _quote(quoted: Quote, dialect: Dialect) -> Iterator[str]:
    for item in quoted.items:
        yield from _fact(item, dialect)
    text = "".join(f"**{words}**" if strong and words.strip() else words for words, strong in _marked(quoted, dialect))
    yield f"> “{text}”"
    cited = quoted.items[0].citation
    where = _words(place_in_file(cited), TITLE, dialect)
    if where:
        yield _link(where, where, file_link(cited))


def _fact(item: Item, dialect: Dialect) -> Iterator[str]:
    support = " · 扶持" if item.section == "support" else ""
    yield f"● {_words(wording.headline(item.fact), HEADLINE, dialect)}{support}"
    if change := wording.change(item.fact):
        yield _words(change, HEADLINE, dialect)


def _marked(quoted: Quote, dialect: Dialect) -> Iterator[tuple[str, bool]]:
    """The sentence in pieces, cut to where its figures are."""
    sentence = wording.one_line(quoted.sentence)
    facts = [item.fact for item in quoted.items]
    found = emphasised(sentence, facts)
    if len(sentence) > SENTENCE:
        start = max(_first_figure(found) - BEFORE, 0)
        cut = sentence[start : start + SENTENCE]
        rest = "…" if start + SENTENCE < len(sentence) else ""
        found = (("…" if start else "", False), *emphasised(cut, facts), (rest, False))
    for words, strong in found:
        yield dialect.plain(words), strong


def _first_figure(found: Iterable[tuple[str, bool]]) -> int:
    position = 0
    for words, strong in found:
        if strong:
            return position
        position += len(words)
    return 0


def _troubles(digest: Digest, dialect: Dialect) -> str:
    """A quiet digest must not hide that we are blind; told with the last part."""
    if digest.part != digest.parts or not digest.troubles:
        return ""
    lines: Sequence[str] = faults(digest.troubles)
    told = [f"! {_words(line, FAULT, dialect)}" for line in lines[:FAULTS]]
    told += [f"另有 {len(lines) - FAULTS} 种来源故障"] if len(lines) > FAULTS else []
    return dialect.line_end.join(["**来源状况**", *told])


def _words(text: str, longest: int, dialect: Dialect) -> str:
    line = wording.one_line(text)
    return dialect.plain(line if len(line) <= longest else f"{line[: longest - 1]}…")


def _link(marked: str, words: str, url: str | None) -> str:
    """[words](url), or the marked words alone where there is no address that a message can hold."""
    address = quote(safe_link(url) or "", safe="%:/?#@!$&'+,;=~-._")
    return f"[{words}]({address})" if address and len(address) <= LINK else marked
