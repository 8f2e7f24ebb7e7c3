"""Facts in a reader's words: 5万亿元, 不低于80%, 到2027年. Values come in base units and go out as newspapers print them.

The English words stand in wording_english.py; what both say alike stands here.
"""

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from monitor.events import progress
from monitor.store.pending import Amount, Pending
from monitor.store.series import Point

COMPARATORS = {"ge": "不低于", "gt": "超过", "le": "不超过", "lt": "低于", "approx": "约"}
TYPES = {
    "action": "行动",
    "plan": "计划",
    "project": "工程",
    "document": "文件",
    "mechanism": "机制",
    "framework": "体系",
    "campaign": "活动",
    "fund": "基金",
}
STATUSES = {
    "draft": "征求意见",
    "issued": "已印发",
    "launched": "启动",
    "ongoing": "推进中",
    "planned": "拟出台",
    "redraft": "修订征求意见",
    "amended": "已修订",
    "repealed": "已废止",
    "ended": "已结束",
}
UNKNOWN_STATUS = "状态未明"
CORRECTED = "更正：以此为准，引文为原文"
SUPPORT = "扶持"
SEEKS = "争创"  # of a status that is to be won
# Control characters, and those that turn the direction of what follows: a page's title must not rearrange the mail.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
LONG_NAME = 22  # characters of a name that a subject line bears
# Large steps first; a step is used where the number then reads shorter.
STEPS = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
LONGEST = 10**5  # of a value of a series
PERIOD_ENDS = {"12-31": "底", "06-30": "上半年", "03-31": "一季度", "09-30": "三季度"}


def amount_text(amount: Amount, unit: str | None) -> str:
    """不低于3.2万亿元; a programme's status where there is no number; empty where there is neither."""
    if amount.value is None:
        return STATUSES.get(amount.status or "", "")
    return comparator_text(amount) + figure_text(amount, unit)


def comparator_text(amount: Amount) -> str:
    """不低于, 约, or nothing."""
    return COMPARATORS.get(amount.comparator or "", "")


def figure_text(amount: Amount, unit: str | None) -> str:
    """3.2万亿元, 2—3条: the number as it stands out. Empty where there is none."""
    if amount.value is None:
        return ""
    number = number_text(Decimal(amount.value))
    if amount.value_high is not None:
        number += f"—{number_text(Decimal(amount.value_high))}"
    return f"{number}{unit or ''}"


def number_text(value: Decimal) -> str:
    """5000000000000 -> 5万亿, 16000 -> 1.6万, 1300 -> 1300, 52.3 -> 52.3."""
    for step, name in STEPS:
        scaled = value / step
        if scaled >= 1 and len(_plain(scaled)) < len(_plain(value)):
            return _plain(scaled) + name
    return _plain(value)


def deadline_text(deadline: str | None, recurrence: str | None) -> str:
    """到2027年底, 2026年上半年, 2026年11月30日前; 每年 for what recurs."""
    parts = ["每年"] if recurrence == "yearly" else []
    if deadline:
        year, rest = deadline[:4], deadline[5:]
        if rest in PERIOD_ENDS:
            parts.append(f"到{year}年底" if rest == "12-31" else f"{year}年{PERIOD_ENDS[rest]}")
        elif len(rest) == 5:
            parts.append(f"{year}年{int(rest[:2])}月{int(rest[3:])}日前")
        else:
            parts.append(f"到{year}年" + (f"{int(rest)}月" if rest else ""))
    return "，".join(parts)


def when_text(fact: Pending) -> str:
    """到2027年底 for what is promised, 截至2026年10月31日 for what is reached."""
    when = deadline_text(fact.deadline, fact.recurrence)
    if fact.assertion != "actual" or not when.endswith(("年", "月", "底", "前")):
        return when
    return f"截至{when.removeprefix('到').removesuffix('前')}"


def headline(fact: Pending) -> str:
    """The fact in one line: name, amount, deadline."""
    amount = amount_text(fact.amount, fact.unit)
    when = when_text(fact)
    if fact.kind == "programme":
        details = [part for part in (TYPES.get(fact.type or ""), amount) if part]
        return fact.name + (f"（{'·'.join(details)}）" if details else "")
    return " ".join(part for part in (fact.name, amount, f"· {when}" if when else "") if part)


def change(fact: Pending) -> str:
    """What happened, in one line: 原：600亿元 → 现：700亿元, 状态：征求意见 → 已印发, 进展：已完成80%（目标：6000家，到2027年底）, 说法不一：…;
    empty for what is new."""
    if fact.beside is None:
        return CORRECTED if fact.corrected else ""
    old, new = _told(fact.beside.amount, fact.beside.deadline, fact), _told(fact.amount, fact.deadline, fact)
    if fact.event == "status":
        return f"状态：{old or UNKNOWN_STATUS} → {new or UNKNOWN_STATUS}"
    if fact.event == "result":
        return f"进展：{_progress(fact, fact.beside.amount)}（目标：{old}）"
    if fact.event == "contradicted":
        teller = one_line(fact.beside.report.publisher if fact.beside.report else None)
        return f"说法不一：此处{new}，{teller or '另一来源'}称{old}"
    return f"{'更正，' if fact.event == 'corrected' else ''}原：{old} → 现：{new}"


def scale(values: Iterable[str], unit: str | None) -> tuple[Decimal, str]:
    """By what all values are divided to be written short, and what they are counted in then: 100000000, 亿元."""
    step, name = common_step(values, STEPS)
    return step, f"{name}{unit or ''}"


def common_step(values: Iterable[str], steps: Sequence[tuple[Decimal, str]]) -> tuple[Decimal, str]:
    """The large step that all values reach; a larger one where the greatest would still have more than five digits."""
    numbers = [abs(Decimal(value)) for value in values]
    fitting = [one for one in (*steps, (Decimal(1), "")) if max(numbers) < one[0] * LONGEST]
    return next((one for one in fitting if min(numbers) >= one[0]), fitting[-1] if fitting else steps[0])


def series_text(series: Sequence[Point], unit: str | None) -> str:
    """历年（亿元）：2024年500（完成）、2026年600、2028年800."""
    step, counted = scale((point.value for point in series), unit)
    told = "、".join(
        f"{point.year}年{scaled_text(point, step)}{'（完成）' if point.reached else ''}" for point in series
    )
    return f"历年（{counted}）：{told}" if counted else f"历年：{told}"


def scaled_text(point: Point, step: Decimal) -> str:
    """A value of a series as it is written in text and picture: three figures tell enough."""
    value = Decimal(point.value) / step
    return _plain(round(value, 2 if value < 10 else 1) if value < 100 else value.to_integral_value())


def _told(amount: Amount, deadline: str | None, fact: Pending) -> str:
    """A version's figure, with its year where the versions differ in it."""
    when = deadline_text(deadline, None) if deadline and differ_in_year(fact) else ""
    return "，".join(part for part in (amount_text(amount, fact.unit), when) if part)


def _progress(fact: Pending, target: Amount) -> str:
    share = reached(fact, target)
    return f"已完成{share}%" if share is not None else f"实际{amount_text(fact.amount, fact.unit)}"


def reached(fact: Pending, target: Amount) -> int | None:
    """How much of its target a result reaches, in per cent."""
    if fact.amount.value is None or target.value is None:
        return None
    return progress(Decimal(fact.amount.value), Decimal(target.value), fact.unit, target.comparator)


def differ_in_year(fact: Pending) -> bool:
    """Whether the two versions that are told beside each other have to name their years."""
    return fact.beside is not None and (fact.event == "result" or fact.beside.deadline != fact.deadline)


def one_line(text: str | None) -> str:
    """What a page calls something, fit for a header and for one line of a mail."""
    return " ".join(bare(text or "").split())


def bare(text: str) -> str:
    """The text without characters that nobody sees and that change how the rest is shown."""
    return text if text.isprintable() else CONTROLS.sub("", text)


def quotation_marks(sentence: str) -> tuple[str, str]:
    """What a sentence is quoted with: “ and ”, but 「 and 」 around one that has quotes of its own, which stay as printed."""
    return ("「", "」") if "“" in sentence or "”" in sentence else ("“", "”")


def quoted(sentence: str) -> str:
    return sentence.join(quotation_marks(sentence))


def short_name(fact: Pending) -> str:
    """The name as far as a subject line bears it."""
    name = one_line(fact.name)
    return name if len(name) <= LONG_NAME else f"{name[: LONG_NAME - 1]}…"


def teaser(fact: Pending) -> str:
    """The fact as short as a subject line wants it: 低空经济产业规模600亿元（到2028年底）."""
    short = short_name(fact)
    if fact.kind == "programme":
        status = STATUSES.get(fact.amount.status or "", "")
        return f"{short}（{status}）" if status else short
    amount = amount_text(fact.amount, fact.unit)
    if fact.event == "result" and fact.beside:
        return f"{short}{amount}（{_progress(fact, fact.beside.amount)}）"
    becomes = "更正为" if fact.event == "corrected" else "改为"
    if fact.previous and fact.beside and fact.beside.deadline != fact.deadline:
        before, now = deadline_text(fact.beside.deadline, None), deadline_text(fact.deadline, None)
        return f"{short}{amount}的时限由{before}{becomes}{now}"
    if fact.previous:
        return f"{short}由{amount_text(fact.previous, fact.unit)}{becomes}{amount}"
    when = when_text(fact)
    return short + amount + (f"（{when}）" if when else "")


def weight(fact: Pending) -> float:
    """How much a fact tells beside others: a change before news, great sums before small ones, promises before offers."""
    score = 4.0 if fact.previous or fact.event == "contradicted" else 0.0
    if fact.kind == "programme":
        return score + (1.5 if fact.amount.status in ("issued", "draft") else 0.5)
    score += 1.0 if fact.deadline else 0.0
    score -= 2.0 if fact.assertion == "support" else 0.0
    if fact.kind == "designation":
        return score + 1.5
    value = float(fact.amount.value or 0)
    return score + (math.log10(max(value, 1.0)) / 4 if fact.unit == "元" else 0.3)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
