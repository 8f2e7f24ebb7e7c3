"""Libraries and offices whose list an interface answers: Kaipu appsearch, Hanweb's search of a whole site, and gov.cn's."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from scrapy import Request

from crawler.gates import Gate
from crawler.listing import Ask, Listing, asked, is_shell, list_page, read_listing
from crawler.listing.pieces import as_script
from crawler.middlewares import Gates
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HEX = "6d76797b89664714a9a3c8849cbf5d32"
POST = "<script>$.post('/appsearch/tcapi/list?pageSize=15&currentPage=1')</script>"
OFFICE = "http://a.cn/zgwj/xxgkbuml.shtml"
LIBRARY = "https://sousuo.a.cn/zcwjk/policyDocumentLibrary"
FILES = "https://www.a.cn/search/zcwjk.html?websiteid=11000&pg=&p=&tpl=14&category=183&q="
RECORD = {"title": "关于开展试点的通知", "url": "/a/1.html"}


def behind(url: str, text: str) -> Ask:
    found = read_listing(list_page(url, f"<html><body>{text}</body></html>".encode()), now=NOW).behind
    assert found is not None
    assert found.headers == as_script(url)
    return found


def query(ask: Ask) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(ask.url).query, keep_blank_values=True))


def answer(ask: Ask, body: object) -> Listing:
    return read_listing(list_page(ask.url, json.dumps(body).encode(), None, ask), now=NOW, family=ask.family)


@pytest.mark.parametrize(
    ("script", "url", "told"),
    [
        (f"var deptid='{HEX}';", OFFICE, {"deptid": HEX}),
        (f'var pid = "{HEX}";', OFFICE, {"pid": HEX}),
        (f'option({{channelId: "{HEX}"}})', OFFICE, {"channel_id": HEX}),
        ('var pid = "ffffff";', f"{OFFICE}?channel_id={HEX}&deptid=12ab", {"deptid": "12ab", "channel_id": HEX}),
        (f'var pid = "{HEX}"; pid = "ffffff";', OFFICE, {"pid": HEX}),
    ],
    ids=["office", "column", "spelled otherwise", "the address says it", "the first counts"],
)
def test_an_office_is_asked_for_as_its_script_does(script: str, url: str, told: dict[str, str]) -> None:
    """By POST, with everything in the address and nothing in the body."""
    ask = behind(url, f"{POST}<script>{script}</script>")
    assert urlsplit(ask.url).path == "/appsearch/tcapi/list"
    assert query(ask) == told | {"pageSize": "20", "currentPage": "1"}
    request = asked(Request(ask.url), ask)
    assert (request.method, request.body, request.headers.get("Content-Type")) == ("POST", b"", None)


def test_documents_of_all_offices_are_never_asked_for() -> None:
    with pytest.raises(PageError, match="which office or column"):
        read_listing(list_page(OFFICE, f"<html>{POST}</html>".encode()), now=NOW)


def test_an_office_goes_on_until_its_last_page() -> None:
    ask = behind(OFFICE, f"{POST}<script>var pid='{HEX}'</script>")
    record = RECORD | {"qw_xcscrq": "2026-11-01", "published_time": "2026-11-03 08:00:00"}
    first = answer(ask, {"data": {"list": [record], "totalPage": "2"}})
    assert [(row.url, row.title, row.published) for row in first.rows] == [
        ("http://a.cn/a/1.html", "关于开展试点的通知", "2026-11-03T08:00:00+08:00")
    ]
    (second,) = first.following
    assert (query(second)["currentPage"], first.linked) == ("2", True)
    assert answer(second, {"data": {"list": [record], "totalPage": 2}}).following == ()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (LIBRARY, {"t": "zhengcelibrary", "q": ""}),
        (f"{LIBRARY}?q=&t=zhengcelibrary_gw&orpro=&type=gwyzcwjk", {"t": "zhengcelibrary_gw", "q": ""}),
    ],
)
def test_the_library_is_asked_for_its_newest(url: str, told: dict[str, str]) -> None:
    ask = behind(url, "<div id=app></div>")
    assert ask.url.startswith("https://sousuo.a.cn/search-gov/data?")
    assert told.items() <= query(ask).items()
    assert (query(ask)["sort"], query(ask)["p"], "type" in query(ask)) == ("pubtime", "1", False)


def test_one_library_answers_with_one_list() -> None:
    ask = behind(f"{LIBRARY}?t=zhengcelibrary_gw", "<div id=app></div>")
    record = {"title": "国务院关于<em>试点</em>的意见", "url": "https://www.a.cn/1.htm", "pubtime": 1_793_494_800_000}
    found = answer(ask, {"searchVO": {"listVO": [record], "totalCount": 30}})
    assert [(row.title, (row.published or "")[:10]) for row in found.rows] == [("国务院关于试点的意见", "2026-11-01")]
    assert [query(one)["p"] for one in found.following] == ["2"]


def test_the_interface_itself_may_be_the_source() -> None:
    """Whoever gives its address gets page two as well."""
    url = "https://sousuo.a.cn/search-gov/data?t=zhengcelibrary_bm&p=1&n=5"
    body = json.dumps({"searchVO": {"listVO": [RECORD], "totalCount": 9}}).encode()
    found = read_listing(list_page(url, body), now=NOW)
    assert (found.family, len(found.rows), query(found.following[0])["p"]) == ("govlibrary", 1, "2")


def test_the_search_of_a_site_is_asked_the_page_s_own_question() -> None:
    ask = behind(FILES, "<div id=search></div>")
    assert urlsplit(ask.url).path == "/search-front-server/api/search/info"
    assert {"websiteid": "11000", "category": "183", "tpl": "14", "q": "", "p": "1", "pg": "20"}.items() <= query(
        ask
    ).items()


@pytest.mark.parametrize(
    ("counted", "records", "goes_on"),
    [({"total": 21}, 20, True), ({"totalCount": "20"}, 20, False), ({}, 20, True), ({}, 19, False)],
    ids=["more", "no more", "uncounted and full", "uncounted and not full"],
)
def test_the_search_goes_on_while_there_is_more(counted: dict[str, object], records: int, goes_on: bool) -> None:
    ask = behind(FILES, "<div id=search></div>")
    results = [{"data": RECORD | {"url": f"/a/{n}.html", "cdate": "1793494800000"}} for n in range(records)]
    found = answer(ask, {"data": {"searchResult": {"dataResults": results, **counted}}})
    assert len(found.rows) == records
    assert (found.rows[0].published or "").startswith("2026-11-01")
    assert [query(one)["p"] for one in found.following] == (["2"] if goes_on else [])


@pytest.mark.parametrize("url", [LIBRARY, FILES, f"{OFFICE}?deptid=12ab"])
def test_an_answer_that_is_no_list_is_a_fault_of_the_page(url: str) -> None:
    ask = behind(url, POST)
    bodies: tuple[object, ...] = ({}, {"data": None}, {"data": {"list": None}}, {"searchVO": {"catMap": []}}, [])
    for body in bodies:
        with pytest.raises(PageError):
            answer(ask, body)


@pytest.mark.parametrize(
    ("url", "bare"), [(LIBRARY, True), (FILES, True), ("https://www.a.cn/search/index.html?q=x", False)]
)
def test_the_shell_of_a_library_may_be_bare(url: str, bare: bool) -> None:
    """Elsewhere a page without a word is no page."""
    from scrapy.http import HtmlResponse

    assert is_shell(url) == bare
    response = HtmlResponse(url, body=b"<html><body><div id=app></div><script src=a.js></script></body></html>")
    response.headers["Content-Type"] = "text/html"
    if bare:
        assert Gates().process_response(Request(url), response) is response
    else:
        with pytest.raises(Gate, match="stub_200"):
            Gates().process_response(Request(url), response)
