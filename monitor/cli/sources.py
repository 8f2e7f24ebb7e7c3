"""`sources`: look at a site, add it, and manage what is watched."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import tomlkit

from monitor import assembly
from monitor.assembly import load_all
from monitor.cli.common import print_json, print_table, printable, with_settings
from monitor.cli.fares import fared, say_state
from monitor.cli.source_files import table_of, tables, written
from monitor.config import Settings
from monitor.domain import Source
from monitor.errors import MonitorError
from monitor.ownsources import drop_source, keep_source, keep_sources
from monitor.seeds import duration, read_source, source_id

if TYPE_CHECKING:
    from crawler.listing.probe import Probe

SHOWN = 5  # articles of a preview
MOST_EXPECTED = 50
TROUBLES = 10  # shown of one source


@click.group()
def sources() -> None:
    """Sites that are watched."""


@sources.command()
@click.argument("address")
@click.option("--url", "base", help="Address a saved page came from.")
@click.option("--browser", is_flag=True, help="Let a browser draw the page: for lists that only a script shows.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def probe(settings: Settings, address: str, base: str | None, browser: bool, as_json: bool) -> None:
    """Look at a source (an address or a saved page) without saving it."""
    found = _probe(settings, address, base, browser)
    if as_json:
        print_json(asdict(found), indent=None)  # one line, so that many answers make a .jsonl
    else:
        _preview(found)
    if found.status != "ok" and not as_json:
        raise MonitorError(f"{address}: {found.status}: {found.reason}")


@sources.command()
@click.argument("url")
@click.option("--name", help="Shown in digests; the site's own title where not given.")
@click.option("--region", help="Place its articles speak of where they only say 全市 or 我区.")
@click.option("--every", default="30m", show_default=True, help="Such as 30m, 2h, 1d.")
@click.option("--second-hand", is_flag=True, help="A forum, portal or aggregator: its articles are marked as reposts.")
@click.option("--browser", is_flag=True, help="Let a browser draw the list, now and in each crawl.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def add(  # noqa: PLR0913  # the options of the contract
    settings: Settings,
    url: str,
    name: str | None,
    region: str | None,
    every: str,
    second_hand: bool,
    browser: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Look at URL, show what would be read, and save it as a source."""
    from crawler.listing.probe import addresses

    if region:
        _check_region(region)
    tried = addresses(url)
    if not tried:
        raise MonitorError(f"{url}: not a web address; a source is watched at its address")
    for address in tried:
        _check_unknown(settings, address)
    found = _probe(settings, url, None, browser)
    if not as_json:
        _preview(found)
    if found.status != "ok":
        raise MonitorError(f"{url}: {found.status}: {found.reason}; nothing was saved")
    table = {"name": name or found.title or found.url, "url": found.url, "every": every, "official": not second_hand}
    table |= {"browser": True} if browser else {}
    table |= {"id": source_id(found.url), "min_articles": _baseline(found)}
    source = read_source(table | ({"region": region} if region else {}), url)
    if not yes and not as_json:
        click.confirm(f"Save it as {source.id}?", abort=True)
    file = keep_source(settings.sources_folder, table_of(source))
    if as_json:
        print_json({"id": source.id, "file": str(file), "probe": asdict(found)})
    else:
        click.echo(f"saved as {source.id} in {file}; `policywatch crawl {source.id}` reads it now")


@sources.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_all(settings: Settings, as_json: bool) -> None:
    """All sources and how they fare."""
    kept = assembly.load(settings).sources
    with assembly.opened_store(settings) as store:
        states = store.source_states()
    if as_json:
        print_json({"sources": [asdict(one) | fared(states.get(one.id)) for one in kept]})
        return
    print_table(
        ("id", "name", "region", "every", "state", "url"),
        (
            (one.id, one.name, one.region, duration(one.every), say_state(one, states.get(one.id)), one.url)
            for one in kept
        ),
    )


@sources.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def show(settings: Settings, id: str, as_json: bool) -> None:
    """One source as a seeds file would hold it, how it fares, and its last troubles."""
    source = _find(settings, id)
    with assembly.opened_store(settings) as store:
        state, issues = store.source_states().get(id), store.issues(id)[:TROUBLES]
    if as_json:
        print_json(asdict(source) | fared(state) | {"issues": [printable(asdict(one)) for one in issues]})
        return
    click.echo(tomlkit.dumps({"source": [table_of(source)]}), nl=False)
    click.echo(f"# {say_state(source, state)}")
    if state:
        click.echo(f"# last crawl: {state.status}{f': {state.reason}' if state.reason else ''}")
    if state and state.interval and state.next_due:
        click.echo(f"# looked at every {duration(state.interval)}, next {state.next_due.astimezone():%Y-%m-%d %H:%M}")
    for issue in reversed(issues):
        click.echo(f"# {issue.seen:%Y-%m-%d %H:%M} {issue.url}: {issue.problem}")


@sources.command()
@click.argument("id")
@click.option("--name")
@click.option("--url")
@click.option("--region")
@click.option("--every", help="The time between looks to start from.")
@click.option("--least", help="The shortest that it may settle to, such as 10m.")
@click.option("--most", help="The longest, such as 6h.")
@click.option("--family")
@click.option("--browser/--no-browser", default=None, help="Whether a browser draws the list.")
@with_settings
def edit(settings: Settings, /, id: str, **values: str | bool | None) -> None:
    """Change a source; a shipped one is copied into your own file with the change."""
    changes = {key: value for key, value in values.items() if value is not None}
    if not changes:
        raise click.UsageError("name what to change, such as --every 2h")
    if "region" in changes:
        _check_region(str(changes["region"]))
    _keep(settings, table_of(_find(settings, id)) | changes)
    _look_now(settings, id)
    click.echo(f"{id} changed")


@sources.command()
@click.argument("id")
@click.option("--anyway", is_flag=True, help="Without asking the site.")
@with_settings
def enable(settings: Settings, id: str, anyway: bool) -> None:
    """Watch a source again; one that ships switched off is probed first."""
    source = _find(settings, id)
    if source.why_off and not anyway:
        source = _tried(settings, source)
    _keep(settings, table_of(replace(source, enabled=True, why_off=None)))
    _look_now(settings, id)
    click.echo(f"{id} is watched")


@sources.command()
@click.argument("id")
@with_settings
def disable(settings: Settings, id: str) -> None:
    """Stop watching a source and keep it."""
    _keep(settings, table_of(replace(_find(settings, id), enabled=False)))
    click.echo(f"{id} is no longer watched")


@sources.command()
@click.argument("id")
@with_settings
def remove(settings: Settings, id: str) -> None:
    """Take out a source of your own; a shipped one can be disabled."""
    _find(settings, id)
    if not drop_source(settings.sources_folder, id):
        raise MonitorError(f"{id} is not in your own file; `policywatch sources disable {id}` stops a shipped source")
    click.echo(f"{id} removed")


@sources.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_settings
def import_file(settings: Settings, file: Path) -> None:
    """Take over sources from a .toml, .csv or .opml file; what is known by its id or address is replaced."""
    known = {source.url: source.id for source in load_all(settings).sources}
    checked = []
    for number, table in enumerate(tables(file), start=1):
        named = {"id": known[str(table.get("url"))]} if str(table.get("url")) in known else {}
        checked.append(read_source(named | dict(table), f"{file}: source {number}"))
    keep_sources(settings.sources_folder, [table_of(source) for source in checked])
    click.echo(f"{len(checked)} sources taken over")


@sources.command()
@click.option("--format", "form", type=click.Choice(("toml", "csv", "opml")), default="toml", show_default=True)
@with_settings
def export(settings: Settings, form: str) -> None:
    """Write all sources to standard output."""
    click.echo(written(load_all(settings).sources, form), nl=False)


def _keep(settings: Settings, table: Mapping[str, Any]) -> None:
    keep_source(settings.sources_folder, table_of(read_source(table, str(table["id"]))))


def _look_now(settings: Settings, id: str) -> None:
    """Whoever changed a source wants to see what comes of it."""
    with assembly.opened_store(settings) as store:
        store.look_now(id, assembly.now())


def _tried(settings: Settings, source: Source) -> Source:
    """The source as a probe finds it. Raises MonitorError where there is nothing to read."""
    found = _probe(settings, source.url, None, source.browser)
    _preview(found)
    if found.status != "ok":
        raise MonitorError(
            f"{source.id}: {found.status}: {found.reason}; it stays off ({source.why_off}). Mend it with `policywatch sources "
            f"edit {source.id} --url URL`, or watch it all the same with `policywatch sources enable {source.id} --anyway`"
        )
    return replace(source, url=found.url, min_articles=_baseline(found))


def _find(settings: Settings, id: str) -> Source:
    """As it is written, wherever it lies: which regions are watched is another matter."""
    for source in load_all(settings).sources:
        if source.id == id:
            return source
    raise MonitorError(f"no source {id!r}; `policywatch sources list` names them all")


def _probe(settings: Settings, address: str, base: str | None, browser: bool) -> "Probe":
    from crawler.listing.probe import probe as look

    return look(address, base=base, settings=settings.crawl, browser=browser)


def _preview(found: "Probe") -> None:
    """What a person needs to judge: is it this list, are these its articles, can they be read?"""
    newest = sorted(found.links, key=lambda one: one.published or "", reverse=True)[:SHOWN]
    if newest:
        print_table(("published", "title", "url"), ((one.published, one.title, one.url) for one in newest))
        click.echo()
    lines = {
        "title": found.title,
        "family": f"{found.family}, drawn by a browser" if found.browser and found.family else found.family,
        "charset": found.charset,
        "robots.txt": found.robots,
        "articles": f"{len(found.links)} on this page" if found.links else None,
        "next page": found.next_page,
        "feeds": ", ".join(found.feeds),
        "sitemaps": ", ".join(found.sitemaps),
        "sample": found.sample and f"{found.sample.title} ({found.sample.published or 'no date'})",
        "": found.sample and _beginning(found.sample.text),
        "verdict": f"{found.status}: {found.reason or _why(found)}",
    }
    for name, said in lines.items():
        if said:
            click.echo(f"{name:<11} {said}")
    if found.suggestions:
        click.echo("\nother lists of the site:" if found.status == "ok" else "\nadd one of these instead:")
        print_table(("list", "url"), ((one.title, one.url) for one in found.suggestions))


def _why(found: "Probe") -> str:
    """What speaks for a list that is as it should be."""
    dated = sum(one.published is not None for one in found.links)
    onward = "page two goes on" if found.next_page else "one page only"
    return f"{len(found.links)} articles, {dated} of them dated, {onward}, and an article can be read"


def _beginning(text: str) -> str:
    """The first two sentences."""
    from itertools import islice

    from monitor.text import sentences

    return " ".join(text[start:end].strip() for start, end in islice(sentences(text), 2))


def _baseline(found: "Probe") -> int:
    """Fewer articles than half of what the page holds today mean that it is broken; a long sitemap may shrink in a day."""
    return min(max(found.rows // 2, 1), MOST_EXPECTED)


def _check_unknown(settings: Settings, url: str) -> None:
    id = source_id(url)
    for known in load_all(settings).sources:
        if known.id == id or known.url == url:
            raise MonitorError(
                f"{url} is watched already, as {known.id}"
                if known.enabled
                else f"{url} is known and off; `policywatch sources enable {known.id}` watches it"
            )


def _check_region(name: str) -> None:
    from monitor.cli.names import region_codes

    region_codes((name,))
