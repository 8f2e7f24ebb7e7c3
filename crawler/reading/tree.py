"""Markup becomes lines: what a reader sees as one line, in page order, with where it stands in the tree.

Each element covers a run of lines, so that choosing the body is choosing a run. Walks are iterative and parsing is
bounded, whatever the nesting. Scripts, forms' fields and what the page hides are left out or marked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from bs4 import BeautifulSoup
from lxml import etree

Element = etree._Element

SKIPPED = frozenset((
    "title", "script", "style", "noscript", "template", "select", "textarea", "button", "input", "svg", "iframe", "object", "embed", "head", "audio",
    "video", "canvas", "map",
))  # fmt: skip
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "td", "th", "ul",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3"))
# Names that makers of templates give to what surrounds an article.
NOISE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|side|aside|foot|footer|copyright|comment|comments|cmt|pinglun|share|bdshare|bdsharebuttonbox|related|relate|relevant"
    r"|recommend|recommended|tuijian|xgyd|xgwz|hot|hotnews|rank|ranking|ad|ads|advert|banner|breadcrumb|breadcrumbs|crumb|crumbs|position|pager|pagination"
    r"|prenext|prevnext|friendlink|links|login|toolbar|tags|tag|qrcode|ewm|erweima|sitemap|disclaimer|mianze|statement|signature|sign|ratelog|pstatus)(?:$|[\s_\d-])"
    r"|footer|copyright|comment|sidebar|breadcrumb|recommend|related",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)
CJK_BREAK = re.compile(
    r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])[ \t]{0,40}[\r\n][ \t\r\n]{0,200}(?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])"
)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f]")
# Ends of the document in its middle make parsers drop the rest; the page goes on after them.
CLOSERS = re.compile(r"</?(?:html|body)\b[^<>]{0,2000}>", re.IGNORECASE)
DECLARATION = re.compile(r"^\s{0,99}<\?xml[^>]{0,200}\?>", re.IGNORECASE)
# A script that only writes a few words where it stands: a date, a source.
WRITTEN = re.compile(
    r"""<script[^<>]{0,100}>\s{0,20}document\.write\(\s?(["'])([^"'<>\\]{1,60})\1\s?\)\s?;?\s{0,20}</script>""",
    re.IGNORECASE,
)
# Tags that only set type, and those that only box: what a page loses when it must be flattened.
INLINE = re.compile(r"</?(?:font|span|b|i|u|em|strong|small|big|center)\b[^<>]{0,2000}>", re.IGNORECASE)
CONTAINERS = re.compile(
    r"</?(?:div|section|article|blockquote|p|table|tbody|tr|td|ul|ol|li|dl|dd)\b[^<>]{0,2000}>", re.IGNORECASE
)
CROWDED = re.compile(
    r"""<[a-z]++[^\s<>]*+(?>\s++[^\s=<>"']++(?>\s*+=\s*+(?>"[^"]*+"|'[^']*+'|[^\s>"']++))?+){500}""", re.IGNORECASE
)
CHINESE = re.compile("[\u3400-\u9fff]")
LOST = 0.1  # share of a page's Chinese below which the parse is not believed; the rest may stand in scripts
REPAIRED = 1_000_000  # characters looked at then: repairing is a hundred times slower
MOST_LINES = 100_000  # no page for readers has a tenth of it; beyond, reading would take minutes
ROW_LENGTH = 1500  # characters: a longer row is a page laid out by a table, not a row of data
ROW_ELEMENTS = 400
PROSE = 25  # characters from which a line counts as running text
PAUSE = re.compile("[，。；！？、,;!?]")  # running text has them; an address at the foot of a page has not
SHORT = 120  # characters of a line that may be the head's date and source
MOST = 0.6  # an element that holds this share of a page's running text is no furniture, whatever its name
LAYOUT = frozenset(("table", "tr", "h1", "h2", "script", "form", "ul"))


@dataclass(slots=True)
class Line:
    """`links` counts the characters inside anchors, `level` is 1-3 in a heading, `row` says it was a table's row."""

    text: str
    links: int
    level: int
    row: bool
    noise: bool
    hidden: bool
    files: bool  # every link of it leads to a file
    pieces: tuple[str, ...]  # of a short line, the texts of its elements one by one


@dataclass(slots=True)
class Block:
    """An element and the run of lines it covers."""

    element: Element
    start: int
    end: int
    depth: int


@dataclass(slots=True)
class Sheet:
    """A page as lines and the blocks that cover them, children before their parents."""

    root: Element
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def is_crowded(text: str) -> bool:
    """Whether an element carries so many attributes that parsing it would take minutes; no page for readers has one."""
    return CROWDED.search(text) is not None


def parse(text: str) -> Element | None:
    """Parse a page, one nested deeper than parsers go after flattening it; None where there is nothing to parse."""
    source = DECLARATION.sub("", CLOSERS.sub(" ", text.replace("\x00", "")), count=1)
    if "document.write(" in source:
        source = WRITTEN.sub(r"<span>\2</span>", source)
    root, is_whole = _parse(source)
    if is_whole:
        return _repaired(source) if _is_lost(source, root) else root
    flat = CONTAINERS.sub("<br>", INLINE.sub("", source))
    return _parse(flat)[0]


def fragment(markup: str) -> Element | None:
    """A piece of markup as one element; None where it holds none."""
    root = parse(f"<div>{markup}</div>")
    return root.find(".//div") if root is not None else None


def _is_lost(source: str, root: Element | None) -> bool:
    """Whether hardly anything of the page's Chinese came through the parser: a comment or a <title> that is never closed."""
    written = len(CHINESE.findall(source[:REPAIRED]))
    if written < PROSE or root is None:
        return False
    wanted = written * LOST
    for text in _visible(root):
        wanted -= len(CHINESE.findall(text))
        if wanted <= 0:
            return False
    return True


def _visible(root: Element) -> Iterator[str]:
    for element in root.iter("*"):
        if element.text and element.tag not in SKIPPED:
            yield element.text
        if element.tail:
            yield element.tail


def _repaired(source: str) -> Element | None:
    """The tree as Beautiful Soup makes it out, which reads on where lxml takes the rest of the page for a comment."""
    try:
        return _parse(str(BeautifulSoup(source[:REPAIRED], "html.parser")))[0]
    except RecursionError:
        return _parse(source)[0]


def _parse(source: str) -> tuple[Element | None, bool]:
    """The tree, and whether it holds the whole page: beyond a depth the parser drops what follows."""
    if not source.strip():
        return None, True
    # Not lxml.html's parser: its elements are made one by one in Python.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None, True
    return root, not any(fault.type_name == "ERR_RESOURCE_LIMIT" for fault in parser.error_log)


def read_lines(root: Element) -> Sheet:
    """Lay a tree out as lines, MOST_LINES of them at the most."""
    return _Walk(root).run()


class _Walk:
    """One pass over a tree. State is many-sided (the open line, zones, rows), hence a class; used once and dropped."""

    def __init__(self, root: Element) -> None:
        self.sheet = Sheet(root)
        self.pieces: list[str] = []
        self.links = self.anchors = self.level = self.hidden = 0
        self.noise: list[tuple[int, int]] = []  # runs of lines in elements named like furniture
        self.files: bool | None = None
        self.file_link = False
        self.row = False
        self.pre = 0
        self.depth = 0
        self.open: list[tuple[int, bool, bool]] = []  # first line, noise, hidden

    def run(self) -> Sheet:
        walk = etree.iterwalk(self.sheet.root, events=("start", "end"))
        for event, element in walk:
            if len(self.sheet.lines) >= MOST_LINES:
                break
            if event == "start":
                if element.tag in SKIPPED or not isinstance(element.tag, str):
                    walk.skip_subtree()
                    continue
                self._open(element)
            else:
                self._close(element)
        self._flush()
        _mark_noise(self.sheet.lines, self.noise)
        return self.sheet

    def _open(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._open_block(element, tag)
        elif tag == "br":
            self._flush() if not self.row else self.pieces.append(" ")
        elif tag == "a":
            self.anchors += 1
            self.file_link = bool(FILE.search(element.get("href") or ""))
        if element.text:
            self._add(element.text)

    def _open_block(self, element: Element, tag: str) -> None:
        if self.row:
            self.pieces.append("\t" if tag in ("td", "th") and any(piece.strip() for piece in self.pieces) else " ")
        else:
            self._flush()
        self.depth += 1
        noisy, hidden = _noisy(element, tag), _is_hidden(element)
        self.open.append((len(self.sheet.lines), noisy, hidden))
        if tag in HEADINGS:
            self.level = int(tag[1])
        elif tag == "pre":
            self.pre += 1
        self.hidden += hidden
        if tag == "tr" and not self.row and _is_data(element):
            self.row = True
            element.set("data-row", "1")

    def _close(self, element: Element) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            if element.tail:
                self._add(element.tail)
            return
        if tag in BLOCKS:
            self._close_block(element, tag)
        elif tag == "a":
            self.anchors = max(0, self.anchors - 1)
        if element.tail:
            self._add(element.tail)

    def _close_block(self, element: Element, tag: str) -> None:
        if tag == "tr" and element.get("data-row"):
            self._flush()
            self.row = False
        elif not self.row:
            self._flush()
        else:
            self.pieces.append(" ")
        start, noisy, hidden = self.open.pop()
        self.depth -= 1
        if len(self.sheet.lines) > start:
            self.sheet.blocks.append(Block(element, start, len(self.sheet.lines), self.depth))
        if tag in HEADINGS:
            self.level = 0
        elif tag == "pre":
            self.pre -= 1
        if noisy and len(self.sheet.lines) > start:
            self.noise.append((start, len(self.sheet.lines)))
        self.hidden -= hidden

    def _add(self, text: str) -> None:
        if self.pre and "\n" in text:
            for piece in text.split("\n"):
                self.pieces.append(piece)
                self._flush()
            return
        self.pieces.append(text)
        if self.anchors:
            length = len(text.strip())
            self.links += length
            if length:
                self.files = self.file_link and self.files is not False

    def _tidied(self) -> tuple[str, ...]:
        return tuple(piece for raw in self.pieces if (piece := tidy(raw)))

    def _flush(self) -> None:
        if not self.pieces:
            return
        alone = len(self.pieces) == 1
        text = tidy(self.pieces[0] if alone else "".join(self.pieces), keep_tabs=self.row)
        if text:
            pieces = () if len(text) > SHORT else (text,) if alone and not self.row else self._tidied()
            self.sheet.lines.append(
                Line(
                    text,
                    min(self.links, len(text)),
                    self.level,
                    self.row,
                    noise=False,
                    hidden=self.hidden > 0,
                    files=bool(self.files),
                    pieces=pieces,
                )
            )
        self.pieces = []
        self.links = 0
        self.files = None


FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|od[ts]|wps|rtf|et|ofd|zip|rar|pptx?)(?:$|[?#&])|downfile\.jsp|/download\.jsp|mod=attachment",
    re.IGNORECASE,
)


def _mark_noise(lines: list[Line], runs: list[tuple[int, int]]) -> None:
    """Mark the lines of furniture, each once, unless the run is most of what the page says."""
    sums = [
        0,
        *accumulate(
            len(line.text)
            if len(line.text) >= PROSE and line.links * 2 <= len(line.text) and PAUSE.search(line.text)
            else 0
            for line in lines
        ),
    ]
    steps = [0] * (len(lines) + 1)
    for start, end in runs:
        if sums[end] - sums[start] < MOST * sums[-1] or not sums[-1]:
            steps[start] += 1
            steps[end] -= 1
    for line, depth in zip(lines, accumulate(steps), strict=False):
        line.noise = depth > 0


def tidy(text: str, *, keep_tabs: bool = False) -> str:
    """One line of text as printed: blanks folded to one, a break of the source between Chinese characters dropped."""
    if not text.isprintable():  # most pieces are: no break, nothing invisible
        text = INVISIBLE.sub("", CJK_BREAK.sub("", text) if "\n" in text or "\r" in text else text)
    if keep_tabs and "\t" in text:
        return "\t".join(cell for piece in text.split("\t") if (cell := " ".join(piece.split())))
    return " ".join(text.split())


def text_of(element: Element) -> str:
    """All text inside an element as one line."""
    return tidy("".join(str(piece) for piece in element.itertext()))


def _noisy(element: Element, tag: str) -> bool:
    if tag in ("nav", "aside", "footer"):
        return True
    if tag in ("html", "body", "tr", "td", "p"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and NOISE.search(names[:200]) is not None


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or HIDDEN.search(element.get("style") or "") is not None


def _is_data(row: Element) -> bool:
    """A row of at least two cells that lays out data, not the page."""
    cells = [child for child in row if child.tag in ("td", "th")]
    if len(cells) < 2:
        return False
    length = 0
    for count, element in enumerate(row.iter()):
        if count > ROW_ELEMENTS or (count and element.tag in LAYOUT):
            return False
        length += len((element.text or "").strip()) + len((element.tail or "").strip())
        if length > ROW_LENGTH:
            return False
    return True
