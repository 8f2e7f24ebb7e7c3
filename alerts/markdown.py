"""Digest -> Markdown for the robots of group chats, in pieces that each service puts together as it likes.

Read on a phone, in a group: titles and long sentences are cut, and the article is one tap away. Every word of a page passes
through the dialect's `plain`, and links are http(s) alone, so that no page marks up the message or calls people.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from alerts import wording
from alerts.channels.services import Dialect
from alerts.digest import Digest
from alerts.render import faults, summary
from alerts.render_view import (
    FactView,
    GroupView,
    HitView,
    QuoteView,
    StoryView,
    group_views,
    hit_views,
    safe_link,
    say,
)

TITLE: Final = 60  # characters of an article's title
HEADLINE: Final = 120  # of a fact
SENTENCE: Final = 160  # of a quoted sentence
BEFORE: Final = 40  # of them before the first figure, where the sentence has to be cut
LINK: Final = 600  # bytes of an address
FAULTS: Final = 3  # lines about sources that cannot be read
FAULT: Final = 80  # characters of each


def pieces(digest: Digest, dialect: Dialect) -> tuple[str, ...]:
    """A line that sums up, then the places or themes with their articles, then what else is to be known."""
    told = partial(say, digest.language)
    untitled = told("（无标题）", "(no title)")
    found = [_lead(digest, dialect)]
    for group in group_views(digest):
        found.append(_heading(group, dialect, told("（{} 项）", " ({})")))
        for part in group.parts:
            found += [dialect.faint(_words(part.name, TITLE, dialect))] if part.name else []
            found += [_story(story, dialect, untitled) for story in part.stories]
    if digest.hits:
        heading = told(f"**▍其他相关文章**（{len(digest.hits)} 篇）", f"**▍Other articles** ({len(digest.hits)})")
        found += [heading, _hits(hit_views(digest.hits), dialect, untitled)]
    left = told(f"另有 {digest.left} 项排在下一期。", f"{digest.left} more come with the next issue.")
    found += [left] if digest.left else []
    found.append(_troubles(digest, dialect))
    return tuple(piece for piece in found if piece)


def _hits(hits: Iterable[HitView], dialect: Dialect, untitled: str) -> str:
    """Articles without facts, a line each."""
    titles = [(_words(hit.title, TITLE, dialect) or untitled, hit.link) for hit in hits]
    return dialect.line_end.join(f"● {_link(title, title, url)}" for title, url in titles)


def _lead(digest: Digest, dialect: Dialect) -> str:
    told = partial(say, digest.language)
    part, parts, total, merged = digest.part, digest.parts, digest.total, digest.merged
    cut = told(
        f"共 {total} 项，分 {parts} 条，这是第 {part} 条", f"{total} items in {parts} messages, this is number {part}"
    )
    late = told(
        f"此前有 {merged} 期未发出，已并入本期", f"{merged} issues before this one were not sent and are part of it"
    )
    notes = [summary(digest) or told("本期没有新内容", "nothing new this time")]
    notes += [cut] if parts > 1 else []
    notes += [late] if merged else []
    return dialect.faint(told("；", "; ").join(notes))


def _heading(group: GroupView, dialect: Dialect, count: str) -> str:
    return f"**▍{_words(group.name, TITLE, dialect)}**{count.format(group.count)}"


def _story(story: StoryView, dialect: Dialect, untitled: str) -> str:
    title = _words(story.title, TITLE, dialect) or untitled
    parts = (_words(story.said, TITLE, dialect), story.standing, _words(story.notes, TITLE, dialect))
    origin = " · ".join(part for part in parts if part)
    lines = [_link(f"**{title}**", title, story.link)]
    lines += [dialect.faint(origin)] if origin else []
    for quoted in story.quotes:
        lines += _quote(quoted, dialect)
    return dialect.line_end.join(lines)


def _quote(quoted: QuoteView, dialect: Dialect) -> Iterator[str]:
    for fact in quoted.facts:
        yield from _fact(fact, dialect)
    marked = ((dialect.plain(words), strong) for words, strong in _cut(quoted))
    text = "".join(f"**{words}**" if strong and words.strip() else words for words, strong in marked)
    yield f"> {text.join(quoted.marks)}"
    where = _words(quoted.place, TITLE, dialect)
    if where:
        yield _link(where, where, quoted.link)


def _fact(fact: FactView, dialect: Dialect) -> Iterator[str]:
    yield f"● {_words(fact.headline, HEADLINE, dialect)}"
    if fact.change:
        yield _words(fact.change, HEADLINE, dialect)


def _cut(quoted: QuoteView) -> Iterator[tuple[str, bool]]:
    """The sentence in pieces, cut to where its figures are."""
    length = len(quoted.sentence)
    start = max(_first_figure(quoted.pieces) - BEFORE, 0) if length > SENTENCE else 0
    end = start + SENTENCE
    if start:
        yield "…", False
    position = 0
    for words, strong in quoted.pieces:
        if cut := words[max(start - position, 0) : max(end - position, 0)]:
            yield cut, strong
        position += len(words)
    if end < length:
        yield "…", False


def _first_figure(pieces: Iterable[tuple[str, bool]]) -> int:
    position = 0
    for words, strong in pieces:
        if strong:
            return position
        position += len(words)
    return 0


def _troubles(digest: Digest, dialect: Dialect) -> str:
    """A quiet digest must not hide that we are blind; told with the last part."""
    if digest.part != digest.parts or not digest.troubles:
        return ""
    told = partial(say, digest.language)
    lines: Sequence[str] = faults(digest.troubles, digest.language)
    shown = [f"! {_words(line, FAULT, dialect)}" for line in lines[:FAULTS]]
    more = len(lines) - FAULTS
    shown += [told(f"另有 {more} 种来源故障", f"and {more} other faults of sources")] if more > 0 else []
    return dialect.line_end.join([told("**来源状况**", "**Sources**"), *shown])


def _words(text: str, longest: int, dialect: Dialect) -> str:
    line = wording.one_line(text)
    return dialect.plain(line if len(line) <= longest else f"{line[: longest - 1]}…")


def _link(marked: str, words: str, url: str | None) -> str:
    """[words](url), or the marked words alone where there is no address that a message can hold."""
    address = quote(safe_link(url) or "", safe="%:/?#@!$&'+,;=~-._")
    return f"[{words}]({address})" if address and len(address) <= LINK else marked
