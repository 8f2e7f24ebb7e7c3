"""`serve`: the background service."""

import logging

import click

from monitor import assembly
from monitor.cli.common import with_settings
from monitor.config import Settings


@click.command()
@click.option("--verbose", is_flag=True, help="Say more on standard error.")
@with_settings
def serve(settings: Settings, verbose: bool) -> None:
    """Watch the sources, build the digests and send them, until stopped."""
    from monitor.service import run

    assembly.log_to_stderr(logging.INFO if verbose else logging.WARNING)
    with assembly.only_one(settings, "serve"):
        run(settings)
