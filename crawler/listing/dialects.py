"""What an address alone says: whether it is an article of a known publishing system, and the day it names.

A URL's day is the day the page was made, which is usually but not always the day of publication.
"""

import re
from typing import Final
from urllib.parse import urlsplit

Y: Final = r"(?P<y>(?:19|20)\d\d)"
M: Final = r"(?P<m>0?[1-9]|1[0-2])"
MM: Final = r"(?P<m>0[1-9]|1[0-2])"
D: Final = r"(?P<d>0?[1-9]|[12]\d|3[01])"
DD: Final = r"(?P<d>0[1-9]|[12]\d|3[01])"
END: Final = r"\.s?html?$"
# Name and shape; the most telling first. Each matches from a slash of the path on.
DIALECTS: Final = tuple(
    (name, re.compile(shape, re.IGNORECASE))
    for name, shape in (
        ("trs", rf"/\d{{6}}/t{Y}{MM}{DD}_\d+{END}"),
        ("hanweb", rf"/art/{Y}/{M}/{D}/art_\w+_?\w*{END}"),
        ("intertid", rf"/doc/{Y}/{MM}/{DD}/\d+{END}"),
        ("content", rf"/{Y}-{MM}/{DD}/(?:content|c)_\w+{END}"),
        ("xinhua", rf"/{Y}{MM}{DD}/[0-9a-f]{{32}}/c{END}"),
        ("epaper", rf"/(?:pc/)?content/{Y}{MM}/{DD}/content_\d+{END}"),
        ("people", rf"/n\d/{Y}/{MM}{DD}/c\d+-\d+{END}"),
        ("sudy", rf"/{Y}/{MM}{DD}/c\d+a\d+/page{END}"),
        ("dayhex", rf"/{Y}{MM}{DD}/(?:\w+/)?\w{{5,40}}(?:{END}|$)"),
        ("daydash", rf"/{Y}-{M}-{D}/[\w-]+(?:\.\w{{2,5}})?$"),
        ("dayslash", rf"/{Y}/{M}/{D}/[\w-]{{3,60}}(?:{END}|/?$)"),
        ("dayhalf", rf"/{Y}/{MM}-?{DD}/[\w-]+(?:{END}|/?$)"),
        ("ucap", rf"/{Y}{MM}/[0-9a-f]{{32}}{END}"),
        ("govcn", rf"/content/{Y}{MM}/content_\d+{END}"),
        ("month", rf"/{Y}{MM}/\w*\d\w*(?:{END}|$)"),
        ("hanweb-hex", rf"/art/{Y}/art_[0-9a-f]{{8,}}{END}"),
        ("vsb", rf"/info/\d+/\d+{END}"),
        ("discuz", r"/(?:thread-\d+-\d+-\d+|article-\d+-\d+)\.html$"),
        ("contents", rf"/contents?/(?:\d+|article|public)/\d+(?:{END}|$)"),
        ("post", rf"/(?:post|content)_\d+{END}"),
        ("npath", r"/c\d+/content\.html$"),
        ("uuid", rf"/[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}(?:{END}|$)"),
        ("hex", rf"/[0-9a-f]{{24,40}}(?:{END}|$)"),
        ("number", rf"/[a-z_-]{{0,20}}\d{{4,}}(?:{END}|/?$)"),
        ("short", rf"/(?:article|news|show|detail|view|p|rd|gi_news|question|answer)[/_-]\d+(?:{END}|/?$)"),
    )
)
QUERY: Final = re.compile(
    r"(?:^|&)(?:tid|id|aid|pk|newsid|articleid|infoid|messageid|contentid|docid|nid|sn)=\w{1,40}(?:&|$)", re.IGNORECASE
)


def dialect(url: str) -> str | None:
    """The name of the article dialect that the address speaks, or None."""
    parts = urlsplit(url)
    for name, shape in DIALECTS:
        if shape.search(parts.path):
            return name
    return "query" if QUERY.search(parts.query) else None


def date_in(url: str) -> str | None:
    """The day an address names as YYYY-MM-DD, or its month as YYYY-MM; None where it names neither."""
    path = urlsplit(url).path
    for _, shape in DIALECTS:
        found = shape.search(path)
        if found:
            parts = found.groupdict()
            day = f"-{int(parts['d']):02}" if parts.get("d") else ""
            return f"{parts['y']}-{int(parts['m']):02}{day}" if parts.get("m") else None
    return None
