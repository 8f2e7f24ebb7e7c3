"""Reads tables that a page flattened into lines: one row a line with cells kept apart by blanks, or one cell a line.

Works on the text as printed, because folding drops the blanks between cells. A table is believed only with a header that
names years, or results and aims; each value cell becomes one fact of its row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.domain import Assertion, Evidence, Quantity
from monitor.extract.deadlines import Published, Time, find_times
from monitor.extract.quantities import LARGE, Amount, find_amounts
from monitor.extract.spans import Spans
from monitor.text import WIDTH

CELLS = re.compile(r"[^\t|｜　]+")
BLANKS = re.compile(r"[^ \t|｜　]+")
NAME = re.compile(
    r"(?:主要|核心|具体|重点|发展)?(?:指标|项目|名称|内容|类别|领域|任务|事项|产业|行业)(?:名称|类别|内容)?"
)
UNIT = re.compile(r"(?:计量)?单位")
OTHER = re.compile(r"序号|属性|性质|类型|备注|责任(?:单位|部门)|牵头(?:单位|部门)|指标(?:属性|性质|类型)")
AIMED = re.compile(r"目标|规划|计划|预期|任务")
REACHED = re.compile(r"实际|完成|现状|现有|基期|基准|基数|基础值|实绩|已达")
FORESEEN = re.compile(r"预计|预期")  # 2025年预计 in a table of 2025: how the year will end
SAID = re.compile(r"((?:20[0-9]{2}年?[、和及与]?){1,6})(?:均?为)?(实际|完成|现状|基期|规划|目标|预期|计划)")
GROWTH = re.compile(r"(?:年均)?(?:增速|增长|增幅)")
IN_NAME = re.compile(r"[（(]([^（）()\d]{1,8})[）)]$")
BOUND = re.compile(r"(左右|以上|以下|以内)$")
HEADER = re.compile(rf"\n(?:[^\S\n]|[|｜])*+(?:{NAME.pattern}|{OTHER.pattern})")
WIDEST, LONGEST_CELL = 12, 40
BARREN = 12  # rows without a fact under what looks like a header: it heads no table


class Cell(NamedTuple):
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    assertion: Assertion
    time: Time | None
    growth: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines `first` to `last` of the text (inclusive) hold the table; its facts are ready."""

    first: int
    last: int
    facts: tuple[Quantity, ...]


def find_grids(printed: str, published: Published | None) -> Iterator[Grid]:
    """Yield the tables of a printed text; none in ordinary prose, whose lines hold no header."""
    if ("年" not in printed and "目标" not in printed) or not HEADER.search(f"\n{printed}"):
        return
    lines = _lines(printed)
    index = 0
    while index < len(lines):
        grid = _rows(printed, lines, index, published) or _cells(printed, lines, index, published)
        if grid is not None:
            yield grid
        index = grid.last + 1 if grid is not None else index + 1


def _lines(printed: str) -> list[Cell]:
    position, lines = 0, []
    for line in printed.split("\n"):
        lines.append(Cell(position, position + len(line), line))
        position += len(line) + 1
    return lines


def _rows(printed: str, lines: Sequence[Cell], index: int, published: Published | None) -> Grid | None:
    """A header line with at least three cells, then rows of as many cells."""
    if not _may_head(lines[index].text):
        return None
    header = _split(lines[index])
    columns = _columns([cell.text for cell in header], _caption(lines, index), published)
    if columns is None:
        return None
    facts: list[Quantity] = []
    last = index
    while last + 1 < len(lines) and len(row := _split(lines[last + 1])) == len(header):
        if not facts and last - index >= BARREN:
            return None
        facts.extend(_facts(printed, header, row, columns))
        last += 1
    return Grid(index, last, tuple(facts)) if facts else None


def _cells(printed: str, lines: Sequence[Cell], index: int, published: Published | None) -> Grid | None:
    """A header of one cell a line, from 指标 on, then as many lines for each row."""
    if not (NAME.fullmatch(lines[index].text.strip()) or lines[index].text.strip() == "序号"):
        return None
    width = 1
    while index + width < len(lines) and width < WIDEST and _heads(lines[index + width].text.strip()):
        width += 1
    header = [_stripped(line) for line in lines[index : index + width]]
    columns = _columns([cell.text for cell in header], _caption(lines, index), published) if width >= 2 else None
    if columns is None:
        return None
    facts: list[Quantity] = []
    last = index + width - 1
    while last + width < len(lines):
        row = [_stripped(line) for line in lines[last + 1 : last + 1 + width]]
        found = (
            list(_facts(printed, header, row, columns))
            if all(0 < len(cell.text) <= LONGEST_CELL for cell in row)
            else []
        )
        if not found:
            break
        facts.extend(found)
        last += width
    return Grid(index, last, tuple(facts)) if facts else None


def _may_head(line: str) -> bool:
    return (
        5 <= len(line) <= 120
        and "。" not in line
        and ("20" in line or "目标" in line or "完成" in line)
        and _heads_first(line)
    )


def _heads_first(line: str) -> bool:
    first = BLANKS.search(line)
    return bool(first and (NAME.fullmatch(first.group()) or OTHER.fullmatch(first.group())))


def _heads(text: str) -> bool:
    return bool(
        text and len(text) <= 16 and "。" not in text
        and (UNIT.fullmatch(text) or OTHER.fullmatch(text) or NAME.fullmatch(text) or _is_value_head(text))
    )  # fmt: skip


def _is_value_head(text: str) -> bool:
    return bool(
        re.match(r"(?:19|20)[0-9]{2}年?|“?十[三四五六]五”?", text)
        or AIMED.search(text)
        or REACHED.search(text)
        or GROWTH.search(text)
    )


def _split(line: Cell) -> list[Cell]:
    """Cells kept apart by tabs, bars or wide blanks; by any blank where a line has no other."""
    pattern = CELLS if re.search(r"[\t|｜　]", line.text) else BLANKS
    if pattern is BLANKS and "  " not in line.text and line.text.count(" ") > WIDEST:
        return []
    cells = [
        Cell(line.start + found.start(), line.start + found.end(), found.group())
        for found in pattern.finditer(line.text)
    ]
    return [stripped for cell in cells if (stripped := _stripped(cell)).text][: WIDEST + 1]


def _stripped(cell: Cell) -> Cell:
    start = cell.start + len(cell.text) - len(cell.text.lstrip())
    word = cell.text.strip()
    return Cell(start, start + len(word), word)


def _caption(lines: Sequence[Cell], index: int) -> str:
    """The two lines above, which may say which years are results: （2025年为实际完成数，2030年为规划数）."""
    return "\n".join(line.text for line in lines[max(0, index - 2) : index])


def _columns(header: Sequence[str], caption: str, published: Published | None) -> dict[int, Column] | None:
    """The value columns by position; None where the line is no header of a table."""
    if not 2 <= len(header) <= WIDEST or not (NAME.fullmatch(header[0]) or OTHER.fullmatch(header[0])):
        return None
    said = {year: kind for years, kind in SAID.findall(caption) for year in re.findall(r"20[0-9]{2}", years)}
    columns: dict[int, Column] = {}
    for position, head in enumerate(header[1:], 1):
        if UNIT.fullmatch(head) or OTHER.fullmatch(head) or NAME.fullmatch(head) or not _is_value_head(head):
            continue
        times = list(find_times(head if "年" in head or "五" in head else head[:4] + "年", published))
        time = times[-1] if times else None
        kind = said.get(head[:4], "") + head
        columns[position] = Column(_assertion(kind, time, published), time, bool(GROWTH.search(head)))
    return columns or None


def _assertion(head: str, time: Time | None, published: Published | None) -> Assertion:
    if REACHED.search(head):
        return "actual"
    if time is None or time.last is None or published is None:
        return "target"
    if FORESEEN.search(head) and time.last.year <= published.last.year:
        return "actual"
    return "actual" if time.last < published.first and not AIMED.search(head) else "target"


def _facts(printed: str, header: Sequence[Cell], row: Sequence[Cell], columns: dict[int, Column]) -> Iterator[Quantity]:
    name = next((cell.text for head, cell in zip(header, row, strict=True) if NAME.fullmatch(head.text)), "")
    unit = next((cell.text for head, cell in zip(header, row, strict=True) if UNIT.fullmatch(head.text)), "")
    if found := IN_NAME.search(name):
        name, unit = name[: found.start()], unit or found[1]
    if not name:
        return
    for position, column in columns.items():
        amount = _amount(row[position].text, "%" if column.growth else unit)
        if amount is None:
            continue
        yield Quantity(
            assertion=column.assertion,
            metric=name.strip() + ("年均增长" if column.growth and not GROWTH.search(name) else ""),
            comparator=amount.comparator,
            value=amount.value,
            value_high=amount.high,
            unit=amount.unit or ("元" if amount.value >= LARGE else None),
            deadline=column.time.deadline if column.time else None,
            evidence=Evidence(row[0].start, row[-1].end, printed[row[0].start : row[-1].end]),
            at=row[position].start,
        )


def _amount(cell: str, unit: str) -> Amount | None:
    """The value of a cell, read as if its column's unit stood behind it; None for a dash or a word."""
    word = cell.translate(WIDTH).strip("[]［］〔〕 ")
    bound = BOUND.search(word)
    if bound:
        word = word[: bound.start()]
    if not re.search(r"[0-9]$", word):
        unit = ""
    amounts = list(find_amounts(word + unit.translate(WIDTH) + (bound.group() if bound else ""), Spans(())))
    return amounts[0] if len(amounts) == 1 else None
