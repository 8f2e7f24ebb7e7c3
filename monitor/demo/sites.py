"""The six replica sites: where their lists and articles lie, who they are, what their robots.txt says. Values only.

Address shapes are those of the systems they stand for: knowledge of Discuz!, TRS WCM, intertid, ZAKER and classic ASP.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from monitor.demo.content import Entry


@dataclass(frozen=True, slots=True)
class Board:
    """One list of a site. `entry` is what a source watches, `page(n)` the address of its n-th page, from 1."""

    id: str
    title: str
    page: Callable[[int], str]
    entry: str
    size: int = 20
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Site:
    id: str
    name: str
    boards: tuple[Board, ...]
    article: Callable[[Entry], str]  # its path and query
    robots: str
    region: str | None = None
    level: str | None = None
    official: bool = False

    def board(self, entry: Entry) -> Board:
        """The list an article stands in: the one it names, else the first."""
        return next((board for board in self.boards if board.id == entry.article.board), self.boards[0])


def _stem_page(folder: str, ending: str, first: int) -> Callable[[int], str]:
    """`index.html`, then `index_1.html` (TRS, first=1) or `index_2.shtml` (intertid, first=2) for the second page."""
    return lambda page: f"{folder}index.{ending}" if page == 1 else f"{folder}index_{page - 2 + first}.{ending}"


def _discuz_board(fid: int, title: str, charset: str) -> Board:
    return Board(f"{fid}", title, lambda page: f"/forum-{fid}-{page}.html", f"/forum-{fid}-1.html", 6, charset)


STOCK = Site(
    "stock",
    "股海观澜网",
    (Board("news", "财经要闻", lambda page: "/" if page == 1 else f"/list_{page}.html", "/sitemap_index.xml", 40),),
    lambda entry: f"/newsshow/{entry.number}.html",
    "User-agent: *\nDisallow: /search/\nDisallow: /user/\n\nSitemap: {base}/sitemap_index.xml\n",
)
PARK = Site(
    "park",
    "工业园网",
    (Board("news", "新闻", lambda page: f"/news.asp?page={page}", "/news.asp?page=1", 8),),
    lambda entry: f"/shownews.asp?id={entry.number}",
    "User-agent: *\nDisallow: /admin/\nDisallow: /upload/\n",
)
ZAKER = Site(
    "zaker",
    "扎克早知道·无锡",
    (Board("13", "无锡", lambda page: "/channel/13" if page == 1 else f"/channel/13?page={page}", "/channel/13", 30),),
    lambda entry: f"/news/article.php?pk={hashlib.sha256(entry.article.id.encode()).hexdigest()[:24]}",
    "User-agent: *\nDisallow: /api/\n",
    region="无锡市",
)
DISCUZ = Site(
    "discuz",
    "万家园区论坛",
    (_discuz_board(36, "园区资讯", "utf-8"), _discuz_board(40, "经济热点", "gbk")),
    lambda entry: f"/thread-{entry.number}-1-1.html",
    "User-agent: *\nDisallow: /api/\nDisallow: /data/\nDisallow: /source/\nDisallow: /template/\n"
    "Disallow: /home.php\nDisallow: /misc.php\nDisallow: /forum.php?mod=post*\nDisallow: /*?mod=misc*\n",
)
MAGAZINE = Site(
    "magazine",
    "《江南群众》杂志",
    (Board("qzdd", "群众导读", _stem_page("/qzdd/", "html", 1), "/qzdd/index.html", 10),),
    lambda entry: f"/qzdd/{entry.moment:%Y%m}/t{entry.moment:%Y%m%d}_{entry.number}.html",
    "User-agent: *\nDisallow: /images/\n",
    region="江苏省",
    level="province",
    official=True,
)
CITY = Site(
    "city",
    "无锡市人民政府（演示站）",
    (Board("zcwj", "政策文件", _stem_page("/zfxxgk/zcwj/", "shtml", 2), "/zfxxgk/zcwj/index.shtml", 24),),
    lambda entry: f"/doc/{entry.moment:%Y/%m/%d}/{entry.number}.shtml",
    "User-agent: *\nDisallow: /uploadfiles/\nDisallow: /intertidwebapp/\n",
    region="无锡市",
    level="city",
    official=True,
)
SITES = {site.id: site for site in (STOCK, PARK, ZAKER, DISCUZ, MAGAZINE, CITY)}
