"""Saved files become Articles by their suffix; what cannot be read is refused by one line that names the file."""

import gzip
import io
import random
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import docx
import pypdf
import pytest

from crawler.reading.files import FILE_LIMIT, read_file
from crawler.reading.page import LARGEST
from monitor.errors import PageError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PAGE = (
    "<html><head><title>全市新建中试基地</title></head><body><h1>全市新建中试基地</h1><p>2026-03-02 来源：临湖日报</p>"
    "<p>会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。</p></body></html>"
)
DOCUMENT = [
    "临湖市人民政府办公室文件",
    "临政办发〔2026〕8号",
    "市政府办公室关于印发临湖市低空经济",
    "三年行动方案的通知",
    "到2028年，全市低空经济规模突破300亿元，",
    "集聚企业200家。",
    "一、主要目标。建成起降点60个。",
]


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_pdf(lines: Sequence[str], *, password: str | None = None) -> bytes:
    """A PDF of one page whose font maps each code to the character of the same number."""
    codes = sorted({ord(character) for line in lines for character in line})
    mapping = "\n".join(f"<{code:04X}> <{code:04X}>" for code in codes)
    cmap = f"begincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{len(codes)} beginbfchar\n{mapping}\nendbfchar\nendcmap"
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        _stream(f"BT /F 12 Tf 72 760 Td 18 TL\n{shown}ET"),
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        _stream(cmap),
    ]
    body, places = "%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Root 1 0 R/Size {len(objects) + 1}>>\nstartxref\n{len(body)}\n%%EOF\n"
    plain = (body + end).encode("ascii")
    return _locked(plain, password) if password else plain


def _stream(text: str) -> str:
    return f"<</Length {len(text)}>>stream\n{text}\nendstream"


def _locked(plain: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain))
    writer.encrypt(password, algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


def make_docx(lines: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                table.cell(place, column).text = cell
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def repack(packed: bytes, name: str, content: bytes) -> bytes:
    """A Word file with one part replaced or added."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return changed.getvalue()


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
    article = read_file(write(tmp_path, "a.pdf", make_pdf(DOCUMENT)), now=NOW)
    assert article.title == "市政府办公室关于印发临湖市低空经济三年行动方案的通知"
    assert article.text.split("\n")[-2:] == [
        "到2028年，全市低空经济规模突破300亿元，集聚企业200家。",
        "一、主要目标。建成起降点60个。",
    ]
    assert article.official
    assert article.official.number == "临政办发〔2026〕8号"


def test_a_word_file_gives_paragraphs_and_rows_in_order(tmp_path: Path) -> None:
    packed = make_docx(["关于新建基地的通知", "各单位：", "", "任务见下表。"], [("指标", "2027年"), ("基地", "12个")])
    article = read_file(write(tmp_path, "a.docx", packed), now=NOW)
    assert (article.title, article.text) == ("关于新建基地的通知", "各单位：\n任务见下表。\n指标\t2027年\n基地\t12个")


def test_a_cell_that_claims_a_thousand_million_columns_is_read_once(tmp_path: Path) -> None:
    packed = make_docx(["关于新建基地的通知"], [("指标", "2027年")])
    with zipfile.ZipFile(io.BytesIO(packed)) as old:
        markup = old.read("word/document.xml").replace(b"</w:tcPr>", b'<w:gridSpan w:val="1000000000"/></w:tcPr>', 1)
    article = read_file(write(tmp_path, "a.docx", repack(packed, "word/document.xml", markup)), now=NOW)
    assert article.text == "指标\t2027年"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.doc", b"x", "cannot read this kind of file; readable are .html"),
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
        ("a.pdf", b"", "damaged or unsupported PDF"),
        ("a.pdf", b"%PDF-1.7\n" + b"\x07" * 5_000, "damaged or unsupported PDF"),
        ("a.pdf", make_pdf(DOCUMENT)[:900], "damaged or unsupported PDF"),
        ("a.pdf", make_pdf(["图"]), "pictures of text"),
        ("a.pdf", make_pdf(DOCUMENT, password="secret"), "locked by a password"),
        ("a.docx", b"PK\x03\x04 no zip", "damaged or unsupported Word file"),
        ("a.docx", make_docx(DOCUMENT)[:-400], "damaged or unsupported Word file"),
        ("a.docx", repack(make_docx(DOCUMENT), "word/document.xml", b"<w:document"), "damaged or unsupported Word file"),
        ("a.docx", repack(make_docx(DOCUMENT), "word/media/1.bin", bytes(100_000_001)), "more than the 100,000,000 that"),
        ("a.docx", repack(make_docx(DOCUMENT), "word/document.xml", b"<a/>" * 5_000_001), "more than the 20,000,000 that"),
        ("a.docx", make_docx([]), "no title found"),
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


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_damaged_document_is_read_or_refused(tmp_path: Path, name: str) -> None:
    whole = make_pdf(DOCUMENT) if name == "a.pdf" else make_docx(DOCUMENT, [("指标", "12个")])
    dice = random.Random(11)  # noqa: S311  # the same damage at each run
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        path = write(tmp_path, name, bytes(damaged))
        try:
            assert read_file(path, now=NOW).title
        except PageError as refusal:
            assert str(refusal).startswith(f"{path}: ")  # noqa: PT017  # either outcome is right, a traceback is not
