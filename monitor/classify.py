"""CLASSIFY: which watched themes an article is materially about, with the terms that say so. Not: whose region, which facts.

The keys of a theme (`seeds/themes.toml`):

- `strong` terms speak of nothing else, `weak` ones speak of it in company (weight 1 and 0.4).
- `phrase` "传统产业 升级" is a strong term of words in this order, at most GAP characters between two, in one clause.
- `near` "机器人 具身" is a weak term of words in any order within NEAR characters of one line.
- `none` are longer expressions in which a term means something else: a hit inside one does not count.
- `must` and `any`: the article holds all, or at least one, of them somewhere, or the theme is not considered.

A hit weighs more in the title, in a heading and in the lead, and each repeat of a term less than the one before, so that
many terms count for more than one term often. An article is about a theme whose weight reaches a bar that grows slowly
with its length, and that is told in the title, in two sentences at least or by several terms: dropped once is not enough.

The score says how far beyond the bar: 0.5 is the bar, and each further portion of that size halves what is missing to 1
(0.75 is twice the bar, 0.875 three times). Only themes from 0.5 on are returned, the highest first.
"""

import logging
import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import log2
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from monitor.domain import Article, Evidence, ThemeMatch
from monitor.seeds import Theme
from monitor.text import Folded, fold

STRONG, WEAK, VETO = 1.0, 0.4, 0.0
TITLE, HEADING, LEAD, BODY = 3.0, 1.6, 1.3, 1.0
LEAD_END = 200  # characters of the body that count as its lead
HEADING_LENGTH = 30  # characters; a longer line without a full stop is a list or a sentence
GAP, NEAR = 8, 40
REPEAT = 0.7
BAR = 1.5  # weight asked of an article of SHORT characters ...
SHORT = 500
GROWTH = 0.5  # ... and added at each doubling of the length
EVIDENCE = 8  # pieces shown per theme
SEVERAL = 3  # different strong terms that tell a theme even in one sentence
FEW, MANY = 3, 5  # different weak terms that do without a strong one, with a weak one in the title and without
LEADING = 0.9  # share of the best score from which a theme leads the article
CLAUSE_END = re.compile(r"[，。；：！？,;:!?\n]")
SENTENCE_END = re.compile(r"[。！？；!?;\n]")
AROUND = 12  # characters on each side of a doubtful word that jieba looks at


class Term(NamedTuple):
    """What a pattern of the automaton stands for; a phrase has words `before` (the nearest first) and `after`."""

    theme: int
    name: str
    weight: float
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


# start, end, weight, name of the term: a plain tuple, since an article has hundreds and most are dropped again.
Hit = tuple[int, int, float, str]


class Classifier:
    """Finds the themes it was made with. `known` are words of two characters to be trusted without a look at jieba;
    `genres` are words of news about other things (sport, weather, market), by genre."""

    def __init__(
        self, themes: Sequence[Theme], known: Collection[str] = (), genres: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self.themes = tuple(themes)
        self._known = frozenset(known)
        terms: dict[str, list[Term]] = {}
        for place, theme in enumerate(self.themes):
            for pattern, term in _terms(place, theme):
                terms.setdefault(pattern, []).append(term)
        self._automaton = AhoCorasick(list(terms))
        # By pattern: terms that every hit stands for, and those whose hits have to be looked at.
        self._plain = [[term[:3] for term in group if not self._is_doubtful(term)] for group in terms.values()]
        self._checked = [[term for term in group if self._is_doubtful(term)] for group in terms.values()]
        self._place = {theme.id: place for place, theme in enumerate(self.themes)}
        self._genres = Genres(genres or {})

    def classify(self, article: Article, text: Folded, title: Folded | None = None) -> tuple[ThemeMatch, ...]:
        """Return the themes the article is materially about, the highest score first, with evidence in `article.text`.

        `text` is the folded body; `title` the folded title where the caller has it.
        """
        headline = (title or fold(article.title)).text
        if self._genres.of(headline, text.text):
            return ()
        in_title, in_text = self._hits(headline), self._hits(text.text)
        bar = BAR + GROWTH * max(0.0, log2(max(1, len(text.text)) / SHORT))
        found = []
        for place in in_title.keys() | in_text.keys():
            theme, named, said = self.themes[place], in_title.get(place, []), in_text.get(place, [])
            if not _is_considered(theme, headline, text.text) or not _is_spread(named, said, text.text):
                continue
            score = 1 - 0.5 ** (_weight(named, said, text.text) / bar)
            if score >= 0.5:
                found.append(ThemeMatch(theme.id, theme.name, round(score, 4), _evidence(said, text)))
        return tuple(sorted(found, key=lambda match: (-match.score, self._place[match.id])))

    def spoken(self, words: str, matches: Sequence[ThemeMatch]) -> tuple[str, ...]:
        """Return the ids of the themes that a name or a sentence speaks of; a weak term counts only for one of `matches`."""
        hits = self._hits(words)
        about = {match.id for match in matches} if hits else frozenset()
        themes = ((self.themes[place].id, hits[place]) for place in sorted(hits))
        return tuple(theme for theme, said in themes if theme in about or _is_named(said))

    def _hits(self, text: str) -> dict[int, list[Hit]]:
        """Hits by place of the theme, in order, none inside another or inside an expression of `none`."""
        raw: dict[int, list[Hit]] = {}
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for theme, name, weight in self._plain[pattern]:
                raw.setdefault(theme, []).append((start, end, weight, name))
            for term in self._checked[pattern]:
                before = term.before  # asked first, because most of the phrases that share a word are not there
                if before and text.rfind(before[0], max(0, start - GAP - len(before[0])), start) < 0:
                    continue
                if span := self._span(text, start, end, term):
                    raw.setdefault(term.theme, []).append((*span, term.weight, term.name))
        return {place: kept for place, hits in raw.items() if (kept := _longest(hits))}

    def _is_doubtful(self, term: Term) -> bool:
        """Whether a hit has to be looked at: a group of words, a Latin term, or a short one that nobody vouches for."""
        unknown = len(term.name) == 2 and term.name not in self._known
        return bool(term.before or term.after or term.near) or (term.weight > 0 and (term.name.isascii() or unknown))

    def _span(self, text: str, start: int, end: int, term: Term) -> tuple[int, int] | None:
        if term.near:
            return _together(text, start, end, term.near)
        if term.before or term.after:
            return _in_order(text, start, end, term)
        whole = not _is_inside_latin(text, start, end) if term.name.isascii() else _is_word(text, start, end)
        return (start, end) if whole else None


class FactThemes:
    """The themes of the facts of one article, whose folded body is `text` and whose themes are `matches`."""

    def __init__(self, classifier: Classifier, text: Folded, matches: Sequence[ThemeMatch] = ()) -> None:
        self._classifier, self._text, self._matches = classifier, text, matches
        best = max((match.score for match in matches), default=1.0)
        self._leading = tuple(match.id for match in matches if match.score >= best * LEADING)
        self._sentences: dict[tuple[int, int], tuple[str, ...]] = {}

    def of(self, evidence: Evidence, name: str) -> tuple[str, ...]:
        """Return the ids that a fact's metric or `name` speaks of, else its sentence, else those that lead the article."""
        return self._classifier.spoken(name, self._matches) or self._of_sentence(evidence) or self._leading

    def _of_sentence(self, evidence: Evidence) -> tuple[str, ...]:
        """What a sentence speaks of, read once: it often tells several facts."""
        span = evidence.start, evidence.end
        if span not in self._sentences:
            first, last = (self._text.folded(place) for place in span)
            self._sentences[span] = self._classifier.spoken(self._text.text[first:last], self._matches)
        return self._sentences[span]


class Genres:
    """Tells news that is about something else, whatever terms of ours it uses: a market report, a match, a forecast."""

    ENOUGH = 4  # different words; a headline word counts twice
    MOST = 0.5  # share of the text of the only line that holds them: an advert below takes nothing away

    def __init__(self, words: Mapping[str, Collection[str]]) -> None:
        genres = {word: genre for genre, group in words.items() for word in group}
        self._automaton = AhoCorasick(list(genres), implementation=Implementation.DFA)
        self._genres = list(genres.values())

    def of(self, title: str, text: str) -> str | None:
        """Return the genre, or None for an article that may be ours."""
        found = self._automaton.find_matches_as_indexes(text)
        seen_in_title = {word for word, _, _ in self._automaton.find_matches_as_indexes(title)}
        counts = Counter(
            self._genres[word] for word in (*{word for word, _, _ in found}, *seen_in_title, *seen_in_title)
        )
        enough = self.ENOUGH + len(text) // 1500
        genre = next((genre for genre, count in counts.most_common(1) if count >= enough), None)
        if genre is None or any(self._genres[word] == genre for word in seen_in_title):
            return genre
        starts = [start for word, start, _ in found if self._genres[word] == genre]
        return None if _is_aside(text, starts[0], starts[-1], self.MOST) else genre


def _is_aside(text: str, first: int, last: int, most: float) -> bool:
    """Whether two places stand in one line, the first or the last, that is no more than this share of a text."""
    start, stop = text.rfind("\n", 0, first) + 1, text.find("\n", first)
    end = stop if stop >= 0 else len(text)
    outer = start == 0 or not text[end:].strip()
    return outer and last < end and end - start <= most * len(text)


def _terms(place: int, theme: Theme) -> Iterator[tuple[str, Term]]:
    for names, weight in ((theme.strong, STRONG), (theme.weak, WEAK), (theme.none, VETO)):
        for name in dict.fromkeys(names):
            yield name, Term(place, name, weight)
    for name in dict.fromkeys(theme.phrase):
        words = name.split()
        key = max(range(len(words)), key=lambda one: (len(words[one]), one))  # the longest word is the rarest
        yield words[key], Term(place, name, STRONG, tuple(reversed(words[:key])), tuple(words[key + 1 :]))
    for name in dict.fromkeys(theme.near):
        first, *others = name.split()
        yield first, Term(place, name, WEAK, near=tuple(others))


def _in_order(text: str, start: int, end: int, term: Term) -> tuple[int, int] | None:
    """The span of a phrase one of whose words stands at `start`, or None where its other words are not around it."""
    for word in term.before:
        found = text.rfind(word, max(0, start - GAP - len(word)), start)
        if found < 0 or CLAUSE_END.search(text, found, start):
            return None
        start = found
    for word in term.after:
        found = text.find(word, end, end + GAP + len(word))
        if found < 0 or CLAUSE_END.search(text, end, found):
            return None
        end = found + len(word)
    return start, end


def _together(text: str, start: int, end: int, rest: Iterable[str]) -> tuple[int, int] | None:
    low = max(start - NEAR, text.rfind("\n", 0, start) + 1 if start < NEAR else start - NEAR)
    low = max(low, text.rfind("\n", low, start) + 1)
    stop = text.find("\n", end, end + NEAR)
    high = end + NEAR if stop < 0 else stop
    return (start, end) if all(text.find(word, low, high) >= 0 for word in rest) else None


def _is_inside_latin(text: str, start: int, end: int) -> bool:
    around = text[start - 1 : start] + text[end : end + 1]
    return any(one.isascii() and one.isalpha() for one in around)


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether jieba, shown the characters around, cuts at both ends."""
    low = max(0, start - AROUND)
    edges, position = {low}, low
    for word in _jieba().cut(text[low : end + AROUND]):
        position += len(word)
        edges.add(position)
    return start in edges and end in edges


@cache
def _jieba() -> Any:
    """jieba, loaded where a hit is doubtful only: its dictionary takes most of a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source holds invalid escapes, which newer Pythons remark on
        import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


def _longest(hits: list[Hit]) -> list[Hit]:
    """Drop hits that begin inside an earlier or longer one, then the vetoes themselves."""
    if len(hits) > 1:
        hits.sort(key=lambda hit: (hit[0], -hit[1]))
    kept, end = [], -1
    for hit in hits:
        if hit[0] >= end:
            end = hit[1]
            if hit[2]:
                kept.append(hit)
    return kept


def _is_named(hits: Iterable[Hit]) -> bool:
    return any(weight == STRONG for _, _, weight, _ in hits)


def _is_considered(theme: Theme, title: str, text: str) -> bool:
    if theme.must and not all(word in text or word in title for word in theme.must):
        return False
    return not theme.any or any(word in text or word in title for word in theme.any)


def _is_spread(title: Sequence[Hit], said: Sequence[Hit], text: str) -> bool:
    """Whether the theme is told and not only dropped once: in the title, by strong terms of two sentences or several in
    one, or by so many different weak ones that they speak for each other."""
    if _is_named(title):
        return True
    strong = [name for _, _, weight, name in said if weight == STRONG]
    if title and strong:
        return True
    if len(strong) > 1 and SENTENCE_END.search(text, said[0][1], said[-1][0]):
        return True
    weak = {name for _, _, weight, name in said if weight != STRONG} - {name for *_, name in title}
    few, sentences = (FEW, 2) if title else (MANY, 3)
    return len(set(strong)) >= SEVERAL or (len(weak) >= few and _sentences(said, text) >= sentences)


def _sentences(said: Sequence[Hit], text: str) -> int:
    return 1 + sum(SENTENCE_END.search(text, one[1], other[0]) is not None for one, other in pairwise(said))


def _weight(title: Sequence[Hit], said: Sequence[Hit], text: str) -> float:
    total = 0.0
    worth: dict[str, float] = {}
    for hits, in_title in ((title, True), (said, False)):
        for start, _, weight, name in hits:
            share = worth.get(name, weight)
            total += share * (TITLE if in_title else _factor(text, start))
            worth[name] = share * REPEAT
    return total


def _factor(text: str, start: int) -> float:
    if _is_in_heading(text, start):
        return HEADING
    return LEAD if start < LEAD_END else BODY


def _is_in_heading(text: str, place: int) -> bool:
    """Whether the line that holds this place is a heading; nothing is read beyond the length that one may have."""
    low = max(0, place - HEADING_LENGTH)
    first = text.rfind("\n", low, place) + 1
    last = text.find("\n", place, first + HEADING_LENGTH + 1)
    if (low and not first) or (last < 0 and len(text) > first + HEADING_LENGTH):
        return False
    last = len(text) if last < 0 else last
    return last - first >= 4 and not SENTENCE_END.search(text, first, last)


def _evidence(said: Sequence[Hit], text: Folded) -> tuple[Evidence, ...]:
    """The pieces that weigh most, each term once before any comes twice, in the order of the text."""
    if len(said) > EVIDENCE:
        seen = Counter[str]()
        ranked = []
        for start, end, weight, name in said:
            ranked.append((seen[name], -weight, start, end))
            seen[name] += 1
        return tuple(
            text.evidence(*span) for span in sorted((start, end) for *_, start, end in sorted(ranked)[:EVIDENCE])
        )
    return tuple(text.evidence(start, end) for start, end, _, _ in said)
