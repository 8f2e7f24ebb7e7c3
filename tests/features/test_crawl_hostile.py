"""A crawl of sites that are broken, closed or out to harm: one clear line each, the rest goes on."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING

from monitor.demo import Replicas
from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

HTML = {"Content-Type": "text/html; charset=utf-8"}
SENTENCE = "到2028年，无锡市集成电路产业规模达到3200亿元，新增专精特新企业260家。"


def shows(*addresses: str) -> bytes:
    """A list page of these articles."""
    rows = "".join(
        f'<li><a href="{address}">无锡市第{place}号产业发展通知</a><span>2026-11-0{place}</span></li>'
        for place, address in enumerate(addresses, 1)
    )
    return f"<html><head><title>通知公告</title></head><body><ul>{rows}</ul></body></html>".encode()


def article(title: str) -> bytes:
    text = f"<p>日前，无锡市召开会议部署工作。</p><p>会议提出，{SENTENCE}</p>" * 3
    return (f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{text}</div></body></html>").encode()


def reports(run: subprocess.CompletedProcess[str]) -> dict[str, dict[str, object]]:
    return {row["source"]: row for row in json.loads(run.stdout)["sources"]}


def put(site: Replicas, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] = HTML) -> str:
    return site.add_raw("city", path, status, headers, body)


def source(id: str, url: str) -> Source:
    return Source(id=id, name=id, url=url)


def test_each_broken_list_is_one_line_and_the_good_one_is_read(
    city: Replicas, watch: Watch, policywatch: Policywatch
) -> None:
    """Loops, walls, empty and huge lists, lists behind robots.txt: named in the report, kept with the source."""
    put(city, "/robots.txt", b"User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"})
    good = put(city, "/good/1.html", article("关于产业发展的通知"))
    huge = b"<html>" + b" " * 30_000_000
    shield = "<html><body><h1>网站云防护系统</h1><p>拒绝执行</p></body></html>".encode()
    pages = {
        "good": (put(city, "/good/index.html", shows(good)), "ok", None),
        "itself": (put(city, "/itself/index.html", shows("/itself/index.html")), "empty", "0 article links"),
        "loop": (
            put(city, "/loop/index.html", b"", 302, {"Location": "/loop/index.html"}),
            "failed",
            "redirections",
        ),
        "empty": (put(city, "/empty/index.html", b""), "failed", "empty page"),
        "huge": (put(city, "/huge/index.html", huge), "failed", "larger than crawl.max_page"),
        "waf": (put(city, "/waf/index.html", shield), "blocked", "firewall"),
        "forbidden": (put(city, "/forbidden/index.html", b"no", 403), "blocked", "HTTP 403"),
        "busy": (put(city, "/busy/index.html", b"no", 429), "blocked", "slow down"),
        "down": (put(city, "/down/index.html", b"no", 503), "unreachable", "HTTP 503"),
        "gone": (put(city, "/gone/index.html", b"no", 404), "failed", "no such page"),
        "private": (put(city, "/private/index.html", shows(good)), "disallowed", "robots.txt"),
        "inward": (
            put(city, "/inward/index.html", b"", 302, {"Location": "http://0x0a000001/index.html"}),
            "failed",
            "private or loopback address",
        ),
        "scheme": (put(city, "/scheme/index.html", b"", 302, {"Location": "file:///etc/passwd"}), "failed", ""),
    }
    watch([source(id, url) for id, (url, _, _) in pages.items()])

    run = policywatch("crawl", "--json")

    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    rows = reports(run)
    found = {id: row["status"] for id, row in rows.items()}
    assert found == {id: status for id, (_, status, _) in pages.items()}, run.stderr
    for id, (_, status, reason) in pages.items():
        assert reason is None or reason in str(rows[id]["reason"]), rows[id]
        lines = [line for line in run.stderr.splitlines() if line.startswith(f"  {id}: ")]
        assert len(lines) == 1
        assert status == "ok" or str(rows[id]["reason"]) in lines[0]
    assert rows["good"]["new"] == 1
    asked = [path for path, _ in city.requests("city")]
    assert asked.count("/itself/index.html") == 1
    assert "/private/index.html" not in asked
    assert "disallowed: robots.txt" in policywatch("sources", "show", "private").stdout


def test_each_broken_article_costs_only_itself(city: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """Seven ways to be no article beside two that are; none is asked for again in the next crawl."""
    noise = bytes(place * place % 251 for place in range(20_000))
    bomb = gzip.compress(b"<html><body>" + b"<p>0</p>" * 5_000_000)
    bad = {
        "empty": put(city, "/a/2026/11/02/t_20261102_2.html", b""),
        "huge": put(city, "/a/2026/11/03/t_20261103_3.html", b"<html>" + b" " * 30_000_000),
        "noise": put(
            city,
            "/a/2026/11/04/t_20261104_4.html",
            b"<html><body><p>" + noise,
            headers={"Content-Type": "text/html; charset=x-klingon"},
        ),
        "loop": put(city, "/a/2026/11/05/t_20261105_5.html", b"", 302, {"Location": "t_20261105_5.html"}),
        "gone": put(city, "/a/2026/11/06/t_20261106_6.html", b"no", 404),
        "bomb": put(city, "/a/2026/11/07/t_20261107_7.html", bomb, headers={**HTML, "Content-Encoding": "gzip"}),
        "inward": put(city, "/a/2026/11/08/t_20261108_8.html", b"", 301, {"Location": "http://169.254.169.254/"}),
    }
    good = put(city, "/a/2026/11/01/t_20261101_1.html", article("关于集成电路产业的通知"), headers={})
    odd = put(
        city,
        "/a/2026/11/01/t_20261101_0.html",
        article("关于另一产业的通知").decode().encode("gb18030"),
        headers={"Content-Type": "text/html; charset=x-klingon"},
    )
    watch([source("mix", put(city, "/mix/index.html", shows(*bad.values(), good, odd)))])

    run = policywatch("crawl", "--json")

    assert run.returncode == 0, run.stderr
    row = reports(run)["mix"]
    assert (row["status"], row["new"], row["failed"], row["blocked"]) == ("ok", 2, len(bad), 0), run.stderr
    assert "Traceback" not in run.stderr
    for url in bad.values():
        assert sum(url in line for line in run.stderr.splitlines()) == 1, run.stderr
    assert str(row["reason"]).startswith(f"{len(bad)} not used: ")
    shown = policywatch("sources", "show", "mix").stdout
    assert all(url in shown for url in bad.values())
    titles = {one["title"] for one in json.loads(policywatch("articles", "--format", "json").stdout)}
    assert titles == {"关于集成电路产业的通知", "关于另一产业的通知"}
    before = len(city.requests("city"))
    again = reports(policywatch("crawl", "--json"))["mix"]
    assert (again["fetched"], again["failed"]) == (0, 0)
    assert len(city.requests("city")) == before + 2  # robots.txt and the list


def test_a_source_whose_articles_all_fail_has_failed(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """A changed template is not a quiet day; and after some walls in a row the rest is left alone."""
    broken = [put(few, f"/b/2026/11/0{n}/t_2026110{n}_{n}.html", b"<html><body></body></html>") for n in range(1, 6)]
    walled = [put(few, f"/c/2026/11/0{n}/t_2026110{n}_{n}.html", b"no", 412) for n in range(1, 8)]
    lists = [put(few, "/b/index.html", shows(*broken)), put(few, "/c/index.html", shows(*walled))]
    # Without any pause the next request may be under way before the third wall is told.
    polite = {"max_pages": 1, "delay": 0.2}
    watch([source("broken", lists[0]), source("walled", lists[1]), *few.sources()], crawl=polite)

    rows = reports(policywatch("crawl", "--json"))

    assert rows["broken"]["status"] == "failed"
    assert str(rows["broken"]["reason"]).startswith("none of 5 articles could be read: ")
    assert (rows["walled"]["status"], rows["walled"]["blocked"]) == ("blocked", 3)
    assert sum(path.startswith("/c/2026") for path, _ in few.requests("city")) == 3
    assert rows["demo-city"]["status"] == "ok"


def test_robots_txt_behind_a_fault_forbids_everything(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """A server that cannot say what is allowed is not read; one without a robots.txt is."""
    put(few, "/robots.txt", b"", 500)
    watch(few.sources())
    run = policywatch("crawl", "--json")
    assert run.returncode == 1
    row = reports(run)["demo-city"]
    assert row["status"] == "unreachable"
    assert "robots.txt answered HTTP 500" in str(row["reason"])
    assert {path for path, _ in few.requests("city")} == {"/robots.txt"}

    put(few, "/robots.txt", b"<html>404</html>", 404)
    assert reports(policywatch("crawl", "--json"))["demo-city"]["status"] == "ok"


def test_no_spelling_of_a_private_address_is_reached(city: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """Nothing is connected to unless allowed, whatever the address looks like or its name resolves to."""
    port = city.ports["city"]
    spellings = (
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "１２７.０.０.１",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "localhost",
    )
    watch(
        [source(f"s{place}", f"http://{host}:{port}/") for place, host in enumerate(spellings)],
        crawl={"allow_private": []},
    )

    run = policywatch("crawl", "--json")

    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    rows = reports(run)
    for place, host in enumerate(spellings):
        row = rows[f"s{place}"]
        assert row["status"] != "ok"
        assert "private or loopback address" in str(row["reason"]), (host, row)
    assert city.requests("city") == []


def test_a_list_that_a_script_draws_is_read_from_its_file(
    city: Replicas, watch: Watch, policywatch: Policywatch
) -> None:
    """As on gov.cn: the page is empty, the records lie in a JSON file beside it."""
    articles = [city.url(article.id) for article in city.articles[:2]]
    records = json.dumps([{"TITLE": f"第{n}篇", "URL": url} for n, url in enumerate(articles)])
    put(city, "/zuixin/ZUIXINZHENGCE.json", records.encode(), headers={"Content-Type": "application/json"})
    around = "<p>当前位置：首页 &gt; 政策 &gt; 最新政策，本栏目发布最新的行政法规和规范性文件。</p>" * 5
    page = f"<html><body>{around}<ul></ul><script>show('./ZUIXINZHENGCE.json')</script></body></html>"
    watch([source("drawn", put(city, "/zuixin/index.html", page.encode()))])
    (report,) = reports(policywatch("crawl", "--json")).values()
    assert report["new"] == len(articles), report
