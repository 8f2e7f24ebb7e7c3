"""Copies whose words a text spinner replaced: one word for another all through the text, figures and places left alone."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

import jieba
from ahocorasick_rs import AhoCorasick, MatchKind

from benchmarks.replay.language import read_table
from benchmarks.replay.places import read_world
from monitor.seeds import load_seeds

jieba.setLogLevel(logging.WARNING)


def spin(dice: Random, texts: Sequence[str], share: float) -> tuple[list[str], Mapping[str, str], float]:
    """The texts with about this share of their words replaced, what was put for what, and the share reached."""
    automaton, words = _automaton()
    whole = "\n".join(texts)
    found = Counter(words[index] for index, *_ in automaton.find_matches_as_indexes(whole) if words[index] in table())
    total = sum(len(word) > 1 and word > "\u4e00" for word in jieba.cut(whole))
    chosen: dict[str, str] = {}
    replaced = 0
    for word in dice.sample(sorted(found), len(found)):
        if replaced + found[word] <= share * total:
            chosen[word] = dice.choice(table()[word])
            replaced += found[word]
    return [respell(text, chosen) for text in texts], chosen, replaced / max(total, 1)


def respell(text: str, chosen: Mapping[str, str]) -> str:
    """The text with the chosen words replaced, the longest that the spinner knows first."""
    automaton, words = _automaton()
    pieces, position = [], 0
    for index, start, end in automaton.find_matches_as_indexes(text):
        pieces += [text[position:start], chosen.get(words[index], words[index])]
        position = end
    return "".join((*pieces, text[position:]))


@cache
def table() -> Mapping[str, Sequence[str]]:
    """Plain word to what spinners put for it: our own words, and those that the product knows."""
    words: dict[str, list[str]] = {plain: list(spun) for plain, spun in read_table("spinner")["words"].items()}
    for spun, plain in load_seeds(shipped_sources=False).synonyms.items():
        if spun not in words.setdefault(plain, []):
            words[plain].append(spun)
    return words


@cache
def _names() -> frozenset[str]:
    """Places, which no spinner turns into others (海城市 holds 城市)."""
    return frozenset(name for place in read_world().places for name in (place.name, place.city, place.full))


@cache
def _automaton() -> tuple[AhoCorasick, list[str]]:
    words = [*table(), *_names()]
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest), words
