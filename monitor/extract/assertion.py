"""Weighs whether a number is promised, reported or on offer. Positive weights speak for a target, negative for a result.

The nearest words count most: those of the clause, then of the clauses before it in the sentence, then of the paragraph,
the headings and the document. Weights are few and coarse on purpose; they rank cues, they do not fit a sample.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from monitor.extract.deadlines import Published, Time

STRONG, FIRM, WEAK = 4.0, 2.5, 1.0
CUES: tuple[tuple[float, str], ...] = (
    # commitments
    (STRONG, r"力争|争取|确保|力保|誓保"),
    (
        STRONG,
        r"计划(?=让|把|招|布|设|组|发|举|改|在|到|用|新|建|培|引|投|完|实现|于|将|通过|每|再|年|开|推|打|形|达|超|突|安排|投入|[0-9])",
    ),
    (
        FIRM,
        r"(?<!马上)将(?!近|军|其|这|财政)|拟(?!定|合|人)|打算|希望|有望|规划(?:建设|布局|到)|预期目标|目标(?:任务)?(?:是|为|定[在得为]|[:：])|瞄准|锚定|剑指|奋力|冲刺|全力|努力",
    ),
    (
        FIRM,
        r"(?<![主重需必只首纪概摘简紧提扼次])要(?![求素点么紧是闻道不])|须|应当|应(?=不|在|达)|再添|不得(?:低|少|超|高)",
    ),
    (
        FIRM,
        r"每年(?=[^，。；]{0,12}(?:不少于|不低于|实施|遴选|培育|新增|建设|发布|安排|拿出|引进|支持|开放|组织|举办|推动|改造|评选|认定|推出|开展|完成|落地|招引|以上|左右))",
    ),
    (1.5, r"不少于|不低于|不高于|不超过|控制在|保持在|稳定在|预计|预期"),
    (
        WEAK,
        r"(?:加快|推动|推进|打造|培育|深化|实施|布局|支持|引进|建立|设立|组建|开放|组织|培养|招引|集聚|构建|形成|强化|扩大|落实|完善|新建|引育|招引)(?!了)|让|使(?!用)|带动(?!了)|撬动|提升到|提高到|目标",
    ),
    # results
    (-STRONG, r"年初(?:定|计划|预期|目标|确定)|原定|原计划|原先"),
    (
        -STRONG,
        r"(?<![而不早])已(?!定)|超额|收官|(?:完成|实现|达到|增长|新增|突破|建成|引进|培育|获得|取得|落实|发放|拨付|兑现)了|提前[^，。；]{0,6}完成|圆满",
    ),
    (-STRONG, r"实际(?=[做完达到为新有])|荣获|获评|获批|入选|跻身(?=第|全国第)|跃居|位居|排名|占全[省市国县区]"),
    (
        -FIRM,
        r"目前(?!的[0-9.两三四五六七八九十])|眼下|截至|截止|现有|共有|拥有(?!量)|累计已|迄今|核算|统计(?:显示|表明)|数据显示|结果显示|年底数|最终|净增长|创下|创造了|落笔|签下了|(?:打造|培育|建立|设立|组建|搭建|开放|招引|构建|形成|新建|带动)了",
    ),
    (
        -FIRM,
        r"去年|往年|历年|以往|上年(?!同期)|客岁|过去|以来|此前|前不久|日前[^，。；]{0,8}(?:竣工|投产|建成)|现场签约|集中签约|成功(?!率)|先后|此次签约",
    ),
    (
        -1.5,
        r"累计|同比|环比|比上年|较上年|比去年|同期|跃升|(?<!提)升至|跃升至|增至|达成|签约|聚集了|集聚了|共(?=[0-9])|总数|保有量|吸引了|惠及|覆盖了",
    ),
)
CUE = re.compile("|".join(f"(?P<c{index}>{pattern})" for index, (_, pattern) in enumerate(CUES)))
CLAUSE = re.compile(r"[，；;。！？!?：:\n]|,(?![0-9]{3})")
RATES = frozenset({"%", "个百分点", "百分点"})
STRETCH = re.compile(r"[，,、](?:并|且)?(?:力争|争取|奋力|冲刺)[^，。；0-9]{0,6}[0-9]")  # 增长6%，力争6.5%
# 过去的五年，是…的五年。: what a paragraph that opens so tells has happened.
LOOKING_BACK = re.compile(r"过去[的这]?[一二三四五两]|回顾|[一二三四五两]年来|这[一五]年|去年|上年|一年来")
OF_PAST = -2.5
LONGEST_CLAUSE = 400  # characters; no prose has one as long
CARRIED, ACROSS, BEYOND = (
    0.7,
    0.5,
    0.25,
)  # how much of a cue is left in the next clause, behind ；and in the next sentence

HELP = re.compile(
    r"减按|补贴|补助|奖励|嘉奖|资助|奖补|给予|扶持资金|支持额度|(?:贷款|授信|担保|单户|单笔)?额度|单[户家笔个][^，。；]{0,4}(?:最高|最多|不超|不高于|封顶)|贴息|贷款利率不|年(?:化)?利率(?:不|低至|最低|按)|每[家户个条架台件亩次辆套人项]补|安家费|启动资金|生活费|租金减免|减免|奖金|申领|补偿|免租|一次性(?:支持|发放)|最多可|最高可|可(?:拿|获|享|申领|申请)"
    r"|(?:最高|上限)[^，。；]{0,4}支持|支持最高|(?:给予|提供)[^，。；]{0,10}(?:支持|扶持)|拿出[^，。；]{0,10}资助"
)
PAID = re.compile(
    r"已|累计(?!不超|不高|最[高多])|兑现|减免税|(?<![每按]月)(?<!每年)(?<!每人)(?<!一次性)(?<!将)发放(?:了|(?!标准|[^，。；]{0,8}(?:补贴|补助|津贴|奖励|奖金|安家费|生活费)))|拨付|去年|上年|惠及|落实了|争取到|获得了|共计?发|减税|退税"
)
# 毕业五年以内的博士来创业的，直接发放…: under a condition nothing is paid yet, whatever the verb.
CONDITION, ADDRESSED, GIVEN = re.compile(r"的[，,]$"), re.compile(r"对(?!比)"), re.compile(r"发放了?|兑现")
# 一次性奖励1500万元；大型无人机为300万元: the next member of a list of sums, named and nothing else said of it.
FURTHER = re.compile(
    r"(?:(?!投资|规模|营收|产值|收入|资本|总额|售价|价格|税|注册|成本|交易|增|达)[^，。；0-9]){2,16}(?:为|[:：])?[0-9.]+[万亿]*元"
)
BUDGET = re.compile(r"(?:预算|资金)?(?:总额度?|预算|资金池)")
SPENT = re.compile(r"投资|规模|总额|基金|营收|产值|收入|资本|售价|价格|税收")
# What was aimed at once and is only quoted beside the result: 年初定的是6500亿元，实际做到6720亿元.
FORMER = re.compile(r"年初(?:定|计划|预期|目标|确定|[0-9])|原定|原计划|原先|当初")
EXPECTED = re.compile(r"预期(?:是|为|目标)|想(?:要)?(?:提|达|做)到|计划|目标(?:是|为|任务)")
RESULT = re.compile(r"实际|核算结果|最终|净增|年底数|提前完成|超额|完成率|未达|没能|差距")

REPORT = re.compile(
    r"简报|运行情况|经济运行|统计|公报|成绩|回顾|盘点|账单|同比|前三季度|上半年.{0,8}(?:增长|出炉)|突破|数据|答卷|增速"
)
PLAN = re.compile(
    r"方案|规划|计划|意见|措施|办法|细则|通知|纲要|目标|政府工作报告|工作要点|征求|部署|怎么干|这样干|行动|打法|标出|刻度|施工图|重点工作|工作清单|路线图|任务书|时间表|任务|力争|将|加快|奋力|推进"
)


class Clause(NamedTuple):
    start: int
    end: int
    weight: float  # its own cues
    carried: float  # what the clauses before it leave


def document_leaning(title: str) -> float:
    """What the title alone makes of a number that nothing else speaks about."""
    return (0.8 if PLAN.search(title) else 0.0) - (1.0 if REPORT.search(title) else 0.0)


def read_clauses(text: str, start: int, end: int) -> list[Clause]:
    """Cut a line into clauses, each with its own weight and with what is left of those before it."""
    cues = [(found.start(), CUES[int((found.lastgroup or "c0")[1:])][0]) for found in CUE.finditer(text, start, end)]
    clauses: list[Clause] = []
    told = OF_PAST if LOOKING_BACK.match(text, start, end) else 0.0
    carried, position, cursor = 0.0, start, 0
    for stop in _stops(text, start, end):
        weight = 0.0
        while cursor < len(cues) and cues[cursor][0] < stop:
            weight += cues[cursor][1]
            cursor += 1
        if stop > position:
            clauses.append(Clause(position, stop, weight, carried))
        carried = _left(carried, weight, text[stop : stop + 1])
        told = 0.0 if weight >= FIRM else told
        carried = min(carried, told) if told else carried
        position = stop + (stop < end and CLAUSE.match(text, stop) is not None)
    return clauses


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Where the clauses end; a stretch without marks is cut as well, because each number is judged by its whole clause."""
    for stop in (*(found.start() for found in CLAUSE.finditer(text, start, end)), end):
        yield from range(start + LONGEST_CLAUSE, stop, LONGEST_CLAUSE)
        yield stop
        start = stop + 1


def _left(carried: float, weight: float, stop: str) -> float:
    """A firm cue replaces what was carried; a new clause, ；or a new sentence weakens it."""
    if abs(weight) >= 1.5:
        carried = max(-STRONG, min(STRONG, weight)) * CARRIED
    if stop in ";；":
        return carried * ACROSS
    return carried * BEYOND if stop and stop in "。！？!?" else carried


def time_weight(text: str, time: Time | None, published: Published | None) -> float:
    """What the governing time says: past periods report, future ones promise, the current year leans to a promise."""
    if time is None:
        return 0.0
    if time.role == "now":
        return -FIRM
    if time.role == "start":
        return -FIRM if text.startswith("以来", time.end) else 0.0
    if time.last is None or published is None:
        return _unresolved(text, time)
    if time.last < published.first:
        return -3.0
    if time.first and time.first > published.last:
        return 3.0
    if time.role == "due":
        return 2.5
    return {"year": 1.2, "part": 1.5, "range": 1.0}.get(time.form, 0.0)


def _unresolved(text: str, time: Time) -> float:
    """Without a publication date only the words speak: 去年 is past, 到2027年 is due."""
    if text.startswith(("去年", "上年", "客岁", "前年"), time.start):
        return -3.0
    return 2.0 if time.role == "due" else 0.5 if time.last is None else 0.0


def is_offer(text: str, clause: Clause, earlier: Iterable[Clause], unit: str | None, comparator: str) -> bool:
    """Money or a rate of it held out to firms or people, and not paid already."""
    here = text[clause.start : min(len(text), clause.end)]
    conditional = CONDITION.search(text, max(0, clause.start - 2), clause.start) or ADDRESSED.match(here)
    if PAID.search(GIVEN.sub("", here) if conditional else here):
        return False
    if HELP.search(here):
        return True
    helped = unit not in RATES and any(HELP.search(text, part.start, part.end) for part in earlier)
    return helped and (comparator == "le" or FURTHER.fullmatch(here) is not None or BUDGET.match(here) is not None)


def is_listed_offer(text: str, clause: Clause) -> bool:
    """Money in a list under a heading that promises help (怎么奖), where the line does not say of itself what it is."""
    here = text[clause.start : clause.end]
    return clause.weight == 0 and not PAID.search(here) and not SPENT.search(here)


def is_former(text: str, clause: Clause, later: Sequence[Clause]) -> bool:
    """An old aim told beside what came of it is no aim any more."""
    if FORMER.search(text, clause.start, clause.end):
        return True
    if not EXPECTED.search(text, clause.start, clause.end):
        return "预期还有差距" in text[clause.start : clause.end]
    return any(RESULT.search(text, part.start, part.end) for part in later)
