"""The user's own files are edited in place, with what the user wrote around the sources kept."""

import tomllib
from pathlib import Path

import pytest

from monitor.errors import SeedError
from monitor.ownsources import drop_source, keep_source, keep_sources

WRITTEN = """# sites of my town
[[source]]
id = "a"
name = "甲"  # the mayor's
url = "https://a.example.cn/"

[[theme]]
id = "tea"
name = "茶产业"
"""


def table(id: str, name: str) -> dict[str, object]:
    return {"id": id, "name": name, "url": f"https://{id}.example.cn/", "options": {"page": "2"}}


def test_a_new_source_is_written_into_a_file_of_its_own(tmp_path: Path) -> None:
    file = keep_source(tmp_path / "sources", table("b", "乙"))
    assert file == tmp_path / "sources" / "own.toml"
    assert tomllib.loads(file.read_text(encoding="utf-8"))["source"] == [table("b", "乙")]


def test_a_source_is_changed_in_the_file_that_holds_it(tmp_path: Path) -> None:
    """Two files with one id would contradict each other; comments and themes stay."""
    mine = tmp_path / "town.toml"
    mine.write_text(WRITTEN, encoding="utf-8")
    assert keep_source(tmp_path, table("a", "丙")) == mine
    text = mine.read_text(encoding="utf-8")
    assert text.startswith("# sites of my town\n")
    read = tomllib.loads(text)
    assert read["source"] == [table("a", "丙")]
    assert read["theme"] == [{"id": "tea", "name": "茶产业"}]
    assert not (tmp_path / "own.toml").exists()


def test_many_are_kept_at_once_and_the_last_of_an_id_counts(tmp_path: Path) -> None:
    keep_sources(tmp_path, [table("a", "甲"), table("b", "乙"), table("a", "丁")])
    read = tomllib.loads((tmp_path / "own.toml").read_text(encoding="utf-8"))["source"]
    assert [(row["id"], row["name"]) for row in read] == [("a", "丁"), ("b", "乙")]


def test_a_source_is_taken_out_and_the_others_stay(tmp_path: Path) -> None:
    keep_sources(tmp_path, [table("a", "甲"), table("b", "乙")])
    assert drop_source(tmp_path, "a")
    assert not drop_source(tmp_path, "a")
    read = tomllib.loads((tmp_path / "own.toml").read_text(encoding="utf-8"))["source"]
    assert [row["id"] for row in read] == ["b"]


def test_a_broken_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    broken = tmp_path / "town.toml"
    broken.write_text("[[source]\n", encoding="utf-8")
    with pytest.raises(SeedError, match=r"town\.toml: cannot be read: .*nothing was changed"):
        keep_source(tmp_path, table("a", "甲"))
    assert list(tmp_path.iterdir()) == [broken]
