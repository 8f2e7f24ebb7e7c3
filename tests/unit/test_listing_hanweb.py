"""Hanweb columns: records inside the page, records behind a proxy, and tables that a form asks for."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.listing import Ask, Listing, list_page, read_listing
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
COLUMN = "http://fgw.a.cn/col/col284/index.html"
PROXY = "http://fgw.a.cn/module/web/jpage/dataproxy.jsp"
CALL = (
    "<script>jQuery('#9').jpage({perPage:2,groupSize:2,totalRecord:%d,"
    "proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{col:1,appid:'1',webid:'7',path:'/',columnid:284,"
    "sourceContentType:1,unitid:'9',webname:'某市发改委',permissiontype:0}});</script>"
)
GROUP = "/module/web/jpage/dataproxy.jsp?page=1&amp;appid=1&amp;webid=7&amp;path=/&amp;columnid=284&amp;unitid=9"


def record(number: int) -> str:
    title = f"关于第{number}批产业项目的通知"
    link = f"<a href='/art/2026/11/{number}/art_284_{number}.html' title='{title}' target='_blank'>{title[:6]}...</a>"
    return f"<record><![CDATA[\n<li class='cf'>{link}<span>2026-\n                11-\n                {number:02}</span></li>]]></record>"


def store(*numbers: int, total: int | None = None, group: str = "") -> str:
    head = f"<totalrecord>{total}</totalrecord>" if total is not None else ""
    head += f'<nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup>' if group else ""
    return f"<datastore>{head}<recordset>{''.join(map(record, numbers))}</recordset></datastore>"


def column(*numbers: int, call: str = "", **parts: str) -> str:
    nav = "".join(f'<li><a href="/col/col{n}/index.html">信息公开栏目{n}</a></li>' for n in range(9))
    inline = f'<script type="text/xml">{store(*numbers, **parts)}</script>'  # type: ignore[arg-type]
    return f"<html><body><ul>{nav}</ul><div id='9'>{inline}</div>{call}</body></html>"


def read(text: str, ask: Ask | None = None, url: str = COLUMN, charset: str = "utf-8") -> Listing:
    family = ask.family if ask else None
    return read_listing(list_page(ask.url if ask else url, text.encode(charset), ask=ask), now=NOW, family=family)


def numbers(listing: Listing) -> list[int]:
    return [int(row.url.rpartition("_")[2].removesuffix(".html")) for row in listing.rows]


# ------------------------------------------------------------------------ jpage


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_records_inside_the_page_are_its_rows(charset: str) -> None:
    """The full title stands in the attribute, and a day over three indented lines is one day."""
    listing = read(column(3, 2, call=CALL % 9), charset=charset)
    assert listing.family == "jpage"
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        ("http://fgw.a.cn/art/2026/11/3/art_284_3.html", "关于第3批产业项目的通知", "2026-11-03"),
        ("http://fgw.a.cn/art/2026/11/2/art_284_2.html", "关于第2批产业项目的通知", "2026-11-02"),
    ]


def test_the_next_page_is_asked_for_as_the_script_does() -> None:
    """Span in the address, the call's parameters posted; the link for readers without a script comes after it."""
    following = read(column(9, 8, 7, 6, call=CALL % 9, group=GROUP)).following
    assert [ask.family for ask in following] == ["jpage"] * 3
    assert following[0].url == f"{PROXY}?startrecord=5&endrecord=8&perpage=2"
    assert dict(following[0].form) == {
        "col": "1",
        "appid": "1",
        "webid": "7",
        "path": "/",
        "columnid": "284",
        "sourceContentType": "1",
        "unitid": "9",
        "webname": "某市发改委",
        "permissiontype": "0",
    }
    assert dict(following[0].headers) == {"X-Requested-With": "XMLHttpRequest", "Referer": COLUMN}
    assert [ask.posted for ask in following[1:]] == [None, None]
    assert [parse_qs(urlsplit(ask.url).query)["page"] for ask in following[1:]] == [["1"], ["2"]]


def test_a_column_that_shows_all_its_records_has_no_next_page() -> None:
    assert read(column(2, 1, call=CALL % 2, group=GROUP)).following == ()


def test_an_answer_names_the_span_after_it_until_all_are_had() -> None:
    first = read(column(9, 8, 7, 6, call=CALL % 9)).following[0]
    second = read(store(5, 4, 3, 2, total=9), first)
    assert (second.family, second.linked, numbers(second)) == ("jpage", True, [5, 4, 3, 2])
    assert second.following[0].url == f"{PROXY}?startrecord=9&endrecord=12&perpage=2"
    assert second.following[0].form == first.form
    assert second.following[0].headers == first.headers
    assert read(store(1, total=9), second.following[0]).following == ()


def test_the_call_says_where_records_are_asked_for() -> None:
    call = CALL.replace("/module/web/jpage/dataproxy.jsp", "/jpage.do") % 9
    first = read(column(9, 8, 7, 6, call=call)).following[0]
    assert first.url == "http://fgw.a.cn/jpage.do?startrecord=5&endrecord=8&perpage=2"
    assert read(store(5, 4, 3, 2, total=9), first).following[0].url.endswith("startrecord=9&endrecord=12&perpage=2")


def test_an_answer_without_a_total_ends_where_it_is_shorter_than_a_page() -> None:
    first = read(column(9, 8, 7, 6, call=CALL % 9)).following[0]
    assert read(store(5, 4), first).following != ()
    assert read(store(5), first).following == ()


def test_pages_that_are_numbered_are_followed_by_their_own_link() -> None:
    """It leaves out what it takes for known, and what is encrypted stays as it is."""
    first = read(column(9, 8, group=GROUP)).following[0]
    second = read(store(7, 6, group="./dataproxy.jsp?page=2&amp;columnid=x%2Fy%3D"), first)
    (third,) = second.following
    assert third.url.startswith(f"{PROXY}?page=2&columnid=x%2Fy%3D&")
    assert parse_qs(urlsplit(third.url).query)["unitid"] == ["9"]
    assert parse_qs(urlsplit(third.url).query)["columnid"] == ["x/y="]
    assert read(store(5, 4), third).following == ()


def test_numbered_pages_end_with_the_last_that_is_counted() -> None:
    first = read(column(9, 8, group=GROUP)).following[1]
    text = store(7, 6, group="./dataproxy.jsp?page=3").replace("<recordset>", "<totalpage>%d</totalpage><recordset>")
    assert len(read(text % 3, first).following) == 1
    assert read(text % 2, first).following == ()


def test_links_of_an_answer_start_where_the_column_does() -> None:
    first = read(column(9, 8, 7, 6, call=CALL % 9)).following[0]
    text = store(1).replace("'/art/2026/11/1/", "'../../art/2026/11/1/")
    assert read(text, first).rows[0].url == "http://fgw.a.cn/art/2026/11/1/art_284_1.html"


def test_the_longest_datastore_is_the_list_and_the_call_after_it_its_own() -> None:
    other = CALL.replace("columnid:284", "columnid:1").replace("perPage:2", "perPage:7") % 3
    inline = f'<script type="text/xml">{store(8, 7, 6)}</script>'
    listing = read(column(9, call=other + inline + CALL % 9 + other))
    assert numbers(listing) == [8, 7, 6]
    assert dict(listing.following[0].form)["columnid"] == "284"
    assert parse_qs(urlsplit(listing.following[0].url).query)["perpage"] == ["2"]


def test_a_column_without_records_leads_to_the_first_ones() -> None:
    listing = read(column(call=CALL % 9))
    assert listing.rows == ()
    assert listing.behind is not None
    assert listing.behind.url == f"{PROXY}?startrecord=1&endrecord=4&perpage=2"


def test_rows_that_the_server_printed_itself_are_read_as_they_stand() -> None:
    plain = "".join(
        f'<li><a href="/art/2026/11/{n}/art_284_{n}.html">关于第{n}批项目的通知</a><span>2026-11-0{n}</span></li>'
        for n in range(1, 7)
    )
    listing = read(f"<html><body><ul class='list'>{plain}</ul>{CALL % 9}</body></html>")
    assert listing.family == "rows"
    assert numbers(listing) == [1, 2, 3, 4, 5, 6]


def test_an_answer_without_records_ends_the_list_and_one_that_is_none_is_a_fault() -> None:
    first = read(column(9, 8, 7, 6, call=CALL % 9)).following[0]
    empty = read(store(total=0), first)
    assert (empty.rows, empty.following) == ((), ())
    with pytest.raises(PageError, match="no <datastore>"):
        read("<html><body>系统错误</body></html>", first)


@pytest.mark.parametrize(
    "text",
    [
        "<datastore><recordset><record><![CDATA[<li><a href='/art/2026/11/1/art_1_1.html'>开",
        "<datastore>" + "<record>" * 20_000,
        "<datastore>" * 20_000,
        "<datastore><record><![CDATA[<li><a href='javascript:void(0)'>无处可去</a></li>]]></record></datastore>",
        "<datastore><record><![CDATA[]]></record><record>\x00\x01</record></datastore>",
        "<datastore><nextgroup><![CDATA[" + "<a " * 20_000 + "<record>",
        ".jpage({" + "ajaxParam:{" * 20_000 + "/jpage/dataproxy.jsp",
    ],
)
def test_broken_datastores_are_read_as_far_as_they_go(text: str) -> None:
    assert len(read(f"<html><body>{text}</body></html>").rows) <= 1


def test_a_list_of_ten_thousand_records_is_cut() -> None:
    text = "".join(record(n) for n in range(10_000))
    assert len(read(f"<datastore>{text}</datastore>").rows) == 5_000


# ------------------------------------------------------------------------- xxgk

SHELL = (
    "<html><body><iframe src='/module/xxgk/tree.jsp?standardXxgk=1&amp;divid=div4&amp;area=014001303'></iframe>"
    "<script>function find(a,b,c){loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&infotypeId='+a+'&vc_title='+"
    "encodeURI(b)+'&vc_number='+encodeURI(c)+'&area=014001303', 'div4', '0','0','950','12','','');}</script></body></html>"
)
SEARCH = "http://fgw.a.cn/module/xxgk/search.jsp?"


def table(*numbers: int, pages: int | None = None) -> str:
    lines = "".join(
        f"<tr class='tr_main_value_{'odd' if n % 2 else 'even'}'><td>014001303/2026-000{n:02}</td>"
        f"<td><a href='/art/2026/11/{n}/art_284_{n}.html' mc='关于印发第{n}批清单的通知' target='_blank'>关于印发…</a></td>"
        f"<td>2026-11-{n:02}</td></tr>"
        for n in numbers
    )
    bar = (
        f"<tr><td>共&nbsp;<b>{pages}</b>&nbsp;页 <a href='/col/col284/index.html?p=2'>下一页</a></td></tr>"
        if pages
        else ""
    )
    return f"<table><tr><th><a href='#'>索引号</a></th><th>标题</th></tr><tr><td><table>{lines}{bar}</table></td></tr></table>"


def asked(url: str = COLUMN, text: str = SHELL) -> Ask:
    behind = read(text, url=url).behind
    assert behind is not None
    return behind


def test_the_table_of_an_authority_is_asked_for_by_its_form() -> None:
    ask = asked()
    assert (ask.url.startswith(SEARCH), ask.family) == (True, "xxgk")
    form = dict(ask.form)
    assert (form["area"], form["jdid"], form["divid"]) == ("014001303", "12", "div4")
    assert (form["infotypeId"], form["currpage"], form["standardXxgk"]) == ("", "1", "1")
    assert parse_qs(urlsplit(ask.url).query) == {"currpage": ["1"]}
    assert dict(ask.headers)["Referer"] == COLUMN


def test_the_address_names_the_kind_and_the_authority() -> None:
    form = dict(asked(f"{COLUMN}?number=A00002&vc_xxgkarea=77").form)
    assert (form["infotypeId"], form["area"]) == ("A00002", "77")


def test_a_page_that_only_frames_the_tree_is_enough() -> None:
    tree = "<html><body><iframe src='/module/xxgk/tree.jsp?divid=div71&amp;area=MB18'></iframe><i data-webid='82'></i></body></html>"
    form = dict(asked(text=tree).form)
    assert (form["area"], form["divid"], form["jdid"]) == ("MB18", "div71", "82")


def test_a_kind_without_an_authority_is_asked_for_too() -> None:
    text = "<html><body><iframe src='/module/xxgk/tree.jsp?divid=div9&amp;area='></iframe></body></html>"
    form = dict(asked(f"{COLUMN}?number=B001A011", text).form)
    assert (form["area"], form["infotypeId"]) == ("", "B001A011")


def test_a_page_that_names_neither_is_read_as_it_stands() -> None:
    listing = read("<html><body><a href='/module/xxgk/search.jsp?x=1'>政府信息公开查询</a></body></html>")
    assert (listing.family, listing.behind) == ("rows", None)


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_the_lines_of_the_table_are_its_rows(charset: str) -> None:
    """Full titles stand in an attribute of their own; neither the head nor the bar with the pages is a row."""
    ask = asked()
    listing = read(table(5, 4, pages=2), ask, charset=charset)
    assert [(row.url, row.title, row.published) for row in listing.rows] == [
        ("http://fgw.a.cn/art/2026/11/5/art_284_5.html", "关于印发第5批清单的通知", "2026-11-05"),
        ("http://fgw.a.cn/art/2026/11/4/art_284_4.html", "关于印发第4批清单的通知", "2026-11-04"),
    ]
    (second,) = listing.following
    assert (dict(second.form)["currpage"], parse_qs(urlsplit(second.url).query)["currpage"]) == ("2", ["2"])
    assert {**dict(second.form), "currpage": "1"} == dict(ask.form)
    assert read(table(3, pages=2), second).following == ()


def test_a_table_without_a_count_goes_on_until_it_is_empty() -> None:
    (second,) = read(table(5, 4), asked()).following
    (third,) = read(table(3, 2), second).following
    assert dict(third.form)["currpage"] == "3"
    for nothing in (table(), "", "<html></html>", "<table><tr>" * 3_000):
        assert read(nothing, third) == Listing("xxgk", linked=True)


def test_an_answer_that_is_a_plain_list_is_read_too() -> None:
    lines = "".join(
        f"<li><a href='/art/2026/11/{n}/art_1_{n}.html' title='关于印发第{n}批清单的通知'>关于印发…</a><b>2026-11-0{n}</b></li>"
        for n in (3, 2)
    )
    listing = read(f"<div class='zfxxgk_zdgkc'><ul>{lines}</ul></div>", asked())
    assert (listing.family, numbers(listing)) == ("xxgk", [3, 2])
    assert [row.title for row in listing.rows] == [f"关于印发第{n}批清单的通知" for n in (3, 2)]


def test_a_call_with_other_words_still_names_its_authority() -> None:
    text = "<html><body><script>loadDynamic('/module/xxgk/search.jsp?infotypeId=Z24'+a+'&area=77-0', box);</script></body></html>"
    form = dict(asked(text=text).form)
    assert (form["area"], form["infotypeId"], form["jdid"], form["divid"]) == ("77-0", "Z24", "1", "div1")


def test_of_two_days_the_last_is_that_of_publication() -> None:
    line = "<tr><td>2025-01-02</td><td><a href='/art/2026/11/1/art_1_1.html'>关于某事的通知</a></td><td>2026-11-01</td></tr>"
    assert read(f"<table>{line}</table>", asked()).rows[0].published == "2026-11-01"


@pytest.mark.parametrize("broken", ["\x0c", "\x01", "\ufffe", "\ud7ff"])
def test_a_title_with_control_characters_costs_at_most_itself(broken: str) -> None:
    listing = read(table(5, 4).replace("关于印发第5批", f"关于{broken}第5批"), asked())
    assert numbers(listing) == [5, 4]
    assert listing.rows[1].title == "关于印发第4批清单的通知"


@pytest.mark.parametrize("proxy", ["http://[::1", "javascript:void(0)", "mailto:a@b.cn"])
def test_an_address_that_is_none_leads_nowhere(proxy: str) -> None:
    call = CALL.replace("'/module/web/jpage/dataproxy.jsp'", f"'{proxy}'") % 9
    listing = read(column(9, 8, call=call, group=proxy))
    assert (numbers(listing), listing.following) == ([9, 8], ())
    assert read(column(call=call)).behind is None


def test_a_call_without_an_end_costs_no_time() -> None:
    text = "loadDynamic('/module/xxgk/search.jsp?a='" * 5_000
    assert read(f"<html><body>{text}</body></html>").rows == ()
