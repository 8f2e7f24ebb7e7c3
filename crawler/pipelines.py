"""From a fetched page to stored facts, inline: a page takes milliseconds.

The order makes a kill at any point harmless: the raw page is kept first, the article and its facts are stored in one
transaction, and only then is the visit noted. What was not stored is fetched again.
"""

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.reading.page import read_page
from crawler.spiders.source import Fetched, SourceSpider
from crawler.state import Answer, Run, log
from monitor.domain import Article, Page
from monitor.errors import PageError, StoreError
from monitor.ingest import ingest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Ingest:
    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Ingest":
        return cls(crawler)

    def process_item(self, item: Fetched) -> Fetched:
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)  # noqa: S101  # the crawl starts no other
        run = spider.run
        try:
            _take(run, item)
        except PageError as error:
            run.lose(item.watch, item.row.url, error.problem)
            run.note(item.watch, _answer(item))
        except StoreError as error:
            run.broke(error)
        except Exception as error:
            log.debug("page broke its reader [source %s] %s", item.watch.source.id, item.url, exc_info=True)
            item.watch.complete = False
            run.lose(item.watch, item.row.url, f"cannot be read: {type(error).__name__}: {error}"[:300])
        if run.fault is None:
            run.finish(item.watch, item.key)
        return item


def _take(run: Run, item: Fetched) -> None:
    watch, answer = item.watch, _answer(item)
    previous = run.visits.get(item.key)
    if previous is not None and previous.body_hash == answer.body_hash:
        run.unchanged(watch, answer)
        return
    now = run.now()
    page = Page(item.url, item.body, now, item.content_type, item.etag, item.last_modified)
    page_hash = run.store.keep_page(page)
    stored = ingest(
        _read(item, run),
        key=item.key,
        store=run.store,
        judge=run.judge,
        page_hash=page_hash,
        now=now,
        baseline_days=run.baseline_days,
    )
    run.note(watch, answer)
    watch.used += 1
    watch.new += stored.new
    watch.unchanged += not (stored.new or stored.changed)
    watch.facts += stored.facts_new
    log.info("article stored: %d new facts [source %s] %s", stored.facts_new, watch.source.id, item.url)


def _read(item: Fetched, run: Run) -> Article:
    article = read_page(
        item.body,
        url=item.url,
        content_type=item.content_type,
        title=item.row.title,
        published=item.row.published,
        now=run.now(),
    )
    return replace(article, source=item.watch.source.id, region=item.watch.source.region)


def _answer(item: Fetched) -> Answer:
    return Answer(item.key, 200, item.etag, item.last_modified, hashlib.sha256(item.body).hexdigest())
