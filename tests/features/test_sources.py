"""Looking at a site, adding it, and managing what is watched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monitor.demo import Replicas

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

FIELDS = (
    "url",
    "status",
    "reason",
    "family",
    "charset",
    "robots",
    "feeds",
    "sitemaps",
    "next_page",
    "links",
    "sample",
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


def probe(policywatch: Policywatch, *arguments: str | Path) -> dict[str, Any]:
    """What `sources probe --json` prints: one object, on one line."""
    run = policywatch("sources", "probe", *arguments, "--json")
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("\n") == 1
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def listed(policywatch: Policywatch) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in json.loads(policywatch("sources", "list", "--json").stdout)["sources"]}


def test_a_probe_shows_what_would_be_read(sites: Replicas, watch: Watch, policywatch: Policywatch) -> None:
    """Every kind of list, each with its family, its articles in page order, where it goes on, and a sample."""
    watch([])
    families = {
        "demo-city": "rows",
        "demo-discuz-40": "discuz",
        "demo-stock": "sitemap",
        "demo-park": "rows",
    }
    kept = {source.id: source for source in sites.sources()}
    for id, family in families.items():
        found = probe(policywatch, kept[id].url)
        assert [name for name in FIELDS if name not in found] == []
        assert (found["status"], found["robots"], found["family"]) == ("ok", "allowed", family)
        urls = [link["url"] for link in found["links"]]
        assert len(urls) == len(set(urls)) > 2
        published = {sites.url(article.id) for article in sites.articles}
        assert set(urls) <= published
        assert found["sample"]["title"]
        assert len(found["sample"]["text"]) > 40
        assert {"url", "title", "published"} == set(found["links"][0])
    city = probe(policywatch, kept["demo-city"].url)
    assert city["next_page"].endswith("/zfxxgk/zcwj/index_2.shtml")
    assert city["links"][0]["published"] >= city["links"][-1]["published"]
    stock = probe(policywatch, kept["demo-stock"].url.removesuffix("sitemap_index.xml"))
    assert any(address.endswith("/sitemap_index.xml") for address in stock["sitemaps"])


def test_a_probe_names_what_stands_in_the_way(
    city: Replicas, watch: Watch, policywatch: Policywatch, tmp_path: Path
) -> None:
    """The six outcomes of the contract; without --json anything but ok is a fault."""
    watch([])
    base = f"http://127.0.0.1:{city.ports['city']}"
    city.add_raw("city", "/wall", 412, HTML, b"no")
    city.add_raw("city", "/none/", 200, HTML, "<html><body><p>栏目建设中，敬请期待</p></body></html>".encode() * 80)
    city.add_raw("city", "/drawn/", 200, HTML, b"<html><body>" + b"<div id='app'></div>" * 200 + b"</body></html>")
    city.add_raw("city", "/robots.txt", 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /no/\n")
    outcomes = {
        f"{base}/wall": ("blocked", "412"),
        f"{base}/no/index.html": ("disallowed", "robots.txt"),
        f"{base}/none/": ("empty", "no article links found"),
        f"{base}/drawn/": ("unsupported", "drawn by a script"),
    }
    for url, (status, reason) in outcomes.items():
        found = probe(policywatch, url)
        assert found["status"] == status, found
        assert reason in found["reason"]
        assert found["links"] == []
    city.down("city")
    assert probe(policywatch, f"{base}/")["status"] == "unreachable"
    plain = policywatch("sources", "add", f"{base}/", "--yes")
    fault = f"Error: {base}/: unreachable: no connection to the host; nothing was saved\n"
    assert (plain.returncode, plain.stderr) == (1, fault)
    assert listed(policywatch) == {}

    saved = tmp_path / "list.html"
    rows = "".join(f"<li><a href='/2026/11/0{n}/t_{n}.html'>关于第{n}批项目的公告</a></li>" for n in range(1, 7))
    saved.write_bytes(f"<html><ul>{rows}</ul></html>".encode("gb18030"))
    found = probe(policywatch, saved, "--url", "https://www.example.gov.cn/tz/index.html")
    assert (found["status"], found["charset"], found["robots"]) == ("ok", "gb18030", None)
    assert [link["url"] for link in found["links"]] == [
        f"https://www.example.gov.cn/2026/11/0{n}/t_{n}.html" for n in range(1, 7)
    ]


def test_a_source_is_added_changed_and_taken_out(
    few: Replicas, watch: Watch, policywatch: Policywatch, data: Path
) -> None:
    """From its address to its first crawl and to its end, each change kept in the data folder."""
    watch([])
    url = few.sources()[0].url
    assert policywatch("sources", "add", url, "--region", "某某星球", "--yes").returncode == 1
    declined = policywatch("sources", "add", url, input="n\n")
    assert declined.returncode == 1
    assert listed(policywatch) == {}

    added = policywatch("sources", "add", url, "--region", "无锡", "--every", "2h", "--json")
    assert added.returncode == 0, added.stderr
    id = json.loads(added.stdout)["id"]
    row = listed(policywatch)[id]
    assert (row["url"], row["region"], row["every"], row["status"]) == (url, "无锡", 7200, None)
    assert "无锡市人民政府" in row["name"]  # the site's own title
    assert "watched already" in policywatch("sources", "add", url, "--yes").stderr
    assert policywatch("crawl", id).returncode == 0
    assert listed(policywatch)[id]["status"] == "ok"

    assert policywatch("sources", "edit", id, "--every", "1d", "--name", "无锡政策").returncode == 0
    row = listed(policywatch)[id]
    assert (row["every"], row["name"]) == (86400, "无锡政策")
    assert policywatch("sources", "edit", id, "--every", "soon").stderr.startswith("Error: ")
    policywatch("sources", "disable", id)
    assert json.loads(policywatch("crawl", "--json").stdout) == {"sources": []}
    assert "enabled = false" in policywatch("sources", "show", id).stdout
    policywatch("sources", "enable", id)
    assert "enabled" not in (data / "sources" / "own.toml").read_text(encoding="utf-8")
    assert policywatch("sources", "remove", id).returncode == 0
    assert policywatch("sources", "show", id).stderr.startswith(f"Error: no source '{id}'")


@pytest.mark.parametrize("form", ["toml", "csv", "opml"])
def test_sources_move_between_folders(
    form: str, sites: Replicas, watch: Watch, policywatch: Policywatch, tmp_path: Path
) -> None:
    """What is exported can be imported elsewhere, and again where it came from without a double."""
    watch(sites.sources())
    before = listed(policywatch)
    file = tmp_path / f"kept.{form}"
    file.write_text(policywatch("sources", "export", "--format", form).stdout, encoding="utf-8")

    again = policywatch("sources", "import", file)
    assert (again.returncode, again.stdout) == (0, f"{len(before)} sources taken over\n"), again.stderr
    assert set(listed(policywatch)) == set(before)

    watch([])
    assert policywatch("sources", "import", file).returncode == 0
    after = listed(policywatch)
    kept = ("name", "url") if form == "opml" else ("id", "name", "url", "region", "level", "every", "official")
    assert sorted([[str(row[key]) for key in kept] for row in after.values()]) == sorted(
        [[str(row[key]) for key in kept] for row in before.values()]
    )


def test_a_file_that_cannot_be_imported_changes_nothing(watch: Watch, policywatch: Policywatch, tmp_path: Path) -> None:
    """The line says which file, which source and which key."""
    watch([])
    faults = {
        "a.csv": ("name,url\n好站,https://a.example.cn/\n坏站,ftp://b.example.cn/\n", "source 2"),
        "b.toml": ('[[source]]\nname = "站"\nurl = "https://a.example.cn/"\nevry = "1h"\n', "did you mean 'every'"),
        "c.toml": ("source = 3\n", "[[source]]"),
        "d.opml": ("<opml><body>", "not XML"),
        "e.txt": ("x", "not a .toml, .csv or .opml file"),
    }
    for name, (text, words) in faults.items():
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        run = policywatch("sources", "import", file)
        assert run.returncode == 1
        assert run.stderr.startswith(f"Error: {file}")
        assert words in run.stderr
        assert run.stderr.count("\n") == 1
    assert listed(policywatch) == {}

    spreadsheet = tmp_path / "excel.csv"
    spreadsheet.write_bytes("name,url,region\n无锡发改委,https://drc.example.gov.cn/tz/,无锡\n".encode("gbk"))
    assert policywatch("sources", "import", spreadsheet).returncode == 0
    assert [row["name"] for row in listed(policywatch).values()] == ["无锡发改委"]
