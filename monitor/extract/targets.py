"""Joins amounts, times, headings and cues into facts: what is measured, by when, and whether it is promised, reached or offered."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple

from monitor.domain import Article, Assertion, Evidence, Quantity
from monitor.extract import metrics
from monitor.extract.assertion import (
    RATES,
    STRETCH,
    STRONG,
    Clause,
    document_leaning,
    is_former,
    is_listed_offer,
    is_offer,
    read_clauses,
    time_weight,
)
from monitor.extract.deadlines import Published, Time, find_times, read_published, widened
from monitor.extract.governing import Governing, governing_time, title_time
from monitor.extract.grids import Grid, find_grids
from monitor.extract.layout import Line, read_lines
from monitor.extract.masks import blocked_spans
from monitor.extract.metrics import Piece, Pieces
from monitor.extract.quantities import LARGE, Amount, find_amounts, is_money
from monitor.extract.relations import Links, read_links
from monitor.text import Folded

LONGEST_QUOTE = 200  # a longer sentence is quoted by the clauses between two ；
LONGEST_SUBJECT = 20  # a clause that only names something is short
HEADING = 2.0  # what a heading weighs beside the words of the clause
COMMITTED = 3.0  # from here on even 三个 is a number that somebody promised
LONGEST_RECEIVER, RECEIVER_REACH = 30, 4
FEBRUARY = 2
BULLETIN = re.compile(r"公报|统计|运行情况|经济运行|快报")
THINGS = frozenset("家个座所条项")
NEAR = 0.6  # a time further off does not date a result
ENDS = "。！？!?\n"
REACH = 60  # clauses either way that a sentence is followed; a table run together has thousands


@dataclass(frozen=True, slots=True)
class Document:
    """What every line of an article is judged against."""

    text: Folded
    published: Published | None
    places: Sequence[tuple[int, int]]
    times: Sequence[Time]
    default: Time | None  # 三年行动方案（2024-2026年）
    leaning: float


@dataclass(slots=True)
class Paragraph:
    """One line in work: its clauses, times and amounts, and what its earlier amounts leave to the later ones."""

    line: Line
    clauses: list[Clause]
    times: Sequence[Time]
    amounts: list[Amount]
    links: Links
    section: Time | None
    taken: int  # where the last amount, or the phrase behind it, ended
    subject: Pieces = ()
    last: int = -1  # where the amount before this one began
    members: dict[int, Pieces] = field(default_factory=dict)


class Before(NamedTuple):
    """Where the amount before one began, and what it was about."""

    last: int
    subject: Pieces


def find_quantities(article: Article, text: Folded, places: Sequence[Piece]) -> Iterator[Quantity]:
    """Yield every quantified fact of an article, in the order of the text; what is told twice is told apart by its place."""
    if not text.text:
        return
    published = read_published(article.published)
    default = title_time(article.title, published)
    times: Iterable[Time] = find_times(text.text, published)
    times = list(_told_later(times, default, published) if BULLETIN.search(article.title) else times)
    grids = list(find_grids(text.printed, published))
    tables = _line_spans(text.text, grids)
    amounts = list(find_amounts(text.text, blocked_spans(text.text, times, tables)))
    leaning = document_leaning(article.title)
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


def _facts(document: Document, amounts: Sequence[Amount]) -> Iterator[Quantity]:
    text = document.text.text
    starts, time_starts = [amount.start for amount in amounts], [time.start for time in document.times]
    section: Time | None = None
    for line in read_lines(text, document.times):
        inside = list(amounts[bisect_left(starts, line.body) : bisect_right(starts, line.end)])
        here = document.times[bisect_left(time_starts, line.start) : bisect_right(time_starts, line.end)]
        goal = any(frame.goal for frame in line.frames)
        if inside:
            clauses = read_clauses(text, line.start, line.end)
            links = read_links(text, inside)
            paragraph = Paragraph(line, clauses, here, inside, links, section if goal else None, line.body)
            for index, amount in enumerate(inside):
                yield from _read_amount(document, paragraph, index, amount)
        due = [time for time in here if time.role == "due"]
        section = due[-1] if due else section if goal else None


def _read_amount(document: Document, paragraph: Paragraph, index: int, amount: Amount) -> Iterator[Quantity]:
    if index in paragraph.links.silent:
        return
    position = bisect_right(paragraph.clauses, amount.start, key=lambda clause: clause.start) - 1
    clause = paragraph.clauses[max(0, position)]
    before = Before(paragraph.last, paragraph.subject)
    names = _names(document, paragraph, index, amount, position)
    paragraph.last = amount.start
    governing = governing_time(document.text.text, paragraph.line, paragraph.times, amount, clause, paragraph.section)
    assertion, score = _assertion(document, paragraph, amount, position, governing)
    if assertion is None or (amount.small and amount.comparator == "eq" and not _promised(document, amount, score)):
        return
    if assertion != "support" and _is_aside(document.text.text, amount):
        return
    for pieces in names:
        received = _receiver(document, paragraph, position, before, pieces) if assertion == "support" else ()
        given = metrics.help_word(document.text.text, amount, pieces) if assertion == "support" else ()
        metric = metrics.printed(document.text, (*received, *pieces, *given))
        if len(metric) < 2:
            continue
        yield Quantity(
            assertion=assertion,
            metric=metric,
            comparator=amount.comparator,
            value=amount.value,
            value_high=amount.high,
            unit=_unit(amount),
            deadline=_deadline(document, governing, assertion),
            recurrence="yearly" if governing.yearly and assertion != "actual" else None,
            evidence=_evidence(document.text, paragraph, position),
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
    first, last = _sentence(text, clauses, position)
    if is_former(text, clause, clauses[position + 1 : last]):
        return None, weight
    earlier = clauses[max(first, position - 1) : position]
    if is_money(amount.unit) or amount.unit in RATES:
        if is_offer(text, clause, earlier, amount.unit, amount.comparator):
            return "support", weight
        offered = is_money(amount.unit) and any(frame.help for frame in paragraph.line.frames[-1:])
        if offered and is_listed_offer(text, clause):
            return "support", weight
    return ("target" if weight > 0 else "actual"), weight


def _is_aside(text: str, amount: Amount) -> bool:
    """Who came to a meeting, and the size of a field in which somebody is ranked, are no results."""
    if metrics.VISITED.search(text, max(0, amount.start - 16), amount.start):
        return True
    ranked = metrics.RANKED.search(text, max(0, amount.lead - 2), amount.lead)
    return metrics.ATTENDED.match(text, amount.end) is not None or (
        ranked is not None and metrics.RANK.match(text, amount.end) is not None
    )


def _promised(document: Document, amount: Amount, score: float) -> bool:
    """Whether 三个 is a number somebody commits to: 力争培育三个千亿级产业集群, not 做好三件事."""
    behind = metrics.phrase_behind(document.text.text, amount)
    return score >= COMMITTED and amount.unit in THINGS and behind is not None and behind[1] - behind[0] >= 4


def _names(document: Document, paragraph: Paragraph, index: int, amount: Amount, position: int) -> list[Pieces]:
    """The metrics of an amount as pieces of text: one, or one for each member of a list (双双, 分别)."""
    text = document.text.text
    start = max(paragraph.clauses[position].start, paragraph.taken)
    end = max(start, paragraph.links.ends.get(index, amount.lead))
    first, last = (bisect_left(paragraph.times, place, key=lambda time: time.start) for place in (start, end))
    cuts = [widened(text, time) for time in paragraph.times[first:last]]
    words, change = metrics.words_before(text, amount, start, end, cuts, document.places)
    behind = metrics.phrase_behind(text, amount)
    paragraph.taken = max(amount.end, behind[1] if behind else 0)
    tail = (change,) if change else ()
    if index in paragraph.members:
        return [(*paragraph.members[index], *tail)]
    if behind is not None:
        return [_counted(text, paragraph, amount, words, behind)]
    if metrics.is_empty(text, words) and _share_behind(text, paragraph, index):
        return [paragraph.members[index]]
    if metrics.is_empty(text, words):
        subject = _previous(document, paragraph, position) or paragraph.subject
        paragraph.subject = subject
        return [(*subject, *words, *tail)]
    group = paragraph.links.groups.get(index, (index,))
    joint = metrics.joint_names(text, words)
    if len(group) > 1 and len(joint) == len(group):
        paragraph.members.update({member: (*pieces, *tail) for member, pieces in zip(group, joint, strict=True)})
        return [paragraph.members[index]]
    if len(joint) > 1 and metrics.PLURAL.search(text, words[-1][1], amount.start):
        return [(*pieces, *tail) for pieces in joint]
    paragraph.subject = words
    return [(*words, *tail)]


def _share_behind(text: str, paragraph: Paragraph, index: int) -> bool:
    """分别给予50万元、100万元奖励: the noun behind the last number is that of all, noted for each of them."""
    group = paragraph.links.groups.get(index, ())
    behind = metrics.phrase_behind(text, paragraph.amounts[group[-1]]) if group else None
    if behind is not None:
        paragraph.members.update(dict.fromkeys(group, (behind,)))
    return behind is not None


def _counted(text: str, paragraph: Paragraph, amount: Amount, words: Pieces, behind: Piece) -> Pieces:
    """A phrase behind its number, with what is needed from before it: 净增…高企, 产业基金…总规模."""
    if not words:
        paragraph.subject = (behind,)
        return (behind,)
    if is_money(amount.unit):
        return (behind, *words) if metrics.is_empty(text, words) else (*words, behind)
    paragraph.subject = (behind,)
    if verb := metrics.VERBS.search(text, *words[-1]):
        return (verb.span(), behind)
    return (behind,)


def _previous(document: Document, paragraph: Paragraph, position: int) -> Pieces:
    """The noun that the clause before names when the clause of the number does not: 规上工业总产值，年初定的是…"""
    if position < 1:
        return ()
    before = paragraph.clauses[position - 1]
    if before.start <= paragraph.last:  # the amount before this one already took it
        return ()
    piece = metrics.trimmed(document.text.text, before.start, before.end, document.places)
    timed = any(time.start <= piece[0] and piece[1] <= time.end for time in paragraph.times)
    return (piece,) if not timed and 2 <= piece[1] - piece[0] <= LONGEST_SUBJECT else ()


def _receiver(document: Document, paragraph: Paragraph, position: int, before: Before, pieces: Pieces) -> Pieces:
    """Whom help is for, where a clause before says it: 对首个商用的工业元宇宙平台，按…给予补助; 入选国家级名单的，给予…."""
    text, clauses = document.text.text, paragraph.clauses
    generic = metrics.BARE_HELP.fullmatch("".join(text[start:end] for start, end in pieces)) is not None
    for index in range(position, max(-1, position - RECEIVER_REACH), -1):
        start, end = clauses[index].start, clauses[index].end
        addressed = metrics.ADDRESSED.match(text, start) is not None
        if pieces and start <= pieces[0][0] < end:
            if addressed:
                return ()
        elif start <= before.last < end:
            break
        elif addressed or text[end - 1] == "的" or generic:
            if numbered := metrics.NUMBERED.match(text, start):
                start = numbered.end()
            piece = metrics.trimmed(text, start, end, document.places)
            return (piece,) if 2 <= piece[1] - piece[0] <= LONGEST_RECEIVER else ()
        if text[start - 1 : start] in ENDS + "；;":
            break
    return before.subject if generic and before.subject[-1:] != pieces[-1:] else ()


def _sentence(text: str, clauses: Sequence[Clause], position: int) -> tuple[int, int]:
    """The first clause of the sentence and the one after its last, as indices."""
    first, last = position, position + 1
    lowest, highest = max(0, position - REACH), min(len(clauses), position + REACH)
    while first > lowest and text[clauses[first].start - 1] not in ENDS:
        first -= 1
    while last < highest and text[clauses[last].start - 1] not in ENDS:
        last += 1
    return first, last


def _evidence(text: Folded, paragraph: Paragraph, position: int) -> Evidence:
    """The sentence as printed; of a very long one the clauses between two ；."""
    clauses = paragraph.clauses
    first, last = _sentence(text.text, clauses, position)
    start, end = clauses[first].start, clauses[last - 1].end
    if end - start > LONGEST_QUOTE:
        start = max(
            start,
            text.text.rfind("；", start, clauses[position].start) + 1,
            text.text.rfind(";", start, clauses[position].start) + 1,
        )
        stops = [stop for mark in "；;" if (stop := text.text.find(mark, clauses[position].start, end)) > 0]
        end = min([end, *stops])
    end += text.text[end : end + 1] in ("。", "！", "？", "；")
    return text.evidence(start, end)


def _unit(amount: Amount) -> str | None:
    if amount.unit is None:
        return "元" if amount.value >= LARGE else None
    return "元" if amount.unit == "元人民币" else amount.unit


def _deadline(document: Document, governing: Governing, assertion: Assertion) -> str | None:
    """By when, or at which: a target is never due before it was published, a result never later than that."""
    time, published, default = governing.time, document.published, document.default
    if assertion == "support":
        return None
    if assertion == "target":
        if time and time.role in ("due", "period") and _is_ahead(time, published):
            return (default if default and _is_term_of(default, time) else time).deadline
        stated = governing.yearly or time is not None
        return None if stated or default is None or not _is_ahead(default, published) else default.deadline
    if time and published and time.role == "start" and time.last and time.last.year == published.last.year:
        return published.last.isoformat()  # 今年以来
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
