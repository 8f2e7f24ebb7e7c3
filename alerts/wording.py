"""Facts in a reader's words: 5万亿元, 不低于80%, 到2027年. Values come in base units and go out as newspapers print them."""

from decimal import Decimal

from monitor.store.delivery import Amount, Pending

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
}
# Large steps first; a step is used where the number then reads shorter.
STEPS = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
PERIOD_ENDS = {"12-31": "底", "06-30": "上半年", "03-31": "一季度", "09-30": "三季度"}


def amount_text(amount: Amount, unit: str | None) -> str:
    """不低于3.2万亿元; a programme's status where there is no number; empty where there is neither."""
    if amount.value is None:
        return STATUSES.get(amount.status or "", "")
    number = number_text(Decimal(amount.value))
    if amount.value_high is not None:
        number += f"—{number_text(Decimal(amount.value_high))}"
    return f"{COMPARATORS.get(amount.comparator or '', '')}{number}{unit or ''}"


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


def headline(fact: Pending) -> str:
    """The fact in one line: name, amount, deadline."""
    amount = amount_text(fact.amount, fact.unit)
    when = deadline_text(fact.deadline, fact.recurrence)
    if fact.kind == "programme":
        details = [part for part in (TYPES.get(fact.type or ""), amount) if part]
        return fact.name + (f"（{'·'.join(details)}）" if details else "")
    return " ".join(part for part in (fact.name, amount, f"· {when}" if when else "") if part)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
