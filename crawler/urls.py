"""What an address is to us: one key for all the ways a page is linked, and whether a link can be a page at all.

Only w3lib rewrites addresses here: other libraries turn GBK escapes into replacement characters or drop the
parameters that tell one thread from another.
"""

import re
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that name the visitor or the way here, never the page.
NOISE: Final = re.compile(
    r"(?:utm_\w+|from|isappinstalled|spm|scm|share_token|sessionid|jsessionid|phpsessid|timestamp|_t|nsukey)",
    re.IGNORECASE,
)
SESSION_PATH: Final = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# Discuz! writes one thread in two ways; the short one is the key.
THREAD: Final = re.compile(r"/thread-(\d+)-\d+-\d+\.html$")
TEMPLATE: Final = re.compile(r"\{\{|\$\{|<%")  # what a script would fill in: {{infourl}}
NOT_A_PAGE: Final = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|webp|svg|ico|css|js|mp3|mp4|avi|flv|wmv|zip|rar|7z|(?<!xml\.)gz|exe|apk|dmg)$",
    re.IGNORECASE,
)


def key(url: str) -> str:
    """The canonical address under which a page is known.

    http and https, default ports, fragments, parameter order, visitor parameters and Discuz! spellings do not tell
    pages apart.
    """
    parts = urlsplit(canonicalize_url(url))
    # Pieces as they stand: decoding and encoding again would lose parameters written in GBK.
    query = [piece for piece in parts.query.split("&") if piece and not NOISE.fullmatch(piece.partition("=")[0])]
    path, query = _thread(SESSION_PATH.sub("", parts.path), query)
    return urlunsplit(("https", host(url), path or "/", "&".join(query), ""))


def host(url: str) -> str:
    """Host and port, lower case, the port left out where it is the scheme's own: who is to be asked politely."""
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        port = None
    name = f"[{name}]" if ":" in name else name
    return name if port in (None, DEFAULT_PORTS.get(parts.scheme.lower())) else f"{name}:{port}"


def absolute(href: str, base: str) -> str | None:
    """The absolute http or https address of a link, fragment dropped; None for anything that cannot be a page."""
    href = href.strip().replace("\n", "").replace("\t", "")
    if not href or href.startswith("#") or TEMPLATE.search(href):
        return None
    try:
        parts = urlsplit(urljoin(base, href))
        parts.port  # noqa: B018  # raises on a port that is no number
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or NOT_A_PAGE.search(parts.path):
        return None
    return urlunsplit(parts._replace(fragment=""))


def _thread(path: str, query: list[str]) -> tuple[str, list[str]]:
    """`forum.php?mod=viewthread&tid=7&page=2` and `thread-7-2-1.html` are the thread 7."""
    short = THREAD.search(path)
    if short:
        return f"{path[: short.start()]}/thread-{short[1]}-1-1.html", query
    if path.endswith("/forum.php") and "mod=viewthread" in query:
        number = next((piece[4:] for piece in query if piece.startswith("tid=")), "")
        if number.isdigit():
            return f"{path.removesuffix('/forum.php')}/thread-{number}-1-1.html", []
    return path, query
