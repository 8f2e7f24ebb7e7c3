"""Before a subscription is kept: how much it would have brought, and a refusal where that is everything."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from alerts.subscriptions import EverythingError, check_filter
from monitor.store import pending
from monitor.store.delivery import Wanted

NEARLY_ALL: Final = 0.8  # of what there was: words that are found in so much choose nothing
FEW: Final = 20  # items; fewer say nothing about a word
# Where there is nothing to measure by: in nearly every sentence, whatever it says.
EVERYWHERE: Final = frozenset("的了和与在是及等将为对以")


@dataclass(frozen=True, slots=True)
class Foresight:
    """So many items in the last days; no days where the store is still empty."""

    items: int
    days: int

    @property
    def weekly(self) -> int:
        return round(self.items / max(self.days / 7, 1))


def foresee(session: Session, wanted: Wanted, known_themes: Collection[str], now: datetime) -> Foresight:
    """How much the last 30 days would have brought. Raises EverythingError for what lets everything through."""
    check_filter(wanted, known_themes)
    if not (wanted.themes or wanted.regions):
        _check_words(session, wanted, now)
    return Foresight(*pending.expected(session, wanted, now))


def _check_words(session: Session, wanted: Wanted, now: datetime) -> None:
    """Nothing but words chooses: they have to choose something."""
    everything = Wanted(wanted.email)
    had, _ = pending.expected(session, replace(everything, must=wanted.must), now)
    all_there_was, days = pending.expected(session, everything, now)
    words = "、".join(wanted.must)
    if all_there_was >= FEW and had >= NEARLY_ALL * all_there_was:
        raise EverythingError(
            f"{words}: {had} of the {all_there_was} items of the last {days} days have that, which matches nearly "
            "everything: name a rarer word, or a theme or region too"
        )
    if all_there_was < FEW and EVERYWHERE.issuperset(wanted.must):
        raise EverythingError(f"{words}: nearly every sentence has that: name a rarer word, or a theme or region too")
