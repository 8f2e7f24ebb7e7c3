"""Kaipu szinf: which interface a page asks, what it must be told, and what it answers."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.listing import Ask, Listing, list_page, read_listing, szinf
from crawler.listing.pieces import as_script
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HEX = "0cbe2285242f40f0b6a3e8dc6f76eb1d"
DEPT = "11320500MB193899XU"
OFFICE = f"http://a.cn/szsjyj/xxgkml_bm.shtml?deptcode={DEPT}&scode=bmwjjd"
PLAIN = "http://a.cn/szeic/zcfg/common_list.shtml"


def read(text: str, url: str = PLAIN) -> Listing:
    return read_listing(list_page(url, f"<html><body>{text}</body></html>".encode()), now=NOW)


def asked(text: str, url: str = PLAIN) -> tuple[str, dict[str, str]]:
    behind = read(text, url).behind
    assert behind is not None
    assert (behind.family, behind.headers) == ("szinf", as_script(url))
    return behind.url, dict(behind.form) or dict(parse_qsl(urlsplit(behind.url).query))


def answer(ask: Ask, body: object) -> Listing:
    text = body if isinstance(body, str) else json.dumps(body)
    return read_listing(list_page(ask.url, text.encode(), None, ask), now=NOW, family="szinf")


@pytest.mark.parametrize(
    ("text", "url", "address", "told"),
    [
        (
            "<ul></ul>",
            OFFICE,
            "http://a.cn/szinf/xxgk/interfacesWebZcwj/loadBmData",
            {"pageIndex": "1", "pageSize": "15", "deptcode": DEPT},
        ),
        (
            '<script src="/szinf/js/list.js"></script>',
            "http://a.cn/szsrmzf/qszcwjk/zcwjk.shtml",
            "http://a.cn/szinf/interfaceZcwjkAll/page",
            {"page": "1", "size": "10"},
        ),
        (
            f'<script>var channelId="{HEX}", deptCode = "{DEPT}"; post("/szinf/interfacesWebManu/loadDataByChannelIdAndDeptIdBackSort")</script>',
            PLAIN,
            "http://a.cn/szinf/interfacesWebManu/loadDataByChannelIdAndDeptIdBackSort",
            {"pageIndex": "1", "pageSize": "15", "channelId": HEX, "deptCode": DEPT},
        ),
        (
            '<script>post("/szinf/xxgk/interfacesWebZcwj/loadData?pageSize=20")</script>',
            f"http://a.cn/xxgkml.shtml?para=zcwj&channel_id={HEX}",
            "http://a.cn/szinf/xxgk/interfacesWebZcwj/loadData",
            {"pageIndex": "1", "pageSize": "20", "channel_id": HEX},
        ),
        (
            '<script>post("/szinf/xxgk/interfacesWebZcwj/loadData")</script>',
            PLAIN,
            "http://a.cn/szinf/xxgk/interfacesWebZcwj/loadData",
            {"pageIndex": "1", "pageSize": "15"},
        ),
        (
            '<script>var deptcode = "014152419"; post("/szinf/getGsXxgkinfo/")</script>',
            PLAIN,
            "http://a.cn/szinf/getGsXxgkinfo/",
            {"currpage": "1", "pagesize": "15", "deptcode": "014152419"},
        ),
        (
            f"<script>get('/szinf/info/getInfoCommon/?channelid={HEX}&pagesize=15&currpage=4')</script>",
            PLAIN,
            f"http://a.cn/szinf/info/getInfoCommon/?currpage=1&pagesize=15&channelid={HEX}",
            {"currpage": "1", "pagesize": "15", "channelid": HEX},
        ),
    ],
)
def test_an_interface_is_asked_in_its_own_words(text: str, url: str, address: str, told: dict[str, str]) -> None:
    assert asked(text, url) == (address, told)


def test_a_library_may_be_told_by_its_source() -> None:
    """Its address alone is like those of other systems, and its script may lie outside the page."""
    page = list_page("http://a.cn/szsrmzf/qszcwjk/zcwjk.shtml", b"<html><body><ul></ul></body></html>")
    assert not szinf.recognise(page)
    behind = read_listing(page, now=NOW, family="szinf").behind
    assert behind is not None
    assert behind.url == "http://a.cn/szinf/interfaceZcwjkAll/page"


def test_what_an_interface_must_be_told_must_stand_in_the_page() -> None:
    """Without its column an interface would answer with those of the whole site."""
    with pytest.raises(PageError, match="channelid"):
        read('<script>get("/szinf/info/getInfoCommon/")</script>')


@pytest.mark.parametrize(("folder", "count"), [("szeic/zcfg", 5), ("szsrmzf/bmwj", 12)])
def test_a_list_whose_articles_stand_in_the_page_is_plain(folder: str, count: int) -> None:
    """Some of its own folder, or many of any: its script may ask for other things, as for what is read most."""
    rows = "".join(
        f'<li><h4><a href="/{folder}/202611/{n:032x}.shtml" title="关于第{n}批奖励的通知">关于…</a><span>2026-11-{n:02}</span></h4></li>'
        for n in range(1, count + 1)
    )
    listing = read(f'<ul>{rows}</ul><script>get("/szinf/info/getInfoCommon/?channelid={HEX}")</script>')
    assert (listing.family, len(listing.rows), listing.behind) == ("rows", count, None)


@pytest.mark.parametrize(
    "text",
    ['<img src="/szinf/vercode/getVerifyCode">', '<script>get("/szinf/getChannelList/")</script>', "<p>szinf</p>"],
)
def test_other_uses_of_the_system_make_no_list(text: str) -> None:
    assert not szinf.recognise(list_page(PLAIN, text.encode()))


@pytest.mark.parametrize(
    ("form", "row", "total"),
    [
        (
            (("pageIndex", "1"), ("pageSize", "2")),
            {"TITLE": "甲乙", "URL": "/x/202611/7.shtml", "PUBLISHED_TIME_FORMAT": "2026-11-02"},
            3,
        ),
        (
            (("pageIndex", "1"), ("pageSize", "2")),
            {"TITLE": "甲乙", "URL_COMMP": "x/202611/7.shtml", "PUBLISHED_TIME_FORMAT": "2026-11-02"},
            "3",
        ),
        (
            (("page", "1"), ("size", "2")),
            {"title": "甲乙", "url": "http://a.cn/x/202611/7.shtml", "fwTimeFormat": "2026-11-02"},
            3,
        ),
    ],
)
def test_an_answer_names_articles_and_the_page_after(
    form: tuple[tuple[str, str], ...], row: dict[str, str], total: object
) -> None:
    ask = Ask("http://a.cn/szinf/z", form=form, headers=as_script(PLAIN), family="szinf")
    listing = answer(ask, {"code": 0, "data": {"allRow": total, "list": [row]}})
    assert [(one.url, one.title, one.published) for one in listing.rows] == [
        ("http://a.cn/x/202611/7.shtml", "甲乙", "2026-11-02")
    ]
    (following,) = listing.following
    assert (following.form[0][1], following.form[1], listing.linked) == ("2", form[1], True)
    assert answer(following, {"data": {"allRow": total, "list": [row]}}).following == ()
    assert answer(ask, {"data": {"allRow": 9, "list": []}}) == Listing("szinf")


def test_a_column_asked_for_by_its_address_goes_on_by_it() -> None:
    ask = Ask(
        f"http://a.cn/szinf/info/getInfoCommon/?currpage=1&pagesize=2&channelid={HEX}",
        headers=as_script(PLAIN),
        family="szinf",
    )
    row = {"title": "甲乙", "link": "/x/7.shtml", "pubtime": "2026-11-02 08:30:00"}
    listing = answer(ask, {"totalcount": 3, "infolist": [row]})
    assert listing.rows[0].published == "2026-11-02T08:30:00+08:00"
    assert listing.following[0].url == ask.url.replace("currpage=1", "currpage=2")
    assert answer(listing.following[0], {"totalcount": 3, "infolist": [row]}).following == ()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"data":{}}', '{"data":[]}', '{"infolist":{}}', "<html>系统维护</html>"]
)
def test_what_is_no_answer_is_a_fault_of_the_page(body: str) -> None:
    ask = Ask("http://a.cn/szinf/z", form=(("page", "1"), ("size", "2")), headers=as_script(PLAIN), family="szinf")
    with pytest.raises(PageError, match="did not answer"):
        answer(ask, body)
