"""Which files of a page are read, where their texts go, and which pages are parts of one article."""

import asyncio

import pytest

from crawler.reading.appendix import MOST, append, cut, repeats
from crawler.reading.attachments import title_of, worth_reading
from crawler.reading.extract import extract, extract_aside
from crawler.reading.parts import join, later_parts
from crawler.reading.printed import Printed, lay_out
from monitor.domain import Article, Attachment
from monitor.errors import PageError
from tests.filemakers import POLICY, make_doc, make_pdf

AIM = "到2028年，全市低空经济规模突破300亿元，集聚企业200家。"
FIRST = "https://a.example/2026/11/20/t_71001.html"


def files(*names: str) -> list[Attachment]:
    return [Attachment(f"https://a.example/{place}{name[-5:]}", name) for place, name in enumerate(names)]


def test_of_a_document_in_several_formats_one_is_read() -> None:
    listed = files(
        "方案.pdf", "方案.docx", "方案.ofd", "分工.xls", "解读.rar", "图.jpg", "说明（PDF版）.pdf", "说明（word版）.doc"
    )
    assert [one.name for one in worth_reading(listed)] == ["方案.docx", "分工.xls", "说明（word版）.doc"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("附件1：方案.docx", "附件1：方案"),
        ("方案（OFD格式）.ofd", "方案"),
        ("方案(征求意见稿).PDF", "方案(征求意见稿)"),
        (".pdf", ".pdf"),
    ],
)
def test_the_title_of_a_file_is_its_name_without_the_format(name: str, title: str) -> None:
    assert title_of(name) == title


def test_texts_of_files_stand_below_each_under_its_name() -> None:
    """Offsets stay true: the file and the page of every place are known, and files not read stay as they were."""
    plan, table, other = files("附件1：方案.pdf", "分工.xls", "附图.pdf")
    article = Article(title="通知", text="正文。", attachments=(plan, other, table))
    printed = Printed("目标一。\n目标二。", pages=(0, 5))
    read = append(article, [(plan, [printed]), (table, [Printed("任务\t市交通局")])])
    assert read.text == "正文。\n附件1：方案\n目标一。\n目标二。\n附件：分工\n任务\t市交通局"
    assert [one.name for one in read.attachments] == ["附件1：方案.pdf", "附图.pdf", "分工.xls"]
    where = {word: read.file_at(read.text.index(word)) for word in ("正文", "目标一", "目标二", "任务")}
    assert {word: (found[0].name, found[1]) if found else None for word, found in where.items()} == {
        "正文": None,
        "目标一": ("附件1：方案.pdf", 1),
        "目标二": ("附件1：方案.pdf", 2),
        "任务": ("分工.xls", None),
    }


def test_a_file_that_repeats_the_page_is_left_out() -> None:
    """The page's text as a file for print, with other line breaks and a word more."""
    (file,) = files("全文.pdf")
    page = Article(
        title="低空经济三年行动方案", text=f"一、主要目标。{AIM}\n二、保障措施。各区落实。", attachments=(file,)
    )
    twice = Printed(f"低空经济三年行动方案\n一、主要目标。\n{AIM}\n二、保障措施。各区落实。\n抄送：市委。")
    assert append(page, [(file, [twice])]) == page
    assert not repeats("另一份文件说的是别的事情，与通知正文没有相同的地方。", page.text)


def test_what_goes_beyond_an_articles_room_is_cut_and_said() -> None:
    line = "这一行有二十个字的样子，重复许多次。\n"
    long = Printed(line * (MOST // len(line) + 9), pages=(0, MOST + 50))
    (kept, rest) = cut([long, Printed("后面的文件没有地方了，" * 9)], MOST)
    assert MOST - len(line) <= len(kept.text) <= MOST
    assert kept.text.endswith("许多次。")
    assert kept.pages == (0,)
    assert kept.warnings == (f"only the first {len(kept.text):,} of {len(long.text):,} characters were read",)
    assert (rest.text, len(rest.warnings)) == ("", 1)


@pytest.mark.parametrize(
    ("pages", "text", "starts"),
    [
        (["到2028年，全市低空经济规模突\n破300亿元。"], "到2028年，全市低空经济规模突破300亿元。", (0,)),
        (
            ["一、主要目标是什么和为什么\n（一）规模", "（二）企业"],
            "一、主要目标是什么和为什么\n（一）规模\n（二）企业",
            (0, 20),
        ),
        (["主要目标，全市规模要突破三百\n— 1 —", "— 2 —\n亿元。"], "主要目标，全市规模要突破三百亿元。", (0, 14)),
        (["第 1 页 共 3 页\n目标。", "", "措施。\n3"], "目标。\n措施。", (0, 4, 4)),
        (["目标。", ""], "目标。", (0, 3)),
        (["low altitude economy of the\ncity"], "low altitude economy of the city", (0,)),
        (["总体要求…………………………………1\n主要目标"], "总体要求…………………………………1\n主要目标", (0,)),
        ([], "", ()),
    ],
)
def test_lines_are_joined_over_the_borders_of_lines_and_pages(
    pages: list[str], text: str, starts: tuple[int, ...]
) -> None:
    assert lay_out(pages) == (text, starts)


@pytest.mark.parametrize(
    ("first", "links", "parts"),
    [
        (FIRST, ["t_71001_1.html", "./t_71001_2.html"], {1: "t_71001_1.html", 2: "t_71001_2.html"}),
        ("https://a.example/a/index.shtml", ["index_2.shtml", "../b/index_3.shtml"], {2: "index_2.shtml"}),
        ("https://a.example/show.asp?id=7", ["?id=7&amp;page=2", "?id=8&page=3"], {2: "show.asp?id=7&page=2"}),
        (FIRST, ["t_71002.html", "t_71002_1.html", "t_71001_2.pdf", "//b.example/2026/11/20/t_71001_2.html"], {}),
        ("https://a.example/a-7.html", ["a-8.html", "a-7-2.html"], {2: "a-7-2.html"}),
        ("https://a.example/bbs?tid=7", ["?tid=7&page=2"], {}),
        (FIRST, ["http://[bad/t_71001_2.html", "t_71001_2.html#a"], {2: "t_71001_2.html"}),
    ],
)
def test_parts_of_an_article_are_told_by_their_addresses(first: str, links: list[str], parts: dict[int, str]) -> None:
    body = "".join(f'<a href="{link}">下一页</a>' for link in links).encode()
    base = first.partition("?")[0].rpartition("/")[0]
    assert later_parts(body, first, first) == {number: f"{base}/{name}" for number, name in parts.items()}


def test_a_later_part_adds_what_was_not_said() -> None:
    one, two = files("甲.pdf", "乙.pdf")
    first = Article(title="方案", text="第一段。\n[1] 2 下一页", attachments=(one,))
    whole = join(first, Article(title="方案", text="第一段。\n第二段。\n上一页 1 2", attachments=(one, two)))
    assert (whole.text, whole.attachments) == ("第一段。\n第二段。", (one, two))


def test_a_file_is_read_in_a_process_of_its_own() -> None:
    """From a loop and without one; a refusal names the file."""
    content = make_pdf(POLICY)

    async def both() -> list[tuple[Printed, ...]]:
        return list(await asyncio.gather(extract_aside(content, "a.pdf"), extract_aside(make_doc(POLICY), "b.doc")))

    read = asyncio.run(both())
    assert read[0] == extract(content, "a.pdf")
    assert read[1][0].text.split("\n") == POLICY
    with pytest.raises(PageError, match=r"^c\.pdf: not a document file"):
        extract(b"x", "c.pdf")
