"""DIGEST: what is matched and not yet received, grouped for a reader. Renders nothing and sends nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.store.delivery import Pending, Report, Subscription

Section = Literal["revised", "targets", "programmes", "support"]
SECTIONS: tuple[Section, ...] = ("revised", "targets", "programmes", "support")


@dataclass(frozen=True, slots=True)
class Item:
    """One fact with the report that proves it best."""

    fact: Pending
    citation: Report
    second_hand: bool  # no official page has told it yet
    others: int  # further articles that tell it
    why: tuple[str, ...]  # names of the themes and the place that brought it here


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that cannot be read at present: a quiet digest must not hide that we are blind."""

    name: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Edition:
    """What all digests of one run share."""

    theme_names: Mapping[str, str]
    second_hand: Collection[str] = ()  # ids of sources that are not official
    troubles: Sequence[Trouble] = ()
    heartbeat: bool = False  # a mail even when there is nothing new


@dataclass(frozen=True, slots=True)
class Digest:
    recipient: str
    due: datetime
    merged: int  # due times missed while the service was down, made up for here
    items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]
    token: str | None  # unsubscribes

    def section(self, section: Section) -> dict[str, list[Item]]:
        """Items of a section by region, regions in the order of their first item."""
        grouped: dict[str, list[Item]] = {}
        for item in self.items:
            if _section(item.fact) == section:
                grouped.setdefault(item.fact.region_name or "地区未明", []).append(item)
        return grouped

    def count(self, section: Section) -> int:
        return sum(_section(item.fact) == section for item in self.items)

    @property
    def versions(self) -> tuple[int, ...]:
        """The exact fact versions it carries."""
        return tuple(item.fact.version_id for item in self.items)


def compose(
    facts: Sequence[Pending], edition: Edition, subscription: Subscription, due: datetime, *, merged: int = 0
) -> Digest:
    """Choose the citation of each fact and put the order right."""
    items = [_item(fact, edition) for fact in facts if fact.reports]
    items.sort(key=lambda item: (item.fact.region_code or "~", item.citation.article_id, item.fact.fact_id))
    return Digest(subscription.email, due, merged, tuple(items), tuple(edition.troubles), subscription.token or None)


def _item(fact: Pending, edition: Edition) -> Item:
    # A report of an earlier version would prove the old value.
    current = [report for report in fact.reports if report.version_id == fact.version_id] or fact.reports
    official = [report for report in current if report.source not in edition.second_hand]
    citation = (official or current)[0]
    why = [edition.theme_names.get(theme, theme) for theme in fact.themes]
    if fact.region_name:
        why.append(fact.region_name)
    return Item(fact, citation, not official, len(fact.reports) - 1, tuple(why))


def _section(fact: Pending) -> Section:
    if fact.previous is not None:
        return "revised"
    if fact.kind == "programme":
        return "programmes"
    return "support" if fact.assertion == "support" else "targets"
