"""What newspapers write of a policy: the news of it, what became of it, reports to parliament, briefs, and a misprint."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from benchmarks.replay.language import Metric, general, macro, phrase, phrases, several, vary
from benchmarks.replay.lines import Goal, Line, draw_value, printed, spread, target_sentences
from benchmarks.replay.official import Text, as_told, day_of
from benchmarks.replay.truth import Fact, Place, Said


def report(dice: Random, line: Line, moment: datetime) -> Text:
    """The news of a plan, in a reporter's words."""
    slots = _slots(dice, line, moment)
    goals = spread(dice, line.goals, 2)
    targets, said = _restated(dice, line, goals)
    paragraphs = [
        phrase(dice, "dateline", slots) + phrase(dice, "report_lead", slots),
        f"根据文件，{targets}",
        *several(dice, line.industry.background, 1, slots),
        *several(dice, line.industry.scenes, dice.randint(1, 2), slots),
        *several(dice, phrases()["quotes"], 2, slots),
        *several(dice, line.industry.tasks, 2, slots),
        *general(dice, "general_press", 0, 9, slots),
        phrase(dice, "wrap", slots),
    ]
    head = dice.choice(
        (f"{line.place.full}出台新政加快发展{line.industry.name}", f"{line.industry.name}怎么干？{line.place.full}定了")
    )
    return Text(head, tuple(paragraphs), (Said(line.document, "issued", "again", line.title), *said))


def feature(dice: Random, line: Line, moment: datetime) -> Text:
    """A reporter's walk through the places, with a goal told again."""
    slots = _slots(dice, line, moment)
    targets, said = _restated(dice, line, spread(dice, line.goals, 1)[:2])
    paragraphs = [
        phrase(dice, "feature_lead", slots),
        *several(dice, line.industry.scenes, 2, slots),
        vary(dice, dice.choice(phrases()["feature_target"]), slots | {"targets": targets}),
        *several(dice, phrases()["quotes"], 2, slots),
        *several(dice, line.industry.background, 1, slots),
        *general(dice, "general_press", 2, 8, slots),
        phrase(dice, "wrap", slots),
    ]
    return Text(f"{line.place.full}：把{line.industry.name}文章做实写好", tuple(paragraphs), tuple(said))


def result(dice: Random, line: Line, moment: datetime) -> Text:
    """How far some goals have come by the end of last month."""
    slots = _slots(dice, line, moment)
    end = moment.replace(day=1) - timedelta(days=1)
    clauses, said = [], []
    goals = list({goal.fact.name: goal for goal in line.goals}.values())  # one figure answers all years of a metric
    for goal in dice.sample(goals, min(3, len(goals))):
        name, value = dice.choice(goal.metric.forms), _reached(dice, goal, line)
        if value is None or name.endswith(("下降", "降低")):
            continue
        clauses.append(f"{name}已达{printed(dice, value, goal.metric.unit)}")
        state = f"{value * goal.metric.scale:f} by {end.date()}"
        said.append(Said(goal.fact, state, "result", name, value * goal.metric.scale, end.year))
    paragraphs = [
        phrase(dice, "dateline", slots) + phrase(dice, "result_lead", slots),
        f"截至{end.year}年{end.month}月底，{line.place.whole}{'，'.join(clauses)}。",
        *several(dice, line.industry.scenes, 1, slots),
        *several(dice, phrases()["result_more"], 3, slots),
        *several(dice, line.industry.background, 2, slots),
        *general(dice, "general_press", 0, 5, slots),
    ]
    return Text(f"{line.place.full}{line.industry.name}工作进展通报", tuple(paragraphs), tuple(said))


def brief(dice: Random, line: Line, moment: datetime) -> Text:
    """A few sentences, with a document that is named much like the plan."""
    slots = _slots(dice, line, moment)
    targets, said = _restated(dice, line, spread(dice, line.goals, 1)[:2])
    paragraphs = [
        phrase(dice, "dateline", slots)
        + phrase(dice, "brief_lead", slots)
        + f"近日印发的《{line.sibling.name}》提出，要与《{line.title}》协同推进。",
        targets,
        *several(dice, phrases()["brief_more"], 2, slots),
        *several(dice, line.industry.tasks, 2, slots),
        *general(dice, "general_press", 0, 2, slots),
        phrase(dice, "wrap", slots),
    ]
    documents = (
        Said(line.sibling, "issued", "new", line.sibling.name),
        Said(line.document, "issued", "again", line.title),
    )
    return Text(f"{line.place.full}{line.industry.name}再添新政", tuple(paragraphs), (*documents, *said))


def dispute(dice: Random, line: Line, moment: datetime) -> Text:
    """Another paper's report of the same day that gives a goal another figure."""
    text = report(dice, line, moment)
    goal = dice.choice([one for one in line.goals if not one.fact.name.endswith(("下降", "降低"))])
    wrong = replace(goal, value=draw_value(dice, goal.metric, line, goal.value))
    name = goal.metric.forms[0]
    paragraph = (
        f"按照计划，到{goal.year}年，{line.place.whole}{name}达到{printed(dice, wrong.value, goal.metric.unit)}。"
    )
    rest = [one for one in text.paragraphs if not one.startswith("根据文件，")]
    documents = [one for one in text.said if one.fact.kind == "programme"]
    said = (*documents, wrong.said("contradicted", name))
    return Text(f"{line.place.full}{line.industry.name}政策落地", (*rest[:1], paragraph, *rest[1:]), said)


def work_report(dice: Random, place: Place, voice: int, moment: datetime) -> Text:
    """What a government promises for the year and reports of the last: the same metrics, two years, target and result."""
    words = Random(f"{voice} macro")  # noqa: S311  # neighbours print the same text
    slots = {"here": place.here, "all": place.whole, "organ": place.organ}
    reached, aimed, said = [], [], []
    for metric in macro():
        past, coming = (_macro_value(dice, metric, place) for _ in range(2))
        name = metric.forms[0]
        reached.append(f"{name}{past.normalize():f}{metric.unit}")
        aimed.append(f"{name}{coming.normalize():f}{metric.unit}{words.choice(('', '左右', '以上'))}")
        last = Fact("actual", place, name, moment.year - 1)
        said.append(Said(last, f"{past * metric.scale:f}", "new", name, past * metric.scale, moment.year - 1))
        said.append(Goal(Fact("target", place, name, moment.year), metric, coming, moment.year).said("new", name))
    paragraphs = [
        f"{day_of(moment)}，" + phrase(words, "macro_lead", slots),
        f"{moment.year - 1}年，{place.whole}{'，'.join(reached)}，经济运行稳中有进。",
        f"报告提出，{moment.year}年经济社会发展主要预期目标是：{'，'.join(aimed)}。",
        *several(words, phrases()["macro_more"], 4, slots),
        *several(words, phrases()["quotes"][2:], 1, slots | {"bureau": f"{place.whole[1:]}发展和改革委员会"}),
    ]
    return Text(f"{moment.year}年{place.full}政府工作报告主要目标出炉", tuple(paragraphs), tuple(said))


def _slots(dice: Random, line: Line, moment: datetime) -> dict[str, str]:
    return line.slots(reporter=dice.choice(phrases()["reporters"]), month_day=f"{moment.month}月{moment.day}日")


def _restated(dice: Random, line: Line, goals: Sequence[Goal]) -> tuple[str, list[Said]]:
    whose = dice.choice((line.place.whole, line.place.here))
    return target_sentences(dice, goals, whose, as_told(goals, "again"), other_words=True)


def _reached(dice: Random, goal: Goal, line: Line) -> Decimal | None:
    """A part of the goal that no other figure of the line equals."""
    step = Decimal(str(goal.metric.step))
    for _ in range(20):
        value = (goal.value * Decimal(dice.randint(55, 97)) / 100 // step) * step
        if value and value * goal.metric.scale not in line.used:
            line.used.add(value * goal.metric.scale)
            return value
    return None


def _macro_value(dice: Random, metric: Metric, place: Place) -> Decimal:
    steps = int((metric.high - metric.low) / metric.step)
    value = Decimal(str(metric.low)) + Decimal(str(metric.step)) * dice.randint(0, steps)
    return value if place.name == place.city or metric.unit == "%" else (value / 4).quantize(Decimal("0.1"))
