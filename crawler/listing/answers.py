"""What the interfaces behind script-drawn lists answer: JSON, its records, its counts, and how the next page is asked for.

Nothing an interface sends is trusted: what is no JSON is a fault of the page, what is no record is left out.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any, Final

from crawler.listing.base import Ask, ListPage, Row, unique
from crawler.reading.dates import read_date
from crawler.urls import absolute
from monitor.errors import PageError

MOST_ROWS: Final = 2_000  # of one answer; Xinhua's files hold 1,000
MARKUP: Final = re.compile(r"<[^<>]{1,500}>")
Records = Sequence[Mapping[str, Any]]


def read_object(page: ListPage) -> dict[str, Any]:
    """The JSON object that an interface answered. Raises PageError."""
    try:
        answer = json.loads(page.text.lstrip("\ufeff \r\n\t"))
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise PageError(page.url, "the list's interface did not answer with JSON")
    return answer


def object_in(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name, an empty one where there is none."""
    inner = answer.get(name)
    return inner if isinstance(inner, dict) else {}


def records_in(answer: Mapping[str, Any], name: str) -> Records:
    """The records under a name, none where there is no list."""
    found = answer.get(name)
    return [one for one in found[:MOST_ROWS] if isinstance(one, dict)] if isinstance(found, list) else []


def count(value: object) -> int:
    """A count as interfaces give it, number or digits; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return 0
    digits = str(value).strip() if isinstance(value, str) or abs(value) < 10**9 else ""
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


def rows_of(
    records: Records, base: str, now: datetime, *, address: Sequence[str], title: Sequence[str], day: Sequence[str]
) -> tuple[Row, ...]:
    """A row a record: the first address and date under the names given, the longest of the titles."""
    found = []
    for record in records:
        url = absolute(_first(record, address), base)
        if url is not None:
            titles = [" ".join(MARKUP.sub("", unescape(said(record, name))).split()) for name in title]
            dated = next((date for name in day if (date := read_date(said(record, name), now=now))), None)
            found.append(Row(url, max(titles, key=len) or None, dated))
    return unique(found)


def said(record: Mapping[str, Any], name: str) -> str:
    """A field's text, empty where there is none."""
    value = record.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def next_form(ask: Ask, page: str, number: int) -> Ask:
    """The same question for another page; `page` names the field that counts."""
    return replace(ask, form=tuple((name, str(number) if name == page else value) for name, value in ask.form))


def form_value(ask: Ask, name: str) -> str:
    """What was asked under a name, empty where it was not."""
    return dict(ask.form).get(name, "")


def _first(record: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((value for name in names if (value := said(record, name).strip())), "")
