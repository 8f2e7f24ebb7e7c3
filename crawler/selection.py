"""Which articles a crawl asks for: what a list names for the first time, newest first, and what is due for another look,
because official pages are corrected in silence. What a list tells of its source besides is read off here as well."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from crawler.listing import Row
from crawler.listing.dialects import date_in, dialect
from crawler.state import DAY, PUT_OFF, Run, Shown, Watch
from crawler.urls import host, key
from monitor.health import CHINA
from monitor.rhythm import is_due_again, oldest_due, usual_gap
from monitor.store.store import KnownArticle, VisitRecord

FRESH: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows by key, in the order in which they are asked for; `left`: there were more new ones than one crawl takes."""

    new: Mapping[str, Row] = field(default_factory=dict)
    again: Mapping[str, Row] = field(default_factory=dict)
    left: bool = False


def select(run: Run, watch: Watch, rows: Sequence[Row]) -> Selection:
    """Choose from the rows of a source's list (none where it is unmodified) and from its young articles."""
    now, steps, limit = run.now(), run.settings.revisit, run.settings.max_articles
    listed = {key(row.url): row for row in reversed(rows) if host(row.url)}
    listed = {name: listed[name] for name in reversed(listed)}
    young = run.store.young_articles(watch.source.id, oldest_due(now, steps))
    due = {name: one for name, one in young.items() if is_due_again(one.first_seen, one.fetched, now, steps)}
    known = {**due, **run.store.known(listed)}
    visits = run.store.visits({**listed, **known})
    run.visits |= visits
    watch.fresh = sum(_is_fresh(known.get(name), visits.get(name), watch.last_look) for name in listed)
    new = {
        name: row
        for name, row in listed.items()
        if name not in run.asked and name not in known and _is_new(visits.get(name), now)
    }
    again = [
        name
        for name in {**listed, **known}
        if name not in run.asked and _is_due(known.get(name), visits.get(name), now, steps)
    ]
    return Selection(
        {name: new[name] for name in _newest_first(new)[:limit]},
        {name: listed.get(name) or _row(known[name]) for name in again[:limit] if name in listed or known[name].url},
        left=len(new) > limit,
    )


def survey(rows: Sequence[Row], today: date) -> Shown:
    """What a list tells of its source: how much, how new, how often, and how its articles' addresses are made."""
    named = [day for row in rows if (day := _day(row)) is not None and day <= today]
    gap = usual_gap(named)
    spoken = Counter(name for row in rows if (name := dialect(row.url)))
    return Shown(
        rows=len({row.url for row in rows}),
        newest=max(named, default=None),
        usual_gap=round(gap.total_seconds()) if gap else None,
        dialect=max(spoken, key=lambda name: spoken[name], default=None),
    )


def validators(visit: VisitRecord | None) -> dict[str, str]:
    """Headers that ask for a page only if it is another than the one we had."""
    if visit is None:
        return {}
    headers = {"If-None-Match": visit.etag, "If-Modified-Since": _settled(visit)}
    return {name: value for name, value in headers.items() if value}


def today(now: datetime) -> date:
    return now.astimezone(CHINA).date()


def _is_fresh(article: KnownArticle | None, visit: VisitRecord | None, last_look: datetime | None) -> bool:
    """Whether the list shows it for the first time: never asked for, or brought by another source since the last look."""
    if article is not None:
        return last_look is None or article.first_seen > last_look
    return visit is None


def _is_new(visit: VisitRecord | None, now: datetime) -> bool:
    """Never dealt with; what could not be reached is asked for at each look of its first day."""
    return visit is None or (visit.status == PUT_OFF and now - (visit.first or visit.visited) < DAY)


def _is_due(article: KnownArticle | None, visit: VisitRecord | None, now: datetime, steps: Sequence[float]) -> bool:
    """Never for what was taken in from a file: whoever saved it may have had no other way to it."""
    if visit is None:
        return False
    first = article.first_seen if article else visit.first or visit.visited
    return is_due_again(first, max(visit.visited, article.fetched) if article else visit.visited, now, steps)


def _row(article: KnownArticle) -> Row:
    """An article that its list no longer shows."""
    return Row(article.url or "", article.title, article.published)


def _day(row: Row) -> date | None:
    said = (row.published or date_in(row.url) or "")[:10]
    try:
        return date.fromisoformat(said)
    except ValueError:  # a month, or nothing
        return None


def _settled(visit: VisitRecord) -> str | None:
    """Last-Modified counts in seconds: a page changed just before we read it may have changed again just after."""
    try:
        changed = parsedate_to_datetime(visit.last_modified or "")
    except ValueError:
        return None
    changed = changed if changed.tzinfo else changed.replace(tzinfo=UTC)
    return visit.last_modified if visit.visited - changed > FRESH else None


def _newest_first(rows: Mapping[str, Row]) -> list[str]:
    """By the row's date, else the address's, else that of the row above; page order among equals."""
    dated: list[tuple[str, str]] = []
    above = "9"  # an undated head of a list is its newest
    for name, row in rows.items():
        above = row.published or date_in(row.url) or above
        dated.append((above[:10], name))
    return [name for _, name in sorted(dated, key=lambda one: one[0], reverse=True)]
