"""The publishing systems of media: each replica is found from its address alone, read to its second page, and crawled."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from crawler.listing.probe import probe
from monitor.config import Crawl
from monitor.demo import Replicas
from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

SETTINGS = Crawl(allow_private=["127.0.0.0/8"], delay=0.0, timeout=5.0, contact="tests@example.com")
JSON = {"Content-Type": "application/json; charset=UTF-8"}
FIELDS = "_fields=link,title,date,date_gmt"
PLACES = ("惠山区", "锡山区", "滨湖区", "梁溪区", "新吴区", "江阴市", "宜兴市", "经开区")


def title(number: int) -> str:
    return f"{PLACES[number % len(PLACES)]}发布第{number}号低空经济行动方案"


def story(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    text = (
        f"<p>本报讯 近日，{place}召开低空经济发展推进会，介绍第{number}号行动方案的编制情况。</p>"
        f"<p>方案提出，到2028年，{place}低空经济规模达到{number * 7 + 20}亿元，集聚链上企业{number * 3 + 40}家。</p>"
        f"<p>下一步，{place}将建设起降场{number + 5}处，开通城际航线，并安排专项资金支持首台套应用。</p>"
    )
    return (
        f"<html><head><meta charset='utf-8'><title>{title(number)}</title></head><body><h1>{title(number)}</h1>"
        f"<div class='date'>2026-11-20 09:30 来源：本报</div><div id='ozoom'>{text}</div></body></html>"
    )


def put(site: Replicas, path: str, body: str, headers: dict[str, str] | None = None, charset: str = "utf-8") -> str:
    named = {"Content-Type": f"text/html; charset={charset}"}
    return site.add_raw("city", path, 200, headers or named, body.encode(charset))


def posts(site: Replicas, folder: str, numbers: range) -> str:
    """What WordPress' interface answers, and the pages of these posts."""
    links = [put(site, f"{folder}/2026/11/20/post-{number}/", story(number)) for number in numbers]
    return json.dumps(
        [
            {"link": link, "title": {"rendered": f"{title(number)} &#8211; 快讯"}, "date_gmt": "2026-11-20T01:30:00"}
            for number, link in zip(numbers, links, strict=True)
        ]
    )


def wordpress(site: Replicas) -> str:
    """A category: its interface lists its own posts and not those of the whole site."""
    head = (
        "<link rel='https://api.w.org/' href='/wp/wp-json/' />"
        "<link rel='alternate' title='JSON' type='application/json' href='/wp/wp-json/wp/v2/categories/7' />"
    )
    interface = f"/wp/wp-json/wp/v2/posts?per_page=20&{FIELDS}&categories=7"
    put(site, interface, posts(site, "/wp", range(100, 120)), JSON)
    put(site, f"{interface}&page=2", posts(site, "/wp", range(120, 123)), JSON)
    body = "<div id='main'>" + "<p>人工智能与低空经济</p>" * 60 + "</div>"
    return put(site, "/wp/category/low/", f"<html><head><title>低空</title>{head}</head><body>{body}</body></html>")


def closed_wordpress(site: Replicas) -> str:
    """robots.txt keeps the interface from us: the rows of the page itself are read."""
    put(site, "/robots.txt", "User-agent: *\nDisallow: /closed/wp-json/\n", {"Content-Type": "text/plain"})
    links = {number: put(site, f"/closed/2026/11/20/post-{number}/", story(number)) for number in range(200, 206)}
    rows = {
        number: f"<li><h2><a href='{link}'>{title(number)}</a></h2><time>2026-11-20</time></li>"
        for number, link in links.items()
    }
    head = "<link rel='https://api.w.org/' href='/closed/wp-json/' />"
    shown = "".join(rows[number] for number in range(200, 205))
    first = f"<html><head><title>博客</title>{head}</head><body><ul>{shown}</ul><a href='/closed/page/2/'>下一页</a></body></html>"
    put(site, "/closed/page/2/", first.replace("/closed/page/2/", "/closed/page/3/").replace(shown, rows[205] * 5))
    return put(site, "/closed/", first)


def zaker(site: Replicas) -> str:
    def articles(numbers: range) -> list[dict[str, str]]:
        return [
            {
                "title": title(number),
                "url": put(site, f"/article/{number:024x}", story(number)).removeprefix("http:"),
                "date": "11月20日",
            }
            for number in numbers
        ]

    more = {"data": {"article": articles(range(303, 306))}, "next_url": {"value": ""}}
    address = put(site, "/news/next_new.php?f=site&next_aticle_id=5f", json.dumps(more), JSON)
    carried = {"data": {"article": articles(range(300, 303))}, "next_url": {"value": address.removeprefix("http:")}}
    body = f"<div id='section'></div><a>加载更多</a><script>window.WinPageData = {json.dumps(carried)};</script>"
    return put(
        site,
        "/channel/13",
        f"<html><head><title>无锡频道</title></head><body>{body}{'<p>频道</p>' * 200}</body></html>",
    )


def new_epaper(site: Replicas) -> str:
    """The paper's address holds a script that leads to the first sheet; two sheets make the day."""
    for number in range(400, 404):
        put(site, f"/pc/content/202611/20/content_{number}.html", story(number))
    sheets = "".join(f'<li><a href="node_0{n}.html">第0{n}版：要闻</a></li>' for n in (1, 2))
    for sheet, numbers in ((1, (400, 401)), (2, (402, 403))):
        rows = "".join(
            f'<li><a href="../../../content/202611/20/content_{n}.html">{title(n)}</a></li>' for n in numbers
        )
        areas = f'<map><area href="../../../content/202611/20/content_{numbers[0]}.html"></map>'
        body = f'<div id="list"><ul>{sheets}</ul></div>{areas}<ul class="news-list">{rows}<li><a href="../../../content/202611/20/content_9.html">广告</a></li></ul>'
        put(
            site,
            f"/pc/layout/202611/20/node_0{sheet}.html",
            f"<html><head><title>日报</title></head><body>{body}</body></html>",
        )
    return put(
        site, "/pc/layout/index.html", '<html><script>window.location.href="202611/20/node_01.html";</script></html>'
    )


def old_epaper(site: Replicas) -> str:
    """In GBK, its front leading on by a meta refresh."""
    for number in range(500, 503):
        put(site, f"/html/2026-11/20/content_{number}.htm?div=-1", story(number).replace("utf-8", "gbk"), charset="gbk")
    sheets = "".join(f'<a id="pageLink" href="node_{n}.htm">A{n}版</a>' for n in (2, 3))
    for sheet, numbers in ((2, (500, 501)), (3, (502,))):
        rows = "".join(f'<tr><td><a href="content_{n}.htm?div=-1">{title(n)}</a></td></tr>' for n in numbers)
        body = f"<table>{rows}</table>{sheets}"
        put(
            site,
            f"/html/2026-11/20/node_{sheet}.htm",
            f"<html><head><title>晚报</title></head><body>{body}</body></html>",
            charset="gbk",
        )
    return put(
        site, "/html/", '<html><head><meta http-equiv="refresh" content="0;URL=2026-11/20/node_2.htm"></head></html>'
    )


def people(site: Replicas) -> str:
    """Two boxes above one pager; what stands beside them is no part of the column."""
    for page, numbers in ((1, range(600, 608)), (2, range(608, 612))):
        links = [put(site, f"/n1/2026/1120/c1001-{number}.html", story(number)) for number in numbers]
        rows = [
            f'<li><a href="{link}">{title(n)}</a><em>2026-11-20</em></li>'
            for n, link in zip(numbers, links, strict=True)
        ]
        half = len(rows) // 2
        turner = '<div class="page_n"><a href="index1.html">1</a><a href="index2.html">2</a></div>'.replace(
            f'href="index{page}.html"', f'href="index{page}.html" class="common_current_page"'
        )
        lists = f"<ul class='list_14'>{''.join(rows[:half])}</ul><ul class='list_14'>{''.join(rows[half:])}</ul>"
        side = '<div class="right"><ul><li><a href="/n1/2026/1101/c77-99.html">一周热点排行榜第一名</a></li></ul></div>'
        html = (
            f"<html><head><title>观点</title></head><body><div class='left'>{lists}{turner}</div>{side}</body></html>"
        )
        first = put(site, f"/GB/1/index{page}.html", html.replace("utf-8", "gbk"), charset="gbk")
    return first.replace("index2", "index1")


SYSTEMS: dict[str, tuple[Callable[[Replicas], str], str, int, str | None]] = {
    "wordpress": (wordpress, "wordpress", 20, "&categories=7&page=2"),
    "closed": (closed_wordpress, "wordpress", 5, "/closed/page/2/"),
    "zaker": (zaker, "zaker", 3, "/news/next_new.php?f=site&next_aticle_id=5f"),
    "new-epaper": (new_epaper, "epaper", 2, "/pc/layout/202611/20/node_02.html"),
    "old-epaper": (old_epaper, "epaper", 2, "/html/2026-11/20/node_3.htm"),
    "people": (people, "people", 8, "/GB/1/index2.html"),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_system_is_found_from_the_address(few: Replicas, name: str) -> None:
    build, family, count, second = SYSTEMS[name]
    found = probe(build(few), settings=SETTINGS)
    assert (found.status, found.family, len(found.links)) == ("ok", family, count), found
    assert str(found.next_page).endswith(str(second))
    assert found.sample is not None
    assert "低空经济规模达到" in found.sample.text
    assert all(link.title and "低空经济行动方案" in link.title for link in found.links)
    assert {str(link.published)[:10] for link in found.links} == {"2026-11-20"}


def test_a_crawl_takes_both_pages_of_each(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """And three articles of each, as many as the settings allow."""
    watch(
        [Source(id=name, name=name, url=build(few)) for name, (build, *_) in SYSTEMS.items()], crawl={"max_articles": 3}
    )
    run = policywatch("crawl", "--json")
    rows = {row["source"]: row for row in json.loads(run.stdout)["sources"]}
    assert {name: (row["status"], row["new"]) for name, row in rows.items()} == dict.fromkeys(SYSTEMS, ("ok", 3)), (
        run.stderr
    )
    asked = [path for path, _ in few.requests("city")]
    for name, (_, _, _, second) in SYSTEMS.items():
        assert any(path.endswith(str(second)) for path in asked), name
    assert not any(path.startswith("/closed/wp-json") for path in asked)
    assert all("Mozilla" not in headers.get("User-Agent", "") for _, headers in few.requests("city"))


def board(page: int, threads: range) -> str:
    """A board's page with one pinned thread at its head, as every page of it has."""
    rows = "".join(
        f'<tbody id="{kind}thread_{number}"><tr><th><a href="thread-{number}-1-1.html" class="s xst">{title(number)}</a></th>'
        f'<td class="by"><em><span title="2026-11-20">前天</span></em></td></tr></tbody>'
        for kind, number in (("stick", 700), *(("normal", number) for number in threads))
    )
    onward = f'<a href="forum-36-{page + 1}.html" class="nxt">下一页</a>' if page == 1 else ""
    return f"<html><head><title>园区资讯</title></head><body><table>{rows}</table>{onward}</body></html>"


def test_a_pinned_thread_hides_no_new_ones(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """It is old and stands above what is new: the list is read on until a whole page is old."""
    url = put(few, "/bbs/forum-36-1.html", board(2, range(0)))
    for number in range(700, 706):
        put(few, f"/bbs/thread-{number}-1-1.html", story(number))
    watch([Source(id="board", name="board", url=url)])
    (first,) = json.loads(policywatch("crawl", "--json").stdout)["sources"]
    assert first["new"] == 1, first
    put(few, "/bbs/forum-36-1.html", board(1, range(701, 704)))
    put(few, "/bbs/forum-36-2.html", board(2, range(704, 706)))
    (second,) = json.loads(policywatch("crawl", "--json").stdout)["sources"]
    assert (second["status"], second["new"]) == ("ok", 5), second
    policywatch("crawl")
    assert [path for path, _ in few.requests("city")].count("/bbs/forum-36-2.html") == 1
