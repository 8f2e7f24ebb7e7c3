"""Files as office programs write them: what is printed at the edge of pages is left out, and a table's row is a line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.reading.documents import read_document
from crawler.reading.files import read_file
from crawler.reading.printed import MOST_LINES, Printed, lay_out
from monitor.errors import PageError
from tests.filemakers import make_odf, make_zip, repack

FILES = Path(__file__).parents[1] / "files"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def read(name: str, content: bytes) -> Printed:
    (printed,) = read_document(name, content, until=float("inf"))
    return printed


def test_a_word_file_of_an_office_program_is_read_row_by_row() -> None:
    """Its running head and foot are no part of the document, and the line below the table is none of its cells."""
    article = read_file(FILES / "plan.doc", now=NOW)
    assert article.title == "市政府办公室关于印发临湖市低空经济三年行动方案的通知"
    assert article.text.split("\n")[2:] == [
        "各镇人民政府，市各有关部门：",
        "到2028年，全市低空经济规模突破300亿元，集聚企业200家以上，建成通用机场2个。",
        "一、主要目标",
        "（一）建成起降点60个，开通航线40条。",
        "序号\t任务\t完成时限",
        "1\t建设无人机试飞基地3个\t2027年12月",
        "2\t培育链主企业5家\t2028年6月",
        "二、保障措施",
        "设立总规模20亿元的低空经济产业基金。",
        "注释见下",
    ]


def test_a_spreadsheet_of_an_office_program_shows_its_figures_as_printed() -> None:
    """Percentages and dates, not the numbers that stand for them; only a sheet with a name of its own is named."""
    printed = read("list.xls", (FILES / "list.xls").read_bytes())
    assert printed.text.split("\n") == [
        "任务分工",
        "序号\t任务\t目标值\t单位\t比例\t日期",
        "1\t新增智能工厂\t120\t家\t35.0%\t2027-12-31",
        "2\t数字化改造项目\t1500.5\t个\t80.0%\t2028-06-30",
        "0",
        "说明：本表由市工信局负责解释。",
        "附表：起降点60个",
    ]


def test_an_opendocument_text_says_what_a_reader_sees() -> None:
    """Headings, lists, boxes and tables in their order; not what was deleted, nor what somebody wrote beside the text."""
    body = """<office:text>
        <text:tracked-changes><text:p>到2027年建成5个。</text:p></text:tracked-changes>
        <text:h>临湖市低空经济<text:line-break/>行动方案</text:h>
        <text:p>到<text:s/>2028年<office:annotation><text:p>再核。</text:p></office:annotation>建成<text:span>机场</text:span>2个。</text:p>
        <text:list><text:list-item><text:p>航线40条</text:p></text:list-item></text:list>
        <text:section><table:table table:name="表1">
          <table:table-header-rows><table:table-row><table:table-cell><text:p>任务</text:p></table:table-cell>
            <table:table-cell><text:p>时限</text:p></table:table-cell></table:table-row></table:table-header-rows>
          <table:table-row><table:table-cell><text:p>起降点</text:p><text:p>60个</text:p></table:table-cell>
            <table:covered-table-cell><text:p>遮住</text:p></table:covered-table-cell></table:table-row>
        </table:table></text:section>
        <text:p><draw:frame><draw:text-box><text:p>投资30亿元</text:p></draw:text-box></draw:frame></text:p>
      </office:text>"""
    printed = read("a.odt", make_odf(body, title="低空经济行动方案"))
    assert printed.title == "低空经济行动方案"
    assert printed.text.split("\n") == [
        "临湖市低空经济 行动方案",
        "到 2028年建成机场2个。",
        "航线40条",
        "任务\t时限",
        "起降点 60个",
        "投资30亿元",
    ]


def test_an_opendocument_sheet_is_read_once_however_often_its_rows_repeat() -> None:
    cells = "<table:table-cell table:number-columns-repeated='16000'><text:p>35.0%</text:p></table:table-cell>"
    rows = f"<table:table-row table:number-rows-repeated='1000000'>{cells}</table:table-row>"
    tables = "".join(f"<table:table table:name='{name}'>{rows}</table:table>" for name in ("任务分工", "Sheet2"))
    printed = read("a.ods", make_odf(f"<office:spreadsheet>{tables}</office:spreadsheet>"))
    assert printed.text.split("\n") == ["任务分工", "35.0%", "35.0%"]


def test_an_opendocument_file_with_more_lines_than_any_document_is_cut() -> None:
    printed = read("a.odt", make_odf(f"<office:text>{'<text:p>一</text:p>' * (MOST_LINES + 1)}</office:text>"))
    assert printed.text.count("\n") == MOST_LINES - 1
    assert printed.warnings == ("only the first 100,000 lines were read",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (make_odf("", manifest="<manifest:encryption-data/>"), "locked by a password"),
        (make_odf("<office:text/>"), "the OpenDocument file holds no text"),
        (repack(make_odf(""), "content.xml", b"<office:document"), "damaged or unsupported OpenDocument file"),
        (repack(make_odf(""), "content.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "holds no text"),
        (make_zip({"META-INF/manifest.xml": b"", "1.txt": b""}), "the archive holds no document that is read"),
    ],
    ids=["locked", "empty", "broken", "with entities", "another package"],
)
def test_an_opendocument_file_that_cannot_be_read_is_named(content: bytes, problem: str) -> None:
    with pytest.raises(PageError, match=problem):
        read("a.odt", content)


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (
            ["文件汇编\n到2028年建成起降点60个，开通航\n内部 01", "文件汇编\n线40条。\n内部 01"],
            "到2028年建成起降点60个，开通航线40条。",
        ),
        (
            ["序号 任务 时限\n1 建设基地\n附注。", "序号 任务 时限\n2 培育企业\n说明。"],
            "序号 任务 时限\n1 建设基地\n附注。\n序号 任务 时限\n2 培育企业\n说明。",
        ),
        (["目标。", "目标。"], "目标。\n目标。"),
        (
            ["文件汇编\n一、目标。\n第一。", "第二。\n二、措施。\n第三。"],
            "文件汇编\n一、目标。\n第一。\n第二。\n二、措施。\n第三。",
        ),
    ],
    ids=["head and foot", "the head of a table", "pages of one line", "on one page only"],
)
def test_what_is_printed_on_every_page_is_no_part_of_the_text(pages: list[str], text: str) -> None:
    assert lay_out(pages)[0] == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "序号 任务 完成时限\n1 建设无人机试飞基地3 个 2027 年\n2 培育链主企业5 家 2028 年",
            "序号 任务 完成时限\n1 建设无人机试飞基地3 个 2027 年\n2 培育链主企业5 家 2028 年",
        ),
        (
            "到2028年建成低空经济起降点\n60 个，到2030年建成航线数\n40 条。",
            "到2028年建成低空经济起降点60 个，到2030年建成航线数40 条。",
        ),
        (
            "序号 任务 责任单位甲\n1 建设低空飞行试飞的\n基地 市交通局甲乙丙\n2 培育企业",
            "序号 任务 责任单位甲\n1 建设低空飞行试飞的基地 市交通局甲乙丙\n2 培育企业",
        ),
    ],
    ids=["rows", "figures in running text", "a row of two lines"],
)
def test_numbered_rows_of_a_table_keep_their_lines(page: str, text: str) -> None:
    assert lay_out([page])[0] == text
