"""Whatever bytes come as a page, they are read or refused by one line; none may hang or fail otherwise."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.reading.page import LARGEST, read_page
from crawler.reading.tree import MOST_LINES
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TITLE = "<html><head><title>全市新建中试基地</title></head><body><h1>全市新建中试基地</h1>"
PARAGRAPHS = (
    "<p>会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。</p><p>各板块要在6月底前报送首批清单。</p>"
)
TEXT = ["会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。", "各板块要在6月底前报送首批清单。"]
RUBBISH = random.Random(7).randbytes(200_000)  # noqa: S311  # the same noise at each run


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the page is empty"),
        (b" \r\n\t\x00\x00", "the page is empty"),
        (b"<p>" * (LARGEST // 3 + 1), "more than the 20,000,000 that are read"),
        (RUBBISH, "cannot be decoded"),
        (b"%PDF-1.7\n" + RUBBISH, "a file of another kind"),
        (b"\x89PNG\r\n" + RUBBISH, "a file of another kind"),
        (b"<html><head><title>x</title></head></html>", "no article text found"),
        (b"<html>", "no article text found"),
        (b"<!--" * 1000, "no article text found"),
        (b"{}", "no article text found"),
        (f"<body>{PARAGRAPHS}</body>".encode(), "no title found"),
        (
            (TITLE + "<h2>服务器错误</h2><p>系统繁忙，请您稍后再次尝试访问本站页面，感谢理解。</p>").encode(),
            "an error page",
        ),
        ((TITLE + "<p>句。</p>" * (MOST_LINES + 1)).encode(), "more than 100,000 lines"),
        ((TITLE + "<p>" + "新建基地，" * 700_000).encode(), "more than the 3,000,000 that are read"),
        ((TITLE + "<div " + " ".join(f'a{n}="<>"' for n in range(5_000)) + ">" + PARAGRAPHS).encode(), "attributes"),
    ],
    ids=lambda value: str(value)[:24] if isinstance(value, str) else None,
)
def test_what_is_no_article_is_refused_by_one_line(body: bytes, problem: str) -> None:
    with pytest.raises(PageError, match=problem) as refusal:
        read_page(body, url="https://a.example/1.html", now=NOW)
    assert str(refusal.value).startswith("https://a.example/1.html: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "wrapped",
    [
        PARAGRAPHS,
        "<font>" * 100_000 + PARAGRAPHS,
        "<div>" * 30_000 + PARAGRAPHS,
        "<table><tr><td>" * 20_000 + PARAGRAPHS,
        "<div>" * 2_000 + PARAGRAPHS + "</div>" * 2_000,
        "<div " + "x" * 500_000 + ">" + PARAGRAPHS,
        "<img src='data:image/png;base64," + "QUJD" * 200_000 + "'>" + PARAGRAPHS,
        PARAGRAPHS + "<script>" + '"pubDate" : "' * 100_000,
        PARAGRAPHS + "<" * 2_000,
    ],
    ids=["plain", "fonts", "divs", "tables", "closed", "long attribute", "inline image", "open script", "angles"],
)
def test_a_text_in_hostile_markup_is_read(wrapped: str) -> None:
    assert read_page((TITLE + wrapped).encode(), now=NOW).text.split("\n")[:2] == TEXT


@pytest.mark.parametrize("content_type", ["text/html; charset=no-such", "text/html; charset=", "charset=base64", ";;;"])
def test_an_unknown_charset_name_is_passed_over(content_type: str) -> None:
    article = read_page((TITLE + PARAGRAPHS).encode("gbk"), content_type=content_type, now=NOW)
    assert (article.text.split("\n"), article.charset) == (TEXT, "gb18030")


def test_a_body_without_a_body_element_is_read() -> None:
    assert read_page(f"<title>全市新建中试基地</title>{PARAGRAPHS}".encode(), now=NOW).text.split("\n") == TEXT


PIECES = st.sampled_from([
    "<div>", "</div>", "<p>", "</p>", "<table><tr><td>", "</td>", "<br>", "<a href='x.pdf'>", "</a>", "<h1>", "<pre>", "来源：", "2026-02-30 ", "附件",
    "〔2026〕3号", "<script>", "</script>", "</html>", "<title>", "</title>", "\x00", "&#55296;", "&nbsp;", "<![CDATA[", "<!--", "-->", TEXT[0], TEXT[1],
    "\n", "<meta name=pubdate content=x>", "发信站:", "<body hidden>",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_mixture_of_markup_is_read_or_refused(pieces: list[str]) -> None:
    try:
        article = read_page("".join(pieces).encode("utf-8", "replace"), url="http://[bad/", now=NOW)
    except PageError:
        return
    assert article.title
    assert article.text


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        article = read_page(body, content_type="text/html; charset=gbk", now=NOW)
    except PageError:
        return
    assert article.title
    assert article.text
