"""What sites do to a text that they take over: frames, cuts, other lines, another title, another print, spun words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from benchmarks.replay.language import phrases
from benchmarks.replay.spinning import spin

SHORTEST = 180  # characters of an excerpt
SPUN = (0.05, 0.30)  # share of the words that a spinner replaces
COUNT = re.compile(r"(?<![\d.])(\d{1,3}?)(\d{3})(?![\d.年—])")  # 6500家, no year
FIGURE = re.compile(r"(?<=[\u4e00-\u9fff])(\d[\d.]*)(?=[\u4e00-\u9fff%])")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NARROW = str.maketrans("，：；？！（）", ",:;?!()")


@dataclass(slots=True)
class Copy:
    """A text on its way through another site's hands."""

    title: str
    paragraphs: list[str]
    publisher: str  # whom the copy credits
    edits: list[str] = field(default_factory=list)
    spun: Mapping[str, str] = field(default_factory=dict)
    spun_share: float = 0.0

    @property
    def length(self) -> int:
        return sum(map(len, self.paragraphs))


def edit(dice: Random, copy: Copy) -> None:
    """Change the copy as one site would: one thing that marks it, and often a frame or another title as well."""
    marks: dict[str, float] = {"same": 12, "framed": 28, "excerpt": 17, "relined": 14, "spun": 20, "reprinted": 9}
    (mark,) = dice.choices(list(marks), list(marks.values()))
    if mark == "spun" and dice.random() < 0.1:
        _excerpt(dice, copy)
    _EDITS[mark](dice, copy)
    copy.edits.append(mark)
    for name, chance in (("framed", 0.35), ("retitled", 0.25)):
        if name not in copy.edits and mark != "same" and dice.random() < chance:
            _EDITS[name](dice, copy)
            copy.edits.append(name)


def _same(dice: Random, copy: Copy) -> None:
    """Word for word."""


def _framed(dice: Random, copy: Copy) -> None:
    """Lines above and below."""
    stock = phrases()
    slots = {"publisher": copy.publisher, "title": copy.title, "reporter": dice.choice(stock["reporters"])}
    for _ in range(dice.randint(0, 2)):
        copy.paragraphs.insert(0, dice.choice(stock["headers"]).format_map(slots))
    for _ in range(dice.randint(1, 3)):
        copy.paragraphs.append(dice.choice(stock["footers"]).format_map(slots))


def _excerpt(dice: Random, copy: Copy) -> None:
    """The beginning, or beginning and some of the rest in order, down to two fifths of the text."""
    wanted = max(SHORTEST, dice.uniform(0.4, 0.75) * copy.length)
    kept = {0, 1} if len(copy.paragraphs[0]) < 60 else {0}
    rest = list(range(len(copy.paragraphs)))
    if dice.random() < 0.5:
        dice.shuffle(rest)
    for index in rest:
        if sum(len(copy.paragraphs[one]) for one in kept) >= wanted:
            break
        kept.add(index)
    copy.paragraphs = [copy.paragraphs[index] for index in sorted(kept)]
    if dice.random() < 0.4:
        copy.paragraphs.append(dice.choice(("（节选）", "……", "点击查看全文", "（下略）")))


def _relined(dice: Random, copy: Copy) -> None:
    """All in a few paragraphs, or each sentence on a line of its own."""
    if dice.random() < 0.5:
        size = dice.randint(2, max(2, len(copy.paragraphs)))
        copy.paragraphs = [
            "".join(copy.paragraphs[start : start + size]) for start in range(0, len(copy.paragraphs), size)
        ]
    else:
        copy.paragraphs = [one for text in copy.paragraphs for one in re.split(r"(?<=。)(?!”)", text) if one]


def _retitled(dice: Random, copy: Copy) -> None:
    stock = phrases()
    if dice.random() < 0.5:
        copy.title = dice.choice(stock["title_before"]) + copy.title
    else:
        copy.title += dice.choice(stock["title_after"])


def _reprinted(dice: Random, copy: Copy) -> None:
    """Full-width digits, marks of thousands, blanks around figures, half-width marks."""
    change: Callable[[str], str] = dice.choice(
        (
            lambda text: text.translate(WIDE),
            lambda text: COUNT.sub(r"\1,\2", text),
            lambda text: FIGURE.sub(r" \1 ", text),
            lambda text: text.translate(NARROW),
        )
    )
    copy.paragraphs = [change(one) for one in copy.paragraphs]
    copy.title = change(copy.title)


def _spun(dice: Random, copy: Copy) -> None:
    texts, copy.spun, copy.spun_share = spin(dice, [copy.title, *copy.paragraphs], dice.uniform(*SPUN))
    copy.title, *copy.paragraphs = texts


_EDITS: Mapping[str, Callable[[Random, Copy], None]] = {
    "same": _same,
    "framed": _framed,
    "excerpt": _excerpt,
    "relined": _relined,
    "retitled": _retitled,
    "reprinted": _reprinted,
    "spun": _spun,
}
