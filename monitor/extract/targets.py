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
    COMPARED_BEHIND,
    DONE_BEHIND,
    FIRM,
    HALF,
    LOOKING_BACK,
    LOOKS_BACK,
    ON_A_LIST,
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
from monitor.extract.governing import LEVEL, SAME_CLAUSE, SAME_SENTENCE, Governing, document_time, governing_time
from monitor.extract.grids import Grid, find_grids
from monitor.extract.layout import read_lines
from monitor.extract.masks import blocked_spans
from monitor.extract.measurable import is_market, is_measurable, is_of_one
from monitor.extract.metrics import Piece, Pieces
from monitor.extract.offers import is_free, is_listed_offer, is_offer, is_set_aside, is_term
from monitor.extract.paragraphs import Before, Document, Paragraph, evidence_of, sentence_of
from monitor.extract.quantities import LARGE, Amount, find_amounts, is_money
from monitor.extract.relations import read_links
from monitor.extract.subjects import helped, names_of
from monitor.text import Folded

HEADING = 2.0  # what a heading weighs beside the words of the clause
GONE_BY = 0.6  # what a year gone by in the title takes away
WHOLE = 100  # per cent
COMMITTED = 3.0  # from here on even 三个 is a number that somebody promised
FEBRUARY = 2
BULLETIN = re.compile(r"公报|统计|运行情况|经济运行|快报")
THINGS = frozenset("家个座所条项")
BUILT = frozenset("处座所栋")  # what is counted so stands somewhere
ASKED = re.compile(
    r"(?:申报|申请|参评)(?:的)?(?:企业|单位|主体|机构|人|对象|条件|要求)|(?:应当?|须|需)(?:同时)?(?:具备|满足|符合)[^，。；]{0,8}条件"
)
# 一、2025年工作回顾 / 预计全年生产总值完成87亿元: in an account only the last figures are still out.
CLOSING_YEAR = re.compile(r"预计")
EACH_YEAR = re.compile(r"每一?年度?|年度(?=最高|补|奖|资助|支持|总额|累计|上限|不超)")
LIST_REACH = 40
CAPACITIES = frozenset({"GW", "MW", "GWh", "MWh", "兆瓦", "吉瓦", "千瓦", "吨"})
VAGUE = re.compile(r"[余多]")
IN_ALL = re.compile(r"累计|合计|总计")
SENTENCE_REACH = 300  # characters; a text without marks is one sentence
CITED, CITED_REACH = 8, 200  # times, and characters, looked back for the years of a document
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
    if default and default.last and published and default.last < published.first:
        leaning -= GONE_BY  # 2025年工业经济稳中向好, told in the year after
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
    carried, passed = NOTHING, 0
    for line in read_lines(text, document.times):
        inside: list[Amount] = []
        if passed < len(starts) and starts[passed] <= line.end:
            first, passed = bisect_left(starts, line.body), bisect_right(starts, line.end)
            inside = amounts[first:passed]
        elif carried is NOTHING and not line.times and text[line.start] not in LOOKS_BACK:
            continue  # it says nothing and leaves nothing, as most lines do
        carried, told = carried.into(line, document.published), 0.0
        back = LOOKING_BACK.match(text, line.start, line.end) if text[line.start] in LOOKS_BACK else None
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
    if assertion != "support" and _is_nobodys(document.text.text, paragraph, position, amount, assertion):
        return
    for pieces in names:
        if assertion == "support":
            pieces = helped(document, paragraph, position, before, amount, pieces)  # noqa: PLW2901
        metric = metrics.printed(document.text, pieces)
        named = "".join(document.text.text[start:end] for start, end in pieces)
        if len(metric) < 2 or not is_measurable(named, amount, offered=assertion == "support"):
            continue
        yield Quantity(
            assertion=assertion,
            metric=metric,
            comparator=amount.comparator,
            value=amount.value,
            value_high=amount.high,
            unit=_unit(amount),
            deadline=_deadline(
                document,
                governing,
                assertion,
                set_up=_is_set_up(metric, amount),
                budget=assertion == "support" and is_set_aside(document.text.text, clause),
            ),
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
    # 入选示范基地，今年产能要达到60万吨: what its own clause promises, one before it does not report.
    carried = max(0.0, clause.carried) if clause.weight >= FIRM else clause.carried
    weight = max(-5.0, min(5.0, clause.weight)) + carried + document.leaning + HEADING * tense
    weight += governing.weight * time_weight(text, governing.time, document.published or _begun(document.default))
    weight += _around(text, amount, clause)
    first, last = sentence_of(text, clauses, position)
    if tense < 0 and CLOSING_YEAR.search(text, clauses[first].start, amount.lead):
        weight -= FIRM
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
    if weight <= 0 and clause.weight > -FIRM and _is_to_come(governing, document.published):
        return "target", -weight
    return ("target" if weight > 0 else "actual"), weight


def _around(text: str, amount: Amount, clause: Clause) -> float:
    """What the number's own form and the clause behind it say."""
    weight = STRONG if STRETCH.match(text, clause.end) else 0.0
    if amount.comparator == "gt" and VAGUE.search(text, amount.start, amount.end):
        weight -= FIRM  # 30余家 counts what is there; who promises says 以上
    if clause.weight < FIRM and DONE_BEHIND.match(text, clause.end):
        weight -= STRONG
    if clause.weight < FIRM and COMPARED_BEHIND.match(text, clause.end):
        weight -= HALF
    return weight


def _is_to_come(governing: Governing, published: Published | None) -> bool:
    """Whether the sentence names a time that has not begun: nothing is reported of it."""
    time = governing.time if governing.weight >= SAME_SENTENCE else None
    return bool(time and published and time.first and time.role in ("due", "period") and time.first > published.last)


def _begun(default: Time | None) -> Published | None:
    """Where no publication is known, the first day of a plan's own years (2026—2029年) parts what is past from what is to come."""
    if default is None or default.first is None or default.form not in ("range", "plan"):
        return None
    return Published(default.first, default.first)


def _is_asked(text: str, paragraph: Paragraph, position: int, amount: Amount) -> bool:
    """申报企业上年度营业收入不低于2000万元: what is asked of those who apply."""
    if amount.comparator not in ("ge", "gt", "le", "lt"):
        return False
    first, _ = sentence_of(text, paragraph.clauses, position)
    return ASKED.search(text, paragraph.clauses[first].start, amount.lead) is not None


def _is_nobodys(text: str, paragraph: Paragraph, position: int, amount: Amount, assertion: Assertion) -> bool:
    """Whether nobody could be held to a number: said in passing, of one firm or plant, or of a trade at large."""
    first, last = sentence_of(text, paragraph.clauses, position)
    begun = max(paragraph.clauses[first].start, amount.lead - SENTENCE_REACH)
    ended = min(paragraph.clauses[last - 1].end, amount.end + SENTENCE_REACH)
    if _is_aside(text, amount) or is_of_one(text, begun, amount) or is_market(text, begun, ended, amount):
        return True
    return assertion == "target" and _is_yield(text, begun, amount)


def _is_yield(text: str, begun: int, amount: Amount) -> bool:
    """项目达产后，预计年产值20亿元: what single plants are reckoned to turn out once they run."""
    return bool(metrics.RUNNING.search(text, begun, amount.lead) and metrics.YIELD.search(text, begun, amount.lead))


def _is_aside(text: str, amount: Amount) -> bool:
    """Who came to a meeting, and the size of a field in which somebody is ranked, are no results."""
    visited = metrics.VISITED.search(text, max(0, amount.start - 16), amount.start)
    if visited or metrics.SIZE_OF_ONE.search(text, max(0, amount.lead - 12), amount.lead):
        return True
    if metrics.COMPANY.search(text, max(0, amount.lead - 20), amount.lead):
        return True
    if text[amount.lead - 1 : amount.lead] == "以" and metrics.MEANS.match(text, amount.end):
        return True
    if metrics.ALONG.search(text, max(0, amount.lead - 6), amount.lead):
        return True
    if amount.unit == "%" and amount.value == WHOLE and metrics.WHOLLY.match(text, amount.end):
        return True
    if text.startswith("年产", amount.lead - 2) and metrics.OF_PLANT.match(text, amount.end):
        return True
    ranked = metrics.RANKED.search(text, max(0, amount.lead - 2), amount.lead)
    return bool(
        metrics.ATTENDED.match(text, amount.end)
        or metrics.CEREMONY.match(text, amount.end)
        or (amount.unit in CAPACITIES and metrics.OF_LISTED.match(text, amount.end))
        or (ranked and metrics.RANK.match(text, amount.end))
    )


def _promised(document: Document, amount: Amount, score: float, name: Pieces) -> bool:
    """Whether 三个 is a number somebody commits to: 力争培育三个千亿级产业集群, 建设人才社区两处, not 做好三件事."""
    behind = metrics.phrase_behind(document.text.text, amount)
    if ON_A_LIST.search(document.text.text, max(0, amount.start - LIST_REACH), amount.start):
        return False
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


def _deadline(
    document: Document, governing: Governing, assertion: Assertion, *, set_up: bool, budget: bool
) -> str | None:
    """By when, or at which: a target is never due before it was published, a result never later than that."""
    time, published, default = governing.time, document.published, document.default
    if assertion == "support":  # 2025年专项资金预算总额2.8亿元: the year of a budget
        return time.deadline if budget and time and time.role == "period" and governing.weight == SAME_CLAUSE else None
    if set_up and assertion == "target" and governing.weight < SAME_SENTENCE:
        return None
    if assertion == "target":
        if time and time.role in ("due", "period") and _is_ahead(time, published):
            term = default if default and _is_term_of(default, time) else _cited_term(document.times, time)
            return (term or time).deadline
        stated = governing.yearly or time is not None
        return None if stated or default is None or not _is_ahead(default, published) else default.deadline
    if time and published and time.form == "event":  # 会后，35个项目集中开工
        time = None if set_up else time._replace(role="period", last=published.last)
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


def _cited_term(times: Sequence[Time], time: Time) -> Time | None:
    """《…行动计划（2026—2028年）》…：三年新增500万平方米: the years of the document cited just before."""
    before = times[max(0, bisect_left(times, time.start, key=lambda one: one.start) - CITED) :]
    cited = (one for one in reversed(before) if one.form == "range" and 0 < time.start - one.end < CITED_REACH)
    return next((one for one in cited if _is_term_of(one, time)), None)


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
        # 到2030年年均增长7%, 2026年增长7%: two aims.
        apart = one.assertion == "target" and one.deadline and fact.deadline and one.deadline[:4] != fact.deadline[:4]
        return not apart and _alike(one.metric, fact.metric)
    return one.metric == fact.metric and one.deadline == fact.deadline


def _alike(one: str, other: str) -> bool:
    """Half the character pairs of the shorter name shared."""
    if one in other or other in one:
        return True
    pairs, others = ({name[i : i + 2] for i in range(len(name) - 1)} for name in (one, other))
    return len(pairs & others) * 2 >= min(len(pairs), len(others))
