"""Systems with plain rows and counting of their own: 常州's tables and the channels of 天津滨海."""

from datetime import UTC, datetime

import pytest

from crawler.listing import Ask, Listing, channels, gova, list_page, read_listing

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
URL = "https://a.cn/gova/tzgg.php?catname=jxw_02_04"
CHANNEL = "https://a.cn/gxq/channels/10867.html"


def read(text: str, url: str, charset: str = "utf-8") -> Listing:
    return read_listing(list_page(url, f"<html><body>{text}</body></html>".encode(charset)), now=NOW)


def table(kind: str = "wjk-list", count: int = 5) -> str:
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/gi_news/71000{n}" title="关于申报第{n}批智能车间的通知">关于申报…</a></td>'
        f"<td>常工信〔2026〕{n}号</td><td>市工信局</td><td>2026-11-0{n}</td></tr>"
        for n in range(1, count + 1)
    )
    return f'<table class="{kind}"><tr><th>序号</th><th>标题</th></tr>{rows}</table>'


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("kind", ["wjk-list", "table gov_box3"])
def test_a_table_names_documents_and_the_page_after(kind: str, charset: str) -> None:
    listing = read(table(kind), URL, charset)
    assert (listing.family, len(listing.rows), listing.linked) == ("gova", 5, False)
    first = listing.rows[0]
    assert (first.url, first.title, first.published) == (
        "https://a.cn/gi_news/710001",
        "关于申报第1批智能车间的通知",
        "2026-11-01",
    )
    assert listing.following == (Ask(f"{URL}&page=2", family="gova"),)


@pytest.mark.parametrize(
    ("said", "url", "following"),
    [
        ("共15条 总页数：3", f"{URL}&page=2", f"{URL}&page=3"),
        ("共<b>3</b>页", f"{URL}&page=2", f"{URL}&page=3"),
        ("总页数：3", f"{URL}&page=3", None),
        ("共 1 页", URL, None),
        ("共2条", f"{URL}&page=2", f"{URL}&page=3"),
        ("", "https://a.cn/gova/wjk.php?page=x", "https://a.cn/gova/wjk.php?page=2"),
    ],
)
def test_a_table_says_how_many_pages_there_are(said: str, url: str, following: str | None) -> None:
    listing = read(f"{table()}<p>{said}</p>", url)
    assert [ask.url for ask in listing.following] == ([following] if following else [])


def test_a_table_without_rows_ends_the_list() -> None:
    assert read(table(count=0), URL) == Listing("gova")


def test_a_districts_page_shows_the_table_in_a_frame() -> None:
    """What stands in the frame is read by whatever recognises it."""
    page = read('<iframe src="/x?a=1&amp;catid=9" width=1 id="FrameMoreInfo"></iframe>', "https://b.cn/class/FPJALMLN")
    assert page.behind == Ask("https://b.cn/x?a=1&catid=9")
    assert not gova.recognise(list_page("https://b.cn/", b'<iframe id="map" src="/x"></iframe>'))
    assert not gova.recognise(list_page("https://b.cn/", b'<iframe id="FrameMoreInfo" src="about:blank"></iframe>'))


def channel(count: int = 5, pager: str = "") -> str:
    rows = "".join(
        f'<li><div class="layui-row"><a href="/gxq/contents/10867/29582{n}.html" title="高新区第{n}号最新文件">高新区…</a>'
        f"<span>2026-11-0{n}</span></div></li>"
        for n in range(1, count + 1)
    )
    return f'<div id="sec_right"><ul>{rows}</ul></div>{pager}'


def test_a_channel_names_its_contents_and_the_page_after() -> None:
    listing = read(channel(), CHANNEL)
    assert (listing.family, len(listing.rows), listing.linked) == ("channels", 5, False)
    assert (listing.rows[0].title, listing.rows[0].published) == ("高新区第1号最新文件", "2026-11-01")
    assert [ask.url for ask in listing.following] == ["https://a.cn/gxq/channels/10867_2.html"]
    third = read(channel(), "https://a.cn/gxq/channels/10867_2.html")
    assert [ask.url for ask in third.following] == ["https://a.cn/gxq/channels/10867_3.html"]


def test_a_channel_that_says_its_next_page_is_believed() -> None:
    listing = read(channel(pager='<a href="/gxq/channels/10867.html?p=2">下一页</a>'), CHANNEL)
    assert (listing.linked, [ask.url for ask in listing.following]) == (
        True,
        ["https://a.cn/gxq/channels/10867.html?p=2"],
    )


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://a.cn/gxq/contents/10867/295821.html", channel()),
        (CHANNEL, "<p>暂无内容</p>"),
        ("https://a.cn/tv/channels/sports.html", channel()),
    ],
)
def test_other_pages_are_no_channels(url: str, text: str) -> None:
    assert not channels.recognise(list_page(url, text.encode()))
