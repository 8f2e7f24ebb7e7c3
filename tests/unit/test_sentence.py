"""A subscription in one sentence: everything it asks for, in both languages, and nothing it does not."""

import pytest

from alerts.sentence import KINDS, Names, sentence
from monitor.gazetteer import load_divisions
from monitor.store.delivery import Wanted
from monitor.store.filters import KINDS as FILTERED

NAMES = Names(
    themes={"low": "低空经济", "drones": "无人机", "talent": "人才引育", **{f"t{n}": f"主题{n}" for n in range(9)}},
    english={"low": "Low-altitude economy"},
    parents={"drones": "low"},
    places=load_divisions(),
)


def wanted(**asked: object) -> Wanted:
    return Wanted("reader@example.com", **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "chinese", "english"),
    [
        (
            {"themes": ("low", "drones"), "regions": ("320200",)},
            "每天 08:30（北京时间）：无锡市（含下辖地区）关于低空经济的新目标、政策与计划及其变化。",
            "Every day at 08:30 (Beijing time): new targets and programmes and what becomes of them "
            "on Low-altitude economy in 无锡市 and what lies within.",
        ),
        (
            {
                "regions": ("320200", "320500"),
                "exact": True,
                "kinds": ("new-target", "revision", "article"),
                "every": "weekly",
                "at": "18:00",
                "days": (0, 3),
                "skip_holidays": True,
            },
            "每周一、周四 18:00（北京时间，遇法定节假日顺延）：无锡市、苏州市（不含下辖地区）的新目标、目标调整、其他相关文章。",
            "Every Monday and Thursday at 18:00 (Beijing time, the day after where that is a Chinese public holiday): "
            "new targets, revised targets and other articles in 无锡市 or 苏州市 itself.",
        ),
        (
            {
                "themes": ("talent",),
                "must": ("博士后", "人才公寓"),
                "without": ("招聘", "启事"),
                "weight": 0.75,
                "every": "immediate",
                "quiet": "22:00-07:30",
                "timezone": "Europe/Berlin",
            },
            "有新内容就发（Europe/Berlin 22:00—07:30 免打扰）：人才引育的新目标、政策与计划及其变化，须含“博士后”、“人才公寓”，"
            "不含“招聘”、“启事”，主题相关度不低于 0.75。",
            "As soon as there is news (not from 22:00 to 07:30 Europe/Berlin): new targets and programmes and what becomes "
            "of them on 人才引育, with “博士后” and “人才公寓”, without “招聘” or “启事”, of a theme weight of 0.75 at least.",
        ),
        (
            {"regions": ("100000",), "every": "immediate", "skip_holidays": True},
            "有新内容就发（遇法定节假日顺延）：全国的新目标、政策与计划及其变化。",
            "As soon as there is news (not on Chinese public holidays): new targets and programmes and what becomes of them "
            "in 全国.",
        ),
    ],
)
def test_a_subscription_reads_as_a_sentence(asked: dict[str, object], chinese: str, english: str) -> None:
    assert sentence(wanted(**asked), NAMES) == chinese
    assert sentence(wanted(**asked), NAMES, "en") == english


def test_of_many_themes_the_first_are_named_and_the_rest_is_counted() -> None:
    many = wanted(themes=tuple(f"t{n}" for n in range(9)))
    assert "主题0、主题1、主题2、主题3、主题4、主题5 等9个主题的新目标" in sentence(many, NAMES)
    assert "主题5 and more, 9 themes in all" in sentence(many, NAMES, "en")


def test_every_kind_that_can_be_asked_for_has_a_name() -> None:
    assert set(KINDS) == {*FILTERED, "article"}
