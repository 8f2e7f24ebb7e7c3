"""A policy of one place through its life: what it aims at now, and how a text prints that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations
from random import Random

from benchmarks.replay.language import Industry, Metric
from benchmarks.replay.truth import Event, Fact, Place, Said

OFFERS = Metric((), "万元", 10, 800, 10, ())
EQUAL = 0.15  # of the figures of a neighbour's plan that happen to be the same
MILESTONE, ADDED, SAME = 0.25, 0.2, 0.2  # of the policies that hold such a trap: see _with_traps
BOTH = 0.4  # of the pairs of like programmes of which a plan carries out both
VERBS = ("达到", "突破", "超过", "力争达到")
ROUNDED = 0.06  # of the figures told again that are rounded
NEAR = Decimal("0.02")


@dataclass(slots=True)
class Goal:
    """A target as it stands; `value` in printed units."""

    fact: Fact
    metric: Metric
    value: Decimal
    year: int

    @property
    def state(self) -> str:
        return f"{self.value * self.metric.scale:f}@{self.year}"

    def said(self, event: Event, name: str, value: Decimal | None = None) -> Said:
        """`value` where the text prints a rounded one."""
        return Said(self.fact, self.state, event, name, (value or self.value) * self.metric.scale, self.year or None)


@dataclass(slots=True)
class Line:
    """`voice` chooses the wording: two places with one voice print one text. `plan` is the document's name without place."""

    place: Place
    industry: Industry
    voice: int
    plan: str
    span: str  # （2026—2028年） or nothing
    goals: list[Goal]
    offers: list[Goal]
    programmes: list[Fact]
    document: Fact
    later: Fact
    sibling: Fact
    used: set[Decimal] = field(default_factory=set)  # figures in base units: none stands for two things

    @property
    def title(self) -> str:
        """The plan's full name."""
        return f"{self.document.name}{self.span}"

    def slots(self, **more: str) -> dict[str, str]:
        place = self.place
        common = {"here": place.here, "all": place.whole, "organ": place.organ, "field": self.industry.name}
        return common | {"bureau": f"{place.whole[1:]}{self.industry.bureau}", "plan": self.title} | more


def draw_line(dice: Random, place: Place, industry: Industry, year: int) -> Line:
    """A new policy of a place that aims at a few years ahead."""
    end = year + dice.choice((2, 2, 3, 5))
    plan = dice.choice(industry.plans)
    span = f"（{year}—{end}年）" if "年行动" in plan and end <= year + 3 else ""
    metrics = dice.sample(list(industry.metric), dice.randint(4, len(industry.metric)))
    pairs = [pair if dice.random() < BOTH else (dice.choice(pair),) for pair in industry.programmes]
    programmes = [Fact("programme", place, name) for pair in dice.sample(pairs, 2) for name in pair]
    offers = dice.sample(list(industry.supports), dice.randint(1, 2))
    line = _line(place, industry, dice.randrange(10**9), plan, span, programmes)
    for metric in metrics:
        fact = Fact("target", place, metric.forms[0], end)
        line.goals.append(Goal(fact, metric, draw_value(dice, metric, line), end))
    _with_traps(dice, line)
    for offer in offers:
        fact = Fact("support", place, offer)
        line.offers.append(Goal(fact, OFFERS, draw_value(dice, OFFERS, line), 0))
    return line


def _with_traps(dice: Random, line: Line) -> None:
    """Goals much like others of the policy: the year before, how many are added, a like name with the same figure."""
    goal = dice.choice(line.goals)
    if dice.random() < MILESTONE:
        fact = Fact("target", line.place, goal.fact.name, goal.year - 1)
        value = draw_value(dice, goal.metric, line, goal.value * Decimal("0.8"))
        line.goals.append(Goal(fact, goal.metric, value, goal.year - 1))
    counted = [one for one in line.goals if one.metric.lead and one.year == goal.year]
    if counted and dice.random() < ADDED:
        whole = dice.choice(counted)
        metric = replace(whole.metric, forms=(f"新增{whole.fact.name}",), lead=(), short=())
        fact = Fact("target", line.place, metric.forms[0], whole.year)
        line.goals.append(Goal(fact, metric, draw_value(dice, metric, line, whole.value * Decimal("0.3")), whole.year))
    likes = [(one, two) for one, two in combinations(counted, 2) if _are_like(one.fact.name, two.fact.name)]
    if likes and dice.random() < SAME:
        one, two = dice.choice(likes)
        one.value = two.value


def _are_like(one: str, other: str) -> bool:
    """省级以上智能工厂, 省级以上智能车间: two metrics that begin or end alike."""
    return one != other and (one[:4] == other[:4] or one[-4:] == other[-4:])


def neighbour(dice: Random, line: Line, place: Place) -> Line:
    """The same text of another place, with its own figures."""
    programmes = [Fact("programme", place, one.name) for one in line.programmes]
    twin = _line(place, line.industry, line.voice, line.plan, line.span, programmes)
    for mine, theirs in ((twin.goals, line.goals), (twin.offers, line.offers)):
        for goal in theirs:
            fact = Fact(goal.fact.kind, place, goal.fact.name, goal.fact.year)
            value = goal.value if dice.random() < EQUAL else draw_value(dice, goal.metric, twin)
            twin.used.add(value * goal.metric.scale)
            mine.append(Goal(fact, goal.metric, value, goal.year))
    return twin


def _line(place: Place, industry: Industry, voice: int, plan: str, span: str, programmes: list[Fact]) -> Line:
    document, later, sibling = (
        Fact("programme", place, name if name.startswith("关于") else f"{place.name}{name}")
        for name in (plan, industry.follow, industry.sibling)
    )
    return Line(place, industry, voice, plan, span, [], [], programmes, document, later, sibling)


def draw_value(dice: Random, metric: Metric, line: Line, near: Decimal | None = None) -> Decimal:
    """A figure the line does not use yet: of the size of the place, or a fifth around `near`."""
    step, low, high = (Decimal(str(one)) for one in (metric.step, metric.low, metric.high))
    middle = (low + high) / 2
    if near is not None:
        near = min(near, Decimal(99)) if metric.unit == "%" else near
        low, high = near * Decimal("0.8"), min(near * Decimal("1.2"), Decimal(100) if metric.unit == "%" else near * 2)
    elif line.place.name == line.place.city:
        low = middle
    else:
        high = middle
    choices = [step * count for count in range(int(low / step), int(high / step) + 1)]
    free = [one for one in choices if one * metric.scale not in line.used and one > 0 and one != near]
    value = dice.choice(free or [max(choices, default=step) + step])
    line.used.add(value * metric.scale)
    return value


# ------------------------------------------------------------------ how it is printed


def target_sentences(
    dice: Random, goals: Sequence[Goal], whole: str, events: dict[Fact, Event], *, other_words: bool
) -> tuple[str, list[Said]]:
    """Sentences that say these goals, those of one year together."""
    years: dict[int, list[Goal]] = {}
    for goal in goals:
        years.setdefault(goal.year, []).append(goal)
    sentences, said = [], []
    for year, own in sorted(years.items()):
        for start in range(0, len(own), 3):
            clauses = []
            for goal in own[start : start + 3]:
                text, one = _clause(dice, goal, events.get(goal.fact, "new"), other_words=other_words)
                clauses.append(text)
                said.append(one)
            opening = dice.choice((f"到{year}年，", f"到{year}年底，", f"力争到{year}年，", f"到{year}年末，"))
            sentences.append(f"{opening}{whole if start == 0 else ''}{'，'.join(clauses)}。")
    return "".join(sentences), said


def _clause(dice: Random, goal: Goal, event: Event, *, other_words: bool) -> tuple[str, Said]:
    metric, value = goal.metric, goal.value
    name = dice.choice((*metric.forms, *metric.short)) if other_words else metric.forms[0]
    rough = _rounded(value) if other_words and dice.random() < ROUNDED else None
    figure = printed(dice, rough or value, metric.unit)
    said = goal.said(event, name, rough)
    if name.endswith(("下降", "降低", "增长", "就业")):
        return f"{name}{figure}{dice.choice(('', '', '以上', '左右'))}", said
    if rough:
        return f"{name}超{figure}", said
    if metric.lead and name == metric.forms[0] and dice.random() < 0.6:
        return f"{dice.choice(metric.lead)}{name}{figure}{dice.choice(('', '', '以上'))}", said
    return f"{name}{dice.choice(VERBS)}{figure}", said


def printed(dice: Random, value: Decimal, unit: str) -> str:
    """1500家, 1.5万家; 12000亿元, 1.2万亿元."""
    if value >= 10_000 and value % 100 == 0 and dice.random() < 0.5:
        return f"{(value / 10_000).normalize():f}万{unit}"
    return f"{value.normalize():f}{unit}"


def _rounded(value: Decimal) -> Decimal | None:
    """The figure down to its first two digits, where that is near."""
    rough = value - value % (Decimal(10) ** (value.adjusted() - 1))
    return rough if rough != value and value - rough <= value * NEAR else None


def spread(dice: Random, goals: Iterable[Goal], least: int) -> list[Goal]:
    """Some of the goals, in another order."""
    pool = list(goals)
    return dice.sample(pool, dice.randint(min(least, len(pool)), len(pool)))
