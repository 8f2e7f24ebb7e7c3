"""What a reader writes into the forms of the page, as the subscription that it asks for; what cannot be kept is said in both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from starlette.datastructures import FormData

from alerts.sentence import Names
from alerts.subscriptions import SubscriptionError, check_clock, check_quiet, read_words
from monitor.cli.names import region_codes
from monitor.errors import MonitorError
from monitor.store.delivery import Cadence, Kind, Subscription, Wanted

LONGEST_LINE: Final = 200  # characters of places or of words
BETWEEN: Final = re.compile(r"[\s,，、;；]+")
WEIGHTS: Final = (0.0, 0.75, 0.875)  # of a theme: named at all, twice as much, three times as much


class RefusedError(Exception):
    """A wish that cannot be kept, in words for its reader."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese, self.english = chinese, english


@dataclass(frozen=True, slots=True)
class Filter:
    """The fields of the form that says what a subscription brings, as they stand on the page."""

    themes: tuple[str, ...]
    regions: tuple[str, ...]
    exact: bool
    kinds: tuple[str, ...]
    weight: float
    must: str
    without: str
    more: str = ""  # names of places that are to be added


def filter_of(one: Wanted) -> Filter:
    return Filter(one.themes, one.regions, one.exact, one.kinds, one.weight, _line(one.must), _line(one.without))


def read_filter(form: FormData, one: Wanted) -> Filter:
    """As the reader has written it. Raises SubscriptionError for what no form sends."""
    try:
        weight = float(str(form.get("weight") or one.weight))
    except ValueError:
        raise SubscriptionError("no weight") from None
    lines = {name: str(form.get(name) or "") for name in ("must", "without", "more")}
    if not 0 <= weight < 1 or any(len(line) > LONGEST_LINE for line in lines.values()):
        raise SubscriptionError("beyond what the form takes")
    return Filter(
        themes=_ticked(form, "theme"),
        regions=_ticked(form, "region"),
        exact="exact" in form,
        kinds=_ticked(form, "kind"),
        weight=weight,
        **lines,
    )


def filtered(one: Subscription, asked: Filter, names: Names) -> Subscription:
    """The subscription with that filter. Raises RefusedError, and SubscriptionError for what no form sends."""
    kinds = tuple(kind for kind in get_args(Kind) if kind in asked.kinds)
    chosen = tuple(theme for theme in names.themes if theme in asked.themes or names.parents.get(theme) in asked.themes)
    kept = tuple(code for code in asked.regions if code in one.regions or names.places.region(code))
    regions = tuple(dict.fromkeys((*kept, *_codes(asked.more))))
    try:
        must, without = read_words([asked.must]), read_words([asked.without])
    except SubscriptionError:
        raise RefusedError(
            "有的词没有字可以查找：请改写", "One of the words has nothing to look for: write another"
        ) from None
    wanted = {"themes": chosen, "regions": regions, "exact": asked.exact, "kinds": kinds}
    return replace(one, **wanted, weight=asked.weight, must=must, without=without)  # type: ignore[arg-type]  # as named


def timed(one: Subscription, form: FormData) -> Subscription:
    """The subscription with the rhythm of the form. Raises RefusedError, and SubscriptionError for what no form sends."""
    every, at = str(form.get("every")), str(form.get("at"))
    if every not in get_args(Cadence):
        raise SubscriptionError(f"no rhythm {every!r}")
    check_clock(at, one.timezone)
    days = tuple(day for day in range(7) if str(day) in _ticked(form, "day"))
    if every == "weekly" and not days and "days" in form:
        raise RefusedError("请选每周的哪几天", "Choose the days of the week")
    return replace(
        one,
        every=every,  # type: ignore[arg-type]  # as checked
        at=at,
        days=days or one.days,
        quiet=_quiet(form),
        skip_holidays="holidays" in form,
    )


def _quiet(form: FormData) -> str | None:
    start, end = str(form.get("quiet-from") or ""), str(form.get("quiet-to") or "")
    if not start and not end:
        return None
    try:
        check_quiet(f"{start}-{end}")
    except SubscriptionError:
        raise RefusedError(
            "免打扰时段要写起止两个不同的时间，或者都空着",
            "Quiet hours need a beginning and another end, or neither",
        ) from None
    return f"{start}-{end}"


def _codes(line: str) -> tuple[str, ...]:
    codes: list[str] = []
    for name in filter(None, BETWEEN.split(line)):
        try:
            codes += region_codes([name])
        except MonitorError:
            raise RefusedError(
                f"“{name}”找不到，或者不止一个：请写全称，如“南京市鼓楼区”“苏州工业园区”",
                f"“{name}” is not known, or is more than one place: write its full Chinese name, such as 南京市鼓楼区",
            ) from None
    return tuple(codes)


def _ticked(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in form.getlist(name))


def _line(words: Sequence[str]) -> str:
    """As `read_words` reads them back."""
    return " ".join(f'"{word}"' if " " in word else word for word in words)
