"""`themes`: what is watched for, and what a change would match before it is kept."""

from pathlib import Path

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.config import Settings


@click.group()
def themes() -> None:
    """What is watched for."""


@themes.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_all(settings: Settings, as_json: bool) -> None:
    """All themes with their ids."""
    kept = assembly.load(settings).themes
    if as_json:
        print_json([theme.model_dump() for theme in kept])
    else:
        print_table(("id", "name", "english", "parent"), ((one.id, one.name, one.english, one.parent) for one in kept))


@themes.command()
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A seeds file to lay over.")
@with_settings
def apply(settings: Settings, file: Path | None) -> None:
    """Judge the stored articles again with the present themes and rules, without fetching."""
    from monitor.ingest import judge_again

    if file:
        settings.sources_folder.mkdir(parents=True, exist_ok=True)
        (settings.sources_folder / file.name).write_bytes(file.read_bytes())
    judge = assembly.make_judge(assembly.load(settings))
    with assembly.opened_store(settings) as store:
        done = judge_again(store, judge, assembly.now(), settings.digest.baseline_days)
    click.echo(f"{done} articles judged again")
