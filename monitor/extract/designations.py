"""Finds named statuses that a place sets out to win, or already holds (国家…先导区, …示范城市, “智造之城”).

A status is governed by a verb: of a contest (争创, 入选), of building (建设, 打造), or of holding (是, 作为), before or behind its
name, or stands in a list of which the first member is governed. What names a status is told in statuses.py.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from monitor.domain import Article, Designation
from monitor.extract.names import CLOSING, Sentences, clause_end, clause_start, opening_quote, plain, printed_name
from monitor.extract.statuses import AWARDED, HEAD, NAME_LIMIT, RANK, REACH, SUFFIX, ends_a_name, is_status
from monitor.text import Folded

# Verbs that report a status won, unless it is hoped for (力争入选).
WON_WORDS = (
    r"入选|获批|获评|荣获|喜获|荣膺|荣登|获得|获授|获颁|摘得|斩获|捧回|捧得|夺得|赢得|创成|被评为|评为|认定为|被列为|列为|确定为|明确为|确认为|评定为|遴选为|选定为|批复为|批准为|命名为|授予|授牌"
    r"|列入|纳入|跻身|晋级|晋升|晋位|入围|入列|上榜|登榜|蝉联|升级为|升格为|通过|同意[\u4e00-\u9fff]{0,12}?(?:设立|建设|创建)|获(?!取|益|得感|悉)|进入|挤进"
)
CONTEST = re.compile(
    r"争创(?!建)|创建|夺取|争取|申报|申建|申创|申办|申请|申评|争当|争做|争建|争取成为|谋创|创响|争列|冲刺|冲击|争进(?!入)|"
    + WON_WORDS
)
BUILD = re.compile(r"共建|共创|打造成?为?|建设成?为?|建成|建好|构建|培育成为?|定位[为是]?|成为")
IN_NAME = re.compile(r"建设(?:样板|示范|标杆|先行|试点)")  # 打造全国零碳园区建设样板城市
HELD = re.compile(
    r"(?:是(?<![这那不就都而只便总凡]是)|作为|系(?<![关体]系))(?=(?:首批|第[一二三四五六七八九十]批)?(?:国家|全国|省级|全省))"
)
WON = re.compile(WON_WORDS)
AIMED = re.compile(
    r"力争|争取|确保|推动|支持|争|力促|努力|目标|冲刺|将|计划|拟|要|积极|加快|全力|奋力|到20\d\d年|20\d\d年底?前|年内|鼓励|指导|帮助|推进|必答|下一步|今后|瞄准|锚定|向"
)
# Words that make an aim of the whole sentence, and words that end what they say.
AIM = re.compile(
    r"力争|争取|确保|要(?!求)|奋力|锚定|目标(?:是|定位)?|努力|到20\d\d年|20\d\d年底?前(?![0-9三])|年内(?!已)|计划|将|(?:提出|明确|要求|部署)[，,]?(?:今年|明年|全年|20\d\d年)"
)
DONE = re.compile(r"已|成功|日前|近日|去年|上年|近年来|以来|[五一两三]年来|过去|累计|先后|此前|早在|顺利|截至|同比")
# A past time before a verb that tells no time itself: 去年新创建….
DONE_NEAR = re.compile(r"已|成功|顺利|去年|上年|累计|先后|此前|早在")
FIRST = re.compile(r"首个|唯一|首批|第一个|首家|首座")
# 把县域示范建设好, …示范区正式获批: the verb stands behind the name.
BUILT_BEHIND = re.compile(r"(?:建设好|建好|建成|打造好|创建好|建起来)")
OBJECT = "把"
WON_BEHIND = re.compile(
    r"(?:已|正式|成功|顺利|喜|日前|近日|再度|也|于|创建(?:工作)?){0,3}(?:获批|获评|获国务院批[复准]|获得?批[复准]|创建成功|通过(?:国家|省级|考核|评估|现场)?验收|花落|落户|揭牌)"
    r"|的?建设(?:工作)?(?:正|已)?(?:有序|加快|全面|扎实|稳步|深入|顺利|积极){1,2}(?:展开|推进|启动|推开|实施)"
)
LISTED = re.compile(
    r"(?:建设|创建|培育|入选|认定)?名单[”》\"]?[^。！？\n]{0,60}?(?:入选|上榜|在列|榜上有名|名列其中|位列其中)"
)
# …的牌子，必须拿回来: an aim said behind the name.
AIMED_BEHIND = re.compile(
    r"的?(?:(?:金字|这块|这个)?(?:招牌|牌子)|称号|名号|殊荣)[，,]?(?:我们|全[市区县])?(?:必须|一定要?|务必|坚决要?|要|志在必得|非)[^，。；！\n]{0,4}?(?:拿[回下到]|夺[回下取]|捧回|摘[下取得]|争[到取创]|创[成下]|志在必得)"
)
# 启动国家现代煤化工产业示范区升级版建设, 加快推进国家…先行区建设.
BEGUN_BUILDING = re.compile(r"(?:启动|推进|加快|推动|开展|深化|抓好|深入)了?$")
BEING_BUILT = re.compile(r"[”\"]?(?:升级版|核心区|[一二三]期)?(?:创建|建设)(?:工作)?(?=[，。；、！\n]|$)")
OF_ZONES = re.compile(r"(?:示范|试验|先行|先导|实验)区$")
# 获批建设, 创建全省首个, and the like between verb and name.
LEAD = re.compile(
    r"(?:成为|成|为|了|好|建设|创建|打造|设立|布局|承担|开展|首批|首个|唯一|一个|的|第[一二三四五六七八九十0-9]+批|20\d\d年度?|新的?|全力|着力|更高水平的?|高水平|高质量|高标准|[:：是])*"
)
SET = re.compile(r"(?:要|力争|确保|争取|锚定|奋力|目标是|到20\d\d年|年内)[^，。；]{0,12}[，,]?$")
CONDITION = re.compile(r"(?:[0-9一二三四五六七八九十]+[.、])?(?:对于?|凡)")
CONDITIONED = frozenset("的，、")
DEADLINE = re.compile(r"(20\d\d)年")
DEADLINE_LIMIT = 90
# Behind a joint a ranked name begins a new member: 国际航运中心和|世界级石化基地.
JOINT = re.compile(r"[”\"]{0,2}[、和与及]")
MEMBER = re.compile(rf"[和与及并](?={RANK.pattern})")
# What may stand between the heads of one name: no joint, no verb that begins another.
LONGER = re.compile(
    r"(?:(?!创建|建设(?!样板|示范|试点|标杆|先行)|争创|打造|创成|建成|争取|推进|推动|支持)[\u4e00-\u9fff](?<![和与及并的有为级内在等获列入]))+"
)
LONGER_LIMIT = 9
Assertion = Literal["target", "actual"]


class Governed(NamedTuple):
    """A name and the verb that governs it, as positions in the folded text."""

    start: int
    end: int
    verb: str
    verb_start: int


def find_designations(article: Article, text: Folded, places: Sequence[tuple[int, int]]) -> Iterator[Designation]:  # noqa: ARG001
    """Yield every status of the article once, in the order of the text; region and themes are left open."""
    if not text.text.strip():
        return
    held = Sentences(text)
    seen: set[str] = set()
    last: Governed | None = None  # a list (争创甲、乙、丙) goes on from it
    for end in _ends(text.text):
        found = None if last and end <= last.end else _governed(text.text, end, last)
        if found is None:
            continue
        last = found
        name = printed_name(text, found.start, end)
        first, close = held.around(found.start, end)
        if plain(name) in seen or not _is_proper(text.text, first, found):
            continue
        seen.add(plain(name))
        assertion = _assertion(text.text, first, found, min(close, clause_end(text.text, end)))
        deadline = _deadline(text.text, first, found.start) if assertion == "target" else None
        yield Designation(name, assertion, text.evidence(first, close), deadline)


def _ends(text: str) -> list[int]:
    """Where names of statuses may end: behind a head word, or where a rank and a verb of award make one of any place's name."""
    ends = {found.end() for found in AWARDED.finditer(text)}
    for head in HEAD.finditer(text):
        if ends_a_name(text, head):
            suffix = SUFFIX.match(text, head.end())
            ends.add(suffix.end() if suffix else head.end())
    ordered = sorted(ends)
    return [end for end, after in pairwise([*ordered, len(text) + LONGER_LIMIT]) if not _goes_on(text, end, after)]


def _goes_on(text: str, end: int, after: int) -> bool:
    """Whether the name only ends with the next head: 绿色工业园区|示范区, 智慧城市|试点."""
    return after - end <= LONGER_LIMIT and LONGER.fullmatch(text, end, after) is not None


def _governed(text: str, end: int, last: Governed | None) -> Governed | None:
    """The status whose head ends at `end`, with its governing verb."""
    left = clause_start(text, end)
    joint = JOINT.match(text, last.end) if last and last.end >= left else None
    if last and joint and joint.end() < end and not CONTEST.search(text, joint.end(), end):
        return _trimmed(text, joint.end(), Governed(joint.end(), end, last.verb, last.end))
    found = _verb(text, max(left, last.end if last else 0), end)
    if found is not None:
        return _trimmed(text, found.end(), Governed(found.end(), end, found.group(), found.start()))
    return _governed_behind(text, left, end)


def _verb(text: str, left: int, end: int) -> re.Match[str] | None:
    """The contest nearest to the name, else the last building verb, else a verb of holding: 建设 is also a part of names."""
    for verbs in (CONTEST, BUILD, HELD):
        found = list(verbs.finditer(text, left, end - 3))
        while len(found) > 1 and IN_NAME.match(text, found[-1].start()):
            found.pop()
        if found:
            return found[-1]
    return None


def _governed_behind(text: str, left: int, end: int) -> Governed | None:
    """The status whose verb stands behind it."""
    if built := BUILT_BEHIND.match(text, end):
        taken = text.rfind(OBJECT, left, end)
        return _trimmed(text, taken + 1, Governed(taken + 1, end, built.group(), taken)) if taken >= 0 else None
    if aimed := AIMED_BEHIND.match(text, end):
        ranked = RANK.search(text, left, end)
        return _trimmed(text, ranked.start(), Governed(ranked.start(), end, "争创", aimed.end())) if ranked else None
    if OF_ZONES.search(text, left, end) and BEING_BUILT.match(text, end):
        ranked = RANK.search(text, left, end)
        led = BEGUN_BUILDING.search(text, left, ranked.start()) if ranked else None
        return Governed(ranked.start(), end, "创建", led.start()) if ranked and led else None
    won = WON_BEHIND.match(text, end) or LISTED.match(text, end)
    ranked = (RANK.search(text, left, end) or REACH.match(text, left, end)) if won else None
    return _trimmed(text, ranked.start(), Governed(ranked.start(), end, "获批", ranked.start())) if ranked else None


def _trimmed(text: str, start: int, found: Governed) -> Governed | None:
    """The name without lead words; only the quoted part where the head closes a quotation (“智造之城”)."""
    end = found.end
    if end < len(text) and text[end] in CLOSING:
        opened = opening_quote(text, end, start)
        if opened is not None:
            return found._replace(start=opened + 1)
    led = LEAD.match(text, start, end)
    start = led.end() if led else start
    start = max(start, text.rfind("、", start, end) + 1, *(one.end() for one in MEMBER.finditer(text, start, end)))
    return found._replace(start=start) if 3 <= end - start <= NAME_LIMIT else None


def _is_proper(text: str, first: int, found: Governed) -> bool:
    """Whether the governed name is a status, and the clause does not only say who gets something for one (对获评…的)."""
    if CONDITION.match(text, clause_start(text, found.verb_start)) and text[found.end : found.end + 1] in CONDITIONED:
        return False
    built = BUILD.fullmatch(found.verb) is not None or BUILT_BEHIND.fullmatch(found.verb) is not None
    aim = SET.search(text, max(first, found.verb_start - 30), found.verb_start) is not None
    lead = text[min(found.verb_start + len(found.verb), found.start) : found.start]
    return is_status(text, found.start, found.end, lead=lead, built=built, aim=aim)


def _assertion(text: str, first: int, found: Governed, clause: int) -> Assertion:
    """A win reported is actual, a win hoped for (力争入选) and any other verb a target, unless done (已建成)."""
    if HELD.match(text, found.verb_start):
        return "actual"
    tail = re.split(r"[，。；]", text[max(first, found.verb_start - 24) : found.verb_start])[-1]
    if WON.fullmatch(found.verb):
        return "target" if _is_hoped(text[first : found.verb_start], tail) else "actual"
    after = text[found.end : clause]
    done = DONE_NEAR.search(tail) is not None or after.startswith(("称号", "荣誉", "获批", "正式获批", "成功获批"))
    if found.verb == "成为" and not AIMED.search(tail):
        done = done or FIRST.search(text, found.verb_start, found.end) is not None
    return "actual" if done else "target"


def _is_hoped(before: str, tail: str) -> bool:
    """Whether a win is hoped for: by the words of its clause, or by an aim before it in the sentence that nothing done came after."""
    if AIMED.search(tail):
        return not re.search(r"已|成功|日前|近日", tail)
    aims, done = [one.end() for one in AIM.finditer(before)], [one.end() for one in DONE.finditer(before)]
    return bool(aims) and (not done or aims[-1] > done[-1])


def _deadline(text: str, first: int, start: int) -> str | None:
    """The last day of the year named before the status in its sentence (到2035年)."""
    years = [one[1] for one in DEADLINE.finditer(text, max(first, start - DEADLINE_LIMIT), start)]
    return f"{years[-1]}-12-31" if years else None
