"""`db`: schema and safety of the store."""

from pathlib import Path

import click

from monitor import assembly
from monitor.cli.common import with_settings
from monitor.config import Settings

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def db() -> None:
    """Schema and safety of the store."""


@db.command()
@with_settings
def upgrade(settings: Settings) -> None:
    """Bring the schema up to date (every other verb does so as well when it opens the store)."""
    with assembly.opened_store(settings):
        click.echo("the schema is up to date")


@db.command()
@click.argument("file", type=FILE)
@with_settings
def backup(settings: Settings, file: Path) -> None:
    """Copy the store into FILE, also while the service runs."""
    from monitor.store.backup import backup as copy

    with assembly.opened_store(settings) as store:
        copy(store, file)
    click.echo(f"{file}: {file.stat().st_size} bytes")


@db.command()
@click.argument("file", type=FILE)
@with_settings
def restore(settings: Settings, file: Path) -> None:
    """Put FILE in the store's place; the service must not be running."""
    from monitor.store.backup import restore as put_back

    with assembly.only_one(settings, "serve"), assembly.only_one(settings, "crawl"):
        put_back(settings.database_url, file)
    click.echo(f"restored from {file}")
