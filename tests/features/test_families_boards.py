"""Boards whose list is an interface's answer: each is found from its page's address alone, leafed through and read.

The replicas know only what the real systems want to be told: a question that lacks a field is refused.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from monitor.domain import Source
from tests.features.boards import COLUMN, Question, Replica, document, page, served, shown, table

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

# ------------------------------------------------------------------ the systems


def intertid(asked: Question) -> str | None:
    """The columns are put together by the script; a call of an earlier design stands beside it as a comment."""
    if asked.path == "/xxgk/index.shtml":
        script = """
            // getSearchList(1,20,"181","1","1","writeTime");
            var id = "35404"; id = id + "," + 35405;
            getSearchList(1,20,"181",id,"1","writeTime");"""
        return page('<ul class="list"></ul>', script)
    if asked.path != "/info_open/search" or asked.headers.get("X-Requested-With") != "XMLHttpRequest":
        return None
    if (asked.told["siteId"], asked.told["channelIds"], asked.told["order"]) != ("181", "35404,35405", "writeTime"):
        return None
    rows = [
        {"title": document(n, 21)[0], "url": f"/doc/{n}.shtml", "writeTimeString": document(n, 21)[1]}
        for n in shown(asked.number("pageIndex"), asked.number("pageSize"), 21)
    ]
    return json.dumps({"status": 0, "data": {"totalElements": 21, "totalPages": 2, "data": rows}})


def documents_only(asked: Question) -> str | None:
    """As in 江阴: nothing is found until the script says that documents are meant."""
    answer = intertid(asked)
    if asked.path == "/info_open/search" and answer and asked.told.get("kind") != "5":
        return json.dumps({"status": 0, "data": {"totalElements": 0, "totalPages": 0, "data": []}})
    return answer


def older(asked: Question) -> str | None:
    if asked.path == "/zwgk/index.shtml":
        script = 'var url="/intertidwebapp/govChanInfo/getDocuments?pageIndex="+n+"&pageSize=20&siteId=2&ChannelType=1&chanId="+chan;'
        return page('<div id="docs"></div>', script)
    if asked.path != "/intertidwebapp/govChanInfo/getDocuments" or asked.told.get("chanId") != "172":
        return None
    rows = [
        {"title": document(n, 21)[0], "url": f"/doc/{n}.shtml", "openTime": document(n, 21)[1]}
        for n in shown(asked.number("pageIndex"), 20, 21)
    ]
    return json.dumps({"list": rows})


def epoint(asked: Question) -> str | None:
    if asked.path == "/dynamic/zwgk/govInfoPub.html":
        return page('<script src="/js/webBuilderCommon.js"></script><div class="ewb-list"></div>')
    if asked.path == "/js/webBuilderCommon.js":
        return 'var siteInfo = {"projectName":"/EWB-FRONT","siteGuid":"e39c1d6d-245e-4dea-9383-75a9e2e5bdaa"};'
    if asked.path != "/EWB-FRONT/rest/lightfrontaction/getgovinfolist":
        return None
    if (asked.told["categorynum"], asked.told["siteGuid"][:8]) != ("003006", "e39c1d6d"):
        return None
    rows = [
        {"title": document(n, 21)[0][:8] + "…", "realtitle": document(n, 21)[0], "infourl": f"/doc/{n}.shtml"}
        | {"infodate": document(n, 21)[1]}
        for n in shown(asked.number("pageIndex") + 1, asked.number("pageSize"), 21)
    ]
    return json.dumps({"custom": {"total": 21, "data": rows}})


def office(asked: Question) -> str | None:
    """A page of an office names no interface: its address does."""
    if asked.path == "/szsjyj/xxgkml_bm.shtml":
        return page('<ul class="infolist"></ul>')
    if asked.path != "/szinf/xxgk/interfacesWebZcwj/loadBmData" or asked.told.get("deptcode") != "113205000141501224":
        return None
    rows = [
        {"TITLE": document(n, 16)[0], "URL": f"/doc/{n}.shtml", "PUBLISHED_TIME_FORMAT": document(n, 16)[1]}
        for n in shown(asked.number("pageIndex"), asked.number("pageSize"), 16)
    ]
    return json.dumps({"code": 0, "data": {"allRow": 16, "totalPage": 2, "list": rows}})


def column(asked: Question) -> str | None:
    """A column whose script asks by GET."""
    if asked.path == "/szxw/nav_list.shtml":
        return page(
            "<ul></ul>",
            f'$.get("/szinf/info/getInfoCommon/?pagesize=15&currpage=1&channelid=" + channelId); var channelId = "{COLUMN}";',
        )
    if asked.path != "/szinf/info/getInfoCommon/" or asked.query.get("channelid") != COLUMN:
        return None
    rows = [
        {"title": document(n, 16)[0], "link": f"/doc/{n}.shtml", "pubtime": f"{document(n, 16)[1]} 08:30:00"}
        for n in shown(asked.number("currpage"), asked.number("pagesize"), 16)
    ]
    return json.dumps({"totalcount": "16", "infolist": rows})


def gkmlpt(asked: Question) -> str | None:
    if asked.path == "/fgj/gkmlpt/index":
        return page(
            '<div id="app"></div>', "window._CONFIG = { SID: '755031', TREE: [{\"id\": 2811}], SERVICE_AREA_ID: 1 };"
        )
    if asked.path != "/fgj/gkmlpt/api/all/2811" or asked.query.get("sid") != "755031":
        return None
    rows = [
        {
            "title": document(n, 101)[0],
            "url": f"/doc/{n}.shtml",
            "first_publish_time": int(datetime.fromisoformat(f"{document(n, 101)[1]}T09:00:00+08:00").timestamp()),
        }
        for n in shown(asked.number("page"), 100, 101)
    ]
    return json.dumps({"classify": {"post_count": 101}, "articles": rows})


def xinhua(asked: Question) -> str | None:
    if asked.path == "/policy/zxwj.htm":
        return page(f'<ul id="showData0" class="list" data="datasource:{COLUMN}" preview="ds_"></ul>')
    if asked.path != f"/policy/ds_{COLUMN}.json":
        return None
    rows = [
        {
            "title": f"<a href='#'>{document(n, 30)[0]}</a>",
            "publishUrl": f"../doc/{n}.shtml",
            "publishTime": f"{document(n, 30)[1]} 17:10:41",
            "contentType": "MultiMedia",
        }
        for n in range(1, 31)
    ]
    return json.dumps({"datasource": rows})


def gova(asked: Question) -> str | None:
    """A district's page that shows the table in a frame."""
    if asked.path == "/class/FPJALMLN":
        return page('<iframe id="FrameMoreInfo" src="/gova/list.php?catid=12&amp;type=1"></iframe>')
    if asked.path != "/gova/list.php" or (asked.query.get("catid"), asked.query.get("type")) != ("12", "1"):
        return None
    number = int(asked.query.get("page", "1"))
    return page(table(shown(number, 10, 11), 11, "/doc/{}.shtml") + "<div>共11条 总页数：2</div>")


def channels(asked: Question) -> str | None:
    number = {"/gxq/channels/10867.html": 1, "/gxq/channels/10867_2.html": 2}.get(asked.path)
    if number is None:
        return None
    rows = "".join(
        f'<li><div class="layui-row"><a href="/gxq/contents/10867/{n}.html" title="{title}">{title[:9]}…</a><span>{day}</span></div></li>'
        for n in shown(number, 10, 11)
        for title, day in [document(n, 11)]
    )
    return page(f'<div id="sec_right"><ul>{rows}</ul><div id="pages"></div></div>')


def offices(asked: Question) -> str | None:
    """吴江: all is told in the address of a POST without a body, and the answer is a JSON text within JSON."""
    if asked.path == "/zgwj/zcwj/wjxxgkml_zcwj.shtml":
        script = (
            f"""var deptid = "{COLUMN}"; $.ajax({{type: "POST", url: "/appsearch/wjapi/list?deptid=" + deptid}});"""
        )
        return page('<ul class="list"></ul>', script)
    if asked.path != "/appsearch/wjapi/list" or asked.query.get("deptid") != COLUMN or asked.told:
        return None
    rows = [
        {"title": document(n, 21)[0], "url": f"/doc/{n}.shtml", "published_time": f"{document(n, 21)[1]} 10:00:00"}
        for n in shown(asked.number("currentPage"), asked.number("pageSize"), 21)
    ]
    return json.dumps(json.dumps({"code": 0, "data": {"list": rows, "totalPage": 2}}))


def library(asked: Question) -> str | None:
    """国务院政策文件库: its page is the shell of an application; kinds of document stand apart, and told a type it finds none."""
    if asked.path == "/zcwjk/policyDocumentLibrary":
        return "<html><head><title>国务院政策文件库</title></head><body><div id=app></div></body></html>"
    if asked.path != "/search-gov/data" or asked.query.get("t") != "zhengcelibrary" or "type" in asked.query:
        return None
    numbers = shown(asked.number("p"), asked.number("n"), 21)
    rows = [
        {
            "title": f"关于公布第<em>{n}</em>批技术改造重点项目的通知<br/>",
            "url": f"/doc/{n}.shtml",
            "pubtimeStr": document(n, 21)[1].replace("-", ".") if n % 2 else None,
            "ptime": int(datetime.fromisoformat(f"{document(n, 21)[1]}T09:00:00+08:00").timestamp() * 1000),
        }
        for n in numbers
    ]
    kinds = {"gongwen": {"totalCount": 21, "listVO": rows}, "bumenfile": {"totalCount": 3, "listVO": rows[:1]}}
    return json.dumps({"code": 200, "searchVO": {"totalCount": 0, "listVO": None, "catMap": kinds}})


def whole_site(asked: Question) -> str | None:
    """工信部文件库: the page's own question, answered by groups of copies."""
    if asked.path == "/search/zcwjk.html":
        return "<html><head><title>文件库</title></head><body><div id=search></div></body></html>"
    wanted = {"websiteid": "110000000000000", "category": "183", "dateField": "deploytime"}
    if asked.path != "/search-front-server/api/search/info" or wanted.items() - asked.query.items():
        return None
    found = [
        {"title": document(n, 21)[0], "url": f"/doc/{n}.shtml", "jsearch_date": document(n, 21)[1]}
        for n in shown(asked.number("p"), asked.number("pg"), 21)
    ]
    groups = [{"groupData": [{"data": one}, {"data": one}]} if n % 2 else {"data": one} for n, one in enumerate(found)]
    return json.dumps({"code": "200", "data": {"searchResult": {"dataResults": groups, "totalCount": 21}}})


def counted(asked: Question) -> str | None:
    """江苏自然资源厅: the first page as its address says, the others told to a form."""
    if asked.path != "/gtxxgk/nrglIndex.action" or asked.query.get("classID") != COLUMN:
        return None
    number = int(asked.told.get("cpage", "1"))
    rows = "".join(
        f"""<tr><td class="nlist"><a href="{address}" title="{title}">{title[:9]}…</a> <span>{day}</span></td></tr>"""
        for n in shown(number, 18, 21)
        for address, (title, day) in [(f"/doc/{n}.shtml", document(n, 21))]
    )
    return page(f'<div class="w780"><table>{rows}</table></div><div>当前({number}/2)页</div>')


def searched(asked: Question) -> str | None:
    """南京: the script names the search of TRS IGS with all that it asks."""
    ask = "/igs/front/search/publish/data/list.html?&index=wzqsearch&type=infomation&siteId=57&pageSize=20&filter%5BSITEID%5D=57&pageNumber="
    if asked.path == "/njsrsj/214/index.jhtml":
        return page('<ul id="result"></ul>', f'$.get("{ask}1", draw);')
    if asked.path != "/igs/front/search/publish/data/list.html" or asked.query.get("filter[SITEID]") != "57":
        return None
    rows = [
        {"DOCTITLE": document(n, 21)[0], "DOCPUBURL": f"/doc/{n}.shtml", "PUBDATE": f"{document(n, 21)[1]} 09:00:00"}
        for n in shown(asked.number("pageNumber"), asked.number("pageSize"), 21)
    ]
    return json.dumps({"page": {"total": 21}, "rows": rows})


def in_frame(asked: Question) -> str | None:
    """The column shows another page of its site; beside it a player, a map of another host and a counter, all in frames."""
    if asked.path == "/bmxxgk/index.shtml":
        others = "".join(f"<iframe src='{src}'></iframe>" for src in ("/video.html", "https://map.example.com/?p=1"))
        return page(f"{others}<iframe id='main' src='/bmxxgk/list.shtml?dept=7' width='100%' height='800'></iframe>")
    if asked.path != "/bmxxgk/list.shtml" or asked.query.get("dept") != "7":
        return None
    number = int(asked.query.get("page", "1"))
    onward = "" if number == 2 else '<a href="list.shtml?dept=7&amp;page=2">下一页</a>'
    return page(table(shown(number, 18, 21), 21, "/doc/{}.shtml").replace("wjk-list", "files") + onward)


REPLICAS = {
    "intertid": Replica("intertid", "/xxgk/index.shtml", intertid, 21),
    "intertid documents": Replica("intertid", "/xxgk/index.shtml", documents_only, 21),
    "intertid of old": Replica("intertid", "/zwgk/index.shtml?chan=172", older, 21),
    "epoint": Replica("epoint", "/dynamic/zwgk/govInfoPub.html?categorynum=003006", epoint, 21),
    "szinf office": Replica("szinf", "/szsjyj/xxgkml_bm.shtml?deptcode=113205000141501224&scode=bmwjjd", office, 16),
    "szinf column": Replica("szinf", "/szxw/nav_list.shtml", column, 16),
    "appsearch": Replica("appsearch", "/zgwj/zcwj/wjxxgkml_zcwj.shtml", offices, 21),
    "govlibrary": Replica("govlibrary", "/zcwjk/policyDocumentLibrary", library, 21),
    "jsearch": Replica("jsearch", "/search/zcwjk.html?websiteid=110000000000000&pg=&category=183&q=", whole_site, 21),
    "nrgl": Replica("nrgl", f"/gtxxgk/nrglIndex.action?classID={COLUMN}", counted, 21),
    "igs": Replica("records", "/njsrsj/214/index.jhtml", searched, 21),
    "frame": Replica("rows", "/bmxxgk/index.shtml", in_frame, 21),
    "gkmlpt": Replica("gkmlpt", "/fgj/gkmlpt/index#2811", gkmlpt, 101),
    "xinhua": Replica("xinhua", "/policy/zxwj.htm", xinhua, 30, pages=1),
    "gova": Replica("gova", "/class/FPJALMLN", gova, 11),
    "channels": Replica("channels", "/gxq/channels/10867.html", channels, 11),
}


@pytest.mark.parametrize("name", REPLICAS)
def test_a_board_is_found_from_its_address_alone(name: str, watch: Watch, policywatch: Policywatch) -> None:
    """The probe names family, articles, the next page and a sample."""
    watch([])
    replica = REPLICAS[name]
    with served(replica) as base:
        run = policywatch("sources", "probe", base + replica.page, "--json")
    found = json.loads(run.stdout)
    assert (found["status"], found["family"]) == ("ok", replica.family), found
    title, day = document(1, replica.size)
    first = found["links"][0]
    assert (first["title"], first["published"][:10]) == (title, day)
    assert all(link["url"].startswith(base) for link in found["links"])
    assert (found["next_page"] is not None) == (replica.pages > 1)
    assert found["sample"]["title"] == title
    assert len(found["samples"]) == 3
    assert "专精特新" in found["sample"]["text"]


def test_boards_are_crawled_page_by_page(watch: Watch, policywatch: Policywatch) -> None:
    """Two pages of each, and of all that they name the newest three: one of them stands on page two."""
    with ExitStack() as running:
        bases = {name: running.enter_context(served(replica)) for name, replica in REPLICAS.items()}
        sources = [
            Source(id=name.replace(" ", "-"), name=name, url=bases[name] + replica.page)
            for name, replica in REPLICAS.items()
        ]
        watch(sources, crawl={"max_pages": 2, "max_articles": 3})
        run = policywatch("crawl", "--json")
    reports = json.loads(run.stdout)["sources"]
    assert {row["source"]: (row["status"], row["new"], row["reason"]) for row in reports} == {
        source.id: ("ok", 3, None) for source in sources
    }, run.stderr
    taken = json.loads(policywatch("articles", "--format", "json").stdout)
    for name, base in bases.items():
        size = REPLICAS[name].size
        newest = {document(number, size)[0] for number in (size, 1, 2)}
        assert {one["title"] for one in taken if one["url"].startswith(base)} == newest, name
