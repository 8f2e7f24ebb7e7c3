"""Articles to measure on: those of the replica sites, policy and other news as they come."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from monitor.demo.content import ARTICLES, date_article
from monitor.domain import Article

FIGURE = re.compile(r"\d{2}|[十百千万亿][家个元人项]")


def articles() -> list[Article]:
    now = datetime.now(UTC)
    dated = [date_article(article, now) for article in ARTICLES]
    return [
        Article(title=one.title, text="\n".join(one.paragraphs), published=one.moment.isoformat(), region="无锡市")
        for one in dated
    ]


def joined(characters: int, has_facts: Callable[[Article], bool]) -> list[Article]:
    """Articles of about this length: a text with facts, then prose without figures, so that facts are about as dense as in
    the reports of papers (some twenty in 2,500 characters; the replicas' articles alone are three times as dense)."""
    told = [article for article in articles() if has_facts(article)]
    plain = cycle(article.text for article in articles() if not has_facts(article) and not FIGURE.search(article.text))
    longer = []
    for article in told:
        text = article.text
        while len(text) < characters:
            text += f"\n{next(plain)}"
        longer.append(replace(article, text=text))
    return longer
