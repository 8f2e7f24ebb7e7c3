"""Subscriptions by the command line: what they say of themselves, what they let through, and when it comes."""

import email
import email.policy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

READER = "reader@example.com"
PLATFORMS = "到2027年，全市建成中试平台35个，概念验证中心12家。"
DRONES = "到2028年，全区低空经济产业规模达到600亿元，集聚低空经济企业400家以上。"


@pytest.fixture
def policywatch(in_process: "Policywatch") -> "Policywatch":
    return in_process


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A page of the city with two targets, one of a district with two, and one about a theme without any."""
    folder = tmp_path / "pages"
    folder.mkdir()
    save(folder, "科技创新工作推进会召开", "无锡市", PLATFORMS)
    save(folder, "新吴区低空经济大会召开", "新吴区", DRONES)
    save(
        folder,
        "低空经济大讲堂开讲",
        "无锡市",
        "低空经济是什么？专家讲解低空经济与无人机、通用航空的关系。市民踊跃提问。",
    )
    return folder


def save(folder: Path, title: str, region: str, sentence: str) -> None:
    (folder / f"{title}.txt").write_text(
        f"---\npublished: {time.strftime('%Y-%m-%d')}\npublisher: 无锡日报\nurl: https://www.example.gov.cn/{title}\n"
        f"region: {region}\n---\n{title}\n\n11月的会议在{region}举行。\n{sentence}\n",
        encoding="utf-8",
    )


def subscriptions(policywatch: "Policywatch") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(policywatch("subscriptions", "list", "--json").stdout)["subscriptions"]
    return found


def mailed(data: Path) -> str:
    """All that came so far."""
    messages = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted((data / "mailbox").glob("*.eml"))
    ]
    return "\n".join(str(message.get_body(("plain",)).get_content()) for message in messages)  # type: ignore[union-attr]


def test_a_subscription_says_in_a_sentence_what_it_is_and_how_it_was_changed(policywatch: "Policywatch") -> None:
    made = policywatch(
        *("subscriptions", "add", READER, "--theme", "低空经济", "--region", "无锡", "--exact"),
        *(
            "--kind",
            "revision",
            "--kind",
            "new-target",
            "--weight",
            "0.6",
            "--must",
            "无人机",
            "--not",
            '"人才 招聘" 启事',
        ),
        *("--days", "mon,thu", "--at", "07:15", "--holidays", "skip", "--language", "en"),
    )
    assert made.returncode == 0, made.stderr
    chinese = "每周一、周四 07:15（北京时间，遇法定节假日顺延）：无锡市（不含下辖地区）关于低空经济的新目标、目标调整"
    assert f"{chinese}，须含“无人机”，不含“人才 招聘”、“启事”，主题相关度不低于 0.6。" in made.stdout
    english = "Every Monday and Thursday at 07:15 (Beijing time, the day after where that is a Chinese public holiday)"
    assert english in made.stdout
    assert english in policywatch("subscriptions", "list").stdout  # in the language of its reader
    changed = policywatch(
        *("subscriptions", "edit", READER, "--must", "", "--not", "", "--kind", "", "--no-exact", "--weight", "0"),
        *("--every", "immediate", "--quiet", "22:00-07:30", "--holidays", "send"),
    )
    assert changed.returncode == 0, changed.stderr
    now = "有新内容就发（北京时间 22:00—07:30 免打扰）：无锡市（含下辖地区）关于低空经济的新目标、政策与计划及其变化。"
    assert now in changed.stdout
    (kept,) = subscriptions(policywatch)
    assert kept["sentence"]["zh-CN"] == now
    assert (kept["kinds"], kept["must"], kept["without"], kept["exact"]) == ([], [], [], False)
    assert (kept["every"], kept["days"], kept["quiet"], kept["language"]) == (
        "immediate",
        ["mon", "thu"],
        "22:00-07:30",
        "en",
    )


def test_who_subscribes_again_keeps_language_headings_and_time_zone(policywatch: "Policywatch") -> None:
    chosen = ("--language", "en", "--group", "theme", "--timezone", "Europe/Berlin")
    policywatch("subscriptions", "add", READER, "--region", "无锡", *chosen)
    policywatch("subscriptions", "add", READER, "--region", "苏州")
    kept = [(one["language"], one["group_by"], one["timezone"]) for one in subscriptions(policywatch)]
    assert kept == [("en", "theme", "Europe/Berlin")] * 2


def test_a_reader_chooses_between_places_and_themes_as_headings(
    policywatch: "Policywatch", pages: Path, data: Path
) -> None:
    policywatch("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    policywatch("ingest", pages)
    assert "━━ 新吴区（2 项）━━" in policywatch("digest", "--dry-run").stdout
    done = policywatch("subscriptions", "edit", READER, "--group", "theme")
    assert done.returncode == 0, done.stderr
    shown = policywatch("digest", "--dry-run").stdout
    assert "━━ 低空经济（2 项）━━" in shown
    assert "新吴区（2 项）" not in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "new-target"), "match everything"),
        (("--region", "无锡", "--kind", "news"), "the kinds are new-target"),
        (("--region", "无锡", "--every", "daily", "--days", "mon"), "--days is for --every weekly"),
        (("--region", "无锡", "--quiet", "22:00-07:00"), "--quiet is for --every immediate"),
        (("--region", "无锡", "--every", "immediate", "--quiet", "22-7"), "--quiet 22-7"),
        (("--region", "无锡", "--days", "mo"), "--days mo"),
        (("--must", "。"), "looked for"),
        (("--must", "的"), "nearly every sentence has that"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_line_by_add_and_edit(
    policywatch: "Policywatch", arguments: tuple[str, ...], words: str
) -> None:
    refused = policywatch("subscriptions", "add", READER, *arguments)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert words in refused.stderr
    assert subscriptions(policywatch) == []
    policywatch("subscriptions", "add", READER, "--theme", "低空经济")
    before = subscriptions(policywatch)
    emptied = ("--theme", "") if "--region" not in arguments else ()
    assert policywatch("subscriptions", "edit", READER, *arguments, *emptied).returncode == 1
    assert subscriptions(policywatch) == before


@pytest.mark.parametrize(
    ("arguments", "items"),
    [
        (("--region", "无锡"), 4),
        (("--region", "无锡", "--exact"), 2),
        (("--region", "无锡", "--must", "中试"), 2),
        (("--region", "无锡", "--must", "中试 低空"), 0),
        (("--region", "无锡", "--not", "低空"), 2),
        (("--theme", "低空经济", "--kind", "article"), 1),
        (("--theme", "低空经济", "--kind", "article", "--kind", "new-target"), 3),
        (("--region", "无锡", "--kind", "programme"), 0),
    ],
)
def test_what_it_would_have_brought_is_said_before_it_is_saved(
    policywatch: "Policywatch", pages: Path, arguments: tuple[str, ...], items: int
) -> None:
    policywatch("ingest", pages)
    made = policywatch("subscriptions", "add", READER, *arguments)
    assert f"would have brought {items} items, about {items} items a week" in made.stderr


def test_a_fact_that_two_subscriptions_match_reaches_their_reader_once(
    policywatch: "Policywatch", pages: Path, data: Path
) -> None:
    for what in (("--region", "无锡"), ("--theme", "低空经济", "--kind", "new-target", "--kind", "article")):
        assert policywatch("subscriptions", "add", READER, *what, "--every", "immediate").returncode == 0
    policywatch("ingest", pages)
    for _ in range(2):
        assert policywatch("digest").returncode == 0
    came = mailed(data)
    assert [came.count(f"“{sentence}”") for sentence in (PLATFORMS, DRONES)] == [1, 1]
    assert came.count("● 低空经济大讲堂开讲") == 1


def test_a_changed_rhythm_or_filter_sends_nothing_twice(
    policywatch: "Policywatch", pages: Path, data: Path, days_pass: Callable[[float], None]
) -> None:
    policywatch("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    policywatch("ingest", pages)
    policywatch("digest")
    before = mailed(data)
    for rhythm in (
        ("--every", "daily", "--at", "00:00"),
        ("--days", "mon,tue,wed,thu,fri,sat,sun"),
        ("--theme", "低空经济"),
    ):
        policywatch("subscriptions", "edit", READER, *rhythm)
        days_pass(1.5)
        assert policywatch("digest").returncode == 0
    assert mailed(data) == before


def test_a_machine_that_was_asleep_sends_one_digest_that_says_so(
    policywatch: "Policywatch", pages: Path, data: Path, days_pass: Callable[[float], None]
) -> None:
    policywatch("subscriptions", "add", READER, "--region", "无锡", "--at", "00:00")
    policywatch("ingest", pages)
    days_pass(3)
    assert policywatch("digest").returncode == 0
    assert len(list((data / "mailbox").glob("*.eml"))) == 1
    assert "此前有 2 期未发出，已并入本期" in mailed(data)


def test_an_english_reader_gets_english_words_around_chinese_facts(
    policywatch: "Policywatch", pages: Path, data: Path
) -> None:
    policywatch("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate", "--language", "en")
    policywatch("ingest", pages)
    policywatch("digest")
    came = mailed(data)
    assert PLATFORMS in came
    assert "Why: " in came
    assert "入选原因" not in came
