"""`ingest`: saved pages into the store, exactly as if crawled."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import with_settings
from monitor.config import Settings
from monitor.domain import Page
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.store import Store


@click.command()
@click.argument("path", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", help="Id of the source the pages belong to.")
@with_settings
def ingest(settings: Settings, path: tuple[Path, ...], source: str | None) -> None:
    """Take saved pages, texts and documents (.pdf, .docx, .xlsx, .ofd, .zip ...), and folders of them, into the store."""
    from crawler.reading.files import read_content, read_file
    from crawler.urls import key as canonical_key
    from monitor.ingest import ingest as take_in

    seeds = assembly.load(settings)
    known = next((one for one in seeds.sources if one.id == source), None)
    if source and known is None:
        raise MonitorError(f"no source {source!r}; `policywatch sources list` names them all")
    judge = assembly.make_judge(seeds)
    done = new = facts = failed = 0
    files = list(readable(path))
    with assembly.opened_store(settings) as store:
        assembly.renew_judgements(settings, store, judge)
        for file in files:
            now = assembly.now()
            try:
                page = Page(url=file.resolve().as_uri(), body=read_content(file), fetched=now)
                hash = store.keep_page(page)
                article = read_file(file, now=now, warn=partial(_say, store, source, file))
            except (MonitorError, OSError) as error:
                failed += 1
                store.record_issue(source, str(file), str(error), now)
                assembly.note(f"policywatch: {error}")
                continue
            if known:
                article = replace(article, source=known.id, region=article.region or known.region)
            key = canonical_key(article.url) if article.url else page.url
            taken = take_in(
                article,
                key=key,
                store=store,
                judge=judge,
                page_hash=hash,
                now=now,
                baseline_days=settings.digest.baseline_days,
            )
            done, new, facts = done + 1, new + taken.new, facts + taken.facts_new
    click.echo(f"{done} read, {new} new articles, {facts} new facts, {failed} could not be read")
    if failed and not done:
        raise MonitorError("nothing could be read")


def _say(store: "Store", source: str | None, file: Path, problem: str) -> None:
    """What could not be read of a file that was taken in."""
    store.record_issue(source, str(file), problem, assembly.now())
    assembly.note(f"policywatch: {problem}")


def readable(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files meant: those named, and of a folder those of a kind that can be read."""
    from crawler.reading.files import is_readable

    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and is_readable(file))
        elif path.exists():
            yield path
        else:
            raise MonitorError(f"{path}: no such file or folder")
