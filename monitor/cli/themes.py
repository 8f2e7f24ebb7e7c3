"""`themes`: what is watched for, and what a change would match before it is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import print_json, print_table, with_settings
from monitor.config import Settings
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.domain import Article
    from monitor.store import Store

BATCH = 200  # articles read at once
SHOWN = 20  # articles of each kind listed in a table
LAID_OVER = click.Path(path_type=Path, exists=True, dir_okay=False)


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
        print_json({"themes": [theme.model_dump() for theme in kept]})
    else:
        print_table(("id", "name", "english", "parent"), ((one.id, one.name, one.english, one.parent) for one in kept))


@themes.command("test")
@click.argument("name")
@click.option(
    "--file", type=LAID_OVER, help="A seeds file with the theme as it would be; without it, the theme as it is now."
)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def try_out(settings: Settings, name: str, file: Path | None, as_json: bool) -> None:
    """What a theme, given by id or name, would match in the stored articles; nothing is saved."""
    from monitor.classify import Classifier
    from monitor.spun import fold_article
    from monitor.store.articles import with_theme

    seeds = assembly.load(settings, *([file] if file else []))
    theme = next((one for one in seeds.themes if name in (one.id, one.name)), None)
    if theme is None:
        raise MonitorError(f"no theme {name!r}; `policywatch themes list` names them all")
    classifier = Classifier((theme,), seeds.words, seeds.genres)
    changes: dict[str, list[tuple[str, str]]] = {"added": [], "dropped": [], "kept": []}
    with assembly.opened_store(settings) as store:
        with store.reading() as db:
            now = with_theme(db, theme.id)
        for id, article in _articles(store):
            title, text = fold_article(article, seeds)
            found = classifier.classify(article, text, title)
            if found or id in now:
                kind = "kept" if found and id in now else "added" if found else "dropped"
                terms = dict.fromkeys(piece.text for match in found for piece in match.evidence)
                changes[kind].append((article.title, "、".join(terms)))
    if as_json:
        print_json(
            {kind: [{"title": title, "terms": terms} for title, terms in rows] for kind, rows in changes.items()}
        )
        return
    for kind, rows in changes.items():
        click.echo(f"{kind}: {len(rows)}")
    for kind in ("added", "dropped"):
        print_table((kind, "terms"), changes[kind][:SHOWN])


@themes.command()
@click.option("--file", type=LAID_OVER, help="A seeds file to lay over.")
@with_settings
def apply(settings: Settings, file: Path | None) -> None:
    """Judge the stored articles again with the present themes and rules, without fetching."""
    if file:
        settings.sources_folder.mkdir(parents=True, exist_ok=True)
        (settings.sources_folder / file.name).write_bytes(file.read_bytes())
    judge = assembly.make_judge(assembly.load(settings))
    with assembly.opened_store(settings) as store:
        done = assembly.renew_judgements(settings, store, judge)
    click.echo(f"{done} articles judged again")


def _articles(store: "Store") -> Iterator[tuple[int, "Article"]]:
    from monitor.store.articles import stored

    last = 0
    while True:
        with store.reading() as db:
            batch = stored(db, last, BATCH)
        if not batch:
            return
        yield from batch
        last = batch[-1][0]
