"""Lists in a frame: which frame is taken for one, and which pages are left as they are."""

from datetime import UTC, datetime

import pytest

from crawler.listing import Ask, Listing, list_page, nrgl, read_listing

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
URL = "https://www.a.gov.cn/xxgk/index.shtml"
ROWS = "".join(
    f"<li><a href='/doc/2026/11/{n:02}/4710{n:02}.shtml'>关于第{n}批重点项目的公示</a><span>2026-11-{n:02}</span></li>"
    for n in range(1, 9)
)


def read(body: str, ask: Ask | None = None) -> Listing:
    page = list_page(URL, f"<html><body>{body}</body></html>".encode(), None, ask)
    return read_listing(page, now=NOW)


@pytest.mark.parametrize(
    ("frames", "shown"),
    [
        ("<iframe src='list.shtml?dept=7'></iframe>", "https://www.a.gov.cn/xxgk/list.shtml?dept=7"),
        ("<frameset><frame src='/top.html'><frame name='main' src='/list.html'></frameset>", "https://www.a.gov.cn/list.html"),
        ("<iframe id='player' src='/v/1.html'></iframe><iframe src='/list.html' height='600'></iframe>", "https://www.a.gov.cn/list.html"),
    ],
)  # fmt: skip
def test_a_page_without_rows_leads_to_what_its_frame_shows(frames: str, shown: str) -> None:
    listing = read(frames)
    assert (listing.family, listing.behind and listing.behind.url) == ("framed", shown)


@pytest.mark.parametrize(
    "frames",
    [
        "<iframe src='https://map.example.com/list.html'></iframe>",
        "<iframe src='/list.html' style='display: none'></iframe>",
        "<iframe src='/list.html' height='1'></iframe>",
        "<iframe src='/plan.pdf'></iframe>",
        "<iframe src='about:blank'></iframe>",
        "<iframe src='index.shtml#top'></iframe>",
        "<iframe src='/inc/header.html'></iframe>",
        f"<iframe src='/list.html'></iframe><ul>{ROWS}</ul>",
    ],
)
def test_other_frames_are_left_alone(frames: str) -> None:
    listing = read(frames)
    assert (listing.family, listing.behind) == ("rows", None)


def test_a_browser_draws_what_a_frame_shows() -> None:
    """Whatever system the page's script belongs to."""
    script = "<script>getSearchList(1,20,'184','1','1','writeTime')</script>"
    listing = read(f"{script}<iframe src='/list.html'></iframe>", Ask(URL, browser=True))
    assert (listing.family, listing.behind) == ("framed", Ask("https://www.a.gov.cn/list.html"))


@pytest.mark.parametrize(("counted", "asked", "more"), [("当前(1/3)页", 1, 2), ("当前(3/3)页", 3, None), ("", 1, 2)])
def test_a_counting_form_is_told_the_next_page(counted: str, asked: int, more: int | None) -> None:
    url = "https://zrzy.a.gov.cn/gtxxgk/nrglIndex.action?classID=2c9082548ad381c5018ad4bbd9a100ae"
    ask = Ask(url, form=(("cpage", str(asked)),)) if asked > 1 else Ask(url)
    listing = read_listing(list_page(url, f"<html><ul>{ROWS}</ul>{counted}</html>".encode(), None, ask), now=NOW)
    assert (listing.family, len(listing.rows), listing.linked) == (nrgl.NAME, 8, bool(counted and more))
    assert [dict(one.form) for one in listing.following] == ([{"cpage": str(more)}] if more else [])
