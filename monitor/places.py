"""WHOSE: the place that owns a fact, by what its sentence, its paragraph, its section and the article name.

Nearest says most. Places named in passing (承接上海, 占全省) own nothing. Where places are named is found before (`regions.py`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.domain import Evidence, Region, RegionMatch
from monitor.gazetteer import Divisions
from monitor.sightings import THAT, Sighting, is_joined, is_listed
from monitor.text import Folded

RUN = re.compile(
    r"(?:正在|正|已经|已|近日|日前|新近|最新|联合|全面|深入)*(?:实施|推进|开展|推行|印发|出台|发布|制定|推出|启动|部署)的[《“\"]?"
)


GIVEN = re.compile(r"[；;]|给予|予以|补助|补贴|奖励|资助|奖补|贴息")
HELD_OUT = 12  # characters behind a number in which it is said that it is given
BEGINNING = 6  # characters


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one article. `spans` are those of place names in the folded body, in order."""

    text: Folded
    matches: tuple[RegionMatch, ...]
    spans: tuple[tuple[int, int], ...]
    _named: tuple[Sighting, ...]  # with the one place each means
    _starts: tuple[int, ...]
    _sections: tuple[tuple[int, Region], ...]  # where the lines under a heading begin, and whose they are
    _main: Region | None
    _divisions: Divisions

    def owner(self, evidence: Evidence, name: str, *, at: int | None = None, conferred: bool = False) -> Region | None:
        """Whose the fact is that `evidence` proves; its metric or `name`, and where its number stands (`at`), find it in a
        long sentence.

        A `conferred` status bears the name of whoever confers it: 锡山 applies to be 江苏省…先导区.
        """
        folded, starts = self.text.folded, self._starts
        first, last = folded(evidence.start), folded(evidence.end)
        # 新吴区新增高企200家，惠山区新增高企90家: of a metric told twice the one before the number is meant.
        until = max(at, evidence.start) if at else evidence.end
        printed = self.text.printed.rfind(name, evidence.start, until)
        if printed < 0 and not at:  # its quotes are not in the name
            printed = self.text.printed.rfind(name[:BEGINNING], evidence.start, until)
        named = folded(printed) if printed >= 0 else -1
        if named >= 0 and not conferred and (inside := self._begun(named, named + len(name))):
            return inside
        if named >= 0 and not (at or conferred) and (runner := self._runner(named)):
            return runner
        stands = folded(at) if at else named
        here = self._named[bisect_left(starts, first) : bisect_left(starts, last)]
        before = [one for one in here if not one.passing and (stands < 0 or one.end <= stands)]
        before = [one for one in before if one.topic or not one.backed or self._acts(one, stands)]
        about = self._carried(first) or self._main
        # 沈阳高新区…推进沈阳机器人产业园建设: what a part backs in the whole is its own doing.
        topics = [
            one
            for one in reversed(before)
            if one.topic or (one.backed and not self._divisions.is_part(about, one.region))
        ]
        if topics and (topic := self._holder(topics)):
            return topic
        parts = (one for one in reversed(before) if self._divisions.is_part(one.region, about))
        closer = next((one.region for one in parts if not self._is_listed(one)), None)
        return closer or about

    def _acts(self, backed: Sighting, stands: int) -> bool:
        """支持火炬区建中试基地，按投资的30%给予补助；采集数据…: what is given, and what follows ；, is of whoever backs it."""
        between = self.text.text[backed.end : stands + HELD_OUT] if stands >= backed.end else ""
        return GIVEN.search(between) is None

    def _holder(self, topics: Sequence[Sighting]) -> Region | None:
        """The place named last, or of a list whoever was named before and holds it: 江苏支持无锡、苏州…."""
        last = topics[0].region
        if not self._is_listed(topics[0]):
            return last
        return next((one.region for one in topics if self._divisions.is_part(last, one.region)), None)

    def _is_listed(self, sighting: Sighting) -> bool:
        """建设沾益、马龙、陆良三个园区，新增用地1.5万亩: the aim is that of whoever means them all."""
        place, text = bisect_left(self._starts, sighting.start), self.text.text
        if is_listed(text, sighting):
            return True
        around = [one for one in self._named[max(0, place - 1) : place + 2] if not one.passing]
        return any(is_joined(text, one, other.start) for one, other in pairwise(around))

    def _begun(self, start: int, end: int) -> Region | None:
        """The place that a name begins with, as a document's title does: 无锡市新型研发机构管理办法."""
        place, region, last = bisect_left(self._starts, start), None, start
        while place < len(self._named) and self._named[place].start == last and self._named[place].end <= end:
            one = self._named[place]
            if not one.level and not one.passing:
                region = one.region
            place, last = place + 1, one.end
        # 姑苏人才计划 is a plan of 苏州: below a city only a full name says whose it is.
        full = region and (region.code.endswith("00") or self.text.text[last - 1] in "市区县旗")
        return region if full else None

    def _runner(self, start: int) -> Region | None:
        """承接江苏实施的“五大计划”: whoever carries out, or has issued, what is named next."""
        place = bisect_left(self._starts, start) - 1
        one = self._named[place] if place >= 0 else None
        return one.region if one and RUN.fullmatch(self.text.text, one.end, start) else None

    def _carried(self, position: int) -> Region | None:
        """Whom the sentences before speak of: the paragraph so far, else the heading above it."""
        line = self.text.text.rfind("\n", 0, position) + 1
        place = bisect_right(self._sections, position, key=lambda section: section[0]) - 1
        section = self._sections[place][1] if place >= 0 else None
        for one in reversed(self._named[bisect_left(self._starts, line) : bisect_left(self._starts, position)]):
            speaks = not one.level or self.text.text[one.start] == THAT
            if one.topic and speaks and not one.passing and not self._is_listed(one):
                return one.region
        return section
