"""Which shipped sources are watched: those of the regions that the user chose, of what lies within and around them, and media
of the whole country. A user's own source is always watched."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from monitor.domain import Source
from monitor.errors import ConfigError
from monitor.gazetteer import Divisions, load_divisions
from monitor.seeds import Seeds

OUTSIDE = "outside of sources.regions"


def choose(seeds: Seeds, regions: Sequence[str]) -> Seeds:
    """The seeds with the other shipped sources switched off. Raises ConfigError for a place that is not known."""
    divisions = _divisions()
    chosen = [_code(divisions, name) for name in regions]
    return replace(
        seeds,
        sources=tuple(
            one if one.id in seeds.own or _belongs(divisions, one, chosen) else _off(one) for one in seeds.sources
        ),
    )


def _belongs(divisions: Divisions, source: Source, chosen: Sequence[str]) -> bool:
    """A source of the province and one of a district both belong to the city that was chosen."""
    if source.region is None:
        return True
    return any(
        divisions.within(place.code, code) or divisions.within(code, place.code)
        for place in divisions.meaning(source.region)
        for code in chosen
    )


def _off(source: Source) -> Source:
    return replace(source, enabled=False, why_off=source.why_off or OUTSIDE)


def _code(divisions: Divisions, name: str) -> str:
    places = (divisions.region(name),) if divisions.region(name) else divisions.meaning(name)
    codes = {place.code for place in places if place}
    if len(codes) != 1:
        fault = (
            "may be several places: write its code" if codes else "is no place that is known: write 无锡市 or 320200"
        )
        raise ConfigError(f"sources.regions: {name!r} {fault}")
    return codes.pop()


@cache
def _divisions() -> Divisions:
    return load_divisions()
