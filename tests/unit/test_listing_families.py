"""Feeds, sitemaps and boards, each recognised by itself."""

from datetime import UTC, datetime

import pytest

from crawler.listing import Ask, Listing, list_page, read_listing

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
MAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def read(text: str, charset: str = "utf-8", url: str = "http://a.cn/x/list") -> Listing:
    return read_listing(list_page(url, text.encode(charset)), now=NOW)


def test_an_rss_feed_is_read_whatever_it_declares() -> None:
    """The text is decoded by what it looks like; Chinese dates are read by our own code."""
    listing = read(
        '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><title>新闻</title>'
        "<item><title>江阴召开大会</title><link>/n/1.html</link><pubDate>2026年03月11日</pubDate></item>"
        "<item><title>无 &lt;b&gt;锡&lt;/b&gt;</title><link>http://a.cn/n/2.html</link>"
        "<pubDate>Wed, 11 Mar 2026 08:30:00 +0800</pubDate></item></channel></rss>",
        "gb18030",
    )
    assert listing.family == "feed"
    assert [(row.url, row.published) for row in listing.rows] == [
        ("http://a.cn/n/1.html", "2026-03-11"),
        ("http://a.cn/n/2.html", "2026-03-11T08:30:00+08:00"),
    ]
    assert listing.rows[0].title == "江阴召开大会"


def test_an_atom_feed_names_its_archive() -> None:
    listing = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/old.xml"/>'
        '<entry><title>a</title><link href="/n/1.html"/><updated>2026-11-02T01:00:00Z</updated></entry></feed>'
    )
    assert listing.following == (Ask("http://a.cn/old.xml"),)
    assert listing.rows[0].url == "http://a.cn/n/1.html"


def test_a_sitemap_with_bare_ampersands_keeps_its_addresses() -> None:
    listing = read(
        f"<urlset {MAPS}><url><loc>http://a.cn/show.asp?id=7&type=2</loc><lastmod>2026-11-03</lastmod></url>"
        "<url><loc>http://a.cn/about/</loc></url></urlset>"
    )
    assert listing.family == "sitemap"
    assert [(row.url, row.published) for row in listing.rows] == [("http://a.cn/show.asp?id=7&type=2", "2026-11-03")]


def test_an_index_names_its_sitemaps_newest_first() -> None:
    listing = read(
        f"<sitemapindex {MAPS}><sitemap><loc>/1.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
        "<sitemap><loc>/2.xml</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>"
    )
    assert listing.rows == ()
    assert listing.parts == (Ask("http://a.cn/2.xml"), Ask("http://a.cn/1.xml"))


def test_a_sitemap_without_an_end_is_a_fault_or_what_could_be_read() -> None:
    """Cut off in the middle: libxml2 keeps what came before."""
    listing = read(f"<urlset {MAPS}><url><loc>http://a.cn/2026/11/01/t_1.html</loc></url><url><loc>htt")
    assert [row.url for row in listing.rows] == ["http://a.cn/2026/11/01/t_1.html"]


def test_an_empty_sitemap_names_nothing() -> None:
    assert read(f"<urlset {MAPS}></urlset>") == Listing("sitemap")


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_board_names_its_threads(charset: str) -> None:
    """Pinned threads too; the day in full stands in the title attribute of 前天."""
    rows = "".join(
        f'<tbody id="{kind}_{n}"><tr><th><a href="forum.php?mod=viewthread&tid={n}&extra=">预览</a>'
        f'<a href="thread-{n}-1-1.html" class="s xst">园区新增{n}家企业</a></th>'
        f'<td class="by"><cite>楼主</cite><em><span title="2026-11-{n}">前天</span></em></td></tr></tbody>'
        for n, kind in ((11, "stickthread"), (12, "normalthread"), (13, "normalthread"))
    )
    listing = read(
        f'<html><body><table>{rows}</table><a href="forum-36-2.html" class="nxt">下一页</a></body></html>',
        charset,
        "http://bbs.a.cn/forum-36-1.html",
    )
    assert listing.family == "discuz"
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        (f"http://bbs.a.cn/thread-{n}-1-1.html", f"园区新增{n}家企业", f"2026-11-{n}") for n in (11, 12, 13)
    ]
    assert listing.following == (Ask("http://bbs.a.cn/forum-36-2.html"),)


def test_a_file_of_records_is_read_whatever_its_keys() -> None:
    """As gov.cn keeps its newest policies, as its library answers, and as a JSON Feed."""
    file = read(
        '[{"TITLE":"国务院关于低空经济的意见","URL":"/zhengce/content/202611/content_7.htm","DOCRELPUBTIME":"2026-11-20"}]'
    )
    assert file.family == "records"
    assert [(row.url, row.title, row.published) for row in file.rows] == [
        ("http://a.cn/zhengce/content/202611/content_7.htm", "国务院关于低空经济的意见", "2026-11-20")
    ]
    library = read(
        '{"code":200,"searchVO":{"listVO":[{"title":"<em>人工智能</em>行动","url":"http://a.cn/1.htm","pubtime":1795132800000}]}}'
    )
    assert [(row.title, (row.published or "")[:10]) for row in library.rows] == [("人工智能行动", "2026-11-20")]
    feed = read(
        '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a.html","title":"甲"},{"id":"2"}]}'
    )
    assert [row.url for row in feed.rows] == ["http://a.cn/a.html"]


def test_a_page_whose_script_loads_the_file_leads_to_it() -> None:
    page = read(
        "<html><body><ul id='list'></ul><script>load('./ZUIXINZHENGCE.json')</script></body></html>",
        url="http://a.cn/zuixin/",
    )
    assert (page.family, page.rows, page.parts) == ("records", (), (Ask("http://a.cn/zuixin/ZUIXINZHENGCE.json"),))


@pytest.mark.parametrize("text", ["{", "[1, 2]", '{"items": [{"title": "no address"}]}', "[" * 100_000])
def test_json_without_records_is_no_list_of_them(text: str) -> None:
    assert read(text).family == "rows"
