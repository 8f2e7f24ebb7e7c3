"""Lists that cannot be read: drawn by a script, or kept from everybody but an app. Named, so that a person is told why no
article was found and what to do instead; reading them is not done here.
"""

import re
from typing import Final
from urllib.parse import urlsplit

MARKS: Final = tuple(
    (name, re.compile(mark, re.IGNORECASE))
    for name, mark in (
        ("Epoint EWB", r"/EWB-FRONT/|EpointWebBuilder"),
        ("Kaipu szinf", r"/szinf/|loadBmData"),
        ("TRS IGS search", r"/igs/front/search"),
        ("script application", r"<div id=[\"']?(?:app|root)[\"']?>\s{0,9}</div>"),
    )
)
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
