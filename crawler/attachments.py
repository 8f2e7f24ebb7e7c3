"""Fetches what belongs to an article besides its page: its later parts and its attached files. Each is asked for like any
other page (robots.txt, politeness, gates) and kept raw; a file that was fetched once is taken from the store.

Whatever goes wrong costs the file and is said in one line. The article is complete unless that may be otherwise next time.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.failures import explain, is_lasting
from crawler.gates import Gate
from crawler.middlewares import SLOT, Disallowed, content_type
from crawler.reading.appendix import MOST, Read, append, cut
from crawler.reading.attachments import worth_reading
from crawler.reading.extract import extract_aside
from crawler.reading.page import read_page
from crawler.reading.parts import MOST as MOST_PARTS
from crawler.reading.parts import join, later_parts
from crawler.reading.printed import Printed
from crawler.state import GIVEN_UP, WATCH, Answer, Run, Watch
from crawler.urls import host, key
from monitor.domain import Article, Attachment, Page
from monitor.errors import PageError, StoreError
from monitor.store.store import VisitRecord

if TYPE_CHECKING:
    from crawler.spiders.source import Fetched

MOST_FILES: Final = 10  # of one article; a page with more is a catalogue
READERS: Final = 2  # processes that read files at the same time

Download = Callable[[Request], Awaitable[Response]]


class Companions:
    """The files and parts of one crawl's articles. `download` is Scrapy's."""

    def __init__(self, run: Run, download: Download) -> None:
        self._run, self._download = run, download
        self._readers = asyncio.Semaphore(READERS)
        self._walls: set[str] = set()  # hosts that answered for a file with a wall: they are asked for no other

    async def read_document(self, content: bytes, name: str) -> tuple[Printed, ...]:
        """Read a file in a process of its own. Raises PageError."""
        async with self._readers:
            return await extract_aside(content, name)

    async def gather(self, article: Article, item: "Fetched") -> tuple[Article, bool]:
        """The article with the texts of its later parts and of its files, and whether that is all there is to have.

        Raises GIVEN_UP where the crawl ends meanwhile.
        """
        article, whole = await self._join_parts(article, item)
        files = worth_reading([one for one in article.attachments if one.start is None])
        if not self._run.settings.max_attachment or not item.watch.source.official:
            return article, whole
        if len(files) > MOST_FILES:
            self._run.issue(item.watch, item.url, f"only {MOST_FILES} of {len(files)} attached files are read")
        read: list[Read] = []
        hashes: set[str] = set()
        for file in files[:MOST_FILES]:
            try:
                found = await self._fetch(file, item.watch, hashes)
                if found:
                    parts = await self.read_document(found, file.name)
                    read.append((file, self._fitting(file, item.watch, parts, read)))
            except (StoreError, *GIVEN_UP):
                raise
            except Exception as error:  # one file is lost, the article is not
                whole &= self._lose(item.watch, file.url, error)
        return append(article, read), whole

    def _fitting(self, file: Attachment, watch: Watch, parts: Sequence[Printed], read: Sequence[Read]) -> list[Printed]:
        taken = sum(len(part.text) for _, parts in read for part in parts)
        kept = cut(parts, MOST - taken)
        for warning in (warning for part in kept for warning in part.warnings):
            self._run.issue(watch, file.url, f"attached file {file.name}: {warning}")
        return kept

    async def _fetch(self, file: Attachment, watch: Watch, hashes: set[str]) -> bytes | None:
        """The bytes of a file; None where another file of the article has the same, or it was asked for in vain before."""
        name = f"file {key(file.url)}"
        visit = self._run.store.visits([name]).get(name)
        if visit is not None and visit.body_hash is None:
            return None
        page = self._kept(visit)
        if page is None:
            page = await self._ask(file, watch)
            self._run.note(watch, Answer(name, 200, body_hash=self._run.store.keep_page(page)))
        hash = hashlib.sha256(page.body).hexdigest()
        is_other = hash not in hashes
        hashes.add(hash)
        return page.body if is_other else None

    def _kept(self, visit: VisitRecord | None) -> Page | None:
        """The file as it was fetched before; None where it never was, or its bytes are no longer kept."""
        if visit is None or visit.body_hash is None:
            return None
        try:
            return self._run.store.page(visit.body_hash)
        except StoreError:
            return None

    async def _ask(self, file: Attachment, watch: Watch) -> Page:
        if host(file.url) in self._walls:
            raise _Walled("not asked for: its host refused another file")
        most = self._run.settings.max_attachment
        response = await self._download(_request(file.url, watch, {"download_maxsize": most}))
        return Page(response.url, response.body, self._run.now(), content_type(response))

    def _lose(self, watch: Watch, url: str, error: BaseException) -> bool:
        """Say what is wrong with a file; True where asking again soon would give the same."""
        _, reason = explain(error)
        if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in reason:  # as sent, or unpacked
            reason = f"larger than the {self._run.settings.max_attachment:,} bytes of crawl.max_attachment"
        if isinstance(error, Gate) and error.verdict.wall:
            self._walls.add(host(url))
        # A site that keeps its files to itself does so with all of them: a line for each would bury the others.
        self._run.issue(watch, url, f"attached file: {reason}", expected=isinstance(error, Disallowed))
        if isinstance(error, _Walled) or not is_lasting(error):
            return False
        if not isinstance(error, PageError):
            self._run.note(watch, Answer(f"file {key(url)}"))
        return True

    # ------------------------------------------------------------------ parts

    async def _join_parts(self, article: Article, item: "Fetched") -> tuple[Article, bool]:
        """The article with the parts that its pages lead on to."""
        waiting = later_parts(item.body, item.url, item.url)
        read: set[int] = set()
        while waiting and len(read) < MOST_PARTS:
            number = min(waiting)
            address = waiting.pop(number)
            read.add(number)
            try:
                response = await self._download(_request(address, item.watch, {}))
                part = read_page(
                    response.body,
                    url=response.url,
                    content_type=content_type(response),
                    title=article.title,
                    now=self._run.now(),
                )
            except GIVEN_UP:
                raise
            except Exception as error:  # the article ends here, as a reader would see it
                self._run.issue(item.watch, address, f"a later part of an article: {explain(error)[1]}")
                return article, is_lasting(error)
            self._run.store.keep_page(Page(response.url, response.body, self._run.now(), content_type(response)))
            article = join(article, part)
            more = later_parts(response.body, response.url, item.url)
            waiting |= {place: url for place, url in more.items() if place not in read}
        return article, True


class _Walled(IgnoreRequest):  # Scrapy's own family has no Error in its name
    """A file that was not asked for, because its host had refused another."""


def _request(url: str, watch: Watch, meta: dict[str, object]) -> Request:
    return Request(
        url,
        callback=NO_CALLBACK,
        dont_filter=True,  # we keep our own record
        meta={WATCH: watch, SLOT: host(url), **meta},
    )
