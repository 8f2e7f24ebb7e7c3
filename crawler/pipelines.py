"""From a fetched page to stored facts: what belongs to its article is fetched, then it is judged and stored, inline, because
that takes milliseconds.

The order makes a kill at any point harmless: the raw page is kept first, the article and its facts are stored in one
transaction, and only then is the visit noted. What was not stored is fetched again.
"""

import asyncio
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.attachments import Companions
from crawler.reading.documents import is_document
from crawler.reading.files import read_printed
from crawler.reading.page import read_page
from crawler.spiders.source import Fetched, SourceSpider
from crawler.state import GIVEN_UP, Answer, Run, log
from monitor.domain import Article, Attachment, Page
from monitor.errors import PageError, StoreError
from monitor.ingest import ingest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Ingest:
    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._companions: Companions | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Ingest":
        return cls(crawler)

    async def process_item(self, item: Fetched) -> Fetched:
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)  # noqa: S101  # the crawl starts no other
        run = spider.run
        if self._companions is None:
            self._companions = Companions(run, self._crawler.engine.download_async)
        try:
            await _take(run, item, self._companions)
        except GIVEN_UP as error:
            item.watch.complete = False  # nothing of it is noted, so that the next crawl takes it whole
            if isinstance(error, asyncio.CancelledError):
                raise
        except PageError as error:
            run.lose(item.watch, item.row.url, error.problem)
            run.note(item.watch, _answer(item))
        except StoreError as error:
            run.broke(error)
        except Exception as error:
            log.debug("page broke its reader [source %s] %s", item.watch.source.id, item.url, exc_info=True)
            run.put_off(item.watch, item.key)
            run.lose(item.watch, item.row.url, f"cannot be read: {type(error).__name__}: {error}"[:300])
        if run.fault is None:
            run.finish(item.watch, item.key)
        return item


async def _take(run: Run, item: Fetched, companions: Companions) -> None:
    watch, answer = item.watch, _answer(item)
    previous = run.visits.get(item.key)
    if previous is not None and previous.body_hash == answer.body_hash:
        run.unchanged(watch, answer)
        return
    now = run.now()
    page = Page(item.url, item.body, now, item.content_type, item.etag, item.last_modified)
    page_hash = run.store.keep_page(page)
    article, whole = await companions.gather(await _read(item, run, companions), item)
    stored = ingest(
        article,
        key=item.key,
        store=run.store,
        judge=run.judge,
        page_hash=page_hash,
        now=now,
        baseline_days=run.baseline_days,
    )
    # Without its hash the page counts as changed when it is asked for again, and what is missing is asked for too.
    run.note(watch, answer if whole else Answer(item.key, 200))
    watch.used += 1
    watch.new += stored.new
    watch.unchanged += not (stored.new or stored.changed)
    watch.facts += stored.facts_new
    log.info("article stored: %d new facts [source %s] %s", stored.facts_new, watch.source.id, item.url)


async def _read(item: Fetched, run: Run, companions: Companions) -> Article:
    title, published, source = item.row.title, item.row.published, item.watch.source
    if is_document(item.body):
        parts = await companions.read_document(item.body, item.url)
        article = read_printed(
            parts, Attachment(item.url, title or item.url), url=item.url, title=title, published=published
        )
    else:
        article = read_page(
            item.body,
            url=item.url,
            content_type=item.content_type,
            title=title,
            published=published,
            now=run.now(),
        )
    return replace(article, source=source.id, region=source.region)


def _answer(item: Fetched) -> Answer:
    return Answer(item.key, 200, item.etag, item.last_modified, hashlib.sha256(item.body).hexdigest())
