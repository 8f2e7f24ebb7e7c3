"""Finds named statuses that a place sets out to win, or already holds (国家…先导区, …示范城市, “智造之城”).

A status counts when it is conferred from above (国家级, 全国, 省级), or when the verb makes it a contest (争创, 入选), or when
it is a quoted name with an explicit aim. Self-given praise (高地, 排头兵, 窗口, 品牌) and statuses counted by number are left out.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from monitor.domain import Article, Designation
from monitor.extract.names import (
    CLOSING,
    OPENING,
    QUOTES,
    clause_end,
    clause_start,
    opening_quote,
    plain,
    printed_name,
    read_sentences,
)
from monitor.text import Folded

HEAD = re.compile(
    r"(?:先导|示范|试验|先行|实验|引领|样板|改革|合作|创新|综保|保税|自贸|功能|标杆|开发|度假)区|(?:试点|示范|枢纽|节点|中心|标杆|先行|先锋|消费|创新|范例|文明|森林|卫生|园林|宜居|公园|样板|名|典范|模范|友好|支持|无废|海绵|韧性)(?:城市|县城|县|市)"
    r"|[县城市]域示范|之城|之都|之乡|之区|名城|名都|名园|基地|枢纽|(?:零碳|低碳|绿色|智慧|特色|高新技术|先进)园区|示范(?:州|旗|县区|园区|园|港口?|带|校|点|镇|村|乡|街道|社区|窗口|工程)?|试点|百[强佳][县区市镇]|百强|千强镇"
    r"|[型动能]城市|集群|平台|中心|第一方阵|第一[城县区市]|高地"
)
NOT_HEAD = {
    "试点": re.compile(r"[城市县区任单企项示期工经]|方案|政策|先行"),
    "示范": re.compile(r"(?!$|[，。；、！？”’\"）)\s]|创建|建设|称号|[和与及])"),
    "中心": re.compile(r"[城工任主组思任]|[区线]"),
    "平台": re.compile(r"[化经企公]"),
    "集群": re.compile(r"[化内]|建设|发展"),
    "枢纽": re.compile(r"[城经型港机站补]"),
    "基地": re.compile(r"[化]|项目|公司"),
    "高地": re.compile(r"[化]"),
}
CONTEST = re.compile(
    r"争创|创建|夺取|争取|申报|申建|申创|争当|创成|入选|获批|获评|荣获|获得|获授|跻身|列入|纳入|被评为|评为|认定为|被列为|列为|确定为|争列|摘得|斩获|冲刺|争进(?!入)|挤进|进入|晋级|晋升|获|创响|升级为|升格为|通过|入围|授予"
)
BUILD = re.compile(r"打造成?为?|建设成?为?|建成|建好|构建|培育成为?|定位[为是]?|成为")
WON = re.compile(
    r"入选|获批|获评|荣获|获得|获授|摘得|斩获|创成|被评为|评为|认定为|被列为|列为|确定为|授予|列入|纳入|跻身|晋级|晋升|入围|升级为|升格为|通过|获|进入|挤进"
)
AIMED = re.compile(
    r"力争|争取|确保|推动|支持|争|力促|努力|目标|冲刺|将|计划|拟|要|积极|加快|全力|奋力|到20\d\d年|20\d\d年底?前|年内|鼓励|指导|帮助|推进|必答|下一步|今后|瞄准|锚定|向"
)
CONFERRED = re.compile(
    r"国家级?|全国|省级|部级|省部级|世界级?|全球|国际|联合国|长三角|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋陕吉闽贵粤川青藏琼宁]?(?:全省|江苏省|市级)|百强|千强|中国(?!式|特色)|工信部|财政部|商务部|发改委|首批"
)
OFFICIAL = re.compile(r"国家级?|全国|世界级|省级|部级|省部级|联合国|百强|千强|中国(?!式|特色)|首批")
PRAISE = re.compile(r"(?:高地|排头兵|窗口|样板|阵地|标杆|品牌|前沿|高峰|领头羊|先锋)$")
# 示范, 平台, 中心, 集群 and 基地 are built everywhere: only a rank given from above makes one a status.
COMMON = re.compile(
    r"(?:平台|中心|集群|基地|试点|枢纽|第一方阵|[型动能]城市|(?:创新|合作|功能|改革|引领|开发|度假)区)$"
)
COUNTED = re.compile(
    r"[0-9一二三四五六七八九十百两数几多]+余?[家个座批所项条处张名]|一批|更多|一流$|若干|各类|一系列|多个|系列|等$"
)
# A status of its own name that a place sets itself as an aim: 力争建成鄂西北…枢纽城市.
SET = re.compile(r"(?:要|力争|确保|争取|锚定|奋力|目标是|到20\d\d年|年内)[^，。；]{0,12}$")
STATUS = re.compile(r"(?:先导区|示范区|试验区|先行区|实验区|城市|名城|名都|名园|之城|之都)$")
# 把县域示范建设好: the verb stands behind the name.
BEHIND = re.compile(r"(?:建设好|建好|建成|打造好|创建好|建起来)")
OBJECT = "把"
# 对获评国家级创新平台的企业给予…, 建成创新中心1家: a condition, and a number of things.
NO_STATUS = re.compile(
    r"[”\"]?(?:前列|前[0-9一二三四五六七八九十]|综合(?:考评|排名)|的(?:企业|单位|项目|机构|个人|园区|平台|地区|团队|人才|载体)|[0-9]|[一二两三四五六七八九十]{1,3}[家个座])"
)
# 获批建设, 创建全省首个, and the like between verb and name.
LEAD = re.compile(
    r"(?:成为|成|为|了|好|建设|创建|打造|首批|首个|唯一|一个|的|第[一二三四五六七八九十0-9]+批|新的?|全力|着力|更高水平的?|高水平|高质量|高标准|[:：是])*"
)
DEADLINE = re.compile(r"(20\d\d)年")
DEADLINE_LIMIT = 90
NAME_LIMIT = 34
JOINT = re.compile(r"[”\"]{0,2}[、和与及]")
Assertion = Literal["target", "actual"]


def find_designations(article: Article, text: Folded, places: Sequence[tuple[int, int]]) -> Iterator[Designation]:  # noqa: ARG001
    """Yield every status of the article once, in the order of the text; region and themes are left open."""
    if not text.text.strip():
        return
    held = read_sentences(text)
    seen: set[str] = set()
    governed_until = -1  # the end of the last status, from which a list (争创甲、乙、丙) goes on
    verb = ""
    for head in HEAD.finditer(text.text):
        refused = NOT_HEAD.get(head.group())
        if refused and refused.match(text.text, head.end()):
            continue
        found = _status(text.text, head.end(), governed_until, verb)
        if found is None:
            continue
        start, end, verb, verb_start = found
        governed_until = end
        name = printed_name(text, start, end)
        if not _proper(text.text, start, end, verb, verb_start) or plain(name) in seen:
            continue
        first, last = held.around(start, end)
        assertion = _assertion(text.text, first, verb_start, verb, end, min(last, clause_end(text.text, end)))
        seen.add(plain(name))
        yield Designation(
            name,
            assertion,
            text.evidence(first, last),
            _deadline(text.text, first, start) if assertion == "target" else None,
        )


def _status(text: str, end: int, governed_until: int, verb: str) -> tuple[int, int, str, int] | None:
    """Start, end, governing verb and its place of the status whose head ends at `end`."""
    left = clause_start(text, end)
    joint = JOINT.match(text, governed_until) if governed_until >= left else None
    if joint and joint.end() < end and not CONTEST.search(text, joint.end(), end):
        return _trimmed(text, joint.end(), end, verb, governed_until)
    found = _verb(text, max(left, governed_until), end)
    if found is not None:
        return _trimmed(text, found.end(), end, found.group(), found.start())
    behind = BEHIND.match(text, end)
    taken = text.rfind(OBJECT, left, end) if behind else -1
    return _trimmed(text, taken + 1, end, behind.group(), taken) if behind and taken >= 0 else None


def _verb(text: str, left: int, end: int) -> re.Match[str] | None:
    """The contest nearest to the name, else the first building verb: 建设 is also a part of names."""
    contests = list(CONTEST.finditer(text, left, end - 3))
    if contests:
        return contests[-1]
    builds = list(BUILD.finditer(text, left, end - 3))
    return builds[-1] if builds else None


def _trimmed(text: str, start: int, end: int, verb: str, verb_start: int) -> tuple[int, int, str, int] | None:
    """The name without lead words; only the quoted part where the head closes a quotation (“智造之城”)."""
    if end < len(text) and text[end] in CLOSING:
        opened = opening_quote(text, end, start)
        if opened is not None:
            return opened + 1, end, verb, verb_start
    led = LEAD.match(text, start, end)
    start = led.end() if led else start
    comma = text.rfind("、", start, end)
    if comma >= 0:
        start = comma + 1
    if end - start > NAME_LIMIT or end - start < 3:
        return None
    return start, end, verb, verb_start


def _proper(text: str, start: int, end: int, verb: str, verb_start: int) -> bool:
    """Whether the name is a status that somebody confers or sets himself, not praise and not a number of things."""
    name = text[start:end].translate(QUOTES)
    quoted = text[start - 1 : start] in tuple(OPENING) and text[end : end + 1] in tuple(CLOSING)
    if NO_STATUS.match(text, end):
        return False
    if (
        COUNTED.search(name)
        or COUNTED.search(text, max(start - 6, clause_start(text, start)), start)
        or PRAISE.search(name)
    ):
        return False
    if "实验室" in name or len(name) < 4:
        return False
    conferred = CONFERRED.search(name) is not None
    if COMMON.search(name):
        return OFFICIAL.search(name) is not None and (verb not in {"打造", "建设", "构建"} or "试点" in name)
    if CONTEST.fullmatch(verb):
        return True
    aimed = len(name) >= 7 and STATUS.search(name) and SET.search(text, max(0, verb_start - 30), verb_start)
    return quoted or conferred or "示范" in name or bool(aimed)


def _assertion(text: str, first: int, verb_start: int, verb: str, end: int, clause: int) -> Assertion:
    """A win reported is actual, a win hoped for (力争入选) and any other verb a target, unless done (已建成)."""
    before = text[max(first, verb_start - 24) : verb_start]
    tail = re.split(r"[，。；]", before)[-1]
    if WON.fullmatch(verb):
        return "target" if AIMED.search(tail) and not re.search(r"已|成功|日前|近日", tail) else "actual"
    done = re.search(r"已|成功|顺利", tail[-8:]) or text[end:clause].startswith(
        ("称号", "荣誉", "获批", "正式获批", "成功获批")
    )
    return "actual" if done else "target"


def _deadline(text: str, first: int, start: int) -> str | None:
    """The last day of the year named before the status in its sentence (到2035年)."""
    years = [one[1] for one in DEADLINE.finditer(text, max(first, start - DEADLINE_LIMIT), start)]
    return f"{years[-1]}-12-31" if years else None
