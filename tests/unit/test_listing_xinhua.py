"""Xinhua's boxes and the files that fill them."""

import json
from datetime import UTC, datetime

import pytest

from crawler.listing import Ask, Listing, list_page, read_listing, xinhua
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
URL = "https://a.cn/policy/zxwj.htm"
ONE, TWO = "40d365c13659452aa06cdb7268d6192e", "7290c82b05cc4d49be4971ade193edfc"
FILE = Ask(f"https://a.cn/policy/ds_{ONE}.json", family="xinhua")


def box(id: str, links: int = 0, more: str = "") -> str:
    rows = "".join(f"<li><a href='../20261102/{n:032x}/c.html'>产业新闻第{n}条</a></li>" for n in range(links))
    return f'<ul class="list" data="datasource:{id}" datatype="ds" {more}>{rows}</ul>'


def read(*boxes: str, url: str = URL) -> Listing:
    return read_listing(list_page(url, f"<html><body>{''.join(boxes)}</body></html>".encode()), now=NOW)


def answer(body: object) -> Listing:
    text = body if isinstance(body, str) else json.dumps(body)
    return read_listing(list_page(FILE.url, text.encode(), None, FILE), now=NOW, family="xinhua")


def test_a_box_leads_to_its_file() -> None:
    """Beside the page; what stands before the id in the name is said by the box."""
    assert read(box(ONE)).behind == FILE
    assert read(box(ONE, 20)).behind == FILE
    other = read(box(ONE, more='preview="dz_"')).behind
    assert other is not None
    assert other.url == f"https://a.cn/policy/dz_{ONE}.json"


def test_of_several_boxes_the_empty_ones_are_filled() -> None:
    """Where the page shows all of them, the fullest is its list; and a front page is not read box by box without end."""
    assert read(box(ONE), box(TWO, 3)).behind == FILE
    assert read(box(ONE, 9), box(TWO, 3)).behind == FILE
    both = read(box(ONE), box(TWO))
    assert (both.behind, [ask.url[-10:] for ask in both.parts]) == (None, [f"{ONE[-5:]}.json", f"{TWO[-5:]}.json"])
    assert len(read(*(box(f"{n:032x}") for n in range(60))).parts) == 8


def test_a_file_names_articles() -> None:
    """Titles without markup; the time of a mere link is that of its setting and none of the article's."""
    rows = [
        {
            "title": "<a href='#'>绿色电力<br>证书</a>",
            "publishUrl": f"../20261102/{ONE}/c.html",
            "publishTime": "2026-11-02 17:10:41",
        },
        {
            "title": "专题",
            "contentType": "Link",
            "linkUrls": [{"linkUrl": "/x/2.htm"}],
            "publishTime": "2026-11-03 01:00:00",
        },
        {"title": "没有地址", "publishTime": "2026-11-01 01:00:00"},
        "x",
    ]
    listing = answer({"datasource": rows})
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        (f"https://a.cn/20261102/{ONE}/c.html", "绿色电力证书", "2026-11-02T17:10:41+08:00"),
        ("https://a.cn/x/2.htm", "专题", None),
    ]
    assert (listing.following, answer({"datasource": []})) == ((), Listing("xinhua"))


@pytest.mark.parametrize("body", ["", "{", "[]", '{"datasource":""}', "<html>404</html>"])
def test_what_is_no_file_of_a_list_is_a_fault_of_the_page(body: str) -> None:
    with pytest.raises(PageError):
        answer(body)


def test_boxes_beside_an_article_make_no_list() -> None:
    article = list_page(f"https://a.cn/20261102/{ONE}/c.html", box(TWO, 5).encode())
    assert not xinhua.recognise(article)
    assert not xinhua.recognise(list_page(URL, b"<html><object data='a.swf'></object> datasource:1234567</html>"))
