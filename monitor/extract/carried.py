"""What a line leaves to the lines behind it: the time its section speaks of, and that it looked back.

A paragraph that opens with 过去一年 tells results, and so do those behind it, until a promise is made, a time to come is
named or another heading begins.
"""

from typing import NamedTuple

from monitor.extract.deadlines import Published, Time
from monitor.extract.layout import Frame, Line

OPENING_REACH = 8  # characters


class Carried(NamedTuple):
    section: Time | None = None  # 到2027年 of a line before, under the same goals
    told: float = 0.0  # the weight of a look back
    told_of: Time | None = None  # 过去一年
    frames: tuple[Frame, ...] = ()  # the headings under which it was said

    def into(self, line: Line, published: Published | None) -> "Carried":
        """What is left of it when `line` begins."""
        if self.section is None and not self.told:
            return NOTHING
        if line.frames is self.frames and not line.times:
            return self
        same = line.frames[:1] == self.frames[:1]
        section = self.section if same and any(frame.goal for frame in line.frames) else None
        told = self.told if line.frames == self.frames and not _looks_ahead(line, published) else 0.0
        return Carried(section, told, self.told_of if told else None, line.frames)

    def beyond(self, line: Line, told: float, back: int) -> "Carried":
        """What `line` leaves; `told` is what it leaves of a look back, and `back` where its own words of looking back end."""
        if not line.times and not told and not self.told:
            return self
        due = next((time for time in reversed(line.times) if time.role == "due" and _heads(line, time)), self.section)
        due = due if due and any(frame.goal for frame in line.frames) else None  # it holds under goals only
        opening = next((time for time in line.times[:1] if _is_opening(time, back)), self.told_of)
        return Carried(due, told, opening if told else None, line.frames)


NOTHING = Carried()


def _heads(line: Line, time: Time) -> bool:
    """Whether a time speaks for more than its clause: 到2027年, or a limit that opens its line."""
    return not time.marked or time.start - line.body <= OPENING_REACH or time.form in ("plan", "range")


def _is_opening(time: Time, within: int) -> bool:
    return time.role in ("due", "period") and time.last is not None and time.start < within


def _looks_ahead(line: Line, published: Published | None) -> bool:
    return published is not None and any(
        time.own_year and time.role in ("due", "period") and time.last is not None and time.last > published.last
        for time in line.times
    )
