"""One article, all the way: judge it, tell new from known, store it, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from monitor.claims import claims, last_day
from monitor.domain import Article, Judgement
from monitor.novelty import decide
from monitor.store import Store
from monitor.store.articles import Kept, Stamp, find_unchanged, is_first_crawl, keep_article, outdated, touch_article
from monitor.store.facts import Teller, read_context, write
from monitor.tellings import read_telling

CHINA = timedelta(hours=8)  # publication days are Chinese days
BATCH = 50  # articles read at once when all are judged again


class Judging(Protocol):
    """`version` changes with the rules and the seeds."""

    @property
    def version(self) -> str: ...

    def judge(self, article: Article) -> Judgement: ...


@dataclass(frozen=True, slots=True)
class Ingested:
    """`changed`: it was stored before, otherwise; `story` is the article that told this one's story first."""

    article_id: int
    new: bool = False
    changed: bool = False
    facts_new: int = 0
    facts_revised: int = 0
    themes: tuple[str, ...] = ()  # ids
    regions: tuple[str, ...] = ()  # codes of the subject regions
    story: int | None = None


def ingest(  # noqa: PLR0913  # an article, where it came from, and the tools
    article: Article,
    *,
    key: str,
    store: Store,
    judge: Judging,
    page_hash: str | None,
    now: datetime,
    baseline_days: int = 30,
) -> Ingested:
    """Take in one article under its canonical address; the same again adds nothing. Raises StoreError."""
    with store.reading() as db:
        unchanged = find_unchanged(db, article, key, judge.version)
    if unchanged is not None:
        with store.writing() as db:
            touch_article(db, unchanged, page_hash, now)
        return Ingested(unchanged)
    judgement = judge.judge(article)
    said = claims(judgement.findings, (now + CHINA).date().isoformat())
    named = {match.region.code: match.role for match in judgement.regions}
    subjects = [code for code, role in named.items() if role == "subject"]
    read = read_telling(article.title, article.text, subjects, named)
    with store.writing() as db:
        begun = article.published is None and is_first_crawl(db, article.source)
        alerts = is_news(article.published, now, baseline_days, first_crawl=begun)
        kept = keep_article(db, article, judgement, Stamp(key, page_hash, judge.version, now, alerts), read)
        if not kept.new and page_hash is not None:
            touch_article(db, kept.id, page_hash, now)
        teller = _teller(article, kept, now, alerts=alerts)
        context = read_context(db, said, teller)
        written = write(db, decide(said, context), teller, context)
    return Ingested(
        kept.id,
        new=kept.new,
        changed=not kept.new,
        facts_new=len(written.new),
        facts_revised=len(written.revised),
        themes=tuple(match.id for match in judgement.themes),
        regions=tuple(match.region.code for match in judgement.regions if match.role == "subject"),
        story=kept.story,
    )


def _teller(article: Article, kept: Kept, now: datetime, *, alerts: bool) -> Teller:
    """The article as the one who tells its facts."""
    return Teller(
        article=kept.id,
        story=kept.story,
        said=article.published or now.date().isoformat(),
        seen=now,
        alerts=alerts,
        kin=kept.kin,
        alone=kept.new and kept.story == kept.id and not kept.kin,
        first=kept.new,
        edited=kept.edited,
    )


def judge_again(store: Store, judge: Judging, now: datetime, baseline_days: int = 30) -> int:
    """Judge the stored articles that other rules judged, without fetching; returns how many.

    A fact that only its wording changed stays the fact it was, with its receipts.
    """
    done, last = 0, 0
    while True:
        with store.reading() as db:
            batch = outdated(db, judge.version, last, BATCH)
        if not batch:
            return done
        for id, key, article in batch:
            ingest(article, key=key, store=store, judge=judge, page_hash=None, now=now, baseline_days=baseline_days)
            done, last = done + 1, id


def is_news(published: str | None, now: datetime, baseline_days: int, *, first_crawl: bool) -> bool:
    """Whether readers are told what an article says.

    Not when it was published more than `baseline_days` before it was first seen; an undated one is news unless the first
    crawl of its source shows it, because nobody knows how long it has been there.
    """
    if published is None:
        return not first_crawl
    return last_day(published) >= (now + CHINA - timedelta(days=baseline_days)).date().isoformat()
