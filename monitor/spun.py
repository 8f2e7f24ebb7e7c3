"""Tell a page whose words a text spinner has replaced, and fold it with the plain words back in place.

The plain words serve matching only: evidence is cut from the page as printed. An ordinary page is never touched, since
half of what spinners write (情况, 建立, 结构) are good words elsewhere.
"""

from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from monitor.domain import Article
from monitor.seeds import Seeds
from monitor.text import Folded, fold

ODD_ENOUGH = 3  # different odd words; one or two stand in a quotation, a name or a slip of the pen


def is_spun(text: str, odd: frozenset[str]) -> bool:
    """Say whether `text` holds ODD_ENOUGH different words that no government or newspaper writes."""
    return len({which for which, _, _ in _automaton(odd).find_matches_as_indexes(text)}) >= ODD_ENOUGH


@cache
def _automaton(words: frozenset[str]) -> AhoCorasick:
    return AhoCorasick(list(words), MatchKind.LeftmostLongest, implementation=Implementation.DFA)


def fold_article(article: Article, seeds: Seeds) -> tuple[Folded, Folded]:
    """Fold title and body, with spun words turned back where the two together are spun."""
    title, body = fold(article.title), fold(article.text)
    if not is_spun(f"{title.text}\n{body.text}", seeds.odd):
        return title, body
    return fold(article.title, seeds.synonyms), fold(article.text, seeds.synonyms)
