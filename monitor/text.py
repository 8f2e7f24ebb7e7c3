"""Text as it is matched: a folded copy whose every character knows its place in the text as printed.

Folding never touches what is shown: evidence is always cut from the printed text. NFKC is not used, because it turns
，into , and ①into 1 and so destroys evidence.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from monitor.domain import Evidence

# Full-width digits, letters and the signs that stand inside quantities.
WIDTH = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
WIDTH |= {ord(wide): narrow for wide, narrow in zip("％／＋．－", "%/+.-", strict=True)}
# Traditional and Taiwanese print quotes so; to the rules 「十五五」 and “十五五” are one.
WIDTH |= {ord(corner): curly for corner, curly in zip("「」『』", "“”‘’", strict=True)}
WIDE = re.compile(
    f"[{''.join(map(chr, WIDTH))}]"
)  # looked for, because translating a whole text costs many times as much
# A blank is printed noise next to a Chinese character or its punctuation ("1.6 万人", ‘" 科创江阴 "’).
CHINESE = r"\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’"
BLANK = r"[ \t\r\f\v\u00a0\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]"
UNSEEN = r"[\u200b-\u200f\u2060\ufeff\u3000]"  # noise wherever it stands
# Begins with one set of characters, for which re looks many times as fast as it tries alternatives. Whether something Chinese
# follows is asked at the first of several blanks only, or a long row of them would take a quadratic time.
NOISE = re.compile(
    rf"{BLANK}(?:(?<=[{CHINESE}\"]{BLANK}){BLANK}*|(?<!{BLANK}{BLANK}){BLANK}*(?=[{CHINESE}\"%])|(?<={UNSEEN}){UNSEEN}*)"
)
# A sentence ends at 。！？… or a line's end, closing quotes and brackets included; ；only separates clauses.
SENTENCE_END = re.compile(r"[。！？!?…\n](?:(?<!\n)[。！？!?…]*[”’」』）)】]*)?")


@dataclass(frozen=True)
class Folded:
    """`text` is for matching; `offsets[i]` is the index in `printed` of `text[i]`."""

    printed: str
    text: str
    offsets: Sequence[int]

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Where the sentences of `text` end, read once for all who ask."""
        return sentence_ends(self.text)

    def folded(self, printed: int) -> int:
        """Where the character at this printed offset stands in `text`, or the next one that is kept."""
        if isinstance(self.offsets, range):  # nothing was cut
            return min(printed, len(self.text))
        return bisect_left(self.offsets, printed)

    def shown(self, start: int, end: int) -> str:
        """The printed piece behind `text[start:end]`, blanks at its ends left out."""
        return self.printed[self.offsets[start] : self.offsets[end - 1] + 1].strip()

    def evidence(self, start: int, end: int) -> Evidence:
        """The same with its place in the printed text."""
        first = self.offsets[start]
        piece = self.printed[first : self.offsets[end - 1] + 1]
        first += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        return Evidence(first, first + len(piece), piece)


def fold(printed: str, synonyms: Mapping[str, str] | None = None) -> Folded:
    """Fold width, blanks and script; `synonyms` (spun word -> plain word) only for a page already judged spun.

    A plain word of another length than the spun one is laid over it from end to end: its first and last character
    know the first and last printed character, so a plain word has at least two.
    """
    simplified, cuts = simplify(printed), _cuts(synonyms or {})
    if not cuts.search(simplified):
        return Folded(printed, narrow(simplified), range(len(printed)))
    pieces: list[str] = []
    offsets: list[int] = []
    for piece, places in _replaced(simplified, cuts, synonyms or {}):
        pieces.append(piece)
        offsets.extend(places)
    return Folded(printed, narrow("".join(pieces)), offsets)


def searchable(*texts: str) -> str:
    """The texts folded, in small letters, a line each: words of a reader's own, folded alike, are found in it."""
    return "\n".join(" ".join(fold(text).text.split()) for text in texts).lower()


def narrow(text: str) -> str:
    """Full-width digits, letters and signs, and corner brackets, as the plain ones, one for one."""
    return WIDE.sub(lambda found: WIDTH[ord(found[0])], text)


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, one for one; simplified text comes back unchanged."""
    simplified: str = _script().convert(text)
    if len(simplified) == len(text):
        return simplified
    return "".join(one if len(one := _script().convert(character)) == 1 else character for character in text)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a folded text, none empty."""
    start = 0
    for end in sentence_ends(text):
        if text[start:end].strip():
            yield start, end - (text[end - 1] == "\n")
        start = end


def sentence_ends(text: str) -> list[int]:
    """Where the sentences of a folded text end, line ends included; the last one is the end of the text."""
    return [found.end() for found in SENTENCE_END.finditer(text)] + [len(text)]


def _replaced(text: str, cuts: re.Pattern[str], synonyms: Mapping[str, str]) -> Iterator[tuple[str, Iterable[int]]]:
    """Pieces to keep with the printed offset of each character: noise dropped, synonyms put in place."""
    position = 0
    for found in cuts.finditer(text):
        start, end = found.span()
        yield text[position:start], range(position, start)
        if plain := synonyms.get(found.group()):
            yield plain, _stretched(start, end, len(plain))
        position = end
    yield text[position:], range(position, len(text))


def _stretched(start: int, end: int, length: int) -> Iterable[int]:
    if length == end - start or length < 2:
        return range(start, start + length)
    return (start + step * (end - start - 1) // (length - 1) for step in range(length))


def _cuts(synonyms: Mapping[str, str]) -> re.Pattern[str]:
    if not synonyms:
        return NOISE
    words = "|".join(re.escape(word) for word in sorted(synonyms, key=len, reverse=True))
    return re.compile(f"{words}|{NOISE.pattern}")


@cache
def _script():  # type: ignore[no-untyped-def]  # opencc ships no types
    import opencc

    return opencc.OpenCC("t2s")
