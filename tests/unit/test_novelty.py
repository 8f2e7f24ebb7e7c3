"""When a finding is news: the same fact reworded, rounded, revised, told late; a draft and what becomes of it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pytest

from monitor.domain import Comparator, Designation, Evidence, Finding, Programme, ProgrammeStatus, Quantity, Region
from monitor.novelty import (
    Claim,
    Context,
    Decision,
    KnownFact,
    KnownVersion,
    claims,
    decide,
    digits,
    last_day,
    plain_name,
)

WUXI, SUZHOU = Region("320200", "无锡市"), Region("320500", "苏州市")
PROOF = Evidence(0, 1, "证")
DAY = "2026-03-10"
Outcome = Literal["new", "same", "revised"]


def target(metric: str = "高新技术企业", value: str = "6000", **fields: object) -> Quantity:
    base = Quantity("target", metric, "eq", Decimal(value), PROOF, unit="家", deadline="2027-12-31", region=WUXI)
    return replace(base, **fields)  # type: ignore[arg-type]


def programme(status: ProgrammeStatus | None = "issued", name: str = "绿色工厂培育办法") -> Programme:
    return Programme(name, "document", status, PROOF, region=WUXI)


def known(finding: Finding, said: str = "2026-03-01", id: int = 1) -> KnownFact:
    """The finding as the store would hand it back."""
    [claim] = claims([finding])
    version = KnownVersion(
        id=id * 10,
        number=1,
        value=finding.value if isinstance(finding, Quantity) else None,
        value_high=finding.value_high if isinstance(finding, Quantity) else None,
        comparator=finding.comparator if isinstance(finding, Quantity) else None,
        status=finding.status if isinstance(finding, Programme) else None,
        said=said,
    )
    return KnownFact(
        id=id,
        fingerprint=claim.fingerprint,
        kind=finding.kind,
        name=finding.metric if isinstance(finding, Quantity) else finding.name,
        assertion=None if isinstance(finding, Programme) else finding.assertion,
        unit=finding.unit if isinstance(finding, Quantity) else None,
        deadline=None if isinstance(finding, Programme) else finding.deadline,
        region_code=finding.region.code if finding.region else None,
        versions=(version,),
    )


def decided(
    said: Finding | tuple[Finding, ...],
    facts: tuple[KnownFact, ...],
    *,
    told: bool = False,
    day: str = DAY,
    mine: tuple[int, ...] = (),
) -> list[Decision]:
    """What is decided of an article that says `said`; `told` where the facts come from its own story."""
    findings = said if isinstance(said, tuple) else (said,)
    context = Context({fact.fingerprint: fact for fact in facts}, facts if told else (), mine, day)
    return list(decide(claims(findings), context))


def outcome(decision: Decision) -> Outcome:
    if decision.fact is None:
        return "new"
    return "same" if decision.version else "revised"


def outcomes(*arguments: object, **options: object) -> list[Outcome]:
    return [outcome(one) for one in decided(*arguments, **options)]  # type: ignore[arg-type]


def test_first_telling_is_new() -> None:
    assert outcomes(target(), ()) == ["new"]


def test_told_again_is_no_news() -> None:
    assert outcomes(target(), (known(target()),)) == ["same"]


@pytest.mark.parametrize(
    "metric", ["高企", "全市高新技术企业", "“高新技术企业”", "无锡高新技术企业", "高新技术企业数量", "高新技術企業"]
)
def test_another_form_of_the_metric_is_the_same_fact(metric: str) -> None:
    assert outcomes(target(metric), (known(target()),)) == ["same"]


def test_reworded_metric_is_the_same_fact_within_its_story_only() -> None:
    reworded = target("国家高新企业保有量")
    assert outcomes(reworded, (known(target()),), told=True) == ["same"]
    assert outcomes(reworded, (known(target()),)) == ["new"]


@pytest.mark.parametrize(
    ("said", "comparator", "outcome"),
    [("16000", "gt", "same"), ("16000", "approx", "same"), ("16000", "eq", "revised"), ("18000", "gt", "revised")],
)
def test_rounded_figure_is_no_revision_where_it_says_so(said: str, comparator: Comparator, outcome: Outcome) -> None:
    exact = known(target(value="16080"))
    assert outcomes(target(value=said, comparator=comparator), (exact,)) == [outcome]


def test_another_comparator_is_no_revision() -> None:
    assert outcomes(target(comparator="ge"), (known(target()),)) == ["same"]


def test_another_value_later_is_a_revision() -> None:
    assert outcomes(target(value="6500"), (known(target()),)) == ["revised"]


def test_older_article_later_revises_nothing() -> None:
    assert outcomes(target(value="5000"), (known(target()),), day="2025-11-02") == ["same"]


def test_value_of_an_earlier_version_is_no_revision() -> None:
    first = known(target(value="5000"))
    second = replace(first.current, id=11, number=2, value=Decimal(6000))
    fact = replace(first, versions=(*first.versions, second))
    [decision] = decided(target(value="5000"), (fact,))
    assert decision.version == first.current


def test_two_sources_of_one_day_that_disagree_are_both_kept() -> None:
    assert outcomes(target(value="6500"), (known(target(), said=DAY),)) == ["new"]


def test_edited_article_revises_its_own_fact_of_the_day() -> None:
    assert outcomes(target(value="6500"), (known(target(), said=DAY),), mine=(1,)) == ["revised"]


@pytest.mark.parametrize(
    "changed",
    [{"region": SUZHOU}, {"deadline": "2030-12-31"}, {"assertion": "actual"}, {"unit": "元"}, {"recurrence": "yearly"}],
    ids=lambda changed: next(iter(changed)),
)
def test_another_place_year_kind_or_unit_is_another_fact(changed: dict[str, Any]) -> None:
    assert outcomes(replace(target(), **changed), (known(target()),)) == ["new"]


def test_counting_words_do_not_tell_facts_apart() -> None:
    assert outcomes(target(unit="个"), (known(target()),)) == ["same"]


def test_next_figure_of_an_undated_result_is_another_fact() -> None:
    result = target(assertion="actual", deadline=None)
    assert outcomes(replace(result, value=Decimal(6100)), (known(result),)) == ["new"]
    assert outcomes(result, (known(result),)) == ["same"]


def test_general_metric_tells_facts_apart_by_value() -> None:
    assert outcomes(target("项目", "30"), (known(target("项目", "20")),)) == ["new"]


def test_two_values_of_one_metric_in_one_article_are_two_facts() -> None:
    assert outcomes((target(value="30"), target(value="90")), ()) == ["new", "new"]


def test_repeat_within_an_article_is_one_decision() -> None:
    assert outcomes((target(), target(value="6000")), ()) == ["new"]


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        ("draft", "issued", "revised"),
        ("draft", "draft", "same"),
        ("issued", "draft", "same"),
        ("planned", "launched", "same"),
        ("launched", "ongoing", "same"),
        ("issued", "issued", "same"),
    ],
)
def test_only_a_draft_that_is_issued_is_news(before: ProgrammeStatus, now: ProgrammeStatus, outcome: Outcome) -> None:
    assert outcomes(programme(now), (known(programme(before)),)) == [outcome]


def test_issued_on_the_day_of_its_draft_is_news() -> None:
    assert outcomes(programme("issued"), (known(programme("draft"), said=DAY),)) == ["revised"]


def test_status_won_is_another_fact_than_the_aim() -> None:
    aim = Designation("国家创新型城市", "target", PROOF, region=WUXI)
    assert outcomes(replace(aim, assertion="actual"), (known(aim),)) == ["new"]
    assert outcomes(aim, (known(aim),)) == ["same"]


def test_decision_on_a_known_fact_names_it() -> None:
    fact = known(target(), id=7)
    [decision] = decided(target(), (fact,))
    assert decision.fact == fact
    assert decision.fingerprint == fact.fingerprint
    assert isinstance(decision.claim, Claim)


@pytest.mark.parametrize(
    ("name", "place", "plain"),
    [
        ("全市规上工业总产值", None, "规模以上工业总产值"),
        ("无锡GDP", "无锡市", "地区生产总值"),
        ("“１０３０”产业体系", None, "1030产业体系"),
        ("技术合同的成交总额", None, "技术合同成交"),
    ],
)
def test_plain_name_leaves_out_what_changes_from_report_to_report(name: str, place: str | None, plain: str) -> None:
    assert plain_name(name, place) == plain


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
