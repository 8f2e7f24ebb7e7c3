"""Lists that cannot be read as they are: drawn by a script, or kept from everybody but an app. Named, so that a person is
told why no article was found and what to do instead; reading them is not done here.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from crawler.browser import missing

MARKS: Final = tuple(
    (name, re.compile(mark, re.IGNORECASE))
    for name, mark in (
        ("Epoint EWB", r"/EWB-FRONT/|EpointWebBuilder"),
        ("Kaipu szinf", r"/szinf/|loadBmData"),
        ("TRS IGS search", r"/igs/front/search"),
        ("script application", r"<div id=[\"']?(?:app|root)[\"']?>\s{0,9}</div>"),
    )
)
# Any script that asks for something and may draw it: $.ajax({...}), fetch("/list.json"), axios.get(...)
ASKS: Final = re.compile(r"\.ajax\s?\(|\$\.(?:get|post|getJSON)\s?\(|\bfetch\s?\(|\bXMLHttpRequest\b|\baxios\b")
SERVICES: Final = tuple(
    (host, re.compile(path), f"{reason}; {advice}")
    for host, path, reason, advice in (
        (
            "mp.weixin.qq.com",
            "",
            "WeChat shows no list of an account's articles outside the app",
            "add the publisher's own site or feed, or save articles and take them in with `policywatch ingest`",
        ),
        (
            "toutiao.com",
            "",
            "今日头条 gives its lists only to signed requests of its own script",
            "add the site of the medium that wrote the article, or save articles and take them in with `policywatch ingest`",
        ),
        (
            "21jingji.com",
            r"/(?!article/)",
            "21世纪经济报道 gives the lists of its channels only for a token made by its own script",
            "its articles can be read: save them and take them in with `policywatch ingest`",
        ),
    )
)


def drawn_by(text: str) -> str | None:
    """The system whose script fills the list, or None where nothing tells."""
    return next((name for name, mark in MARKS if mark.search(text)), None)


def may_be_drawn(text: str) -> bool:
    """Whether a page without rows has a script that could draw some."""
    return ASKS.search(text) is not None


def offer(url: str) -> str:
    """How a browser is put to the list that a script draws."""
    lacking = missing()
    return f"a browser may draw it: {f'{lacking}, then: ' if lacking else ''}policywatch sources add {url} --browser"


def why_no_rows(text: str, refused: Sequence[str] | None) -> str | None:
    """Why a page shows no article; `refused` is what a browser that drew it could not have, None where none did."""
    if refused is not None:
        return f"a browser drew it without {'; '.join(refused)}" if refused else "a browser drew it, and it shows none"
    system = drawn_by(text)
    return f"it is drawn by a script ({system})" if system else None


def unreadable(url: str) -> str | None:
    """Why a service has no list that may be read, and what to do instead; None where nothing is known against it.

    The only place that knows hosts: these are services of many publishers, and nothing on their pages would be a list.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for ends, path, reason in SERVICES:
        if (host == ends or host.endswith(f".{ends}")) and path.match(parts.path):
            return reason
    return None
