"""Boards of intertid: what a page's script asks for, and what the search answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.listing import Ask, Listing, ListPage, intertid, list_page, read_listing
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
URL = "http://a.cn/zfxxgk/fgwjjjd/index.shtml"
SEARCH = Ask(
    "http://a.cn/info_open/search",
    form=(
        ("pageIndex", "1"),
        ("pageSize", "20"),
        ("siteId", "182"),
        ("channelIds", "36714,36715"),
        ("searchType", "1"),
        ("order", "writeTime"),
    ),
    family="intertid",
)


def shell(script: str, charset: str = "utf-8", url: str = URL) -> ListPage:
    text = f"<html><head><title>法规文件及解读</title></head><body><ul></ul><script>{script}</script></body></html>"
    return list_page(url, text.encode(charset))


def form(page: ListPage) -> dict[str, str]:
    behind = read_listing(page, now=NOW).behind
    assert behind is not None
    assert behind.url == "http://a.cn/info_open/search"
    assert dict(behind.headers) == {"X-Requested-With": "XMLHttpRequest", "Referer": page.url}
    return dict(behind.form)


def answer(body: object, ask: Ask = SEARCH) -> Listing:
    text = body if isinstance(body, str) else json.dumps(body)
    return read_listing(list_page(ask.url, text.encode(), "application/json", ask), now=NOW, family="intertid")


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
@pytest.mark.parametrize(
    ("script", "site", "columns"),
    [
        ('getSearchList(1,20,"182","36714,36715","1","writeTime");', "182", "36714,36715"),
        ("getSearchList( 1 , 20 , 182 , '36714' , 1 , 'writeTime' )", "182", "36714"),
        ('var id="36714";\nqx_wbj_getSearchList(1,20,"182",id,"1","writeTime");', "182", "36714"),
        (
            'var id="36714"; id=id+","+36715;\nid = id + "," + "36717"; getSearchList(1,20,4,id,1)',
            "4",
            "36714,36715,36717",
        ),
        ('let all = "7"; all += ",8"; var site=4; getSearchList(1,20,site,all,"1","openTime")', "4", "7,8"),
        (
            'load(); // getSearchList(1,20,"1","1")\n  // getSearchList(1,20,"1","1")\n/* getSearchList(1,20,"2","2") */ getSearchList(1,20,"3","33")',
            "3",
            "33",
        ),
        ('<!-- getSearchList(1,20,"2","2") --> var accept="image/*"; getSearchList(1,20,"3","33")', "3", "33"),
        ('function getSearchList(page, size, site, ids) {}\ngetSearchList(1,20,"3","33");', "3", "33"),
    ],
)
def test_the_columns_are_read_from_the_call_in_use(script: str, site: str, columns: str, charset: str) -> None:
    """Literal, in a variable, or put together; calls in comments and the definition itself do not count."""
    asked = form(shell(script, charset))
    assert (asked["siteId"], asked["channelIds"], asked["pageIndex"], asked["pageSize"]) == (site, columns, "1", "20")


@pytest.mark.parametrize(
    "script", ['getSearchList(1,20,2,chanIdStr,"1")', 'getSearchList(1,20,site,"33")', 'getSearchList(1,20,"3","")']
)
def test_a_whole_site_is_never_asked_for(script: str) -> None:
    with pytest.raises(PageError, match="does not say which columns"):
        read_listing(shell(script), now=NOW)


def test_a_page_that_shows_its_list_needs_no_search() -> None:
    """The script of a list that is plain may call for columns that stand elsewhere, or only in a comment."""
    items = "".join(
        f'<li><a href="/doc/2026/11/{n}/48{n}.shtml">关于第{n}号规范性文件的通知</a><span>2026-11-{n}</span></li>'
        for n in range(10, 22)
    )
    for script in ('getSearchList(1,20,2,chanIdStr,"1")', '/* getSearchList(1,20,"2","33") */'):
        page = list_page(URL, f"<html><body><ul>{items}</ul><script>{script}</script></body></html>".encode())
        listing = read_listing(page, now=NOW)
        assert (listing.family, len(listing.rows), listing.behind) == ("rows", 12, None)


@pytest.mark.parametrize(
    ("script", "url", "column"),
    [
        (
            '"/intertidwebapp/govChanInfo/getDocuments?pageIndex=1&pageSize=15&siteId=2&ChannelType=2&chanId=33"',
            URL,
            "33",
        ),
        ('var siteId = "2"; post("/intertidwebapp/govChanInfo/getDocuments", chan)', f"{URL}?chan=25", "25"),
    ],
)
def test_an_older_board_is_asked_in_its_own_way(script: str, url: str, column: str) -> None:
    behind = read_listing(shell(script, url=url), now=NOW).behind
    assert behind is not None
    assert behind.url == "http://a.cn/intertidwebapp/govChanInfo/getDocuments"
    assert (dict(behind.form)["siteId"], dict(behind.form)["chanId"]) == ("2", column)


def test_an_older_board_goes_on_while_its_pages_are_full() -> None:
    """Some say how many pages there are; of the others a short page is the last."""
    ask = Ask("http://a.cn/x", form=(("pageIndex", "1"), ("pageSize", "2")), family="intertid")
    row = {"title": "关于工业发展的意见", "url": "/doc/2026/11/02/7.shtml", "openTime": "2026-11-02"}
    full = answer({"list": [row, {**row, "url": "/doc/8.shtml"}]}, ask)
    assert (full.rows[0].url, full.rows[0].published) == ("http://a.cn/doc/2026/11/02/7.shtml", "2026-11-02")
    assert (dict(full.following[0].form)["pageIndex"], full.linked) == ("2", False)
    assert answer({"list": [row]}, ask).following == ()
    told = answer({"list": [row], "pageCount": 3}, ask)
    assert (dict(told.following[0].form)["pageIndex"], told.linked) == ("2", True)


def test_an_answer_names_articles_and_the_page_after() -> None:
    """Addresses in full or not; the day that the board shows; the last page ends the list."""
    rows = [
        {"title": "关于<em>集成电路</em>产业的意见", "url": "/doc/2026/11/02/7.shtml", "writeTimeString": "2026-11-02"},
        {"title": "无地址", "url": ""},
        {"title": "实施方案", "url": "http://b.cn/doc/2026/06/03/8.shtml", "writeTime": 1780444800000},
    ]
    body = {"status": 0, "data": {"totalElements": 41, "totalPages": 3, "data": rows}}
    listing = answer(body)
    assert [(row.url, row.title, (row.published or "")[:10]) for row in listing.rows] == [
        ("http://a.cn/doc/2026/11/02/7.shtml", "关于集成电路产业的意见", "2026-11-02"),
        ("http://b.cn/doc/2026/06/03/8.shtml", "实施方案", "2026-06-03"),
    ]
    (following,) = listing.following
    assert dict(following.form) == dict(SEARCH.form) | {"pageIndex": "2"}
    assert (following.family, listing.linked) == ("intertid", True)
    last = replace(SEARCH, form=(("pageIndex", "3"), *SEARCH.form[1:]))
    assert answer(body, last).following == ()


def test_an_empty_first_page_is_asked_for_once_more_as_documents() -> None:
    empty = {"status": 0, "data": {"totalElements": 0, "totalPages": 0, "data": []}}
    behind = answer(empty).behind
    assert behind is not None
    assert behind.form == (*SEARCH.form, ("kind", "5"))
    assert answer(empty, behind) == Listing("intertid")


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"status":0}', '{"data":[]}', '{"data":{"data":', "[" * 100_000, "<html></html>"]
)
def test_what_is_no_answer_is_a_fault_of_the_page(body: str) -> None:
    with pytest.raises(PageError, match="did not answer"):
        answer(body)


@pytest.mark.parametrize("rows", [[], None, "x", [1, None, [], {}], [{"url": 7, "title": []}], {"a": 1}])
def test_odd_records_are_left_out(rows: object) -> None:
    later = replace(SEARCH, form=(("pageIndex", "2"), *SEARCH.form[1:]))
    for number in ("9" * 5_000, -1, None, True, 1e300):
        found = answer({"data": {"data": rows, "totalPages": number}}, later)
        assert found.following == ()
        assert all(row.url.startswith("http://a.cn/") for row in found.rows)


def test_a_huge_answer_is_cut() -> None:
    rows = [{"title": f"通知{n}", "url": f"/doc/{n}.shtml"} for n in range(10_000)]
    assert len(answer({"data": {"data": rows, "totalPages": 1}}).rows) == 2_000


@pytest.mark.parametrize(
    "text",
    [
        "<html><script>getSearchList(keyword)</script><ul><li><a href='/doc/2026/09/16/7.shtml'>通知</a></li></ul>",
        "<html><script>function getSearchList(pageIndex,pageSize,siteId,ids){}</script>",
        "<html><a href='/intertidwebapp/login'>登录</a>",
        "<html><script>createPageHTML(20,0,'index','shtml')</script>",
    ],
)
def test_other_pages_are_left_to_others(text: str) -> None:
    assert not intertid.recognise(list_page(URL, text.encode()))
