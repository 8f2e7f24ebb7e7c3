"""Turns a site's articles into every document that it serves, address by address. Knows nothing of HTTP but types."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.demo.content import Entry
from monitor.demo.sites import Board, Site

RELATED = 3  # older articles shown beside one: a new article never changes the page of an older one
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# ZAKER sets a blank between Chinese and other characters, and straight quotes with blanks inside.
SEAM = re.compile(r"(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Document:
    text: str
    content_type: str
    charset: str
    moment: datetime | None = None  # when it first appeared; None for lists


def build(site: Site, entries: Sequence[Entry], base: str) -> dict[str, Document]:
    """Every document of the site by path and query; `entries` stand in the order in which lists show them."""
    documents = dict(_plain_documents(site, entries, base))
    for board in site.boards:
        listed = [entry for entry in entries if site.board(entry) is board]
        documents.update(_list_pages(site, board, listed))
        documents.update(_article_pages(site, board, listed, base))
    return documents


def space_out(text: str) -> str:
    """Set a text as ZAKER does: 1.6万人 -> 1.6 万人, “科创江阴” -> " 科创江阴 "."""
    return SEAM.sub(" ", text.replace("“", ' " ').replace("”", ' " ')).strip()


def attachment_path(entry: Entry, order: int) -> str:
    return f"/uploadfiles/{entry.moment:%Y%m/%d}/{entry.moment:%Y%m%d}{entry.number}{order:02}.docx"


def _list_pages(site: Site, board: Board, listed: Sequence[Entry]) -> Iterator[tuple[str, Document]]:
    pages = max(1, -(-len(listed) // board.size))
    for page in range(1, pages + 1):
        shown = listed[(page - 1) * board.size : page * board.size]
        yield board.page(page), _render(f"{site.id}_list", site, board, entries=shown, page=page, pages=pages)


def _article_pages(site: Site, board: Board, listed: Sequence[Entry], base: str) -> Iterator[tuple[str, Document]]:
    for place, entry in enumerate(listed):
        older = listed[place + 1 : place + 1 + RELATED]
        yield (
            site.article(entry),
            _render(f"{site.id}_article", site, board, entry=entry, related=older, base=base, moment=entry.moment),
        )


def _render(template: str, site: Site, board: Board, *, moment: datetime | None = None, **values: object) -> Document:
    page = TEMPLATES.get_template(f"{template}.html")
    text = page.render(site=site, board=board, space_out=space_out, attachment_path=attachment_path, **values)
    return Document(text, "text/html", board.charset, moment)


def _plain_documents(site: Site, entries: Sequence[Entry], base: str) -> Iterator[tuple[str, Document]]:
    yield "/robots.txt", Document(site.robots.replace("{base}", base), "text/plain", "utf-8")
    home = TEMPLATES.get_template("home.html").render(site=site)
    yield "/", Document(home, "text/html", "utf-8")
    if "Sitemap:" in site.robots:
        yield from _sitemaps(site, entries, base)
        yield "/rss.xml", Document(_feed(site, entries[:20], base), "application/rss+xml", "utf-8")


def _sitemaps(site: Site, entries: Sequence[Entry], base: str) -> Iterator[tuple[str, Document]]:
    """An index and its four sitemaps, the newest articles in the first."""
    names = ("sitemap.xml", "sitemap2.xml", "sitemap3.xml", "sitemap4.xml")
    share = max(1, -(-len(entries) // len(names)))
    parts = {name: entries[place * share : (place + 1) * share] for place, name in enumerate(names)}
    index = "".join(f"<sitemap><loc>{base}/{name}</loc></sitemap>\n" for name in names)
    yield "/sitemap_index.xml", _xml("sitemapindex", index)
    for name, part in parts.items():
        yield f"/{name}", _xml("urlset", "".join(_sitemap_row(site, entry, base) for entry in part))


def _sitemap_row(site: Site, entry: Entry, base: str) -> str:
    return (
        f"<url><loc>{escape(base + site.article(entry))}</loc><lastmod>{entry.moment.isoformat()}</lastmod>"
        "<changefreq>daily</changefreq><priority>0.8</priority></url>\n"
    )


def _xml(root: str, rows: str) -> Document:
    head = '<?xml version="1.0" encoding="@charset@"?>\n'
    text = f'{head}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{root}>\n'
    return Document(text, "application/xml", "utf-8")


def _feed(site: Site, entries: Sequence[Entry], base: str) -> str:
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><link>{escape(base + site.article(entry))}</link>"
        f"<pubDate>{format_datetime(entry.moment)}</pubDate></item>\n"
        for entry in entries
    )
    channel = f"<title>{escape(site.name)}</title><link>{base}/</link><description>{escape(site.name)}</description>"
    return (
        f'<?xml version="1.0" encoding="@charset@"?>\n<rss version="2.0"><channel>{channel}\n{items}</channel></rss>\n'
    )


def attachments(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Address and title of every attached file."""
    return {
        attachment_path(entry, order): name
        for entry in entries
        for order, name in enumerate(entry.article.attachments, start=1)
    }
