"""`subscriptions`: who gets what, when."""

from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError
from monitor.seeds import Seeds

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from monitor.store import Store
    from monitor.store.delivery import Subscription, Wanted

EVERY = click.Choice(("immediate", "daily", "weekly"))


@click.group()
def subscriptions() -> None:
    """Who gets what, when."""


@subscriptions.command()
@click.argument("email")
@click.option("--theme", "themes", multiple=True, help="Theme id or name; several are alternatives.")
@click.option("--region", "regions", multiple=True, help="Place name; a city stands for its districts and zones too.")
@click.option("--every", type=EVERY, default="daily", show_default=True)
@click.option("--at", default="08:30", show_default=True, help="Time of day; weekly digests go out on Mondays.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def add(  # noqa: PLR0913  # the options of the contract
    settings: Settings,
    email: str,
    themes: tuple[str, ...],
    regions: tuple[str, ...],
    every: str,
    at: str,
    timezone: str,
    as_json: bool,
) -> None:
    """Subscribe an address, once it is said how much it would have brought."""
    from alerts.subscriptions import check_clock, check_filter, checked_address
    from monitor.store import delivery

    seeds = assembly.load(settings)
    check_filter(themes, regions)
    check_clock(at, timezone)
    wanted = delivery.Wanted(
        email=checked_address(email),
        themes=theme_ids(seeds, themes),
        regions=region_codes(regions),
        every=every,  # type: ignore[arg-type]  # click allows these only
        at=at,
        timezone=timezone,
    )
    with assembly.opened_store(settings) as store:
        # Said before anything is saved: whoever sees that it is a flood can still stop.
        assembly.note(_expected(store, wanted))
        with delivery.writing(store) as session:
            kept = delivery.add_subscription(session, wanted, assembly.now())
    if as_json:
        print_json(_json(kept))
        return
    clock = f" at {at} {timezone}" if every != "immediate" else ""
    click.echo(f"subscription {kept.id}: {kept.email}, {every}{clock}")


@subscriptions.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_all(settings: Settings, as_json: bool) -> None:
    """All subscriptions."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.reading(store) as session:
        kept = delivery.list_subscriptions(session)
    if as_json:
        print_json({"subscriptions": [_json(one) for one in kept]})
        return
    print_table(
        ("id", "email", "themes", "regions", "every", "at", "state"),
        (
            (
                one.id,
                one.email,
                "、".join(one.themes),
                "、".join(one.regions),
                one.every,
                f"{one.at} {one.timezone}",
                _state(one),
            )
            for one in kept
        ),
    )


@subscriptions.command()
@click.argument("which", metavar="ID_OR_EMAIL")
@click.option("--theme", "themes", multiple=True, help="Replaces the themes.")
@click.option("--region", "regions", multiple=True, help="Replaces the regions.")
@click.option("--every", type=EVERY)
@click.option("--at")
@click.option("--timezone")
@with_settings
def edit(  # noqa: PLR0913  # the options of the contract
    settings: Settings,
    which: str,
    themes: tuple[str, ...],
    regions: tuple[str, ...],
    every: str | None,
    at: str | None,
    timezone: str | None,
) -> None:
    """Change a subscription; what its reader has had is not sent again."""
    from alerts.subscriptions import check_clock
    from monitor.store import delivery

    check_clock(at or "08:30", timezone or "Asia/Shanghai")
    values: dict[str, object] = {"every": every, "at": at, "timezone": timezone}
    if themes:
        values["themes"] = list(theme_ids(assembly.load(settings), themes))
    if regions:
        values["regions"] = list(region_codes(regions))
    values = {key: value for key, value in values.items() if value is not None}
    if not values:
        raise click.UsageError("name what to change: --theme, --region, --every, --at or --timezone")
    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for one in _chosen(session, which):
            delivery.change_subscription(session, one.id, **values)
            if every not in (None, one.every):
                delivery.mark_served(session, one.id, assembly.now())
            click.echo(f"subscription {one.id} changed")


@subscriptions.command()
@click.argument("which", metavar="ID_OR_EMAIL")
@click.option("--resume", is_flag=True, help="Write to the address again, also after its server refused it.")
@with_settings
def pause(settings: Settings, which: str, resume: bool) -> None:
    """Stop sending, or start again with --resume."""
    from monitor.store import delivery

    with assembly.opened_store(settings) as store, delivery.writing(store) as session:
        for one in _chosen(session, which):
            if resume:
                delivery.resume_subscription(session, one.id, assembly.now())
            else:
                delivery.change_subscription(session, one.id, paused=True)
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


def theme_ids(seeds: Seeds, names: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of themes given by id or name, themes below them included. Raises MonitorError for an unknown one."""
    known = {name: theme.id for theme in seeds.themes for name in (theme.id, theme.name)}
    for name in names:
        if name not in known:
            raise MonitorError(f"no theme {name!r}; `policywatch themes list` names them all")
    chosen = [known[name] for name in names]
    below = [theme.id for theme in seeds.themes if theme.parent in chosen]
    return tuple(dict.fromkeys((*chosen, *below)))


def region_codes(names: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of places. Raises MonitorError for an unknown place and for a name that several places bear."""
    from monitor.regions import load_gazetteer

    gazetteer = load_gazetteer()
    codes: list[str] = []
    for name in names:
        found = gazetteer.resolve(name)
        if not found:
            raise MonitorError(f"no place {name!r} is known; write its full name, such as 无锡市 or 苏州工业园区")
        if len({region.code for region in found}) > 1:
            places = "、".join(
                "".join(reversed([parent.name for parent in gazetteer.parents(region.code)][:-1])) + region.name
                for region in found
            )
            raise MonitorError(f"{name!r} may be {places}: write which one")
        codes.append(found[0].code)
    return tuple(codes)


def _expected(store: "Store", wanted: "Wanted") -> str:
    """How much a subscription would have brought."""
    from monitor.store import delivery, pending

    with delivery.reading(store) as session:
        asked = delivery.Subscription(email=wanted.email, themes=wanted.themes, regions=wanted.regions)
        weekly, days = pending.weekly_volume(session, asked, assembly.now())
    if not days:
        return "the store is still empty, so nobody can say how much this subscription will bring"
    return f"it would have brought about {weekly:.0f} items a week (judged by the last {days} days)"


def _chosen(session: "Session", which: str) -> list["Subscription"]:
    """The subscription of that number, or all of that address. Raises MonitorError where there is none."""
    from monitor.store import delivery

    found = [one for one in delivery.list_subscriptions(session) if which in (str(one.id), one.email)]
    if not found:
        raise MonitorError(f"no subscription {which}; `policywatch subscriptions list` shows them")
    return found


def _state(one: "Subscription") -> str:
    if one.suspended:
        return f"suspended: {one.suspended}"
    return "paused" if one.paused else "active"


def _json(one: "Subscription") -> dict[str, object]:
    return {
        "id": one.id,
        "email": one.email,
        "themes": list(one.themes),
        "regions": list(one.regions),
        "every": one.every,
        "at": one.at,
        "timezone": one.timezone,
        "state": _state(one),
    }
