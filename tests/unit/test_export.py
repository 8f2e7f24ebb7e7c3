"""Tables for other programs: Chinese that opens right, and nothing that runs."""

import csv
import io
import json
import zipfile

import pytest
from lxml import etree

from monitor.cli import export

COLUMNS = ("metric", "value", "sentence")
NASTY = '=HYPERLINK("https://evil.example","点我")'


def test_csv_opens_in_excel_with_its_chinese_right() -> None:
    content = export.as_csv(COLUMNS, [("产业规模", 60_000_000_000, "达到“600亿元”,\n超额。")])
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["metric", "value", "sentence"],
        ["产业规模", "60000000000", "达到“600亿元”,\n超额。"],
    ]


@pytest.mark.parametrize("cell", [NASTY, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "－1"])
def test_a_text_that_looks_like_a_formula_becomes_words(cell: str) -> None:
    assert export.inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["3+N产业体系", "1-10月", "a@b.example", -5, 0.5, None, ""])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert export.inert(cell) == cell


def test_json_is_utf8_as_it_reads() -> None:
    content = export.as_json([{"name": "无锡市"}])
    assert "无锡市" in content.decode("utf-8")
    assert json.loads(content) == [{"name": "无锡市"}]


def sheet(content: bytes) -> tuple[etree._Element, list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = etree.fromstring(book.read("xl/sharedStrings.xml"))
        return etree.fromstring(book.read("xl/worksheets/sheet1.xml")), [str(t.text) for t in strings.iter("{*}t")]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    page, strings = sheet(export.as_xlsx(COLUMNS, [("产业规模", 60_000_000_000, NASTY), (None, 0.5, "短")]))
    assert NASTY in strings
    assert not list(page.iter("{*}f")), "no formula"
    assert not list(page.iter("{*}hyperlink"))
    assert [cell.findtext("{*}v") for cell in page.iter("{*}c") if cell.get("t") != "s"] == ["60000000000", "0.5"]


def test_a_formula_stays_words_when_the_cell_is_edited() -> None:
    content = export.as_xlsx(COLUMNS, [(NASTY, 1, "短")])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b'quotePrefix="1"' in book.read("xl/styles.xml")


def test_an_empty_answer_is_an_empty_table() -> None:
    assert export.as_csv(COLUMNS, []).decode("utf-8-sig") == "metric,value,sentence\r\n"
    page, strings = sheet(export.as_xlsx(COLUMNS, []))
    assert strings == list(COLUMNS)
    assert len(list(page.iter("{*}row"))) == 1


def test_a_text_longer_than_a_cell_holds_is_cut_not_lost() -> None:
    _, strings = sheet(export.as_xlsx(("sentence",), [("很" * 40_000,)]))
    assert max(len(text) for text in strings) == export.LONGEST
