"""Articles to measure on: those of the replica sites, policy and other news as they come."""

from datetime import UTC, datetime

from monitor.demo.content import ARTICLES, date_article
from monitor.domain import Article


def articles() -> list[Article]:
    now = datetime.now(UTC)
    dated = [date_article(article, now) for article in ARTICLES]
    return [
        Article(title=one.title, text="\n".join(one.paragraphs), published=one.moment.isoformat(), region="无锡市")
        for one in dated
    ]


def joined(characters: int) -> list[Article]:
    """The same texts as articles of about this length, each of one kind: policy with policy, other news with other news."""
    longer: list[Article] = []
    title, parts, length = "", list[str](), 0
    for article in sorted(articles(), key=lambda one: ("计划" not in one.text, one.title)):
        title = title or article.title
        parts.append(article.text)
        length += len(article.text)
        if length >= characters:
            longer.append(Article(title=title, text="\n".join(parts), published=article.published, region="无锡市"))
            title, parts, length = "", [], 0
    return longer
