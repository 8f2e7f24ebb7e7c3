"""Reads from a text what its copies have in common with it: words, figures, and the marks under which copies are looked up.

A number is told by its digits and by what stands before it, so that 高企达到860家 and 高企达到1430家 are seen to disagree.
Compares nothing; `copies.py` does.
"""

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Self
from zlib import crc32

from rensa import RMinHash

from monitor.errors import MonitorError
from monitor.text import narrow, simplify

# A copy shares a band with probability 0.68 at similarity 0.54 (30 % of its words replaced), 0.86 at 0.6, 0.99 at 0.7; one with
# figures shares runs of them besides, and one that kept its title that. Of a million other texts some 100 share one by chance; with four rows it were 560. Each
# mark costs a page of the index to write.
ROWS, BANDS = 5, 24
SENTENCES, RUNS = 10, 6  # marks of sentences and of runs of figures: an excerpt of a quarter shares one with 0.95
KEPT = 64  # sentences of a text that are compared
MARK = 6  # bytes of a mark: of a hundred million, one meets another by chance in a million look-ups
ENOUGH = 40  # words a text needs before its likeness to another means anything
SHORT = 100  # characters below which one text stands under many titles (详见附件)
HEAD = 20_000  # characters looked at: a repost is one from its beginning
COMMON = 200  # occurrences in the dictionary's sample below which a word is not worth its memory
FEW_FIGURES = 4
LEAD = 6  # characters before a number that say what it counts
WHOLE = 14  # characters from which a sentence is one text's own

NUMBER = re.compile(r"\d{1,3}(?:[,，]\d{3}){1,4}(?!\d)|\d{1,15}(?:\.\d{1,6})?")
DATED = frozenset("年月日时点分秒号:：")  # after a number that is part of a date or time
CENTURIES = re.compile(r"(?:19|20)\d\d")
BLANK = re.compile(r"[^\S\n]+")
WORDLESS = re.compile(r"\W+")
NO_LEAD = re.compile(r"[\W\d_]+")
PIECES = re.compile(r"[|｜_！!：:？?，,（()）\n]+")
STOP = re.compile(r"[。！？!?；;\n]")
# What a page says of itself, another thing on each: no figure and no sentence of the story.
STAMP = re.compile(r"时间|日期|发布|更新|来源|浏览|阅读|点击|次数|字号|编辑")
FURNITURE = re.compile(r"版权|转载|免责|来源|编辑|扫码|关注|公众号|点击|本站|本网|侵权|记者|声明")
COUNT, YEAR, OTHER = range(3)  # a number that counts something, a year, a date or a single digit


@dataclass(frozen=True, slots=True)
class Telling:
    """What decides whether two articles are one story.

    `title` is plain; `words` are 32-bit numbers; `figures` are triples of such numbers, hashes of what stands around a figure
    (0 where nothing does) and of its digits, and COUNT, YEAR or OTHER. `sentences` are hashes of its whole sentences. `places`
    are the codes of the regions it is about, `named` of all that it names.
    """

    title: str
    words: frozenset[int]
    figures: frozenset[tuple[int, int, int]]
    sentences: frozenset[int]
    places: frozenset[str]
    named: frozenset[str]

    def packed(self) -> tuple[bytes, bytes, bytes]:
        """Words, figures and sentences as bytes, for the store."""
        parts = (sorted(self.words), chain.from_iterable(sorted(self.figures)), sorted(self.sentences))
        words, figures, sentences = (array("I", part).tobytes() for part in parts)
        return words, figures, sentences

    @classmethod
    def unpacked(cls, title: str, packed: Sequence[bytes], places: Iterable[str], named: Iterable[str]) -> Self:
        words, figures, sentences = (array("I", part or b"") for part in packed)  # older rows have no sentences
        triples = iter(figures)
        told = frozenset(zip(triples, triples, triples, strict=True))
        return cls(title, frozenset(words), told, frozenset(sentences), frozenset(places), frozenset(named))


@dataclass(frozen=True, slots=True)
class Signature:
    """`text_hash` is equal for equal texts, whatever their blanks and punctuation; `marks` are what copies share."""

    text_hash: str
    marks: tuple[int, ...]


def read_telling(title: str, text: str, places: Iterable[str], named: Iterable[str] = ()) -> tuple[Telling, Signature]:
    """Look at the beginning of a text, where a repost is one."""
    places = frozenset(places)
    plain, plain_title = _plain(text), _plain(title)
    head = plain[:HEAD]
    words = _words(head)
    numbers = list(_numbers(f"{plain_title}\n{head}"))
    sentences = [(sentence, WORDLESS.sub("", sentence)) for sentence in STOP.split(plain)]
    counted = [digits for digits, _, kind in numbers if kind == COUNT]
    whole = _lowest(_whole(sentences), KEPT)
    marks = [_mark(f"{place}|{_own_title(plain_title)}") for place in places]
    marks += [*map(_mark, _lowest(_runs(counted, sorted(places)), RUNS)), *map(_mark, whole[:SENTENCES])]
    marks += _bands(words) if len(words) >= ENOUGH else []
    figures = frozenset((_hash(lead) if lead else 0, _hash(digits), kind) for digits, lead, kind in numbers)
    short_title = WORDLESS.sub("", plain_title)
    telling = Telling(short_title, words, figures, frozenset(map(_hash, whole)), places, frozenset(named))
    body = "".join(bare for _, bare in sentences)
    return telling, Signature(_text_hash(short_title, body), tuple(dict.fromkeys(marks)))


def _plain(text: str) -> str:
    """Narrow, simplified and without the blanks that some put around figures."""
    return BLANK.sub("", narrow(simplify(text)))


def _own_title(plain: str) -> str:
    """The longest piece of a title: others put something before and after it."""
    return max((WORDLESS.sub("", piece) for piece in PIECES.split(plain)), key=len)


def _text_hash(title: str, body: str) -> str:
    marked = body if len(body) >= SHORT else f"{title}\n{body}"
    return hashlib.sha256(marked.encode("utf-8", "replace")).hexdigest()


def _words(plain: str) -> frozenset[int]:
    """The dictionary words of two characters wherever they stand. Longer words are there by their halves, and nothing depends on
    where a word is said to begin."""
    encoded = plain.encode("utf-16-le", "replace")
    pairs = {*_pairs(encoded), *_pairs(encoded[2:])}
    return frozenset(dictionary().keys() & pairs)


def _pairs(encoded: bytes) -> memoryview:
    """Every second pair of characters, as 32-bit numbers."""
    return memoryview(encoded)[: len(encoded) & ~3].cast("I")


def _numbers(plain: str) -> Iterable[tuple[str, str, int]]:
    """Digits, what stands around them, and the kind of each number."""
    for found in NUMBER.finditer(plain):
        start, end = found.span()
        unit = plain[end : end + 1]
        lead = NO_LEAD.sub("", plain[max(start - 2 * LEAD, 0) : start])[-LEAD:]
        around = "" if len(lead) < LEAD // 2 or STAMP.search(lead) else lead + unit
        digits = found[0].replace(",", "").replace("，", "")
        yield digits, around, _kind(digits, unit)


def _kind(digits: str, unit: str) -> int:
    if CENTURIES.fullmatch(digits):
        return YEAR if unit == "年" else OTHER
    return COUNT if len(digits) > 1 and unit not in DATED else OTHER


def _runs(counted: Sequence[str], places: Iterable[str]) -> Iterator[str]:
    """Figures that follow each other, three at a time: no spinner changes them, and no other text has them. In a text with few of
    them two at a time, with the place."""
    for run in zip(counted, islice(counted, 1, None), islice(counted, 2, None), strict=False):
        yield "|".join(run)
    if len(counted) <= FEW_FIGURES:
        for place in places:
            yield from (f"{place}|{one}|{other}" for one, other in pairwise(counted))


def _whole(sentences: Iterable[tuple[str, str]]) -> Iterable[str]:
    """The sentences, without blanks and marks, that are long enough to be this text's own."""
    return (bare for sentence, bare in sentences if len(bare) >= WHOLE and not FURNITURE.search(sentence))


def _lowest(pieces: Iterable[str], wanted: int) -> list[str]:
    """Those of the lowest hashes: a part of the text has many of those of the whole."""
    return [piece for _, piece in sorted({(_hash(piece), piece) for piece in pieces})[:wanted]]


def _bands(words: Iterable[int]) -> list[int]:
    known = dictionary()
    sketch = RMinHash(num_perm=ROWS * BANDS, seed=1)
    sketch.update([known[word] for word in words])
    packed = array("I", sketch.digest()).tobytes()
    width = 4 * ROWS
    return [_mark(packed[start : start + width] + bytes([start // width])) for start in range(0, len(packed), width)]


def _mark(piece: str | bytes) -> int:
    raw = piece.encode("utf-8", "replace") if isinstance(piece, str) else piece
    return int.from_bytes(hashlib.blake2s(raw, digest_size=MARK).digest(), "little")


def _hash(piece: str) -> int:
    return crc32(piece.encode("utf-8", "replace"))


@cache
def dictionary() -> Mapping[int, str]:
    """The words of two characters of jieba's dictionary, by their characters as one number."""
    home = find_spec("jieba")
    if home is None or not home.submodule_search_locations:
        raise MonitorError("jieba: not installed; its dictionary is needed to recognise reposts")
    with Path(home.submodule_search_locations[0], "dict.txt").open(encoding="utf-8") as lines:
        counted = (line.split(" ") for line in lines)
        words = (word for word, count, *_ in counted if len(word) == 2 and int(count) >= COMMON)
        return {number: word for word in words for number in _pairs(word.encode("utf-16-le"))}
