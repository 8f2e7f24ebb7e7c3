"""`corrections`: the log of what people decided by hand, and how a decision is taken back."""

import getpass
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from monitor import assembly
from monitor.cli.common import NUMBER, print_json, print_table, with_settings
from monitor.config import Settings

if TYPE_CHECKING:
    from sqlalchemy import Row

    from monitor.store.corrections import Author

P = ParamSpec("P")
R = TypeVar("R")


def with_author(function: Callable[Concatenate[Settings, "Author", P], R]) -> Callable[Concatenate[Settings, P], R]:
    """Give a verb --by and --why, and who decides as its second argument."""

    @click.option("--by", metavar="NAME", help="Who decides this; your login name where not given.")
    @click.option("--why", metavar="REASON", help="Kept in the log.")
    @wraps(function)
    def run(settings: Settings, /, *args: P.args, **kwargs: P.kwargs) -> R:
        from monitor.store.corrections import Author

        by, why = kwargs.pop("by"), kwargs.pop("why")
        author = Author(str(by or _login()), assembly.now(), None if why is None else str(why))
        return function(settings, author, *args, **kwargs)

    return run


def say(number: int, done: str) -> None:
    click.echo(f"{done} (correction {number})")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@with_settings
@click.pass_context
def corrections(context: click.Context, settings: Settings, as_json: bool) -> None:
    """What people decided by hand; alone the same as `corrections list`."""
    if context.invoked_subcommand is None:
        _list(settings, as_json=as_json)
    elif any(
        context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ("as_json", "config", "data")
    ):
        raise click.UsageError(f"options of `corrections {context.invoked_subcommand}` go after it")


@corrections.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def list_all(settings: Settings, as_json: bool) -> None:
    """What people decided by hand, the newest first: who, when, what and why."""
    _list(settings, as_json=as_json)


@corrections.command()
@click.argument("number", type=NUMBER)
@click.option("--by", metavar="NAME", help="Who undoes it; your login name where not given.")
@with_settings
def undo(settings: Settings, number: int, by: str | None) -> None:
    """Take a decision back; what it stood in the way of is decided anew."""
    from monitor.corrections import undo as take_back
    from monitor.store.corrections import Author

    with assembly.opened_store(settings) as store:
        judge = assembly.make_judge(assembly.load(settings))
        author = Author(by or _login(), assembly.now())
        take_back(store, judge, number, author, settings.digest.baseline_days)
    click.echo(f"correction {number} undone")


def _list(settings: Settings, *, as_json: bool) -> None:
    from monitor.store.corrections import corrections

    with assembly.opened_store(settings) as store, store.reading() as db:
        rows = [_described(row) for row in corrections(db)]
    if as_json:
        print_json({"corrections": rows})
        return
    print_table(
        ("no.", "when", "by", "what", "before", "after", "why", "undone"),
        (
            (
                row["id"],
                row["made"][:16],
                row["by"],
                _what(row),
                _text(row["before"]),
                _after(row),
                row["why"],
                _undone(row),
            )
            for row in rows
        ),
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name belongs to the user's number, as in many containers
        return "unknown"


def _described(row: "Row[Any]") -> dict[str, Any]:
    return {
        "id": row.id,
        "made": row.made.astimezone().isoformat(timespec="seconds"),
        "by": row.author,
        "why": row.why,
        "action": row.action,
        "subject": row.subject,
        "before": row.before,
        "after": row.after,
        "undone": row.undone and row.undone.astimezone().isoformat(timespec="seconds"),
        "undone_by": row.undone_by,
    }


def _what(row: dict[str, Any]) -> str:
    """dismiss fact 12, merge stories 3."""
    of_story = "facts" not in row["before"]
    return f"{row['action']} {row['subject']}" if of_story else f"{row['action']} fact {row['subject']}"


def _text(said: dict[str, Any]) -> str:
    return "\n".join(f"{one['id']}: {one['text']}" for one in said.get("facts", said.get("stories", ())))


def _after(row: dict[str, Any]) -> str:
    return "dismissed" if row["action"] == "dismiss" else _text(row["after"])


def _undone(row: dict[str, Any]) -> str:
    return f"{row['undone'][:16]} by {row['undone_by']}" if row["undone"] else ""
