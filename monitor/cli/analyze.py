"""`analyze`: what the judgement makes of a file, nothing stored."""

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from monitor.cli.common import with_settings
from monitor.config import Settings
from monitor.domain import Article, Designation, Evidence, Judgement, Programme, Quantity, Region
from monitor.errors import MonitorError


def _day(context: click.Context, option: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001  # click's call
    """A date as the contract has it; a typing error must not become a fact."""
    from crawler.reading.dates import read_date
    from monitor import assembly

    day = read_date(value, now=assembly.now()) if value else None
    if value and day is None:
        raise click.BadParameter(f"{value!r} is no date up to today; write 2024-02-29 or 2024-02-29 09:10")
    return day


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="Address the page came from.")
@click.option("--title", help="Title, where the file says none.")
@click.option("--published", callback=_day, help="Publication date, where the file says none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--jsonl", is_flag=True, help="One JSON object a line, for any number of files, in their order.")
@with_settings
def analyze(  # noqa: PLR0913  # the options of the contract
    settings: Settings,
    files: tuple[Path, ...],
    url: str | None,
    title: str | None,
    published: str | None,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Find themes, places, targets and programmes in pages, texts and documents (.pdf, .docx, .xlsx, .ofd, .zip ...), nothing stored."""
    from crawler.reading.files import read_file
    from monitor import assembly

    if as_json and len(files) > 1:
        raise click.UsageError("--json takes one file; use --jsonl for several")
    judge = assembly.make_judge(assembly.load(settings))
    failed = 0
    for file in files:
        try:
            article = read_file(file, url=url, title=title, published=published, now=assembly.now(), warn=_warn)
        except MonitorError as error:
            # An answer is owed for every file: lines must keep the order of the arguments.
            failed += 1
            assembly.note(f"policywatch: {error}")
            if jsonl:
                click.echo(json.dumps({"document": {"path": str(file)}, "error": str(error)}, ensure_ascii=False))
            continue
        judgement = judge.judge(article)
        if as_json or jsonl:
            click.echo(
                json.dumps(contract(article, judgement, str(file)), ensure_ascii=False, indent=None if jsonl else 2)
            )
        else:
            _explain(article, judgement)
    if failed:
        raise SystemExit(1)


def _explain(article: Article, judgement: Judgement) -> None:
    from rich.console import Console

    from monitor.cli.explain import explain

    explain(article, judgement, Console(highlight=False, markup=False))


def contract(article: Article, judgement: Judgement, path: str) -> dict[str, Any]:
    """The `analyze --json` object that other programs rely on."""
    official = article.official
    return {
        "document": {
            "path": path,
            "url": article.url,
            "title": article.title,
            "published": article.published,
            "publisher": article.publisher,
            "author": article.author,
            "charset": article.charset,
            "text": article.text,
            "attachments": [{"url": one.url, "name": one.name} for one in article.attachments],
            "official": official
            and {
                "number": official.number,
                "index": official.index,
                "issuer": official.issuer,
                "written": official.written,
                "effective": official.effective,
                "validity": official.validity,
            },
        },
        "themes": [
            {"id": one.id, "name": one.name, "score": round(one.score, 4), "evidence": _evidence(one.evidence)}
            for one in judgement.themes
        ],
        "regions": [
            {"code": one.region.code, "name": one.region.name, "role": one.role, "evidence": _evidence(one.evidence)}
            for one in judgement.regions
        ],
        "targets": [_target(one) | _origin(article, one.evidence) for one in judgement.targets],
        "programmes": [_programme(one) | _origin(article, one.evidence) for one in judgement.programmes],
    }


def _warn(problem: str) -> None:
    from monitor import assembly

    assembly.note(f"policywatch: {problem}")


def _origin(article: Article, evidence: Evidence) -> dict[str, Any]:
    """The file that a sentence comes from and its page there; null for the page's own text."""
    file, page = article.file_at(evidence.start) or (None, None)
    return {"attachment": file and file.name, "page": page}


def _evidence(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [{"start": one.start, "end": one.end, "text": one.text} for one in evidence]


def _place(region: Region | None) -> dict[str, str] | None:
    return {"code": region.code, "name": region.name} if region else None


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _target(one: Quantity | Designation) -> dict[str, Any]:
    common = {
        "kind": one.kind,
        "assertion": one.assertion,
        "deadline": one.deadline,
        "region": _place(one.region),
        "themes": list(one.themes),
        "sentence": one.evidence.text,
        "start": one.evidence.start,
        "end": one.evidence.end,
    }
    if isinstance(one, Designation):
        return common | {"name": one.name}
    return common | {
        "metric": one.metric,
        "comparator": one.comparator,
        "value": number(one.value),
        "value_high": number(one.value_high),
        "unit": one.unit,
        "recurrence": one.recurrence,
    }


def _programme(one: Programme) -> dict[str, Any]:
    return {
        "name": one.name,
        "type": one.type,
        "status": one.status,
        "issuer": one.issuer,
        "number": one.number,
        "region": _place(one.region),
        "themes": list(one.themes),
        "sentence": one.evidence.text,
        "start": one.evidence.start,
        "end": one.evidence.end,
    }
