"""`feed`: what a filter lets through as an Atom file, for a web server or a feed reader on the same machine."""

from pathlib import Path

import click

from monitor import assembly
from monitor.cli.common import hand_over, with_settings
from monitor.cli.names import region_codes, theme_ids
from monitor.config import Settings


@click.command()
@click.option("--theme", "themes", multiple=True, help="Theme id or name; several are alternatives.")
@click.option("--region", "regions", multiple=True, help="Place name; a city stands for its districts and zones too.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write instead of printing.")
@with_settings
def feed(settings: Settings, themes: tuple[str, ...], regions: tuple[str, ...], out: Path | None) -> None:
    """The newest facts as an Atom feed."""
    from alerts.feeds import Feed, atom
    from monitor.store.delivery import Subscription

    if not (themes or regions):
        raise click.UsageError("name at least one --theme or --region")
    seeds = assembly.load(settings)
    wanted = Subscription(email="", themes=theme_ids(seeds, themes), regions=region_codes(regions))
    key = f"file/{'+'.join(wanted.themes)}/{'+'.join(wanted.regions)}"
    with assembly.opened_store(settings) as store:
        named = Feed(key, f"政策观察 · {'、'.join((*themes, *regions))}", wanted)
        content = atom(store, named, assembly.make_edition(settings, seeds, store))
    hand_over(content, out)
