"""WordPress: a page whose head names the REST interface is listed by it, for its own category, tag or author only; one
that names just its feed, by that where its own rows are few. The page's rows stand in where neither can be had.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.listing import rows
from crawler.listing.answers import object_in, records_in, rows_of
from crawler.listing.base import Ask, Listing, ListPage, asks
from crawler.urls import absolute
from monitor.errors import PageError

NAME = "wordpress"
A_PAGE: Final = 20  # posts asked for at once; an interface gives at most 100, and ten where nothing is said
PLAIN: Final = 10
FIELDS: Final = "link,title,date,date_gmt"  # without it every post comes with its whole text
FEW: Final = 5  # rows below which the feed tells more than the page
HEAD: Final = 200_000  # characters; scripts before the links of a head may be long
LINK: Final = re.compile(r"<link\s[^<>]{1,600}>", re.IGNORECASE)
ATTRIBUTE: Final = re.compile(r"([\w-]{1,20})\s{0,3}=\s{0,3}(?:\"([^\"]{0,500})\"|'([^']{0,500})')")
GENERATOR: Final = re.compile(r"<meta[^<>]{0,100}generator[^<>]{0,100}WordPress", re.IGNORECASE)
# The object that a page shows, as its head names it: wp/v2/categories/7.
SHOWN: Final = re.compile(r"/wp/v2/(\w{1,40})/(\d{1,12})(?:[/?&#]|$)")
ASKED_BY: Final = {"categories": "categories", "tags": "tags", "users": "author"}
ALL_POSTS: Final = re.compile(r"<body[^<>]{0,200}class=[\"'][^\"'<>]{0,400}\bblog\b", re.IGNORECASE)
ANSWER: Final = re.compile(r"\s*\[\s*\{.{0,200000}?\"rendered\"\s*:", re.DOTALL)
REFUSAL: Final = re.compile(r"\s*\{\s*\"code\"\s*:\s*\"(?:rest|json)_")


def recognise(page: ListPage) -> bool:
    if ANSWER.match(page.text) or REFUSAL.match(page.text):
        return True
    return _interface(page) is not None or _own_feed(page) is not None


def read(page: ListPage, now: datetime) -> Listing:
    if page.text.lstrip("\ufeff \r\n\t")[:1] in ("[", "{"):
        return _answer(page, now)
    plain = rows.read(page, now)
    interface, feed = _interface(page), _own_feed(page)
    behind = None
    if interface is not None:
        behind = Ask(interface, family=NAME)
    elif feed is not None and len(plain.rows) < FEW:
        behind = Ask(feed, family="feed")
    return Listing(NAME, plain.rows, plain.following, linked=plain.linked, behind=behind)


def _answer(page: ListPage, now: datetime) -> Listing:
    try:
        content = json.loads(page.text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise PageError(page.url, "WordPress did not answer with JSON") from None
    if isinstance(content, dict):
        raise PageError(
            page.url, f"WordPress refuses its list: {str(content.get('message') or content.get('code'))[:100]}"
        )
    posts = records_in({"posts": content}, "posts")
    found = rows_of([_flat(post) for post in posts], page.url, now, address=("link",), title=("title",), day=("day",))
    return Listing(NAME, found, asks([_next(page.url, len(posts))]), linked=True)


def _flat(post: Mapping[str, Any]) -> dict[str, Any]:
    """The address, title and moment of a post; its local date says no zone, the other one is in UTC."""
    universal = post.get("date_gmt")
    day = f"{universal}Z" if isinstance(universal, str) and "T" in universal else post.get("date")
    return {"link": post.get("link"), "title": object_in(post, "title").get("rendered"), "day": day}


def _next(url: str, count: int) -> str | None:
    """The next page of the interface, None where this one was not full."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    size, number = query.get("per_page", ""), query.get("page", "1")
    if not number.isdigit() or count < (int(size) if size.isdigit() else PLAIN):
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {"page": str(int(number) + 1)}, safe="/,")))


def _interface(page: ListPage) -> str | None:
    """The address that answers with the posts which this page lists; None for single posts and for other sites."""
    root, shown = None, None
    for link in _links(page):
        if link.get("rel") == "https://api.w.org/":
            root = absolute(link.get("href", ""), page.url)
        elif link.get("type") == "application/json" and (found := SHOWN.search(link.get("href", ""))):
            shown = found
    if root is None:
        return None
    query = {"per_page": str(A_PAGE), "_fields": FIELDS}
    if shown is not None and shown[1] in ASKED_BY:
        query[ASKED_BY[shown[1]]] = shown[2]
    elif (shown is not None and shown[1] != "pages") or not (
        _is_home(page.url, root) or ALL_POSTS.search(page.text[:HEAD])
    ):
        return None
    return f"{root}wp/v2/posts{'&' if '?' in root else '?'}{urlencode(query, safe=',')}"


def _is_home(url: str, root: str) -> bool:
    """Whether the page is the top of the site that the interface belongs to."""
    top = urlsplit(root).path.removesuffix("index.php/").removesuffix("wp-json/").removesuffix("index.php")
    return urlsplit(url).path.rstrip("/") == top.rstrip("/") and not urlsplit(url).query


def _own_feed(page: ListPage) -> str | None:
    """The feed of just this page, on a site that says it is made with WordPress."""
    if not GENERATOR.search(page.text[:HEAD]):
        return None
    own = f"{urlsplit(page.url).path.rstrip('/')}/feed"
    feeds = (absolute(link.get("href", ""), page.url) for link in _links(page) if "rss+xml" in link.get("type", ""))
    return next((feed for feed in feeds if feed and urlsplit(feed).path.rstrip("/") == own), None)


def _links(page: ListPage) -> list[dict[str, str]]:
    """The attributes of the links of the head."""
    head = page.text[:HEAD]
    if "<link" not in head and "<LINK" not in head:
        return []
    return [
        {
            name.lower(): (one or other).replace("&amp;", "&").replace("&#038;", "&")
            for name, one, other in ATTRIBUTE.findall(tag)
        }
        for tag in LINK.findall(head)
    ]
