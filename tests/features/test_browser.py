"""Lists that only a script shows: drawn by the system's Chromium for sources that say so, with every request of the page made
by the crawl itself. The site is on loopback and its rows come by fetch() from an interface that no family knows.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.browser import missing
from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

needs_browser = pytest.mark.skipif(missing() is not None, reason=f"no browser here: {missing()}")
TITLES = [f"关于印发第{number}批智能工厂培育方案的通知" for number in range(1, 7)]
DRAWS = """
fetch('/data/list?p=' + (new URLSearchParams(location.search).get('p') || 1))
  .then(answer => answer.json())
  .then(rows => {
    for (const row of rows) {
      const line = document.createElement('li');
      line.innerHTML = `<a href="${row.path}">${row.name}</a><span>${row.day}</span>`;
      document.querySelector('#list').append(line);
    }
    document.querySelector('#pager').innerHTML = PAGER;
  });
"""
LAST = "''"
ONWARD = "location.search ? '' : '<a href=\"/column/?p=2\">下一页</a>'"


class Site:
    """A site whose pages are told by path, with a record of what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.script = DRAWS.replace("PAGER", LAST)
        self.robots = ""
        self.markup = "<ul id='list'></ul><div id='pager'></div>"
        self.base = ""
        self.at_once = 0  # requests being answered, and the most there ever were
        self.most_at_once = 0

    def answer(self, path: str) -> tuple[int, str, str] | None:
        """Status, kind and content."""
        if path == "/robots.txt":
            return 200, "text/plain", self.robots
        if path.startswith("/column/"):
            return (
                200,
                "text/html",
                f"<html><head><script src='/js/list.js' defer></script></head><body>{self.markup}</body></html>",
            )
        if path == "/js/list.js":
            return 200, "text/javascript", self.script
        if path.startswith("/data/list"):
            numbers = range(1, 5) if path.endswith("p=1") else range(4, 7)
            rows = [{"path": f"/doc/{n}.html", "name": TITLES[n - 1], "day": f"2026-11-{20 - n:02}"} for n in numbers]
            return 200, "application/json", json.dumps(rows)
        if path.startswith("/doc/"):
            return 200, "text/html", article(int(path[5:-5]))
        return None


def article(number: int) -> str:
    title = TITLES[number - 1]
    text = f"<p>为推动制造业转型，现将第{number}批智能工厂培育方案印发给你们，请结合实际认真执行。</p><p>到2028年，全区建成智能工厂{number}20家，规上工业产值达到{number}300亿元。</p>"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>发布日期：2026-11-{20 - number:02}</p>{text * 2}</body></html>"


@contextmanager
def served(site: Site) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.agents.add(self.headers.get("User-Agent", ""))
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
            time.sleep(0.03)
            status, kind, text = site.answer(self.path) or (404, "text/plain", "no")
            body = text.encode()
            site.at_once -= 1
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Questions are not printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    site.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site.base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with served(made):
        yield made


def column(site: Site, **more: object) -> Source:
    return Source(id="column", name="培育方案", url=f"{site.base}/column/", browser=True, **more)  # type: ignore[arg-type]


def crawled(policywatch: Policywatch) -> dict[str, object]:
    run = policywatch("crawl", "--json")
    report: dict[str, object] = json.loads(run.stdout)["sources"][0]
    return report | {"stderr": run.stderr}


def browsers(folder: Path) -> list[str]:
    """The command lines of the browsers at work whose profile lies in the folder for temporary files."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().decode(errors="replace") if entry.name.isdigit() else ""
        except OSError:
            continue
        if "chrom" in line and f"--user-data-dir={folder}" in line:
            found.append(line)
    return found


def wait_for(happens: Callable[[], object], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not happens() and time.monotonic() < limit:
        time.sleep(0.1)
    assert happens()


@pytest.fixture
def temporary(environment: dict[str, str]) -> Iterator[Path]:
    """Where the commands of a test put their temporary files, the profiles of browsers among them: a short path, because
    Chromium keeps a socket there."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        environment["TMPDIR"] = folder
        yield Path(folder)


def test_a_list_that_a_script_draws_is_named_with_what_to_do(
    site: Site, watch: Watch, policywatch: Policywatch
) -> None:
    """Without a browser the page shows no article; the probe says that one may draw it, and how."""
    watch([])
    url = f"{site.base}/column/"
    found = json.loads(policywatch("sources", "probe", url, "--json").stdout)
    assert (found["status"], found["links"], found["browser"]) == ("empty", [], False)
    assert f"policywatch sources add {url} --browser" in found["reason"]
    assert site.asked.count("/data/list?p=1") == 0


@pytest.mark.parametrize("lacking", ["program", "package"])
def test_what_is_missing_is_said_in_one_line(
    site: Site, watch: Watch, policywatch: Policywatch, environment: dict[str, str], tmp_path: Path, lacking: str
) -> None:
    """Where the package or the program is not there, probe and crawl say what to install, and other sources go on."""
    if lacking == "program":
        environment["PATH"] = str(tmp_path)
    else:
        (tmp_path / "hide").mkdir()
        hidden = "import importlib.util as u\nfind = u.find_spec\nu.find_spec = lambda name, *a: None if name == 'playwright' else find(name, *a)\n"
        (tmp_path / "hide" / "sitecustomize.py").write_text(hidden)
        environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "hide")
    wanted = {"program": "Chromium", "package": "policywatch[browser]"}[lacking]
    watch([column(site)])
    run = policywatch("sources", "probe", f"{site.base}/column/", "--browser")
    assert run.returncode == 1
    assert wanted in run.stderr
    assert "Traceback" not in run.stderr
    report = crawled(policywatch)
    assert report["status"] == "failed"
    assert wanted in str(report["reason"])
    found = json.loads(policywatch("doctor", "--json").stdout)["findings"]
    (fault,) = (one for one in found if one["part"] == "browser")
    assert (fault["state"], wanted in fault["detail"]) == ("fault", True)


@needs_browser
def test_a_drawn_list_is_added_and_crawled_page_by_page(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    """The browser draws page one and the page that its pager names; what is kept says that a browser is used."""
    site.script = DRAWS.replace("PAGER", ONWARD)
    watch([], crawl={"max_pages": 2})
    run = policywatch("sources", "add", f"{site.base}/column/", "--browser", "--json")
    added = json.loads(run.stdout)
    found = added["probe"]
    assert (found["status"], found["family"], found["browser"]) == ("ok", "rows", True), found
    assert [link["title"] for link in found["links"]] == TITLES[:4]
    assert found["next_page"] == f"{site.base}/column/?p=2"
    assert "智能工厂" in found["sample"]["text"]
    assert "browser = true" in Path(added["file"]).read_text(encoding="utf-8")

    report = crawled(policywatch)
    assert (report["status"], report["new"], report["reason"]) == ("ok", 6, None), report["stderr"]
    stored = json.loads(policywatch("articles", "--format", "json").stdout)
    assert {one["title"] for one in stored} == set(TITLES)

    assert policywatch("sources", "edit", added["id"], "--no-browser").returncode == 0
    assert "browser" not in policywatch("sources", "show", added["id"]).stdout.partition("#")[0]


class Framed(Site):
    """A column whose script opens a frame, in which another page's script draws the list."""

    def answer(self, path: str) -> tuple[int, str, str] | None:
        if path != "/column/":
            return super().answer(path)
        opens = "document.body.append(Object.assign(document.createElement('iframe'), {src: '/column/inner?p=1'}))"
        return 200, "text/html", f"<html><body><h2>培育方案</h2><script>{opens}</script></body></html>"


@needs_browser
def test_a_list_in_a_frame_is_drawn_as_a_page_of_its_own(watch: Watch, policywatch: Policywatch) -> None:
    """And the pager of the frame's page leads on."""
    site = Framed()
    site.script = DRAWS.replace("PAGER", ONWARD.replace("location.search", "location.search != '?p=1'"))
    with served(site):
        watch([column(site)], crawl={"max_pages": 2})
        run = policywatch("sources", "probe", f"{site.base}/column/", "--browser", "--json")
        report = crawled(policywatch)
    found = json.loads(run.stdout)
    assert (found["status"], [link["title"] for link in found["links"]]) == ("ok", TITLES[:4]), found
    assert found["next_page"] == f"{site.base}/column/?p=2"
    assert (report["status"], report["new"], report["reason"]) == ("ok", 6, None), report["stderr"]


@needs_browser
def test_whatever_the_page_asks_for_is_asked_by_the_crawl(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    """One visitor with one name; no picture, style, font, frame or beacon is fetched, and nothing gets out beside it."""
    outside = Site()
    with served(outside) as other:
        port = other.rpartition(":")[2]
        site.markup += f"""<img src='/seal.png'><link rel=stylesheet href='/style.css'><iframe src='/frame.html'></iframe>
            <link rel=preconnect href='{other}'><video src='/film.mp4'></video>"""
        site.script = f"""
            try {{ new WebSocket('ws://127.0.0.1:{port}/socket') }} catch (refused) {{}}
            navigator.sendBeacon('/beacon', 'seen');
            navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => 0);
            const call = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{port}'}}]}});
            call.createDataChannel('x'); call.createOffer().then(offer => call.setLocalDescription(offer));
            fetch('/data/list?p=1', {{method: 'DELETE'}}).catch(() => 0);
            for (let page = 2; page < 7; page++) fetch('/data/list?p=' + page);
            {site.script}"""
        watch([column(site)])
        report = crawled(policywatch)
        assert (report["status"], report["new"]) == ("ok", 4), report
        asked = [path for path in site.asked if not path.startswith("/doc/")]
        lists = [f"/data/list?p={page}" for page in range(1, 7)]
        assert sorted(asked) == sorted(["/robots.txt", "/column/", "/js/list.js", *lists])
        assert site.most_at_once == 1
        assert outside.asked == []
    assert {agent.partition("/")[0] for agent in site.agents} == {"policywatch"}


@needs_browser
def test_robots_txt_holds_for_what_the_page_asks_for(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    site.robots = "User-agent: *\nDisallow: /data/\n"
    watch([column(site)])
    report = crawled(policywatch)
    assert report["status"] == "empty"
    assert "robots.txt forbids this address" in str(report["reason"])
    assert "/data/" in str(report["reason"])
    assert not [path for path in site.asked if path.startswith("/data/")]


@needs_browser
def test_a_page_cannot_reach_what_the_crawl_may_not(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    """Another private network stays closed to a page of an allowed one, by number, by name and by redirect."""
    inside = Site()
    with served(inside) as other:
        port = other.rpartition(":")[2]
        site.script = f"""
            for (const name of ['127.0.0.2', '0x7f000002', '[::1]', 'localhost', '127.0.0.1:{port}'])
                fetch(`http://${{name.includes(':{port}') ? name : name + ':{port}'}}/data/list?p=1`, {{mode: 'no-cors'}}).catch(() => 0);
            {site.script}"""
        watch([column(site)], crawl={"allow_private": ["127.0.0.1/32"]})
        report = crawled(policywatch)
    assert (report["status"], report["new"]) == ("ok", 4), report
    # localhost and 127.0.0.1 are the allowed address; the others never got there.
    assert set(inside.asked) <= {"/robots.txt", "/data/list?p=1"}


@needs_browser
@pytest.mark.parametrize(
    ("behaves", "says"),
    [
        ("setTimeout(() => { for (;;); }, 300);", "drawn nothing after"),
        ("for (;;) document.body.append(new Array(9999999).join('x'));", ""),
        ("(function again() { fetch('/data/list?p=9&' + Math.random()).finally(again) })();", ""),
        ("setInterval(() => location.reload(), 50);", ""),
    ],
    ids=["hangs", "swells", "polls", "reloads"],
)
def test_a_page_that_never_ends_is_ended(
    site: Site, watch: Watch, policywatch: Policywatch, temporary: Path, behaves: str, says: str
) -> None:
    """It costs its own source and some seconds; nothing of the browser is left, and the next source is read."""
    site.script = behaves
    watch(
        [column(site), Source(id="plain", name="要闻", url=f"{site.base}/column/")],
        crawl={"browser_timeout": 8.0},
    )
    report = crawled(policywatch)
    assert report["status"] in ("failed", "empty"), report
    assert says in str(report["reason"])
    assert "Traceback" not in str(report["stderr"])
    assert len(site.asked) < 200
    wait_for(lambda: not browsers(temporary))


@needs_browser
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["asked", "killed"])
def test_a_crawl_that_is_stopped_leaves_no_browser_behind(
    site: Site, watch: Watch, start: Callable[..., subprocess.Popen[str]], temporary: Path, how: signal.Signals
) -> None:
    site.script = "for (;;);"
    watch([column(site)])
    crawl = start("crawl")
    wait_for(lambda: "/js/list.js" in site.asked)
    assert browsers(temporary)
    crawl.send_signal(how)
    crawl.wait(20)
    wait_for(lambda: not browsers(temporary))


@needs_browser
def test_an_answer_without_end_is_not_swallowed(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    plain = site.answer

    def swollen(path: str) -> tuple[int, str, str] | None:
        return (200, "application/json", f"[{'1,' * 3_000_000}1]") if path.startswith("/data/") else plain(path)

    site.answer = swollen  # type: ignore[method-assign]
    watch([column(site)])
    report = crawled(policywatch)
    assert report["status"] == "empty"
    assert "larger than the 5,000,000 bytes" in str(report["reason"])


@needs_browser
def test_a_wall_behind_the_page_is_named_and_left_alone(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    plain = site.answer

    def walled(path: str) -> tuple[int, str, str] | None:
        return (412, "text/html", "<html><script>$_ts={}</script></html>") if path.startswith("/data/") else plain(path)

    site.answer = walled  # type: ignore[method-assign]
    watch([column(site)])
    report = crawled(policywatch)
    assert (report["status"], str(report["reason"]).partition(":")[0]) == ("blocked", "ruishu_412")


@needs_browser
def test_a_page_with_nothing_but_its_script_is_drawn(site: Site, watch: Watch, policywatch: Policywatch) -> None:
    """An application's shell is 200 bytes without a word, which is no page for anybody else; its address may need its #."""
    site.markup = "<div id=app></div>"
    site.script = """
        if (location.hash === '#/notices') fetch('/data/list?p=1').then(answer => answer.json()).then(rows => {
            app.innerHTML = '<ul>' + rows.map(row => `<li><a href="${row.path}">${row.name}</a>${row.day}</li>`).join('') + '</ul>'
        });"""
    watch([])
    url = f"{site.base}/column/#/notices"
    shell = json.loads(policywatch("sources", "probe", url, "--json").stdout)
    assert shell["status"] == "empty"
    assert "stub_200" in shell["reason"]
    assert "--browser" in shell["reason"]
    drawn = json.loads(policywatch("sources", "probe", url, "--browser", "--json").stdout)
    assert (drawn["status"], len(drawn["links"])) == ("ok", 4), drawn
