"""`sources`: look at a site, add it, and manage what is watched."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

import click
import tomlkit

from crawler.charset import decode
from monitor import assembly
from monitor.cli.common import print_json, print_table, printable, with_settings
from monitor.config import Settings
from monitor.domain import Source
from monitor.errors import MonitorError, SeedError
from monitor.ownsources import drop_source, keep_source, keep_sources
from monitor.seeds import duration, read_source, source_id, source_table

if TYPE_CHECKING:
    from crawler.listing.probe import Probe

SHOWN = 5  # articles of a preview
MOST_EXPECTED = 50


@click.group()
def sources() -> None:
    """Sites that are watched."""


@sources.command()
@click.argument("address")
@click.option("--url", "base", help="Address a saved page came from.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def probe(settings: Settings, address: str, base: str | None, as_json: bool) -> None:
    """Look at a source (an address or a saved page) without saving it."""
    found = _probe(settings, address, base)
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
    found = _probe(settings, url, None)
    if not as_json:
        _preview(found)
    if found.status != "ok":
        raise MonitorError(f"{url}: {found.status}: {found.reason}; nothing was saved")
    table = {"name": name or found.title or found.url, "url": found.url, "every": every, "official": not second_hand}
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
        print_json({"sources": [asdict(one) | _fared(states.get(one.id)) for one in kept]})
        return
    print_table(
        ("id", "name", "region", "every", "state", "url"),
        ((one.id, one.name, one.region, duration(one.every), _state(one, states.get(one.id)), one.url) for one in kept),
    )


@sources.command()
@click.argument("id")
@with_settings
def show(settings: Settings, id: str) -> None:
    """One source as a seeds file would hold it, and its last troubles."""
    source = _find(settings, id)
    click.echo(tomlkit.dumps({"source": [table_of(source)]}), nl=False)
    with assembly.opened_store(settings) as store:
        state = store.source_states().get(id)
        if state:
            click.echo(f"# last crawl: {state.status}{f': {state.reason}' if state.reason else ''}")
        for issue in store.issues(id)[-10:]:
            click.echo(f"# {issue.seen:%Y-%m-%d %H:%M} {issue.url}: {issue.problem}")


@sources.command()
@click.argument("id")
@click.option("--name")
@click.option("--url")
@click.option("--region")
@click.option("--every")
@click.option("--family")
@with_settings
def edit(settings: Settings, /, id: str, **values: str | None) -> None:
    """Change a source; a shipped one is copied into your own file with the change."""
    changes = {key: value for key, value in values.items() if value is not None}
    if not changes:
        raise click.UsageError("name what to change, such as --every 2h")
    if "region" in changes:
        _check_region(changes["region"])
    _keep(settings, table_of(_find(settings, id)) | changes)
    click.echo(f"{id} changed")


@sources.command()
@click.argument("id")
@with_settings
def enable(settings: Settings, id: str) -> None:
    """Watch a source again."""
    _keep(settings, table_of(replace(_find(settings, id), enabled=True)))
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
    known = {source.url: source.id for source in assembly.load(settings).sources}
    checked = []
    for number, table in enumerate(_tables(file), start=1):
        named = {"id": known[str(table.get("url"))]} if str(table.get("url")) in known else {}
        checked.append(read_source(named | dict(table), f"{file}: source {number}"))
    keep_sources(settings.sources_folder, [table_of(source) for source in checked])
    click.echo(f"{len(checked)} sources taken over")


@sources.command()
@click.option("--format", "form", type=click.Choice(("toml", "csv", "opml")), default="toml", show_default=True)
@with_settings
def export(settings: Settings, form: str) -> None:
    """Write all sources to standard output."""
    kept = assembly.load(settings).sources
    if form == "toml":
        click.echo(tomlkit.dumps({"source": [table_of(one) for one in kept]}), nl=False)
    elif form == "csv":
        columns = ("id", "name", "url", "region", "level", "every", "official", "enabled", "family", "min_articles")
        writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(asdict(one) for one in kept)
    else:
        click.echo(_opml(kept))


def table_of(source: Source) -> dict[str, Any]:
    """The table with its id: a replaced address must not become another source."""
    return {"id": source.id, **source_table(source)}


def _keep(settings: Settings, table: Mapping[str, Any]) -> None:
    keep_source(settings.sources_folder, table_of(read_source(table, str(table["id"]))))


def _find(settings: Settings, id: str) -> Source:
    for source in assembly.load(settings).sources:
        if source.id == id:
            return source
    raise MonitorError(f"no source {id!r}; `policywatch sources list` names them all")


def _probe(settings: Settings, address: str, base: str | None) -> "Probe":
    from crawler.listing.probe import probe as look

    return look(address, base=base, settings=settings.crawl)


def _preview(found: "Probe") -> None:
    """What a person needs to judge: is it this list, are these its articles, can they be read?"""
    newest = sorted(found.links, key=lambda one: one.published or "", reverse=True)[:SHOWN]
    if newest:
        print_table(("published", "title", "url"), ((one.published, one.title, one.url) for one in newest))
        click.echo()
    lines = {
        "title": found.title,
        "family": found.family,
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
    for known in assembly.load(settings).sources:
        if known.id == id or known.url == url:
            raise MonitorError(f"{url} is watched already, as {known.id}")


def _check_region(name: str) -> None:
    from monitor.cli.subscriptions import region_codes

    region_codes((name,))


def _fared(state: Any) -> dict[str, Any]:
    """What a script may want to know of a source besides its seed."""
    if state is None:
        return {"status": None, "reason": None, "last_success": None, "next_due": None}
    return {
        "status": state.status,
        "reason": state.reason,
        "last_success": printable(state.last_success),
        "next_due": printable(state.next_due),
    }


def _state(source: Source, state: Any) -> str:
    if not source.enabled:
        return "disabled"
    return (state.reason or state.status or "") if state else "not crawled yet"


def _tables(file: Path) -> Iterator[Mapping[str, object]]:
    """The `[[source]]` tables that a file of one of the three kinds amounts to. Raises SeedError."""
    try:
        text, _ = decode(file.read_bytes())  # spreadsheets write Chinese in GBK
        if file.suffix == ".toml":
            yield from _rows(file, tomlkit.parse(text).unwrap())
        elif file.suffix == ".csv":
            for row in csv.DictReader(io.StringIO(text)):
                table: dict[str, object] = {key: value for key, value in row.items() if key and value}
                yield table | {
                    key: table[key] in ("True", "true", "1") for key in ("official", "enabled") if key in table
                }
        elif file.suffix in (".opml", ".xml"):
            yield from _outlines(text)
        else:
            raise SeedError(str(file), "", "not a .toml, .csv or .opml file")
    except (OSError, ValueError) as error:
        raise SeedError(str(file), "", f"cannot be read: {error}") from None


def _rows(file: Path, content: Mapping[str, Any]) -> Sequence[Mapping[str, object]]:
    rows = content.get("source")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SeedError(str(file), "source", "write each source as a table headed [[source]]")
    return rows


def _outlines(text: str) -> Iterator[Mapping[str, object]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error}") from None
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl") or outline.get("htmlUrl")
        if url:
            yield {"name": outline.get("title") or outline.get("text") or url, "url": url}


def _opml(kept: tuple[Source, ...]) -> str:
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "policywatch"
    body = SubElement(root, "body")
    for one in kept:
        SubElement(body, "outline", type="link", text=one.name, title=one.name, htmlUrl=one.url)
    return tostring(root, encoding="unicode", xml_declaration=True)
