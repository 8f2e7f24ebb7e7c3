"""The sets of characters that are asked before a pattern, because asking them is cheap: none may be out of step with its pattern.

Each set is derived here from the patterns it stands for, through the tree that `re` reads them as.
"""

import random
import re
from collections.abc import Iterable, Iterator
from re import _constants as ops  # type: ignore[attr-defined]  # the names that the tree uses
from re import _parser as parser  # type: ignore[attr-defined]  # ships no types
from typing import Any

import pytest

from monitor import canonical
from monitor.extract import assertion, deadlines, layout, masks, metrics, names, quantities

Node = tuple[Any, Any]  # an operator of the tree and what it works on
EVERY = frozenset(map(chr, range(0x20, 0x10000))) | {"\n"}


def edge(nodes: Iterable[Node], *, last: bool) -> tuple[frozenset[str], bool]:
    """The characters that a match of these nodes may begin with, or end in, and whether it may be empty."""
    found: frozenset[str] = frozenset()
    for node in reversed(list(nodes)) if last else nodes:
        characters, empty = edge_of(node, last=last)
        found |= characters
        if not empty:
            return found, False
    return found, True


def edge_of(node: Node, *, last: bool) -> tuple[frozenset[str], bool]:
    kind, value = node
    match kind, value:
        case ops.LITERAL, int(code):
            return frozenset(chr(code)), False
        case ops.NOT_LITERAL, int(code):
            return EVERY - {chr(code)}, False
        case ops.ANY, _:
            return EVERY - {"\n"}, False
        case ops.IN, members:
            return frozenset(members_of(members)), False
        case ops.BRANCH, (_, branches):
            edges = [edge(branch, last=last) for branch in branches]
            return frozenset().union(*(one for one, _ in edges)), any(empty for _, empty in edges)
        case ops.SUBPATTERN, (_, _, _, inside):
            return edge(inside, last=last)
        case ((ops.MAX_REPEAT | ops.MIN_REPEAT | ops.POSSESSIVE_REPEAT), (least, _, inside)):
            characters, empty = edge(inside, last=last)
            return characters, empty or least == 0
        case ((ops.AT | ops.ASSERT | ops.ASSERT_NOT), _):
            return frozenset(), True
    raise AssertionError(f"no rule for {kind}")


def members_of(members: Iterable[Node]) -> Iterator[str]:
    members = list(members)
    if members[0][0] is ops.NEGATE:
        yield from EVERY - frozenset(members_of(members[1:]))
        return
    for kind, value in members:
        match kind, value:
            case ops.LITERAL, int(code):
                yield chr(code)
            case ops.RANGE, (first, final):
                yield from map(chr, range(first, final + 1))
            case _:
                raise AssertionError(f"no rule for {kind}")


def heads(*patterns: re.Pattern[str]) -> frozenset[str]:
    return frozenset().union(*(edge(parser.parse(one.pattern, one.flags), last=False)[0] for one in patterns))


def tails(*patterns: re.Pattern[str]) -> frozenset[str]:
    return frozenset().union(*(edge(parser.parse(one.pattern, one.flags), last=True)[0] for one in patterns))


def asked(pattern: re.Pattern[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a pattern looks ahead for, and the rest of it."""
    found = re.search(r"\(\?=((?:[^()\[\]]|\[(?:[^\]\\]|\\.)+\])+)\)", pattern.pattern)
    assert found is not None
    return re.compile(found[1]), re.compile(pattern.pattern[found.end() :])


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (frozenset(assertion.BEGINS), heads(*(re.compile(pattern) for _, pattern in assertion.CUES))),
        (assertion.LOOKS_BACK, heads(assertion.LOOKING_BACK)),
        (layout.NUMBERED, heads(*(pattern for _, pattern in layout.NUMBERING))),
        (heads(quantities.QUALIFIERS), heads(quantities.BEFORE, quantities.DOWN_TO, quantities.OF_WHAT)),
        (quantities.CLASSES, heads(quantities.CLASS)),
        (quantities.RANGE, heads(quantities.SECOND)),
        (heads(asked(masks.LINE)[0]), heads(masks.NUMBERING, masks.BELOW)),
        (
            deadlines.FOLLOWING,
            heads(deadlines.SIDE, deadlines.STARTING, deadlines.BASIS, deadlines.SAME_TIME),
        ),
        *[tuple(heads(part) for part in asked(pattern)) for pattern in (quantities.NUMBER, metrics.TAIL)],
        # `$` allows the end of a line behind the words.
        (deadlines.LEADING, tails(deadlines.TOWARD, deadlines.COMPARED) | {"\n"}),
        (canonical.ENDS, tails(canonical.ENDING)),
    ],
    ids=[
        "cues",
        "looking back",
        "numbering",
        "qualifiers",
        "classes",
        "ranges",
        "lines",
        "behind times",
        "numbers",
        "behind names",
        "before times",
        "endings",
    ],
)
def test_a_set_holds_what_its_patterns_begin_or_end_with(known: frozenset[str], wanted: frozenset[str]) -> None:
    assert sorted(wanted - known) == []
    assert sorted(known - wanted) == []


def test_a_draft_mark_holds_one_of_its_words() -> None:
    alternatives = re.search(r"\(\?:([^()?]+)\)\[\^", names.DRAFT.pattern)
    assert alternatives is not None
    assert all(any(word in one for word in names.DRAFTS) for one in alternatives[1].split("|"))


TIMES: tuple[str, ...] = (
    "2026",
    "2028年",
    "12",
    "3",
    "前",
    "第",
    "个月",
    "季度",
    "用",
    "在",
    "力争",
    "年内",
    "年",
    "月",
    "1-",
    "—",
    "至",
    "今年",
    "上半年",
)
TIMES += (
    "年底",
    "近",
    "家",
    "，",
    "去年",
    "全年",
    "每年",
    "“十四五”",
    "怎么",
    "目标",
    "十",
    "一",
    "五",
    "目前",
    "逐年",
    "未来",
)
NUMBERS = tuple("0123456789〇零一二两三四五六七八九十百千万亿翻点成多余几至到—-番倍了百分之个家元吨%，.")


@pytest.mark.parametrize(
    ("begun", "whole", "words"),
    [(deadlines.BEGUN, deadlines.TIME, TIMES), (quantities.BEGUN, quantities.NUMBER, NUMBERS)],
    ids=["times", "numbers"],
)
def test_whatever_matches_is_seen_to_begin(
    begun: re.Pattern[str], whole: re.Pattern[str], words: tuple[str, ...]
) -> None:
    dice = random.Random(7)  # noqa: S311  # the same rows of words each time
    texts = ["".join(dice.choices(words, k=dice.randint(1, 8))) for _ in range(20_000)]
    matched = [(text, place) for text in texts for place in range(len(text)) if whole.match(text, place)]
    assert matched
    assert [(text, place) for text, place in matched if not begun.match(text, place)] == []
