"""Every command of the README runs, in a folder of its own and through `./run`, as a reader would type it."""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.demo import Replicas
from tests.features.conftest import ROOT, Watch

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = "https://www.example.gov.cn/zwgk/"  # stands for the reader's own address
# `demo` has tests of its own; `test` is what runs this one.
TESTED = {"demo", "test"}


def commands(readme: str) -> list[list[str]]:
    blocks = "\n".join(BLOCK.findall((ROOT / readme).read_text(encoding="utf-8")))
    lines = [shlex.split(line, comments=True) for line in blocks.splitlines()]
    return [line[1:] for line in lines if line and line[0] == "./run"]


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    def begin(*arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = ["sh", str(ROOT / "run"), *arguments]
        return subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8"
        )

    return begin


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_command_works(
    readme: str, run: Callable[..., subprocess.Popen[str]], few: Replicas, watch: Watch, tmp_path: Path
) -> None:
    """One after the other on one data folder; the address, page and folder of the examples are there."""
    watch(())
    (tmp_path / "FOLDER").mkdir()
    page = "无锡发布低空经济行动计划\n\n无锡市政府印发行动计划，力争到2030年全市低空经济产业规模达到800亿元。\n"
    for file in ("page.html", "FOLDER/a.txt"):
        (tmp_path / file).write_text(page, encoding="utf-8")
    (tmp_path / "page.html").write_text(
        f"<html><head><title>{page.splitlines()[0]}</title></head><body><p>{page.splitlines()[2] * 3}</p></body></html>",
        encoding="utf-8",
    )
    found = commands(readme)
    assert {"demo", "test", "serve", "sources", "targets", "digest"} <= {command[0] for command in found}
    for command in found:
        if command[0] in TESTED:
            continue
        process = run(*(few.sources()[0].url if word == ELSEWHERE else word for word in command))
        if command[0] == "serve":
            assert process.stderr is not None
            assert any("watching" in line for line in process.stderr)  # it may say first where readers find their pages
            process.send_signal(signal.SIGTERM)
        answer = process.communicate("y\n", timeout=60)
        assert process.returncode == 0, (command, answer)


def test_the_first_screen_has_two_commands() -> None:
    """The demo and the tests come first, in both languages."""
    for readme in ("README.md", "README.zh-CN.md"):
        assert [command[0] for command in commands(readme)[:2]] == ["demo", "test"]


def test_an_environment_too_old_is_named(tmp_path: Path) -> None:
    """Without a Python of 3.11 or newer, `./run` says what is needed and how to name one."""
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    copy = tmp_path / "checkout"
    copy.mkdir()
    (copy / "run").write_bytes((ROOT / "run").read_bytes())
    for name in ("requirements.lock", "requirements-build.lock", "pyproject.toml"):
        (copy / name).write_text("", encoding="utf-8")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("cat", "cksum", "dirname", "printf", "sh"):
        real = next(Path(folder, tool) for folder in os.environ["PATH"].split(":") if Path(folder, tool).exists())
        (tools / tool).symlink_to(real)
    done = subprocess.run(
        ["sh", str(copy / "run"), "doctor"],
        env={"PATH": f"{tools}", "POLICYWATCH_PYTHON": str(old)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
