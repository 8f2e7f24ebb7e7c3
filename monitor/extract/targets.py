"""Joins amounts, times, headings and cues into facts: what is measured, by when, and whether it is promised, reached or offered."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Literal

from monitor.domain import Article, Assertion, Quantity
from monitor.extract import metrics
from monitor.extract.assertion import (
    DONE_BEHIND,
    FIRM,
    LOOKING_BACK,
    RATES,
    STRETCH,
    STRONG,
    Clause,
    document_leaning,
    is_former,
    read_clauses,
    time_weight,
)
from monitor.extract.carried import NOTHING
from monitor.extract.deadlines import Published, Time, find_times, read_published
from monitor.extract.governing import SAME_SENTENCE, Governing, document_time, governing_time
from monitor.extract.grids import Grid, find_grids
from monitor.extract.layout import read_lines
from monitor.extract.masks import blocked_spans
from monitor.extract.metrics import Piece, Pieces
from monitor.extract.offers import is_free, is_listed_offer, is_offer, is_term
from monitor.extract.paragraphs import Before, Document, Paragraph, evidence_of, sentence_of
from monitor.extract.quantities import LARGE, Amount, find_amounts, is_money
from monitor.extract.relations import read_links
from monitor.extract.subjects import helped, names_of
from monitor.text import Folded

HEADING = 2.0  # what a heading weighs beside the words of the clause
COMMITTED = 3.0  # from here on even 三个 is a number that somebody promised
FEBRUARY = 2
BULLETIN = re.compile(r"公报|统计|运行情况|经济运行|快报")
THINGS = frozenset("家个座所条项")
BUILT = frozenset("处座所栋")  # what is counted so stands somewhere
ASKED = re.compile(
    r"(?:申报|申请|参评)(?:的)?(?:企业|单位|主体|机构|人|对象|条件|要求)|(?:应当?|须|需)(?:同时)?(?:具备|满足|符合)[^，。；]{0,8}条件"
)
EACH_YEAR = re.compile(r"每一?年度?|年度(?=最高|补|奖|资助|支持|总额|累计|上限|不超)")
LEVEL = re.compile(r"达到?|突破|提高到|提升到|增至|余额|总量|总数|规模")
IN_ALL = re.compile(r"累计|合计|总计")
NEAR = 0.6  # a time further off does not date a result


def find_quantities(article: Article, text: Folded, places: Sequence[Piece]) -> Iterator[Quantity]:
    """Yield every quantified fact of an article, in the order of the text; what is told twice is told apart by its place."""
    if not text.text:
        return
    published = read_published(article.published)
    default = document_time(article.title, text.text, published)
    times: Iterable[Time] = find_times(text.text, published)
    times = list(_told_later(times, default, published) if BULLETIN.search(article.title) else times)
    grids = list(find_grids(text.printed, published))
    tables = _line_spans(text.text, grids)
    amounts = list(find_amounts(text.text, blocked_spans(text.text, times, tables)))
    leaning = document_leaning(article.title, text.text)
    document = Document(text, published, sorted(places), times, default, leaning)
    tabled = (fact for grid in grids for fact in grid.facts)
    yield from sorted(chain(_facts(document, amounts), tabled), key=lambda fact: fact.evidence.start)


def _told_later(times: Iterable[Time], default: Time | None, published: Published | None) -> Iterator[Time]:
    """In a report on a year gone by, which its title names, 全年 and 年末 are of that year."""
    past = default if default and published and default.last and default.last < published.first else None
    for time in times:
        if past is not None and not time.own_year and time.first and time.last and past.last:
            first, last = (_in_year(day, past.last.year) for day in (time.first, time.last))
            time = time._replace(first=first, last=last)  # noqa: PLW2901
        yield time


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28) if day.month == FEBRUARY else day.day)


def _line_spans(text: str, grids: Sequence[Grid]) -> list[Piece]:
    """Where the lines of tables stand in the folded text, which keeps the line ends of the printed one."""
    if not grids:
        return []
    starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]
    return [(starts[grid.first], starts[grid.last + 1] - 1) for grid in grids]


def _facts(document: Document, amounts: list[Amount]) -> Iterator[Quantity]:
    text = document.text.text
    starts = [amount.start for amount in amounts]
    carried = NOTHING
    for line in read_lines(text, document.times):
        first, last = bisect_left(starts, line.body), bisect_right(starts, line.end)
        inside = amounts[first:last]
        carried, told = carried.into(line, document.published), 0.0
        back = LOOKING_BACK.match(text, line.start, line.end)
        if inside or carried.told or back:
            clauses, told = read_clauses(text, line.start, line.end, carried.told)
            paragraph = Paragraph(line, clauses, inside, read_links(text, inside), carried, line.body)
            for index, amount in enumerate(inside):
                yield from _read_amount(document, paragraph, index, amount)
        carried = carried.beyond(line, told, back.end() if back else 0)


def _read_amount(document: Document, paragraph: Paragraph, index: int, amount: Amount) -> Iterator[Quantity]:
    if index in paragraph.links.silent:
        return
    position = bisect_right(paragraph.clauses, amount.start, key=lambda clause: clause.start) - 1
    clause = paragraph.clauses[max(0, position)]
    before = Before(paragraph.last, paragraph.subject)
    names = names_of(document, paragraph, index, amount, position)
    paragraph.last = amount.start
    governing = governing_time(document.text.text, paragraph.line, amount, clause, paragraph.carried)
    assertion, score = _assertion(document, paragraph, amount, position, governing)
    if assertion is None or (amount.small and not _promised(document, amount, score, names[0])):
        return
    if _is_asked(document.text.text, paragraph, position, amount) or is_term(document.text.text, amount):
        return
    if assertion != "support" and _is_aside(document.text.text, amount):
        return
    for pieces in names:
        if assertion == "support":
            pieces = helped(document, paragraph, position, before, amount, pieces)  # noqa: PLW2901
        metric = metrics.printed(document.text, pieces)
        if len(metric) < 2:
            continue
        yield Quantity(
            assertion=assertion,
            metric=metric,
            comparator=amount.comparator,
            value=amount.value,
            value_high=amount.high,
            unit=_unit(amount),
            deadline=_deadline(document, governing, assertion, set_up=_is_set_up(metric, amount)),
            recurrence=_recurrence(document.text.text, clause, amount, governing, assertion),
            evidence=evidence_of(document.text, paragraph, position),
            at=document.text.offsets[amount.start],
        )


def _assertion(
    document: Document, paragraph: Paragraph, amount: Amount, position: int, governing: Governing
) -> tuple[Assertion | None, float]:
    """Promised, reported or offered; None for an aim of the past that is only quoted beside its result."""
    text, clauses = document.text.text, paragraph.clauses
    clause = clauses[position]
    tense = next((frame.tense for frame in reversed(paragraph.line.frames) if frame.tense), 0)
    weight = max(-5.0, min(5.0, clause.weight)) + clause.carried + document.leaning + HEADING * tense
    weight += governing.weight * time_weight(text, governing.time, document.published)
    if STRETCH.match(text, clause.end):
        weight += STRONG
    if clause.weight < FIRM and DONE_BEHIND.match(text, clause.end):
        weight -= STRONG
    first, last = sentence_of(text, clauses, position)
    if is_former(text, clause, clauses[position + 1 : last]):
        return None, weight
    if is_free(text, amount):
        return "support", weight
    if is_money(amount.unit) or amount.unit in RATES:
        if is_offer(text, clauses, position, first, amount):
            return "support", weight
        offered = is_money(amount.unit) and any(frame.help for frame in paragraph.line.frames[-1:])
        if offered and is_listed_offer(text, clause):
            return "support", weight
    return ("target" if weight > 0 else "actual"), weight


def _is_asked(text: str, paragraph: Paragraph, position: int, amount: Amount) -> bool:
    """申报企业上年度营业收入不低于2000万元: what is asked of those who apply."""
    if amount.comparator not in ("ge", "gt", "le", "lt"):
        return False
    first, _ = sentence_of(text, paragraph.clauses, position)
    return ASKED.search(text, paragraph.clauses[first].start, amount.lead) is not None


def _is_aside(text: str, amount: Amount) -> bool:
    """Who came to a meeting, and the size of a field in which somebody is ranked, are no results."""
    if metrics.VISITED.search(text, max(0, amount.start - 16), amount.start):
        return True
    if metrics.ALONG.search(text, max(0, amount.lead - 6), amount.lead):
        return True
    ranked = metrics.RANKED.search(text, max(0, amount.lead - 2), amount.lead)
    return bool(
        metrics.ATTENDED.match(text, amount.end)
        or metrics.CEREMONY.match(text, amount.end)
        or (ranked and metrics.RANK.match(text, amount.end))
    )


def _promised(document: Document, amount: Amount, score: float, name: Pieces) -> bool:
    """Whether 三个 is a number somebody commits to: 力争培育三个千亿级产业集群, 建设人才社区两处, not 做好三件事."""
    behind = metrics.phrase_behind(document.text.text, amount)
    if behind is None and amount.unit in BUILT:
        return score > 0 and sum(end - start for start, end in name) >= 4
    if behind is None or document.text.text.startswith("“", amount.end):  # 三条“小链”织成一张“大网”
        return False
    return score >= COMMITTED and amount.unit in THINGS and behind[1] - behind[0] >= 4


def _unit(amount: Amount) -> str | None:
    if amount.unit is None:
        return "元" if amount.value >= LARGE else None
    return "元" if amount.unit == "元人民币" else amount.unit


def _recurrence(
    text: str, clause: Clause, amount: Amount, governing: Governing, assertion: Assertion
) -> Literal["yearly"] | None:
    """Whether it is so many each year: help only where its own clause says so, a sum of years (累计) never."""
    if assertion == "support":
        return "yearly" if EACH_YEAR.search(text, clause.start, amount.end) else None
    if assertion == "actual" or not governing.yearly or IN_ALL.search(text, clause.start, amount.start):
        return None
    # 每年新增高企500家，贷款余额突破2000亿元: a level is reached once.
    level = amount.unit in RATES or LEVEL.search(text, clause.start, amount.start)
    return None if level and not EACH_YEAR.search(text, clause.start, amount.start) else "yearly"


def _is_set_up(metric: str, amount: Amount) -> bool:
    """A fund is set up as a means: the years of the plan are not those by which it has its size."""
    return is_money(amount.unit) and "基金" in metric


def _deadline(document: Document, governing: Governing, assertion: Assertion, *, set_up: bool) -> str | None:
    """By when, or at which: a target is never due before it was published, a result never later than that."""
    time, published, default = governing.time, document.published, document.default
    if assertion == "support" or (set_up and assertion == "target" and governing.weight < SAME_SENTENCE):
        return None
    if assertion == "target":
        if time and time.role in ("due", "period") and _is_ahead(time, published):
            return (default if default and _is_term_of(default, time) else time).deadline
        stated = governing.yearly or time is not None
        return None if stated or default is None or not _is_ahead(default, published) else default.deadline
    if time and published and time.role == "start" and time.last and time.last.year == published.last.year:
        return published.last.isoformat()  # 今年以来
    if time and time.last and time.form == "plan" and time.role == "start" and published:
        return min(time.last, published.last).isoformat()  # “十四五”以来
    if time is None or time.last is None or time.role == "start" or governing.weight < NEAR:
        # A report on January to September says so in its title and not in each line.
        return default.deadline if default and published and default.last and default.last < published.first else None
    return min(time.last, published.last).isoformat() if published else time.deadline


def _is_term_of(default: Time, time: Time) -> bool:
    """今后五年 in an outline for 2026 to 2030, 三年内 in a plan for 2026 to 2028: the document's own years are meant."""
    if time.form != "span" or default.form not in ("plan", "range") or not (default.last and time.last):
        return False
    return abs(default.last.year - time.last.year) <= 1


def _is_ahead(time: Time, published: Published | None) -> bool:
    return time.last is not None and not (published and time.last < published.first)


def distinct(facts: Iterable[Quantity]) -> Iterator[Quantity]:
    """Drop what an article tells again: the same number of much the same thing, of the same place."""
    seen: dict[tuple[object, ...], list[Quantity]] = {}
    for fact in facts:
        same = seen.setdefault((fact.region, fact.assertion, fact.value, fact.value_high, fact.unit), [])
        if not any(_is_repeated(one, fact) for one in same):
            same.append(fact)
            yield fact


def _is_repeated(one: Quantity, fact: Quantity) -> bool:
    if one.evidence != fact.evidence:
        return _alike(one.metric, fact.metric)
    return one.metric == fact.metric and one.deadline == fact.deadline


def _alike(one: str, other: str) -> bool:
    """Half the character pairs of the shorter name shared."""
    if one in other or other in one:
        return True
    pairs, others = ({name[i : i + 2] for i in range(len(name) - 1)} for name in (one, other))
    return len(pairs & others) * 2 >= min(len(pairs), len(others))
