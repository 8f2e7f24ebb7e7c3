"""The index table of an official document: its dates are kept apart, and its 效力状况 is read as printed."""

from datetime import UTC, datetime

import pytest

from crawler.reading.page import read_page
from monitor.domain import Article

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = (
    "<html><head><title>临湖市低空经济促进办法</title></head><body><table>{rows}</table><h1>临湖市低空经济促进办法</h1>"
    '<div id="zoom"><p>第一条 为了促进低空经济发展，根据有关法律法规，结合本市实际，制定本办法。</p>'
    "<p>第二条 本办法所称低空经济，是指以低空飞行活动为牵引的综合性经济形态。</p></div></body></html>"
)


def read(*cells: tuple[str, str]) -> Article:
    rows = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in cells)
    return read_page(PAGE.format(rows=rows).encode(), url="https://a.example/zc/71001.html", now=NOW)


def test_three_dates_are_kept_apart() -> None:
    """Whatever order the table has them in."""
    dates = [("成文日期", "2026-02-01"), ("发布日期", "2026-02-10"), ("施行日期", "2026-03-01")]
    for cells in (dates, dates[::-1]):
        article = read(("索引号", "K001-2026-0007"), *cells, ("效力状况", "有效"))
        assert article.official
        assert (article.official.written, article.published, article.official.effective) == (
            "2026-02-01",
            "2026-02-10",
            "2026-03-01",
        )


@pytest.mark.parametrize(
    ("label", "value", "read_as"),
    [
        ("效力状况", "有效", "有效"),
        ("有效性", "现行有效", "现行有效"),
        ("效力状态：", "已废止", "已废止"),
        ("是否有效性", "是", "是"),
        ("效力状况", "", None),
        ("效力状况", "——", None),
        ("效力状况", "政策文件", None),
    ],
)
def test_the_validity_is_read_as_printed(label: str, value: str, read_as: str | None) -> None:
    article = read(("索引号", "K001-2026-0007"), ("发布机构", "临湖市人民政府"), (label, value))
    assert article.official
    assert (article.official.validity, article.official.issuer) == (read_as, "临湖市人民政府")
