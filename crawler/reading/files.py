"""A saved file becomes an Article: pages, plain text, and documents such as PDF, Word, OFD and archives of them.

Refuses, by name, what it cannot read: an unknown suffix, a damaged or locked file, a scan without text. Packed files are
unpacked only as far as a page may be long, and documents are read in a process of their own.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler.charset import decode
from crawler.reading.appendix import append
from crawler.reading.dates import read_date
from crawler.reading.documents import SUFFIXES
from crawler.reading.extract import extract
from crawler.reading.headline import without_headline
from crawler.reading.official import heading_number
from crawler.reading.page import LARGEST, read_page
from crawler.reading.printed import Printed
from monitor.domain import Article, Attachment, Official
from monitor.errors import PageError

PAGES = (".html", ".htm", ".html.gz", ".htm.gz")
READABLE = (*PAGES, ".txt", *SUFFIXES)
FILE_LIMIT = 50_000_000  # bytes of a document file
TITLE_LENGTH = 120
TITLE_LINES = 4
YEAR_OR_MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
BROKEN = re.compile(r"[\x00-\x08\x0e-\x1f]")  # what no text holds
SAMPLE = 10_000
FRONT_KEYS = frozenset(("published", "publisher", "url", "region"))
# What stands over a document's title: 无锡市人民政府文件, 锡政发〔2026〕4号.
RED_HEAD = re.compile(
    r"^\S{2,30}文\s?件$|^[\u4e00-\u9fff]{1,14}[〔\[［（(]\s?(?:19|20)\d\d\s?[〕\]］）)]\s?第?\d{1,5}\s?号$"
)
GENRE = re.compile(
    r"(?:通知|意见|方案|规划|计划|办法|决定|决议|公告|通告|公报|通报|报告|函|批复|条例|规定|细则|措施|纲要|要点|指南|清单)(?:[（(].{1,12}[)）])?$"
)


def is_readable(path: Path) -> bool:
    """Whether the name ends as one of READABLE."""
    return path.name.lower().endswith(READABLE)


def read_file(
    path: Path,
    *,
    url: str | None = None,
    title: str | None = None,
    published: str | None = None,
    now: datetime,
    warn: Callable[[str], None] = lambda _: None,
) -> Article:
    """Read one file by its suffix; `title` and `published` serve where the file says nothing better. `warn` hears what
    could not be read of a file that is read."""
    name = path.name.lower()
    if not is_readable(path):
        raise PageError(str(path), f"cannot read this kind of file; readable are {', '.join(READABLE)}")
    content = read_content(path)
    if name.endswith(PAGES):
        page = _unpack(path, content) if name.endswith(".gz") else content
        try:
            return read_page(page, url=url, title=title, published=published, now=now)
        except PageError as error:
            raise PageError(str(path), error.problem) from error
    if name.endswith(".txt"):
        return _read_text(path, content, url=url, title=title, published=published, now=now)
    parts = extract(content, str(path))
    for warning in (warning for part in parts for warning in part.warnings):
        warn(f"{path}: {warning}")
    return read_printed(parts, Attachment(str(path), path.name), url=url, title=title, published=published)


def read_content(path: Path) -> bytes:
    """Read a file's bytes as they lie on disk, unless there are more than any article has."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise PageError(str(path), f"larger than the {FILE_LIMIT:,} bytes that are read")
        return path.read_bytes()
    except OSError as error:
        raise PageError(str(path), f"cannot be opened: {error.strerror or error}") from error


def _unpack(path: Path, content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(content, LARGEST + 1)
    except zlib.error as error:
        raise PageError(str(path), "damaged gzip file") from error
    if not unpacker.eof and len(unpacked) <= LARGEST:
        raise PageError(str(path), "damaged gzip file: its end is missing")
    return unpacked


def _read_text(
    path: Path, content: bytes, *, url: str | None, title: str | None, published: str | None, now: datetime
) -> Article:
    """A title line, a blank line and the body, after optional front matter between two --- lines."""
    if not content.strip():
        raise PageError(str(path), "the file is empty")
    text, charset = decode(content)
    if BROKEN.search(text[:SAMPLE]) or text.count("\ufffd") * 50 > len(text):
        raise PageError(str(path), "not a text, or in no known charset")
    front, rest = _front_matter(path, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    lines = [line.strip() for line in rest if line.strip()]
    if not lines:
        raise PageError(str(path), "no title found")
    if len(lines) == 1 and not title:
        raise PageError(str(path), "no text found below the title line")
    return Article(
        title=lines[0] if len(lines) > 1 else title or "",
        text="\n".join(lines[1:] or lines),
        url=front.get("url") or url,
        region=front.get("region"),
        published=_day(path, front.get("published") or published, now),
        publisher=front.get("publisher"),
        charset=charset,
    )


def _day(path: Path, stamp: str | None, now: datetime) -> str | None:
    """A date as written; a year or a month alone is all that is known of some texts."""
    if not stamp or YEAR_OR_MONTH.fullmatch(stamp):
        return stamp
    day = read_date(stamp, now=now)
    if day is None:
        raise PageError(str(path), f"published: {stamp!r} is no date up to today; write 2024-02-29 or 2024-02-29 09:10")
    return day


def _front_matter(path: Path, lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The keys between two --- lines, and the lines below; an unknown key is the writer's mistake and is named."""
    if not lines or lines[0].strip() != "---":
        return {}, lines
    end = next((place for place, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise PageError(str(path), "front matter is opened by --- and never closed")
    front: dict[str, str] = {}
    for line in lines[1:end]:
        key, _, value = line.partition(":")
        if line.strip() and key.strip() not in FRONT_KEYS:
            raise PageError(
                str(path), f"front matter: unknown key {key.strip()!r}; known are {', '.join(sorted(FRONT_KEYS))}"
            )
        if value.strip():
            front[key.strip()] = value.strip().strip("\"'")
    return front, lines[end + 1 :]


def read_printed(
    parts: Sequence[Printed],
    file: Attachment,
    *,
    url: str | None = None,
    title: str | None = None,
    published: str | None = None,
) -> Article:
    """A document file as an article; its properties name it, else its first lines. Of an archive the first document is
    the article, and the others are attached to it."""
    printed = parts[0]
    headline, text = _split_title(printed.text, title or printed.title)
    if not headline:
        raise PageError(file.url, "no title found")
    if not text:
        raise PageError(file.url, "no text found")
    number = heading_number(printed.text)
    removed = len(printed.text) - len(text)  # the title's lines, all at the head
    pages = tuple(max(0, page - removed) for page in printed.pages)
    article = Article(
        title=headline,
        text=text,
        url=url,
        published=published,
        attachments=(replace(file, start=0, pages=pages),),
        official=Official(number=number) if number else None,
    )
    return append(article, [(file, parts[1:])])


def _split_title(text: str, known: str | None) -> tuple[str, str]:
    """The title and the text without it: the known one, else what stands below a document's red head and number."""
    lines = text.split("\n")
    if known:
        return known, without_headline(text, known).strip()
    start = next((place for place, line in enumerate(lines[:4]) if not RED_HEAD.search(line)), 0)
    for end in range(start + 1, min(start + TITLE_LINES, len(lines)) + 1):
        title = "".join(lines[start:end])
        if len(title) <= TITLE_LENGTH and GENRE.search(title):
            return title, "\n".join([*lines[:start], *lines[end:]]).strip()
    return lines[start].strip()[:TITLE_LENGTH], "\n".join([*lines[:start], *lines[start + 1 :]]).strip()
