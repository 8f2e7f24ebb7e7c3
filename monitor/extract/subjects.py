"""Names what each amount of a paragraph is about: words of its own clause, of one before it, and whom help is for."""

from bisect import bisect_left

from monitor.extract import metrics
from monitor.extract.deadlines import widened
from monitor.extract.measurable import SHARES, has_measure
from monitor.extract.metrics import Piece, Pieces
from monitor.extract.paragraphs import ENDS, Before, Document, Paragraph
from monitor.extract.quantities import Amount, is_money

LONGEST_SUBJECT = 20  # a clause that only names something is short
LONGEST_RECEIVER, RECEIVER_REACH, HALF_REACH = 30, 4, 12


def names_of(document: Document, paragraph: Paragraph, index: int, amount: Amount, position: int) -> list[Pieces]:
    """The metrics of an amount as pieces of text: one, or one for each member of a list (双双, 分别)."""
    names = _names(document, paragraph, index, amount, position)
    paragraph.named[index] = names[0]
    return names


def _names(document: Document, paragraph: Paragraph, index: int, amount: Amount, position: int) -> list[Pieces]:
    text = document.text.text
    start = max(paragraph.clauses[position].start, paragraph.taken)
    end = max(start, paragraph.links.ends.get(index, amount.lead))
    first, last = (bisect_left(paragraph.line.times, place, key=lambda time: time.start) for place in (start, end))
    cuts = [widened(text, time) for time in paragraph.line.times[first:last]]
    words, change = metrics.words_before(text, amount, start, end, cuts, document.places)
    behind = metrics.phrase_behind(text, amount) or _shared_fund(text, paragraph, index)
    paragraph.taken = max(amount.end, behind[1] if behind and behind[0] <= amount.end + 3 else 0)
    tail = (change,) if change else ()
    empty = behind is None and metrics.is_empty(text, words)
    # 产值达到300亿元，占全市比重提高到40%: said of what the clause before names, too.
    of_subject = bool(behind is None and words and paragraph.subject and metrics.OF_SUBJECT.match(text, *words[0]))
    if of_subject and (lead := metrics.OF_PLAN.search(text, start, words[0][0])):
        words = ((lead.start(), words[0][1]), *words[1:])
    shared = empty and _is_shared(document, paragraph, index, position, tail)
    if index in paragraph.members or shared or (of_subject and _share_before(text, paragraph, index, words)):
        return [paragraph.members[index]]
    if behind is not None:
        return [_counted(text, paragraph, amount, words, behind)]
    if _share_list(document, paragraph, index, position, (*words, *tail)):
        return [paragraph.members[index]]
    if empty or of_subject:
        subject = (_previous(document, paragraph, position) if empty else ()) or paragraph.subject
        paragraph.subject = subject
        named = metrics.POINTS_BACK.fullmatch("".join(text[first:last] for first, last in words))
        return [(*subject, *(() if named else words), *tail)]
    group = paragraph.links.groups.get(index, (index,))
    joint = metrics.joint_names(text, words, len(group) if len(group) > 1 else 0)
    if len(group) > 1 and len(joint) == len(group):
        paragraph.members.update({member: (*pieces, *tail) for member, pieces in zip(group, joint, strict=True)})
        return [paragraph.members[index]]
    if len(joint) > 1 and len(group) == 1 and metrics.PLURAL.search(text, words[-1][1], amount.start):
        return [(*pieces, *tail) for pieces in joint]
    if not tail and _goes_on(text, paragraph, index, words):  # 县城处理率达到85%，西部地区达到60%
        return [(*words, *paragraph.subject)]
    paragraph.subject = words
    paragraph.members.update(dict.fromkeys(group[1:], (*words, *tail)))  # 分别增长4.9%、7.1%
    return [(*words, *tail)]


def _share_list(document: Document, paragraph: Paragraph, index: int, position: int, said: Pieces) -> bool:
    """甲产业、乙产业，分别占规上工业的15%、32%: the clause before names as many as these are."""
    row, text = paragraph.links.groups.get(index, ()), document.text.text
    if len(row) < 2 or not said or not metrics.OF_SUBJECT.match(text, *said[0]):
        return False
    members = metrics.joint_names(text, _previous(document, paragraph, position), len(row))
    if len(members) == len(row):
        paragraph.members.update({one: (*name, *said) for one, name in zip(row, members, strict=True)})
    return len(members) == len(row)


def _goes_on(text: str, paragraph: Paragraph, index: int, words: Pieces) -> bool:
    """Whether words without a measure only say where the share of the amount before stands at another level."""
    previous, amount = paragraph.amounts[index - 1], paragraph.amounts[index]
    if not index or amount.unit not in SHARES or previous.unit != amount.unit:
        return False
    if any(mark in text[previous.end : amount.start] for mark in ENDS):
        return False
    here, before = ("".join(text[start:end] for start, end in pieces) for pieces in (words, paragraph.subject))
    return not has_measure(here, amount.unit) and bool(before) and has_measure(before, amount.unit)


def _is_shared(document: Document, paragraph: Paragraph, index: int, position: int, tail: Pieces) -> bool:
    text = document.text.text
    if _share_behind(text, paragraph, index) or (tail and _share_before(text, paragraph, index, tail)):
        return True
    return _share_listed(document, paragraph, index, position, tail)


def _share_listed(document: Document, paragraph: Paragraph, index: int, position: int, tail: Pieces) -> bool:
    """工业投资、技改投资保持增长，分别增长9%、12%: the clause before lists as many as there are amounts."""
    group = paragraph.links.groups.get(index, ())
    before = paragraph.clauses[max(0, position - 1)]
    if not group or not position or before.start <= paragraph.last:
        return False
    start = max((time.end for time in paragraph.line.times if before.start <= time.start < before.end), default=0)
    piece = metrics.trimmed(document.text.text, max(start, before.start), before.end, document.places)
    joint = metrics.joint_names(document.text.text, (piece,), len(group))
    if len(joint) != len(group):
        return False
    for member, pieces in zip(group, joint, strict=True):
        paragraph.members[member] = (*pieces, *tail)
    return True


def _share_behind(text: str, paragraph: Paragraph, index: int) -> bool:
    """分别给予50万元、100万元奖励: the noun behind the last number is that of all, noted for each of them."""
    group = paragraph.links.groups.get(index, ())
    behind = metrics.phrase_behind(text, paragraph.amounts[group[-1]]) if group else None
    if behind is not None:
        paragraph.members.update(dict.fromkeys(group, (behind,)))
    return behind is not None


def _share_before(text: str, paragraph: Paragraph, index: int, tail: Pieces) -> bool:
    """签约项目57个，合同引资213亿元，分别增长12%和8.5%: as many amounts stand before, and each of these is about one of them."""
    group = paragraph.links.groups.get(index, ())
    first = index - len(group)
    if not group or first < 0 or not all(paragraph.named.get(one) for one in range(first, index)):
        return False
    if any(mark in text[paragraph.amounts[first].start : paragraph.amounts[index].start] for mark in ENDS):
        return False
    for member in group:
        paragraph.members[member] = (*paragraph.named[member - len(group)], *tail)
    return True


def _shared_fund(text: str, paragraph: Paragraph, index: int) -> Piece | None:
    """组建20支、总规模30亿元的天使基金: the noun behind the sum is what is counted before it."""
    following = paragraph.amounts[index + 1 : index + 2]
    if not following or not metrics.AND_SIZE.fullmatch(text, paragraph.amounts[index].end, following[0].lead):
        return None
    return metrics.phrase_behind(text, following[0])


def _counted(text: str, paragraph: Paragraph, amount: Amount, words: Pieces, behind: Piece) -> Pieces:
    """A phrase behind its number, with what is needed from before it: 净增…高企, 产业基金…总规模."""
    if not words:
        paragraph.subject = (behind,)
        return (behind,)
    if is_money(amount.unit) and metrics.FUND.match(text, amount.end):
        paragraph.subject = (behind,)
        size = metrics.SIZE.search(text, *words[-1])
        return (behind, size.span()) if size else (behind,)
    if metrics.SPENT_ON.match(text, amount.end):
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
    start = max((time.end for time in paragraph.line.times if before.start <= time.start < before.end - 1), default=0)
    piece = metrics.trimmed(document.text.text, max(start, before.start), before.end, document.places)
    if crossed := metrics.CROSSED.search(document.text.text, *piece):  # 生产总值|连跨三个千亿台阶，年均增长6%
        piece = (piece[0], crossed.start())
    if piece[1] - piece[0] > LONGEST_SUBJECT:  # 多家央企发起设立的|轨道交通产业投资基金
        piece = (max(piece[0], document.text.text.rfind("的", *piece) + 1), piece[1])
    if metrics.is_empty(document.text.text, (piece,)):  # 第二步，到2030年冲刺1200亿元
        return ()
    timed = any(time.start <= piece[0] and piece[1] <= time.end for time in paragraph.line.times)
    return (piece,) if not timed and 2 <= piece[1] - piece[0] <= LONGEST_SUBJECT else ()


def helped(
    document: Document, paragraph: Paragraph, position: int, before: Before, amount: Amount, pieces: Pieces
) -> Pieces:
    """The pieces of a metric of help with whom it is for and what is given, where its own words do not say so."""
    text = document.text.text
    named = any(metrics.FUNDED.search(text, start, end) for start, end in pieces)
    if (
        not named
        and text[amount.end : amount.end + 1] in "，,"
        and (what := metrics.SPENT_ON.match(text, amount.end + 1))
    ):
        return (what.span("phrase"),)  # 安排3亿元，支持企业技改
    half = half_of(text, paragraph, position)
    held = paragraph.receiver if half <= paragraph.received else before.subject
    received = _receiver(document, paragraph, position, before, pieces, held)
    if half <= paragraph.received and pieces and pieces == before.subject:
        received, pieces = paragraph.receiver, ()  # 按投资额的10%补助，最高500万元: not of the investment
    if listed := _listed_receiver(text, paragraph, position, amount):
        received = listed
    if received:
        paragraph.receiver, paragraph.received = received, amount.start
    return (*received, *pieces, *metrics.help_word(text, amount, (*received, *pieces), half))


def _listed_receiver(text: str, paragraph: Paragraph, position: int, amount: Amount) -> Pieces:
    """评为甲、乙、丙的，分别给予100万元、50万元、20万元: the member whom this sum of a row is for."""
    index = bisect_left(paragraph.amounts, amount.start, key=lambda one: one.start)
    row = next((row for row in paragraph.links.groups.values() if index in row), ())
    if len(row) < 2 or not position or text[paragraph.clauses[position - 1].end - 1] != "的":
        return ()
    start, end = paragraph.clauses[position - 1].start, paragraph.clauses[position - 1].end - 1
    start = metrics.AWARDED.match(text, start, end).end()  # type: ignore[union-attr]  # it may match nothing
    members = metrics.members_of(text, (start, end), len(row))
    if len(members) != len(row) or not all(2 <= last - first <= LONGEST_RECEIVER for first, last in members):
        return ()
    member = members[row.index(index)]
    said = metrics.SAID_SUM.search(text, *members[0])
    if said and text[member[0]].isdigit():  # 年产量突破5万吨、10万吨的: what is reached is said once
        return ((members[0][0], said.start()), member)
    return (member,)


def half_of(text: str, paragraph: Paragraph, position: int) -> int:
    """Where the part of the sentence begins that ；or its own end keeps apart."""
    lowest = max(0, position - HALF_REACH)
    while position > lowest and text[paragraph.clauses[position].start - 1] not in ENDS + "；;":
        position -= 1
    return paragraph.clauses[position].start


def _receiver(
    document: Document, paragraph: Paragraph, position: int, before: Before, pieces: Pieces, held: Pieces
) -> Pieces:
    """Whom help is for, where a clause before says it: 对首个商用的工业元宇宙平台，按…给予补助; 入选国家级名单的，给予…."""
    text, clauses = document.text.text, paragraph.clauses
    generic = metrics.BARE_HELP.fullmatch("".join(text[start:end] for start, end in pieces)) is not None
    generic = generic or metrics.BY_RATE.match(text, clauses[position].start) is not None
    named = False  # by a clause before, which the pieces were taken from
    for index in range(position, max(-1, position - RECEIVER_REACH), -1):
        start, end = clauses[index].start, clauses[index].end
        addressed = metrics.ADDRESSED.match(text, start) is not None
        if pieces and start <= pieces[0][0] < end:
            if addressed:
                return ()
            named = index < position
        elif start <= before.last < end:
            break
        elif (addressed or text[end - 1] == "的" or (generic and index < position)) and not metrics.BY_RATE.match(
            text, start
        ):
            return _topic(document, paragraph, index)
        if text[start - 1 : start] in ENDS + "；;":
            break
    return held if generic and not named and held[-1:] != pieces[-1:] else ()


def _topic(document: Document, paragraph: Paragraph, index: int) -> Pieces:
    """The clause that says whom help is for, with the short noun that opens its sentence: 青年博士，全职入职的，给予…."""
    text, clause = document.text.text, paragraph.clauses[index]
    numbered = metrics.NUMBERED.match(text, clause.start)
    piece = metrics.trimmed(text, numbered.end() if numbered else clause.start, clause.end, document.places)
    led = metrics.LED_TO.match(text, *piece)
    if led and piece[1] - led.end() >= 2:
        piece = (led.end(), piece[1])
    if (
        index
        and metrics.ADDRESSED.match(text, paragraph.clauses[index - 1].start)
        and metrics.SAID_SUM.search(text, *piece)
    ):
        return _topic(document, paragraph, index - 1)  # 对新落户的企业，实缴资本达1000万元以上的，给予奖励
    if not 2 <= piece[1] - piece[0] <= LONGEST_RECEIVER:
        return ()
    opening = paragraph.clauses[index - 1] if index else clause
    opens = opening.end == clause.start - 1 and text[opening.end] in "，,"
    if opens and opening.start == half_of(text, paragraph, index):
        topic = metrics.TOPIC.fullmatch(text, max(opening.start, paragraph.line.body), opening.end)
        return (topic.span(), piece) if topic else (piece,)
    return (piece,)
