"""Plain lists: which group of links is the list, the rows' titles and dates, and where it goes on."""

from datetime import UTC, datetime

import pytest

from crawler.listing import Listing, list_page, pager, read_listing
from crawler.listing.dialects import date_in, dialect
from crawler.listing.scripted import drawn_by
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
BASE = "http://www.example.gov.cn/zwgk/tzgg/index.html"
MENU = "".join(f"<a href='/l{n}/'>栏目{n}</a>" for n in range(9))
FOOT = "".join(f"<a href='http://link{n}.example.cn/'>友情链接单位{n}</a>" for n in range(12))


def read(body: str, url: str = BASE, family: str | None = None) -> Listing:
    page = f"<html><body><div class='nav'>{MENU}</div>{body}<div class='foot'>{FOOT}</div></body></html>"
    return read_listing(list_page(url, page.encode()), now=NOW, family=family)


def test_the_list_is_found_among_menus_and_friends() -> None:
    """Rows of a list carry dates and titles; menus and the links of a footer do not."""
    rows = "".join(
        f"<li><a href='./202611/t202611{n:02}_100{n}.html'>关于开展第{n}批创新项目申报的通知</a><span>2026-11-{n:02}</span></li>"
        for n in range(20, 8, -1)
    )
    listing = read(f"<ul class='list'>{rows}</ul>")
    assert listing.family == "rows"
    assert len(listing.rows) == 12
    assert listing.rows[0].url == "http://www.example.gov.cn/zwgk/tzgg/202611/t20261120_10020.html"
    assert (listing.rows[0].title, listing.rows[0].published) == ("关于开展第20批创新项目申报的通知", "2026-11-20")


def test_a_cut_title_is_taken_from_its_attribute() -> None:
    rows = "".join(
        f"<li><a href='/doc/2026/11/0{n}/{n}000.shtml' title='关于推进低空经济高质量发展若干措施的通知（{n}）'>关于推进低空经济…</a></li>"
        for n in range(1, 6)
    )
    assert read(f"<ul>{rows}</ul>").rows[0].title == "关于推进低空经济高质量发展若干措施的通知（1）"


def test_a_date_split_over_lines_is_read() -> None:
    rows = "".join(
        f"<tr><td>2026<br>\n11/1{n}</td><td><a href='shownews.asp?id={n}234'>第{n}个重大项目落户园区</a></td></tr>"
        for n in range(1, 7)
    )
    listing = read(f"<table>{rows}</table>", url="http://www.example.com/news.asp?page=1")
    assert [row.published for row in listing.rows] == [f"2026-11-1{n}" for n in range(1, 7)]


def test_a_page_without_a_list_has_no_rows() -> None:
    assert read("<p>栏目建设中</p>").rows == ()


def test_a_list_never_names_itself() -> None:
    rows = "".join(f"<li><a href='{BASE}?x=#{n}'>本栏目首页链接{n}号</a><i>2026-11-0{n}</i></li>" for n in range(1, 7))
    assert all(row.url != BASE for row in read(f"<ul>{rows}</ul>").rows)


def test_an_article_is_named_once_with_its_longest_title() -> None:
    rows = "".join(
        f"<li><a href='/2026/11/0{n}/t_{n}.html'><b>图</b></a><a href='/2026/11/0{n}/t_{n}.html'>第{n}届产业大会开幕</a></li>"
        for n in range(1, 6)
    )
    listing = read(f"<ul>{rows}</ul>")
    assert len({row.url for row in listing.rows}) == len(listing.rows) == 5


def test_an_unknown_family_is_a_fault_that_names_the_known() -> None:
    with pytest.raises(PageError, match="known are sitemap, feed"):
        read("", family="frontpage")


@pytest.mark.parametrize(
    ("markup", "following"),
    [
        ("<a href='index_3.html'>下一页</a>", "http://www.example.gov.cn/zwgk/tzgg/index_3.html"),
        ("<a class='nxt' href='?page=2'>&gt;</a>", f"{BASE}?page=2"),
        ("<script>createPageHTML(20,0,'index','html');</script>", "http://www.example.gov.cn/zwgk/tzgg/index_1.html"),
        (
            "<script>createPageHTML('page_div',20,1,'nav_list','shtml',300);</script>",
            "http://www.example.gov.cn/zwgk/tzgg/nav_list_2.shtml",
        ),
        ("<script>createPageHTML(20,19,'index','html');</script>", None),
        ("<a href='javascript:next()'>下一页</a>", None),
    ],
)
def test_a_page_names_its_next(markup: str, following: str | None) -> None:
    listing = read(f"<ul></ul>{markup}")
    assert [ask.url for ask in listing.following[:1]] == ([following] if following else [])


def test_guesses_are_made_only_where_something_hints_at_more() -> None:
    """A numbered column is not a page, and a page number in the address is counted on."""
    assert pager.guesses("共 7 页", BASE) == (BASE.replace("index", "index_1"), BASE.replace("index", "index_2"))
    assert pager.guesses("", BASE) == ()
    assert pager.guesses("共 7 页", BASE.replace("index", "list_12")) == ()
    assert pager.guesses("共 7 页", BASE.replace("index", "index_17380"))[0].endswith("/index_17380_1.html")
    built = pager.guesses("<div class='ewb-page'>共 7 页</div>", BASE.replace("index", "moreinfo"))
    assert [one.rpartition("/")[2] for one in built[:2]] == ["moreinfo.html?pageIndex=2", "2.html"]
    assert pager.guesses("", "http://a.cn/news.asp?page=1&t=a") == ("http://a.cn/news.asp?page=2&t=a",)
    assert pager.after("http://a.cn/index_2.html") == "http://a.cn/index_3.html"


@pytest.mark.parametrize(
    ("path", "name", "day"),
    [
        ("/zwgk/202611/t20261107_4411.html", "trs", "2026-11-07"),
        ("/art/2026/11/7/art_1228_44.html", "hanweb", "2026-11-07"),
        ("/doc/2026/11/07/4411234.shtml", "intertid", "2026-11-07"),
        ("/zhengce/content/202611/content_70123.htm", "govcn", "2026-11"),
        ("/n1/2026/1107/c1001-40123.html", "people", "2026-11-07"),
        ("/info/1021/4410.htm", "vsb", None),
        ("/thread-88-1-1.html", "discuz", None),
        ("/news/article.php?pk=65f0c0ffee", "query", None),
        ("/about/", None, None),
    ],
)
def test_an_address_speaks_the_dialect_of_its_system(path: str, name: str | None, day: str | None) -> None:
    assert (dialect(f"http://a.cn{path}"), date_in(f"http://a.cn{path}")) == (name, day)


def test_a_list_that_a_script_draws_is_named() -> None:
    assert drawn_by("<div id='app'></div>") == "script application"
    assert drawn_by("<ul><li>plain</li></ul>") is None
