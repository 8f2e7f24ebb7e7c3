"""Lists drawn by the scripts of Hanweb and truecms, found from their address alone and read beyond the first page.

The replica answers a request for records only when it is the one that the system's own script would send.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

HTML, XML, JSON, SCRIPT = "text/html", "text/xml", "application/json", "application/javascript"
NAV = "".join(f'<li><a href="/c/{n}/index.html">政务公开栏目{n}</a></li>' for n in range(12))
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY = {"parseType": "bulidstatic", "webId": "8f43", "pageType": "column", "tagId": "分页列表", "pageId": "fc8b"}
FORM = {"col": "1", "appid": "1", "webid": "7", "path": "/", "columnid": "284", "unitid": "9", "webname": "某市发改委"}
COLUMNS = {
    "jpage": "/col/col284/index.html",
    "xxgk": "/col/col814/index.html?number=A01",
    "jpaas": "/zwgk/zcfb/index.html",
    "truecms": "/gxj/bmwj/bmwj.html",
}
SECOND = {
    "jpage": "/module/web/jpage/dataproxy.jsp?startrecord=3&endrecord=4&perpage=2",
    "xxgk": "/module/xxgk/search.jsp?texttype=&fbtime=&vc_all=&vc_filenumber=&vc_title=&vc_number=&currpage=2",
    "jpaas": f"{UNIT}?parseType=bulidstatic&webId=8f43&pageType=column&tagId=%E5%88%86%E9%A1%B5%E5%88%97%E8%A1%A8&pageId=fc8b&paramJson=",
    "truecms": "/truecms/messageController/getMessage.do?startrecord=3&endrecord=4&perpage=2&",
}


def place(family: str, number: int) -> str:
    return f"/{family}/art/2026/11/{number}/art_284_{number}.html"


def title(family: str, number: int) -> str:
    return f"关于组织申报第{number}批省级重点产业项目的通知（{family}）"


def line(family: str, number: int) -> str:
    whole = title(family, number)
    return (
        f'<li><a href="{place(family, number)}" title="{whole}">{whole[:8]}…</a><span>2026-11-{number:02}</span></li>'
    )


def records(family: str, *numbers: int) -> str:
    inner = "".join(f"<record><![CDATA[{line(family, number)}]]></record>" for number in numbers)
    return f"<datastore><totalrecord>3</totalrecord><recordset>{inner}</recordset></datastore>"


def shell(body: str) -> str:
    around = f"<html><head><title>通知公告</title></head><body><ul>{NAV}</ul>"
    return f"{around}<p>当前位置：首页 &gt; 政府信息公开 &gt; 通知公告</p>{body}</body></html>"


def article(family: str, number: int) -> str:
    text = (
        f"<p>现将第{number}批项目申报事项通知如下：到2028年，全市集成电路产业规模达到{number}200亿元，新增专精特新企业260家。</p>"
        * 4
    )
    return (
        f'<html><head><title>{title(family, number)}</title><meta name="PubDate" content="2026-11-{number:02} 09:00">'
        f"</head><body><h1>{title(family, number)}</h1><div id='zoom'>{text}</div></body></html>"
    )


def jpage_column() -> str:
    words = ",".join(f"{name}:'{value}'" for name, value in FORM.items())
    call = f"jQuery('#9').jpage({{perPage:2,groupSize:1,proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{{{words}}}}});"
    return shell(f"<div id='9'><script type='text/xml'>{records('jpage', 3, 2)}</script></div><script>{call}</script>")


def xxgk_column() -> str:
    call = "loadDynamic('/module/xxgk/search.jsp?infotypeId='+a+'&area=014001303','div4','0','0','950','12','','')"
    return shell(f"<div id='div4'></div><script>function find(a){{{call}}}</script>")


def xxgk_table(*numbers: int) -> str:
    cells = "".join(
        f"<tr class='tr_main_value_odd'><td>014001303/2026-000{n}</td><td><a href='{place('xxgk', n)}' mc='{title('xxgk', n)}'>"
        f"关于组织…</a></td><td>2026-11-0{n}</td></tr>"
        for n in numbers
    )
    return f"<table>{cells}</table><div>共 2 页</div>"


def jpaas_column() -> str:
    query = json.dumps(QUERY, ensure_ascii=False).replace('"', "'")
    return shell(f'<script parseType="bulidstatic" url="{UNIT}" queryData="{query}"></script>')


def jpaas_unit(*numbers: int) -> str:
    lines = "".join(line("jpaas", number) for number in numbers)
    markup = f'<ul>{lines}</ul><div class="pagination" rows="2" count="3"></div>'
    return json.dumps({"success": True, "data": {"html": markup}})


def truecms_column() -> str:
    hidden = "".join(f"<ul>{line('truecms', number)}</ul>" for number in (3, 2))
    call = (
        "$('#list').jpage({dataStore:initData,totalRecord:3,proxyUrl:'/truecms/messageController/getMessage.do',"
        "perPage:2,groupSize:1,ajaxParam:{columnId:'0a-1b'}});"
    )
    return shell(f"<div id='initData' style='display:none'>{hidden}</div><script>{call}</script>")


COLUMN_PAGES = {"jpage": jpage_column, "xxgk": xxgk_column, "jpaas": jpaas_column, "truecms": truecms_column}


def records_for(path: str, query: Mapping[str, str], form: Mapping[str, str]) -> tuple[str, str] | None:
    """What the systems' servers answer to their scripts; None where they would not."""
    if path == "/module/web/jpage/dataproxy.jsp" and form == FORM:
        return XML, records("jpage", 1) if query["startrecord"] == "3" else records("jpage", 3, 2)
    if path == "/module/xxgk/search.jsp" and (form.get("area"), form.get("infotypeId"), form.get("jdid")) == (
        "014001303",
        "A01",
        "12",
    ):
        return HTML, xxgk_table(1) if query["currpage"] == form["currpage"] == "2" else xxgk_table(3, 2)
    if path == UNIT and QUERY.items() <= query.items():
        number = json.loads(query.get("paramJson", "{}")).get("pageNo", 1)
        return JSON, jpaas_unit(1) if number == 2 else jpaas_unit(3, 2)
    if path == "/truecms/messageController/getMessage.do" and query["columnId"] == "0a-1b":
        said = json.dumps({"result": records("truecms", 1)})
        return SCRIPT, f"{query['callback']}({said})"
    return None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer({})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.answer(dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True)))

    def answer(self, form: Mapping[str, str]) -> None:
        found = self.page() or self.asked_by_script(form)
        body = found[1].encode() if found else b"<html><body>404</body></html>"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", f"{found[0] if found else HTML}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page(self) -> tuple[str, str] | None:
        if self.path == "/robots.txt":
            return "text/plain", "User-agent: *\nDisallow: /private/\n"
        for family, path in COLUMNS.items():
            if self.path == path:
                return HTML, COLUMN_PAGES[family]()
            for number in (1, 2, 3):
                if self.path == place(family, number):
                    return HTML, article(family, number)
        return None

    def asked_by_script(self, form: Mapping[str, str]) -> tuple[str, str] | None:
        by_script = self.path.startswith(UNIT) or self.headers.get("X-Requested-With") == "XMLHttpRequest"
        from_column = urlsplit(self.headers.get("Referer", ""))
        if not by_script or f"{from_column.path}?{from_column.query}".rstrip("?") not in COLUMNS.values():
            return None
        parts = urlsplit(self.path)
        return records_for(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), form)

    def log_message(self, format: str, *args: object) -> None:
        """A test's output is its own."""


@pytest.fixture
def site() -> Iterator[str]:
    """The replica's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("family", COLUMNS)
def test_a_probe_finds_the_list_behind_the_script(
    family: str, site: str, watch: Watch, policywatch: Policywatch
) -> None:
    watch([])
    run = policywatch("sources", "probe", site + COLUMNS[family], "--json")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert (found["status"], found["family"], found["robots"]) == ("ok", family, "allowed"), found
    assert [(link["url"], link["title"], link["published"]) for link in found["links"]] == [
        (site + place(family, n), title(family, n), f"2026-11-0{n}") for n in (3, 2)
    ]
    assert found["next_page"].startswith(site + SECOND[family])
    assert found["sample"]["title"] == title(family, 3)
    assert "集成电路产业规模达到3200亿元" in found["sample"]["text"]


def test_a_crawl_takes_both_pages_of_every_list(site: str, watch: Watch, policywatch: Policywatch) -> None:
    """Two articles from the first page, one from the second; the next crawl asks only for the lists."""
    watch([Source(id=family, name=family, url=site + path) for family, path in COLUMNS.items()])
    run = policywatch("crawl", "--json")
    assert run.returncode == 0, run.stderr
    rows = {row["source"]: row for row in json.loads(run.stdout)["sources"]}
    assert {family: (row["status"], row["new"], row["reason"]) for family, row in rows.items()} == dict.fromkeys(
        COLUMNS, ("ok", 3, None)
    ), run.stderr
    articles = json.loads(policywatch("articles", "--format", "json").stdout)
    assert {one["title"] for one in articles} == {title(family, n) for family in COLUMNS for n in (1, 2, 3)}
    again = json.loads(policywatch("crawl", "--json").stdout)["sources"]
    assert [(row["status"], row["fetched"], row["new"]) for row in again] == [("ok", 0, 0)] * len(COLUMNS)
