"""Saved files become Articles by their suffix; what cannot be read is refused by one line that names the file."""

import gzip
import io
import random
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from crawler.reading.documents import MOST_FILES, read_document
from crawler.reading.files import FILE_LIMIT, read_file
from crawler.reading.page import LARGEST
from monitor.errors import PageError
from tests.filemakers import (
    POLICY,
    make_compound,
    make_doc,
    make_docx,
    make_ofd,
    make_pdf,
    make_pdf_bomb,
    make_rtf,
    make_xls,
    make_xlsx,
    make_zip,
    repack,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PAGE = (
    "<html><head><title>全市新建中试基地</title></head><body><h1>全市新建中试基地</h1><p>2026-03-02 来源：临湖日报</p>"
    "<p>会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。</p></body></html>"
)


def _locked_doc() -> bytes:
    """A Word 97 file whose header says that it is encrypted."""
    content = bytearray(make_doc(POLICY))
    content[content.index(b"\xec\xa5\xc1\x00") + 11] |= 0x01
    return bytes(content)


def _locked_zip() -> bytes:
    content = make_zip({"a.doc": make_doc(POLICY)})
    local, central = content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8
    return b"".join((content[:local], b"\x01", content[local + 1 : central], b"\x01", content[central + 1 :]))


LOCKED_DOC, LOCKED_ZIP = _locked_doc(), _locked_zip()


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", PAGE.encode("gbk")),
        ("A.HTM", PAGE.encode()),
        ("a.html.gz", gzip.compress(PAGE.encode())),
    ],
)
def test_a_page_is_read_packed_or_not(tmp_path: Path, name: str, content: bytes) -> None:
    article = read_file(write(tmp_path, name, content), url="https://a.example/1.html", now=NOW)
    assert (article.title, article.published, article.publisher) == ("全市新建中试基地", "2026-03-02", "临湖日报")
    assert (
        article.text,
        article.url,
    ) == ("会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。", "https://a.example/1.html")


def test_a_text_gives_its_title_line_and_its_body(tmp_path: Path) -> None:
    article = read_file(write(tmp_path, "a.txt", "\ufeff 临湖要闻 \r\n\r\n　　第一段。\r\n\r\n第二段。\r\n"), now=NOW)
    assert (article.title, article.text) == ("临湖要闻", "第一段。\n第二段。")
    assert (article.published, article.publisher, article.url, article.region) == (None, None, None, None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-10", "2026-02-10"),
        ("2026-02-10 09:10", "2026-02-10T09:10:00+08:00"),
        ("2026年2月10日", "2026-02-10"),
        ("2026", "2026"),
        ("2026-02", "2026-02"),
    ],
)
def test_front_matter_serves_before_what_the_caller_says(tmp_path: Path, written: str, read: str) -> None:
    front = (
        f"---\npublished: {written}\npublisher: '临湖日报'\nurl: https://a.example/9.html\nregion: 320200\n\n---\n\n"
    )
    path = write(tmp_path, "a.txt", front + "题目\n\n正文一句。\n")
    article = read_file(path, url="https://b.example/", published="2020-01-01", now=NOW)
    assert (article.published, article.publisher, article.region) == (read, "临湖日报", "320200")
    assert (article.url, article.title, article.text) == ("https://a.example/9.html", "题目", "正文一句。")


def test_what_the_caller_says_serves_where_the_text_says_nothing(tmp_path: Path) -> None:
    article = read_file(
        write(tmp_path, "a.txt", "只有一段话，没有题目。"), title="题目", published="2020-01-01", now=NOW
    )
    assert (article.title, article.text, article.published) == ("题目", "只有一段话，没有题目。", "2020-01-01")


def test_a_pdf_gives_the_title_below_its_red_head_and_joined_lines(tmp_path: Path) -> None:
    article = read_file(write(tmp_path, "a.pdf", make_pdf(POLICY)), now=NOW)
    assert article.title == "市政府办公室关于印发临湖市低空经济三年行动方案的通知"
    assert article.text.split("\n")[-2:] == [
        "到2028年，全市低空经济规模突破300亿元，集聚企业200家。",
        "一、主要目标。建成起降点60个。",
    ]
    assert article.official
    assert article.official.number == "临政办发〔2026〕8号"


TITLE = "市政府办公室关于印发临湖市低空经济三年行动方案的通知"
AIM = "到2028年，全市低空经济规模突破300亿元，集聚企业200家。"
ROWS: list[tuple[str | float, ...]] = [("指标", "2027年"), ("基地", 12)]


def test_the_pages_of_a_document_begin_where_the_article_says(tmp_path: Path) -> None:
    """A sentence that runs over the border of two pages is whole; the page's number is no part of it."""
    pages = [*POLICY[:5], "— 1 —"], ["集聚企业200家，其中无人机企业不少于", "— 2 —"], ["80家。", "二、保障措施。", "3"]
    article = read_file(write(tmp_path, "a.pdf", make_pdf(*pages)), now=NOW)
    assert article.title == TITLE
    assert "规模突破300亿元，集聚企业200家，其中无人机企业不少于80家。\n二、保障措施。" in article.text
    places = [article.text.index(words) for words in ("到2028年", "集聚企业200家", "80家。")]
    assert [article.file_at(place) for place in places] == [(article.attachments[0], page) for page in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.ofd", make_ofd(POLICY), f"{AIM}\n一、主要目标。建成起降点60个。"),
        ("a.ofd", make_ofd(POLICY, signed=True), f"{AIM}\n一、主要目标。建成起降点60个。"),
        ("a.rtf", make_rtf([*POLICY[:2], TITLE, AIM]), AIM),
        ("a.doc", make_rtf([*POLICY[:2], TITLE, AIM], escaped=False), AIM),
        ("a.doc", make_doc([*POLICY[:2], TITLE, AIM]), AIM),
        ("a.wps", make_doc([*POLICY[:2], TITLE, AIM]), AIM),
        ("a.doc", make_docx([*POLICY[:2], TITLE, AIM]), AIM),
        ("a.docx", make_doc([*POLICY[:2], TITLE, AIM]), AIM),
    ],
)
def test_a_document_is_told_by_its_bytes(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    article = read_file(write(tmp_path, name, content), now=NOW)
    assert (article.title, article.text.split("\n", 2)[2]) == (TITLE, text)
    assert article.official
    assert article.official.number == "临政办发〔2026〕8号"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", make_xls("年度目标表", ROWS)),
        ("a.et", make_xls("年度目标表", ROWS)),
        ("a.xlsx", make_xlsx({"年度目标表": ROWS, "Sheet2": []})),
    ],
)
def test_a_spreadsheet_gives_its_rows(tmp_path: Path, name: str, content: bytes) -> None:
    article = read_file(write(tmp_path, name, content), now=NOW)
    assert (article.title, article.text) == ("年度目标表", "指标\t2027年\n基地\t12")


def test_a_word_file_gives_paragraphs_and_rows_in_order(tmp_path: Path) -> None:
    """What is printed at the head and foot of every page is not in the text."""
    rows = [("指标", "2027年"), ("基地", "12个")]
    packed = make_docx(["关于新建基地的通知", "各单位：", "", "任务见下表。"], rows, running="临湖市人民政府公报")
    article = read_file(write(tmp_path, "a.docx", packed), now=NOW)
    assert (article.title, article.text) == ("关于新建基地的通知", "各单位：\n任务见下表。\n指标\t2027年\n基地\t12个")


def test_a_rich_text_file_gives_its_paragraphs_and_rows(tmp_path: Path) -> None:
    """Characters whose second byte is a letter included: 镕 is 0xE946 in GBK, 丂 is 0x8140."""
    content = make_rtf(
        ["关于镕炉与丂字号企业的通报", "现将有关情况通报如下。"], [("企业", "产值"), ("镕新公司", "3亿元")]
    )
    article = read_file(write(tmp_path, "a.rtf", content), now=NOW)
    assert article.title == "关于镕炉与丂字号企业的通报"
    assert article.text.split("\n") == ["现将有关情况通报如下。", "企业\t产值", "镕新公司\t3亿元"]


def test_an_archive_gives_its_first_document_with_the_others_attached(tmp_path: Path) -> None:
    """Names in GBK are read, archives within opened, and what cannot be read is said."""
    inner = make_zip({"任务表.xls": make_xls("重点任务", [("任务", "建成起降点20个")])})
    files = {
        "1.docx": make_docx([TITLE, AIM]),
        "1.ofd": make_ofd([TITLE, AIM]),
        "AABB.doc": make_doc(["分工", "市发展改革委牵头。"]),
        "2.pdf": b"%PDF-1.7",
        "3.zip": inner,
        "4.rar": b"-",
    }
    packed = make_zip(files).replace(b"AABB.doc", "分工.doc".encode("gbk"))
    said: list[str] = []
    article = read_file(write(tmp_path, "a.zip", packed), now=NOW, warn=said.append)
    assert (article.title, article.text) == (
        TITLE,
        f"{AIM}\n附件：a.zip/分工\n分工\n市发展改革委牵头。\n附件：a.zip/3.zip/任务表\n重点任务\n任务\t建成起降点20个",
    )
    assert [one.name for one in article.attachments] == ["a.zip", "a.zip/分工.doc", "a.zip/3.zip/任务表.xls"]
    assert [article.text[one.start or 0 :][:2] for one in article.attachments] == ["到2", "分工", "重点"]
    assert said == [f"{tmp_path / 'a.zip'}: 2.pdf: damaged or unsupported PDF"]


def test_a_cell_that_claims_a_thousand_million_columns_is_read_once(tmp_path: Path) -> None:
    packed = make_docx(["关于新建基地的通知"], [("指标", "2027年")])
    with zipfile.ZipFile(io.BytesIO(packed)) as old:
        markup = old.read("word/document.xml").replace(b"</w:tcPr>", b'<w:gridSpan w:val="1000000000"/></w:tcPr>', 1)
    article = read_file(write(tmp_path, "a.docx", repack(packed, "word/document.xml", markup)), now=NOW)
    assert article.text == "指标\t2027年"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.rar", b"x", "cannot read this kind of file; readable are .html"),
        ("a.doc", b"x", "not a document file, or a damaged one"),
        ("a.doc", b"{\\rtf1 {\\info text}}", "holds no text"),
        ("a.rtf", b"{\\rtf1 \\uc text}", "damaged or unsupported rich text file"),
        ("a.rtf", b"{\\rtf1 " + b"x\\par " * 100_001 + b"}", "more than 100,000 lines"),
        ("a.doc", b"\n<html><body>", "a web page, not a document file"),
        ("a.doc", make_doc(POLICY)[:900], "neither a Word file nor a spreadsheet, or a damaged one"),
        ("a.doc", make_doc(POLICY)[:1600], "damaged or unsupported Word file"),
        ("a.doc", LOCKED_DOC, "locked by a password"),
        ("a.docx", make_compound({"EncryptedPackage": b"x"}), "locked by a password"),
        ("a.ofd", make_ofd(["图"]), "a scan"),
        ("a.ofd", repack(make_ofd(POLICY), "Doc_0/Pages/0.xml", b"<a/>" * 5_000_001), "more than the 20,000,000 that"),
        ("a.xlsx", repack(make_xlsx({"表": ROWS}), "xl/worksheets/sheet1.xml", b"<a/>" * 5_000_001), "more than the 20,"),
        ("a.ofd", make_zip({"OFD.xml": b"<OFD>"}), "damaged or unsupported OFD file"),
        ("a.xlsx", make_xlsx({"Sheet1": []}), "the spreadsheet holds no text"),
        ("a.xlsx", make_xlsx({"表": ROWS})[:-99], "damaged or unsupported spreadsheet"),
        ("a.zip", make_zip({}), "the archive is empty"),
        ("a.zip", make_zip({"a.txt": b"x"}), "the archive holds no document that is read"),
        ("a.zip", make_zip({"1.zip": make_zip({"2.zip": make_zip({"3.doc": b"x"})})}), "within more than 2 archives"),
        ("a.zip", make_zip({"1.zip": make_zip({"2.pdf": bytes(100_000_001)})}), "unpacks to more than the 100,000,000"),
        ("a.zip", LOCKED_ZIP, "locked by a password"),
        ("a.pdf", make_pdf_bomb(90_000_000), "the PDF unpacks to more than is read"),
        ("a.html", b"", "the page is empty"),
        ("a.html.gz", b"no gzip", "damaged gzip file"),
        ("a.html.gz", gzip.compress(PAGE.encode() * 9)[:-30], "its end is missing"),
        ("a.html.gz", gzip.compress(b" <p>" * (LARGEST // 4 + 1)), "more than the 20,000,000 that are read"),
        ("a.txt", b" \n", "the file is empty"),
        ("a.txt", b"\x00\x01\x02" * 99, "not a text"),
        ("a.txt", "只有题目", "no text found below the title line"),
        ("a.txt", "---\npublished: 2026-01-01\n---\n", "no title found"),
        ("a.txt", "---\npublished: 2026-01-01\n", "never closed"),
        ("a.txt", "---\nauthor: 张三\n---\n题目\n\n正文。", "unknown key 'author'; known are published, publisher"),
        ("a.txt", "---\npublished: 去年\n---\n题目\n\n正文。", "'去年' is no date"),
        ("a.txt", "---\npublished: 2031-01-01\n---\n题目\n\n正文。", "'2031-01-01' is no date up to today"),
        ("a.pdf", b"", "the file is empty"),
        ("a.pdf", b"%PDF-1.7\n" + b"\x07" * 5_000, "damaged or unsupported PDF"),
        ("a.pdf", make_pdf(POLICY)[:900], "damaged or unsupported PDF"),
        ("a.pdf", make_pdf(["图"]), "pictures of text"),
        ("a.pdf", make_pdf(POLICY, password="secret"), "locked by a password"),
        ("a.docx", b"PK\x03\x04 no zip", "damaged or unsupported Word file"),
        ("a.docx", make_docx(POLICY)[:-400], "damaged or unsupported Word file"),
        ("a.docx", repack(make_docx(POLICY), "word/document.xml", b"<w:document"), "damaged or unsupported Word file"),
        ("a.docx", repack(make_docx(POLICY), "word/media/1.bin", bytes(100_000_001)), "more than the 100,000,000 that"),
        ("a.docx", repack(make_docx(POLICY), "word/document.xml", b"<a/>" * 5_000_001), "more than the 20,000,000 that"),
        ("a.docx", make_docx([]), "the Word file holds no text"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_one_line(
    tmp_path: Path, name: str, content: bytes | str, problem: str
) -> None:
    path = write(tmp_path, name, content)
    with pytest.raises(PageError, match=problem) as refusal:
        read_file(path, now=NOW)
    assert str(refusal.value).startswith(f"{path}: ")
    assert "\n" not in str(refusal.value)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    with (tmp_path / "huge.pdf").open("wb") as huge:
        huge.truncate(FILE_LIMIT + 1)
    for name, problem in (("none.txt", "No such file"), ("folder.html", "directory"), ("huge.pdf", "larger than")):
        with pytest.raises(PageError, match=problem):
            read_file(tmp_path / name, now=NOW)


def test_of_a_report_without_end_the_first_pages_are_read(tmp_path: Path) -> None:
    line = "这一页说的是各板块推进新型工业化的情况，文字虽多而没有一处说到目标。"
    content = make_pdf(*[[f"第{number}部分", line] for number in range(10_000)])
    said: list[str] = []
    article = read_file(write(tmp_path, "a.pdf", content), now=NOW, warn=said.append)
    assert said == [f"{tmp_path / 'a.pdf'}: only the first 2000 of 10000 pages were read"]
    assert article.file_at(len(article.text) - 1) == (article.attachments[0], 2000)


def test_a_file_that_fills_the_memory_costs_its_reader_only(tmp_path: Path) -> None:
    """The process that reads is refused the memory, and the one that asked says so."""
    hungry = repack(make_ofd(POLICY), "Doc_0/Pages/0.xml", b"<a>" + b"<b/>" * 4_500_000 + b"</a>")
    path = write(tmp_path, "a.ofd", hungry)
    code = "import sys; from crawler.reading.extract import extract; extract(open(sys.argv[1], 'rb').read(), 'a.ofd')"
    command = ["sh", "-c", 'ulimit -v 300000; exec "$0" "$@"', sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert (
        done.stderr.splitlines()[-1] == "monitor.errors.PageError: a.ofd: reading it takes more memory than is allowed"
    )


def test_an_archive_of_many_files_is_read_in_part() -> None:
    files = {f"{number}.doc": make_doc([f"第{number}号通知", AIM]) for number in range(MOST_FILES + 9)}
    read = read_document("a.zip", make_zip(files), until=monotonic() + 60)
    assert len(read) == MOST_FILES
    assert read[0].warnings == (f"only the first {MOST_FILES} of {MOST_FILES + 9} files were read",)


def test_when_time_is_up_what_was_read_is_kept() -> None:
    """One page of a document, one file of an archive: more is not begun."""
    until = monotonic() - 1
    (printed,) = read_document("a.pdf", make_pdf(POLICY, POLICY), until=until)
    assert printed.warnings == ("only the first 1 of 2 pages were read",)
    with pytest.raises(PageError, match=r"1\.doc: not read, the archive takes too long"):
        read_document("a.zip", make_zip({"1.doc": make_doc(POLICY)}), until=until)


def test_a_folder_of_files_is_not_where_the_reader_looks_for_its_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zipfile.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_file(write(tmp_path, "a.pdf", make_pdf(POLICY)), now=NOW).title == TITLE


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("a.pdf", make_pdf(POLICY)),
        ("a.docx", make_docx(POLICY, [("指标", "12个")])),
        ("a.doc", make_doc(POLICY)),
        ("a.xls", make_xls("目标", ROWS)),
        ("a.xlsx", make_xlsx({"目标": ROWS})),
        ("a.ofd", make_ofd(POLICY, signed=True)),
        ("a.rtf", make_rtf(POLICY, ROWS)),
        ("a.zip", make_zip({"a.ofd": make_ofd(POLICY), "a.doc": make_doc(POLICY)})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_document_is_read_or_refused(name: str, whole: bytes) -> None:
    dice = random.Random(11)  # noqa: S311  # the same damage at each run
    until = monotonic() + 60
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            assert read_document(name, bytes(damaged), until=until)
        except PageError as refusal:
            assert "\n" not in refusal.problem  # noqa: PT017  # either outcome is right, a traceback is not
