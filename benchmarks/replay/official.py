"""What offices publish of a policy: the draft, the plan, what explains it, changes it, replaces it and ends it.

Each text is drawn by the voice of its line, so that two places with one voice print the same text but for names and figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from benchmarks.replay.language import general, phrase, phrases, several, vary
from benchmarks.replay.lines import Goal, Line, target_sentences
from benchmarks.replay.truth import Event, Fact, Said

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
VERBS = ("深入实施", "组织实施", "启动实施", "扎实推进")


@dataclass(frozen=True, slots=True)
class Text:
    """A text without the page around it."""

    title: str
    paragraphs: tuple[str, ...]
    said: tuple[Said, ...]


def day_of(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def draft(line: Line, moment: datetime) -> Text:
    """The plan put up for comment."""
    dice, slots = Random(f"{line.voice} draft"), line.slots()  # noqa: S311  # the same text for the same voice
    body, said = _body(line, {})
    paragraphs = [phrase(dice, "consult", slots), phrase(dice, "respond", slots), *body, *_signed(line, moment)]
    title = f"关于《{line.title}（征求意见稿）》公开征求意见的公告"
    return Text(title, tuple(paragraphs), (Said(line.document, "draft", "new", line.title), *said))


def plan(line: Line, moment: datetime, events: Mapping[Fact, Event], *, drafted: bool) -> Text:
    """The plan as issued; `events` say which goals differ from the draft."""
    dice, slots = Random(f"{line.voice} plan"), line.slots()  # noqa: S311
    body, said = _body(line, events)
    opening = [phrase(dice, "addressees", slots), phrase(dice, "handed", slots)]
    title = dice.choice((f"关于印发《{line.title}》的通知", f"{line.place.full}人民政府关于印发《{line.title}》的通知"))
    paragraphs = (*opening, *body, *_signed(line, moment), dice.choice(phrases()["closing"]))
    issued = Said(line.document, "issued", "status" if drafted else "new", line.title)
    return Text(title, paragraphs, (issued, *said))


def explained(dice: Random, line: Line) -> Text:
    """Questions and answers about the plan, its goals in other words."""
    targets, said = target_sentences(dice, line.goals, line.place.whole, as_told(line.goals, "again"), other_words=True)
    task = vary(dice, dice.choice(line.industry.tasks), line.slots())
    background = vary(dice, dice.choice(line.industry.background), line.slots())
    slots = line.slots(
        targets=targets, task=task, background=background, safeguard=phrase(dice, "safeguards", line.slots())
    )
    paragraphs = [vary(dice, pattern, slots) for pair in phrases()["question"] for pattern in pair]
    lead = f"《{line.title}》已于近日印发。为便于社会各界了解文件内容，现就有关问题解读如下。"
    more = several(dice, line.industry.tasks, 2, slots) + general(dice, "general_tasks", 1, 3, slots)
    return Text(
        f"《{line.title}》政策解读",
        (lead, *paragraphs, *more),
        (Said(line.document, "issued", "again", line.title), *said),
    )


def adjusted(dice: Random, line: Line, changed: Sequence[tuple[Goal, Goal]], moment: datetime) -> Text:
    """Goals said to be changed, each with what it was before."""
    slots = line.slots()
    sentences, said = [], []
    for number, (before, after) in enumerate(changed):
        text, told = _change(dice, before, after)
        sentences.append(f"{NUMERALS[number]}、{text}")
        said += told
    paragraphs = [
        phrase(dice, "adjust_reason", slots),
        *sentences,
        *several(dice, line.industry.tasks, 2, slots),
        *several(dice, phrases()["adjust_more"], 2, slots),
        *general(dice, "general_notice", 1, 4, slots),
        *_signed(line, moment),
    ]
    title = f"关于调整《{line.title}》有关目标的通知"
    # That the plan was amended may be told or not: it is no news of its own.
    return Text(title, tuple(paragraphs), (Said(line.document, "amended", "again", line.title), *said))


def later(
    dice: Random, line: Line, changed: Sequence[Goal], kept: Sequence[Goal], further: Goal, moment: datetime
) -> Text:
    """Another plan that restates goals, some of them with other figures, without saying that they changed."""
    slots = line.slots() | {"plan": line.later.name}
    events = as_told(changed, "revised") | as_told(kept, "again")
    # An office may word a metric otherwise; it does not leave out what it is about.
    told = [replace(goal, metric=replace(goal.metric, short=())) for goal in (*changed, *kept)]
    dice.shuffle(told)
    targets, said = target_sentences(dice, told, line.place.whole, events, other_words=dice.random() < 0.5)
    outlook, more = target_sentences(dice, [further], line.place.whole, {}, other_words=False)
    tasks = several(dice, line.industry.tasks, 4, slots) + general(dice, "general_tasks", 1, 4, slots)
    paragraphs = [
        phrase(dice, "addressees", slots),
        phrase(dice, "handed", slots),
        phrase(dice, "purpose", slots) + vary(dice, dice.choice(line.industry.background), slots),
        f"一、工作目标。{targets}{outlook}",
        *(f"{NUMERALS[number + 1]}、{task}" for number, task in enumerate(tasks)),
        *several(dice, phrases()["safeguards"], 2, slots),
        *_signed(line, moment),
    ]
    return Text(
        f"关于印发《{line.later.name}》的通知",
        tuple(paragraphs),
        (Said(line.later, "issued", "new", line.later.name), *said, *more),
    )


def repeal(dice: Random, line: Line, moment: datetime) -> Text:
    """The plan is no longer in force."""
    slots = line.slots()
    paragraphs = [
        phrase(dice, "addressees", slots),
        phrase(dice, "repeal", slots),
        *several(dice, phrases()["repeal_more"], 3, slots),
        *several(dice, line.industry.background, 2, slots),
        *several(dice, phrases()["adjust_more"], 1, slots),
        *general(dice, "general_notice", 1, 4, slots),
        *_signed(line, moment),
    ]
    return Text(
        f"关于废止《{line.title}》的通知", tuple(paragraphs), (Said(line.document, "repealed", "status", line.title),)
    )


def notice(line: Line, honour: str, goals: Sequence[Goal], moment: datetime) -> Text:
    """The yearly call to apply for an honour: the same text each year, other dates and figures."""
    dice = Random(f"{line.voice} {honour}")  # noqa: S311
    slots = line.slots(honour=honour, year=str(moment.year))
    number, amount = goals
    offered = f"二、支持政策。{moment.year}年拟评定{honour}{number.value:f}家，对评定为{honour}的，给予一次性奖励{amount.value:f}万元。"
    first, *rest = several(dice, phrases()["notice_body"], 3, slots)
    deadline = f"材料报送截止时间为{moment.year}年{moment.month % 12 + 1}月{moment.day}日，逾期不予受理。"
    paragraphs = [
        phrase(dice, "addressees", slots),
        phrase(dice, "notice_reason", slots),
        first,
        offered,
        *rest,
        deadline,
        *several(dice, line.industry.background, 2, slots),
        *several(dice, phrases()["safeguards"], 2, slots),
        *_signed(line, moment),
    ]
    # Whether another year's reward is another offer or a revision, nobody can say: only the number counts.
    said = (number.said("new", f"评定{honour}"),)
    return Text(f"关于组织开展{moment.year}年度{honour}申报工作的通知", tuple(paragraphs), said)


# ------------------------------------------------------------------ parts


def _body(line: Line, events: Mapping[Fact, Event]) -> tuple[list[str], list[Said]]:
    """What draft and plan share: why, whereto, what, with what."""
    dice, slots = Random(f"{line.voice} body"), line.slots()  # noqa: S311
    targets, said = target_sentences(dice, line.goals, line.place.whole, dict(events), other_words=False)
    background = several(dice, line.industry.background, 2, slots)
    tasks = several(dice, line.industry.tasks, 5, slots) + general(dice, "general_tasks", 0, 6, slots)
    dice.shuffle(tasks)
    rows = [f"（{NUMERALS[number]}）{task}" for number, task in enumerate(tasks)]
    for programme in line.programmes:
        rows[dice.randrange(len(rows))] += f"{dice.choice(VERBS)}{programme.name}。"
        said.append(Said(programme, "told", events.get(programme, "new"), programme.name))
    offers = []
    for offer in line.offers:
        figure = f"{offer.value:f}万元"
        offers.append(f"对{offer.fact.name}，给予最高{figure}奖励。")
        said.append(offer.said(events.get(offer.fact, "new"), f"{offer.fact.name}奖励"))
    paragraphs = [
        phrase(dice, "purpose", slots) + "".join(background),
        f"一、总体要求。{phrase(dice, 'principles', slots)}",
        f"二、主要目标。{targets}",
        "三、重点任务",
        *rows,
        f"四、支持政策。{''.join(offers)}",
        "五、保障措施",
        *(
            f"（{NUMERALS[number]}）{one}"
            for number, one in enumerate(several(dice, phrases()["safeguards"], dice.randint(2, 6), slots))
        ),
        *general(dice, "general_notice", 0, 3, slots),
    ]
    return paragraphs, said


def _change(dice: Random, before: Goal, after: Goal) -> tuple[str, list[Said]]:
    name = dice.choice(after.metric.forms)
    old, new = (f"{goal.value.normalize():f}{goal.metric.unit}" for goal in (before, after))
    if before.year != after.year:
        moved = f"由{before.year}年{'提前至' if after.year < before.year else '推迟至'}{after.year}年"
        text = dice.choice(
            (
                f"将“{name}达到{new}”的完成时限{moved}。",
                f"{name}达到{new}的目标，{moved}实现。",
                f"{name}达到{new}的时间{moved}。",
            )
        )
        return text, [after.said("revised", name)]
    verb = "上调至" if after.value > before.value else "下调至"
    text = dice.choice(
        (
            f"将{after.year}年{name}目标由{old}{verb}{new}。",
            f"{after.year}年{name}目标值由{old}调整为{new}。",
            f"到{after.year}年，{name}由原定的{old}调整为{new}。",
        )
    )
    return text, [before.said("again", name), after.said("revised", name)]


def as_told(goals: Sequence[Goal], event: Event) -> dict[Fact, Event]:
    return {goal.fact: event for goal in goals}


def _signed(line: Line, moment: datetime) -> list[str]:
    return [f"{line.place.full}人民政府", day_of(moment)]
