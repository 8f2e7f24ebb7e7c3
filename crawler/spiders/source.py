"""One spider for any number of sources: list pages -> article requests -> pages for the pipeline.

A list is read to its end before the first article is asked for, so that the newest of all its pages come first.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.failures import explain, is_gone, is_lasting
from crawler.gates import Gate, Verdict, is_home_fallback
from crawler.listing import Ask, Listing, Row, asked, list_page, pager, read_listing
from crawler.listing.base import ask_of, asks, drawn_on
from crawler.listing.scripted import why_no_rows
from crawler.middlewares import SLOT, content_type, header
from crawler.selection import Selection, select, survey, today, validators
from crawler.state import DAY, GIVEN_UP, UNFINISHED, WATCH, Answer, Run, Watch, log
from crawler.urls import host, key
from monitor.errors import StoreError
from monitor.store.store import VisitRecord

SHELLS: Final = 3  # steps from a page to the list that its script would fetch
MOST_PARTS: Final = 50  # sitemaps of one index
LIST_PRIORITY: Final = 10  # lists before articles, so that every source is looked at early


@dataclass(frozen=True, slots=True)
class Fetched:
    """An article's page on its way to the pipeline."""

    watch: Watch
    row: Row
    key: str
    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None


class SourceSpider(Spider):
    name = "source"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run

    async def start(self) -> AsyncIterator[Any]:
        for watch in self.run.watches.values():
            try:
                visit = self._list_visit(Ask(watch.source.url))
            except StoreError as error:
                self.run.broke(error)
                return
            watch.left_over = visit is not None and visit.status == UNFINISHED
            # What a script draws changes while its page stays the same.
            headers = {} if watch.source.browser else self._list_validators(visit)
            request = self._request(watch, watch.source.url, self.read_list, self.list_failed, headers)
            yield asked(request, ask_of(watch.source))

    # ------------------------------------------------------------------ lists

    async def read_list(self, response: Response, watch: Watch) -> AsyncIterator[Any]:
        try:
            chosen = select(self.run, watch, await self._all_rows(watch, response))
        except StoreError as error:
            self.run.broke(error)
            return
        except Exception as error:  # the loop's edge: one source is lost, the others go on
            self._list_lost(watch, error)
            chosen = Selection()
        watch.listed = True
        if chosen.new:
            self.run.begin(watch)
        for request in list(self._articles(watch, chosen)):
            yield request
        self.run.finish(watch)

    def list_failed(self, failure: Failure) -> None:
        watch: Watch = failure.request.cb_kwargs["watch"]  # type: ignore[attr-defined]
        error = _error(failure)
        if isinstance(error, GIVEN_UP):
            return  # the crawl is ending, and says so of every source that it did not get to
        self._list_lost(watch, error)
        self.run.finish(watch)

    def _list_lost(self, watch: Watch, error: BaseException) -> None:
        status, reason = explain(error)
        watch.stopped, watch.gone = True, is_gone(error)
        watch.blocked += status == "blocked"
        watch.fail(status, reason)
        self.run.issue(watch, watch.source.url, reason)

    async def _all_rows(self, watch: Watch, response: Response) -> list[Row]:
        """The rows of the list, its parts and the pages after it, as far as the settings go."""
        if response.status == 304:
            log.info("list unchanged [source %s]", watch.source.id)
            return []
        if is_home_fallback(watch.source.url, response.url):
            raise Gate(
                Verdict("home_fallback", "the address leads to the site's front page, not to a list", wall=False)
            )
        ask = ask_of(watch.source)
        listing, is_shell = await self._listing(watch, response, ask)
        parts = [await self._part(watch, part) for part in listing.parts[:MOST_PARTS]]
        # An index or a shell stays the same while what it leads to changes: it is always read.
        leads_on = is_shell or bool(listing.parts) or ask.browser
        list_key = self.run.list_key(ask)
        watch.lists.append(Answer(list_key, response.status) if leads_on else _answer(list_key, response))
        rows = [*listing.rows, *(row for part in parts if part for row in part)]
        rows += await self._later_pages(watch, Ask(response.url), listing)
        watch.shown = survey(rows, today(self.run.now()))
        if len({row.url for row in rows}) < watch.source.min_articles and None not in parts:
            text = list_page(response.url, response.body, content_type(response)).text
            why = why_no_rows(text, response.flags if ask.browser else None) if not rows else None
            hint = f"; {why}" if why else ""
            reason = f"{len(rows)} article links found on the list, at least {watch.source.min_articles} expected{hint}"
            watch.fail("empty", reason)
            self.run.issue(watch, watch.source.url, reason)
        return [] if self._is_strange(watch, rows) else rows

    def _is_strange(self, watch: Watch, rows: Sequence[Row]) -> bool:
        """Whether nothing on the list looks like an article, as its rows used to: what is left is a menu."""
        if not rows or not watch.dialect or watch.shown.dialect or watch.shown.newest:
            return False
        reason = f"none of the {len(rows)} links on the list looks like an article any more"
        watch.fail("empty", reason)
        self.run.issue(watch, watch.source.url, reason)
        return True

    async def _listing(self, watch: Watch, response: Response, ask: Ask) -> tuple[Listing, bool]:
        """What a page lists, and whether it was a shell whose list had to be asked for."""
        listing = self._read(watch, response, ask)
        for _ in range(SHELLS):
            if listing.behind is None:
                break
            try:
                inner = self._read(watch, await self._download(watch, listing.behind), listing.behind)
            except Exception as error:  # a page that shows a list itself does without its interface
                if not listing.rows or isinstance(error, StoreError):
                    raise
                log.info("list read from its page: %s %s", explain(error)[1], listing.behind.url)
                break
            ask, listing = listing.behind, inner
        return listing, ask.url != watch.source.url or ask.posted is not None

    def _read(self, watch: Watch, response: Response, ask: Ask) -> Listing:
        page = list_page(response.url, response.body, content_type(response), ask)
        listing = drawn_on(read_listing(page, now=self.run.now(), family=ask.family), ask)
        log.debug("list read: %s, %d rows [source %s] %s", listing.family, len(listing.rows), watch.source.id, page.url)
        return listing

    async def _part(self, watch: Watch, ask: Ask) -> Sequence[Row] | None:
        """A sitemap of an index, None where it is unchanged; one that cannot be read costs only its own articles."""
        try:
            response = await self._download(watch, ask, conditional=True)
            if response.status == 304:
                return None
            listing = self._read(watch, response, ask)
        except Exception as error:  # one part is lost, the others go on
            if isinstance(error, StoreError) or (isinstance(error, Gate) and error.verdict.wall):
                raise  # neither is a matter of one part
            watch.complete = False
            self.run.issue(watch, ask.url, explain(error)[1])
            return ()
        watch.lists.append(_answer(self.run.list_key(ask), response))
        return listing.rows

    async def _later_pages(self, watch: Watch, first: Ask, listing: Listing) -> list[Row]:
        """Pages 2, 3, ... while the page before held something new, or all where an earlier crawl was cut short; a page
        that repeats the one before ends the list. One old row tells nothing: it may be pinned, or a thread come up again."""
        rows: list[Row] = []
        seen = {self.run.list_key(first), self.run.list_key(Ask(watch.source.url))}
        for number in range(2, self.run.settings.max_pages + 1):
            if not listing.following or not (watch.left_over or self._any_new(listing.rows)):
                break
            found = await self._next_page(watch, listing, seen, number)
            if found is None:
                break
            listing = found
            rows += listing.rows
        return rows

    async def _next_page(self, watch: Watch, listing: Listing, seen: set[str], number: int) -> Listing | None:
        before = {row.url for row in listing.rows}
        for ask in listing.following:
            list_key = self.run.list_key(ask)
            if list_key in seen:
                self._say(watch, ask.url, f"page {number} of the list is a page already read", loud=listing.linked)
                continue
            seen.add(list_key)
            try:
                found = self._read(watch, await self._download(watch, ask), ask)
            except StoreError:
                raise
            except Exception as error:  # a later page is lost, the first ones are not
                self._say(watch, ask.url, f"page {number} of the list: {explain(error)[1]}", loud=listing.linked)
                continue
            if found.rows and not {row.url for row in found.rows} <= before:
                watch.paging = True
                return found if found.linked or ask.family else _guessed_on(found, ask)
            # The last page of some lists is shown again for any page after it; a second one must be another than the first.
            watch.paging = False if number == 2 and found.rows and listing.linked else watch.paging
            self._say(
                watch, ask.url, f"page {number} of the list shows the same rows as the page before", loud=listing.linked
            )
        return None

    def _say(self, watch: Watch, url: str, problem: str, *, loud: bool) -> None:
        """A page that the list itself names must work; a guessed one need not exist."""
        if loud:
            watch.reason = watch.reason or problem
            self.run.issue(watch, url, problem)

    def _any_new(self, rows: Sequence[Row]) -> bool:
        keys = {key(row.url) for row in rows} - self.run.asked
        return bool(keys - set(self.run.store.known(keys)) - set(self.run.store.visits(keys)))

    async def _download(self, watch: Watch, ask: Ask, *, conditional: bool = False) -> Response:
        """Fetch one more page of a list; raises what Scrapy raises."""
        validators = self._list_validators(self._list_visit(ask)) if conditional else {}
        request = self._request(watch, ask.url, NO_CALLBACK, None, validators)
        return await self.crawler.engine.download_async(asked(request, ask))

    def _list_visit(self, ask: Ask) -> VisitRecord | None:
        list_key = self.run.list_key(ask)
        return self.run.store.visits([list_key]).get(list_key)

    def _list_validators(self, visit: VisitRecord | None) -> dict[str, str]:
        """Conditional headers; once a day none, because some servers never notice that a page has changed."""
        return {} if visit is None or self.run.now() - visit.visited >= DAY else validators(visit)

    # --------------------------------------------------------------- articles

    def _articles(self, watch: Watch, chosen: Selection) -> Iterator[Request]:
        """Requests for what is new, then for what is due for another look."""
        if chosen.left:
            watch.left, watch.complete = True, False
            log.info("newest %d articles taken, the rest follows [source %s]", len(chosen.new), watch.source.id)
        rows = {**chosen.new, **chosen.again}
        away = sum(host(row.url) != host(watch.source.url) for row in rows.values())
        if away:
            log.info("%d articles are on other hosts [source %s]", away, watch.source.id)
        watch.again = chosen.again.keys()
        self.run.asked.update(rows)
        watch.pending.update(rows)
        for name, row in rows.items():
            visit = self.run.visits.get(name)
            headers = validators(visit) if visit and visit.body_hash else {}
            yield self._request(watch, row.url, self.read_article, self.article_failed, headers, row=row)

    def read_article(self, response: Response, watch: Watch, row: Row) -> Iterator[Fetched]:
        name = key(row.url)
        watch.fetched += 1
        watch.refusals = 0
        if response.status == 304:
            visit = self.run.visits.get(name)
            if visit is not None:
                self.run.unchanged(watch, Answer(name, visit.status, visit.etag, visit.last_modified, visit.body_hash))
            self.run.finish(watch, name)
            return
        yield Fetched(
            watch,
            row,
            name,
            response.url,
            response.body,
            content_type(response),
            header(response, "ETag"),
            header(response, "Last-Modified"),
        )

    def article_failed(self, failure: Failure) -> None:
        asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
        watch, row, error = asked["watch"], asked["row"], _error(failure)
        name = key(row.url)
        if isinstance(error, GIVEN_UP):
            watch.complete = False
            self.run.finish(watch, name)
            return
        status, reason = explain(error)
        if status == "blocked":
            self.run.refuse(watch, row.url, reason)
        else:
            self.run.lose(watch, row.url, reason)
            if is_lasting(error):
                self.run.note(watch, Answer(name))
            else:
                self.run.put_off(watch, name)
        self.run.finish(watch, name)

    # ---------------------------------------------------------------- helpers

    def _request(  # what a Request takes
        self, watch: Watch, url: str, callback: Any, errback: Any, headers: Mapping[str, str], row: Row | None = None
    ) -> Request:
        inline = callback is NO_CALLBACK
        keywords = {} if inline else {"watch": watch} | ({"row": row} if row else {})
        return Request(
            url,
            callback=callback,
            errback=errback,
            headers=dict(headers),
            cb_kwargs=keywords,
            dont_filter=True,  # we keep our own record: a request dropped in silence would never be accounted for
            priority=0 if row else LIST_PRIORITY,
            meta={WATCH: watch, SLOT: host(url)},
        )


def _error(failure: Failure) -> BaseException:
    return failure.value or RuntimeError("failed without a reason")


def _answer(list_key: str, response: Response) -> Answer:
    return Answer(
        list_key,
        response.status,
        header(response, "ETag"),
        header(response, "Last-Modified"),
        hashlib.sha256(response.body).hexdigest(),
    )


def _guessed_on(listing: Listing, ask: Ask) -> Listing:
    """Page 3 of a guessed pager is page 2's address, one higher."""
    return Listing(listing.family, listing.rows, asks([pager.after(ask.url)]))
