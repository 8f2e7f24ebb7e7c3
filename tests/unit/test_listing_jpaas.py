"""Hanweb jpaas columns: a shell that names its units, and the unit's markup inside JSON."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from crawler.listing import Ask, Listing, list_page, read_listing
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
COLUMN = "https://www.a.cn/zwgk/zcfb/index.html"
API = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def unit(name: str, spelling: str = "bulidstatic") -> str:
    query = f"{{'parseType':'{spelling}','webId':'8f43','pageType':'column','tagId':'{name}','editType':'null','pageId':'fc8b'}}"
    return f'<script src="/unitbuild.js" parseType="{spelling}" url="{API}" queryData="{query}"></script>'


def shell(*units: str) -> str:
    nav = "".join(f'<li><a href="/c{n}/index.html">栏目{n}</a></li>' for n in range(9))
    return f"<html><body><ul>{nav}</ul><div>{''.join(units)}</div></body></html>"


def lines(*numbers: int) -> str:
    return "".join(
        f'<li><a href="/art/2026/art_{n:032x}.html" title="关于公布第{n}批绿色工厂名单的通知">关于公布…</a><span>[2026-11-{n:02}]</span></li>'
        for n in numbers
    )


def answer(markup: object) -> str:
    return json.dumps({"success": True, "code": "200", "data": {"html": markup}}, ensure_ascii=False)


def paged(*numbers: int, count: int) -> str:
    return answer(f'<ul>{lines(*numbers)}</ul><div class="pagination" rows="3" count="{count}" pageno="1"></div>')


def read(text: str, ask: Ask | None = None, charset: str = "utf-8") -> Listing:
    family = ask.family if ask else None
    return read_listing(list_page(ask.url if ask else COLUMN, text.encode(charset), ask=ask), now=NOW, family=family)


def behind(*units: str) -> Ask:
    ask = read(shell(*units)).behind
    assert ask is not None
    return ask


def asked(ask: Ask) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(ask.url).query).items()}


@pytest.mark.parametrize("spelling", ["bulidstatic", "buildstatic"])
def test_the_unit_that_is_the_list_is_asked_for(spelling: str) -> None:
    """Navigation and footer are units too; the list's is known by its name."""
    ask = behind(unit("顶部导航"), unit("内容区域"), unit("分页列表", spelling), unit("底部"))
    assert (ask.posted, ask.family) == (None, "jpaas")
    assert urlsplit(ask.url).path == API
    assert asked(ask) == {
        "parseType": spelling,
        "webId": "8f43",
        "pageType": "column",
        "tagId": "分页列表",
        "editType": "null",
        "pageId": "fc8b",
    }
    assert dict(ask.headers)["Referer"] == COLUMN


def test_a_unit_with_an_unknown_name_is_better_than_the_navigation() -> None:
    assert asked(behind(unit("导航列表"), unit("右一")))["tagId"] == "右一"


def test_a_list_that_the_page_shows_is_read_where_no_unit_is_named_like_one() -> None:
    page = shell(unit("顶部导航")).replace("</div>", f"</div><ul class='list'>{lines(5, 4, 3)}</ul>")
    listing = read(page)
    assert (listing.family, listing.behind, len(listing.rows)) == ("rows", None, 3)


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_the_markup_inside_the_answer_holds_the_rows(charset: str) -> None:
    listing = read(paged(5, 4, 3, count=5), behind(unit("当前栏目_list")), charset)
    assert (listing.family, listing.linked) == ("jpaas", True)
    assert [(row.title, row.published) for row in listing.rows] == [
        (f"关于公布第{n}批绿色工厂名单的通知", f"2026-11-0{n}") for n in (5, 4, 3)
    ]
    assert listing.rows[0].url == f"https://www.a.cn/art/2026/art_{5:032x}.html"


def test_the_next_page_stands_in_a_parameter_of_its_own() -> None:
    """A bare pageNo would be ignored, and the first page come for ever."""
    first = behind(unit("分页列表"))
    (second,) = read(paged(5, 4, 3, count=5), first).following
    assert json.loads(asked(second).pop("paramJson")) == {"pageNo": 2, "pageSize": 3}
    assert {name: value for name, value in asked(second).items() if name != "paramJson"} == asked(first)
    assert second.headers == first.headers
    assert read(paged(2, 1, count=5), second).following == ()


def test_the_count_may_stand_in_the_query_of_the_pager() -> None:
    markup = f"<ul>{lines(5, 4, 3)}</ul><div queryData=\"{{'rows':'3','count':'4','pageNo':'1'}}\"></div>"
    (second,) = read(answer(markup), behind(unit("分页列表"))).following
    assert json.loads(asked(second)["paramJson"])["pageSize"] == 3


def test_without_a_count_the_next_page_is_only_hoped_for() -> None:
    listing = read(answer(f"<ul>{lines(5, 4, 3)}</ul>"), behind(unit("分页列表")))
    assert (len(listing.following), listing.linked) == (1, False)
    later = read(answer(f"<ul>{lines(2, 1)}</ul>"), listing.following[0])
    assert later.linked
    assert json.loads(asked(later.following[0])["paramJson"]) == {"pageNo": 3, "pageSize": 15}


def test_a_line_that_is_a_list_of_its_own_keeps_its_day() -> None:
    """Title and day are items side by side, and the lists stand one below the other."""
    markup = "".join(
        f'<ul><li class="t"><a href="/zw/art/2026/art_{n:032x}.html" title="关于发布第{n}号公告">关于发布…</a></li><li>2026-11-0{n}</li></ul>'
        for n in (3, 2, 1)
    )
    rows = read(answer(markup), behind(unit("内容区域"))).rows
    assert [(row.title, row.published) for row in rows] == [
        (f"关于发布第{n}号公告", f"2026-11-0{n}") for n in (3, 2, 1)
    ]


@pytest.mark.parametrize("paging", ["x", "[" * 50_000, "[1]", '{"pageNo":"2"}'])
def test_paging_that_a_user_wrote_counts_as_none(paging: str) -> None:
    ask = Ask(f"https://www.a.cn{API}?{urlencode({'pageId': '1', 'paramJson': paging})}", family="jpaas")
    (second,) = read(paged(5, 4, 3, count=5), ask).following
    assert json.loads(asked(second)["paramJson"])["pageNo"] == 2


def test_an_answer_may_hold_the_markup_without_a_box() -> None:
    text = json.dumps({"data": f"<ul>{lines(2, 1)}</ul>"})
    assert len(read(text, behind(unit("列表"))).rows) == 2


@pytest.mark.parametrize("markup", ["", " \n", "<ul></ul>"])
def test_an_empty_unit_is_an_empty_list(markup: str) -> None:
    listing = read(answer(markup), behind(unit("列表")))
    assert (listing.rows, listing.following) == ((), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no JSON"),
        ("<html></html>", "no JSON"),
        ('{"data":', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no markup"),
        ('{"data":{"html":7}}', "no markup"),
        ('{"success":false,"message":"页面不存在","data":null}', "not built: 页面不存在"),
    ],
)
def test_an_answer_that_is_none_is_a_fault(text: str, problem: str) -> None:
    with pytest.raises(PageError, match=problem):
        read(text, behind(unit("列表")))


def test_a_page_that_names_no_unit_is_read_as_it_stands() -> None:
    text = f"<html><body><script>var querydata = 1, api = '{API}';</script></body></html>"
    assert read(text) == Listing("rows")
