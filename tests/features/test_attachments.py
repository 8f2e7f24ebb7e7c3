"""What an official document hands out is read with it: its files, its later pages, or itself where it is a file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from monitor.demo import Replicas
from monitor.domain import Source
from tests.filemakers import make_docx, make_ofd, make_pdf, make_rtf, make_xls, make_zip

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

PAGE = (
    "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>2026-11-20 来源：无锡市工业和信息化局</p><div>"
    "<p>各市（县）区工信局，各有关单位：</p><p>现将{title}印发给你们，请结合实际认真贯彻落实，有关情况及时报送市局。</p>{more}</div></body></html>"
)
TITLE = "无锡市低空经济行动方案"
COVER = "现将无锡市低空经济行动方案印发给你们，请结合实际认真贯彻落实，有关情况及时报送市局。"
AIM = "到2028年，无锡市低空经济规模突破300亿元。"
LAST = "二、保障措施。市工业和信息化局牵头建立工作专班，各市（县）区明确责任单位和联系人。"
PART = "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>2026-11-20</p><div>{more}</div></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Board:
    """A list on a replica's host whose articles and files are these very bytes."""

    def __init__(self, sites: Replicas, data: Path) -> None:
        self._sites, self._data = sites, data
        self.source = Source(id="files", name="文件", url=self.put("/wj/index.html", b""), region="无锡市")
        self._rows = ""

    def put(self, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] = HTML) -> str:
        return self._sites.add_raw("city", path, status, headers, body)

    def row(self, path: str, title: str = TITLE) -> None:
        self._rows += f'<li><a href="{path}">{title}</a><span>2026-11-20</span></li>'
        self.put("/wj/index.html", f"<html><body><ul>{self._rows}</ul></body></html>".encode())

    def article(self, more: str = "", path: str = "/wj/2026/1120/71001.html", title: str = TITLE) -> None:
        if f'"{path}"' not in self._rows:
            self.row(path, title)
        self.put(path, PAGE.format(title=title, more=more).encode())

    def file(self, name: str, content: bytes, status: int = 200) -> str:
        """Serve a file and return the link to it."""
        self.put(f"/wj/files/{quote(name)}", content, status, {"Content-Type": "application/octet-stream"})
        return f'<p><a href="/wj/files/{name}">附件：{name}</a></p>'

    def asked(self, part: str = "/wj/files/") -> list[str]:
        return [path for path, _ in self._sites.requests("city") if part in path]

    def stored(self, query: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self._data / "policywatch.sqlite")) as db:
            return db.execute(query).fetchall()

    def text(self) -> str:
        ((text,),) = self.stored("SELECT text FROM article")
        return text

    def problems(self) -> dict[str, str]:
        """Problems by the last part of the address."""
        rows = self.stored("SELECT url, problem FROM issue ORDER BY id")
        return {url.rpartition("/")[2]: problem for url, problem in rows}


@pytest.fixture
def board(few: Replicas, data: Path) -> Board:
    return Board(few, data)


def test_facts_are_found_in_attached_files(board: Board, watch: Watch, policywatch: Policywatch) -> None:
    """Each file stands below the cover note under its name; facts quote it; all is kept as it was sent."""
    plan = make_pdf([TITLE, f"一、主要目标。{AIM}", "1"], ["建成起降点60个，集聚低空经济企业200家。", "2"], [LAST])
    table = make_xls("任务分工", [("任务", "牵头单位"), ("起降点", "市交通局")])
    board.article(board.file("方案.pdf", plan) + board.file("分工.xls", table))
    watch([board.source])
    run = policywatch("crawl", "--json")

    assert run.returncode == 0, run.stderr
    assert board.text() == (
        f"各市（县）区工信局，各有关单位：\n{COVER}\n附件：方案.pdf\n附件：分工.xls\n"
        f"附件：方案\n{TITLE}\n一、主要目标。{AIM}\n建成起降点60个，集聚低空经济企业200家。\n{LAST}\n"
        "附件：分工\n任务分工\n任务\t牵头单位\n起降点\t市交通局"
    )
    facts = json.loads(policywatch("targets", "--format", "json").stdout)
    assert any(AIM in one["sentence"] + "。" for fact in facts for one in fact["sightings"])
    assert len(board.stored("SELECT hash FROM raw_page")) == 3
    ((attachments,),) = board.stored("SELECT attachments FROM article")
    pdf = json.loads(attachments)[0]
    assert [board.text()[page:][:5] for page in pdf["pages"]] == [TITLE[:5], "建成起降点", LAST[:5]]


def test_a_page_that_only_shows_a_document_is_read_with_it(
    board: Board, watch: Watch, policywatch: Policywatch
) -> None:
    """In a viewer's frame, as many sites print their notices; a signed document and a rich text file beside it."""
    board.put("/wj/files/plan.pdf", make_pdf([TITLE, AIM, LAST]), headers={})
    frame = '<iframe src="/pdfjs/web/viewer.html?file=/wj/files/plan.pdf" width="100%" height="900"></iframe>'
    page = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>2026-11-20 来源：无锡市工业和信息化局</p><div>{frame}</div></body></html>"
    board.row("/wj/2026/1120/71001.html")
    board.put("/wj/2026/1120/71001.html", page.encode())
    others = board.file("盖章.ofd", make_ofd([TITLE, AIM], signed=True))
    others += board.file("说明.rtf", make_rtf(["集聚低空经济企业200家。"]))
    board.article(others, "/wj/2026/1120/71002.html", "无锡市低空经济起降点建设方案")
    watch([board.source])
    run = policywatch("crawl", "--json")

    assert run.returncode == 0, run.stderr
    texts = [text for (text,) in board.stored("SELECT text FROM article ORDER BY url")]
    assert texts[0] == f"plan.pdf\n附件：plan\n{TITLE}\n{AIM}\n{LAST}"
    sealed, explained = texts[1].partition("附件：盖章\n")[2].split("\n附件：说明\n")
    assert AIM in sealed
    assert explained == "集聚低空经济企业200家。"
    assert board.problems() == {}


def test_a_file_is_fetched_once(
    board: Board, watch: Watch, policywatch: Policywatch, days_pass: Callable[[float], None]
) -> None:
    """Not again when its article is unchanged, nor when it has changed: then the bytes that were kept are read."""
    board.article(board.file("方案.docx", make_docx([TITLE, AIM])))
    watch([board.source])
    policywatch("crawl")
    days_pass(1)
    policywatch("crawl")
    before = board.text()
    board.article(
        board.file("方案.docx", b"changed") + "<p>本方案自印发之日起施行，此前规定与本方案不一致的，以本方案为准。</p>"
    )
    days_pass(2)
    policywatch("crawl")

    assert board.asked() == ["/wj/files/%E6%96%B9%E6%A1%88.docx"]
    assert AIM in before
    assert AIM in board.text()
    assert "自印发之日起施行" in board.text()


def test_a_file_that_cannot_be_read_costs_itself(board: Board, watch: Watch, policywatch: Policywatch) -> None:
    """One line for each, and the article is stored with what could be read."""
    board.article(
        board.file("broken.pdf", b"%PDF-1.7 no more")
        + board.file("locked.pdf", make_pdf([TITLE], password="secret"))
        + board.file("scan.pdf", make_pdf(["图"]))
        + board.file("page.doc", b"<html><body>" + "请先登录。".encode() * 99)
        + board.file("gone.doc", b"", 404)
        + board.file("large.zip", make_zip({"1.bin": b""}) + bytes(200_000))
        + board.file("good.ofd", make_ofd([TITLE, AIM]))
        + board.file("same.wps", make_ofd([TITLE, AIM]))
    )
    watch([board.source], crawl={"max_attachment": 100_000})
    run = policywatch("crawl", "--json")

    assert json.loads(run.stdout)["sources"][0]["status"] == "ok"
    assert json.loads(run.stdout)["sources"][0]["failed"] == 0
    problems = board.problems()
    assert problems == {
        "broken.pdf": "attached file: damaged or unsupported PDF",
        "locked.pdf": "attached file: the PDF is locked by a password",
        "scan.pdf": "attached file: a scan: the PDF holds pictures of text, which are not read",
        "page.doc": "attached file: a web page, not a document file",
        "gone.doc": "attached file: gone_404: no such page (HTTP 404)",
        "large.zip": "attached file: larger than the 100,000 bytes of crawl.max_attachment",
    }
    assert sum("attached file" in line for line in run.stderr.splitlines()) == len(problems)
    assert "Traceback" not in run.stderr
    assert board.text().count(AIM) == 1


def test_a_file_missed_for_now_is_asked_for_when_its_article_is(
    board: Board, watch: Watch, policywatch: Policywatch, days_pass: Callable[[float], None]
) -> None:
    board.article(board.file("plan.docx", b"", 503))
    watch([board.source])
    policywatch("crawl")
    before = board.text()
    board.file("plan.docx", make_docx([TITLE, AIM]))
    days_pass(1)
    policywatch("crawl")

    assert AIM not in before
    assert board.text().endswith(f"附件：plan\n{TITLE}\n{AIM}")


def test_a_host_that_refuses_a_file_is_asked_for_no_other(board: Board, watch: Watch, policywatch: Policywatch) -> None:
    board.article(board.file("one.docx", b"", 403) + board.file("two.docx", make_docx([TITLE, AIM])))
    watch([board.source])
    run = policywatch("crawl", "--json")

    assert (json.loads(run.stdout)["sources"][0]["status"], json.loads(run.stdout)["sources"][0]["new"]) == ("ok", 1)
    assert board.asked() == ["/wj/files/one.docx"]
    problems = board.problems()
    assert problems["one.docx"].startswith("attached file: waf_403: ")
    assert problems["two.docx"] == "attached file: not asked for: its host refused another file"


@pytest.mark.parametrize(("official", "most"), [(False, 1_000_000), (True, 0)])
def test_files_are_left_alone(board: Board, watch: Watch, policywatch: Policywatch, official: bool, most: int) -> None:
    """Those of second-hand sites, and all where the settings say so."""
    board.article(board.file("plan.docx", make_docx([TITLE, AIM])))
    source = Source(id="files", name="文件", url=board.source.url, official=official)
    watch([source], crawl={"max_attachment": most})
    policywatch("crawl")

    assert board.asked() == []
    assert COVER in board.text()


def test_an_article_over_several_pages_is_one(board: Board, watch: Watch, policywatch: Policywatch) -> None:
    """All its parts, in their order; a part that is missing ends it in one line."""
    pager = '<p><a href="71001.html">1</a> <a href="71001_2.html">2</a> <a href="71001_2.html">下一页</a></p>'
    later = '<p><a href="71001.html">1</a> <a href="71001_2.html">2</a> <a href="71001_3.html">3</a> <a href="71001_4.html">4</a></p>'
    other = '<p><a href="/wj/2026/1120/71002.html">下一篇</a></p>'
    board.article(f"{pager}{other}")
    parts = [f"<p>{AIM}</p>", "<p>到2030年，无锡市建成低空起降点100个，形成覆盖全市的起降网络。</p>"]
    for number, more in enumerate(parts, 2):
        board.put(f"/wj/2026/1120/71001_{number}.html", PART.format(title=TITLE, more=more + later).encode())
    watch([board.source])
    run = policywatch("crawl", "--json")

    assert run.returncode == 0, run.stderr
    assert board.text().split("\n") == [COVER, AIM, "到2030年，无锡市建成低空起降点100个，形成覆盖全市的起降网络。"]
    assert board.problems() == {"71001_4.html": "a later part of an article: gone_404: no such page (HTTP 404)"}
    assert [path.rpartition("/")[2] for path in board.asked("/71001_")] == [f"71001_{n}.html" for n in (2, 3, 4)]


def test_a_row_that_leads_to_a_file_is_an_article(board: Board, watch: Watch, policywatch: Policywatch) -> None:
    board.put("/wj/2026/1120/P71001.pdf", make_pdf([TITLE, AIM, "本方案自2026年12月1日起施行。"]), 200, {})
    board.row("/wj/2026/1120/P71001.pdf")
    watch([board.source])
    run = policywatch("crawl", "--json")

    assert json.loads(run.stdout)["sources"][0]["new"] == 1, run.stderr
    assert board.stored("SELECT title, published FROM article") == [(TITLE, "2026-11-20")]
    assert board.text().startswith(AIM)
