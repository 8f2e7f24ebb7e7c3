"""Lists that stand in the page, and feeds and sitemaps: each publishing system is found from its address alone, leafed
through the way it numbers its pages, and crawled."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from crawler.listing.probe import probe
from monitor.config import Crawl
from monitor.demo import Replicas
from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

SETTINGS = Crawl(allow_private=["127.0.0.0/8"], delay=0.0, timeout=5.0, contact="tests@example.com")
OFFICES = ("发展改革委", "科技局", "工信局", "财政局", "商务局", "交通局", "农业农村局", "数据局")
HEX = "5057aeffb1a84a7e8aeded87728da4"
XML = {"Content-Type": "application/xml; charset=utf-8"}
JSON = {"Content-Type": "application/json; charset=utf-8"}
MAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True)
class System:
    """How a system writes an article's address, its list and the number of a page; `second` ends page two's address."""

    family: str
    first: str
    article: str
    lay_out: Callable[[list[str]], str]
    second: str | None = None
    onward: str = ""  # what stands below page one and leads on
    charset: str = "utf-8"


def title(number: int) -> str:
    return f"市{OFFICES[number % len(OFFICES)]}关于开展第{number}批算力设施建设试点的通知"


def story(number: int, charset: str) -> str:
    office = OFFICES[number % len(OFFICES)]
    text = (
        f"<p>各有关单位：现就第{number}批算力设施建设试点有关事项通知如下。</p>"
        f"<p>一、建设目标。到2028年，市{office}牵头建成算力设施{number + 3}处，总规模达到{number * 5 + 100}PFLOPS。</p>"
        f"<p>二、申报要求。申报单位应当在云川市注册，并在{number % 9 + 1}个工作日内提交材料，经市{office}审核后公示。</p>"
    )
    head = f"<meta charset='{charset}'><title>{title(number)}</title>"
    body = f"<h1>{title(number)}</h1><p>发布时间：2026-11-20 来源：市{office}</p><div id='zoom'>{text}</div>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


def listed(*rows: str) -> str:
    return f"<ul class='list'>{''.join(rows)}</ul>"


def row(link: str, number: int) -> str:
    return f"<li><a href='{link}' title='{title(number)}'>{title(number)[:14]}…</a><span>2026-11-20</span></li>"


def plain(links: list[str]) -> str:
    return listed(*(row(link, number) for number, link in enumerate(links, 1)))


def headed(links: list[str]) -> str:
    """Kaipu's lists: a heading, the day in a span of its own."""
    rows = (
        f"<li><h4><a href='{link}' title='{title(n)}'>{title(n)[:14]}...</a><span class='time'>2026-11-20</span></h4></li>"
        for n, link in enumerate(links, 1)
    )
    return listed(*rows)


def day_box(links: list[str]) -> str:
    """The day large, year and month small, on lines of their own."""
    rows = (
        f"<li><div class='date'><span>20</span><br>2026-11</div><a href='{link}'>{title(n)}</a><p>到2027年12月31日止。</p></li>"
        for n, link in enumerate(links, 1)
    )
    return listed(*rows)


def table(links: list[str]) -> str:
    rows = (
        f"<tr class='ewb-trade-tr'><td>{n}</td><td><a href='{link}'>{title(n)}</a></td><td>2026-11-20</td></tr>"
        for n, link in enumerate(links, 1)
    )
    template = "<tr class='ewb-trade-tr'><td>{{index}}</td><td><a href='{{infourl}}'>{{title}}</a></td><td>{{infodate}}</td></tr>"
    return f"<table class='ewb-trade-tb'>{template}{''.join(rows)}</table>"


def spans(links: list[str]) -> str:
    """A component of its own around all rows."""
    return f"<span id='comp_31'>{plain(links)}</span>"


def threads(links: list[str]) -> str:
    rows = (
        f"<tbody id='normalthread_{n}'><tr><th><a href='{link}' class='s xst'>{title(n)}</a></th>"
        f"<td class='by'><em><span title='2026-11-20'>前天</span></em></td></tr></tbody>"
        for n, link in enumerate(links, 1)
    )
    return f"<table id='threadlisttableid'>{''.join(rows)}</table>"


def next_link(address: str) -> str:
    return f"<div class='page'><a href='{address}'>下一页</a></div>"


SYSTEMS = {
    "trs": System(
        "rows",
        "/zwgk/tzgg/",
        "./202611/t20261120_{}.html",
        plain,
        "/zwgk/tzgg/index_1.html",
        '<script>createPageHTML(2,0,"index","html")</script>',
    ),
    "trs by column": System(
        "rows",
        "/njgxj/214/index_17380.html",
        "./202611/t20261120_{}.html",
        plain,
        "/njgxj/214/index_17380_1.html",
        "<div id='pages'>共 2 页</div>",
    ),
    "was5": System(
        "rows",
        "/was5/web/search?channelid=2201&page=1",
        "/zwgk/202611/t20261120_{}.html",
        plain,
        "channelid=2201&page=2",
    ),
    "kaipu": System(
        "rows",
        "/szkj/tzgg/nav_list.shtml",
        f"/szkj/tzgg/202611/{HEX}{{:02}}.shtml",
        headed,
        "/szkj/tzgg/nav_list_2.shtml",
        "<script>createPageHTML('page_div',2,1,'nav_list','shtml',30)</script>",
    ),
    "intertid": System(
        "rows",
        "/zfxxgk/zcwj/index.shtml",
        "/doc/2026/11/20/47100{:02}.shtml",
        plain,
        "/zfxxgk/zcwj/index_2.shtml",
        "<div class='pagination'></div>",
    ),
    "visual site builder": System(
        "rows", "/tzgg.htm", "/info/1002/12{:02}.htm", day_box, "/tzgg/11.htm", next_link("tzgg/11.htm")
    ),
    "sudy": System(
        "rows", "/tzgg/list.htm", "/2026/1120/c31a12{:02}/page.htm", plain, "/tzgg/list2.htm", next_link("list2.htm")
    ),
    "n-path": System(
        "rows", "/n2588/index.html", "/n2588/n2590/c31{:02}/content.html", spans, "/n2588/index_2.html", "共2页"
    ),
    "asp": System("rows", "/news/list.asp?page=1", "/news/show.asp?id=31{:02}", plain, "page=2"),
    "epoint written": System(
        "rows",
        "/zcwj/moreinfo.html",
        f"/zcwj/20261120/{HEX}{{:02}}.html",
        table,
        "/zcwj/moreinfo.html?pageIndex=2",
        "<div class='ewb-page pagination'></div>",
    ),
    "discuz in gbk": System(
        "discuz", "/forum-36-1.html", "thread-31{:02}-1-1.html", threads, "/forum-36-2.html",
        "<a href='forum-36-2.html' class='nxt'>下一页</a>", "gbk",
    ),
}  # fmt: skip


def serve(site: Replicas, system: System, folder: str) -> str:
    """Two pages of a system below a folder, nine articles and three; the address of its list."""
    first = folder + system.first
    base, pages = site.add_raw("city", first, 200, {}, b""), []
    for numbers in (range(1, 10), range(10, 13)):
        links = [system.article.format(number) for number in numbers]
        pages.append([f"{folder}{link}" if link.startswith("/") else link for link in links])
        for number, link in zip(numbers, links, strict=True):
            put(site, place(folder, system.first, link), story(number, system.charset), system.charset)
    menu = "".join(f"<li><a href='{folder}/c{n}/'>栏目{n}</a></li>" for n in range(9))
    for path, links, below in ((first, pages[0], system.onward), (folder + str(system.second), pages[1], "")):
        whole = path if path.startswith(f"{folder}/") else first.replace("page=1", "page=2")
        html = f"<html><head><title>通知公告</title></head><body><ul>{menu}</ul>{system.lay_out(links)}{below}</body></html>"
        put(site, whole, html, system.charset)
    return base


def place(folder: str, listing: str, link: str) -> str:
    """Where a link of a list leads on its host."""
    if link.startswith("/"):
        return folder + link
    return f"{folder}{listing.rpartition('/')[0]}/{link.removeprefix('./')}"


def put(site: Replicas, path: str, body: str, charset: str = "utf-8", headers: dict[str, str] | None = None) -> str:
    named = {"Content-Type": f"text/html; charset={charset}"}
    return site.add_raw("city", path, 200, headers or named, body.encode(charset, "xmlcharrefreplace"))


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_list_is_found_and_leafed_through(few: Replicas, name: str) -> None:
    """Nothing but its address is told; every article with its whole title and its day, and no menu among them."""
    system = SYSTEMS[name]
    found = probe(serve(few, system, "/s"), settings=SETTINGS)
    assert (found.status, found.family, len(found.links)) == ("ok", system.family, 9), found
    assert [link.title for link in found.links] == [title(number) for number in range(1, 10)]
    assert {link.published for link in found.links} == {"2026-11-20"}
    assert str(found.next_page).endswith(str(system.second)), found.next_page
    assert [sample.title for sample in found.samples] == [title(number) for number in range(1, 4)]
    assert "建成算力设施4处" in found.samples[0].text


def test_a_crawl_takes_all_pages_of_each(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    sources = [
        Source(id=f"s{place}", name=name, url=serve(few, system, f"/s{place}"))
        for place, (name, system) in enumerate(SYSTEMS.items())
    ]
    watch(sources, crawl={"max_pages": 3})
    run = policywatch("crawl", "--json")
    reports = {row["source"]: row for row in json.loads(run.stdout)["sources"]}
    assert {id: (row["status"], row["new"], row["failed"]) for id, row in reports.items()} == {
        source.id: ("ok", 12, 0) for source in sources
    }, run.stderr


# ------------------------------------------------------------------ feeds and sitemaps


def links_to(site: Replicas, folder: str, numbers: range) -> list[str]:
    return [put(site, f"{folder}/2026/11/20/71{number:02}.html", story(number, "utf-8")) for number in numbers]


def rss(site: Replicas) -> str:
    items = "".join(
        f"<item><title>{title(n)}</title><link>{link}</link><pubDate>Fri, 20 Nov 2026 09:30:00 +0800</pubDate></item>"
        for n, link in enumerate(links_to(site, "/rss", range(1, 4)), 1)
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>要闻</title>{items}</channel></rss>'
    )
    return put(site, "/rss/news.xml", text, headers=XML)


def atom(site: Replicas) -> str:
    entries = "".join(
        f'<entry><title>{title(n)}</title><link href="{link}"/><updated>2026-11-20T09:30:00+08:00</updated></entry>'
        for n, link in enumerate(links_to(site, "/atom", range(1, 4)), 1)
    )
    text = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>要闻</title>{entries}</feed>'
    return put(site, "/atom/feed", text, headers=XML)


def json_feed(site: Replicas) -> str:
    """Two pages, the second named by the first."""

    def items(numbers: range) -> list[dict[str, str]]:
        links = links_to(site, "/json", numbers)
        return [
            {"url": link, "title": title(n), "date_published": "2026-11-20T09:30:00+08:00"}
            for n, link in zip(numbers, links, strict=True)
        ]

    version = "https://jsonfeed.org/version/1.1"
    second = put(
        site,
        "/json/2.json",
        json.dumps({"version": version, "title": "要闻", "items": items(range(3, 4))}),
        headers=JSON,
    )
    first = {"version": version, "title": "要闻", "next_url": second, "items": items(range(1, 3))}
    return put(site, "/json/feed.json", json.dumps(first), headers=JSON)


def sitemaps(site: Replicas) -> str:
    """An index of two, one of them of news."""
    first, *others = links_to(site, "/maps", range(1, 4))
    urls = "".join(f"<url><loc>{link}</loc><lastmod>2026-11-20</lastmod></url>" for link in others)
    news = (
        f"<url><loc>{first}</loc><news:news><news:publication_date>2026-11-20T09:30:00+08:00</news:publication_date>"
        f"<news:title>{title(1)}</news:title></news:news></url>"
    )
    parts = [
        put(site, f"/maps/{name}.xml", f"<urlset {MAPS}>{text}</urlset>", headers=XML)
        for name, text in (("news", news), ("all", urls))
    ]
    locations = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    return put(site, "/maps/sitemap_index.xml", f"<sitemapindex {MAPS}>{locations}</sitemapindex>", headers=XML)


def state_council(site: Replicas) -> str:
    """gov.cn: the page is empty, a file beside it holds the list."""
    records = [
        {"TITLE": title(n), "URL": link, "DOCRELPUBTIME": "2026-11-20"}
        for n, link in enumerate(links_to(site, "/gov", range(1, 4)), 1)
    ]
    put(site, "/gov/zuixin/ZUIXINZHENGCE.json", json.dumps(records), headers=JSON)
    around = "<p>当前位置：首页 &gt; 政策 &gt; 最新政策，本栏目发布最新的行政法规和规范性文件。</p>" * 5
    script = "<script>load('./ZUIXINZHENGCE.json')</script>"
    return put(site, "/gov/zuixin/home.htm", f"<html><body>{around}<ul></ul>{script}</body></html>")


FEEDS = {"rss": (rss, "feed"), "atom": (atom, "feed"), "json feed": (json_feed, "records")} | {
    "sitemap index": (sitemaps, "sitemap"),
    "gov.cn": (state_council, "records"),
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_or_a_file_is_found(few: Replicas, name: str) -> None:
    build, family = FEEDS[name]
    found = probe(build(few), settings=SETTINGS)
    assert (found.status, found.family) == ("ok", family), found
    assert str(found.links[0].published)[:10] == "2026-11-20"
    assert found.links[0].title == title(1)
    assert found.sample is not None
    assert "建成算力设施4处" in found.sample.text


def test_a_crawl_takes_three_articles_of_each(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """The sitemap's from both of its files, the JSON feed's from both of its pages."""
    watch([Source(id=name.replace(" ", "-"), name=name, url=build(few)) for name, (build, _) in FEEDS.items()])
    run = policywatch("crawl", "--json")
    rows = json.loads(run.stdout)["sources"]
    assert {row["source"]: (row["status"], row["new"]) for row in rows} == {
        name.replace(" ", "-"): ("ok", 3) for name in FEEDS
    }, run.stderr
