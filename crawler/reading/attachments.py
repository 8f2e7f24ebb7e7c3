"""Files that a page hands out with its text: absolute addresses, each once, named as the page names them."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from urllib.parse import unquote, urljoin, urlsplit

from crawler.reading.body import Body
from crawler.reading.tree import FILE, Element, Sheet, text_of, tidy
from monitor.domain import Attachment

ABOVE = 3  # levels over the text's element: attachment lists stand beside it, menus and footers farther off
LABEL = re.compile(r"[\s【\[]{0,3}(?:相关)?附\s{0,4}件")
LABELLED = 40  # characters at whose start the label stands
CROWD = 60  # elements around a link; where there are more it is the page and not a list of files
MOST = 500  # files of one page
PREFERRED = ("docx", "xlsx", "odt", "ods", "doc", "xls", "wps", "rtf", "et", "ofd", "pdf", "zip")
SUFFIX = re.compile(rf"\.({'|'.join(PREFERRED)})$", re.IGNORECASE)
UNREAD = re.compile(r"\.(?:rar|7z|pptx?|jpe?g|png)(?:$|\s)", re.IGNORECASE)
FORMAT = re.compile(
    rf"(?:\.(?:{'|'.join(PREFERRED)})|[（(](?:{'|'.join(PREFERRED)}|word|excel)(?:版|格式)?[）)])+$", re.IGNORECASE
)
VIEWED = re.compile(r"[?&#](?:file|src|url|path|furl)=([^&#]+)", re.IGNORECASE)  # viewer.html?file=/plan.pdf
NEAR = 3  # levels over a link within which its label stands: cell, row; paragraph; item, list


def read_attachments(sheet: Sheet, body: Body, url: str | None) -> tuple[Attachment, ...]:
    """Collect links to documents in and beside the text and after the word 附件; without a base they stay as written."""
    base = _base(sheet.root, url)
    labelled = (link for link in file_links(sheet.root) if _is_labelled(link[0]))
    found: dict[str, Attachment] = {}
    for anchor, href in islice(chain(file_links(_neighbourhood(body.block.element)), labelled), MOST):
        if address := _absolute(base, href):
            found.setdefault(address, Attachment(address, file_name(anchor, address)))
    return tuple(found.values())


def worth_reading(attachments: Sequence[Attachment]) -> list[Attachment]:
    """The files of a page that say something of their own: of one document in several formats the one that reads best."""
    chosen: dict[str, Attachment] = {}
    for one in sorted(attachments, key=_rank):
        if not UNREAD.search(f"{one.name} {urlsplit(one.url).path}"):
            chosen.setdefault(title_of(one.name), one)
    return [one for one in attachments if one in chosen.values()]


def title_of(name: str) -> str:
    """A file's name without what only says its format."""
    return FORMAT.sub("", name).strip() or name


def _rank(one: Attachment) -> int:
    """Formats in the order of how surely their text is read."""
    found = next((SUFFIX.search(text) for text in (urlsplit(one.url).path, one.name) if SUFFIX.search(text)), None)
    return PREFERRED.index(found[1].lower()) if found else len(PREFERRED)


def file_links(root: Element) -> Iterator[tuple[Element, str]]:
    """Links to documents, and documents that a frame shows, by itself or in a viewer of its own."""
    for element in root.iter("a", "iframe", "embed", "object"):
        href = (element.get("href") or element.get("src") or element.get("data") or "").strip()
        if href and FILE.search(href):
            shown = VIEWED.search(href) if element.tag != "a" else None
            yield element, unquote(shown[1]) if shown else href


def _neighbourhood(element: Element) -> Element:
    for _ in range(ABOVE):
        parent = element.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        element = parent
    return element


def _is_labelled(anchor: Element) -> bool:
    """Whether an element closely around a link begins with 附件, as rows of index tables and paragraphs do."""
    for _, above in zip(range(NEAR), anchor.iterancestors(), strict=False):
        inside = list(islice(above.iter(), CROWD + 1))
        if len(inside) > CROWD:
            return False
        if LABEL.match(text_of(above)[:LABELLED]):
            return True
    return False


def _base(root: Element, url: str | None) -> str:
    base = root.find(".//base")
    href = str(base.get("href") or "") if base is not None else ""
    try:
        return urljoin(url or "", href)
    except ValueError:
        return url or ""


def _absolute(base: str, href: str) -> str | None:
    """The full address; None for one that no fetch could follow."""
    try:
        address = urljoin(base, href)
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    return address if scheme in ("", "http", "https") else None


def file_name(anchor: Element, address: str) -> str:
    text = text_of(anchor) or tidy(anchor.get("title") or anchor.get("download") or "")
    return text or unquote(urlsplit(address).path.rpartition("/")[2])
