"""Which lists a page leads to: the columns of a front page, and the column of a single article. They are suggestions:
the probe fetches each and keeps those that prove to be lists.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from lxml.html import HtmlElement

from crawler.gates import HOME
from crawler.listing.dialects import dialect
from crawler.listing.probe_page import Suggestion
from crawler.urls import absolute, host, key

MOST_LINKS: Final = 3_000  # of one page
LEVELS: Final = 5  # how far above a link its block may stand
LEAST: Final = 3  # articles that make a column worth a suggestion
SHARED: Final = 3  # columns of one block; more are a menu
LONGEST_NAME: Final = 16  # characters; what is longer is a headline
HEADLINE: Final = 8
MAIN: Final = 0.6  # share of a page's articles that make one block the list of the page
MORE: Final = re.compile(r"[\s\[【(（+＋]*(?:查看|阅读|点击)?(?:更多|more)[\s\]】)）>›»+＋.…]*", re.IGNORECASE)
NO_COLUMN: Final = re.compile(
    r"首页|主页|登录|登陆|注册|搜索|检索|联系|关于|网站地图|站点地图|版权|隐私|帮助|收藏|设为|无障碍|适老|长者|繁體|繁体|English|手机版|客户端|下载"
    r"|上一页|下一页|尾页|末页|返回|微信|微博|信箱|投稿|广告|订阅|APP",
    re.IGNORECASE,
)
NAME: Final = re.compile(r"[^\W\d_]")  # a name holds a letter: page numbers and days of a calendar have none
CRUMBS: Final = re.compile(
    r"crumb|position|location|dqwz|wei_?zhi|lujing|(?:^|\s)(?:path|pt|weizhi|local)(?:$|\s)", re.IGNORECASE
)
HERE: Final = re.compile(r"(?:当前|所在|现在的?|您的|你的)位置|您所在的|您现在的|你现在的|位置[：:]")
# Folders that hold articles by day and never a list.
DAYS: Final = re.compile(r"(?:(?:19|20)\d\d(?:-?\d\d){0,2}|\d{1,2}|\d{4}|art|content|doc|n\d)")


@dataclass(frozen=True, slots=True)
class Front:
    """`columns`, those with most articles on the page first; `blocks` are the articles that stand beside a column's link;
    `articles` all that the page names."""

    columns: tuple[Suggestion, ...]
    blocks: tuple[frozenset[str], ...]
    articles: frozenset[str]

    def shows_heads_of_lists(self, rows: Collection[str]) -> bool:
        """Whether what was taken for the list is but a part of the page, or put together from several columns."""
        listed = set(rows)
        outside = len(listed - frozenset().union(*self.blocks))
        main = len(listed) if 2 * outside >= len(listed) else max(len(listed & block) for block in self.blocks)
        return main < MAIN * len(self.articles | listed)


def read_front(tree: HtmlElement, base: str) -> Front:
    """What a page leads to."""
    articles, columns = _links(tree, base)
    around = _Blocks(articles, columns)
    paths = {urlsplit(url).path for _, url, _ in articles}
    worth: dict[str, int] = {}
    names: dict[str, str] = {}
    blocks: dict[frozenset[str], None] = {}
    for element, url, said in columns:
        block, held = around.nearest(element)
        if held:
            blocks[held] = None
        worth[url] = max(worth.get(url, 0), len(held), _below(url, paths))
        name = "" if MORE.fullmatch(said) else said
        names[url] = names.get(url) or name or _heading(block, element)
    # A page that names no article at all is a directory: any of its columns may be a list.
    order = sorted((url for url in worth if worth[url] >= LEAST or not articles), key=lambda url: -worth[url])
    found = tuple(Suggestion(url, names[url] or url) for url in order)
    return Front(found, tuple(blocks), frozenset(url for _, url, _ in articles))


def article_columns(tree: HtmlElement, base: str, url: str) -> tuple[Suggestion, ...]:
    """Where an article may be listed: the steps of its breadcrumb from the last up, then the folders above it."""
    steps = [*reversed(_breadcrumb(tree, base)), *(Suggestion(folder, "") for folder in _folders(url))]
    kept: dict[str, Suggestion] = {}
    for step in steps:
        if key(step.url) != key(url) and urlsplit(step.url).path not in HOME and not MORE.fullmatch(step.title):
            kept.setdefault(key(step.url), step)
    return tuple(kept.values())


def menu_columns(tree: HtmlElement, base: str) -> tuple[Suggestion, ...]:
    """Whatever looks like a column on a page of any kind, in page order."""
    _, columns = _links(tree, base)
    kept = {url: Suggestion(url, said) for _, url, said in reversed(columns) if not MORE.fullmatch(said)}
    return tuple(reversed(kept.values()))


Link = tuple[HtmlElement, str, str]


class _Blocks:
    """Which articles and how many columns stand within the elements around the links."""

    def __init__(self, articles: Sequence[Link], columns: Sequence[Link]) -> None:
        self._articles: dict[HtmlElement, set[str]] = defaultdict(set)
        self._columns: dict[HtmlElement, set[str]] = defaultdict(set)
        for links, known in ((articles, self._articles), (columns, self._columns)):
            for element, url, _ in links:
                for ancestor, _ in zip(element.iterancestors(), range(LEVELS + 1), strict=False):
                    known[ancestor].add(url)

    def nearest(self, element: HtmlElement) -> tuple[HtmlElement | None, frozenset[str]]:
        """The nearest element around a column's link that holds a list, and the articles in it."""
        for ancestor, _ in zip(element.iterancestors(), range(LEVELS), strict=False):
            if len(self._columns[ancestor]) > SHARED:
                break
            if len(self._articles[ancestor]) >= LEAST:
                return ancestor, frozenset(self._articles[ancestor])
        return None, frozenset()


def _links(tree: HtmlElement, base: str) -> tuple[list[Link], list[Link]]:
    articles: list[Link] = []
    columns: list[Link] = []
    for count, element in enumerate(tree.iter("a")):
        if count >= MOST_LINKS:
            break
        url = absolute(element.get("href") or "", base)
        said = " ".join("".join(element.itertext()).split()) or (element.get("title") or "").strip()
        if not url or not said:
            continue
        if len(said) >= HEADLINE and (dialect(url) or len(said) > LONGEST_NAME):
            articles.append((element, url, said))
        elif _is_own(url, base) and _is_column(url, said):
            columns.append((element, url, said))
    return articles, columns


def _is_own(url: str, base: str) -> bool:
    """Whether both are of one site: a portal keeps its columns on hosts below its name."""
    name = host(base).removeprefix("www.")
    return host(url).removeprefix("www.") == name or host(url).endswith(f".{name}")


def _is_column(url: str, said: str) -> bool:
    if urlsplit(url).path in HOME and not urlsplit(url).query:
        return False
    return bool(MORE.fullmatch(said)) or (
        2 <= len(said) <= LONGEST_NAME and not NO_COLUMN.search(said) and NAME.search(said) is not None
    )


def _below(url: str, paths: set[str]) -> int:
    """How many articles lie in the column's folder."""
    folder = urlsplit(url).path.rpartition("/")[0] + "/"
    return sum(path.startswith(folder) for path in paths) if folder.count("/") > 1 else 0


def _heading(block: HtmlElement | None, link: HtmlElement) -> str:
    """What stands over a block whose column is only called 更多."""
    named = (link.get("title") or "").strip()
    if named and not MORE.fullmatch(named):
        return named[:LONGEST_NAME]
    for element in () if block is None else block.iter("h1", "h2", "h3", "h4", "b", "strong", "dt", "span", "div"):
        said = " ".join((element.text or "").split())
        if 2 <= len(said) <= LONGEST_NAME and NAME.search(said) and not MORE.fullmatch(said):
            return said
    return ""


def _breadcrumb(tree: HtmlElement, base: str) -> list[Suggestion]:
    for element in tree.iter("div", "p", "td", "span", "ul", "ol", "nav", "dl", "section", "h3", "h4"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if CRUMBS.search(marks) or HERE.search((element.text or "")[:40]):
            holder = element if next(element.iter("a"), None) is not None else element.getparent()
            steps = list(_steps(holder, base)) if holder is not None else []
            if 1 <= len(steps) <= 8:
                return steps
    return []


def _steps(holder: HtmlElement, base: str) -> Iterator[Suggestion]:
    for link in holder.iter("a"):
        url = absolute(link.get("href") or "", base)
        said = " ".join("".join(link.itertext()).split())
        if url and said and len(said) <= LONGEST_NAME:
            yield Suggestion(url, said)


def _folders(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/")[:-1] if step]
    while steps and DAYS.fullmatch(steps[-1]):
        steps.pop()
    while steps:
        yield urlunsplit(parts._replace(path=f"/{'/'.join(steps)}/", query="", fragment=""))
        steps.pop()
