"""A crawl of well-behaved sites: every article once, nothing asked for twice, and what a killed crawl leaves is made up."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from threading import Thread
from typing import TYPE_CHECKING

from monitor.demo import Replicas
from monitor.demo.content import ReplicaArticle
from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

Start = Callable[..., "subprocess.Popen[str]"]
LIST = "/zfxxgk/zcwj/index.shtml"
FRESH = ReplicaArticle(
    id="fresh",
    site="city",
    title="无锡市发布商业航天产业规划",
    paragraphs=(
        "记者从发布会上获悉，无锡市今天公布商业航天产业规划。",
        "规划提出，到2029年，无锡市商业航天产业规模达到420亿元，集聚重点企业150家。",
    ),
)


def counts(run: subprocess.CompletedProcess[str]) -> dict[str, dict[str, object]]:
    """What `crawl --json` says of each source."""
    return {row["source"]: row for row in json.loads(run.stdout)["sources"]}


def stored(policywatch: Policywatch) -> list[str]:
    """The addresses of all stored articles."""
    return sorted(row["url"] for row in json.loads(policywatch("articles", "--format", "json").stdout))


def published(sites: Replicas) -> list[str]:
    return sorted(sites.url(article.id) for article in sites.articles)


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until it is so; a process that ended without it never will."""
    while not reached():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def asked(sites: Replicas, site: str = "city") -> list[str]:
    return [path for path, _ in sites.requests(site)]


def test_articles_are_taken_once_and_the_site_is_asked_honestly(
    city: Replicas, watch: Watch, policywatch: Policywatch
) -> None:
    """The first crawl takes both pages of the list, the second asks only whether the list has changed."""
    watch(city.sources())
    first = policywatch("crawl", "--json")

    assert first.returncode == 0, first.stderr
    row = counts(first)["demo-city"]
    assert (row["status"], row["fetched"], row["new"], row["failed"], row["blocked"]) == (
        "ok",
        len(city.articles),
        len(city.articles),
        0,
        0,
    )
    assert stored(policywatch) == published(city)
    seen = city.requests("city")
    assert seen[0][0] == "/robots.txt"
    assert len({path for path, _ in seen}) == len(seen)
    for _, headers in seen:
        assert headers["User-Agent"].startswith("policywatch/")
        assert "tests@example.com" in headers["User-Agent"]
        assert "Content-Length" not in headers

    again = counts(policywatch("crawl", "--json"))["demo-city"]
    assert (again["status"], again["fetched"], again["new"]) == ("ok", 0, 0)
    assert asked(city)[len(seen) :] == ["/robots.txt", LIST]
    assert "If-None-Match" in city.requests("city")[-1][1]


def test_only_what_changed_is_taken_again(
    few: Replicas, watch: Watch, policywatch: Policywatch, days_pass: Callable[[float], None]
) -> None:
    """One more article is one new article; a revised one is read again, the others answer 304."""
    watch(few.sources())
    policywatch("crawl")
    shown = asked(few).count(LIST)
    fresh = few.publish(FRESH)
    changed = next(article for article in few.articles if article.id != "fresh")
    few.revise(changed.id, paragraphs=(*changed.paragraphs, "本通告自发布之日起施行。"))
    days_pass(1)

    row = counts(policywatch("crawl", "--json"))["demo-city"]

    assert (row["new"], row["failed"]) == (1, 0)
    assert row["unchanged"] == int(str(row["fetched"])) - 2  # all but the new and the revised one
    assert asked(few).count(LIST) == shown + 1
    assert stored(policywatch) == published(few)
    sightings = json.loads(policywatch("targets", "--format", "json").stdout)
    assert any(fresh == one["url"] for fact in sightings for one in fact["sightings"])


def test_one_command_reads_every_kind_of_site_and_says_what_is_wrong_with_the_others(
    sites: Replicas, watch: Watch, policywatch: Policywatch
) -> None:
    """List pages, boards, sitemaps in their charsets; two walled sites and a dead one are a line each."""
    sites.charset("magazine", "gb18030", declared="iso-8859-1")
    sites.wall("park", 412)
    sites.wall("zaker", 521)
    sites.down("stock")
    watch(sites.sources())

    run = policywatch("crawl", "--json")

    assert run.returncode == 0, run.stderr
    rows = counts(run)
    good = {"demo-city", "demo-magazine", "demo-discuz-36", "demo-discuz-40"}
    assert {id for id, row in rows.items() if row["status"] == "ok" and row["new"]} == good
    assert all(rows[id]["new"] == rows[id]["fetched"] for id in good)
    assert (rows["demo-park"]["status"], rows["demo-zaker"]["status"]) == ("blocked", "blocked")
    assert "412" in str(rows["demo-park"]["reason"])
    assert "521" in str(rows["demo-zaker"]["reason"])
    assert rows["demo-stock"]["status"] == "unreachable"
    assert "Traceback" not in run.stderr
    for id, row in rows.items():
        assert sum(id in line for line in run.stderr.splitlines()) == 1, run.stderr
        assert row["status"] == "ok" or str(row["reason"]) in run.stderr
    kept = {row["id"]: row for row in json.loads(policywatch("sources", "list", "--json").stdout)["sources"]}
    assert {id: (row["status"], row["reason"]) for id, row in rows.items()} == {
        id: (row["status"], row["reason"]) for id, row in kept.items()
    }


def test_due_sources_are_crawled_and_failing_ones_later_each_time(
    few: Replicas, watch: Watch, policywatch: Policywatch
) -> None:
    """`--due` leaves a source alone until its time has come; a crawl in which every site is dead has failed."""
    watch(few.sources())
    few.down("city")
    dead = policywatch("crawl", "--due")
    assert dead.returncode == 1
    assert dead.stderr.splitlines()[-1].startswith("Error: no source could be read")
    few.up("city")
    assert json.loads(policywatch("crawl", "--due", "--json").stdout) == {"sources": []}
    assert counts(policywatch("crawl", "demo-city", "--json"))["demo-city"]["new"] == len(few.articles)
    unknown = policywatch("crawl", "nowhere")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "Error: no source 'nowhere'; `policywatch sources list` names them all\n",
    )


def test_a_crawl_cut_short_is_made_up_for(city: Replicas, watch: Watch, policywatch: Policywatch, start: Start) -> None:
    """Killed in the middle, then run again: each article is stored once and none of either list page is missing."""
    watch(city.sources())
    city.slow("city", 0.05)
    crawl = start("crawl")
    wait_until(lambda: sum("/doc/" in path for path in asked(city)) >= 8, crawl)
    crawl.kill()
    crawl.wait()
    early = stored(policywatch)
    assert 0 < len(early) < len(city.articles)
    city.slow("city", 0.0)

    again = policywatch("crawl", "--json")

    assert again.returncode == 0, again.stderr
    assert stored(policywatch) == published(city)
    assert counts(again)["demo-city"]["new"] == len(city.articles) - len(early)
    done = counts(policywatch("crawl", "--json"))["demo-city"]
    assert (done["fetched"], done["new"]) == (0, 0)


def test_a_second_crawl_on_the_same_data_says_so(
    city: Replicas, watch: Watch, policywatch: Policywatch, start: Start
) -> None:
    watch(city.sources())
    city.slow("city", 0.3)
    crawl = start("crawl")
    wait_until(lambda: bool(asked(city)), crawl)

    second = policywatch("crawl")

    assert second.returncode == 1
    assert second.stderr.startswith("Error: another `policywatch crawl` works on ")
    city.slow("city", 0.0)
    assert crawl.wait() == 0
    assert stored(policywatch) == published(city)


def test_a_full_disk_is_one_line(
    city: Replicas, watch: Watch, policywatch: Policywatch, environment: dict[str, str]
) -> None:
    """What fits is kept, the crawl says what to do, and goes on when there is room again."""
    watch(city.sources())
    policywatch("db", "upgrade")
    limit = ["sh", "-c", 'ulimit -f 700; exec "$0" -m monitor crawl', sys.executable]

    full = subprocess.run(limit, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert full.returncode == 1, full.stderr
    assert full.stderr.splitlines()[-1].startswith("Error: ")
    assert "disk" in full.stderr.splitlines()[-1]
    assert "Traceback" not in full.stderr
    assert len(stored(policywatch)) < len(city.articles)
    assert policywatch("crawl").returncode == 0
    assert stored(policywatch) == published(city)


def test_an_article_on_two_lists_is_fetched_once(few: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """Two sources that name the same articles cost one request each."""
    source = few.sources()[0]
    paths = [few.url(article.id) for article in few.articles[:6]]
    rows = "".join(
        f'<li><a href="{path}#{place}">第{place}号通知公告正文标题</a></li>' for place, path in enumerate(paths)
    )
    page = f"<html><body><ul>{rows}</ul></body></html>".encode()
    other = few.add_raw("city", "/other/index.html", 200, {"Content-Type": "text/html; charset=utf-8"}, page)
    watch([source, Source(id="other", name="另一栏目", url=other)])

    rows_of = counts(policywatch("crawl", "--json"))

    assert int(str(rows_of["demo-city"]["new"])) + int(str(rows_of["other"]["new"])) == len(few.articles)
    assert rows_of["other"]["status"] == "ok"
    articles = [path.partition("?")[0] for path in asked(few) if "/doc/" in path]
    assert len(articles) == len(set(articles)) == len(few.articles)


def test_a_crawl_delay_is_obeyed(watch: Watch, policywatch: Policywatch) -> None:
    """robots.txt asks for a second between requests; the site never sees two that are closer."""
    moments: list[float] = []
    rows = "".join(f'<li><a href="/2026/0{n}/1{n}/t_{n}.html">第{n}次工作会议在无锡召开</a></li>' for n in (1, 2))

    class Slowly(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            moments.append(time.monotonic())
            text = "User-agent: *\nCrawl-delay: 1\n" if self.path == "/robots.txt" else f"<html><ul>{rows}</ul></html>"
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Slowly) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        watch([Source(id="slow", name="慢站", url=f"http://127.0.0.1:{server.server_port}/list.html")])
        policywatch("crawl")
        server.shutdown()

    assert len(moments) == 4
    assert all(later - earlier >= 0.95 for earlier, later in pairwise(moments))
