"""What people decided of facts holds beside what rules decide, in the corners: copies, several values, results, programmes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from alerts import outbox, wording, wording_english
from alerts.digest import Edition
from monitor.claims import claims
from monitor.domain import Article
from monitor.errors import MonitorError
from monitor.store import amend, amend_stories, delivery, list_articles, regroup
from monitor.store.delivery import Subscription
from tests.correctiondesk import DRAFT, ISSUED, JUDGE, MAIL, PLAN, RAISED, REACHED, READER, REPORT, Desk, named, opened


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as one:
        yield one


def test_a_copy_of_the_article_joins_what_was_corrected_and_what_was_dismissed(desk: Desk) -> None:
    desk.read(REPORT, "2026-03-10")
    assert named(desk.facts()) == [("低空起降点", 120, 1), ("低空航线", 36, 1), ("低空经济企业", 260, 1)]
    desk.correct(1, value="130", deadline="2027-12-31")
    desk.decide(amend.dismiss, 2)
    desk.read(
        REPORT.replace("低空起降点", "低空起落点").replace("开通低空航线", "开辟低空航路"),
        "2026-03-11",
        "daily",
        "推进会",
    )
    desk.judge_again()
    assert named(desk.facts()) == [("低空起降点", 130, 2), ("低空经济企业", 260, 2)]
    assert named(desk.facts(dismissed=True)) == [("低空航线", 36, 2)]


def test_two_corrections_of_one_fact_tell_the_reader_the_last_value(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    desk.correct(1, value="130")
    desk.correct(1, value="140")
    [item] = desk.told()
    assert wording.change(item.fact) == "更正，原：120个 → 现：140个"
    assert wording.teaser(item.fact) == "低空起降点由120个更正为140个"
    assert wording_english.change(item.fact).startswith("Correction. Before: 120")
    desk.judge_again()
    assert desk.told() == []
    assert named(desk.facts()) == [("低空起降点", 140, 1)]


def test_a_reader_told_between_two_corrections_is_told_what_changed_since(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    desk.correct(1, value="130")
    desk.told()
    desk.correct(1, value="140")
    [item] = desk.told()
    assert wording.change(item.fact) == "更正，原：130个 → 现：140个"


def test_two_corrections_are_taken_back_one_after_the_other(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    before = desk.facts()
    first, second = desk.correct(1, value="130"), desk.correct(1, value="140", deadline="2027-12-31")
    desk.undo(second)
    assert (desk.facts()[0]["value"], desk.facts()[0]["deadline"]) == (130, "2028-12-31")
    desk.undo(first)
    assert desk.facts() == before


def test_a_correction_that_is_taken_back_is_told_to_who_was_told_of_it(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    number = desk.correct(1, value="130")
    desk.told()
    desk.undo(number)
    assert [item.fact.amount.value for item in desk.told()] == ["120"]


def test_what_was_not_told_before_says_that_it_is_corrected(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.correct(1, value="130")
    [item] = desk.told()
    assert (item.section, wording.change(item.fact)) == ("targets", wording.CORRECTED)
    assert wording_english.change(item.fact) == wording_english.CORRECTED


def test_a_value_revised_after_the_correction_is_no_correction(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    desk.correct(1, value="130")
    desk.told()
    desk.read(RAISED, "2026-06-01")
    [item] = desk.told()
    assert (item.fact.corrected, wording.change(item.fact)) == (False, "原：130个 → 现：150个")


def test_of_two_values_that_contradict_each_other_the_right_one_is_left(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("120", "160"), "2026-03-10", "daily", "另一说法")
    assert desk.facts()[0]["state"] == "contradicted"
    desk.told()
    wrong, right = desk.facts()[0]["value"], desk.facts()[0]["contradicts"]["value"]
    number = desk.correct(1, value=f"{right}")
    desk.judge_again()
    assert (named(desk.facts()), desk.facts()[0]["state"]) == ([("低空起降点", right, 2)], "new")
    [item] = desk.told()
    assert wording.change(item.fact) == f"更正，原：{wrong}个 → 现：{right}个"
    desk.undo(number)
    assert desk.facts()[0]["state"] == "contradicted"


def test_a_revision_that_was_none_is_taken_back(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.told()
    desk.read(RAISED, "2026-06-01")
    desk.told()
    desk.correct(1, value="120")
    desk.judge_again()
    assert (named(desk.facts()), desk.facts()[0]["state"]) == ([("低空起降点", 120, 2)], "new")
    assert [wording.change(item.fact) for item in desk.told()] == ["更正，原：150个 → 现：120个"]


def test_one_of_several_values_under_one_name_joins_the_other(desk: Desk) -> None:
    desk.read(
        "梁溪区政府召开低空经济推进会：到2028年，全区建成低空起降点120个，其中梁溪河沿线低空起降点35个。", "2026-03-10"
    )
    values = [one["value"] for one in desk.facts()]
    assert len(values) == 2
    desk.correct(1, value=f"{values[1]}", name=desk.facts()[1]["metric"])
    desk.judge_again()
    assert [one["value"] for one in desk.facts()] == [values[1]]


def test_the_progress_of_a_result_is_that_towards_the_corrected_target(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(REACHED, "2028-01-10")
    assert desk.facts()[1]["progress"] == 75
    desk.correct(1, value="180")
    assert desk.facts()[1]["progress"] == 50
    desk.judge_again()
    assert desk.facts()[1]["progress"] == 50


def test_a_figure_is_no_result_of_what_was_dismissed(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(REACHED, "2028-01-10")
    desk.decide(amend.dismiss, 1)
    assert [one["state"] for one in desk.facts()] == ["new"]
    assert desk.told() == []
    desk.read(REACHED.replace("通报", "再次通报"), "2028-01-11")
    assert desk.told() == []


def test_an_article_is_told_without_its_dismissed_fact_to_who_was_told_nothing_of_it(desk: Desk) -> None:
    other = "other@example.com"
    with delivery.writing(desk.store) as session:
        for wanted in (Subscription(READER, kinds=("article",)), Subscription(other, kinds=("article",))):
            delivery.add_subscription(session, replace(wanted, every="immediate"), datetime(2026, 3, 1, tzinfo=UTC))
    desk.read(PLAN, "2026-03-10")
    assert len(desk.told()) == 1
    desk.decide(amend.dismiss, 1)
    built = outbox.queue_due(desk.store, Edition({}), MAIL, desk.now + timedelta(hours=1))
    assert [(one.recipient, len(one.hits), one.items) for one in built] == [(other, 1, ())]


def test_a_programme_is_told_by_its_corrected_name_and_state(desk: Desk) -> None:
    desk.read(DRAFT, "2026-03-10", "jiangyin")
    assert [one["status"] for one in desk.facts()] == ["draft"]
    desk.correct(1, name="江阴市绿色车间培育办法", status="planned")
    desk.read(DRAFT.replace("现向", "即日起向"), "2026-03-12", "daily")
    desk.judge_again()
    [fact] = desk.facts()
    assert (fact["name"], fact["status"], len(fact["sightings"])) == ("江阴市绿色车间培育办法", "planned", 2)
    desk.read(ISSUED, "2026-05-10", "jiangyin")
    [fact] = desk.facts()
    assert (fact["state"], fact["status"], fact["previous"]) == ("status", "issued", {"status": "planned"})


def test_merged_facts_with_other_values_are_one_that_was_revised(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("低空起降点120个", "无人机机场150个"), "2026-04-10")
    desk.told()
    desk.decide(amend.merge, 1, 2)
    desk.judge_again()
    [fact] = desk.facts()
    assert (fact["value"], fact["state"], fact["previous"]["value"]) == (150, "revised", 120)
    assert desk.told() == []


def test_merged_facts_of_one_article_stay_one(desk: Desk) -> None:
    desk.read(REPORT, "2026-03-10")
    desk.decide(amend.merge, 1, 3)
    desk.judge_again()
    desk.read(REPORT, "2026-03-12", "daily", "转载")
    assert [one["id"] for one in desk.facts()] == [1, 2]


def test_a_corrected_fact_can_be_split(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("召开", "再次召开"), "2026-03-12", "daily", "再次召开推进会")
    desk.told()
    desk.correct(1, value="130")
    _, other = desk.decide(amend.split, 1, (2,))
    desk.correct(other, value="100")
    desk.judge_again()
    assert named(desk.facts()) == [("低空起降点", 130, 1), ("低空起降点", 100, 1)]
    assert sorted(item.fact.amount.value or "" for item in desk.told()) == ["100", "130"]


def test_facts_told_by_the_rest_are_parted_with_their_value(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(RAISED, "2026-06-01")
    desk.told()
    desk.decide(amend.split, 1, (2,))
    desk.judge_again()
    assert [(one["value"], one["state"]) for one in desk.facts()] == [(120, "new"), (150, "new")]
    assert [item.fact.amount.value for item in desk.told()] == ["120"]  # which the digest had left out as replaced


def test_facts_that_were_parted_can_be_merged_again(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("召开", "再次召开"), "2026-03-12", "daily", "再次召开推进会")
    _, other = desk.decide(amend.split, 1, (2,))
    desk.decide(amend.merge, 1, other)
    desk.judge_again()
    assert named(desk.facts()) == [("低空起降点", 120, 2)]


def test_facts_are_not_merged_across_kinds(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(REACHED, "2028-01-10")
    with pytest.raises(MonitorError, match="differ in their assertion"):
        desk.decide(amend.merge, 1, 2)


def test_a_decision_that_fails_leaves_nothing(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    before = desk.facts()
    with pytest.raises(MonitorError, match="says so already"):
        desk.correct(1, value="120")
    assert desk.facts() == before


def test_united_stories_come_apart_with_their_facts_when_that_is_taken_back(desk: Desk) -> None:
    desk.read(REPORT, "2026-03-10")
    desk.read(PLAN, "2026-03-11", "daily")
    before = desk.facts()
    number = desk.decide(amend_stories.merge, 1, 2)
    assert {one["story"] for one in list_articles(desk.store)} == {1}
    desk.undo(number)
    assert {one["id"]: one["story"] for one in list_articles(desk.store)} == {1: 1, 2: 2}
    assert desk.facts() == before


def test_what_a_story_split_by_hand_left_behind_finds_no_way_back_by_a_third_copy(desk: Desk) -> None:
    for number, day in enumerate(("2026-03-10", "2026-03-11", "2026-03-12"), 1):
        desk.read(f"{REPORT}第{number}版", day, title=f"第{number}篇")
    assert {one["story"] for one in list_articles(desk.store)} == {1}
    desk.decide(amend_stories.split, 1, (1,))
    assert {one["id"]: one["story"] for one in list_articles(desk.store)} == {1: 1, 2: 2, 3: 2}
    desk.read(f"{REPORT}第4版", "2026-03-13", title="第4篇")
    desk.read(f"{REPORT}最新的版本", "2026-03-12", title="第3篇")
    assert {one["id"]: one["story"] for one in list_articles(desk.store)} == {1: 1, 2: 2, 3: 2, 4: 1}


@pytest.mark.parametrize(("into", "gone"), [(1, 2), (2, 1)])
def test_what_was_corrected_is_said_by_the_fact_that_rules_make_of_two(desk: Desk, into: int, gone: int) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("低空起降点", "无人机驿站"), "2026-03-10", "daily", "驿站")
    desk.told()
    number = desk.correct(
        2, value="130", deadline="2027-12-31", name="驿站", region_code="320200", region_name="无锡市"
    )
    with desk.store.writing() as db:
        regroup.merge(db, into, gone)
        regroup.renew_life(db, (into,))
    desk.judge_again()
    [fact] = desk.facts()
    assert (fact["metric"], fact["deadline"], fact["region"]["code"]) == ("驿站", "2027-12-31", "320200")
    assert (fact["value"], len(fact["sightings"])) == (130, 2)
    if gone == 2:
        with pytest.raises(MonitorError, match="fact 2 has become one with another"):
            desk.undo(number)
    else:
        desk.undo(number)
        assert {(one["value"], one["deadline"]) for one in desk.facts()} == {(120, "2028-12-31")}


@pytest.mark.parametrize(("into", "gone"), [(1, 2), (2, 1)])
def test_what_was_dismissed_stays_so_when_rules_make_one_of_two(desk: Desk, into: int, gone: int) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("低空起降点", "无人机驿站"), "2026-03-10", "daily", "驿站")
    desk.decide(amend.dismiss, 2)
    with desk.store.writing() as db:
        regroup.merge(db, into, gone)
    desk.judge_again()
    assert (desk.facts(), len(desk.facts(dismissed=True))) == ([], 1)


def test_rules_make_no_facts_one_that_were_parted(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("召开", "再次召开"), "2026-03-12", "daily", "再次召开推进会")
    desk.read(PLAN.replace("低空起降点", "无人机驿站"), "2026-03-10", "daily", "驿站")
    _, other = desk.decide(amend.split, 1, (2,))
    with desk.store.writing() as db:
        regroup.merge(db, 1, other)
        regroup.merge(db, 2, other)  # which makes the third fact part of what was parted
        regroup.merge(db, 1, 2)
    assert len(desk.facts()) == 2


ARRIVALS = (
    (PLAN.replace("召开", "再次召开"), "2026-03-12", "daily"),
    ("市民关心的低空经济又有新进展。梁溪区政府此前提出，力争到2028年建成低空起降点120个以上。", "2026-03-20", "daily"),
    (RAISED, "2026-06-01", "liangxi"),
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_comes_after_a_decision_may_come_in_any_order(desk: Desk, order: tuple[int, ...]) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.read(PLAN.replace("低空起降点", "无人机驿站"), "2026-03-10", "daily", "驿站")
    desk.correct(1, value="130", deadline="2027-12-31")
    desk.decide(amend.dismiss, 2)
    for number in order:
        desk.read(*ARRIVALS[number])
        desk.judge_again(f"rules {number}")
    first, second = desk.facts()
    assert (first["value"], first["deadline"], len(first["sightings"])) == (130, "2027-12-31", 3)
    assert (second["value"], second["deadline"], len(second["sightings"])) == (150, "2028-12-31", 1)
    assert named(desk.facts(dismissed=True)) == [("无人机驿站", 120, 1)]


def test_of_several_people_who_decide_at_once_one_does(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")

    def dismiss(_: int) -> str:
        try:
            desk.decide(amend.dismiss, 1)
        except MonitorError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(dismiss, range(8)))
    assert answers.count("done") == 1
    assert sum("dismissed already" in answer for answer in answers) == 7


def test_the_key_of_a_correction_is_that_of_an_article_that_says_so(desk: Desk) -> None:
    desk.read(PLAN, "2026-03-10")
    desk.correct(1, value="150", deadline="2027-12-31")
    right = JUDGE.judge(Article("题", PLAN.replace("120", "150").replace("2028", "2027"), None, "liangxi"))
    [claim] = claims(right.findings)
    desk.read(PLAN.replace("120", "150").replace("2028", "2027"), "2026-03-12", "daily", "更正后的报道")
    [fact] = desk.facts()
    assert (claim.finding.kind, len(fact["sightings"])) == ("quantity", 2)
