"""Tell a page whose words a text spinner has replaced, and fold it with the plain words back in place.

The plain words serve matching only: evidence is cut from the page as printed. An ordinary page is never touched, since
half of what spinners write (情况, 建立, 结构) are good words elsewhere.
"""

from collections.abc import Collection

from monitor.domain import Article
from monitor.seeds import Seeds
from monitor.text import Folded, fold

ODD_ENOUGH = 3  # different odd words; one or two stand in a quotation, a name or a slip of the pen


def is_spun(text: str, odd: Collection[str]) -> bool:
    """Say whether `text` holds ODD_ENOUGH different words that no government or newspaper writes."""
    seen = 0
    for word in odd:
        seen += word in text
        if seen >= ODD_ENOUGH:
            return True
    return False


def fold_article(article: Article, seeds: Seeds) -> tuple[Folded, Folded]:
    """Fold title and body, with spun words turned back where the two together are spun."""
    title, body = fold(article.title), fold(article.text)
    if not is_spun(f"{title.text}\n{body.text}", seeds.odd):
        return title, body
    return fold(article.title, seeds.synonyms), fold(article.text, seeds.synonyms)
