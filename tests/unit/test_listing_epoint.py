"""Epoint EWB: from the category in the address over the site's script to the interface."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.listing import Ask, Listing, epoint, list_page, read_listing
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
URL = "http://gxj.a.cn/dynamic/zwgk/govInfoPub.html?categorynum=003006&deptcode=001001"
SHELL = (
    '<html><head><script src="/js/webBuilderCommon.js?v=3"></script></head><body><div id="list"></div></body></html>'
)
GUID = "e39c1d6d-245e-4dea-9383-75a9e2e5bdaa"


def follow(ask: Ask, text: str) -> Listing:
    return read_listing(list_page(ask.url, text.encode(), None, ask), now=NOW, family=ask.family)


def question(number: int = 0) -> Ask:
    return Ask("http://gxj.a.cn/x", json=json.dumps({"pageIndex": number, "pageSize": 20}), family="epoint")


def steps(*answers: str) -> Ask:
    """The last question, when the page's questions are answered so."""
    behind = read_listing(list_page(URL, SHELL.encode()), now=NOW).behind
    for text in answers:
        assert behind is not None
        behind = follow(behind, text).behind
    assert behind is not None
    return behind


@pytest.mark.parametrize(
    ("script", "address"),
    [
        (f'var siteInfo = {{"projectName":"/EWB-FRONT","siteGuid":"{GUID}"}};', "/EWB-FRONT"),
        (f"var siteInfo={{siteGuid: '{GUID}', projectName: 'EWB_YK_Mid'}}", "/EWB_YK_Mid"),
        (f'var ajax = {{"siteGuid":"{GUID}"}};', "/EWB-FRONT"),
    ],
)
def test_the_interface_is_asked_as_the_sites_script_says(script: str, address: str) -> None:
    ask = steps(script)
    assert ask.url == f"http://gxj.a.cn{address}/rest/lightfrontaction/getgovinfolist"
    asked: dict[str, Any] = json.loads(ask.json or "")
    assert asked == {"deptcode": "001001", "categorynum": "003006", "pageIndex": 0, "pageSize": 20, "siteGuid": GUID}
    assert dict(ask.headers)["Referer"] == URL


def test_a_site_may_keep_its_id_in_another_script() -> None:
    script = steps("var projectName = 'x';")
    assert script.url == "http://gxj.a.cn/js/ajaxReq.js"
    assert json.loads(steps("", f'params: {{"siteGuid": "{GUID}"}}').json or "")["siteGuid"] == GUID
    with pytest.raises(PageError, match="which site"):
        follow(script, "nothing")


def test_an_answer_names_articles_and_the_pages_after() -> None:
    """The full title; page 0 is followed by 1, or by 2 where a site takes 0 for 1; the count ends the list."""
    rows = [
        {
            "title": "关于<b>智能</b>制…",
            "realtitle": "关于智能制造的通知",
            "infourl": "/zwgk/7.html",
            "infodate": "2026-11-02",
        },
        {"title": "附件", "infourl": "", "visiturl": "http://b.cn/8.html", "handsdate": "2026-11-01 08:00:00.0"},
        {"title": "没有地址"},
    ]
    first = follow(question(), json.dumps({"custom": {"total": "41", "data": rows}}))
    assert [(row.url, row.title, row.published) for row in first.rows] == [
        ("http://gxj.a.cn/zwgk/7.html", "关于智能制造的通知", "2026-11-02"),
        ("http://b.cn/8.html", "附件", "2026-11-01T08:00:00+08:00"),
    ]
    assert ([json.loads(ask.json or "")["pageIndex"] for ask in first.following], first.linked) == ([1, 2], False)
    second = follow(question(1), json.dumps({"custom": {"total": 41, "data": rows}}))
    assert ([json.loads(ask.json or "")["pageIndex"] for ask in second.following], second.linked) == ([2], True)
    assert follow(question(2), json.dumps({"custom": {"total": 41, "data": rows}})).following == ()
    assert follow(question(), '{"custom":{"total":0,"data":[]}}') == Listing("epoint")


@pytest.mark.parametrize(
    "body", ["", "{", '{"custom":""}', '{"custom":{"data":{}}}', "[" * 50_000, "<html>登录</html>"]
)
def test_what_is_no_answer_is_a_fault_of_the_page(body: str) -> None:
    with pytest.raises(PageError, match="did not answer"):
        follow(question(), body)


@pytest.mark.parametrize(
    ("url", "text", "is_epoint"),
    [
        (URL, SHELL, True),
        ("http://a.cn/dynamic/zw/openlist.html?categorynum=001001003", "<html><body></body></html>", True),
        ("http://a.cn/list.html?CategoryNum=040", SHELL, True),
        ("http://a.cn/001001/20230403/769f6a4b-1aa7-4de0-bcf0-004545fa8fe1.html", SHELL, False),
        ("http://a.cn/govInfoPub.html", "<html><body></body></html>", False),
        ("http://a.cn/list.php?categorynum=3", "<html><body><ul></ul></body></html>", False),
    ],
)
def test_a_page_is_known_by_builder_and_category(url: str, text: str, is_epoint: bool) -> None:
    assert epoint.recognise(list_page(url, text.encode())) is is_epoint
