"""`subscriptions`: who gets what, when."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.cli.wishes import Wish, changed, with_wish
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from alerts.sentence import Names
    from monitor.seeds import Seeds
    from monitor.store.delivery import Subscription, Wanted


@click.group()
def subscriptions() -> None:
    """Who gets what, when."""


@subscriptions.command()
@click.argument("email", metavar="ADDRESS")
@click.option("--json", "as_json", is_flag=True)
@with_wish
@with_settings
def add(settings: Settings, wish: Wish, email: str, as_json: bool) -> None:
    """Subscribe an address, once it is said how much it would have brought."""
    from alerts.recipients import check_reach, kind_of
    from alerts.subscriptions import checked_address
    from monitor.reach import read_networks
    from monitor.store import delivery

    seeds = assembly.load(settings)
    address = checked_address(email)
    check_reach(address, read_networks(settings.channels.allow_private, "channels.allow_private"))
    if kind_of(address) == "webhook":
        assembly.note("what goes there is signed; `policywatch channels secret ADDRESS` prints the secret")
    with assembly.opened_store(settings) as store:
        with delivery.reading(store) as session:
            wanted = changed(_beginning(session, address), wish, seeds)
            # Said before anything is saved: whoever sees that it is a flood can still stop.
            assembly.note(_expected(session, wanted, seeds))
        with delivery.writing(store) as session:
            kept = delivery.add_subscription(session, wanted, assembly.now())
    names = assembly.make_names(seeds)
    if as_json:
        print_json(_json(kept, names))
    else:
        _say(kept, names, "made")


@subscriptions.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_all(settings: Settings, as_json: bool) -> None:
    """All subscriptions, each in a sentence."""
    from alerts.recipients import shown
    from alerts.sentence import sentence
    from monitor.store import delivery

    names = assembly.make_names(assembly.load(settings))
    with assembly.opened_store(settings) as store, delivery.reading(store) as session:
        kept = delivery.list_subscriptions(session)
    if as_json:
        print_json({"subscriptions": [_json(one, names) for one in kept]})
        return
    rows = ((one.id, shown(one.email), _shown_state(one), sentence(one, names, one.language)) for one in kept)
    print_table(("id", "address", "state", "what and when"), rows)


@subscriptions.command()
@click.argument("which", metavar="ID_OR_ADDRESS")
@with_wish
@with_settings
def edit(settings: Settings, wish: Wish, which: str) -> None:
    """Change a subscription; what its reader has had is not sent again."""
    from monitor.store import delivery, preferences

    if wish.is_empty:
        raise click.UsageError("name what to change, such as --theme, --region, --must, --every or --at")
    seeds = assembly.load(settings)
    names = assembly.make_names(seeds)
    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for one in _chosen(session, which):
            wanted = changed(one, wish, seeds)
            if wanted.filter != one.filter:
                assembly.note(_expected(session, wanted, seeds))
            preferences.change(session, one, wanted, assembly.now())
            _say(wanted, names, "changed")


@subscriptions.command()
@click.argument("which", metavar="ID_OR_EMAIL")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Send again from that day on.")
@click.option("--resume", is_flag=True, help="Write to the address again, also after its server refused it.")
@with_settings
def pause(settings: Settings, which: str, until: datetime | None, resume: bool) -> None:
    """Stop sending, for good or until a day, or start again with --resume."""
    from monitor.store import delivery, preferences

    if until and resume:
        raise click.UsageError("--until pauses and --resume ends a pause: name one of them")
    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for one in _not_ended(_chosen(session, which)):
            if resume:
                preferences.resume(session, one, assembly.now())
            else:
                preferences.pause(session, one, _pause_end(one, until))
            click.echo(f"subscription {one.id} {'resumed' if resume else 'paused'}")


@subscriptions.command()
@click.argument("which", metavar="ID_OR_EMAIL")
@with_settings
def remove(settings: Settings, which: str) -> None:
    """Forget a subscription; what still waits for it is not sent."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for one in _chosen(session, which):
            delivery.remove_subscription(session, one.id)
            click.echo(f"subscription {one.id} removed")


def _beginning(session: "Session", address: str) -> "Wanted":
    """What is asked for where an option is not given; language, headings and time zone are those of the reader's last."""
    from monitor.store import delivery

    own = [one for one in delivery.list_subscriptions(session) if one.email == address]
    if not own:
        return delivery.Wanted(address)
    last = own[-1]
    return delivery.Wanted(address, language=last.language, group_by=last.group_by, timezone=last.timezone)


def _expected(session: "Session", wanted: "Wanted", seeds: "Seeds") -> str:
    """How much a subscription would have brought. Raises MonitorError where that is everything."""
    from alerts.foresight import foresee

    found = foresee(session, wanted, [theme.id for theme in seeds.themes], assembly.now())
    if not found.days:
        return "the store is still empty, so nobody can say how much this subscription will bring"
    span = f"the last {found.days} days" if found.days > 1 else "the last day"
    return f"{span} would have brought {found.items} items, about {found.weekly} items a week"


def _say(one: "Subscription", names: "Names", done: str) -> None:
    """The subscription in a sentence of both languages."""
    from alerts.recipients import shown
    from alerts.sentence import sentence

    click.echo(f"subscription {one.id} {done}: {shown(one.email)}")
    click.echo(f"  {sentence(one, names)}\n  {sentence(one, names, 'en')}")


def _chosen(session: "Session", which: str) -> list["Subscription"]:
    """The subscription of that number, or all of that address. Raises MonitorError where there is none."""
    from monitor.store import delivery

    found = [one for one in delivery.list_subscriptions(session) if which in (str(one.id), one.email)]
    if not found:
        raise MonitorError(f"no subscription {which}; `policywatch subscriptions list` shows them")
    return found


def _not_ended(chosen: list["Subscription"]) -> list["Subscription"]:
    """Those that their readers have not ended: only a reader takes that back. Raises MonitorError where none is left."""
    from alerts.recipients import shown

    left = [one for one in chosen if not one.unsubscribed]
    if not left:
        raise MonitorError(
            f"{shown(chosen[0].email)} has unsubscribed; the reader can take that back with the link in any mail, "
            "or ask for a new subscription: `policywatch subscriptions add`"
        )
    return left


def _pause_end(one: "Subscription", until: datetime | None) -> datetime | None:
    """The moment at which that day begins for the reader. Raises MonitorError for a day that has begun."""
    from alerts.subscriptions import beginning_of

    if until is None:
        return None
    moment = beginning_of(until.date(), one.timezone)
    if moment <= assembly.now():
        raise MonitorError(f"--until {until:%Y-%m-%d}: that day has begun; name a later one")
    return moment


def _state(one: "Subscription") -> str:
    if one.unsubscribed:
        return "unsubscribed"
    if one.suspended:
        return f"suspended: {one.suspended}"
    return "paused" if one.paused else "active"


def _shown_state(one: "Subscription") -> str:
    """The state with its day, as the reader's calendar has it."""
    moment = one.unsubscribed or one.paused_until
    if moment is None or _state(one) not in ("paused", "unsubscribed"):
        return _state(one)
    return f"{_state(one)} {'on' if one.unsubscribed else 'until'} {moment.astimezone(ZoneInfo(one.timezone)):%Y-%m-%d}"


def _json(one: "Subscription", names: "Names") -> dict[str, object]:
    from alerts.recipients import shown
    from alerts.sentence import sentence
    from alerts.subscriptions import DAYS

    return {
        "id": one.id,
        "email": shown(one.email),
        "language": one.language,
        "group_by": one.group_by,
        **one.filter,
        **one.rhythm,
        "days": [DAYS[day] for day in one.days],
        "sentence": {"zh-CN": sentence(one, names), "en": sentence(one, names, "en")},
        "state": _state(one),
        "paused_until": one.paused_until and one.paused_until.isoformat(),
        "unsubscribed": one.unsubscribed and one.unsubscribed.isoformat(),
    }
