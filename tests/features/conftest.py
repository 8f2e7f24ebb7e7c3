"""What the feature tests share: a data folder, the real command line in processes of its own, and replica sites."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest
import tomlkit
from click.testing import CliRunner

from monitor.cli import main
from monitor.demo import Replicas
from monitor.demo.content import ARTICLES
from monitor.domain import Source
from monitor.seeds import source_table
from monitor.store.tables import Base, UtcDateTime

ROOT = Path(__file__).resolve().parents[2]
# Replicas answer on loopback, and a test waits for nobody's politeness but the one it is about.
CRAWL = {"allow_private": ["127.0.0.0/8"], "delay": 0.0, "timeout": 10.0, "contact": "tests@example.com"}


class Policywatch(Protocol):
    """The command line on the test's data folder."""

    def __call__(self, *arguments: str | Path, input: str | None = None) -> subprocess.CompletedProcess[str]: ...


class Watch(Protocol):
    """Writes the settings and the sources that the test's data folder holds from now on."""

    def __call__(self, sources: Sequence[Source], **settings: object) -> None: ...


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(data: Path) -> dict[str, str]:
    """The environment of a command on the data folder: nothing of the tester's own settings, and a free port for pages."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("POLICYWATCH_")}
    return own | {"POLICYWATCH_DATA": str(data), "POLICYWATCH_WEB__LISTEN": "127.0.0.1:0", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def policywatch(environment: dict[str, str], tmp_path: Path) -> Policywatch:
    """Run `policywatch ARGUMENTS` to its end: `policywatch("crawl", "--json").stdout`."""

    def run(*arguments: str | Path, input: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", *map(str, arguments)]
        return subprocess.run(
            command,
            input=input,
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def in_process(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Policywatch:
    """The command line inside this process: the same code, without a second's start for each command."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, input: str | None = None) -> subprocess.CompletedProcess[str]:
        words = [str(argument) for argument in arguments]
        done = CliRunner(env=environment).invoke(main, words, input=input, catch_exceptions=False)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `policywatch ARGUMENTS` and hand over the running process; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "monitor", *map(str, arguments)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=pipe, stderr=pipe, encoding="utf-8")
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def watch(data: Path) -> Watch:
    """Make the data folder watch these sources and no shipped ones: `watch(sites.sources(), crawl={"max_pages": 1})`.

    Other keywords are tables or keys of policywatch.toml, such as `smtp={"host": ...}`.
    """

    def write(sources: Sequence[Source], **settings: object) -> None:
        crawl = settings.pop("crawl", {})
        assert isinstance(crawl, dict)
        document = {"shipped_sources": False, **settings, "crawl": CRAWL | crawl}
        (data / "policywatch.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
        tables = [{"id": source.id, **source_table(source)} for source in sources]
        (data / "sources").mkdir(exist_ok=True)
        (data / "sources" / "sites.toml").write_text(tomlkit.dumps({"source": tables}), encoding="utf-8")

    return write


@pytest.fixture
def days_pass(data: Path) -> Callable[[float], None]:
    """Let days pass for the commands to come: every moment that the store holds moves back by as much."""

    def pass_by(days: float) -> None:
        moments = [
            (table.name, column.name)
            for table in Base.metadata.tables.values()
            for column in table.columns
            if isinstance(column.type, UtcDateTime)
        ]
        with closing(sqlite3.connect(data / "policywatch.sqlite")) as store, store:
            for table, name in moments:
                moved = f"strftime('%Y-%m-%d %H:%M:%f', \"{name}\", '-{days} days')"
                store.execute(f'UPDATE "{table}" SET "{name}" = {moved}')  # noqa: S608  # our own names

    return pass_by


@pytest.fixture
def city() -> Iterator[Replicas]:
    """The replica of the city government's site alone: one list of two pages."""
    with Replicas(today=datetime.now(UTC), only=("city",)) as sites:
        yield sites


@pytest.fixture
def few() -> Iterator[Replicas]:
    """The city government's site with a handful of its articles, where their number does not matter."""
    some = [article for article in ARTICLES if article.site == "city"][:5]
    with Replicas(today=datetime.now(UTC), only=("city",), articles=some) as sites:
        yield sites


@pytest.fixture
def sites() -> Iterator[Replicas]:
    """All replica sites."""
    with Replicas(today=datetime.now(UTC)) as replicas:
        yield replicas
