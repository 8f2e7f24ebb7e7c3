"""What one page tells a probe: its list, its name, its feeds, and whether it is a login, a single article or a list."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from typing import Final, Literal
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.gates import HOME
from crawler.listing import Listing, ListPage, Row, read_listing
from crawler.listing.dialects import date_in, dialect
from crawler.listing.rows import base_of, read_tree
from crawler.listing.scripted import drawn_by, may_be_drawn
from crawler.reading.page import read_page
from crawler.urls import absolute
from monitor.errors import PageError

FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
DOCUMENTS: Final = frozenset({"feed", "sitemap"})  # never web pages
TITLE: Final = re.compile(r"<title[^>]{0,200}>(?:\s*<!\[CDATA\[)?([^<\]]{1,300})", re.IGNORECASE)
HEAD: Final = 20_000  # characters in which a title stands
LEAST: Final = 40  # characters of text that make a page an article; a notice may be two lines
LONG: Final = 300  # characters with a date of publication: an article, whatever its address
DATED: Final = 5  # dated rows that make a page a list, whatever else stands on it
PASSWORD: Final = re.compile(r"<input[^<>]{1,300}type\s*=\s*[\"']?password", re.IGNORECASE)
# What publishing systems write into the head of an article and of no list.
SINGLE: Final = re.compile(
    r"<meta[^<>]{0,80}(?:ArticleTitle[\"'][^<>]{0,40}content=[\"'][^\"'<>\s]|og:type[\"'][^<>]{0,40}content=[\"']article)",
    re.IGNORECASE,
)
NAMED_FEED: Final = re.compile(
    r"(?:/(?:rss|feed|atom)(?:[/.?]|$)|(?:rss|feed|atom|sitemap)[\w-]{0,20}\.xml)", re.IGNORECASE
)
# Articles are addressed as /doc/2026/11/20/471001.shtml by the government's sites of one city only.
OFFICIAL: Final = "intertid"
AUTHORITY: Final = re.compile(r"人民政府|管理委员会|政府信息公开|网站标识码|gov\.cn")
COPY: Final = "mirror_spam: a copy of an official site on another host; not taken as a source, add the official one"
ProbeStatus = Literal["ok", "blocked", "disallowed", "empty", "unreachable", "unsupported"]


@dataclass(frozen=True, slots=True)
class Sample:
    title: str
    published: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A list that may be added in the place of what was asked for."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Probe:
    """`links` are the articles in page order; `robots` is null for a saved page; `samples` are those
    of the first three that can be read, `sample` the first of them.
    `rows` counts the articles on the page itself, as a measure of what it holds on a normal day. `script`: what draws the
    list that was not read; `browser`: a browser drew what is shown."""

    url: str
    status: ProbeStatus
    reason: str | None = None
    title: str | None = None
    family: str | None = None
    charset: str | None = None
    robots: Literal["allowed", "disallowed"] | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    next_page: str | None = None
    links: tuple[Row, ...] = ()
    sample: Sample | None = None
    samples: tuple[Sample, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    rows: int = 0
    script: str | None = None
    browser: bool = False


def look(page: ListPage) -> tuple[Probe, Listing | None]:
    """What the page itself tells."""
    seen = Probe(page.url, "empty", "no article links found", charset=page.charset, title=title_of(page.text))
    try:
        listing = read_listing(page, now=datetime.now(UTC), family=page.ask.family)
        feeds = feeds_of(page) if is_web_page(page, listing) else ()
    except PageError as error:
        return replace(seen, status="unsupported", reason=error.problem), None
    if _is_copy(page, listing):
        return replace(seen, status="unsupported", reason=COPY, family=listing.family), None
    seen = replace(seen, family=listing.family, links=listing.rows, feeds=feeds, rows=len(listing.rows))
    return _judge(page, seen, listing), listing


def is_web_page(page: ListPage, listing: Listing) -> bool:
    """Whether a person could look at it: neither a feed nor a sitemap nor an API's answer."""
    return (
        listing.family not in DOCUMENTS
        and not page.text[:99].lstrip("\ufeff \r\n\t").startswith(("{", "["))
        and page.ask.posted is None
    )


def single_article(page: ListPage, listing: Listing) -> Sample | None:
    """The article, where the page is one; lists of related articles below its text do not make it a list."""
    if listing.parts or not is_web_page(page, listing):
        return None
    is_sure = date_in(page.url) is not None or SINGLE.search(page.text[:HEAD]) is not None
    dated = sum(row.published is not None for row in listing.rows)
    if not is_sure and (listing.behind or dated >= DATED or urlsplit(page.url).path in HOME):
        return None
    try:
        article = read_page(page.body, url=page.url, content_type=page.content_type, now=datetime.now(UTC))
    except PageError:
        return None
    told = len(article.text)
    is_likely = not listing.rows or dialect(page.url) is not None or (article.published is not None and told >= LONG)
    return Sample(article.title, article.published, article.text) if told >= LEAST and (is_sure or is_likely) else None


def tree_of(page: ListPage) -> tuple[HtmlElement, str]:
    """The page as a tree, and the address that its links start from. Raises PageError."""
    tree = read_tree(page)
    return tree, base_of(tree, page.url)


def title_of(text: str) -> str | None:
    """What a page or a feed calls itself."""
    found = TITLE.search(text[:HEAD])
    return " ".join(unescape(found[1]).split())[:80] or None if found else None


def feeds_of(page: ListPage) -> tuple[str, ...]:
    """The feeds that the page's head names."""
    tree, base = tree_of(page)
    links = (link for link in tree.iter("link") if (link.get("type") or "").strip().lower() in FEED_TYPES)
    return tuple(dict.fromkeys(url for link in links if (url := absolute(link.get("href") or "", base))))


def _is_copy(page: ListPage, listing: Listing) -> bool:
    """Whether a page calls itself an authority's and names its articles as one's does, on a host that is none's: such
    copies hold words replaced by others."""
    name = urlsplit(page.url).hostname or ""
    if not re.search(r"\.[a-z]{2,}$", name) or name.endswith(".gov.cn"):
        return False
    links = [row.url for row in listing.rows] or [page.url]
    alike = sum(dialect(link) == OFFICIAL for link in links)
    return alike * 2 > len(links) and AUTHORITY.search(page.text) is not None


def _judge(page: ListPage, seen: Probe, listing: Listing) -> Probe:
    promised = NAMED_FEED.search(page.url) or "xml" in (page.content_type or "").lower().replace("xhtml", "")
    note = None
    if promised and listing.family == "rows" and "<html" in page.text[:2000].lower():
        note = "a web page, not the feed or sitemap that its address promises"
    if listing.parts or listing.behind:
        reason = f"an index of {len(listing.parts)} lists" if listing.parts else None
        return replace(seen, status="ok", reason=reason)
    if listing.rows:
        return replace(seen, status="ok", reason=note)
    if PASSWORD.search(page.text):
        reason = "login_page: the page asks for a login; only what is public is read"
        return replace(seen, status="blocked", reason=reason)
    system = drawn_by(page.text)
    if system:
        return replace(seen, status="unsupported", reason=f"the list is drawn by a script ({system})", script=system)
    script = "its own" if may_be_drawn(page.text) else None
    return replace(seen, reason=f"no article links found: {note}" if note else seen.reason, script=script)
