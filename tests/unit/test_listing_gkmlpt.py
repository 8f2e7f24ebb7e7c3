"""Guangdong gkmlpt: site and column of a page, and the platform's answer."""

import json
from datetime import UTC, datetime

import pytest

from crawler.listing import Ask, Listing, gkmlpt, list_page, read_listing
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PAGE = "<html><body><div id='app'></div><script>window._CONFIG = { APP: 1, SID: '755031', TREE: [] };</script></body></html>"
API = Ask("http://a.cn/fgj/gkmlpt/api/all/2811?page=1&sid=755031", family="gkmlpt")


def answer(body: object, ask: Ask = API) -> Listing:
    text = body if isinstance(body, str) else json.dumps(body)
    return read_listing(list_page(ask.url, text.encode(), None, ask), now=NOW, family="gkmlpt")


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://a.cn/fgj/gkmlpt/index#2811", API.url),
        ("http://a.cn/fgj/gkmlpt/index#/2811", API.url),
        ("http://a.cn/gkmlpt/index", "http://a.cn/gkmlpt/api/all/0?page=1&sid=755031"),
        ("http://a.cn/gkmlpt/policy?page=1#5", "http://a.cn/gkmlpt/api/all/5?page=1&sid=755031"),
    ],
)
def test_a_page_leads_to_its_column(url: str, asked: str) -> None:
    """The address names the column after its #; without one, all columns."""
    behind = read_listing(list_page(url, PAGE.encode()), now=NOW).behind
    assert behind == Ask(asked, family="gkmlpt")


def test_a_redirected_page_keeps_the_column_that_was_asked_for() -> None:
    page = list_page("https://a.cn/fgj/gkmlpt/index", PAGE.encode(), None, Ask("http://a.cn/fgj/gkmlpt/index#2811"))
    behind = read_listing(page, now=NOW).behind
    assert behind is not None
    assert behind.url == API.url.replace("http:", "https:")


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a.cn/gkmlpt/content/12/12345/post_12345678.html", PAGE),
        ("http://a.cn/gkmlpt/index", "<html><body>SID: 7</body></html>"),
        ("http://a.cn/xxgk/tzgg/", f"{PAGE}<a href='/gkmlpt/index'>目录</a>"),
    ],
)
def test_other_pages_are_left_to_others(url: str, text: str) -> None:
    assert not gkmlpt.recognise(list_page(url, text.encode()))


def test_an_answer_names_documents_and_the_page_after() -> None:
    """Times in seconds or in words; what is counted and not shown does not end the list."""
    rows = [
        {
            "title": "关于新型储能的若干措施",
            "url": "http://a.cn/fgj/gkmlpt/content/12/12345/post_7.html",
            "date": 1793584800,
        },
        {
            "title": "通告",
            "url": None,
            "post_url": "/fgj/gkmlpt/content/post_8.html",
            "created_at": "2026-10-01 08:00:00",
        },
    ]
    body = {"classify": {"id": 2811, "post_count": 203}, "articles": rows}
    listing = answer(body)
    assert [(row.url[-11:], row.title, (row.published or "")[:10]) for row in listing.rows] == [
        ("post_7.html", "关于新型储能的若干措施", "2026-11-02"),
        ("post_8.html", "通告", "2026-10-01"),
    ]
    assert (listing.following, listing.linked) == ((Ask(API.url.replace("page=1", "page=2"), family="gkmlpt"),), True)
    assert answer(body, Ask(API.url.replace("page=1", "page=3"), family="gkmlpt")).following == ()
    assert answer({"classify": {"post_count": 203}, "articles": []}) == Listing("gkmlpt")


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"articles":{}}', "<html>403</html>"])
def test_what_is_no_answer_is_a_fault_of_the_page(body: str) -> None:
    with pytest.raises(PageError, match="did not answer"):
        answer(body)
