"""A saved file becomes an Article: pages, plain text, PDF and Word documents.

Refuses, by name, what it cannot read: an unknown suffix, a damaged or locked file, a scan without text. Packed files are
unpacked only as far as a page may be long, so a small file cannot fill the memory.
"""

import gzip
import re
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

from crawler.charset import decode
from crawler.reading.dates import read_date
from crawler.reading.page import LARGEST, read_page
from monitor.domain import Article
from monitor.errors import PageError

PAGES = (".html", ".htm", ".html.gz", ".htm.gz")
READABLE = (*PAGES, ".txt", ".pdf", ".docx")
FILE_LIMIT = 50_000_000  # bytes of a PDF or Word file
UNPACKED_LIMIT = 100_000_000  # bytes of a Word file's parts together; python-docx holds all of them in memory
PAGE_LIMIT = 2_000  # pages of a PDF
SCAN = 30  # characters a page: fewer mean pictures of text
TITLE_LENGTH = 120
YEAR_OR_MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
FRONT_KEYS = frozenset(("published", "publisher", "url", "region"))
SENTENCE_END = re.compile(r"[。！？；：”）》!?;:]$")
ITEM = re.compile(
    r"(?:第?[一二三四五六七八九十百]{1,4}[、章节条.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．]|附件|[—\-]{1,2}\s?\d{1,4}\s?[—\-]{0,2}$)"
)


def is_readable(path: Path) -> bool:
    """Whether the name ends as one of READABLE."""
    return path.name.lower().endswith(READABLE)


def read_file(
    path: Path, *, url: str | None = None, title: str | None = None, published: str | None = None, now: datetime
) -> Article:
    """Read one file by its suffix; `title` and `published` serve where the file says nothing better."""
    name = path.name.lower()
    if not is_readable(path):
        raise PageError(str(path), f"cannot read this kind of file; readable are {', '.join(READABLE)}")
    content = _content(path)
    try:
        if name.endswith(PAGES):
            page = _unpack(path, content) if name.endswith(".gz") else content
            return read_page(page, url=url, title=title, published=published, now=now)
        if name.endswith(".txt"):
            return _read_text(path, content, url=url, title=title, published=published, now=now)
        text, headline, stamp = _read_pdf(path, content) if name.endswith(".pdf") else _read_word(path, content)
    except PageError as error:
        raise PageError(str(path), error.problem) from error
    headline, text = _split_title(text, title or headline)
    if not headline:
        raise PageError(str(path), "no title found")
    if not text:
        raise PageError(str(path), "no text found")
    return Article(title=headline, text=text, url=url, published=published or read_date(stamp or "", now=now))


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise PageError(str(path), f"larger than the {FILE_LIMIT:,} bytes that are read")
        return path.read_bytes()
    except OSError as error:
        raise PageError(str(path), f"cannot be opened: {error.strerror or error}") from error


def _unpack(path: Path, content: bytes) -> bytes:
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(content, LARGEST + 1)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise PageError(str(path), "damaged gzip file") from error
    return unpacked


def _read_text(
    path: Path, content: bytes, *, url: str | None, title: str | None, published: str | None, now: datetime
) -> Article:
    """A title line, a blank line and the body, after optional front matter between two --- lines."""
    if not content.strip():
        raise PageError(str(path), "the file is empty")
    text, charset = decode(content)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    front, rest = _front_matter(path, lines)
    while rest and not rest[0].strip():
        rest.pop(0)
    headline = rest[0].strip() if rest else ""
    body = "\n".join(line.strip() for line in rest[1:] if line.strip())
    if not headline and not title:
        raise PageError(str(path), "no title found")
    if not body:
        raise PageError(str(path), "no text found below the title line")
    if text.count("\ufffd") * 50 > len(text):
        raise PageError(str(path), "cannot be decoded in any known charset")
    stamp = front.get("published") or published
    # A year or a month alone is all that is known of some texts.
    day = (stamp if YEAR_OR_MONTH.fullmatch(stamp) else read_date(stamp, now=now)) if stamp else None
    if stamp and day is None:
        raise PageError(str(path), f"published: not a date: {stamp}")
    return Article(
        title=headline or title or "",
        text=body,
        url=front.get("url") or url,
        region=front.get("region"),
        published=day,
        publisher=front.get("publisher"),
        charset=charset,
    )


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


def _read_pdf(path: Path, content: bytes) -> tuple[str, str | None, str | None]:
    """The text of a PDF, its title and its day; lines that break inside a sentence are joined again."""
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PageError(str(path), "the PDF is locked by a password")
        pages = [page.extract_text() for _, page in zip(range(PAGE_LIMIT), reader.pages, strict=False)]
        facts = reader.metadata
        headline = str(facts.title).strip() if facts and facts.title else None
    except PageError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        NotImplementedError,
        OSError,
        ArithmeticError,
    ) as error:
        raise PageError(str(path), "damaged or unsupported PDF") from error
    lines = [line.strip() for page in pages for line in page.split("\n") if line.strip()]
    if sum(map(len, lines)) < SCAN * max(1, len(pages)):
        raise PageError(str(path), "the PDF holds pictures of text, which are not read")
    return _join(lines), headline if headline and re.search(r"[\u4e00-\u9fff]", headline) else None, None


def _join(lines: list[str]) -> str:
    """Join lines that a page's width broke: a line continues the one before unless that ended or this starts an item."""
    width = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    full = False
    for line in lines:
        if full and joined and not SENTENCE_END.search(joined[-1]) and not ITEM.match(line):
            joined[-1] += line
        else:
            joined.append(line)
        full = len(line) * 10 >= width * 8
    return "\n".join(joined)


def _read_word(path: Path, content: bytes) -> tuple[str, str | None, str | None]:
    """Paragraphs and tables of a Word file in their order, a table's row on a line."""
    import io

    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_LIMIT:
                raise PageError(str(path), f"unpacks to more than {UNPACKED_LIMIT:,} bytes")
        document = docx.Document(io.BytesIO(content))
        lines: list[str] = []
        for part in document.iter_inner_content():
            lines.extend(_rows(part) if isinstance(part, Table) else [part.text.strip()])
        headline = document.core_properties.title.strip()
    except PageError:
        raise
    except (
        OpcError,
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        NotImplementedError,
    ) as error:
        raise PageError(str(path), "damaged or unsupported Word file") from error
    text = "\n".join(line for line in lines if line)
    return text, headline if re.search(r"[\u4e00-\u9fff]", headline) else None, None


def _rows(table: object) -> list[str]:
    """A table's rows; a cell merged over columns is said once."""
    from docx.table import Table

    assert isinstance(table, Table)  # noqa: S101  # narrows the type for the checker
    rows = []
    for row in table.rows:
        cells = [" ".join(cell.text.split()) for cell in row.cells]
        rows.append(
            "\t".join(cell for place, cell in enumerate(cells) if cell and (not place or cell != cells[place - 1]))
        )
    return rows


def _split_title(text: str, known: str | None) -> tuple[str, str]:
    """The title and the text below it: the known one, else the first lines up to one that reads as text."""
    first, _, rest = text.partition("\n")
    if known:
        return known, rest.strip() if first.strip() == known else text.strip()
    return first.strip()[:TITLE_LENGTH], rest.strip()
