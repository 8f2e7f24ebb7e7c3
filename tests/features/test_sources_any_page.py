"""A probe takes any address that a person may have at hand, and answers within bounds what can be done with it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.listing import list_page
from crawler.listing.probe import Probe, addresses, probe
from crawler.listing.probe_columns import read_front
from crawler.listing.probe_page import tree_of
from monitor.config import Crawl
from monitor.demo import Replicas
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/xml; charset=utf-8"}
SETTINGS = Crawl(allow_private=["127.0.0.0/8"], delay=0.0, timeout=5.0, contact="tests@example.com")
TEXT = (
    "<p>市政府召开常务会议，研究部署集成电路产业发展工作。</p><p>会议提出，到2028年全市产业规模达到3200亿元。</p>"
    "<p>会议要求，各有关部门要压实责任，加快推进重点项目建设，强化人才、资金和用地保障，按月调度、按季通报。</p>"
    "<p>会议还听取了专精特新企业培育情况的汇报，明确年内再新增260家。</p>"
)
COLUMNS = {"tzgg": "通知公告", "zcwj": "政策文件", "zwdt": "政务动态"}


def look(url: str) -> Probe:
    return probe(url, settings=SETTINGS)


def put(site: Replicas, path: str, body: str | bytes, status: int = 200, headers: dict[str, str] | None = None) -> str:
    content = body.encode() if isinstance(body, str) else body
    return site.add_raw("city", path, status, HTML if headers is None else headers, content)


def rows(folder: str, numbers: range, day: int = 1) -> str:
    return "".join(
        f'<li><a href="/{folder}/202611/t202611{day:02}_{number}.html">关于第{number}批重点项目名单的公示</a>'
        f"<span>2026-11-{day:02}</span></li>"
        for number in numbers
    )


def page(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


def article(folder: str, number: int) -> str:
    crumbs = f'<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/{folder}/">{COLUMNS[folder]}</a> &gt; 正文</div>'
    title = f"关于第{number}批重点项目名单的公示"
    return page(title, f"{crumbs}<h1>{title}</h1><div>2026-11-01 来源：市发展改革委</div><div id='zoom'>{TEXT}</div>")


@pytest.fixture
def portal(few: Replicas) -> Replicas:
    """A government's front page with the heads of three columns, the columns, and their articles."""
    blocks = "".join(
        f'<div class="box"><div class="head"><h3>{name}</h3><a href="/{folder}/">更多&gt;&gt;</a></div>'
        f"<ul>{rows(folder, range(1, 5))}</ul></div>"
        for folder, name in COLUMNS.items()
    )
    menu = '<div class="nav"><a href="/">首页</a><a href="/about/">关于我们</a><a href="/login/">登录</a></div>'
    put(few, "/", page("某市人民政府", menu + blocks))
    for folder, name in COLUMNS.items():
        put(few, f"/{folder}/", page(f"{name} - 某市人民政府", f"<ul>{rows(folder, range(1, 13))}</ul>"))
        for number in range(1, 4):
            put(few, f"/{folder}/202611/t20261101_{number}.html", article(folder, number))
    return few


class Endless(BaseHTTPRequestHandler):
    """Answers that have no end, and pages that lead to ever more pages."""

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.send_error(404)
        elif self.path.startswith("/stream"):
            self.answer(b"")
            try:
                while True:
                    self.wfile.write(b"<p>0</p>" * 10_000)
            except OSError:
                return
        else:
            self.calendar()

    def calendar(self) -> None:
        """Every month links the next one for ever, and holds no article."""
        month = int(self.path.partition("month=")[2] or 0)
        days = "".join(f'<td><a href="/calendar?day={month}-{day}">{day}</a></td>' for day in range(1, 29))
        links = f'<a href="/calendar?month={month + 1}">下一页</a>'
        self.answer(page("日历", f"<table><tr>{days}</tr></table>{links}<p>{'办公时间安排' * 60}</p>").encode())

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def endless() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_front_page_offers_its_lists_by_their_names(portal: Replicas) -> None:
    """Even where their links only say 更多; each offered list was looked at and proved to be one."""
    base = f"http://127.0.0.1:{portal.ports['city']}"
    found = look(f"{base}/")
    assert found.status == "empty"
    assert {(one.url, one.title) for one in found.suggestions} == {
        (f"{base}/{folder}/", name) for folder, name in COLUMNS.items()
    }
    assert found.reason is not None
    assert "front page" in found.reason
    assert f"{base}/tzgg/" in found.reason
    assert found.links == ()
    asked = [path for path, _ in portal.requests("city")]
    assert "/about/" not in asked
    column = look(f"{base}/tzgg/")
    assert (column.status, len(column.links), column.suggestions) == ("ok", 12, ())


def test_a_page_of_columns_alone_offers_those_that_are_lists(portal: Replicas) -> None:
    """A directory of departments holds no article itself; on a page drawn by a script the reason stays."""
    base = f"http://127.0.0.1:{portal.ports['city']}"
    links = "".join(f'<li><a href="/{folder}/">{name}</a></li>' for folder, name in COLUMNS.items())
    about = '<li><a href="/none/">机构职能</a></li>'
    put(portal, "/none/", page("机构职能", "<p>本机构职能正在更新，请以公报为准。</p>" * 30))
    found = look(put(portal, "/bm/", page("部门目录", f"<ul>{about}{links}</ul>{'<p>目录</p>' * 200}")))
    assert found.status == "empty"
    assert [one.url for one in found.suggestions] == [f"{base}/{folder}/" for folder in COLUMNS]
    drawn = look(put(portal, "/app/", page("部门目录", f"<div id='app'></div><ul>{links}</ul>{'<p>目录</p>' * 200}")))
    assert (drawn.status, len(drawn.suggestions)) == ("unsupported", 3)
    assert "drawn by a script" in str(drawn.reason)


def test_an_article_offers_the_list_it_stands_in(portal: Replicas) -> None:
    """By its breadcrumb, and where there is none by the folders above it."""
    base = f"http://127.0.0.1:{portal.ports['city']}"
    found = look(f"{base}/tzgg/202611/t20261101_2.html")
    assert found.status == "empty"
    assert [(one.url, one.title) for one in found.suggestions] == [(f"{base}/tzgg/", "通知公告")]
    assert found.sample is not None
    assert found.sample.title == "关于第2批重点项目名单的公示"
    bare = put(portal, "/zwdt/202611/t20261101_9.html", page("第9批项目", f"<h1>第9批重点项目</h1><div>{TEXT}</div>"))
    found = look(bare)
    assert [(one.url, one.title) for one in found.suggestions] == [(f"{base}/zwdt/", "政务动态 - 某市人民政府")]
    lost = put(portal, "/x/202611/t20261101_9.html", page("第9批项目", f"<h1>第9批重点项目</h1><div>{TEXT}</div>"))
    found = look(lost)
    assert (found.status, found.suggestions) == ("empty", ())
    assert "a single article" in str(found.reason)


def test_an_article_of_any_site_leads_to_a_list_that_names_it(sites: Replicas) -> None:
    """Breadcrumbs, folders, a menu, or as the last resort the columns of the front page."""
    for article in {one.site: one for one in sites.articles}.values():
        found = look(sites.url(article.id))
        assert (found.status, len(found.suggestions)) == ("empty", 1), (article.site, found)
        assert found.sample is not None
        column = look(found.suggestions[0].url)
        assert column.status == "ok"


def test_an_address_is_taken_as_people_type_it(portal: Replicas, tmp_path: Any) -> None:
    """Without a scheme https is tried, then http; names in Chinese become what networks write."""
    place = f"127.0.0.1:{portal.ports['city']}"
    found = look(f" {place}/tzgg/ ")
    assert (found.status, found.url) == ("ok", f"http://{place}/tzgg/")
    assert addresses("www.a.gov.cn/x/?p=1") == ("https://www.a.gov.cn/x/?p=1", "http://www.a.gov.cn/x/?p=1")
    assert addresses("无锡。政务.cn") == ("https://xn--rgvv56h.xn--zfr164b.cn", "http://xn--rgvv56h.xn--zfr164b.cn")
    assert addresses("http://无锡.cn:8080/新闻/") == ("http://xn--rgvv56h.cn:8080/新闻/",)
    assert addresses("list.html") == ()
    assert addresses(str(tmp_path)) == ()
    for wrong in (
        "ftp://a.cn/",
        "file:///etc/passwd",
        "http://",
        "http://a.cn:99999/",
        "http://a b.cn/",
        "http://a..cn/",
    ):
        with pytest.raises(MonitorError, match="address"):
            addresses(wrong)


def test_walls_and_circles_have_a_name(few: Replicas) -> None:
    login = (
        "<form action='/in'><input name=u><input name=p type='password'><button>登录</button></form>"
        + "<p>请先登录</p>" * 20
    )
    cases = {
        put(few, "/login/", page("用户登录", login)): ("blocked", "asks for a login"),
        put(few, "/401/", "no", 401): ("blocked", "asks for a login"),
        put(few, "/loop/", "", 302, {"Location": "/loop/"}): ("unreachable", "redirects in a circle"),
        put(few, "/gone/", "no", 404): ("unreachable", "no such page"),
        put(few, "/feed.xml", page("订阅", "<p>本站的订阅功能正在建设之中</p>" * 90)): (
            "empty",
            "a web page, not the feed",
        ),
        put(few, "/image/", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, headers={"Content-Type": "image/png"}): (
            "empty",
            "no article links",
        ),
    }
    for url, (status, reason) in cases.items():
        found = look(url)
        assert (found.status, found.links) == (status, ()), found
        assert reason in str(found.reason), found


@pytest.mark.parametrize(
    "url",
    [
        "https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz=MzA4",
        "https://www.toutiao.com/c/user/token/abc/",
        "https://m.21jingji.com/channel/yangtzeriverdelta",
    ],
)
def test_services_without_a_public_list_are_named_and_not_asked(url: str, tmp_path: Any) -> None:
    """No request is made (none could be: nothing but loopback answers here), and the advice is something to do."""
    found = look(url)
    assert found.status == "unsupported"
    assert "policywatch ingest" in str(found.reason)


@pytest.mark.parametrize(("host", "status"), [("m.example.com", "unsupported"), ("www.example.gov.cn", "ok")])
def test_a_copy_of_an_official_site_is_no_source(host: str, status: str, tmp_path: Path) -> None:
    """Its addresses are those of a government's system, its host is none's."""
    saved = tmp_path / "list.html"
    links = rows("zcwj", range(1, 9)).replace("zcwj/202611/t20261101_", "doc/2026/11/01/47100").replace("html", "shtml")
    saved.write_text(page("某市人民政府", f"<ul>{links}</ul>"), encoding="utf-8")
    found = probe(str(saved), base=f"https://{host}/zcwj/index.shtml", settings=SETTINGS)
    assert found.status == status, found
    assert ("mirror_spam" in str(found.reason)) == (status != "ok")
    assert len(found.links) == (8 if status == "ok" else 0)


def test_what_has_no_end_is_cut_off(endless: str, few: Replicas) -> None:
    found = look(f"{endless}/stream")
    assert found.status == "unsupported"
    assert "larger than" in str(found.reason)
    found = look(f"{endless}/calendar?month=3")
    assert (found.status, found.links, found.next_page) == ("empty", (), None)


# A process inherits the peak of the one that starts it, so a small one stands between the tests and what is measured.
MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "monitor", *sys.argv[1:]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_bomb_takes_no_memory(few: Replicas, watch: Watch, environment: dict[str, str]) -> None:
    """A megabyte that unpacks to a gigabyte: the verdict comes from a process that stays under 200 MB."""
    watch([])
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join([*(packer.compress(b"<p>0</p>" * 125_000) for _ in range(1_000)), packer.flush()])
    url = put(few, "/bomb/", bomb, headers={**HTML, "Content-Encoding": "gzip"})
    command = [sys.executable, "-c", MEASURE, "sources", "probe", url, "--json"]
    run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True)
    answer, peak = run.stdout.splitlines()
    found = json.loads(answer)
    assert (found["status"], found["reason"]) == ("unsupported", "page larger than crawl.max_page allows")
    assert int(peak) < 200_000  # kilobytes


def test_pages_that_go_round_are_left_after_the_first_turn(portal: Replicas) -> None:
    """Page two leads back to page one; the list itself is fine."""
    link = '<a href="/{}/">下一页</a>'
    put(portal, "/a/", page("公告", f"<ul>{rows('tzgg', range(1, 9))}</ul>{link.format('b')}"))
    put(portal, "/b/", page("公告", f"<ul>{rows('tzgg', range(1, 9))}</ul>{link.format('a')}"))
    found = look(f"http://127.0.0.1:{portal.ports['city']}/a/")
    assert (found.status, len(found.links), found.next_page) == ("ok", 8, None)


def test_a_packed_sitemap_with_raw_ampersands_is_read(portal: Replicas) -> None:
    """As an index names it, sitemap-1.xml.gz; and one that is cut off is read as far as it goes."""
    base = f"http://127.0.0.1:{portal.ports['city']}"
    maps = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    urls = "".join(f"<url><loc>{base}/show.asp?id={n}&type=2</loc></url>" for n in range(1, 6))
    for number in range(1, 6):
        put(portal, f"/show.asp?id={number}&type=2", article("tzgg", number))
    packed = gzip.compress(f"<urlset {maps}>{urls}</urlset>".encode())
    put(portal, "/sitemap-1.xml.gz", packed, headers={"Content-Type": "application/gzip"})
    stored = gzip.compress(f"<urlset {maps}>{urls}</urlset>".encode(), 0)
    put(portal, "/cut.xml.gz", stored[:-80], headers={"Content-Type": "application/gzip"})
    index = f"<sitemapindex {maps}><sitemap><loc>/sitemap-1.xml.gz</loc></sitemap></sitemapindex>"
    found = look(put(portal, "/sitemap.xml", index, headers=XML))
    assert (found.status, found.family, len(found.links)) == ("ok", "sitemap", 5), found
    assert found.links[0].url == f"{base}/show.asp?id=1&type=2"
    assert found.sample is not None
    cut = look(f"{base}/cut.xml.gz").links
    assert len(cut) in (4, 5)
    assert cut[:-1] == found.links[: len(cut) - 1]  # the address before the cut may be cut as well


def test_the_sample_is_an_article_and_no_file(portal: Replicas) -> None:
    """The newest rows of a list are often attachments, or lead to a service that shows nothing."""
    first = "".join(
        f'<li><a href="{address}">关于第{number}批重点项目名单的公示</a><span>2026-11-20</span></li>'
        for number, address in enumerate(
            ("/a/202611/P1.pdf", "/a/202611/W2.docx", "https://mp.weixin.qq.com/s/x", "/a/3.ofd")
        )
    )
    found = look(put(portal, "/mixed/", page("公告", f"<ul>{first}{rows('tzgg', range(1, 4))}</ul>")))
    assert (found.status, len(found.links)) == ("ok", 7), found
    assert found.sample is not None
    assert found.sample.title == "关于第1批重点项目名单的公示"


def test_a_list_most_of_whose_articles_cannot_be_read_says_so(portal: Replicas) -> None:
    for number in (1, 3):
        put(portal, f"/tzgg/202611/t20261101_{number}.html", "no", 404)
    found = look(f"http://127.0.0.1:{portal.ports['city']}/tzgg/")
    assert (found.status, len(found.samples)) == ("ok", 1)
    assert str(found.reason).startswith("1 of its first 3 articles can be read; of the others: gone_404")


def test_a_portal_keeps_columns_on_hosts_below_its_name() -> None:
    columns = {"http://news.a.cn/col50/": True, "http://other.cn/col50/": False, "http://a.cn/col51/": True}
    blocks = "".join(
        f'<div><div><a href="{url}">本地新闻</a></div><ul>{rows(f"c{n}", range(1, 5))}</ul></div>'
        for n, url in enumerate(columns)
    )
    front = read_front(*tree_of(list_page("http://www.a.cn/", page("门户", blocks).encode())))
    assert {one.url for one in front.columns} == {url for url, is_own in columns.items() if is_own}


def test_a_list_of_ten_thousand_rows_is_read_whole(portal: Replicas) -> None:
    found = look(put(portal, "/many/", page("公告", f"<ul>{rows('tzgg', range(1, 10_001))}</ul>")))
    assert found.status == "ok"
    assert len(found.links) == 10_000
    assert found.sample is not None


def test_a_site_that_wants_long_pauses_is_not_waited_for(portal: Replicas) -> None:
    """The list is shown at once; what would take minutes is left to the crawl, and the answer says so."""
    put(portal, "/robots.txt", "User-agent: *\nCrawl-delay: 120\n", headers={"Content-Type": "text/plain"})
    found = look(f"http://127.0.0.1:{portal.ports['city']}/tzgg/")
    assert (found.status, len(found.links), found.sample) == ("ok", 12, None)
    assert "long pauses" in str(found.reason)
    assert [path for path, _ in portal.requests("city")] == ["/robots.txt", "/tzgg/"]


def test_a_page_without_articles_offers_its_feed(few: Replicas) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/news.rss" title="新闻">'
    url = put(
        few,
        "/app/",
        f"<html><head><title>新闻</title>{head}</head><body><div id='app'></div>{'<p>加载</p>' * 200}</body></html>",
    )
    found = look(url)
    assert found.status == "unsupported"
    assert [one.url for one in found.suggestions] == [url.replace("/app/", "/news.rss")]


def test_what_a_probe_learnt_is_kept_with_the_source(portal: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """The scheme that answered, and the number of articles below which the list is broken."""
    watch([])
    place = f"127.0.0.1:{portal.ports['city']}"
    added = policywatch("sources", "add", f"{place}/zcwj/", "--yes")
    assert added.returncode == 0, added.stderr
    for line in ("title", "family", "charset", "robots.txt", "articles", "sample", "verdict"):
        assert f"\n{line} " in added.stdout
    assert "会议提出，到2028年全市产业规模达到3200亿元。" in added.stdout
    kept = json.loads(policywatch("sources", "list", "--json").stdout)["sources"]
    assert [(row["url"], row["min_articles"]) for row in kept] == [(f"http://{place}/zcwj/", 6)]
    again = policywatch("sources", "add", f"{place}/zcwj/", "--yes")
    assert "watched already" in again.stderr
    front = policywatch("sources", "add", f"{place}/", "--yes")
    assert front.returncode == 1
    assert f"http://{place}/tzgg/" in front.stdout
    assert front.stderr.count("\n") == 1
    assert "nothing was saved" in front.stderr


def test_a_site_that_fails_at_https_is_named(portal: Replicas) -> None:
    """It answers in clear text where a handshake is due, as old servers do behind a broken certificate."""
    found = look(put(portal, "/tls/index.html", page("政务动态", "")).replace("http://", "https://"))
    assert "tls_legacy" in f"{found}"
