"""read: processor time of reading a page of 30 KB into an article, against trafilatura with metadata."""

import contextlib
import gzip
import json
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.figures import ROOT, Figure, processor_seconds
from crawler.reading.page import read_page
from monitor.demo.content import ARTICLES, date_article
from monitor.demo.pages import build
from monitor.demo.sites import SITES
from monitor.errors import PageError

SIZE = 30_000  # bytes
NOW = datetime.now(UTC)
Page = tuple[str, bytes]
# What stands around the text of such pages, as dense as on real ones: of 30 KB a fifth are scripts, and there are 55 links in
# 200 elements or more, most of them styled in place.
SCRIPT = """<script type="text/javascript">
    $(function () {{ $("#menu{0}").hover(function () {{ $(this).find(".sub{0}").stop(true, true).slideDown(200); }},
        function () {{ $(this).find(".sub{0}").stop(true, true).slideUp(100); }}); }});
    var _wait{0} = setInterval(function () {{ if (window.ready{0}) {{ clearInterval(_wait{0}); }} }}, 200);
</script>
"""
MENU = """<div class="nav-item" id="menu{0}" style="float: left; width: 120px; height: 42px; line-height: 42px; text-align: center;">
        <a href="/col/col{0}/index.html" target="_blank" title="{1}" style="color: #ffffff; font-size: 16px; text-decoration: none;">{1}</a>
    </div>
"""
ROW = """<li style="width: 100%; height: 32px; line-height: 32px; border-bottom: 1px dashed #cccccc; overflow: hidden;">
                <a href="/art/2026/3/{0}/art_{1}_{0}.html" target="_blank" title="市政府召开第{0}次{2}工作会议研究部署重点任务"
                   style="display: inline-block; width: 420px; white-space: nowrap; text-overflow: ellipsis;">市政府召开第{0}次{2}工作会议研究部署重点任务</a>
                <span class="time" style="float: right; color: #999999; font-size: 14px;">2026-03-{3:02}</span>
            </li>
"""
NAMES = ("机构职能", "政策文件", "解读回应", "办事服务", "互动交流", "统计数据", "专题专栏", "规划计划")


def measure() -> Sequence[Figure]:
    pages = [_padded(page) for page in (*_saved(), *_replicas())]
    figures = list(_compare("a page of 30 KB", pages, 4.0))
    corpus = list(_corpus())
    return [*figures, *(_compare("a page of the corpus, for 30 KB", corpus, 4.0) if corpus else ())]


def _compare(name: str, pages: Sequence[Page], most: float) -> tuple[Figure, Figure]:
    """Milliseconds for 30 KB, and how many times as fast as the peer on the same pages."""
    scale = SIZE / statistics.mean(len(body) for _, body in pages) / len(pages) * 1000
    ours = processor_seconds(partial(_read, pages)) * scale
    theirs = processor_seconds(_peer(pages), 3) * scale
    peer = "trafilatura, ms"
    return (
        Figure(name, ours, most, "at most", "ms", peer, theirs),
        Figure(f"{name}: times as fast", theirs / ours, 2, "at least", "times", peer, theirs),
    )


def _read(pages: Sequence[Page]) -> None:
    for url, body in pages:
        # Some pages are none, and finding that out takes its time too.
        with contextlib.suppress(PageError):
            read_page(body, url=url, now=NOW)


def _peer(pages: Sequence[Page]) -> Callable[[], None]:
    from trafilatura import bare_extraction

    def work() -> None:
        for url, body in pages:
            bare_extraction(body, url=url, with_metadata=True)

    return work


def _saved() -> Sequence[Page]:
    """The articles among the tests' pages."""
    cases = sorted((ROOT / "tests" / "pages" / "article").glob("*/expected.json"))
    known = [(case.parent, json.loads(case.read_text(encoding="utf-8"))) for case in cases]
    return [
        (said.get("url") or "https://a.example/1.html", (folder / "page.html").read_bytes())
        for folder, said in known
        if "error" not in said
    ]


def _replicas() -> Sequence[Page]:
    """An article page of each replica site."""
    pages = []
    for name, site in SITES.items():
        entries = [date_article(article, NOW) for article in ARTICLES if article.site == name][:3]
        documents = build(site, entries, "https://a.example")
        for entry in entries:
            document = documents[site.article(entry)]
            text = document.text.replace("@charset@", document.charset)
            pages.append(
                (f"https://a.example{site.article(entry)}", text.encode(document.charset, "xmlcharrefreplace"))
            )
    return pages


def _corpus() -> Sequence[Page]:
    """Real pages of 10 to 100 KB, where they lie beside the checkout."""
    pages = []
    for path in sorted(Path(ROOT.parent, "shared", "corpus", "articles").glob("*.html.gz")):
        body = gzip.decompress(path.read_bytes())
        if SIZE / 3 <= len(body) <= SIZE * 3:
            pages.append((f"https://a.example/{path.name}", body))
    return pages


def _padded(page: Page) -> Page:
    """A page with menus above its text and lists and a footer below, up to the size."""
    url, body = page
    charset = "gbk" if b"charset=gb" in body.lower() or b'charset="gb' in body.lower() else "utf-8"
    missing = max(0, SIZE - len(body))
    head = body.lower().find(b"<body")
    start = body.find(b">", head) + 1 if head >= 0 else 0
    end = body.lower().rfind(b"</body")
    end = end if end > start else len(body)
    above = _fill(partial(_script, charset), missing // 5) + _fill(partial(_menu, charset), missing // 5)
    below = _fill(partial(_row, charset), missing - len(above))
    return url, body[:start] + above + body[start:end] + below + body[end:]


def _fill(piece: Callable[[int], bytes], size: int) -> bytes:
    pieces, length = list[bytes](), 0
    while length < size:
        pieces.append(piece(len(pieces)))
        length += len(pieces[-1])
    return b"".join(pieces)


def _script(charset: str, number: int) -> bytes:
    return SCRIPT.format(number).encode(charset)


def _menu(charset: str, number: int) -> bytes:
    return MENU.format(number, NAMES[number % len(NAMES)]).encode(charset)


def _row(charset: str, number: int) -> bytes:
    return ROW.format(number, 7 * number, NAMES[number % len(NAMES)], number % 28 + 1).encode(charset)
