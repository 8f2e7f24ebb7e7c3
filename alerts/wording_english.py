"""Facts in English words around their Chinese names: RMB 3.2 trillion, at least 80%, by the end of 2027."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from alerts import wording
from monitor.store.pending import Amount, Pending
from monitor.store.series import Point

COMPARATORS: Final = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "approx": "about"}
TYPES: Final[Mapping[str, str]] = {
    "action": "action",
    "plan": "plan",
    "project": "project",
    "document": "document",
    "mechanism": "mechanism",
    "framework": "framework",
    "campaign": "campaign",
    "fund": "fund",
}
STATUSES: Final[Mapping[str, str]] = {
    "draft": "draft for comment",
    "issued": "issued",
    "launched": "launched",
    "ongoing": "under way",
    "planned": "announced",
    "redraft": "amendment for comment",
    "amended": "amended",
    "repealed": "repealed",
    "ended": "ended",
}
UNKNOWN_STATUS: Final = "status unknown"
CORRECTED: Final = "Corrected: this counts, the quote is as printed"
SUPPORT: Final = "support"
SEEKS: Final = "sought"
MONEY: Final = {
    "元": "RMB",
    "元人民币": "RMB",
    "美元": "USD",
    "欧元": "EUR",
    "港元": "HKD",
    "日元": "JPY",
    "英镑": "GBP",
}
# What English counts without a word for it: a hundred firms are 100 beside their name.
COUNTED: Final = frozenset(
    "家个名位户项座条处所套台件辆架艘颗场种类款支对组间栋幢枚块片口部列宗笔例册篇张只头班床株尾盏桩席根棵"
)
UNITS: Final[Mapping[str, str]] = {
    "人": "people", "人次": "visits", "平方公里": "km²", "平方千米": "km²", "平方米": "m²", "公顷": "hectares", "亩": "mu",
    "公里": "km", "千米": "km", "立方米": "m³", "吨": "tonnes", "吨标准煤": "tonnes of coal equivalent", "公斤": "kg",
    "千克": "kg", "微克/立方米": "µg/m³", "微克每立方米": "µg/m³", "千瓦时": "kWh", "兆瓦时": "MWh", "千瓦": "kW", "兆瓦": "MW",
    "吉瓦": "GW", "标箱": "TEU", "标准箱": "TEU", "个百分点": "percentage points", "百分点": "percentage points",
    "倍": "times", "架次": "flights", "个工作日": "working days", "工作日": "working days", "小时": "hours", "分钟": "minutes",
    "毫秒": "milliseconds", "年": "years", "天": "days", "次": "times", "度电": "kWh",
}  # fmt: skip
STEPS: Final = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
PERIODS: Final = {
    "12-31": "by the end of {}",
    "06-30": "by the middle of {}",
    "03-31": "by the end of March {}",
    "09-30": "by the end of September {}",
}
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def amount_text(amount: Amount, unit: str | None) -> str:
    """At least RMB 3.2 trillion; a programme's status where there is no number; empty where there is neither."""
    if amount.value is None:
        return STATUSES.get(amount.status or "", "")
    return " ".join(filter(None, (comparator_text(amount), figure_text(amount, unit))))


def comparator_text(amount: Amount) -> str:
    return COMPARATORS.get(amount.comparator or "", "")


def figure_text(amount: Amount, unit: str | None) -> str:
    """RMB 3.2 trillion, 2–3, 80%: the number as it stands out. Empty where there is none."""
    if amount.value is None:
        return ""
    number = number_text(Decimal(amount.value))
    if amount.value_high is not None:
        number += f"–{number_text(Decimal(amount.value_high))}"
    if unit in MONEY:
        return f"{MONEY[unit]} {number}"
    if unit is None or unit in COUNTED:
        return number
    return f"{number}{unit}" if unit in ("%", "‰") else f"{number} {UNITS.get(unit, unit)}"


def number_text(value: Decimal) -> str:
    """5000000000000 -> 5 trillion, 16000 -> 16,000, 52.3 -> 52.3."""
    for step, name in STEPS:
        if abs(value) >= step:
            return f"{_plain(value / step)} {name}"
    return _plain(value)


def deadline_text(deadline: str | None, recurrence: str | None) -> str:
    """By the end of 2027, by 30 November 2026; every year for what recurs."""
    parts = ["every year"] if recurrence == "yearly" else []
    if deadline:
        year, rest = deadline[:4], deadline[5:]
        if rest in PERIODS:
            parts.append(PERIODS[rest].format(year))
        elif len(rest) == 5:
            parts.append(f"by {int(rest[3:])} {MONTHS[int(rest[:2]) - 1]} {year}")
        else:
            parts.append(f"by {MONTHS[int(rest) - 1]} {year}" if rest else f"by {year}")
    return ", ".join(parts)


def when_text(fact: Pending) -> str:
    """By the end of 2027 for what is promised, as of 31 October 2026 for what is reached."""
    when = deadline_text(fact.deadline, fact.recurrence)
    return f"as of {when.removeprefix('by ')}" if fact.assertion == "actual" and when.startswith("by ") else when


def headline(fact: Pending) -> str:
    """The fact in one line: name, amount, deadline."""
    amount = amount_text(fact.amount, fact.unit)
    if fact.kind == "programme":
        details = [part for part in (TYPES.get(fact.type or ""), amount) if part]
        return fact.name + (f" ({', '.join(details)})" if details else "")
    told = " ".join(part for part in (amount, when_text(fact)) if part)
    return ": ".join(part for part in (fact.name, told) if part)


def change(fact: Pending) -> str:
    """What happened, in one line: Before: RMB 60 billion → now: RMB 70 billion; empty for what is new."""
    if fact.beside is None:
        return CORRECTED if fact.corrected else ""
    old, new = _told(fact.beside.amount, fact.beside.deadline, fact), _told(fact.amount, fact.deadline, fact)
    if fact.event == "status":
        return f"Status: {old or UNKNOWN_STATUS} → {new or UNKNOWN_STATUS}"
    if fact.event == "result":
        return f"Progress: {_progress(fact, fact.beside.amount)} (target: {old})"
    if fact.event == "contradicted":
        teller = wording.one_line(fact.beside.report.publisher if fact.beside.report else None)
        return f"Sources differ: {new} here, {old} in {teller or 'another source'}"
    return f"{'Correction. ' if fact.event == 'corrected' else ''}Before: {old} → now: {new}"


def teaser(fact: Pending) -> str:
    """The fact as short as a subject line wants it: 低空经济产业规模 RMB 60 billion by the end of 2028."""
    short = wording.short_name(fact)
    if fact.kind == "programme":
        status = STATUSES.get(fact.amount.status or "", "")
        return f"{short} ({status})" if status else short
    amount = amount_text(fact.amount, fact.unit)
    if fact.event == "result" and fact.beside:
        return f"{short} {amount} ({_progress(fact, fact.beside.amount)})"
    if fact.previous and fact.beside and fact.beside.deadline != fact.deadline:
        moved = (deadline_text(one, None) for one in (fact.beside.deadline, fact.deadline))
        return f"{short} {amount}: {' → '.join(moved)}"
    if fact.previous:
        return f"{short} {amount_text(fact.previous, fact.unit)} → {amount}"
    return " ".join(part for part in (short, amount, when_text(fact)) if part)


def scale(values: Iterable[str], unit: str | None) -> tuple[Decimal, str]:
    """By what all values are divided to be written short, and what they are counted in then: 1000000000, RMB billion."""
    step, name = wording.common_step(values, STEPS)
    counted = "" if unit in COUNTED else MONEY.get(unit or "", UNITS.get(unit or "", unit or ""))
    return step, " ".join(part for part in ((counted, name) if unit in MONEY else (name, counted)) if part)


def series_text(series: Sequence[Point], unit: str | None) -> str:
    """Over the years (RMB billion): 2024 50 (reached), 2026 60, 2028 80."""
    step, counted = scale((point.value for point in series), unit)
    told = ", ".join(
        f"{point.year}: {wording.scaled_text(point, step)}{' (reached)' if point.reached else ''}" for point in series
    )
    return f"Over the years ({counted}): {told}" if counted else f"Over the years: {told}"


def _told(amount: Amount, deadline: str | None, fact: Pending) -> str:
    """A version's figure, with its year where the versions differ in it."""
    when = deadline_text(deadline, None) if deadline and wording.differ_in_year(fact) else ""
    return " ".join(part for part in (amount_text(amount, fact.unit), when) if part)


def _progress(fact: Pending, target: Amount) -> str:
    reached = wording.reached(fact, target)
    return f"{reached}% reached" if reached is not None else f"{amount_text(fact.amount, fact.unit)} reached"


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
