"""Walls and soft failures: recognised, named, and left alone. Nothing here solves, spoofs or goes round a wall.

The names are those of a site's own behaviour as seen at public authorities: an answer that is no page although the
status or the size says it is one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import lxml.html
from lxml.etree import LxmlError
from scrapy.exceptions import IgnoreRequest

from crawler.charset import decode

SHOWN: Final = frozenset({200, 202, 203})  # statuses of pages; a challenge of Ruishu may come as 202
# Larger pages hold something to read; parsing them only to look for a wall would cost more than reading them.
SMALL: Final = 65_536  # bytes
STUB: Final = 2_048  # bytes; answers below it without text are shells
SAID: Final = 200  # characters of visible text up to which a page with a wall's marker is taken for that wall

BY_STATUS: Final[Mapping[int, tuple[str, str]]] = {
    401: ("login_401", "the site asks for a login (HTTP 401)"),
    403: ("waf_403", "refused from this network (HTTP 403); try another vantage by hand"),
    405: ("waf_other", "refused by a firewall (HTTP 405)"),
    407: ("login_407", "the site asks for a login (HTTP 407)"),
    412: ("ruishu_412", "needs a browser challenge (HTTP 412); add articles by hand or drop the source"),
    418: ("waf_other", "refused by a firewall (HTTP 418)"),
    422: ("waf_other", "refused by a firewall (HTTP 422)"),
    429: ("throttle", "asked to slow down (HTTP 429); try again later"),
    451: ("geo_block", "not shown in this place (HTTP 451)"),
    493: ("waf_other", "refused by a firewall (HTTP 493)"),
    521: ("jsl_521", "needs a browser challenge (HTTP 521); add articles by hand or drop the source"),
}
CHALLENGES: Final[Mapping[bytes, str]] = {
    b"sl-session": "SafeLine",
    b"/.safeline/": "SafeLine",
    b"once_id": "SafeLine",
    b"_wafchallengeid": "challenge cookie",
    b"acw_sc__v2": "Aliyun",
    b"__jsl_clearance": "Jiasule",
    b'go({"bts"': "Jiasule",
    b"C3VK": "script cookie",
    b"safedog-flow-item": "Safedog",
    b"document.location.reload()": "cookie reload",
    b"EO_Bot_Ssid": "EdgeOne",
    b"$_ts": "Ruishu",
    b"cf-chl": "Cloudflare",
}
# What walls say where a reader sees it; on a page of news the same words stand in a longer text.
REFUSALS: Final = re.compile(
    r"访问被拦截|访问被阻断|网站云防护系统|云防御|拒绝执行|人机(?:身份)?验证|滑动验证|安全验证|环境异常|访问过于频繁"
)
GONE: Final = re.compile(
    r"页面不存在|页面不见了|页面没有找到|找不到(?:该)?(?:页面|网页)|页面已(?:经)?(?:被)?删除|已被发布者删除|访问的(?:页面|内容|文章)(?:不存在|已删除)"
    r"|404 ?(?:not found|错误|页面)|没有找到您要访问的页面|内容不存在|文章不存在|指定的主题不存在",
    re.IGNORECASE,
)
# A newspaper's address holds nothing but the way to the first sheet of the day, which `listing/epaper.py` follows.
SENDS_ON: Final = re.compile(r"location[^;\"']{0,20}[\"'][^\"'\s]{0,200}(?:node_|nbs\.)\w")
HOME: Final = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.php", "/index.jsp"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wall`: somebody refuses us, so we stop; otherwise the answer is just not a page."""

    name: str
    reason: str
    wall: bool = True

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class Gate(IgnoreRequest):  # Scrapy's own family has no Error in its name
    """An answer that must not be read as a page."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


def recognise(status: int, body: bytes, content_type: str | None = None) -> Verdict | None:
    """Name the wall or soft failure in an answer; None where it may be read."""
    if status in BY_STATUS:
        return Verdict(*BY_STATUS[status])
    if status >= 400 and status not in (404, 410):
        return Verdict(f"http_{status}", f"the server answered HTTP {status}", wall=False)
    if status >= 400:
        return Verdict(f"gone_{status}", f"no such page (HTTP {status})", wall=False)
    if status not in SHOWN or len(body) > SMALL:
        return None
    if not body.strip():
        return Verdict("empty", "empty page", wall=False)
    return _read_small(body, content_type) if _is_html(body, content_type) else None


def recognise_robots(status: int, body: bytes, content_type: str | None = None) -> Verdict | None:
    """Name the wall that answers for robots.txt. A plain 4xx is none: it means that there are no rules (RFC 9309)."""
    if status in BY_STATUS and status not in (401, 403, 405, 407):
        return Verdict(*BY_STATUS[status])
    if len(body) > SMALL or not _is_html(body, content_type):
        return None
    verdict = _read_small(body, content_type)
    return verdict if verdict and verdict.wall else None


def is_home_fallback(asked: str, answered: str) -> bool:
    """Whether a section's address led to the site's front page."""
    return urlsplit(asked).path not in HOME and urlsplit(answered).path in HOME and not urlsplit(answered).query


def _is_html(body: bytes, content_type: str | None) -> bool:
    head = body[:500].lstrip().lower()
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"%pdf")):
        return False
    return "html" in (content_type or "") or b"<html" in head or b"<!doctype" in head or b"<script" in head


def _read_small(body: bytes, content_type: str | None) -> Verdict | None:
    marker = next((mark for mark in CHALLENGES if mark in body), None)
    text, _ = decode(body, content_type)
    refused, gone = REFUSALS.search(text), GONE.search(text)
    if not (marker or refused or gone or len(body) <= STUB):
        return None
    said, links = _visible(text)
    if len(said) > SAID:
        return None
    verdict = None
    if marker:
        verdict = Verdict("challenge_200", f"challenge page ({CHALLENGES[marker]})")
    elif refused:
        verdict = Verdict("waf_200", f"refused by a firewall ({refused.group()})")
    elif gone:
        verdict = Verdict("soft_404", f"no such page ({gone.group()})", wall=False)
    elif len(said) < 20 and links == 0 and not SENDS_ON.search(text):
        verdict = Verdict("stub_200", f"200 without content ({len(body)} bytes)", wall=False)
    return verdict


def _visible(text: str) -> tuple[str, int]:
    """What a reader sees, blanks dropped, and how many links there are."""
    try:
        page = lxml.html.document_fromstring(text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return "", 0
    seen = [
        piece
        for element in page.iter()
        if isinstance(element.tag, str)
        for piece in ("" if element.tag in ("script", "style", "noscript") else element.text or "", element.tail or "")
    ]
    return "".join("".join(seen).split()), sum(link.get("href") is not None for link in page.iter("a"))
