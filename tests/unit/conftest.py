"""Hands the rows of tests/tables to the tests marked with a table: `row` what must hold, `missed` what is known not to."""

import tomllib
from pathlib import Path

import pytest

TABLES = Path(__file__).parents[1] / "tables"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "table(name): run once for each row of tests/tables/NAME.toml")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("table")
    if marker is None:
        return
    content = tomllib.loads((TABLES / f"{marker.args[0]}.toml").read_text(encoding="utf-8"))
    for argument, key in (("row", "row"), ("missed", "known_misses")):
        if argument in metafunc.fixturenames:
            cases = content.get(key, [])
            names = [f"{number}-{case['text'][:24]}".replace("\n", "/") for number, case in enumerate(cases, 1)]
            metafunc.parametrize(argument, cases, ids=names)
