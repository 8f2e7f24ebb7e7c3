"""Lists that a script draws: named, so that a person is told why no article was found. Reading them is not done here."""

import re
from typing import Final

MARKS: Final = tuple(
    (name, re.compile(mark, re.IGNORECASE))
    for name, mark in (
        ("Hanweb jpaas", r"parsetype=[\"']?bulidstatic|jpaas-publish-server"),
        ("Hanweb jpage", r"<datastore>|/module/web/jpage/"),
        ("Hanweb xxgk", r"/module/xxgk/search\.jsp"),
        ("truecms", r"id=[\"']initData|/truecms/"),
        ("intertid search", r"getSearchList\(|/info_open/search"),
        ("Epoint EWB", r"/EWB-FRONT/|EpointWebBuilder"),
        ("Kaipu szinf", r"/szinf/|loadBmData"),
        ("TRS IGS search", r"/igs/front/search"),
        ("Xinhua cloud", r"data=[\"']datasource:"),
        ("gkmlpt", r"/gkmlpt/"),
        ("ZAKER", r"window\.WinPageData"),
        ("gova", r"/gova/"),
        ("script application", r"<div id=[\"']?(?:app|root)[\"']?>\s{0,9}</div>"),
    )
)


def drawn_by(text: str) -> str | None:
    """The system whose script fills the list, or None where nothing tells."""
    return next((name for name, mark in MARKS if mark.search(text)), None)
