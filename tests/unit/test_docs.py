"""The documentation says what is there: every setting, key, verb, option and dependency, and none that is not."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel, SecretStr

from monitor.cli import main
from monitor.config import Settings
from monitor.seeds import SHIPPED, SourceTable, Theme

ROOT = SHIPPED.parent
EVERYWHERE = {"--config", "--data"}  # said once for all verbs
WITH_EXAMPLES = (
    "README.md",
    "README.zh-CN.md",
    "docs/channels.md",
    "docs/commands.md",
    "docs/mail.md",
    "docs/settings.md",
    "docs/sources.md",
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def table_rows(text: str) -> dict[str, str]:
    """First cells that are code, with the second cell."""
    return dict(re.findall(r"^\| `([\w.]+)` \| (.+?) \|", text, re.MULTILINE))


def settings_of(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, f"{before}{name}.")
        else:
            yield before + name, field.get_default(call_default_factory=True)


def shown(default: Any) -> str:
    """A default as docs/settings.md writes it: like TOML."""
    assert not isinstance(default, SecretStr), "a secret has no default"
    return "not set" if default is None else f"`{json.dumps(default, default=str)}`"


def leaves(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


VERBS = dict(leaves(main))


def options_of(command: click.Command) -> set[str]:
    shown = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    return {name for one in shown for name in one.opts} - EVERYWHERE


def sections(text: str) -> dict[str, str]:
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return {title: body for title, _, body in (part.partition("\n") for part in parts)}


def examples() -> Iterator[tuple[str, str]]:
    for name in WITH_EXAMPLES:
        for line in re.findall(r"\./run [^`\n]*", read(name)):
            yield name, line


def own_verbs_of_the_script() -> set[str]:
    return set(re.findall(r"^(\w+)\)", read("run"), re.MULTILINE))


def check_example(line: str, folder: Path) -> None:
    """Let click read the line as it would be typed, without doing anything. Raises click.UsageError."""
    words = shlex.split(line, comments=True)[1:]
    for word in words:
        if Path(word).suffix in (".toml", ".opml"):
            (folder / word).touch()  # some options want a file that exists
    command: click.Command = main
    while isinstance(command, click.Group):
        name, *words = words
        known = command.commands.get(name)
        if known is None:
            raise click.UsageError(f"no verb {name}")
        command = known
    command.make_context(command.name, words)


def test_every_setting_is_documented_with_its_default() -> None:
    documented = table_rows(read("docs/settings.md"))
    assert documented == {name: shown(default) for name, default in settings_of(Settings)}


def test_every_section_of_settings_has_its_heading() -> None:
    groups = {name.split(".")[0] for name, _ in settings_of(Settings) if "." in name}
    assert set(re.findall(r"^## \[(\w+)\]$", read("docs/settings.md"), re.MULTILINE)) == groups


def test_the_example_of_the_settings_file_is_valid() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", read("docs/settings.md"), re.DOTALL)
    assert Settings(**tomllib.loads(example)).smtp.port == 465


def test_every_key_of_a_source_is_documented() -> None:
    assert set(table_rows(sections(read("docs/sources.md"))["Keys"])) == set(SourceTable.model_fields)


def test_the_example_of_a_source_is_valid() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", read("docs/sources.md"), re.DOTALL)
    for table in tomllib.loads(example)["source"]:
        SourceTable.model_validate(table)


def test_every_key_of_a_theme_is_documented_at_the_head_of_its_file() -> None:
    head = read("seeds/themes.toml").partition("\n[[theme]]")[0]
    documented = {key for keys in re.findall(r"^#   ([a-z, ]+?)  ", head, re.MULTILINE) for key in keys.split(", ")}
    assert documented == set(Theme.model_fields)


def test_every_verb_has_its_section() -> None:
    assert list(sections(read("docs/commands.md"))) == list(VERBS)


@pytest.mark.parametrize("verb", list(VERBS))
def test_every_option_is_documented_and_none_that_is_not_there(verb: str) -> None:
    section = sections(read("docs/commands.md"))[verb]
    heads = "\n".join(line.partition(":")[0] for line in section.splitlines() if line.startswith("- "))
    assert set(re.findall(r"`(--[a-z-]+)", heads)) == options_of(VERBS[verb])
    assert f"./run {verb}" in section


def test_examples_are_found() -> None:
    assert {name for name, _ in examples()} == set(WITH_EXAMPLES)


@pytest.mark.parametrize(("name", "line"), list(examples()))
def test_examples_use_verbs_and_options_that_exist(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if shlex.split(line, comments=True)[1] not in own_verbs_of_the_script():
        check_example(line, tmp_path)


@pytest.mark.parametrize(
    "line", ["./run fetch", "./run sources forget a", "./run digest --too a", "./run outbox retry x"]
)
def test_an_example_that_would_not_run_is_noticed(line: str, tmp_path: Path) -> None:
    with pytest.raises(click.UsageError):
        check_example(line, tmp_path)


def test_every_dependency_has_its_decision() -> None:
    decided = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "docs/decisions").glob("*.md"))
    named = {
        re.split(r"[<>=!~\[; ]", one)[0] for one in tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    }
    assert {
        one for one in named if not re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", decided, re.IGNORECASE)
    } == set()


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [file.name[:5] for file in files] == [f"{number:04}-" for number in range(1, len(files) + 1)]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# "), file.name
        assert len(text.splitlines()) <= 35, file.name


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_links_inside_the_documentation_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", read(name))
    broken = [link for link in links if not ((ROOT / name).parent / link).exists()]
    assert broken == []
