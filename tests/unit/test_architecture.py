"""docs/architecture.md is true: its tree is the tree, its picture names what exists, and functions and modules stay small.

After moving or renaming a module: `python -m tests.unit.test_architecture` writes the tree anew.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
TREE = re.compile(r"(?<=## The tree\n\n```text\n).*?(?=```\n)", re.DOTALL)
PACKAGES = ("seeds", "crawler", "monitor", "alerts", "tests", "benchmarks")
LONGEST_MODULE, LONGEST_FUNCTION = 400, 50  # lines


def modules(*packages: str) -> list[Path]:
    found = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    # A migration lists tables as they were: it is as long as they are.
    return sorted(file for file in found if not {"__pycache__", "versions"} & set(file.parts))


def purpose(module: ast.Module) -> str:
    """The first sentence of a module's docstring."""
    words = " ".join((ast.get_docstring(module) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.。])\s", words)[0]


def tree() -> str:
    """Every module with what it is for, folder by folder."""
    lines: list[str] = []
    folder = None
    for file in modules("crawler", "monitor", "alerts"):
        said = purpose(ast.parse(file.read_text(encoding="utf-8")))
        if file.name == "__init__.py" or not said:
            continue
        if file.parent != folder:
            folder = file.parent
            lines += ["", f"{folder.relative_to(ROOT)}/"]
        lines.append(f"  {file.name:17} {said}")
    return "\n".join(lines).lstrip() + "\n"


def functions() -> Iterator[tuple[str, int]]:
    for file in modules("crawler", "monitor", "alerts", "benchmarks"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                yield f"{file.relative_to(ROOT)}:{node.name}", length


def test_the_tree_is_the_tree() -> None:
    """Every module is listed with the first sentence of its docstring."""
    shown = TREE.search(PAGE.read_text(encoding="utf-8"))
    assert shown is not None
    assert shown.group() == tree(), "run: python -m tests.unit.test_architecture"


@pytest.mark.parametrize("page", ["docs/architecture.md", "README.md", "README.zh-CN.md"])
def test_what_a_page_names_exists(page: str) -> None:
    """Paths in the picture, the tables and the links lead somewhere."""
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(rf"(?<![\w/])(?:(?:{'|'.join(PACKAGES)}|docs)/[\w./-]*\w)", TREE.sub("", text))
    assert named
    missing = [path for path in named if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()]
    assert not missing


def test_modules_and_functions_stay_small() -> None:
    """A module that grows past its bound is two modules."""
    long = [
        f"{file.relative_to(ROOT)}: {length} lines"
        for file in modules("crawler", "monitor", "alerts", "benchmarks")
        if (length := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    ]
    long += [f"{name}: {length} lines" for name, length in functions() if length > LONGEST_FUNCTION]
    assert not long


if __name__ == "__main__":
    PAGE.write_text(TREE.sub(lambda _: tree(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
