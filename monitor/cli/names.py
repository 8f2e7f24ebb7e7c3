"""What people call themes and places, as the ids that the store knows."""

from collections.abc import Sequence

from monitor.errors import MonitorError
from monitor.seeds import Seeds


def theme_ids(seeds: Seeds, names: Sequence[str]) -> tuple[str, ...]:
    """Ids of themes given by id or name, themes below them included. Raises MonitorError for an unknown one."""
    known = {name: theme.id for theme in seeds.themes for name in (theme.id, theme.name)}
    for name in names:
        if name not in known:
            raise MonitorError(f"no theme {name!r}; `policywatch themes list` names them all")
    chosen = [known[name] for name in names]
    below = [theme.id for theme in seeds.themes if theme.parent in chosen]
    return tuple(dict.fromkeys((*chosen, *below)))


def region_codes(names: Sequence[str]) -> tuple[str, ...]:
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
