"""One key for all the ways a page is linked; what a link can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import absolute, host, key

SAME = (
    ("http://www.wuxi.gov.cn/doc/1.shtml", "https://www.wuxi.gov.cn:443/doc/1.shtml#top"),
    ("http://a.cn", "http://A.CN:80/"),
    ("http://a.cn/n?id=7&utm_source=wx&from=timeline", "http://a.cn/n?id=7"),
    ("http://a.cn/n?b=2&a=1", "http://a.cn/n?a=1&b=2"),
    ("http://a.cn/n.jsp;jsessionid=0A1B?id=3", "http://a.cn/n.jsp?id=3"),
    ("http://a.cn/thread-7-1-1.html", "http://a.cn/thread-7-3-2.html"),
    ("http://a.cn/thread-7-1-1.html", "http://a.cn/forum.php?mod=viewthread&tid=7&extra=page%3D1"),
)
OTHER = (
    ("http://a.cn/n?id=7", "http://a.cn/n?id=8"),
    ("http://a.cn/n", "http://a.cn/N"),
    ("http://a.cn/n", "http://b.cn/n"),
    ("http://a.cn:8080/n", "http://a.cn/n"),
    ("http://a.cn/thread-7-1-1.html", "http://a.cn/thread-8-1-1.html"),
    ("http://a.cn/s?k=%CE%DE%CE%FD", "http://a.cn/s?k=%CB%D5%D6%DD"),  # 无锡 and 苏州 in GBK
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_page_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_pages_that_differ_keep_their_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(st.text("abc/?&=%0123.;#-", max_size=30))
def test_a_key_is_its_own_key(path: str) -> None:
    assert key(key(f"http://a.cn/{path}")) == key(f"http://a.cn/{path}")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://A.cn/", "a.cn"),
        ("http://a.cn:80/", "a.cn"),
        ("https://a.cn:443/", "a.cn"),
        ("http://a.cn:8080/", "a.cn:8080"),
        ("http://[::1]:81/", "[::1]:81"),
        ("http://a.cn:port/", "a.cn"),
    ],
)
def test_the_host_is_who_is_asked(url: str, name: str) -> None:
    assert host(url) == name


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("1.html", "http://a.cn/x/1.html"),
        ("/1.html#c", "http://a.cn/1.html"),
        ("//b.cn/1", "http://b.cn/1"),
        (" \n?page=2\t", "http://a.cn/x/?page=2"),
        ("#top", None),
        ("", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.cn", None),
        ("http://b.cn:port/", None),
        ("photo.JPG", None),
        ("http://[::1", None),
    ],
)
def test_a_link_is_a_page_or_nothing(href: str, address: str | None) -> None:
    assert absolute(href, "http://a.cn/x/") == address
