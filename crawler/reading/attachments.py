"""Files that a page hands out with its text: absolute addresses, each once, named as the page names them."""

from urllib.parse import unquote, urljoin, urlsplit

from crawler.reading.body import Body
from crawler.reading.tree import FILE, Element, Sheet, text_of, tidy
from monitor.domain import Attachment

ABOVE = 3  # levels over the text's element: attachment lists stand beside it, menus and footers farther off


def read_attachments(sheet: Sheet, body: Body, url: str | None) -> tuple[Attachment, ...]:
    """Collect links to documents in and beside the text; without any base they stay as written."""
    root: Element = body.block.element
    for _ in range(ABOVE):
        parent = root.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        root = parent
    base = _base(sheet.root, url)
    found: dict[str, Attachment] = {}
    for anchor in root.iter("a"):
        href = (anchor.get("href") or "").strip()
        if href and FILE.search(href) and (address := _absolute(base, href)):
            found.setdefault(address, Attachment(address, _name(anchor, address)))
    return tuple(found.values())


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


def _name(anchor: Element, address: str) -> str:
    text = text_of(anchor) or tidy(anchor.get("title") or anchor.get("download") or "")
    return text or unquote(urlsplit(address).path.rpartition("/")[2])
