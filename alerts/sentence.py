"""A subscription in one sentence, Chinese or English: what it brings, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.subscriptions import WEEKDAYS
from monitor.gazetteer import Divisions
from monitor.store.delivery import Kind, Language, Wanted
from monitor.store.places import COUNTRY

FEW: Final = 6  # themes or places that are spelled out
KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "new-target": ("新目标", "new targets"),
    "support": ("新扶持", "new support"),
    "revision": ("目标调整", "revised targets"),
    "result": ("完成情况", "results"),
    "designation": ("争创的称号", "designations"),
    "programme": ("新政策与计划", "new programmes"),
    "status": ("政策进展", "changes of status"),
    "article": ("其他相关文章", "other articles"),
}
DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids of a subscription are called."""

    themes: Mapping[str, str]
    english: Mapping[str, str]
    parents: Mapping[str, str]  # theme -> the theme above it
    places: Divisions

    def of_places(self, one: Wanted) -> list[str]:
        regions = [self.places.region(code) for code in one.regions]
        return [region.name for region in regions if region]

    def of_themes(self, one: Wanted, language: Language = "zh-CN") -> list[str]:
        """Without those that lie below another one of the subscription."""
        top = [theme for theme in one.themes if self.parents.get(theme) not in one.themes]
        return [(language == "en" and self.english.get(theme)) or self.themes.get(theme, theme) for theme in top]


def sentence(one: Wanted, names: Names, language: Language = "zh-CN") -> str:
    """每周一、周四 08:30（北京时间）：无锡市（含下辖地区）关于低空经济的新目标，不含“招聘”。"""
    return _english(one, names) if language == "en" else _chinese(one, names)


def weekdays(one: Wanted, language: Language = "zh-CN") -> str:
    """每周一、周四; Every Monday and Thursday."""
    if language == "en":
        return f"Every {_and([DAY_NAMES[day] for day in one.days])}"
    return "每" + "、".join(f"周{WEEKDAYS[day]}" for day in one.days)


def _chinese(one: Wanted, names: Names) -> str:
    places = _few(names.of_places(one), "、", " 等{}地")
    themes = _few(names.of_themes(one), "、", " 等{}个主题")
    kinds = "、".join(KINDS[kind][0] for kind in one.kinds) or "新目标、政策与计划及其变化"
    below = "（不含下辖地区）" if one.exact else "（含下辖地区）"
    where = places + (below if _has_parts(one) else "") if places else ""
    what = f"{where}{'关于' if where and themes else ''}{themes}{'的' if where or themes else ''}{kinds}"
    conditions = [f"须含{'、'.join(f'“{word}”' for word in one.must)}"] if one.must else []
    conditions += [f"不含{'、'.join(f'“{word}”' for word in one.without)}"] if one.without else []
    conditions += [f"主题相关度不低于 {one.weight:g}"] if one.weight else []
    return f"{_rhythm_chinese(one)}：{'，'.join([what, *conditions])}。"


def _rhythm_chinese(one: Wanted) -> str:
    holidays = ["遇法定节假日顺延"] if one.skip_holidays else []
    if one.every == "immediate":
        waits = [f"{_zone(one, 'zh-CN')} {_span(one.quiet)} 免打扰"] if one.quiet else []
        return "有新内容就发" + (f"（{'，'.join([*waits, *holidays])}）" if waits or holidays else "")
    days = "每天" if one.every == "daily" else weekdays(one)
    return f"{days} {one.at}（{'，'.join([_zone(one, 'zh-CN'), *holidays])}）"


def _english(one: Wanted, names: Names) -> str:
    places = _few(names.of_places(one), ", ", " and {} places in all", last=" or ")
    themes = _few(names.of_themes(one, "en"), ", ", " and more, {} themes in all", last=" or ")
    kinds = _and([KINDS[kind][1] for kind in one.kinds]) or "new targets and programmes and what becomes of them"
    below = " itself" if one.exact else " and what lies within"
    parts = [
        kinds,
        f"on {themes}" if themes else "",
        f"in {places}{below if _has_parts(one) else ''}" if places else "",
    ]
    conditions = [f"with {_and([_quoted(word) for word in one.must])}"] if one.must else []
    conditions += [f"without {_and([_quoted(word) for word in one.without], ' or ')}"] if one.without else []
    conditions += [f"of a theme weight of {one.weight:g} at least"] if one.weight else []
    return f"{_rhythm_english(one)}: {', '.join([' '.join(filter(None, parts)), *conditions])}."


def _rhythm_english(one: Wanted) -> str:
    if one.every == "immediate":
        waits = [f"not from {_span(one.quiet, ' to ')} {_zone(one, 'en')}"] if one.quiet else []
        waits += ["not on Chinese public holidays"] if one.skip_holidays else []
        return "As soon as there is news" + (f" ({', '.join(waits)})" if waits else "")
    days = "Every day" if one.every == "daily" else weekdays(one, "en")
    holidays = ["the day after where that is a Chinese public holiday"] if one.skip_holidays else []
    return f"{days} at {one.at} ({', '.join([_zone(one, 'en'), *holidays])})"


def _has_parts(one: Wanted) -> bool:
    """Whether there is anything within the places: the country stands for national policy, and zones hold no places."""
    return any(code != COUNTRY and "-" not in code for code in one.regions)


def _zone(one: Wanted, language: Language) -> str:
    if one.timezone == "Asia/Shanghai":
        return "Beijing time" if language == "en" else "北京时间"
    return one.timezone


def _span(quiet: str, between: str = "—") -> str:
    return between.join(part.strip() for part in quiet.split("-"))


def _few(names: Sequence[str], comma: str, more: str, last: str | None = None) -> str:
    """The first of many with their number; `last` stands before the last of few."""
    if len(names) > FEW:
        return comma.join(names[:FEW]) + more.format(len(names))
    return _and(names, last) if last else comma.join(names)


def _and(names: Iterable[str], word: str = " and ") -> str:
    """a, b and c."""
    listed = list(names)
    return word.join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def _quoted(word: str) -> str:
    return f"“{word}”"
