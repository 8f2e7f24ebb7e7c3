"""Seed files: what is shipped loads, what a user writes is checked by name, and folders lie over what is shipped."""

import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import Source
from monitor.errors import SeedError
from monitor.seeds import (
    LONGEST,
    SHIPPED,
    SHORTEST,
    Seeds,
    check_seeds,
    duration,
    is_web_address,
    load_seeds,
    read_source,
    source_id,
    source_table,
)

NAMES = [
    "新型工业化",
    "新质生产力",
    "未来产业",
    "传统产业焕新",
    "战略性新兴产业",
    "产业集群",
    "数字化转型",
    "人工智能",
    "人形机器人",
    "低空经济",
    "商业航天",
    "合成生物",
    "元宇宙",
    "新能源",
    "绿色低碳",
    "科技创新",
    "科创载体",
    "人才引育",
    "企业梯度培育",
    "产业金融",
    "营商环境",
    "产业空间",
]


def write(folder: Path, text: str, name: str = "own.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def own(folder: Path) -> Seeds:
    return load_seeds([folder], shipped_sources=False)


def fault(folder: Path, text: str) -> SeedError:
    with pytest.raises(SeedError) as caught:
        own(write(folder, text))
    return caught.value


def test_everything_shipped_loads() -> None:
    assert check_seeds() == ()
    seeds = load_seeds()
    assert [theme.name for theme in seeds.themes] == NAMES
    assert seeds.odd <= seeds.synonyms.keys()
    assert len(seeds.synonyms) >= 80


def test_shipped_themes_hang_together() -> None:
    themes = {theme.id: theme for theme in load_seeds(shipped_sources=False).themes}
    assert themes["low-altitude-economy"].parent == "future-industries"
    for theme in themes.values():
        assert theme.english
        assert theme.name in theme.strong or theme.name in {"人才引育", "企业梯度培育"}
        terms = (*theme.strong, *theme.weak, *theme.phrase, *theme.near, *theme.none)
        assert [term for term in terms if terms.count(term) > 1] == [], theme.id
        assert all(len(group.split()) > 1 for group in (*theme.phrase, *theme.near))


def test_plain_words_are_not_spun_words_themselves() -> None:
    """Turning a page back twice changes nothing more."""
    seeds = load_seeds(shipped_sources=False)
    assert not seeds.odd & set(seeds.synonyms.values())


def test_source_is_read_with_its_defaults(tmp_path: Path) -> None:
    (source,) = own(write(tmp_path, '[[source]]\nname = "某市政府"\nurl = "https://www.a.gov.cn/zwgk/"\n')).sources
    assert source == Source(id="a-gov-cn-zwgk", name="某市政府", url="https://www.a.gov.cn/zwgk/")


def test_user_replaces_and_disables_what_came_before(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    write(
        first,
        '[[source]]\nid = "a"\nname = "A"\nurl = "http://a.cn"\n[[source]]\nid = "b"\nname = "B"\nurl = "http://b.cn"',
    )
    write(second, '[[source]]\nid = "a"\nname = "A"\nurl = "http://a.cn"\nenabled = false')
    seeds = load_seeds([first, second], shipped_sources=False)
    assert [(source.id, source.enabled) for source in seeds.sources] == [("a", False), ("b", True)]


def test_user_adds_and_replaces_themes(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[[theme]]\nid = "metaverse"\nname = "元宇宙"\nstrong = ["元宇宙"]\n[[theme]]\nid = "ships"\nname = "船舶"',
    )
    themes = {theme.id: theme for theme in own(tmp_path).themes}
    assert themes["metaverse"].strong == ("元宇宙",)
    assert list(themes)[-1] == "ships"


def test_missing_folder_holds_nothing(tmp_path: Path) -> None:
    assert own(tmp_path / "none").sources == ()


@pytest.mark.parametrize(
    ("line", "key", "problem"),
    [
        ('evry = "1h"', "source[1].evry", "did you mean 'every'"),
        ("colour = 1", "source[1].colour", "unknown key; the keys are id, name, url"),
        ('every = "soon"', "source[1].every", "not a duration"),
        ("every = 5", "source[1].every", "greater than or equal to 60"),
        ('enabled = "maybe"', "source[1].enabled", "boolean"),
        ('id = "Ä"', "source[1].id", "pattern"),
        ('options = "x"', "source[1].options", "dictionary"),
        ('every = "2h"\nmost = "1h"', "source[1]", "must not be shorter than least, nor longer than most"),
        ('least = "31d"', "source[1].least", "less than or equal to"),
    ],
)
def test_fault_names_file_key_and_remedy(tmp_path: Path, line: str, key: str, problem: str) -> None:
    error = fault(tmp_path, f'[[source]]\nname = "A"\nurl = "http://a.cn"\n{line}\n')
    assert error.file == str(tmp_path / "own.toml")
    assert error.key == key
    assert problem in error.problem


@pytest.mark.parametrize(
    "url", ["ftp://a.cn", "a.cn", "http://", "http://a b.cn", "javascript:alert(1)", "http://a.cn:0x"]
)
def test_address_that_cannot_be_fetched_is_refused(tmp_path: Path, url: str) -> None:
    assert fault(tmp_path, f'[[source]]\nname = "A"\nurl = "{url}"').key == "source[1].url"
    assert not is_web_address(url)


def test_missing_name_is_a_fault(tmp_path: Path) -> None:
    error = fault(tmp_path, '[[source]]\nurl = "http://a.cn"')
    assert (error.key, error.problem) == ("source[1].name", "is missing")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[[sauce]]\n", "sauce"),
        ('source = "x"', "source"),
        ("[source]\nname = 1", "source"),
        ("[[theme]]\nid = 'x'", "theme[1].name"),
    ],
)
def test_wrong_tables_are_faults(tmp_path: Path, text: str, key: str) -> None:
    assert fault(tmp_path, text).key == key


def test_same_id_twice_in_a_folder_is_a_fault_that_names_both(tmp_path: Path) -> None:
    table = '[[source]]\nid = "a"\nname = "A"\nurl = "http://a.cn"\n'
    write(tmp_path, table, "first.toml")
    error = fault(tmp_path, table)
    assert error.key == "source[1].id"
    assert "'a' is taken by" in error.problem
    assert "first.toml" in error.problem


def test_parent_must_be_another_theme(tmp_path: Path) -> None:
    assert fault(tmp_path, '[[theme]]\nid = "x"\nname = "X"\nparent = "y"').key == "x.parent"


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe", "名 = 1".encode()])
def test_file_that_is_not_toml_is_one_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.toml").write_bytes(content)
    with pytest.raises(SeedError, match="not valid TOML"):
        own(tmp_path)


def test_one_bad_table_costs_that_table_only(tmp_path: Path) -> None:
    write(
        tmp_path, '[[source]]\nname = "A"\nurl = "http://a.cn"\nevry = 1\n[[source]]\nname = "B"\nurl = "http://b.cn"'
    )
    write(tmp_path, "a = ", "broken.toml")
    faults: list[SeedError] = []
    seeds = load_seeds([tmp_path], shipped_sources=False, on_error=faults.append)
    assert [source.name for source in seeds.sources] == ["B"]
    assert {Path(error.file).name for error in faults} == {"own.toml", "broken.toml"}
    assert len(check_seeds([tmp_path])) == 2


def test_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b'\xef\xbb\xbf[[source]]\r\nname = "A"\r\nurl = "http://a.cn"\r\n')
    assert len(own(tmp_path).sources) == 1


@pytest.mark.parametrize(
    ("written", "seconds"), [("30m", 1800), ("2h", 7200), ("1d", 86400), ("90s", 90), ("600", 600), (720, 720)]
)
def test_durations_are_read(written: object, seconds: int) -> None:
    assert read_source({"name": "A", "url": "http://a.cn", "every": written}).every == seconds


@given(st.integers(SHORTEST, LONGEST))
@settings(max_examples=30)
def test_duration_written_is_the_duration_read(seconds: int) -> None:
    assert read_source({"name": "A", "url": "http://a.cn", "every": duration(seconds)}).every == seconds


def test_source_written_to_a_file_loads_back(tmp_path: Path) -> None:
    source = Source(
        id="a", name="某市“要闻”", url="http://a.cn/?x=1", region="某市", every=5400, enabled=False, family="jcms",
        official=False, min_articles=0, options={"column": "7"},
    )  # fmt: skip
    write(tmp_path, tomlkit.dumps({"source": [source_table(source)]}))
    assert own(tmp_path).sources == (source,)
    assert source_table(source)["every"] == "90m"


def test_table_leaves_out_what_equals_its_default() -> None:
    assert source_table(Source(id="a", name="A", url="http://a.cn")) == {"id": "a", "name": "A", "url": "http://a.cn"}


def test_id_from_a_url_is_readable_and_stays_the_same() -> None:
    assert source_id("https://www.wuxi.gov.cn/zwgk/index.shtml") == "wuxi-gov-cn-zwgk"
    assert source_id("http://bbs.a.cn/forum.php?fid=2") == "bbs-a-cn-forum-php-fid-2"


def test_long_urls_that_differ_get_different_ids() -> None:
    start = "https://www.some-very-long-name.gov.cn/one/two/three/four/five/six/seven/"
    ids = {source_id(start + end) for end in ("a/list.html?page=1", "a/list.html?page=2", "b/", "c")}
    assert len(ids) == 4
    for one in ids:
        read_source({"id": one, "name": "A", "url": start})


def test_shipped_files_lie_beside_the_packages() -> None:
    assert tomllib.loads((SHIPPED / "themes.toml").read_text(encoding="utf-8"))["theme"]
