"""`analyze` and `ingest` answer for every file: one line for what cannot be read, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

POLICYWATCH = Path(sys.executable).with_name("policywatch")
PAGE = (
    "<html><head><title>全市新建中试基地</title></head><body><h1>全市新建中试基地</h1><p>2026-03-02 来源：临湖日报</p>"
    "<p>会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。</p></body></html>"
)
LIST = "<html><title>通知公告</title><body>" + "".join(
    f"<li><a href='/{number}.html'>关于开展第{number}次检查的通知</a>2026-03-0{number}</li>" for number in range(1, 9)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One page that can be read among all kinds of files that cannot."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, content in {
        "good.html": PAGE.encode("gbk"),
        "empty.html": b"",
        "huge.html": b"<p>" * 10_000_000,
        "list.html": LIST.encode(),
        "rubbish.html": bytes(range(128, 256)) * 4_000,
        "broken.pdf": b"%PDF-1.7 and no more",
        "wall.html": "<html><title>安全验证</title><body><p>当前环境异常，完成验证后即可继续访问，请谅解。</p>".encode(),
    }.items():
        (pages / name).write_bytes(content)
    (pages / "notes.md").write_text("not a page", encoding="utf-8")
    return pages


def run(*arguments: object, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [POLICYWATCH, *map(str, arguments), "--data", str(data)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_analyze_answers_for_every_file_in_order(folder: Path, tmp_path: Path) -> None:
    files = [path for path in sorted(folder.iterdir()) if path.suffix != ".md"]
    done = run("analyze", *files, "--jsonl", data=tmp_path / "data")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["document"]["path"] for answer in answers] == [str(path) for path in files]
    errors = {Path(answer["document"]["path"]).name: answer["error"] for answer in answers if "error" in answer}
    for name, problem in {
        "empty.html": "the page is empty",
        "huge.html": "30,000,000 bytes, more than the 20,000,000 that are read",
        "list.html": "no article text found; is it a list",
        "rubbish.html": "cannot be decoded in any known charset",
        "broken.pdf": "damaged or unsupported PDF",
        "wall.html": "an error page, not an article",
    }.items():
        assert problem in errors.pop(name)
    assert not errors
    assert len(done.stderr.splitlines()) == 6
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_analyze_gives_the_page_as_the_contract_says(folder: Path, tmp_path: Path) -> None:
    done = run("analyze", folder / "good.html", "--json", "--url", "https://a.example/1.html", data=tmp_path / "data")
    document = json.loads(done.stdout)["document"]
    assert document == {
        "path": str(folder / "good.html"),
        "url": "https://a.example/1.html",
        "title": "全市新建中试基地",
        "published": "2026-03-02",
        "publisher": "临湖日报",
        "author": None,
        "charset": "gb18030",
        "text": "会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。",
        "attachments": [],
        "official": None,
    }
    assert done.returncode == 0


@pytest.mark.parametrize("day", ["not-a-day", "2026-02-30", "2990-01-01"])
def test_analyze_refuses_a_date_that_is_none(folder: Path, tmp_path: Path, day: str) -> None:
    done = run("analyze", folder / "good.html", "--published", day, data=tmp_path / "data")
    assert done.returncode == 2
    assert f"'{day}' is no date up to today" in done.stderr


def test_ingest_takes_a_folder_and_goes_on_past_what_it_cannot_read(folder: Path, tmp_path: Path) -> None:
    done = run("ingest", folder, data=tmp_path / "data")
    assert done.stdout.startswith("1 read, 1 new articles, ")
    assert done.stdout.endswith(" new facts, 6 could not be read\n")
    assert len(done.stderr.splitlines()) == 6
    assert "notes.md" not in done.stderr
    assert done.returncode == 0


def test_ingest_names_a_missing_path_before_it_reads_anything(folder: Path, tmp_path: Path) -> None:
    done = run("ingest", folder, tmp_path / "none", data=tmp_path / "data")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"Error: {tmp_path / 'none'}: no such file or folder"]
