"""Where a text names places: hits with their meaning, what stands before and after them, and headings that are a place.

Nothing here decides whose policy a text reports (`regions.py`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from monitor.domain import Region
from monitor.gazetteer import COUNTRY, ZONE, Divisions

# 我市, 全区: a level, to be read off whoever the text is about. Bare 高新区 is a zone of that place.
LEVELS = "市区县省州旗"
THAT = "该"  # 该区 goes back to whoever was named last, 全区 to whom the text is about
ANAPHORS = {f"{who}{level}": level for level in LEVELS for who in f"全我本{THAT}"}
ANAPHORS |= {f"{level}里": level for level in "市区县省州旗"}
ANAPHORS |= {"全国": "国", "我国": "国", "自治区党委": "区", "全自治区": "区"}
BARE_ZONES = {
    "高新区": "hitech",
    "高新技术产业开发区": "hitech",
    "经开区": "etdz",
    "经济技术开发区": "etdz",
    "经济开发区": "etdz",
}
# 区工信局, 市委: the office of a level, where a clause begins.
OFFICES = re.compile(r"[市区县省州](?<![\u4e00-\u9fff].)(?=委(?!常委)|政府|[\u4e00-\u9fff]{1,8}?(?:局|委|厅|办))")
# 全国性, 本市场, 该区域, 全区域, 我市值 are other words.
ANAPHOR_WORDS = re.compile(r"[场值域间段块长级性道]")
ROAD = re.compile(
    r"[东南西北中]?[一二三四五六七八九]?(?:路(?![径线])|大?街(?!道)|大道|巷|弄|站|机场|高速|湾|湖(?!北|南|州)|山(?!东|西))"
)
# 太仓港则…: a harbour speaks for its place.
PORT = re.compile(r"港区?(?![口湾珠澳台币元股城])")
# What may stand between a place and 大学 or 公司 in one name: no word that joins two names or says what is done.
NAMED = r"(?:(?![与和及跟同将对由为让向把以的是]|支持|推动|推进|培育|引进|实施|建设|打造|力争|鼓励|引导|新增|拥有|提出|计划|加快|组建|新建|设立|布局|获批|建成|再添|[已现共]有|争创|创建|今年|明年|去年)[\u4e00-\u9fff])"
BODY = re.compile(
    r"籍|队|人(?=民(?!政府|代表|法院|检察)|[们都说，,。、）)]|$)|话|日报|晚报|晨报|时报|电视台|广电|发布(?=[，,。：:\n]|$)"
    rf"|{NAMED}{{0,4}}(?:大学|学院|中学|医院|银行|交大|理工)|{NAMED}{{1,12}}?(?:有限公司|股份|集团|公司)|{NAMED}{{0,6}}(?:纳米所|研究所|实验室|发射场)|校区"
)
RANKING = re.compile(
    r"(?:、[^、，。]{1,4})?(?:第[一二三四五六七八九十\d]|最?前列|首[位个家]|百强|[^，。]{0,4}平均|唯一|最|前[一二三四五十\d]|之最|乃至|\d|范围|各地|城区第|无出其右|独一)"
)
# 无锡最前列, 苏州第一: a rank that a place, too, is only named for.
RANKED = re.compile(r"最?前列|第[一二三四五六七八九十\d]{1,2}位?(?=[，。；、,;]|$)|之最")
BEFORE = re.compile(
    r"(?:承接|对接|链接|连接|深耕|融入|接轨|辐射|学习|借鉴|来自|走进|奔赴|前往|飞往|前去|面向|联手|携手|比肩|对标|邀请|位于|落户|毗邻|紧邻"
    r"|依托|以(?<![所可得足予加给难]以)|占|居|列|为|赴|驻|距|与|同|跟|离|到|往|在|据|从|由|向|至|把|将|除)(?:了|着|到)?[“\"]?$"
)
# 走进宜兴市高塍镇的车间，…: a report that opens with a visit is about the place.
SCENE = re.compile(r"\n[^，。；\n]{0,12}(?:走进|走访|探访|来到|踏进|步入)$")
SCENE_REACH = 16
BACKED = re.compile(r"(?:支持|推动|指导|鼓励|同意|推进|批准|助力)[“\"]?$")
TOPIC = re.compile(
    r"(?:^|[，,。；;：:！!？?\n（(“\"’‘”)）】—\-–|｜\s]|[一二三四五六七八九十\d]、|[年月日度来前后末内讯]|日电|目前|其中|当天|通过|今后|期间)$"
)
# A zone that is to be, or was, made a zone is what somebody builds: 申建遵义综合保税区.
BUILT = re.compile(r"(?:申建|申创|申报|申设|设立|争创|创建|筹建|新建|组建|获批|建设|打造|建成)[“\"]?$")
# 新华社北京8月5日电, 本报杭州讯: where it was written.
DATELINE = re.compile(r"\d{1,2}月\d{1,2}日(?:电|讯|消息)|讯(?![飞息])")
# A member of a list, but neither 一、江阴 nor 省委常委、苏州市委书记.
LISTED = re.compile(r"(?<![一二三四五六七八九十\d])、$")
SEAT = re.compile(r"[省市区县州]?(?:委|党委|党工委|管委会|政府|人民政府|[市区县州]长|主任)")
LINE_MARKS = re.compile(
    r"[\s“”\"'‘’【】\[\]◆●■▲◇★▶◎|｜·—\-–:：、.．,，()（）<>《》\d]|^[（(]?[一二三四五六七八九十]{1,3}[）)、.．]"
)
# （3月13日）【福州】鼓楼区印发…: a place that opens a line in brackets heads it.
OPENED = re.compile(r"(?:[（(][^）)\n]{1,20}[）)])?【[^】\n]{2,12}】")
SPEAKER = re.compile(r"[^，。；：:\n]{0,16}[:：](?=[^\n])")
# 【三水】…, 高明：…: a line that opens with a name and tells of whoever bears it.
OPENING = re.compile(
    r"(?:[^\S\n]|[【\[◆●■▲◇★▶◎·•—-])*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．])?(?P<name>[\u4e00-\u9fff]{2,5})[】\]]?[\s:：丨｜|—】]"
)
# ◎东北：长春高新区借光电出圈: a short line with a label before the place that it is about.
LABEL = re.compile(r"^【[^】\n]{2,12}】$", re.MULTILINE)
LABELLED = re.compile(r"[◆●■▲◇★▶◎·•][^：:，。\n]{1,8}[：:]")
# 在神木市第二届人民代表大会第六次会议上: the place is whose report it is.
CONGRESS = re.compile(r"第[一二三四五六七八九十\d]{1,4}届[^，。\n]{0,6}(?:代表大会|委员会|人大|政协)")
# 打造“全国人工智能创新高地”: how far a name reaches.
NAMED_SO = re.compile(r"(?:打造成?为?|建设成?为?|建成|成为|争创|创建|入选|获评|列入|纳入|跻身|荣获|荣膺|申报)[“\"]?$")
# 《保定市氢能产业发展规划》提出: what a document says is its place's.
STATING = re.compile(r"[^《》\n]{2,50}》(?:提出|明确|要求|规定)")
OPENS = re.compile(rf"\n(?={OPENING.pattern})")
MAX_HEADING = 30  # characters; a longer line is a sentence


class Sighting(NamedTuple):
    """A place, or a word that stands for one, at `text[start:end]` of a folded text."""

    start: int
    end: int
    meanings: tuple[Region, ...] = ()  # several: not decided; empty: `level` or `zone` says what to look for
    level: str | None = None
    zone: str | None = None
    topic: bool = False  # stands where a clause says whom it is about
    backed: bool = False  # 支持梁溪区
    passing: bool = False  # 承接上海, 占全省, 无锡银行

    @property
    def region(self) -> Region | None:
        return self.meanings[0] if len(self.meanings) == 1 else None


class Finder:
    """Finds place names; built once, holds no state of a text."""

    def __init__(self, divisions: Divisions) -> None:
        self.divisions = divisions
        words: dict[str, None] = dict.fromkeys(divisions.lookalikes)
        words |= dict.fromkeys((*ANAPHORS, *BARE_ZONES, *divisions.sought()))
        self._words = [word for word in words if word]
        self._refused = frozenset(divisions.lookalikes)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def find(self, text: str, context: Iterable[str] = ()) -> tuple[Sighting, ...]:
        """Every place named in `text`, in order; `context` holds codes of places known from outside the text."""
        raw = self._raw(text)
        known = self._known(raw, context)
        found: list[Sighting] = []
        for start, end, name in raw:
            if found and start < found[-1].end:
                continue
            sighting = self._read(text, start, end, name, known)
            if sighting is None:
                continue
            if found and found[-1].end == start and (joined := self._joined(found[-1], sighting)):
                sighting = joined
            sighting = self._longer(text, sighting)
            found.append(_placed(text, sighting, found[-1] if found else None))
        return tuple(found)

    def _raw(self, text: str) -> list[tuple[int, int, str]]:
        words = self._words
        hits = self._automaton.find_matches_as_indexes(text)
        named = [(start, end, word) for which, start, end in hits if (word := words[which]) not in self._refused]
        offices = [(*found.span(), f"本{found.group()}") for found in OFFICES.finditer(text)]
        return sorted((*named, *offices)) if offices else named

    def _known(self, raw: Sequence[tuple[int, int, str]], context: Iterable[str]) -> set[str]:
        """Codes of every place that is named beyond doubt, and of all that hold them."""
        known = set(context)
        names = self.divisions.names
        for name in {word for _, _, word in raw}:
            candidates = names.get(name, ())
            if len(candidates) == 1 and candidates[0].trust == "sure":
                known.add(candidates[0].region.code)
        return {above for code in known for above in self.divisions.chain(code) if above != COUNTRY}

    def _read(self, text: str, start: int, end: int, name: str, known: set[str]) -> Sighting | None:
        after = text[end : end + 1]
        if (level := ANAPHORS.get(name)) and not name.startswith("自治"):
            if after and ANAPHOR_WORDS.match(after):
                return None
            if name[-1] == "里" and not TOPIC.search(text[max(0, start - 5) : start]):
                return None  # 园区里
            country = (self.divisions.regions[COUNTRY],)
            meanings: tuple[Region, ...] = country if level == "国" else ()
            return Sighting(start, end, meanings, level=level)
        if kind := BARE_ZONES.get(name):
            spoilt = start and text[start - 1] in "级家个各类在座省国位所批型"
            return None if spoilt else Sighting(start, end, zone=kind)
        if ROAD.match(text, end) and not ZONE.match(text, end):
            return None
        meanings = self._decided(name, known) or (self._bearing(name) if ZONE.match(text, end) else ())
        harbour = PORT.match(text, end)
        return Sighting(start, harbour.end() if harbour else end, meanings) if meanings else None

    def _decided(self, name: str, known: set[str]) -> tuple[Region, ...]:
        """What `name` means beside the places known; several where that does not decide, none where it is no place."""
        candidates = [c for c in self.divisions.names.get(name, ()) if c.trust in ("sure", "guarded")]
        near = [c for c in candidates if self._near(c.region.code, known)]
        sure = [c for c in candidates if c.trust == "sure"]
        if len(candidates) > 1 and near:
            best = max(self._nearness(c.region.code, known) for c in near)
            near = [c for c in near if self._nearness(c.region.code, known) == best]
        chosen = near or sure
        return tuple(dict.fromkeys(c.region for c in chosen))

    def _bearing(self, name: str) -> tuple[Region, ...]:
        """蔡甸 before 经开区: a short name that has to be proved is proved by the zone that bears it."""
        return tuple(one.region for one in self.divisions.names.get(name, ()) if one.trust == "guarded")

    def _near(self, code: str, known: set[str]) -> bool:
        return code in known or self.divisions.above.get(code, "") in known

    def _nearness(self, code: str, known: set[str]) -> int:
        return 2 * (code in known) + sum(above in known for above in self.divisions.chain(code))

    def _joined(self, before: Sighting, sighting: Sighting) -> Sighting | None:
        """徐州鼓楼区: the place just before decides; 江苏无锡高新区 is one phrase."""
        if not before.region:
            return None
        whole = before.region.code
        below = tuple(one for one in sighting.meanings if self.divisions.within(one.code, whole))
        return sighting._replace(meanings=below) if below else None

    def _longer(self, text: str, sighting: Sighting) -> Sighting:
        """沈阳 + 高新区, 深圳 + 福田: what follows at once makes it a zone or a part."""
        place = sighting.region
        if not place or place.code == COUNTRY or sighting.level:
            return sighting
        zone = ZONE.match(text, sighting.end)
        if zone and zone.lastgroup and place.code in self.divisions.official:
            region = self.divisions.zone(place.code, zone.lastgroup, zone.group())
            return sighting._replace(end=zone.end(), meanings=(region,))
        parts = self.divisions.children.get(place.code, {})
        for length in (4, 3, 2) if parts else ():
            piece = text[sighting.end : sighting.end + length]
            if len(piece) == length and piece in parts and not ROAD.match(text, sighting.end + length):
                longer = sighting._replace(end=sighting.end + length, meanings=(parts[piece],))
                return self._longer(text, longer)
        return sighting

    def headings(self, text: str, found: Sequence[Sighting], known: Iterable[str]) -> list[tuple[int, Region]]:
        """Lines that are nothing but a place, or open with one, with the offset where the section under them begins."""
        homes = [code for code in known if code in self.divisions.children]
        sections: list[tuple[int, Region]] = []
        guessed: list[tuple[int, Region]] = []
        opened = {0, *(found.end() for found in OPENS.finditer(text))} if homes else ()  # where OPENING may match
        position, hit = 0, 0
        for length in map(len, text.split("\n")):
            end, first = position + length, hit
            while hit < len(found) and found[hit].end <= end:
                hit += 1
            inside = found[first:hit]
            region = self._opened(text, position, end, inside) if inside else None
            if region is None and 0 < length <= MAX_HEADING:
                region = self._heading(text, position, end, inside, homes)
            if region is not None:
                sections.append((position, region))
            elif position in opened and (guess := self._guessed(text, position, end, homes)):
                guessed.append((position, guess))
            position = end + 1
        found_all = sorted((*sections, *self._confirmed(guessed, sections)), key=lambda section: section[0])
        return [*found_all, *self._ended(text, found_all)]

    def _ended(self, text: str, sections: Sequence[tuple[int, Region]]) -> list[tuple[int, Region]]:
        """【政策提醒】 behind lines of several districts: what follows is their city's again."""
        last = sections[-1][0] if sections else 0
        above = {self.divisions.above.get(region.code) for _, region in sections}
        whole = self.divisions.region(code) if len(sections) > 1 and len(above) == 1 and (code := above.pop()) else None
        closing = LABEL.search(text, last) if whole else None
        return [(closing.start(), whole)] if whole and closing else []

    def _guessed(self, text: str, start: int, end: int, homes: Sequence[str]) -> Region | None:
        """The part of a known place by whose bare name a line opens, though it may be a word: 高明：…."""
        if not (opening := OPENING.match(text, start, end)):
            return None
        candidates = self.divisions.names.get(opening["name"], ())
        parts = {one.region for one in candidates if self.divisions.above.get(one.region.code) in homes}
        return parts.pop() if len(parts) == 1 else None

    def _confirmed(
        self, guessed: Sequence[tuple[int, Region]], sections: Sequence[tuple[int, Region]]
    ) -> list[tuple[int, Region]]:
        """Those that head lines beside others of the same whole; one alone may be any word."""
        above = self.divisions.above
        kin = Counter(above.get(code) for code in {region.code for _, region in (*guessed, *sections)})
        return [(start, region) for start, region in guessed if kin[above.get(region.code)] > 1]

    def _opened(self, text: str, start: int, end: int, inside: Sequence[Sighting]) -> Region | None:
        """The place that opens a line: 【福州】鼓楼区印发…, 沈阳高新区管委会副主任某某：我们将…."""
        if opened := OPENED.match(text, start, end):
            return next((one.region for one in inside if one.end == opened.end() - 1), None)
        labelled = LABELLED.match(text, start, end) if end - start <= MAX_HEADING else None
        led, region = labelled.end() if labelled else start, None
        for one in inside:
            if one.start != led:
                break
            led, region = one.end, one.region
        return region if region and (labelled or SPEAKER.match(text, led, end)) else None

    def _heading(
        self, text: str, start: int, end: int, inside: Sequence[Sighting], homes: Sequence[str]
    ) -> Region | None:
        rest, position = "", start
        for sighting in inside:
            rest += text[position : sighting.start]
            position = sighting.end
        bare = LINE_MARKS.sub("", rest + text[position:end])
        named = [sighting for sighting in inside if sighting.region and not sighting.level]
        if not bare and named:
            return named[-1].region if named[-1].start - named[0].end <= 0 else named[0].region
        if inside and not named and inside[0].zone and not bare:
            return self._zone_of(homes, inside[0].zone)
        if inside or not 2 <= len(bare) <= 4:
            return None
        kind = {"经开": "etdz", "高新": "hitech"}.get(bare)
        if kind:
            return self._zone_of(homes, kind)
        parts = {one for code in homes if (one := self.divisions.children[code].get(bare))}
        return parts.pop() if len(parts) == 1 else None

    def _zone_of(self, homes: Sequence[str], kind: str) -> Region | None:
        cities = [code for code in homes if code.endswith("00") and not code.endswith("0000")]
        return self.divisions.zone(cities[0], kind, "经开区") if len(cities) == 1 else None


def _placed(text: str, sighting: Sighting, before: Sighting | None) -> Sighting:
    """The sighting with what stands around it judged."""
    start, end = sighting.start, sighting.end
    lead = text[max(0, start - 5) : start]
    if before and (is_joined(text, before, start) or (before.end == start and not before.level)):
        topic, backed, passing = before.topic, before.backed, before.passing
    else:
        topic = (
            bool(TOPIC.search(lead) or CONGRESS.match(text, end))
            or not start
            or (lead.endswith("、") and bool(SEAT.match(text, end)))
        )
        backed = bool(BACKED.search(lead))
        passing = not topic and bool(BEFORE.search(lead))
    if passing and SCENE.search(text, max(0, start - SCENE_REACH), start) and text.count("\n", 0, start) == 1:
        topic, passing = True, False
    if sighting.level == "国" and NAMED_SO.search(lead):
        topic, passing = False, True
    if lead.endswith("《") and STATING.match(text, end):
        topic, passing = True, False
    ranked = RANKING.match(text, end) if sighting.level else RANKED.match(text, end)
    passing = passing or bool(BODY.match(text, end)) or bool(ranked) or _is_aside(text, sighting, before)
    passing = passing or _is_setting(text, sighting, lead)
    return sighting._replace(topic=topic and not passing, backed=backed, passing=passing)


def is_listed(text: str, sighting: Sighting) -> bool:
    """Whether a place is one of several things that are listed."""
    start, end = sighting.start, sighting.end
    if SEAT.match(text, end):
        return False
    return bool(LISTED.search(text, max(0, start - 2), start)) or text.startswith("、", end)


def is_joined(text: str, before: Sighting, start: int) -> bool:
    """Whether a place at `start` stands in one list with the place before it: 沾益、马龙."""
    return start - before.end == 1 and text[before.end] in "、和与及·"


def _is_aside(text: str, sighting: Sighting, before: Sighting | None) -> bool:
    """新吴区（无锡高新区）, 中国（南昌）中医药科创城: said in brackets behind a place, or within a longer name."""
    start, end = sighting.start, sighting.end
    if text[max(0, start - 1) : start] not in ("(", "（") or text[end : end + 1] not in (")", "）"):
        return False
    if before and before.end == start - 1:
        return True
    around = text[max(0, start - 2) : start - 1] + text[end + 1 : end + 2]
    return len(around) == 2 and all("\u4e00" <= one <= "\u9fff" for one in around)


def _is_setting(text: str, sighting: Sighting, lead: str) -> bool:
    """Where something was written, or a zone that somebody else makes."""
    if lead[-1:] in ("社", "网", "报", "台") and DATELINE.match(text, sighting.end):
        return True
    return bool((place := sighting.region) and "-" in place.code and BUILT.search(lead))
