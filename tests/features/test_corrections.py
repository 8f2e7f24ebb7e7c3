"""Decided by hand: a fact or story dismissed, corrected, merged or split stays so, whatever is read or judged after it."""

import getpass
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

Read = Callable[..., None]
READER = "reader@example.com"
TODAY = time.strftime("%Y-%m-%d")
PLAN = "梁溪区政府召开低空经济推进会，提出三年行动目标：到2028年，全区建成低空起降点120个。"
REPOST = "市民关心的低空经济又有新进展。梁溪区政府此前提出，力争到2028年建成低空起降点120个以上。"
REVISED = "梁溪区政府调高低空经济发展目标，到2028年，全区建成低空起降点由120个调整为150个。"
PILES = "梁溪区政府提出，到2028年，全区建成充电桩6000个。"
STATIONS = "梁溪区政府提出，到2028年，全区建成补能设施6000座。"
RULES = "日前，江阴市印发《江阴市低空经济发展行动计划》，支持企业绿色转型。"
AGAIN = "市民关心的充电难有了新进展。梁溪区政府此前提出，力争到2028年建成补能设施6000座。"
FIRMS = "梁溪区政府提出，到2028年，全区专精特新企业达到880家。"
THEME = """
[[theme]]
id = "made-up-{number}"
name = "{name}"
english = "Made up {number}"
strong = ["{name}专项"]
"""


@pytest.fixture
def policywatch(in_process: "Policywatch") -> "Policywatch":
    return in_process


@pytest.fixture
def read(policywatch: "Policywatch", tmp_path: Path) -> Read:
    """Let an article arrive: `read("plan", PLAN)`; the same name again is the same page with another text."""

    def write(name: str, *sentences: str, title: str = "", published: str = TODAY, region: str = "梁溪区") -> None:
        page = tmp_path / f"{name}.txt"
        head = f"published: {published}\npublisher: {name}日报\nurl: https://www.example.gov.cn/{name}.shtml\nregion: {region}"
        page.write_text(f"---\n{head}\n---\n{title or sentences[0][:14]}\n\n" + "\n".join(sentences), encoding="utf-8")
        done = policywatch("ingest", page)
        assert done.returncode == 0, done.stderr

    return write


@pytest.fixture
def judged_again(policywatch: "Policywatch", tmp_path: Path) -> Callable[[], None]:
    """Change the themes, so that all articles are judged anew."""
    times = enumerate("甲乙丙丁")

    def apply() -> None:
        file = tmp_path / "extra.toml"
        number, name = next(times)
        file.write_text(THEME.format(number=number, name=f"{name}型制造"), encoding="utf-8")
        done = policywatch("themes", "apply", "--file", file)
        assert done.returncode == 0, done.stderr
        assert not done.stdout.startswith("0 ")

    return apply


@pytest.fixture
def decide(policywatch: "Policywatch") -> Callable[..., str]:
    """Type a verb that decides something, and expect it to be done."""

    def run(*words: object) -> str:
        done = policywatch(*map(str, words), "--by", "anna")
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


@pytest.fixture
def targets(policywatch: "Policywatch") -> Callable[..., list[dict[str, Any]]]:
    """The stored targets, the oldest first."""

    def ask(*options: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(policywatch("targets", "--format", "json", *options).stdout)
        return sorted(found, key=lambda one: one["id"])

    return ask


@pytest.fixture
def told(policywatch: "Policywatch") -> Callable[[], list[dict[str, Any]]]:
    """What the reader is mailed now; the reader subscribes at the first question at the latest."""

    def ask() -> list[dict[str, Any]]:
        report = json.loads(policywatch("digest", "--json").stdout)
        return [item for one in report["digests"] for item in one["items"]]

    done = policywatch("subscriptions", "add", READER, "--region", "无锡", "--every", "immediate")
    assert done.returncode == 0, done.stderr
    return ask


def said(facts: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [(one["metric"], one["value"], one["deadline"], len(one["sightings"])) for one in facts]


def test_a_dismissed_fact_is_told_and_shown_no_more(
    read: Read, decide: Any, targets: Any, told: Any, judged_again: Any
) -> None:
    read("plan", PLAN)
    assert decide("facts", "dismiss", 1, "--why", "是口号") == "fact 1 dismissed (correction 1)\n"
    assert (targets(), told()) == ([], [])
    read("repost", REPOST)
    read("plan", PLAN, "会议由区政府办公室召集。")
    judged_again()
    read("late", REVISED)
    assert (targets(), told()) == ([], [])
    [fact] = targets("--dismissed")
    assert (fact["dismissed"], fact["value"], len(fact["sightings"])) == (True, 150, 3)


def test_a_corrected_fact_is_told_as_corrected(
    read: Read, decide: Any, targets: Any, told: Any, judged_again: Any
) -> None:
    read("plan", PLAN)
    done = decide("facts", "correct", 1, "--value", "130", "--year", "2027", "--metric", "起降点", "--place", "320200")
    assert done == "fact 1 corrected: 无锡市 起降点 130个 2027-12-31 (correction 1)\n"
    read("repost", REPOST)
    read("plan", PLAN, "会议由区政府办公室召集。")
    judged_again()
    read("repost", REPOST)
    [fact] = targets()
    assert said([fact]) == [("起降点", 130, "2027-12-31", 2)]
    assert (fact["region"]["code"], fact["corrected"]) == ("320200", ["deadline", "figure", "name", "region"])
    assert fact["sightings"][0]["sentence"] == PLAN
    [item] = told()
    assert (item["name"], item["value"], item["deadline"], item["event"]) == ("起降点", "130", "2027-12-31", "new")
    assert item["corrected"]
    assert told() == []


def test_who_was_told_the_wrong_value_is_told_the_right_one_once(
    read: Read, decide: Any, told: Any, judged_again: Any
) -> None:
    read("plan", PLAN)
    assert [item["value"] for item in told()] == ["120"]
    decide("facts", "correct", 1, "--value", "130")
    [item] = told()
    assert (item["section"], item["value"], item["previous"]["value"]) == ("revised", "130", "120")
    assert item["change"].startswith("更正")
    judged_again()
    read("repost", REPOST)
    assert told() == []


def test_who_was_told_the_wrong_year_is_told_the_right_one(read: Read, decide: Any, told: Any) -> None:
    read("plan", PLAN)
    told()
    decide("facts", "correct", 1, "--year", "2027")
    [item] = told()
    assert "2027" in item["change"]
    assert "2028" in item["change"]
    decide("facts", "correct", 1, "--metric", "低空起降点总数")
    assert told() == []


def test_what_only_reads_better_is_not_told_again(read: Read, decide: Any, told: Any) -> None:
    read("plan", PLAN)
    told()
    decide("facts", "correct", 1, "--comparator", "ge", "--metric", "低空起降点总数")
    assert told() == []


def test_a_later_article_revises_the_corrected_value(read: Read, decide: Any, targets: Any, told: Any) -> None:
    read("plan", PLAN, published="2026-11-02")
    decide("facts", "correct", 1, "--value", "130")
    read("late", REVISED)
    [fact] = targets()
    assert (fact["value"], fact["state"], fact["previous"]["value"]) == (150, "revised", 130)


def test_another_value_for_the_misread_year_is_another_fact(read: Read, decide: Any, targets: Any) -> None:
    read("plan", PLAN)
    decide("facts", "correct", 1, "--year", "2027")
    read("other", "梁溪区政府印发新方案，到2028年，全区建成低空起降点300个。")
    assert said(targets()) == [("低空起降点", 120, "2027-12-31", 1), ("低空起降点", 300, "2028-12-31", 1)]


def test_a_fact_corrected_into_another_one_joins_it(read: Read, decide: Any, targets: Any, told: Any) -> None:
    read("plan", PLAN)
    read("right", "梁溪区政府印发新方案，到2027年，全区建成低空起降点130个。")
    assert len(told()) == 2
    decide("facts", "correct", 1, "--year", "2027", "--value", "130")
    assert said(targets()) == [("低空起降点", 130, "2027-12-31", 2)]
    assert told() == []


@pytest.mark.parametrize("before", [True, False])
def test_merged_facts_stay_one(
    read: Read, decide: Any, targets: Any, told: Any, judged_again: Any, *, before: bool
) -> None:
    read("piles", PILES)
    read("stations", STATIONS)
    told()
    if not before:
        read("repost", AGAIN)
    decide("facts", "merge", 1, 2)
    if before:
        read("repost", AGAIN)
    judged_again()
    read("stations", STATIONS, "各街道负责人参加。")
    assert said(targets()) == [("充电桩", 6000, "2028-12-31", 3)]
    assert told() == []


def test_parted_facts_never_grow_together_again(
    read: Read, decide: Any, targets: Any, told: Any, judged_again: Any
) -> None:
    read("plan", PLAN)
    read("repost", REPOST)
    told()
    assert "what these articles tell is fact 2" in decide("facts", "split", 1, "--article", 2)
    judged_again()
    read("plan", PLAN, "会议由区政府办公室召集。")
    read("repost", REPOST, "各街道负责人参加。")
    read("third", "市政府有关人士介绍，到2028年，梁溪区建成低空起降点120个以上。")
    first, second = targets()
    assert [one["article"] for one in first["sightings"]] == [1, 3]
    assert [one["article"] for one in second["sightings"]] == [2]
    assert told() == []


def stories(policywatch: "Policywatch") -> dict[int, int]:
    return {one["id"]: one["story"] for one in json.loads(policywatch("articles", "--format", "json").stdout)}


def test_merged_stories_stay_one(policywatch: "Policywatch", read: Read, decide: Any, judged_again: Any) -> None:
    read("plan", PLAN)
    read("stations", STATIONS)
    assert stories(policywatch) == {1: 1, 2: 2}
    assert decide("stories", "merge", 2, 1) == "stories 2 and 1 are story 1 (correction 1)\n"
    judged_again()
    read("stations", STATIONS, "全区还将新建停车泊位3500个、绿道48公里。")
    assert stories(policywatch) == {1: 1, 2: 1}


def test_parted_stories_stay_two(policywatch: "Policywatch", read: Read, decide: Any, judged_again: Any) -> None:
    copy = (PLAN, "全区还将新建停车泊位3500个、绿道48公里。", "各街道负责人参加会议并作了表态发言。")
    read("plan", *copy)
    read("copy", *copy, "（来源：区政府网站）")
    assert stories(policywatch) == {1: 1, 2: 1}
    decide("stories", "split", 1, "--article", 2)
    judged_again()
    read("copy", *copy, "（来源：区政府门户网站）")
    read("third", *copy, "（责任编辑：小王）")
    assert stories(policywatch) == {1: 1, 2: 2, 3: 1}


def test_everything_taken_in_twice_changes_nothing(
    policywatch: "Policywatch", read: Read, decide: Any, targets: Any, tmp_path: Path
) -> None:
    for name, sentence in {"plan": PLAN, "repost": REPOST, "piles": PILES, "stations": STATIONS}.items():
        read(name, sentence)
    decide("facts", "split", 1, "--article", 2)
    decide("facts", "correct", 1, "--value", "130")
    decide("facts", "merge", 2, 3)
    once = targets()
    assert policywatch("ingest", tmp_path).returncode == 0
    assert targets() == once


def test_the_log_says_who_when_what_and_why(policywatch: "Policywatch", read: Read, decide: Any) -> None:
    read("plan", PLAN)
    decide("facts", "correct", 1, "--value", "130", "--why", "印错了")
    assert policywatch("facts", "dismiss", "1").returncode == 0
    last, first = json.loads(policywatch("corrections", "--json").stdout)["corrections"]
    assert (first["by"], first["why"], first["action"], first["subject"]) == ("anna", "印错了", "correct", 1)
    assert first["made"][:10] in (TODAY, time.strftime("%Y-%m-%d"))
    assert [one["facts"][0]["value"] for one in (first["before"], first["after"])] == ["120", "130"]
    assert (last["by"], last["action"], last["undone"]) == (getpass.getuser(), "dismiss", None)
    shown = policywatch("corrections").stdout
    assert "印错了" in shown
    assert "anna" in shown


def test_the_log_is_listed_with_and_without_the_verb(
    policywatch: "Policywatch", read: Read, decide: Any, data: Path
) -> None:
    read("plan", PLAN)
    decide("facts", "dismiss", 1)
    listed = policywatch("corrections", "list")
    assert (listed.returncode, listed.stdout) == (0, policywatch("corrections").stdout)
    misplaced = policywatch("corrections", "--data", data, "undo", "1")
    assert misplaced.returncode == 2
    assert "options of `corrections undo` go after it" in misplaced.stderr


@pytest.mark.parametrize(
    "verb",
    [
        ("facts", "dismiss", 1),
        ("facts", "correct", 1, "--value", "130", "--year", "2027"),
        ("facts", "merge", 1, 2),
        ("facts", "split", 1, "--article", 2),
        ("stories", "merge", 1, 3),
    ],
)
def test_a_decision_can_be_taken_back(
    policywatch: "Policywatch", read: Read, decide: Any, targets: Any, judged_again: Any, verb: tuple[object, ...]
) -> None:
    read("plan", PLAN)
    read("repost", REPOST)
    read("stations", STATIONS)
    before, told_together = targets(), stories(policywatch)
    decide(*verb)
    assert (targets(), stories(policywatch)) != (before, told_together)
    decide("corrections", "undo", 1)
    assert (targets(), stories(policywatch)) == (before, told_together)
    judged_again()
    assert (targets(), stories(policywatch)) == (before, told_together)
    again = policywatch("corrections", "undo", "1")
    assert (again.returncode, again.stderr) == (1, "Error: correction 1 was undone already, by anna\n")


def test_what_came_since_is_kept_when_a_decision_is_taken_back(
    read: Read, decide: Any, targets: Any, told: Any
) -> None:
    read("plan", PLAN, published="2026-11-02")
    told()
    decide("facts", "correct", 1, "--value", "130")
    told()
    read("repost", REPOST)
    read("late", REVISED)
    assert [item["value"] for item in told()] == ["150"]
    decide("corrections", "undo", 1)
    [fact] = targets()
    assert (fact["value"], fact["previous"]["value"]) == (150, 120)
    assert told() == []


def test_only_the_last_of_decisions_that_build_on_each_other_can_be_taken_back(
    policywatch: "Policywatch", read: Read, decide: Any
) -> None:
    read("plan", PLAN)
    decide("facts", "correct", 1, "--value", "130")
    decide("facts", "dismiss", 1)
    refused = policywatch("corrections", "undo", "1")
    assert (refused.returncode, refused.stderr) == (
        1,
        "Error: correction 2 builds on correction 1; undo that one first\n",
    )
    decide("corrections", "undo", 2)
    decide("corrections", "undo", 1)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("facts dismiss 99", "no fact 99; `policywatch targets`"),
        ("facts dismiss 4", "fact 4 is dismissed already"),
        ("facts correct 4 --value 5", "fact 4 is dismissed; undo that first"),
        ("facts correct 1 --value 120 --year 2028", "fact 1 says so already"),
        ("facts correct 1 --value viele", "--value viele: not a figure"),
        ("facts correct 1 --value 1e400", "--value 1e400: not a figure"),
        (f"facts correct 1 --metric {'x' * 201}", "--metric: longer than 200 characters"),
        ("facts correct 1 --value 5-3", "--value 5-3: not a figure"),
        ("facts correct 1 --year 2027-13", "--year 2027-13: not a day"),
        ("facts correct 1 --place 乌有市", "no place '乌有市' is known"),
        ("facts correct 1 --status issued", "fact 1 is a quantity, which has no status"),
        ("facts correct 3 --value 5 --year 2027", "fact 3 is a programme, which has no deadline, value\n"),
        ("facts merge 1 1", "fact 1 cannot be merged with itself"),
        ("facts merge 1 3", "facts 1 and 3 differ in their kind"),
        ("facts merge 1 4", "fact 4 is dismissed"),
        ("facts split 1 --article 1", "no other article tells fact 1"),
        ("facts split 1 --article 2", "article 2 does not tell fact 1"),
        ("facts show 99", "no fact 99"),
        ("stories merge 1 1", "story 1 cannot be merged with itself"),
        ("stories merge 1 99", "no story 99"),
        ("stories split 1 --article 2", "article 2 is not of story 1"),
        ("stories split 1 --article 1", "story 1 has no other article"),
        ("corrections undo 99", "no correction 99; `policywatch corrections` shows them"),
    ],
)
def test_what_cannot_be_decided_is_said_in_one_line(
    policywatch: "Policywatch", read: Read, decide: Any, words: str, answer: str
) -> None:
    read("plan", PLAN)
    read("stations", STATIONS)
    read("rules", RULES, region="江阴市")
    read("ports", FIRMS)
    decide("facts", "dismiss", 4)
    done = policywatch(*words.split())
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert answer in done.stderr


def test_a_blank_name_is_no_correction(policywatch: "Policywatch", read: Read) -> None:
    read("plan", PLAN)
    done = policywatch("facts", "correct", "1", "--metric", " ")
    assert (done.returncode, "name what to correct" in done.stderr) == (2, True)


@pytest.mark.parametrize("words", ["facts dismiss", "stories show", "corrections undo", "outbox show"])
def test_a_number_no_store_counts_to_is_no_number(policywatch: "Policywatch", read: Read, words: str) -> None:
    read("plan", PLAN)
    done = policywatch(*words.split(), "9" * 20)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "is not in the range" in done.stderr
