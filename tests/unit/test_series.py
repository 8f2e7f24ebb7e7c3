"""The values of one metric over the years, as articles tell them one after the other."""

from tests.unit.test_life_of_facts import Watch, watch

__all__ = ["watch"]  # a fixture

AIMS = (
    ("2026-03-10", "梁溪区政府召开低空经济推进会，提出三年行动目标：到2028年，全区建成低空起降点120个。"),
    ("2026-04-10", "梁溪区政府明确年度低空经济任务：到2026年，全区建成低空起降点60个。"),
    ("2026-05-10", "梁溪区政府部署下一步低空经济工作：到2027年，全区建成低空起降点90个。"),
)
REACHED = "梁溪区政府通报低空经济进展，截至2026年底，全区已建成低空起降点48个，配套设施不断完善。"


def test_targets_of_several_years_are_the_series_of_each(watch: Watch) -> None:
    for day, text in AIMS[:2]:
        watch.read(text, day)
    assert [item.fact.series for item in watch.digest()] == [(), ()]  # two values are none
    watch.read(AIMS[2][1], AIMS[2][0])
    (item,) = watch.digest()
    assert [(point.year, point.reached, point.value) for point in item.fact.series] == [
        (2026, False, "60"),
        (2027, False, "90"),
        (2028, False, "120"),
    ]


def test_a_result_stands_among_the_targets_it_answers(watch: Watch) -> None:
    for day, text in AIMS:
        watch.read(text, day)
    watch.digest()
    watch.read(REACHED, "2027-01-10")
    (item,) = watch.digest()
    assert item.section == "results"
    assert [(point.year, point.reached) for point in item.fact.series] == [
        (2026, False),
        (2026, True),
        (2027, False),
        (2028, False),
    ]


def test_another_metric_of_the_place_is_no_part_of_it(watch: Watch) -> None:
    for day, text in AIMS[:2]:
        watch.read(text, day)
    watch.read("梁溪区政府召开人工智能大会，提出新目标：到2030年，全区建成人工智能中试平台20个。", "2026-06-10")
    assert [item.fact.series for item in watch.digest()] == [(), (), ()]
