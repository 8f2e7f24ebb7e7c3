"""What becomes of a subscription when its reader ends it, pauses it, changes its rhythm or takes that back.

Nothing here touches receipts of what was sent: whatever a reader changes, nothing is told twice.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.store import delivery
from monitor.store.delivery import Subscription, Wanted
from monitor.store.store import Store
from monitor.store.tables import SubscriptionRow

# Who takes an unsubscribing back within this time had not meant it and has missed nothing; later it is a new beginning.
REGRET = timedelta(days=30)


def unsubscribe(session: Session, one: Subscription, now: datetime) -> None:
    """End it at once, with what waits to be sent; a second time changes nothing."""
    if one.unsubscribed is None:
        delivery.change_subscription(session, one.id, unsubscribed=now, paused=True, paused_until=None)
        delivery.forget_waiting(session, one.id)


def pause(session: Session, one: Subscription, until: datetime | None) -> None:
    """Send nothing until then, or until it is resumed; what is ended stays ended."""
    if one.unsubscribed is None:
        delivery.change_subscription(session, one.id, paused=True, paused_until=until)


def resume(session: Session, one: Subscription, now: datetime) -> None:
    """Send again; what came meanwhile goes into the next digest, unless the reader had left long ago."""
    if not (one.paused or one.suspended):
        return
    delivery.resume_subscription(session, one.id, now)
    if one.unsubscribed is not None and now - one.unsubscribed > REGRET:
        delivery.change_subscription(session, one.id, created=now)


def change(session: Session, one: Subscription, wanted: Wanted, now: datetime) -> None:
    """From now on with another filter or at other times; what is due by the new rhythm before now is not made up for."""
    looks = {"language": wanted.language, "group_by": wanted.group_by}
    delivery.change_subscription(session, one.id, **looks, **wanted.filter, **wanted.rhythm)
    if wanted.rhythm != one.rhythm:
        delivery.mark_served(session, one.id, now)


def end_pauses(store: Store, now: datetime) -> None:
    """Resume what was paused until now or earlier. Due times since then count, those of the pause do not."""
    over = (SubscriptionRow.paused_until.is_not(None), SubscriptionRow.paused_until <= now)
    with delivery.reading(store) as session:
        if session.scalar(select(SubscriptionRow.id).where(*over).limit(1)) is None:
            return  # asked every few seconds: no write lock is taken for nothing
    with delivery.writing(store) as session:
        for row in session.scalars(select(SubscriptionRow).where(*over)):
            delivery.mark_served(session, row.id, row.paused_until or now)
            row.paused, row.paused_until = False, None
