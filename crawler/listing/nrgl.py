"""nrglIndex (江苏自然资源厅 and the offices of its cities): a plain table, whose later pages are told to a form that counts
them as cpage."""

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from crawler.listing import rows
from crawler.listing.answers import count, form_value
from crawler.listing.base import Ask, Listing, ListPage

NAME = "nrgl"
PAGE: Final = "cpage"
COUNTED: Final = re.compile(r"当前\s?[(（]\s?\d{1,6}\s?/\s?(\d{1,6})\s?[)）]\s?页")  # 当前(1/12)页


def recognise(page: ListPage) -> bool:
    """By its address, which no other system has; with a message's number it is an article."""
    parts = urlsplit(page.url)
    return parts.path.endswith("/nrglIndex.action") and "messageID=" not in parts.query


def read(page: ListPage, now: datetime) -> Listing:
    found = rows.read(page, now).rows
    asked = count(form_value(page.ask, PAGE)) or 1
    said = COUNTED.search(page.text)
    if not found or (said and asked >= int(said[1])):
        return Listing(NAME, found)
    more = Ask(page.ask.url, form=((PAGE, str(asked + 1)),), family=NAME)
    return Listing(NAME, found, (more,), linked=said is not None)
