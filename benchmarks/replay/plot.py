"""What happens in the six months: policies are drafted, issued, told again, changed, answered and repealed, and their like with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count, cycle
from random import Random

from benchmarks.replay import official, press
from benchmarks.replay.language import Metric, general, industries, phrases
from benchmarks.replay.lines import Goal, Line, draw_line, draw_value, neighbour
from benchmarks.replay.official import Text
from benchmarks.replay.places import World
from benchmarks.replay.truth import Event, Fact, Genre, Original, Place

CHINA = timezone(timedelta(hours=8))
FIRST_DAY = datetime(2025, 10, 8, tzinfo=CHINA)
DAYS = 182
JANUARY = 96  # the first day on which parliaments sit
NEIGHBOURS = 0.4  # of the policies that another place prints with its own figures
DIFFERS = 0.3  # of the goals of a draft that are issued with another figure
SHORTEST = 400  # characters
# How often a policy goes through each stage, and how many days after its plan.
STAGES: tuple[tuple[Genre, float, tuple[int, int]], ...] = (
    ("report", 0.7, (0, 1)),
    ("dispute", 0.15, (0, 0)),
    ("explained", 0.5, (2, 14)),
    ("brief", 0.3, (1, 20)),
    ("feature", 0.5, (10, 60)),
    ("result", 0.45, (35, 75)),
    ("adjusted", 0.3, (40, 70)),
    ("later", 0.3, (71, 80)),
    ("feature", 0.3, (81, 90)),
    ("repeal", 0.15, (91, 95)),
)
AWARDED = Metric(("评定",), "家", 20, 190, 5, ())
AMOUNT = Metric(("奖励",), "万元", 10, 60, 10, ())


@dataclass(slots=True)
class Plot:
    """Draws originals without end; each line of policy is told to its end before the next begins."""

    dice: Random
    world: World
    stories: Iterator[int]
    families: Iterator[int]

    def originals(self) -> Iterator[Original]:
        reporting = set(self.dice.sample(range(len(self.world.cities)), len(self.world.cities)))
        for number, (line, start) in enumerate(self._lines()):
            yield from self._told(line, start)
            if number % 4 == 0:
                yield from self._yearly(line)
            if number % 8 == 4 and reporting:
                yield from self._parliaments(self.world.cities[reporting.pop()])

    def _lines(self) -> Iterator[tuple[Line, int]]:
        """Policies with the day on which they begin; one place has one of a field."""
        dice, taken = self.dice, set[tuple[str, str]]()
        everywhere = dice.sample(self.world.places, len(self.world.places))
        for place in cycle(everywhere):
            if len(taken) == len(everywhere) * len(industries()):
                return
            industry = dice.choice(industries())
            start = dice.randint(1, 84)
            line = draw_line(dice, place, industry, (FIRST_DAY + timedelta(days=start)).year)
            like = dice.choice(self._near(place))
            for one in (line, neighbour(dice, line, like)) if dice.random() < NEIGHBOURS else (line,):
                if (one.place.full, industry.id) not in taken:
                    taken.add((one.place.full, industry.id))
                    yield one, min(84, max(1, start + dice.randint(-3, 12))) if one is not line else start

    def _near(self, place: Place) -> list[Place]:
        """Its city, the districts beside it, and the one that bears its name elsewhere."""
        return [one for one in self.world.places if one != place and (one.city == place.city or one.name == place.name)]

    def _told(self, line: Line, start: int) -> Iterator[Original]:
        dice, family = self.dice, next(self.families)
        drafted = dice.random() < 0.3
        events: dict[Fact, Event] = {}
        if drafted:
            moment = self._moment(start)
            yield self._published("draft", official.draft(line, moment), line.place, moment, family)
            start += dice.randint(25, 32)
            for index, goal in enumerate(line.goals):
                changed = dice.random() < DIFFERS
                events[goal.fact] = "revised" if changed else "again"
                if changed:
                    line.goals[index] = replace(goal, value=draw_value(dice, goal.metric, line, goal.value))
            events |= dict.fromkeys((*line.programmes, *(offer.fact for offer in line.offers)), "again")
        moment = self._moment(start)
        yield self._published("plan", official.plan(line, moment, events, drafted=drafted), line.place, moment, family)
        days = sorted(
            (start + dice.randint(*within), index)
            for index, (genre, share, within) in enumerate(STAGES)
            # What a draft said weeks ago, a paper of today does not contradict but revise.
            if dice.random() < share and not (drafted and genre == "dispute")
        )
        for day, index in days:
            if day < DAYS - 2:
                yield self._stage(STAGES[index][0], line, day, moment)

    def _stage(self, genre: Genre, line: Line, day: int, issued: datetime) -> Original:
        moment = self._moment(day)
        if genre == "dispute":
            moment = issued.replace(hour=18)
        return self._published(genre, self._text(genre, line, moment), line.place, moment)

    def _text(self, genre: Genre, line: Line, moment: datetime) -> Text:
        dice = self.dice
        texts: dict[Genre, Callable[[], Text]] = {
            "report": lambda: press.report(dice, line, moment),
            "dispute": lambda: press.dispute(dice, line, moment),
            "explained": lambda: official.explained(dice, line),
            "brief": lambda: press.brief(dice, line, moment),
            "feature": lambda: press.feature(dice, line, moment),
            "result": lambda: press.result(dice, line, moment),
            "adjusted": lambda: official.adjusted(dice, line, self._change(line, by_year=True), moment),
            "later": lambda: self._later(line, moment),
            "repeal": lambda: official.repeal(dice, line, moment),
        }
        return texts[genre]()

    def _later(self, line: Line, moment: datetime) -> Text:
        changed = [after for _, after in self._change(line, by_year=False)]
        kept = [goal for goal in line.goals if goal not in changed][:2]
        goal = self.dice.choice(line.goals)
        fact = Fact("target", line.place, goal.fact.name, goal.year + 3)
        further = Goal(
            fact, goal.metric, draw_value(self.dice, goal.metric, line, goal.value * Decimal("1.4")), goal.year + 3
        )
        return official.later(self.dice, line, changed, kept, further, moment)

    def _change(self, line: Line, *, by_year: bool) -> list[tuple[Goal, Goal]]:
        """Give one or two goals another figure, or another year, and return them before and after."""
        dice = self.dice
        changes = []
        for index in dice.sample(range(len(line.goals)), dice.randint(1, 2)):
            before = line.goals[index]
            if by_year and dice.random() < 0.2:
                after = replace(before, year=before.year + dice.choice((-1, 1)))
            else:
                after = replace(before, value=draw_value(dice, before.metric, line, before.value))
            line.goals[index] = after
            changes.append((before, after))
        return changes

    def _yearly(self, line: Line) -> Iterator[Original]:
        """Last year's notice and this year's."""
        honour = self.dice.choice(phrases()["honours"])
        for day in (self.dice.randint(3, 40), self.dice.randint(100, 165)):
            moment = self._moment(day)
            fact = Fact("target", line.place, f"评定{honour}", moment.year)
            goals = [
                Goal(fact, metric, draw_value(self.dice, metric, line), moment.year) for metric in (AWARDED, AMOUNT)
            ]
            yield self._published("notice", official.notice(line, honour, goals, moment), line.place, moment)

    def _parliaments(self, city: Place) -> Iterator[Original]:
        voice = self.dice.randrange(10**9)
        for place in (city, *(one for one in self.world.districts if one.city == city.name)):
            moment = self._moment(JANUARY + self.dice.randint(0, 12))
            text = press.work_report(self.dice, place, voice, moment)
            yield self._published("macro", text, place, moment)

    def _published(
        self, genre: Genre, text: Text, place: Place, moment: datetime, family: int | None = None
    ) -> Original:
        paragraphs = self._filled(text.paragraphs, "general_notice" if genre in OFFICIAL else "general_press", place)
        site = self.world.offices[place.full] if genre in OFFICIAL else self.dice.choice(self.world.press(place))
        family = next(self.families) if family is None else family
        return Original(next(self.stories), family, genre, place, text.title, paragraphs, text.said, site, moment)

    def _filled(self, paragraphs: tuple[str, ...], stock: str, place: Place) -> tuple[str, ...]:
        """The text with so much more of the usual that it is as long as such texts are."""
        slots = {"here": place.here, "bureau": f"{place.whole[1:]}发展和改革委员会"}
        more = general(self.dice, stock, 5, 5, slots)
        while more and sum(map(len, paragraphs)) < SHORTEST:
            paragraphs = (*paragraphs[:2], more.pop(), *paragraphs[2:])
        return paragraphs

    def _moment(self, day: int) -> datetime:
        return FIRST_DAY + timedelta(days=day, hours=self.dice.randint(7, 16), minutes=self.dice.randrange(60))


OFFICIAL: frozenset[Genre] = frozenset({"draft", "plan", "explained", "adjusted", "later", "repeal", "notice"})


def originals(dice: Random, world: World) -> Iterator[Original]:
    return Plot(dice, world, count(1), count(1)).originals()
