"""Reads the outline of a folded text: which line is a heading, how deep, and what it says about the lines under it."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.extract.deadlines import Time
from monitor.extract.quantities import UNIT

NUMBERING = (
    (1, re.compile(r"第[一二三四五六七八九十百]{1,4}(?:章|部分|篇|编)")),
    (2, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百]{1,4}[条节]|【[^】\n]{1,12}】")),
    (4, re.compile(r"[0-9]{1,2}(?:[、]|\.(?![0-9]))|[0-9]\.[0-9](?![0-9])")),
    (5, re.compile(r"[（(][0-9]{1,2}[）)]|[①-⑳]")),
    (6, re.compile(r"[◇◆●■□○▲△★☆·•▪▶►※✅✔✓☑✨📌👉🔹🔸—\-]{1,2}")),
)
# What any of these begins with.
NUMBERED = frozenset("第一二三四五六七八九十（(【0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳◇◆●■□○▲△★☆·•▪▶►※✅✔✓☑✨📌👉🔹🔸—-")
UNNUMBERED = 1
ITEM = 6
LEAD = 3  # 到2027年…： governs the items below it, 1. and deeper, up to the next heading
LONGEST = 45  # a heading is one line
LONGEST_LEAD = 120  # 到2027年，…实现以下目标：
QUESTION = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{1,12}[：:][^。]+$")  # 记者：今年有什么打算？
RUN_IN = re.compile(r"[（(][^（）()\n0-9]{2,16}[）)]|[^。：:，,；;\n]{2,18}[。：:]")
GOAL = re.compile(
    r"目标|任务|指标|打算|安排|展望|愿景|部署|重点工作|要奔|要干|怎么干|这样干|下一步|今后|接下来|未来|方向|要求|举措|措施|行动|工程|力争|计划|要办|将办|新一年"
)
DONE = re.compile(
    r"成绩|回顾|完成情况|成效|去年|上年|答卷|成果|现状|基础(?!设施)|进展|运行|亮点|盘点|总结|账单|过去|背景|成就|家底|数说|发展情况|工作情况|实施情况|执行情况|辉煌|跨越$"
)
# 2025年计划执行情况 tells results.
CARRIED_OUT = re.compile(r"(?:计划|规划|目标|任务|部署|要求)(?=[^，。]{0,4}(?:执行|完成|落实|实施)情况)")
# 新增企业100家: a line with an amount says something and heads nothing.
AMOUNT = re.compile(rf"[0-9百千万亿][0-9.]{{0,8}}(?:[万亿]|(?![年天岁]){UNIT})")
FIGURE = re.compile(rf"[0-9][0-9.]{{0,8}}(?:[万亿]|(?![年天岁]){UNIT})")
SENTENCE_END = re.compile(r"[。；;]")
NAMED = re.compile(r"《[^》]*》")
DIGIT = re.compile(r"[0-9]")
HELP = re.compile(r"怎么[奖补给]|[奖补]多少|奖励|补贴|补助|扶持|奖补|优惠|资助|支持|激励")


class Frame(NamedTuple):
    """What a heading says: +1 goals follow, -1 results follow, 0 neither; the last time it names."""

    level: float  # that of a line ending in ：lies between its own and the next
    tense: int
    time: Time | None
    goal: bool
    help: bool


class Line(NamedTuple):
    start: int
    end: int
    frames: tuple[Frame, ...]  # outermost first
    body: int  # where the text begins behind numbering and a run-in heading
    times: Sequence[Time]  # named in it


def read_lines(text: str, times: Sequence[Time]) -> Iterator[Line]:
    """Yield every line that is no mere heading, with the headings that govern it."""
    stack: tuple[Frame, ...] = ()
    position, cursor = 0, 0
    for line in text.split("\n"):
        length = len(line)
        end = position + length
        here = []
        while cursor < len(times) and times[cursor].start < end:
            here.append(times[cursor])
            cursor += 1
        if line:
            level, marker = _numbering(text, position, end) if line[0] in NUMBERED else (None, position)
            longest = LONGEST_LEAD if line[-1] in "？?" else LONGEST
            if length <= longest and is_heading(text, position, end, level):
                level = level or UNNUMBERED
                stack = (*_above(stack, level), frame_of(text[marker:end] or line, level, here))
            else:
                body = marker
                if level is not None and level != ITEM:
                    body, stack = _run_in(text, marker, end, level, stack, here)
                yield Line(position, end, stack, body, here)
                if line[-1] in "：:" and length <= LONGEST_LEAD:
                    depth = _depth(text, end + 1, level, stack)
                    stack = (*stack, frame_of(line, depth, here))
        position = end + 1


def _depth(text: str, after: int, level: int | None, stack: Sequence[Frame]) -> float:
    """The level of a line ending in ：, just above the numbered items that follow it at once (任务如下：/一、…/二、…)."""
    above = max(stack[-1].level if stack else 0, level or 0)
    items, _ = _numbering(text, after, min(len(text), after + 8))
    return items - 0.5 if items and above < items - 0.5 else max(above, LEAD) + 0.5


def is_heading(text: str, start: int, end: int, level: int | None) -> bool:
    """A short line of its own without the end of a sentence; a bullet is an item, not a heading."""
    ends = "。；;，,、！!：:" if level else "。；;，,、！!？?：:"  # 二、主要目标有哪些？
    if level is None and text[end - 1] in "？?":
        return QUESTION.match(text, start, end) is not None and not AMOUNT.search(text, start, end)
    if level == ITEM or text[end - 1] in ends:
        return False
    line = text[start:end]
    if level is None:
        return not SENTENCE_END.search(line) and not AMOUNT.search(line)
    return level <= 4 and "，" not in line and not FIGURE.search(line)


def frame_of(line: str, level: float, times: Sequence[Time]) -> Frame:
    named = [time for time in times if time.role in ("due", "period")]  # a byline's day is no deadline
    line = NAMED.sub("", line)  # 《行动方案》出台的背景是什么
    line = CARRIED_OUT.sub("", line)
    goal, done = bool(GOAL.search(line)), bool(DONE.search(line))
    tense = (1 if goal else 0) - (1 if done else 0)
    return Frame(level, tense, named[-1] if named else None, goal, bool(HELP.search(line)))


def _numbering(text: str, start: int, end: int) -> tuple[int | None, int]:
    for level, pattern in NUMBERING:
        if found := pattern.match(text, start, end):
            return level, found.end()
    return None, start


def _above(stack: Sequence[Frame], level: int) -> tuple[Frame, ...]:
    return tuple(frame for frame in stack if frame.level < level)


def _run_in(
    text: str, marker: int, end: int, level: int, stack: tuple[Frame, ...], times: Sequence[Time]
) -> tuple[int, tuple[Frame, ...]]:
    """A numbered paragraph may open with its own heading: 第一条 发展目标。到2028年…"""
    stack = _above(stack, level)
    if text[marker - 1] == "】":  # 【新基建】5G基站…: the label is the heading
        return marker, (*stack, frame_of(text[text.rfind("【", 0, marker) : marker], level, ()))
    found = RUN_IN.match(text, marker, end)
    if not found or found.end() >= end:
        return marker, stack
    inside = [time for time in times if time.end <= found.end()]
    plain = text[marker : inside[0].start] + text[inside[-1].end : found.end()] if inside else found.group()
    if DIGIT.search(plain):  # a sentence with a number of its own is no heading
        return marker, stack
    return found.end(), (*stack, frame_of(found.group(), level, inside))
