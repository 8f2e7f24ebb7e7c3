"""Sitemaps, news sitemaps and sitemap indexes. Bare ampersands are escaped first: libxml2 would turn `?a=1&b=2` into `?a=1=2`."""

import re
from datetime import datetime
from typing import Final

from lxml import etree
from lxml.etree import LxmlError
from scrapy.utils.sitemap import Sitemap

from crawler.listing.base import Listing, ListPage, Row, asks, unique
from crawler.listing.dialects import dialect
from crawler.reading.dates import read_date
from crawler.urls import absolute
from monitor.errors import PageError

NAME = "sitemap"
ROOT: Final = re.compile(r"<(?:\w{1,20}:)?(urlset|sitemapindex)[\s>]", re.IGNORECASE)
BARE: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def recognise(page: ListPage) -> bool:
    return bool(ROOT.search(page.text[:2000]))


def read(page: ListPage, now: datetime) -> Listing:
    text = BARE.sub("&amp;", DECLARATION.sub("", page.text).strip())
    try:
        sitemap = Sitemap(text.encode())
        entries = [(str(entry["loc"]), str(entry.get("lastmod") or "")) for entry in sitemap]
    except (LxmlError, StopIteration) as error:
        raise PageError(page.url, f"sitemap cannot be parsed: {error}") from None
    told = _news(text)
    rows = unique(
        [
            _row(url, told.get(address, ("", "")), changed, now)
            for address, changed in entries
            if (url := absolute(address, page.url))
        ]
    )
    if sitemap.type == "sitemapindex":
        newest = sorted(rows, key=lambda row: row.published or "9", reverse=True)
        return Listing(NAME, parts=asks(row.url for row in newest))
    # A sitemap names section pages too: where articles can be told by their address, only they count.
    articles = tuple(row for row in rows if row.title or dialect(row.url))
    return Listing(NAME, articles or rows)


def _news(text: str) -> dict[str, tuple[str, str]]:
    """The title and the day of publication that a news sitemap gives with an address."""
    if ":publication_date" not in text:
        return {}
    root = etree.fromstring(text.encode(), etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    urls = () if root is None else root.iter("{*}url")
    return {
        (url.findtext("{*}loc") or "").strip(): (
            " ".join((url.findtext("{*}news/{*}title") or "").split()),
            url.findtext("{*}news/{*}publication_date") or "",
        )
        for url in urls
    }


def _row(url: str, told: tuple[str, str], changed: str, now: datetime) -> Row:
    title, published = told
    day = published or changed
    return Row(url, title or None, read_date(day, now=now) if day else None)
