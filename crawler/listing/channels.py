"""Sites of channels and contents (天津滨海新区 and its zones, 天津港保税区): /channels/6302.html lists /contents/6302/295821.html.

The rows are plain; a script draws the pager, so the next page is known by its name alone: 6302_2.html.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from crawler.listing import rows
from crawler.listing.base import Listing, ListPage, asks

NAME = "channels"
CHANNEL: Final = re.compile(r"^(.*/channels/\d{1,9})(?:_(\d{1,5}))?\.html$")
CONTENT: Final = re.compile(r"/contents/\d{1,9}/\d{1,12}\.html")


def recognise(page: ListPage) -> bool:
    return CHANNEL.match(urlsplit(page.url).path) is not None and CONTENT.search(page.text) is not None


def read(page: ListPage, now: datetime) -> Listing:
    plain = rows.read(page, now)
    channel = CHANNEL.match(urlsplit(page.url).path)
    if plain.linked or channel is None or not plain.rows:
        return Listing(NAME, plain.rows, plain.following, linked=plain.linked)
    number = int(channel[2] or 1) + 1
    following = urlunsplit(urlsplit(page.url)._replace(path=f"{channel[1]}_{number}.html"))
    return Listing(NAME, plain.rows, asks([following]))
