"""How a source fares, as the command line says it: for people in a line, for scripts in fields."""

from typing import TYPE_CHECKING, Any

from monitor.cli.common import printable
from monitor.domain import Source

if TYPE_CHECKING:
    from monitor.store import SourceRecord

FIELDS = ("status", "reason", "last_success", "next_due", "health", "since", "last_news", "interval", "failures")


def fared(state: "SourceRecord | None") -> dict[str, Any]:
    """What a script may want to know of a source besides its seed; all null before its first crawl."""
    return {name: printable(getattr(state, name, None)) for name in FIELDS}


def say_state(source: Source, state: "SourceRecord | None") -> str:
    """working; silent since 2026-10-01; blocked since 2026-11-24: 412 ...; off: nobody has tried it."""
    if not source.enabled:
        return f"off: {source.why_off}" if source.why_off else "disabled"
    if state is None or state.status is None:
        return "not crawled yet"
    met = "" if state.status == "ok" and state.health != "broken" else f": {state.reason or state.status}"
    if state.health in (None, "working"):
        return f"{state.health or state.status}{f', at the last look{met}' if met else ''}"
    since = f" since {state.since.astimezone():%Y-%m-%d}" if state.since else ""
    return f"{state.health}{since}{met}"
