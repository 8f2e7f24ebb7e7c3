"""`stories`: look at one, and decide by hand which articles belong to it."""

from typing import TYPE_CHECKING

import click

from monitor import assembly
from monitor.cli.common import NUMBER, print_json, print_table, with_settings
from monitor.cli.corrections import say, with_author
from monitor.cli.facts import ARTICLES
from monitor.config import Settings

if TYPE_CHECKING:
    from monitor.store.corrections import Author


@click.group()
def stories() -> None:
    """Look at one story, and decide by hand which articles belong to it."""


@stories.command()
@click.argument("id", type=NUMBER)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def show(settings: Settings, id: int, as_json: bool) -> None:
    """The articles of one story; its number is that of its first article."""
    from monitor.store.amend_stories import members

    with assembly.opened_store(settings) as store, store.reading() as db:
        articles = members(db, id)
    if as_json:
        print_json({"id": id, "articles": [{"id": article, "title": title} for article, title in articles.items()]})
    else:
        print_table(("article", "title"), articles.items())


@stories.command()
@click.argument("id", type=NUMBER)
@click.argument("other", type=NUMBER)
@with_settings
@with_author
def merge(settings: Settings, author: "Author", id: int, other: int) -> None:
    """Say that two stories are one."""
    from monitor.store import amend_stories

    with assembly.opened_store(settings) as store, store.writing() as db:
        number = amend_stories.merge(db, id, other, author)
    say(number, f"stories {id} and {other} are story {min(id, other)}")


@stories.command()
@click.argument("id", type=NUMBER)
@ARTICLES
@with_settings
@with_author
def split(settings: Settings, author: "Author", id: int, articles: tuple[int, ...]) -> None:
    """Say that these articles tell another story."""
    from monitor.store import amend_stories

    with assembly.opened_store(settings) as store, store.writing() as db:
        number = amend_stories.split(db, id, articles, author)
    say(number, f"story {id} split; these articles are story {min(articles)}")
