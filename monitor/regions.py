"""LOCATE: which places a text names, and whose policy it reports: a title says most, then sections, then how often and where a
place is named. Whose each fact is follows from that (`places.py`)."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from monitor.domain import Article, Evidence, Region, RegionMatch
from monitor.gazetteer import COUNTRY, Divisions, load_divisions
from monitor.places import Places
from monitor.sightings import THAT, Finder, Sighting
from monitor.text import Folded, fold

# What a sighting adds to the weight of its place. A title says what an article is about; the body only adds up.
TITLE, TITLE_ASIDE, TOPIC, BACKED, ASIDE, NATION = 5.0, 3.5, 1.0, 0.5, 0.35, 0.3
LEAD, LEAD_END = 2.0, 200  # places in the first characters of the body count double
SECTION = 4.0  # a place that heads lines of its own
SAID = 0.5  # 全市 speaks of the city that the article is about
HOME = 1.0  # the place its source is at home in
SPEAKER = 3.0  # a source or a medium that says 全市 before any place is named
SUBJECT, KIN = (
    0.35,
    0.6,
)  # share of the heaviest place's weight from which another, or one of its own kin, is a subject too
FEWEST = 3.0  # weight below which a place beside the heaviest is only mentioned
MINISTRY = re.compile(
    r"国务院|中共中央|中办|国办|(?:中国)?人民银行(?![\u4e00-\u9fff]{0,6}[分支]行)|(?:中国)?证监会|海关总署|国家(?!级|高新|经)[\u4e00-\u9fff]{2,8}(?:委|局|署|总局|委员会)|(?:工业和信息化|科学?技术?|财政|商务|教育|自然资源|生态环境|交通运输"
    r"|农业农村|人力资源和?社会保障|住房和城乡建设|工信|人社|科技|住建)部(?![门队分])"
)
NATIONAL = re.compile(rf"{MINISTRY.pattern}|新华社|人民日报|中国政府网|中央")
# 中国人民银行等七部门联合印发…: a policy of the country, whatever it names further on.
DECREED = re.compile(
    rf"(?P<organ>{MINISTRY.pattern})[^。！？\n]{{0,40}}?(?:印发|发布|出台|公布|下发|部署|启动|联合|通知|意见|提出|明确|开展|修订|将)"
)
OFFICE = re.compile(r"(?:政府|委员会|管委会|局|厅|委|办|办公室|部)$")
RECENT = 4  # places named before that 全区 may mean
SALUTATION = re.compile(r"(?:各(?<![^\n].)|有关(?<![^\n]..))[^\n。]{2,200}[:：]$", re.MULTILINE)
ANNOUNCES = re.compile(
    r"(?:本周|日前|近日|今日|昨日|同时|也|还|则|\d{1,2}月\d{1,2}日){0,2}(?:提出|计划|印发|出台|明确|公布|发布|启动|宣布|将|拟)"
)
EVIDENCE = 5  # pieces shown per place


class Gazetteer:
    """Places by name and by text. Built once; holds no state of a text."""

    def __init__(self, divisions: Divisions) -> None:
        self.divisions = divisions
        self._finder = Finder(divisions)

    def resolve(self, name: str) -> tuple[Region, ...]:
        """What `name` can mean as a whole: nothing for no place, several for a name that several places bear."""
        return self.divisions.meaning(name.strip())

    def parents(self, code: str) -> tuple[Region, ...]:
        """The divisions that hold a place, the nearest first, the country last."""
        _, *above = self.divisions.chain(code)
        return tuple(region for one in above if (region := self.divisions.region(one)))

    def locate(self, article: Article, text: Folded, title: Folded | None = None) -> Places:
        """Find the places of `article`, whose folded body is `text`; `title` is its folded title where the caller has it."""
        headline = (title or fold(article.title)).text
        home = self._home(article)
        shift = len(headline) + 1
        sightings = self._one_name(self._told_apart(self._finder.find(f"{headline}\n{text.text}", self._chain(home))))
        in_title = [one for one in sightings if one.end <= len(headline)]
        body = [Sighting(one.start - shift, one.end - shift, *one[2:]) for one in sightings if one.start >= shift]
        body = _without_salutations(text.text, body)
        weights = self._weigh(in_title, body, home)
        if _is_decreed(headline, in_title) or (not in_title and _is_decreed(text.text[:LEAD_END], body)):
            weights[self.divisions.regions[COUNTRY]] += TITLE
        known = [
            code for region in (*weights, *((home,) if home else ())) for code in self.divisions.chain(region.code)
        ]
        headings = self._finder.headings(text.text, body, dict.fromkeys(known))
        headed = {region for _, region in headings}
        for region in headed:
            weights[region] += SECTION
        self._add_spoken(weights, (*in_title, *body), home)
        if not in_title and (speaker := self._unnamed(article, body, home)):
            weights[speaker] += SPEAKER
        if not weights and (fallback := home or self._of_publisher(article, text.text)):
            weights[fallback] = HOME
        for one in self._only_titled(in_title, body) - headed:
            weights.pop(one, None)
        subjects = self._subjects(weights, in_title, headed | self._speakers(text.text, body, headings))
        main = subjects[0] if subjects else home
        decided = tuple(self._decided(text.text, body, headings, subjects, main, home))
        matches = self._matches(text, decided, subjects, in_title)
        spans = tuple((one.start, one.end) for one in body if one.meanings and not one.level)
        starts = tuple(one.start for one in decided)
        sections = tuple(headings) if len(headings) > 1 else ()
        return Places(text, matches, spans, decided, starts, sections, main, self.divisions)

    def _told_apart(self, sightings: Iterable[Sighting]) -> Iterator[Sighting]:
        """鼓楼区 under 【福州】 and under 【徐州】: the place last named before it that holds one of its meanings decides."""
        named: dict[str, None] = {}  # in the order in which each was named last
        for found in sightings:
            one = found if len(found.meanings) < 2 else self._inside(found, reversed(named))
            if (place := one.region) and place.code != COUNTRY:
                named.pop(place.code, None)
                named[place.code] = None
            yield one

    def _inside(self, sighting: Sighting, codes: Iterable[str]) -> Sighting:
        """The sighting with its one meaning inside the first of these places that holds just one of them."""
        for code in codes:
            inside = tuple(region for region in sighting.meanings if self.divisions.within(region.code, code))
            if len(inside) == 1:
                return sighting._replace(meanings=inside)
        return sighting

    def _one_name(self, sightings: Iterable[Sighting]) -> list[Sighting]:
        """新吴区 and 无锡高新区 are one place: the name used most in an article serves for all of them."""
        found = list(sightings)
        first: dict[str, Region] = {}
        if all(first.setdefault(place.code, place) == place for one in found if (place := one.region)):
            return found
        uses = Counter(one.region for one in found if one.region)
        named: dict[str, Region] = {}
        for region, _ in uses.most_common():
            named.setdefault(region.code, region)
        return [
            one
            if one.region is None or one.region is (name := named[one.region.code])
            else one._replace(meanings=(name,))
            for one in found
        ]

    def _chain(self, region: Region | None) -> tuple[str, ...]:
        return tuple(self.divisions.chain(region.code)) if region else ()

    def _home(self, article: Article) -> Region | None:
        """The region its source is registered for, else the office that issued or published it."""
        official = article.official.issuer if article.official else None
        house = article.publisher or official or ""
        if not article.region and MINISTRY.match(house) and not self._begins(house):
            return self.divisions.regions[COUNTRY]
        for name in (article.region, official, article.publisher):
            if not name:
                continue
            whole = self.divisions.meaning(name)
            if len(whole) == 1:
                return whole[0]
            if name != article.region and OFFICE.search(name) and (region := self._begins(name)):
                return region
        return None

    def _begins(self, name: str) -> Region | None:
        """The place that an office or a medium bears: 宜兴日报, 国家税务总局无锡市税务局."""
        above = MINISTRY.match(name)
        together = list(_together(self._finder.find(name[above.end() :] if above else name)))
        return together[-1].region if together else None

    def _of_publisher(self, article: Article, text: str) -> Region | None:
        """宜兴日报 is about 宜兴, a ministry about the country, where the article names no place."""
        if place := self._begins(article.publisher or ""):
            return place
        return self.divisions.regions[COUNTRY] if NATIONAL.search(article.publisher or text[:LEAD_END]) else None

    def _weigh(
        self, in_title: Iterable[Sighting], body: Iterable[Sighting], home: Region | None
    ) -> defaultdict[Region, float]:
        weights: defaultdict[Region, float] = defaultdict(float)
        for one in in_title:
            if (place := one.region) and not one.passing:
                weights[place] += (TITLE if one.topic else TITLE_ASIDE) * (NATION if one.level else 1)
        for one in body:
            if one.passing or not (place := one.region):
                continue
            weight = TOPIC if one.topic else BACKED if one.backed else ASIDE
            weight *= NATION if place.code == COUNTRY else 1
            weights[place] += weight * (LEAD if one.start < LEAD_END else 1)
        if home and home in weights:
            weights[home] += HOME
        return weights

    def _add_spoken(
        self, weights: defaultdict[Region, float], sightings: Iterable[Sighting], home: Region | None
    ) -> None:
        """全市, 我县 and a bare 高新区 speak of whoever is of that kind: the source's own region, else the heaviest place."""
        said = Counter(
            (one.level, one.zone)
            for one in sightings
            if (one.level or one.zone) and one.level != "国" and not one.passing
        )
        for (level, zone), count in said.items():
            ranked = sorted(weights, key=lambda region: -weights[region])
            region = self._spoken(level, zone, ([home] if home else []) + ranked[:1])
            if region:
                weights[region] += SAID * min(count, 10)

    def _unnamed(self, article: Article, body: Iterable[Sighting], home: Region | None) -> Region | None:
        """Who says 全市 without having named a city: the source's region, else that of the medium (绍兴日报)."""
        first = next((one for one in body if not one.passing and (one.region or one.level)), None)
        if first is None or not first.level or first.level == "国":
            return None
        speaker = home or self._begins(article.publisher or "")
        return self._spoken(first.level, None, (speaker,)) if speaker else None

    def _spoken(self, level: str | None, zone: str | None, about: Iterable[Region]) -> Region | None:
        """The place that a word for a level or a zone means beside the places that a text is about, the first that fits."""
        for place in about:
            for code in self.divisions.chain(place.code):
                region = place if code == place.code else self.divisions.region(code)
                if region is None:
                    continue
                if zone and (found := self._zone_at(region, zone)):
                    return found
                if level and level in _levels(region):
                    return region
        return None

    def _zone_at(self, region: Region, kind: str) -> Region | None:
        if region.code.endswith(f"-{kind}") or (kind == "hitech" and region.name.endswith("高新技术产业开发区")):
            return region
        prefecture = (
            region.code.endswith("00") and not region.code.endswith("0000") and region.code in self.divisions.official
        )
        return self.divisions.zone(region.code, kind, "经开区" if kind == "etdz" else "高新区") if prefecture else None

    def _subjects(
        self, weights: Mapping[Region, float], in_title: Sequence[Sighting], headed: Collection[Region]
    ) -> tuple[Region, ...]:
        """The places that the article is about, the heaviest first."""
        ranked = sorted(weights, key=lambda region: -weights[region])
        if not ranked:
            return ()
        top = ranked[0]
        titled = {
            one.region.code
            for index, one in enumerate(in_title)
            if one.region and not one.passing and not self._leads_on(in_title, index)
        }
        chosen = [top]
        # A round-up of districts is about their city too, however seldom it is named.
        parts = Counter(self.divisions.above.get(one.code) for one in headed)
        for region in ranked[1:]:
            kin = self._are_kin(region, top)
            enough = weights[region] >= max(FEWEST, weights[top] * (KIN if kin else SUBJECT))
            if (region in headed and len(headed) > 1) or (
                region.code != COUNTRY and (enough or parts[region.code] > 1 or region.code in titled)
            ):
                chosen.append(region)
        return tuple(dict.fromkeys(chosen))

    def _speakers(self, text: str, body: Sequence[Sighting], headings: Sequence[tuple[int, Region]]) -> set[Region]:
        """Parts of a section's place that announce something there: 【上海】…黄浦区计划…."""
        starts = [start for start, _ in headings]
        return {
            one.region
            for one in body
            if one.region
            and one.topic
            and len(headings) > 1
            and (place := bisect_right(starts, one.start) - 1) >= 0
            and self.divisions.is_part(one.region, headings[place][1])
            and ANNOUNCES.match(text, one.end)
        }

    def _only_titled(self, in_title: Sequence[Sighting], body: Sequence[Sighting]) -> set[Region]:
        """苏州工业园区？不，这是合肥高新区: a place of the title that the text never speaks of, but of another one."""
        named = {one.region for one in body if one.region}
        titled = {one.region for one in in_title if one.region and one.region.code != COUNTRY}
        told = titled & {one.region for one in body if one.region and not one.passing}
        meant = {one.level for one in body if one.level} - {_levels(region) for region in told}
        rivals = told or {one.region for one in body if one.topic and one.region and one.region.code != COUNTRY}
        silent = (one for one in titled - named if _levels(one) not in meant)
        return {one for one in silent if told or (rivals and not any(self._are_kin(one, other) for other in rivals))}

    def _are_kin(self, one: Region, other: Region) -> bool:
        return self.divisions.within(one.code, other.code) or self.divisions.within(other.code, one.code)

    def _leads_on(self, sightings: Sequence[Sighting], index: int) -> bool:
        """Whether a place only leads to the next: 江苏 in 江苏无锡."""
        one = sightings[index]
        following = sightings[index + 1] if index + 1 < len(sightings) else None
        return bool(
            following
            and following.start == one.end
            and one.region
            and following.region
            and self.divisions.within(following.region.code, one.region.code)
        )

    def _decided(
        self,
        text: str,
        body: Sequence[Sighting],
        headings: Sequence[tuple[int, Region]],
        subjects: Sequence[Region],
        main: Region | None,
        home: Region | None,
    ) -> Iterator[Sighting]:
        """The sightings of the body with the one place that each means: 全市 and 高新区 take it from what was named before."""
        recent: list[Region] = []
        starts = [start for start, _ in headings]
        general = [region for region in (main, home) if region]
        for one in body:
            region = one.region
            place = bisect_right(starts, one.start) - 1
            section = [headings[place][1]] if place >= 0 else []
            if region is None and (one.level or one.zone):
                # Where an article goes from place to place, the last one named comes first.
                that = text[one.start] == THAT
                near = (*recent, *general) if len(subjects) > 1 or that else (*general, *recent)
                region = self._spoken(one.level, one.zone, (*section, *near, *subjects))
            if region is None:
                continue
            if not (one.level or one.zone or one.passing):
                recent = [region, *(other for other in recent if other != region)][:RECENT]
            yield one if one.region else one._replace(meanings=(region,))

    def _matches(
        self, text: Folded, decided: Sequence[Sighting], subjects: Sequence[Region], in_title: Sequence[Sighting]
    ) -> tuple[RegionMatch, ...]:
        pieces: dict[Region, list[Evidence]] = {region: [] for region in subjects}
        pieces |= {one.region: [] for one in in_title if one.region and one.region not in pieces}
        for one in decided:
            if (place := one.region) and not (one.level and place.code != COUNTRY):
                shown = pieces.setdefault(place, [])
                if len(shown) < EVIDENCE:
                    shown.append(text.evidence(one.start, one.end))
        return tuple(
            RegionMatch(region, "subject" if region in subjects else "mention", tuple(shown))
            for region, shown in pieces.items()
        )


def _without_salutations(text: str, body: Sequence[Sighting]) -> list[Sighting]:
    """各市（县）、区工信局，无锡经开区产业发展局：names whom a document is sent to."""
    colons = (
        "：\n" in text or ":\n" in text or text.endswith(("：", ":"))
    )  # asked first, because few texts have one there
    spans = [found.span() for found in SALUTATION.finditer(text)] if colons else []
    if not spans:
        return list(body)
    addressed = {one.start for one in body for start, end in spans if start <= one.start < end}
    return [one._replace(passing=True, topic=False) if one.start in addressed else one for one in body]


def _is_decreed(text: str, sightings: Sequence[Sighting]) -> bool:
    """Whether a text says, before it names a place, that an organ of the country decrees."""
    if not (found := DECREED.search(text)):
        return False
    places = [one for one in sightings if one.level != "国" and not one.passing]
    # 国家税务总局江苏省税务局 is an organ of the province.
    return not any(one.start < found.start() or one.start == found.end("organ") for one in places)


def _together(found: Iterable[Sighting]) -> Iterator[Sighting]:
    """The places that follow each other without a gap from the beginning on: 江苏 无锡 高新区."""
    end = 0
    for one in found:
        if one.start != end:
            return
        end = one.end
        yield one


def _levels(region: Region) -> str:
    """The words for a level that can stand for a region: 全市 for 无锡市 and for 江阴市, 全区 for 梁溪区 and for a zone."""
    code, name = region.code, region.name
    if code == COUNTRY:
        return "国"
    if "-" in code or name.endswith("区"):
        return "区"
    if code.endswith("0000") and not name.endswith("市"):
        return "省"
    return name[-1]


@cache
def load_gazetteer() -> Gazetteer:
    """Read the shipped places. Raises SeedError."""
    return Gazetteer(load_divisions())
