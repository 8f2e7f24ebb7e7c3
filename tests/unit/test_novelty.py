"""When a finding is known: the same fact reworded, rounded, revised, told late, of another year; and when it is not."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pytest

from monitor.canonical import Names
from monitor.claims import claims, digits, last_day, status_of
from monitor.domain import Comparator, Designation, Evidence, Finding, Programme, ProgrammeStatus, Quantity, Region
from monitor.known import KnownFact, KnownVersion, ToldFact, exactness
from monitor.novelty import Context, Decision, decide
from monitor.retelling import pairs

WUXI, SUZHOU = Region("320200", "无锡市"), Region("320500", "苏州市")
SENTENCE = "到2027年，全市高新技术企业达到6000家。"
NAMES = Names.of({"高企": "高新技术企业", "高新技术企业": "高新技术企业"}, {}, {})
Outcome = Literal["new", "same", "revised"]


def target(metric: str = "高新技术企业", value: str = "6000", sentence: str = SENTENCE, **fields: object) -> Quantity:
    proof = Evidence(0, len(sentence), sentence)
    base = Quantity("target", metric, "eq", Decimal(value), proof, unit="家", deadline="2027-12-31", region=WUXI)
    return replace(base, canonical=NAMES.metric(metric, "无锡市"), **fields)  # type: ignore[arg-type]


def programme(
    status: ProgrammeStatus | None = "issued", name: str = "绿色工厂培育办法", sentence: str = ""
) -> Programme:
    said = sentence or f"印发《{name}》。"
    proof = Evidence(0, len(said), said)
    return Programme(name, "document", status, proof, region=WUXI, canonical=NAMES.programme(name, "无锡市"))


def known(finding: Finding, *more: Finding, id: int = 1) -> KnownFact:
    """The findings as the store would hand them back: one fact with their values or stages as versions."""
    [claim] = claims([finding])
    versions = tuple(_version(one, id * 10 + number) for number, one in enumerate((finding, *more)))
    return KnownFact(
        id=id,
        kind=finding.kind,
        name=finding.metric if isinstance(finding, Quantity) else finding.name,
        assertion=None if isinstance(finding, Programme) else finding.assertion,
        unit=finding.unit if isinstance(finding, Quantity) else None,
        deadline=None if isinstance(finding, Programme) else finding.deadline,
        region_code=finding.region.code if finding.region else None,
        plural=False,
        versions=versions,
        keys=frozenset(claim.keys),
    )


def _version(finding: Finding, id: int) -> KnownVersion:
    quantity = finding if isinstance(finding, Quantity) else None
    return KnownVersion(
        id,
        id,
        quantity.value if quantity else None,
        quantity.value_high if quantity else None,
        quantity.comparator if quantity else None,
        status_of(finding) if isinstance(finding, Programme) else None,
        f"2026-03-{id % 10 + 1:02}",
    )


def told(fact: KnownFact, sentence: str = SENTENCE, article: int = 1, name: str | None = None) -> ToldFact:
    return ToldFact(fact, frozenset({name or fact.name}), frozenset({sentence}), frozenset({article}))


def decided(
    said: Finding | Sequence[Finding], facts: Sequence[KnownFact] = (), story: Sequence[ToldFact] = ()
) -> list[Decision]:
    """What is decided of an article; `facts` are those that a key may lead to, `story` those of its story."""
    made = claims([said] if not isinstance(said, Sequence) else said)
    look = {key for claim in made for key in claim.look}
    led = [fact for fact in (*facts, *(one.fact for one in story)) if fact.keys & look]

    def read(ids: Collection[int]) -> Sequence[ToldFact]:
        return [one for one in story if one.fact.id in ids]

    return list(decide(made, Context(led, frozenset(one.fact.id for one in story), read)))


def outcomes(*arguments: object, **options: object) -> list[Outcome]:
    made = decided(*arguments, **options)  # type: ignore[arg-type]
    return ["new" if one.fact is None else "same" if one.version else "revised" for one in made]


def test_first_telling_is_new() -> None:
    assert outcomes(target()) == ["new"]


def test_told_again_is_no_news() -> None:
    assert outcomes(target(), [known(target())]) == ["same"]


@pytest.mark.parametrize("metric", ["高企", "全市高新技术企业", "无锡高新技术企业", "高新技术企业数量"])
def test_another_form_of_the_metric_is_the_same_fact(metric: str) -> None:
    assert outcomes(target(metric), [known(target())]) == ["same"]


@pytest.mark.parametrize(
    ("metric", "outcome"),
    [("低空飞行航线", "same"), ("航线", "new"), ("低空经济链主企业", "new")],
)
def test_a_like_name_with_the_same_figure_is_the_same_fact(metric: str, outcome: Outcome) -> None:
    """A plan has one figure for one thing; a name of two characters tells too little."""
    assert outcomes(target(metric, "300"), [known(target("低空航线", "300"))]) == [outcome]


def test_a_name_that_says_less_is_the_same_fact_where_the_figure_is() -> None:
    assert outcomes(target("起降设施", "270"), [known(target("低空起降设施", "270"))]) == ["same"]
    assert outcomes(target("起降设施", "280"), [known(target("低空起降设施", "270"))]) == ["new"]


def test_two_like_names_of_one_article_with_one_figure_are_two_facts() -> None:
    both = [target("省级智能工厂", "125"), target("省级智能车间", "125")]
    assert outcomes(both, [known(both[0])]) == ["same", "new"]


@pytest.mark.parametrize(
    ("said", "comparator", "outcome"),
    [("16000", "gt", "same"), ("16000", "approx", "same"), ("16000", "eq", "revised"), ("18000", "gt", "revised")],
)
def test_rounded_figure_is_no_revision_where_it_says_so(said: str, comparator: Comparator, outcome: Outcome) -> None:
    assert outcomes(target(value=said, comparator=comparator), [known(target(value="16080"))]) == [outcome]


def test_another_comparator_is_no_revision() -> None:
    assert outcomes(target(comparator="ge"), [known(target())]) == ["same"]


def test_another_value_is_another_version() -> None:
    assert outcomes(target(value="6500"), [known(target())]) == ["revised"]


def test_value_of_an_earlier_version_is_no_revision() -> None:
    fact = known(target(value="5000"), target())
    [decision] = decided(target(value="5000"), [fact])
    assert decision.version == fact.versions[0]


def test_a_sentence_that_names_the_old_value_finds_its_fact_by_another_name() -> None:
    notice = target("链主企业目标", "6", "将2027年链主企业目标由5家上调至6家。")
    fact = known(target("低空经济链主企业", "5"))
    [decision] = decided(notice, [fact])
    assert (decision.fact, decision.version) == (fact, None)
    assert outcomes(notice, [known(target("低空经济链主企业", "5"), target("低空经济链主企业", "6"))]) == ["same"]


def test_old_value_beside_the_new_one_is_no_second_fact() -> None:
    sentence = "将2027年高新技术企业目标由6000家调整为7200家。"
    both = [target(sentence=sentence), target(value="7200", sentence=sentence)]
    assert outcomes(both, [known(target())]) == ["revised"]


@pytest.mark.parametrize(
    "changed",
    [{"region": SUZHOU}, {"deadline": "2030-12-31"}, {"assertion": "actual"}, {"unit": "元"}, {"recurrence": "yearly"}],
    ids=lambda changed: next(iter(changed)),
)
def test_another_place_year_kind_or_unit_is_another_fact(changed: dict[str, Any]) -> None:
    assert outcomes(replace(target(), **changed), [known(target())]) == ["new"]


def test_counting_words_do_not_tell_facts_apart() -> None:
    assert outcomes(target(unit="个"), [known(target())]) == ["same"]


def test_a_metric_turned_round_is_the_same_fact() -> None:
    assert outcomes(target("低效用地盘活", unit="亩"), [known(target("盘活低效用地", unit="亩"))]) == ["same"]


def test_a_district_is_never_a_revision_of_its_city() -> None:
    district = target(value="800", region=Region("320213", "梁溪区"))
    assert outcomes(district, [known(target())]) == ["new"]


def test_next_figure_of_an_undated_result_is_another_fact() -> None:
    result = target(assertion="actual", deadline=None)
    assert outcomes(replace(result, value=Decimal(6900)), [known(result)]) == ["new"]
    assert outcomes(result, [known(result)]) == ["same"]


def test_general_metric_tells_facts_apart_by_value() -> None:
    assert outcomes(target("项目", "30"), [known(target("项目", "20"))]) == ["new"]


def test_a_target_told_without_its_year_is_the_dated_one_and_the_other_way_round() -> None:
    undated = target(deadline=None)
    assert outcomes(undated, [known(target())]) == ["same"]
    assert outcomes(target(), [known(undated)]) == ["same"]
    assert outcomes(replace(undated, value=Decimal(9000)), [known(target())]) == ["new"]


def test_two_values_of_one_metric_in_one_article_are_two_facts() -> None:
    assert outcomes([target(value="30"), target(value="90")]) == ["new", "new"]


def test_an_article_with_several_values_parts_what_was_one_fact() -> None:
    fact = known(target(value="30"), target(value="90"))
    decisions = decided([target(value="30"), target(value="90")], [fact])
    assert [one.version for one in decisions] == list(fact.versions)
    assert {one.split for one in decisions} == {fact.id}


def test_repeat_within_an_article_is_one_decision() -> None:
    assert outcomes([target(), target(value="6000")]) == ["new"]


def test_spun_sentence_of_one_story_is_the_same_fact_whatever_its_words() -> None:
    spun = target("高新技能企业", sentence="到2027年，全市高新技能企业到达6000家。")
    fact = known(target())
    assert outcomes(spun, story=[told(fact)]) == ["same"]
    assert outcomes(target("众创空间", sentence="建成众创空间6000家，营造创业氛围。"), story=[told(fact)]) == ["new"]


def test_spun_programme_is_known_in_its_story() -> None:
    fact = known(programme(name="技能人才筑巢工程"))
    spun = programme(name="技术人才筑窝工程", sentence="启动施行技术人才筑窝工程。")
    assert outcomes(spun, story=[told(fact, "启动实施技能人才筑巢工程。")]) == ["same"]
    assert outcomes(spun, [fact]) == ["new"]


def test_facts_that_one_article_tells_side_by_side_are_not_one() -> None:
    plans = [known(programme(name=f"技能人才{word}工程"), id=id) for id, word in ((1, "筑巢"), (2, "倍增"))]
    story = [told(fact, f"启动实施{fact.name}。") for fact in plans]
    spun = [
        programme(name=f"技术人才{word}工程", sentence=f"启动施行技术人才{word}工程。") for word in ("筑窝", "翻番")
    ]
    decisions = decided(spun, story=story)
    assert [one.fact and one.fact.id for one in decisions] == [1, 2]


def test_a_copy_that_lost_its_place_tells_the_fact_of_its_story() -> None:
    misplaced = target(region=SUZHOU)
    assert outcomes(misplaced, story=[told(known(target()))]) == ["same"]
    assert outcomes(misplaced, [known(target())]) == ["new"]


def test_a_copy_that_lost_its_date_tells_the_fact_of_its_story() -> None:
    reached = target(assertion="actual", deadline="2025-12-31")
    assert outcomes(target(deadline=None), story=[told(known(reached))]) == ["same"]


def test_in_a_story_the_sentence_counts_for_more_than_a_figure_without_its_year() -> None:
    """A copy that lost its date tells last year's result, not this year's aim of the same figure."""
    said = "2025年，全市高新技术企业达到6000家，经济运行稳中有进。"
    reached = known(target(assertion="actual", deadline="2025-12-31"))
    aimed = known(target(deadline="2026-12-31"), id=2)
    story = [told(reached, said), told(aimed, "2026年的预期目标是高新技术企业达到6000家。")]
    [decision] = decided(target(deadline=None, sentence=said), story=story)
    assert (decision.fact, decision.same) == (reached, ())


def test_a_copy_that_lost_its_place_joins_its_fact_to_none_of_that_place() -> None:
    """A neighbour aims at as many."""
    misplaced, neighbours = target(region=SUZHOU), known(target(region=SUZHOU), id=2)
    [decision] = decided(misplaced, [neighbours], [told(known(target()))])
    assert (decision.fact and decision.fact.id, decision.same) == (1, ())


def test_a_spun_notice_ends_the_document_that_its_story_ends() -> None:
    plan, spun = "滨江区新型储能产业发展行动计划", "关于废止滨江区新型储能产业成长举措打算的通知"
    ended = known(programme(None, name=plan, sentence=f"决定废止《{plan}》。"))
    notice = programme("issued", name=spun, sentence="上述文书不再作为行政管理的依据。")
    assert outcomes(notice, story=[told(ended, f"决定废止《{plan}》。")]) == ["same"]


def test_a_page_that_says_only_the_province_tells_the_fact_of_its_story() -> None:
    vague = known(target(region=Region("320000", "江苏省")), id=2)
    [decision] = decided(target(), [known(target())], [told(vague)])
    assert (decision.fact and decision.fact.id, decision.same) == (1, (2,))


def test_one_sentence_that_has_both_names_tells_two_facts() -> None:
    names = [f"科技{word}能力提升三年行动计划" for word in ("创新", "服务")]
    both = f"近日印发的《{names[0]}》提出，要与《{names[1]}》协同推进。"
    fact = known(programme(name=names[0]))
    assert outcomes(programme(name=names[1], sentence=both), story=[told(fact, both)]) == ["new"]


@pytest.mark.parametrize(
    ("metric", "other"),
    [("低空经济链主企业", "低空经济企业"), ("新增绿色工厂", "绿色工厂"), ("国家级绿色工厂", "省级绿色工厂")],
)
def test_what_is_counted_among_others_is_another_fact(metric: str, other: str) -> None:
    assert outcomes(target(metric, "16"), [known(target(other, "16"))]) == ["new"]


def test_figures_of_one_sentence_prove_each_other() -> None:
    """Another paper's article, spun: each name alone says too little."""
    facts = [known(target("低空经济链主企业", "11")), known(target("低空经济企业", "140"), id=2)]
    sentence = "到2027年，全市链主厂商突破11家，低空经济厂商到达140家。"
    said = [target("链主厂商", "11", sentence), target("低空厂商", "140", sentence)]
    assert outcomes(said, facts) == ["same", "same"]
    assert outcomes(said[:1], facts) == ["new"]


def test_the_notice_around_a_document_is_no_other_document() -> None:
    plan, notice = "绿色工厂培育行动打算", "关于印制下发绿色工厂培育行动打算的通知"
    decisions = decided([programme(name=notice), programme(name=plan)])
    assert [one.claim.finding.name for one in decisions] == [plan]  # type: ignore[union-attr]


def test_a_figure_of_a_year_to_come_is_promised() -> None:
    [claim] = claims([target(assertion="actual")], "2026-03-01")
    assert claim.finding.assertion == "target"  # type: ignore[union-attr]
    [claim] = claims([target(assertion="actual")], "2027-03-01")
    assert claim.finding.assertion == "actual"  # type: ignore[union-attr]


def test_how_the_brackets_of_a_unit_are_printed_makes_no_other_fact() -> None:
    assert outcomes(target(unit="台(套)"), [known(target(unit="台（套）"))]) == ["same"]


def test_what_shows_two_facts_to_be_one_joins_them() -> None:
    """The plain text arrives after its spun copy, and is known from elsewhere already."""
    plain, spun = known(target()), known(target("高新技能企业"), id=2)
    [decision] = decided(target(), [plain], [told(spun, "到2027年，全市高新技能企业到达6000家。")])
    assert (decision.fact, decision.same) == (plain, (spun.id,))


def test_stories_that_join_bring_their_facts_together() -> None:
    plain, spun = told(known(target())), told(known(target("高新技能企业"), id=2), article=2)
    other = told(known(target("链上企业", "80"), id=3), "链上企业80家。", article=2)
    assert [(one.id, twin.id) for one, twin in pairs([plain], [spun, other])] == [(1, 2)]


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ("draft", "issued", "revised"),
        ("draft", "draft", "same"),
        ("issued", "draft", "revised"),  # a version of its own; whether it is news is for events.py
        ("planned", "launched", "revised"),
        ("launched", "ongoing", "same"),
        ("issued", "issued", "same"),
        ("issued", "launched", "same"),
    ],
)
def test_each_stage_of_a_programme_is_a_version(
    before: ProgrammeStatus, now: ProgrammeStatus, outcome: Outcome
) -> None:
    assert outcomes(programme(now), [known(programme(before))]) == [outcome]


def test_a_programme_named_without_its_period_is_the_newest_of_that_name() -> None:
    old, new = (
        known(programme(name=f"低空经济三年行动计划（{period}年）"), id=id)
        for id, period in ((1, "2023—2025"), (2, "2026—2028"))
    )
    new = replace(new, versions=tuple(replace(one, said="2026-04-01") for one in new.versions))
    [decision] = decided(programme(name="低空经济三年行动计划"), [old, new])
    assert decision.fact == new
    assert outcomes(programme(name="低空经济三年行动计划（2029—2031年）"), [old, new]) == ["new"]


def test_a_programme_of_the_next_period_is_no_version_of_the_last() -> None:
    last = known(programme(name="低空经济三年行动计划（2023—2025年）"))
    assert outcomes(programme(name="低空经济三年行动计划（2026—2028年）"), [last]) == ["new"]
    assert outcomes(programme(name="低空经济三年行动计划"), [last]) == ["same"]


def test_the_furthest_stage_that_an_article_tells_counts() -> None:
    [claim] = claims([programme("issued"), programme("draft")])
    assert claim.stage == "in force"


def test_an_alias_leads_to_the_programme() -> None:
    named = replace(programme(name="关于加快发展低空经济的若干措施"), aliases=("低空十条",))
    assert outcomes(programme(name="低空十条"), [known(named)]) == ["same"]


def test_status_won_is_another_fact_than_the_aim() -> None:
    aim = Designation("国家创新型城市", "target", Evidence(0, 1, "证"), region=WUXI)
    assert outcomes(replace(aim, assertion="actual"), [known(aim)]) == ["new"]
    assert outcomes(aim, [known(aim)]) == ["same"]


def test_what_says_most_is_kept() -> None:
    assert exactness(Decimal(16300), "eq", None) > exactness(Decimal(16000), "gt", None)
    assert exactness(Decimal(6000), "ge", None) > exactness(Decimal(6000), "eq", None)
    assert exactness(None, None, "issued") > exactness(None, None, "ongoing")


def test_facts_under_one_key_are_one() -> None:
    """Both were told before anything said so."""
    [decision] = decided(target(), [known(target()), known(target(value="7000"), id=2)])
    assert (decision.fact and decision.fact.id, decision.same) == (1, (2,))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-10T08:00:00+08:00", "2026-03-10"),
        ("2026-03-10", "2026-03-10"),
        ("2026-03", "2026-03-31"),
        ("2026", "2026-12-31"),
    ],
)
def test_last_day_of_a_moment(moment: str, day: str) -> None:
    assert last_day(moment) == day


@pytest.mark.parametrize(
    ("value", "kept"), [(Decimal("5E+12"), "5000000000000"), (Decimal("1.50"), "1.5"), (None, None)]
)
def test_value_is_kept_in_plain_digits(value: Decimal | None, kept: str | None) -> None:
    assert digits(value) == kept
