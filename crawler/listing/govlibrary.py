"""The policy library of gov.cn (国务院政策文件库): the page is a shell, and /search-gov/data answers JSON, by kinds of
document or, where one library is asked for (zhengcelibrary_gw, zhengcelibrary_bm), as one list.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.listing.answers import count, object_in, read_object, records_in, rows_of
from crawler.listing.base import Ask, Listing, ListPage
from crawler.listing.pieces import as_script, column
from monitor.errors import PageError

NAME = "govlibrary"
SHELL: Final = "/policyDocumentLibrary"
INTERFACE: Final = "/search-gov/data"
LIBRARY: Final = "zhengcelibrary"  # all of it; what it is where an address does not say
SIZE: Final = 20  # of each kind
# The service finds nothing when it is told a `type`, as its own page does.
KEPT: Final[tuple[str, ...]] = ("t", "q")
ORDER: Final = {"sort": "pubtime", "sortType": "1", "searchfield": "title", "timetype": "timeqb"}
DAYS: Final = ("pubtimeStr", "ptime", "pubtime")


def is_shell(url: str) -> bool:
    """Whether an address alone tells what its script would ask for, so that its page may be empty."""
    return urlsplit(url).path.endswith(SHELL)


def recognise(page: ListPage) -> bool:
    """By the address of page or interface: both are those of this one system."""
    is_answer = urlsplit(page.url).path.endswith(INTERFACE) and '"searchVO"' in page.text
    return is_answer or (is_shell(page.url) and not page.text.lstrip().startswith("{"))


def read(page: ListPage, now: datetime) -> Listing:
    if urlsplit(page.ask.url).path.endswith(INTERFACE):
        return _found(page, now)
    own = dict(parse_qsl(urlsplit(page.url).query))
    asked = {"t": LIBRARY, "q": "", **{name: own[name] for name in KEPT if name in own}}
    return Listing(
        NAME, behind=_ask(urljoin(page.url, INTERFACE), {**asked, **ORDER, "p": "1", "n": str(SIZE)}, page.url)
    )


def _ask(address: str, question: Mapping[str, str], asked_by: str) -> Ask:
    url = urlunsplit(urlsplit(address)._replace(query=urlencode(question)))
    return Ask(url, headers=as_script(asked_by), family=NAME)


def _found(page: ListPage, now: datetime) -> Listing:
    answer = object_in(read_object(page), "searchVO")
    kinds = object_in(answer, "catMap")
    lists = [one for one in (answer, *kinds.values()) if isinstance(one, dict)]
    if not any(isinstance(one.get("listVO"), list) for one in lists):
        raise PageError(page.url, "the library did not answer with a list")
    records: list[Mapping[str, Any]] = [record for one in lists for record in records_in(one, "listVO")]
    rows = rows_of(records, column(page), now, address=("url", "sourcelink"), title=("title",), day=DAYS)
    question = dict(parse_qsl(urlsplit(page.ask.url).query, keep_blank_values=True))
    asked, size = count(question.get("p")) or 1, count(question.get("n")) or SIZE
    # The sum over the kinds is always given as 0: the longest of them tells.
    more = bool(rows) and any(asked * size < count(one.get("totalCount")) for one in lists)
    following = (_ask(page.ask.url, {**question, "p": str(asked + 1)}, column(page)),) if more else ()
    return Listing(NAME, rows, following, linked=more)
