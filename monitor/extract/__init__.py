"""EXTRACT: the targets, designations and programmes of one article, each with the sentence that proves it.

Not whose they are (`regions.py`) and not which themes they speak of (`classify.py`): `judge.py` adds both.
"""

from collections.abc import Sequence

from monitor.domain import Article, Finding
from monitor.extract.designations import find_designations
from monitor.extract.genre import is_policy
from monitor.extract.programmes import find_programmes
from monitor.extract.targets import find_quantities
from monitor.text import Folded


def extract(article: Article, text: Folded, places: Sequence[tuple[int, int]], *, themed: bool) -> tuple[Finding, ...]:
    """Every finding of an article that speaks of policy, none of another.

    `text` is its folded body, `places` are the spans of place names in it, `themed` says whether it is about a watched theme.
    """
    if not is_policy(article.title, text.text, themed=themed):
        return ()
    return (
        *find_quantities(article, text, places),
        *find_designations(article, text, places),
        *find_programmes(article, text, places),
    )
