"""truecms columns: rows hidden in the page, then records wrapped in a call."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.listing import Ask, Listing, list_page, read_listing
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
COLUMN = "https://gxj.a.cn/ntsjxw/bmwj/bmwj.html"
SCRIPT = (
    "<script>var initData = '<datastore><totalrecord>7</totalrecord><recordset>';"
    "$('#initData ul').each(function(){initData += '<record><![CDATA[' + $(this).html() + ']]></record>';});"
    "$('#msgList').jpage({dataStore:initData,totalRecord:7,dataBefore:'<ul>',contentTemplate:'',"
    "proxyUrl:'/truecms/messageController/getMessage.do',perPage:2,groupSize:1,ajaxParam:{columnId:'0a-1b'}});</script>"
)


def line(number: int) -> str:
    return (
        f'<li><a href="/ntsjxw/bmwj/content/{number}.html"><span class="list-text" title="关于公布第{number}批企业名单的通知">'
        f"关于公布…</span></a><span>[2026-11-{number:02}]</span></li>"
    )


def column(*numbers: int, script: str = SCRIPT) -> str:
    hidden = "".join(f"<ul>{line(number)}</ul>" for number in numbers)
    return f'<html><body><div id="initData" style="display:none">{hidden}</div><div id="msgList"></div>{script}</body></html>'


def answer(*numbers: int, total: int | None = 7, callback: str = "jQuery") -> str:
    records = "".join(f"<record><![CDATA[{line(number)}]]></record>" for number in numbers)
    head = f"<totalrecord>{total}</totalrecord>" if total is not None else ""
    said = json.dumps({"result": f"<datastore>{head}<recordset>{records}</recordset></datastore>"}, ensure_ascii=False)
    return f"{callback}({said});" if callback else said


def read(text: str, ask: Ask | None = None, charset: str = "utf-8") -> Listing:
    family = ask.family if ask else None
    return read_listing(list_page(ask.url if ask else COLUMN, text.encode(charset), ask=ask), now=NOW, family=family)


def second_page() -> Ask:
    (ask,) = read(column(7, 6)).following
    return ask


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_the_hidden_rows_are_the_first_page(charset: str) -> None:
    listing = read(column(7, 6), charset=charset)
    assert listing.family == "truecms"
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        ("https://gxj.a.cn/ntsjxw/bmwj/content/7.html", "关于公布第7批企业名单的通知", "2026-11-07"),
        ("https://gxj.a.cn/ntsjxw/bmwj/content/6.html", "关于公布第6批企业名单的通知", "2026-11-06"),
    ]


def test_the_second_page_is_asked_for_as_the_script_does() -> None:
    ask = second_page()
    assert (ask.posted, ask.family) == (None, "truecms")
    assert urlsplit(ask.url).path == "/truecms/messageController/getMessage.do"
    asked = parse_qs(urlsplit(ask.url).query, keep_blank_values=True)
    assert {name: values[0] for name, values in asked.items()} == {
        "startrecord": "3",
        "endrecord": "4",
        "perpage": "2",
        "contentTemplate": "",
        "columnId": "0a-1b",
        "callback": "jQuery",
    }
    assert dict(ask.headers)["Referer"] == COLUMN


@pytest.mark.parametrize("callback", ["jQuery", "jQuery1124_16888", ""])
def test_an_answer_is_read_wrapped_or_not_and_names_the_next(callback: str) -> None:
    listing = read(answer(5, 4, callback=callback), second_page())
    assert [row.published for row in listing.rows] == ["2026-11-05", "2026-11-04"]
    (third,) = listing.following
    assert listing.linked
    asked = parse_qs(urlsplit(third.url).query)
    assert (asked["startrecord"], asked["endrecord"], asked["columnId"]) == (["5"], ["6"], ["0a-1b"])
    assert third.headers == second_page().headers


def test_the_list_ends_with_its_total_or_with_a_short_page() -> None:
    (third,) = read(answer(5, 4), second_page()).following
    (fourth,) = read(answer(3, 2), third).following
    assert read(answer(1), fourth).following == ()
    assert read(answer(3, total=None), third).following == ()
    assert read(answer(), third).rows == ()


def test_a_column_that_shows_all_has_no_next_page() -> None:
    assert read(column(7, 6, 5, 4, 3, 2, 1)).following == ()


def test_an_empty_column_leads_to_its_first_records() -> None:
    behind = read(column()).behind
    assert behind is not None
    assert parse_qs(urlsplit(behind.url).query)["startrecord"] == ["1"]


def test_an_address_in_a_call_is_the_link() -> None:
    text = column(7).replace('<a href="/ntsjxw/bmwj/content/7.html">', "<a onclick=\"name2('/x/content/7.html')\">")
    assert read(text).rows[0].url == "https://gxj.a.cn/x/content/7.html"


def test_a_page_whose_call_names_no_column_is_read_as_it_stands() -> None:
    script = SCRIPT.replace("columnId:'0a-1b'", "")
    assert len(read(column(7, 6, script=script)).rows) == 2
    assert read(column(script=script)).family == "rows"


@pytest.mark.parametrize(
    "text", ["", "<html>404</html>", "jQuery(", "jQuery({broken)", "[" * 100_000, "jQuery([1])", "7"]
)
def test_an_answer_that_is_none_is_a_fault(text: str) -> None:
    with pytest.raises(PageError, match="records were asked for"):
        read(text, second_page())
