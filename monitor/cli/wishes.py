"""The options that say what a subscription is to bring and when, and a subscription changed by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, get_args

import click

from monitor.cli.names import region_codes, theme_ids
from monitor.errors import MonitorError
from monitor.seeds import Seeds

if TYPE_CHECKING:
    from monitor.store.delivery import Wanted

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W", bound="Wanted")
OPTIONS: Sequence[Callable[[Any], Any]] = (
    click.option("--theme", "themes", multiple=True, help="Theme id or name; several are alternatives."),
    click.option("--region", "regions", multiple=True, help="Place name; it stands for what lies within it too."),
    click.option("--exact/--no-exact", default=None, help="Not what lies within the regions."),
    click.option("--kind", "kinds", multiple=True, help="new-target, support, revision, result, ...: only these."),
    click.option("--weight", type=click.FloatRange(0, 1), help="Least score of a theme in an article, 0.5 to 1."),
    click.option("--must", multiple=True, help='Words that all have to be there; "in quotes" they stay together.'),
    click.option("--not", "without", multiple=True, help="Words of which none may be there."),
    click.option("--language", type=click.Choice(("zh-CN", "en")), help="Of digests and pages; facts stay Chinese."),
    click.option(
        "--group", "group_by", type=click.Choice(("region", "theme")), help="First headings of digests: places."
    ),
    click.option("--every", type=click.Choice(("immediate", "daily", "weekly")), help="Daily where not given."),
    click.option("--at", help="Time of day, 08:30 where not given."),
    click.option("--days", help="Of a weekly digest, such as mon,thu; Mondays where not given."),
    click.option("--timezone", help="Asia/Shanghai where not given."),
    click.option("--quiet", help="Hours such as 22:00-07:30 in which immediate digests wait."),
    click.option("--holidays", type=click.Choice(("send", "skip")), help="skip: on Chinese public holidays wait."),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say; None or nothing where one is not given. An empty value takes away what there was."""

    themes: tuple[str, ...]
    regions: tuple[str, ...]
    exact: bool | None
    kinds: tuple[str, ...]
    weight: float | None
    must: tuple[str, ...]
    without: tuple[str, ...]
    language: str | None
    group_by: str | None
    every: str | None
    at: str | None
    days: str | None
    timezone: str | None
    quiet: str | None
    holidays: str | None

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, field.name) in (None, ()) for field in fields(self))


def with_wish(function: Callable[Concatenate[Wish, P], R]) -> Callable[P, R]:
    """Give a verb all options of a subscription as its first argument."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        said: Mapping[str, Any] = {field.name: kwargs.pop(field.name) for field in fields(Wish)}
        return function(Wish(**said), *args, **kwargs)

    for option in reversed(OPTIONS):
        run = option(run)
    return run


def changed(wanted: W, wish: Wish, seeds: Seeds) -> W:
    """The subscription as it is wished. Raises MonitorError for what cannot be kept."""
    from alerts.subscriptions import check_clock, check_filter

    asked = replace(wanted, **_filter(wish, seeds), **_rhythm(wish))
    check_clock(asked.at, asked.timezone)
    if wish.quiet and asked.every != "immediate":
        raise MonitorError("--quiet is for --every immediate: other digests come at their own hour")
    if wish.days and asked.every != "weekly":
        raise MonitorError("--days is for --every weekly")
    check_filter(asked, [theme.id for theme in seeds.themes])
    return asked


def _filter(wish: Wish, seeds: Seeds) -> dict[str, Any]:
    from alerts.subscriptions import read_words

    said: dict[str, Any] = {}
    if wish.themes:
        said["themes"] = theme_ids(seeds, _given(wish.themes))
    if wish.regions:
        said["regions"] = region_codes(_given(wish.regions))
    if wish.kinds:
        said["kinds"] = _kinds(_given(wish.kinds))
    if wish.must:
        said["must"] = read_words(wish.must)
    if wish.without:
        said["without"] = read_words(wish.without)
    return said | {name: value for name in ("exact", "weight") if (value := getattr(wish, name)) is not None}


def _rhythm(wish: Wish) -> dict[str, Any]:
    from alerts.subscriptions import check_quiet, read_days

    names = ("language", "group_by", "every", "at", "timezone")
    said = {name: value for name in names if (value := getattr(wish, name))}
    if wish.days:
        said |= {"every": wish.every or "weekly", "days": read_days(wish.days)}
    if wish.quiet is not None:
        if wish.quiet:
            check_quiet(wish.quiet)
        said["quiet"] = wish.quiet or None
    if wish.holidays:
        said["skip_holidays"] = wish.holidays == "skip"
    return said


def _given(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.strip()]


def _kinds(names: Sequence[str]) -> tuple[str, ...]:
    """In the order in which they are documented, whatever the order they are given in."""
    from monitor.store.delivery import Kind

    known = get_args(Kind)
    for name in names:
        if name not in known:
            raise MonitorError(f"--kind {name}: the kinds are {', '.join(known)}")
    return tuple(kind for kind in known if kind in names)
