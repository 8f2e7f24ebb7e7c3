"""The keys under which facts are looked up: what is one fact, and what only shares its words."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from monitor.claims import Claim, claims, digits, is_rounded, last_day, status_of
from monitor.domain import Evidence, Finding, Programme, ProgrammeStatus, Quantity, Region

WUXI, SUZHOU = Region("320200", "无锡市"), Region("320500", "苏州市")


def target(metric: str = "高新技术企业", value: str = "6000", sentence: str = "证", **fields: object) -> Quantity:
    proof = Evidence(0, len(sentence), sentence)
    base = Quantity("target", metric, "eq", Decimal(value), proof, unit="家", deadline="2027-12-31", region=WUXI)
    return replace(base, **fields)  # type: ignore[arg-type]


def programme(name: str, status: ProgrammeStatus | None = "issued", sentence: str = "") -> Programme:
    said = sentence or f"印发《{name}》。"
    return Programme(name, "document", status, Evidence(0, len(said), said), region=WUXI)


def one(finding: Finding) -> Claim:
    [claim] = claims([finding])
    return claim


@pytest.mark.parametrize(
    "changed",
    [{"region": SUZHOU}, {"deadline": "2030-12-31"}, {"assertion": "actual"}, {"unit": "元"}, {"recurrence": "yearly"}],
    ids=lambda changed: next(iter(changed)),
)
def test_another_place_year_kind_or_unit_is_another_key(changed: dict[str, Any]) -> None:
    assert one(target()).key != one(target(**changed)).key


def test_value_counting_word_and_order_of_words_are_no_part_of_the_key() -> None:
    key = one(target("盘活低效用地")).key
    for other in (target("盘活低效用地", "7000"), target("盘活低效用地", unit="个"), target("低效用地盘活")):
        assert one(other).key == key


def test_figures_in_a_name_keep_their_order() -> None:
    assert one(target("第12类平台")).key != one(target("第21类平台")).key


def test_general_and_undated_figures_are_told_apart_by_their_value() -> None:
    for base in (target("项目"), target(assertion="actual", deadline=None), target(assertion="support", deadline=None)):
        near, far = (one(replace(base, value=Decimal(value))) for value in ("6080", "9000"))
        assert one(base).key in (near.key, *near.near)
        assert one(base).key not in (far.key, *far.near)


def test_several_values_of_one_key_are_marked_unless_one_rounds_the_other() -> None:
    assert [claim.several for claim in claims([target(value="30"), target(value="90")])] == [True, True]
    rounded = target(value="16000", comparator="gt")
    assert [claim.several for claim in claims([target(value="16080"), rounded])] == [False, False]


def test_of_a_sentence_that_tells_a_change_the_new_value_counts_and_the_old_is_a_key() -> None:
    sentence = "二、2027年高新技术企业目标由6,000家调整为6500家。"
    old, new = target(value="6000", sentence=sentence), target(value="6500", sentence=sentence)
    [claim] = claims([old, new])
    assert claim.finding == new
    assert one(target()).figure in claim.before


@pytest.mark.parametrize(
    ("name", "status", "sentence", "stage", "shown"),
    [
        ("办法", "planned", "将出台《办法》。", "planned", "planned"),
        ("办法", "draft", "《办法（征求意见稿）》公开征求意见。", "draft", "draft"),
        ("办法", "issued", "", "in force", "issued"),
        ("办法", "draft", "《办法（修订草案征求意见稿）》公开征求意见。", "redraft", "redraft"),
        ("办法（2026年修订）", "issued", "", "amended", "amended"),
        ("办法", "issued", "现决定对《办法》作如下修改。", "amended", "amended"),
        ("办法", None, "决定废止《办法》。", "over", "repealed"),
        ("行动", None, "“行动”圆满收官。", "over", "ended"),
        ("关于废止办法的决定", "issued", "印发决定。", "over", "repealed"),
    ],
)
def test_stage_of_a_programme(name: str, status: ProgrammeStatus | None, sentence: str, stage: str, shown: str) -> None:
    said = programme(name, status, sentence)
    assert (one(said).stage, status_of(said)) == (stage, shown)


def test_a_new_text_that_repeals_the_old_one_goes_on() -> None:
    new, old = programme("办法"), programme("办法", None, "原《办法》同时废止。")
    [claim] = claims([new, old])
    assert claim.stage == "in force"


def test_a_notice_of_repeal_counts_whatever_else_is_said_of_the_text() -> None:
    notice = replace(programme("关于废止办法的决定"), canonical="办法")
    [claim] = claims([replace(programme("办法"), canonical="办法"), notice])
    assert claim.stage == "over"


@pytest.mark.parametrize(
    ("rough", "comparator", "fine", "is_one"),
    [("16000", "gt", "16080", True), ("16000", "approx", "16080", True), ("16000", "eq", "16080", False), ("18000", "gt", "16080", False)],
)  # fmt: skip
def test_a_rounded_figure_says_so(rough: str, comparator: str, fine: str, is_one: bool) -> None:
    assert is_rounded((Decimal(rough), comparator), (Decimal(fine), "eq")) is is_one


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-03-10T08:00:00+08:00", "2026-03-10"), ("2026-03-10", "2026-03-10"), ("2026-03", "2026-03-31"), ("2026", "2026-12-31")],
)  # fmt: skip
def test_last_day_of_a_moment(moment: str, day: str) -> None:
    assert last_day(moment) == day


@pytest.mark.parametrize(
    ("value", "kept"), [(Decimal("5E+12"), "5000000000000"), (Decimal("1.50"), "1.5"), (None, None)]
)
def test_value_is_kept_in_plain_digits(value: Decimal | None, kept: str | None) -> None:
    assert digits(value) == kept


def test_a_document_is_known_by_its_full_name_not_by_the_short_one_of_the_same_article() -> None:
    full = replace(programme("智能制造提质行动方案"), canonical="智能制造提质行动计划", aliases=("智造十条",))
    short = replace(programme("智造十条"), canonical="智能制造提质行动计划")
    for told in ([full, short], [short, full]):
        [claim] = claims(told)
        assert isinstance(claim.finding, Programme)
        assert claim.finding.name == "智能制造提质行动方案"
