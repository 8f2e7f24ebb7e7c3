"""Bytes become text by what the text looks like, whatever header and meta say of the charset."""

import pytest

from crawler.charset import decode

SIMPLIFIED = "会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个，各板块要在6月底前报送首批清单。"
TRADITIONAL = "管理局表示，園區將優先引進精密機械與生技業者，年底開始招商，預計可望帶動三千個就業機會。"


def page(text: str, charset: str) -> str:
    return f'<html><head><meta charset="{charset}"><title>{text[:8]}</title></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "x-unknown-9", ""])
@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "utf-8", "utf-8"),
    ],
)
def test_a_page_is_decoded_whatever_it_declares(text: str, written: str, found: str, declared: str) -> None:
    whole = page(text, declared)
    assert decode(whole.encode(written), f"text/html; charset={declared}") == (whole, found)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(charset: str) -> None:
    text, found = decode(page(SIMPLIFIED, "gbk").encode(charset), "text/html; charset=gbk")
    assert text == page(SIMPLIFIED, "gbk")
    assert found == charset.removesuffix("-sig")


def test_characters_beyond_gb2312_are_kept_where_gb2312_is_declared() -> None:
    text = page("朱镕基、喆、㛃都是人名里的字，" + SIMPLIFIED, "gb2312")
    assert decode(text.encode("gb18030"), "text/html; charset=gb2312")[0] == text


def test_one_broken_byte_does_not_change_the_charset() -> None:
    body = page(SIMPLIFIED, "utf-8").encode() + b"\xff"
    text, found = decode(body)
    assert found == "utf-8"
    assert text.endswith("</html>\ufffd")


def test_a_latin_page_keeps_the_charset_it_names() -> None:
    text = "<meta http-equiv=Content-Type content=\"text/html; CHARSET='ISO-8859-1'\"><p>Café fermé le samedi, à bientôt</p>"
    assert decode(text.encode("latin-1")) == (text, "iso8859-1")
