"""`facts`: look at one, and decide by hand what it is."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, get_args

import click

from monitor import assembly
from monitor.cli.common import NUMBER, print_json, print_table, with_settings
from monitor.cli.corrections import say, with_author
from monitor.config import Settings
from monitor.domain import Comparator, ProgrammeStatus, ProgrammeType
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.domain import Region
    from monitor.store.corrections import Author

STATUSES = (*get_args(ProgrammeStatus), "redraft", "amended", "repealed", "ended")
LONGEST = 200  # characters of a name
NOTHING = ("", "none")  # takes a unit or a deadline away
DAY = re.compile(r"(20\d\d)(?:-(\d\d)(?:-(\d\d))?)?")
GREATEST = Decimal(10) ** 20  # no metric comes near it
ARTICLES = click.option(
    "--article",
    "articles",
    type=NUMBER,
    multiple=True,
    required=True,
    help="Number of an article; several go together.",
)


@click.group()
def facts() -> None:
    """Look at one fact, and decide by hand what it is."""


@facts.command()
@click.argument("id", type=NUMBER)
@click.option("--json", "as_json", is_flag=True)
@with_settings
def show(settings: Settings, id: int, as_json: bool) -> None:
    """One target or programme with every article that tells it, and what was decided of it by hand."""
    from monitor.store.amend import find
    from monitor.store.corrections import by_hand, described
    from monitor.store.queries import one_fact

    with assembly.opened_store(settings) as store:
        with store.reading() as db:
            find(db, id)
            text = described(db, (id,))["facts"][0]["text"]
            numbers = by_hand(db, (id,)).get(id, [])
        fact = one_fact(store, id)
    if fact is None:
        raise MonitorError(f"fact {id} is told by no article any more")
    if as_json:
        print_json(fact | {"corrections": numbers})
        return
    click.echo(f"{id}: {text}" + (" (dismissed)" if fact.get("dismissed") else ""))
    if numbers:
        click.echo(f"decided by hand: corrections {', '.join(map(str, numbers))}")
    columns = ("article", "published", "source", "title", "sentence", "url")
    print_table(columns, ([one[column] for column in columns] for one in fact["sightings"]))


@facts.command()
@click.argument("id", type=NUMBER)
@with_settings
@with_author
def dismiss(settings: Settings, author: "Author", id: int) -> None:
    """Say that it is no target and no programme: it is told and shown no more, whoever tells it again."""
    from monitor.store import amend

    with assembly.opened_store(settings) as store, store.writing() as db:
        number = amend.dismiss(db, id, author)
    say(number, f"fact {id} dismissed")


@facts.command()
@click.argument("id", type=NUMBER)
@click.option("--metric", "--name", "name", help="What is counted, or the name of a status or programme.")
@click.option("--value", help="In base units: 410, 16000, 0.35, or a range 400-450.")
@click.option("--comparator", type=click.Choice(get_args(Comparator)))
@click.option("--unit", help="none for a figure without one.")
@click.option("--year", "--deadline", "deadline", help="2027, 2027-06, 2027-06-30, or none.")
@click.option("--place", help="Name or code.")
@click.option("--assertion", type=click.Choice(("target", "actual", "support")))
@click.option("--type", "type_", type=click.Choice(get_args(ProgrammeType)), help="Of a programme.")
@click.option("--status", type=click.Choice(STATUSES), help="Of a programme.")
@with_settings
@with_author
def correct(settings: Settings, author: "Author", /, id: int, **asked: str | None) -> None:
    """Say what is told of it from now on; its quotes stay as they were printed."""
    from monitor.judge import names_of
    from monitor.store import amend
    from monitor.store.corrections import described

    new = _values(asked)
    if not new:
        raise click.UsageError("name what to correct, such as --value, --year or --place")
    names = names_of(assembly.load(settings))
    with assembly.opened_store(settings) as store, store.writing() as db:
        amend.find(db, id)
        said = described(db, (id,))["facts"][0] | new
        known_as = names.programme if said["kind"] == "programme" else names.metric
        number = amend.correct(db, id, new, known_as(said["name"], said["region_name"]), author)
        text = described(db, (id,))["facts"][0]["text"]
    say(number, f"fact {id} corrected: {text}")


@facts.command()
@click.argument("id", type=NUMBER)
@click.argument("other", type=NUMBER)
@with_settings
@with_author
def merge(settings: Settings, author: "Author", id: int, other: int) -> None:
    """Say that OTHER is the same fact as ID, which goes on; nobody is told anything."""
    from monitor.store import amend

    with assembly.opened_store(settings) as store, store.writing() as db:
        number = amend.merge(db, id, other, author)
    say(number, f"fact {other} merged into fact {id}")


@facts.command()
@click.argument("id", type=NUMBER)
@ARTICLES
@with_settings
@with_author
def split(settings: Settings, author: "Author", id: int, articles: tuple[int, ...]) -> None:
    """Say that what these articles tell is another fact; what readers were told of it they are not told again."""
    from monitor.store import amend
    from monitor.store.corrections import described

    with assembly.opened_store(settings) as store, store.writing() as db:
        number, new = amend.split(db, id, articles, author)
        text = described(db, (new,))["facts"][0]["text"]
    say(number, f"fact {id} split; what these articles tell is fact {new}: {text}")


def _values(asked: Mapping[str, str | None]) -> dict[str, Any]:
    """The columns that are to be others. Raises MonitorError for a value that none can be."""
    for option, words in (("--metric", asked["name"]), ("--unit", asked["unit"])):
        if len(words or "") > LONGEST:
            raise MonitorError(f"{option}: longer than {LONGEST} characters, which no name is")
    new: dict[str, Any] = {name: asked[name] for name in ("comparator", "assertion", "status") if asked[name]}
    if name := " ".join((asked["name"] or "").split()):
        new["name"] = name
    if asked["type_"]:
        new["type"] = asked["type_"]
    if (value := asked["value"]) is not None:
        new["value"], new["value_high"] = _figures(value)
    if (unit := asked["unit"]) is not None:
        new["unit"] = None if unit in NOTHING else unit
    if (deadline := asked["deadline"]) is not None:
        new["deadline"] = None if deadline in NOTHING else _day(deadline)
    if (place := asked["place"]) is not None:
        region = _region(place)
        new |= {"region_code": region.code, "region_name": region.name}
    return new


def _figures(value: str) -> tuple[str | None, str | None]:
    from monitor.claims import digits

    low, mark, high = value.strip().replace("，", "").replace(",", "").partition("-")
    try:
        found = [Decimal(one) for one in ((low, high) if mark else (low,))]
    except InvalidOperation:
        found = []
    if not found or not all(one.is_finite() and abs(one) < GREATEST for one in found) or found != sorted(found):
        raise MonitorError(
            f"--value {value}: not a figure; write it in base units, such as 410, 16000 or a range 400-450"
        )
    return digits(found[0]), digits(found[1]) if mark else None


def _day(deadline: str) -> str:
    """The last day of a year or month, as deadlines are kept."""
    found = DAY.fullmatch(deadline)
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        return date(year, month or 12, day or monthrange(year, month or 12)[1]).isoformat()
    except ValueError:  # of monthrange too
        raise MonitorError(f"--year {deadline}: not a day; write 2027, 2027-06, 2027-06-30 or none") from None


def _region(place: str) -> "Region":
    from monitor.cli.names import region_codes
    from monitor.regions import load_gazetteer

    divisions = load_gazetteer().divisions
    region = divisions.region(place) or divisions.region(region_codes((place,))[0])
    if region is None:
        raise MonitorError(f"--place {place}: no such place is known; write its full name, such as 无锡市, or its code")
    return region
