"""Newspapers, portals and blogs: each system recognised by its own marks, and read in all the states it may be found in."""

import json
from datetime import UTC, datetime

import pytest

from crawler.gates import recognise as gate
from crawler.listing import Ask, Listing, epaper, list_page, people, read_listing, wordpress, zaker
from crawler.listing.scripted import unreadable
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
API = '<link rel="https://api.w.org/" href="https://a.cn/wp-json/" />'
SHEET = "http://p.cn/pc/layout/202611/20/node_01.html"
CHARSETS = ("utf-8", "gb18030")


def read(text: str, url: str, charset: str = "utf-8", ask: Ask | None = None) -> Listing:
    page = list_page(url, text.encode(charset), ask=ask)
    return read_listing(page, now=NOW, family=page.ask.family)


def html(head: str, body: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def shown(kind: str, number: int) -> str:
    return f'<link rel="alternate" title="JSON" type="application/json" href="https://a.cn/wp-json/wp/v2/{kind}/{number}" />'


# ------------------------------------------------------------------ WordPress


@pytest.mark.parametrize(
    ("head", "url", "asked"),
    [
        (API, "https://a.cn/", ""),
        (API + shown("categories", 7), "https://a.cn/category/low/", "&categories=7"),
        (API + shown("tags", 9), "https://a.cn/tag/drone/", "&tags=9"),
        (API + shown("users", 3), "https://a.cn/author/li/", "&author=3"),
        (API + shown("pages", 5), "https://a.cn/", ""),
    ],
)
def test_a_wordpress_page_is_asked_for_its_own_posts(head: str, url: str, asked: str) -> None:
    listing = read(html(head), url)
    want = f"https://a.cn/wp-json/wp/v2/posts?per_page=20&_fields=link,title,date,date_gmt{asked}"
    assert listing.behind == Ask(want, family="wordpress")


def test_a_wordpress_without_speaking_addresses_is_asked_by_its_query() -> None:
    listing = read(
        html('<link rel="https://api.w.org/" href="https://a.cn/index.php?rest_route=/" />'), "https://a.cn/"
    )
    assert listing.behind is not None
    assert listing.behind.url.startswith("https://a.cn/index.php?rest_route=/wp/v2/posts&per_page=20")


@pytest.mark.parametrize("href", ["http://[::1", "http://a.cn:99999/wp-json/", "javascript:void(0)", ""])
def test_an_interface_at_an_address_that_is_none_is_not_asked(href: str) -> None:
    assert not wordpress.recognise(
        list_page("https://a.cn/", html(f'<link rel="https://api.w.org/" href="{href}">').encode())
    )


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (API + shown("posts", 12), "https://a.cn/2026/11/20/drone/"),
        (API, "https://a.cn/2026/11/"),
        (API + shown("product", 4), "https://a.cn/product/4/"),
        ("<link rel='stylesheet' href='/wp-content/themes/x.css'>", "https://a.cn/"),
    ],
)
def test_what_is_no_list_of_posts_is_left_to_plain_rows(head: str, url: str) -> None:
    """A single post, a month that the interface is not asked for, other things, and a mere file path."""
    assert not wordpress.recognise(list_page(url, html(head).encode()))


def test_a_wordpress_without_its_interface_is_read_by_its_feed() -> None:
    """Only by the feed of just this page, and only where the page itself shows little."""
    head = (
        '<meta name="generator" content="WordPress 5.2" />'
        '<link rel="alternate" type="application/rss+xml" href="https://a.cn/feed/" />'
        '<link rel="alternate" type="application/rss+xml" href="https://a.cn/category/low/feed/" />'
    )
    listing = read(html(head), "https://a.cn/category/low/")
    assert listing.behind == Ask("https://a.cn/category/low/feed/", family="feed")
    rows = "".join(f"<li><a href='/2026/11/0{n}/post-{n}/'>低空经济第{n}号行动方案发布</a></li>" for n in range(1, 7))
    full = read(html(head, f"<ul>{rows}</ul>"), "https://a.cn/category/low/")
    assert (full.behind, len(full.rows)) == (None, 6)


def posts(count: int, **changes: object) -> str:
    post = {"title": {"rendered": "低空&#8220;经济&#8221;<b>方案</b>"}, "date": "2026-11-20T09:30:00"} | changes
    return json.dumps([post | {"link": f"https://a.cn/p/{number}/"} for number in range(count)])


def test_posts_are_read_with_their_moment_and_the_page_after_them() -> None:
    url = "https://a.cn/wp-json/wp/v2/posts?per_page=20&categories=7"
    listing = read(posts(20, date_gmt="2026-11-20T01:30:00"), url)
    assert listing.rows[0].title == "低空“经济”方案"
    assert listing.rows[0].published == "2026-11-20T01:30:00+00:00"
    assert listing.following == (Ask(f"{url}&page=2"),)
    assert read(posts(20), f"{url}&page=2").rows[0].published == "2026-11-20T09:30:00+08:00"
    assert read(posts(19), f"{url}&page=2").following == ()
    assert read(posts(10), "https://a.cn/wp-json/wp/v2/posts").following == (
        Ask("https://a.cn/wp-json/wp/v2/posts?page=2"),
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ('{"code":"rest_forbidden","message":"抱歉，您不能这么做"}', "抱歉"),
        ('{"code":"rest_no_route"}', "rest_no_route"),
        ("[{", "no|not"),
        ("[" * 100_000, "not answer with JSON"),
    ],
)
def test_a_wordpress_that_refuses_says_why(answer: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        read(
            answer, "https://a.cn/wp-json/wp/v2/posts", ask=Ask("https://a.cn/wp-json/wp/v2/posts", family="wordpress")
        )


@pytest.mark.parametrize("answer", ["[]", "[1, null]", '[{"link": "https://a.cn/1"}]', '[{"title": {"rendered": 3}}]'])
def test_an_answer_without_whole_posts_is_read_as_far_as_it_goes(answer: str) -> None:
    url = "https://a.cn/wp-json/wp/v2/posts"
    listing = read(answer, url, ask=Ask(url, family="wordpress"))
    assert (len(listing.rows), listing.following) == (answer.count("https"), ())


# ---------------------------------------------------------------------- ZAKER


def carried(content: object) -> str:
    return html("", f"<script>window.WinPageData = {json.dumps(content, ensure_ascii=False)};</script>")


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_channel_carries_its_list_and_names_the_next_one(charset: str) -> None:
    articles = [
        {"title": "无锡：低空经济再提速", "url": "//www.z.cn/article/65f", "date": "11月20日"},
        {"title": "广告"},
    ]
    content = {"data": {"article": articles}, "next_url": {"value": "//www.z.cn/next?next_aticle_id=5f"}}
    listing = read(carried(content), "https://www.z.cn/channel/13", charset)
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        ("https://www.z.cn/article/65f", "无锡：低空经济再提速", "2026-11-20")
    ]
    assert listing.following == (Ask("https://www.z.cn/next?next_aticle_id=5f", family="zaker"),)
    more = read(json.dumps(content), "https://www.z.cn/next", ask=listing.following[0])
    assert (more.family, len(more.rows), more.linked) == ("zaker", 1, True)


@pytest.mark.parametrize(
    "content",
    [{"data": {"article": []}, "next_url": "/n"}, {"data": {"article": [3]}}, {"next_url": 7, "article": []}],
)
def test_the_last_page_of_a_channel_leads_nowhere(content: object) -> None:
    listing = read(carried(content), "https://www.z.cn/channel/13")
    assert (listing.rows, listing.following) == ((), ())


def test_a_channel_whose_list_is_broken_is_a_fault() -> None:
    with pytest.raises(PageError, match="no JSON"):
        read(html("", '<script>window.WinPageData = {"article": [</script>'), "https://www.z.cn/channel/13")
    assert not zaker.recognise(list_page("https://z.cn/a", carried({"pk": "1", "content": "正文"}).encode()))


# ----------------------------------------------------------------- newspapers


def sheet(extra: str = "") -> str:
    return html(
        "<title>某日报</title>",
        '<ul id="list"><li><a href="node_01.html">第01版：要闻</a></li><li><a href="node_02.html">第02版：产业</a></li>'
        '<li><a href="node_02.html">产业</a></li><li><a href="../../202611/19/node_01.html">上一期</a></li></ul>'
        '<map><area href="../../../content/202611/20/content_1.html"></map><ul class="news-list">'
        '<li><a href="../../../content/202611/20/content_1.html"><div title="x">低空经济再提速</div></a></li>'
        '<li><a href="../../../content/202611/20/content_1.html"><img src="a.jpg"></a></li>'
        '<li><a href="../../../content/202611/20/content_2.html">公益广告</a></li>'
        f'<li><a href="../../../content/202611/20/content_3.html">责编：李某</a></li>{extra}</ul>',
    )


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_sheet_names_its_articles_and_the_sheets_of_its_day(charset: str) -> None:
    """Neither advertisements nor the issue before."""
    listing = read(sheet(), SHEET, charset)
    assert listing.family == "epaper"
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        ("http://p.cn/pc/content/202611/20/content_1.html", "低空经济再提速", "2026-11-20")
    ]
    assert listing.parts == (Ask("http://p.cn/pc/layout/202611/20/node_02.html", family="epaper"),)


@pytest.mark.parametrize(
    ("url", "link", "story"),
    [
        ("http://p.cn/html/2026-11/20/node_2.htm", "node_3.htm", "content_1.htm?div=-1"),
        (
            "http://p.cn/rmrb/html/2026-11/20/nbs.D110000renmrb_01.htm",
            "nbs.D110000renmrb_02.htm",
            "nw.D110000renmrb_20261120_1-01.htm",
        ),
        ("http://p.cn/pc/layout/202611/20/node_A01.html", "node_A02.html", "../../../content/202611/20/content_7.html"),
    ],
)
def test_every_generation_of_the_system_is_known(url: str, link: str, story: str) -> None:
    listing = read(html("", f'<a href="./{link}">第二版</a><a href="{story}">低空经济再提速</a>'), url)
    assert (listing.family, len(listing.rows), len(listing.parts)) == ("epaper", 1, 1)
    assert listing.rows[0].published == "2026-11-20"


@pytest.mark.parametrize("call", ["location.href = '{}'", 'location="{}"', "window.location.replace('{}')"])
def test_the_entry_of_a_paper_leads_to_its_first_sheet(call: str) -> None:
    """It is no page, and no wall either."""
    page = html("", f"<script>{call.format('202611/20/node_01.html')}</script>")
    assert read(page, "http://p.cn/pc/layout/index.html").behind == Ask(SHEET, family="epaper")
    assert gate(200, page.encode(), "text/html") is None
    assert gate(200, page.replace("node_01", "index").encode(), "text/html") is not None


def test_an_entry_that_leads_to_no_address_leads_nowhere() -> None:
    listing = read(html("", "<script>location.href='http://[::1/202611/20/node_01.html'</script>"), "http://p.cn/")
    assert (listing.rows, listing.behind) == ((), None)


def test_a_day_without_a_paper_lists_nothing() -> None:
    listing = read(html("", "<p>该日期没有报纸</p><a href='node_01.html'>返回</a>"), SHEET)
    assert (listing.rows, listing.parts) == ((), ())


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (html("", "<a href='http://p.cn/pc/layout/202611/20/node_01.html'>电子报</a>"), "http://www.a.cn/"),
        (
            html("", "<a href='node_7058.htm'>新闻</a><a href='2026-11/20/content_1.htm'>低空经济</a>"),
            "http://a.cn/node_1.htm",
        ),
        (html("", "<p>文</p>"), SHEET),
    ],
)
def test_other_pages_are_no_newspapers(text: str, url: str) -> None:
    """A link to one, a column called node, and an empty page at a sheet's address."""
    assert not epaper.recognise(list_page(url, text.encode()))


# --------------------------------------------------------------------- 人民网


def column(current: int, pages: int) -> str:
    rows = "".join(
        f"<li><a href='/n1/2026/1120/c100-{current}{n}.html' title='低空经济第{n}期观察全文'>低空经济第{n}期观…</a></li>"
        for n in range(4)
    )
    turner = "".join(
        f"<a href='index{n}.html'{' class=common_current_page' if n == current else ''}>{n}</a>"
        for n in range(1, pages + 1)
    )
    side = "<ul class='rank'><li><a href='/n1/2026/1001/c9-9.html'>一周排行</a></li></ul>"
    return html("", f"<div class='a'><ul>{rows}</ul><div class='page_n clear'>{turner}</div></div><div>{side}</div>")


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_column_ends_where_its_pager_does(charset: str) -> None:
    """What stands beside is no row; the title in full is in the attribute, the day in the address."""
    first = read(column(1, 2), "http://people.a.cn/GB/1/index1.html", charset)
    assert first.family == "people"
    assert [(row.title, row.published) for row in first.rows] == [
        (f"低空经济第{n}期观察全文", "2026-11-20") for n in range(4)
    ]
    assert (first.following, first.linked) == ((Ask("http://people.a.cn/GB/1/index2.html"),), True)
    last = read(column(2, 2), "http://people.a.cn/GB/1/index2.html", charset)
    assert (len(last.rows), last.following) == (4, ())


def test_a_pager_alone_makes_no_column() -> None:
    assert not people.recognise(list_page("http://a.cn/", html("", "<div class='page_n'>1</div>").encode()))
    assert not people.recognise(
        list_page("http://a.cn/", html("", "<a href='/n1/2026/1120/c1-2.html'>甲</a>").encode())
    )


# ---------------------------------------------------- feeds and sitemaps of news


def test_a_news_sitemap_names_titles_and_days() -> None:
    news = "<news:news><news:publication_date>2026-11-20T08:00:00+08:00</news:publication_date><news:title>低空经济 再提速</news:title></news:news>"
    listing = read(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>http://a.cn/x?a=1&b=2</loc><lastmod>2026-11-23</lastmod>{news}</url>"
        "<url><loc>http://a.cn/about/</loc></url></urlset>",
        "http://a.cn/news.xml",
    )
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        ("http://a.cn/x?a=1&b=2", "低空经济 再提速", "2026-11-20T08:00:00+08:00")
    ]


@pytest.mark.parametrize("address", ["https://a.cn/feed.json?page=2", "https:\\/\\/a.cn\\/feed.json?page=2"])
def test_a_json_feed_names_the_page_after_it(address: str) -> None:
    head = f'{{"version":"https://jsonfeed.org/version/1.1","next_url":"{address}","items":['
    listing = read(f'{head}{{"url":"/1","title":"甲"}}]}}', "https://a.cn/feed.json")
    assert listing.following == (Ask("https://a.cn/feed.json?page=2"),)
    assert read(head.replace(address, "") + '{"url":"/1","title":"甲"}]}', "https://a.cn/feed.json").following == ()


# ----------------------------------------------------------- what has no list


@pytest.mark.parametrize(
    ("url", "is_read"),
    [
        ("https://mp.weixin.qq.com/s/abc", False),
        ("https://www.toutiao.com/ch/news_finance/", False),
        ("https://m.21jingji.com/channel/politics", False),
        ("https://m.21jingji.com/article/20261120/herald/0123456789abcdef0123456789abcdef.html", True),
        ("https://nottoutiao.com/", True),
        ("https://weixin.qq.com/", True),
    ],
)
def test_services_without_a_list_are_known_by_their_host(url: str, is_read: bool) -> None:
    assert (unreadable(url) is None) is is_read
