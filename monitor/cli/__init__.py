"""The command line: one module per noun, heavy imports inside the commands, faults in one line without a traceback."""

import sys

import click

from monitor.cli import (
    analyze,
    channels,
    corrections,
    crawl,
    db,
    demo,
    digest,
    doctor,
    facts,
    feed,
    ingest,
    mail,
    outbox,
    query,
    serve,
    sources,
    stories,
    subscriptions,
    themes,
)
from monitor.errors import MonitorError


class Commands(click.Group):
    """Turns a MonitorError into one line and exit status 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            # The reader of a pipe has had enough; the interpreter must not complain at exit either.
            sys.stdout = None
            return None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="policywatch", prog_name="policywatch")
def main() -> None:
    """Reads government and news sites and mails each new policy target and programme once, with its evidence."""


for command in (
    demo.demo,
    serve.serve,
    crawl.crawl,
    crawl.worker,
    ingest.ingest,
    analyze.analyze,
    sources.sources,
    subscriptions.subscriptions,
    digest.digest,
    outbox.outbox,
    mail.mail,
    channels.channels,
    feed.feed,
    query.articles,
    query.targets,
    query.programmes,
    facts.facts,
    stories.stories,
    corrections.corrections,
    themes.themes,
    doctor.doctor,
    db.db,
):
    main.add_command(command)
