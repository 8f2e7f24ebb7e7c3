"""Every article of every replica site, fetched over HTTP, is read as it was written: nothing lost, no furniture."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from crawler.listing import list_page, read_listing
from crawler.reading.page import read_page
from monitor.demo import EXTRA, SITES, Replicas
from monitor.demo.content import ARTICLES, Entry, date_article
from monitor.demo.pages import space_out
from monitor.demo.sites import Board
from monitor.domain import Article

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BOARDS = [(site.id, board) for site in SITES.values() for board in site.boards]
ENTRIES = [date_article(article, NOW) for article in (*ARTICLES, *EXTRA.values())]


@pytest.fixture(scope="module")
def sites() -> Iterator[Replicas]:
    with Replicas(today=NOW) as running:
        for article in EXTRA.values():
            running.publish(article)
        yield running


def printed(entry: Entry) -> list[str]:
    """The lines of the text as the site prints them: with its byline, its credit, its list of attached files."""
    article, lines = entry.article, list(entry.paragraphs)
    if article.site == "stock" and article.author:
        lines.insert(0, article.author)
    if article.site == "park" and article.publisher:
        credit = f"{article.publisher}/{article.author}" if article.author else article.publisher
        lines[-1] += f" （来源：{credit}）"
    if article.site == "zaker":
        lines = [" ".join(space_out(line).split()) for line in lines]
    return lines + [f"附件{order}：{name}" for order, name in enumerate(article.attachments, start=1)]


def read(sites: Replicas, id: str) -> Article:
    url = sites.url(id)
    with urlopen(url) as answer:  # noqa: S310  # loopback
        return read_page(answer.read(), url=url, content_type=answer.headers["Content-Type"], now=NOW)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.article.id)
def test_article_is_read_as_written(sites: Replicas, entry: Entry) -> None:
    article = read(sites, entry.article.id)
    spaced = entry.article.site == "zaker"
    assert article.title == (" ".join(space_out(entry.title).split()) if spaced else entry.title)
    assert article.text.split("\n") == printed(entry)
    assert (article.published or "")[:10] == f"{entry.moment:%Y-%m-%d}"
    if entry.article.publisher:
        assert article.publisher == entry.article.publisher


def test_official_document_is_read_with_its_table(sites: Replicas) -> None:
    article = read(sites, "city-future-plan")
    assert article.official is not None
    assert (article.official.number, article.official.issuer) == ("锡政办发〔2026〕31号", "无锡市人民政府办公室")
    assert article.official.index is not None
    assert article.official.index.startswith("014006438/2026-")
    assert [attachment.url.endswith(".docx") for attachment in article.attachments] == [True]


def test_attached_file_is_served(sites: Replicas) -> None:
    with urlopen(read(sites, "city-talent").attachments[0].url) as answer:  # noqa: S310  # loopback
        assert answer.read(2) == b"PK"


def test_a_draft_and_its_final_text_are_different_documents(sites: Replicas) -> None:
    draft, final = read(sites, "city-lowalt-draft"), read(sites, "city-lowalt-final")
    assert draft.official is not None
    assert final.official is not None
    assert (draft.official.number, final.official.number) == (None, "锡政办发〔2026〕40号")


@pytest.mark.parametrize(("site", "board"), BOARDS, ids=lambda value: getattr(value, "id", value))
def test_every_list_names_exactly_its_articles(sites: Replicas, site: str, board: Board) -> None:
    urls = {source.id: source.url for source in sites.sources()}
    found = walk(urls.get(f"demo-{site}") or urls[f"demo-{site}-{board.id}"], board.size)
    shown = [article for article in sites.articles if article.site == site]
    if len(SITES[site].boards) > 1:
        shown = [article for article in shown if article.board == board.id]
    assert sorted(found) == sorted(sites.url(article.id) for article in shown)


def walk(url: str, size: int) -> set[str]:
    """The articles that the crawler's list reading finds from an entry on: parts of an index, pages after a full one."""
    waiting, found = [url], set[str]()
    while waiting:
        page = waiting.pop(0)
        with urlopen(page) as answer:  # noqa: S310  # loopback
            listing = read_listing(list_page(page, answer.read(), answer.headers["Content-Type"]), now=NOW)
        found |= {row.url for row in listing.rows}
        further = (*listing.parts, *(listing.following[:1] if len(listing.rows) == size else ()))
        waiting += [ask.url for ask in further]
    return found
