"""Weighs whether a number is promised, reported or on offer. Positive weights speak for a target, negative for a result.

The nearest words count most: those of the clause, then of the clauses before it in the sentence, then of the paragraph,
the headings and the document. Weights are few and coarse on purpose; they rank cues, they do not fit a sample.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.extract.deadlines import Published, Time

STRONG, FIRM, HALF, WEAK = 4.0, 2.5, 1.5, 1.0
CUES: tuple[tuple[float, str], ...] = (
    # commitments
    (STRONG, r"力争|争取|确保|力保|誓保"),
    (
        STRONG,
        r"计划(?=让|把|招|布|设|组|发|举|改|在|到|用|新|建|培|引|投|完|实现|于|将|通过|每|再|年|开|推|打|形|达|超|突|安排|投入|兑|筹|落地|启|集聚|孵|转|盘活|腾|供|育|整治|关停|淘汰|更新|采购|评|选|遴|吸|扩|增|减|压|降|[0-9])",
    ),
    (
        FIRM,
        r"(?<!马上)将(?!近|军|其|这|财政)|拟(?!定|合|人)|打算|希望|预计|有望|规划(?:建设|布局|到)|预期目标|目标(?:任务)?(?:是|为|定[在得为]|[:：])|瞄准|锚定|剑指|奋力|冲刺|全力|努力",
    ),
    (
        FIRM,
        r"(?<![主重需必只首纪概摘简紧提扼次])要(?![求素点么紧是闻道不]|(?:清醒|充分|深刻|客观)?(?:地)?(?:看到|认识到|认清|正视|意识到)|归功|感谢)|须|应当|应(?=不|在|达)|再添|不得(?:低|少|超|高)",
    ),
    (
        FIRM,
        r"每年(?=[^，。；]{0,12}(?:不少于|不低于|实施|遴选|培育|新增|建设|发布|安排|拿出|引进|支持|开放|组织|举办|推动|改造|评选|认定|推出|开展|完成|落地|招引|以上|左右))",
    ),
    # 政府工作报告提出, 《方案》明确: what a document says is what it promises.
    (
        FIRM,
        r"(?:(?<=报告|规划|计划|方案|意见|纲要|措施|办法|文件|通知)|(?<=[》”])|(?<=[》”][，,])|(?<=[告划案见要施法件知》”][中里还也]))(?:提出|明确|要求|规定)(?!了)",
    ),
    (1.5, r"不少于|不低于|不高于|不超过|控制在|保持在|稳定在|预期"),
    (HALF, r"(?:设立|组建|新设|成立)(?=[^，。；了]{2,30}基金)"),
    (
        WEAK,
        r"(?:加快|推动|推进|打造|培育|深化|实施|布局|支持|引进|建立|设立|组建|开放|组织|培养|招引|集聚|构建|形成|强化|扩大|落实|完善|新建|引育|招引)(?!了)|让|使(?!用)|提升到|提高到|目标",
    ),
    # results
    (-STRONG, r"年初(?:定|计划|预期|目标|确定)|原定|原计划|原先"),
    (
        -STRONG,
        r"(?<![而不早])已(?!定)|超额|收官|(?:完成|实现|达到|增长|新增|突破|建成|引进|培育|获得|取得|落实|发放|拨付|兑现)了|提前[^，。；]{0,6}完成|圆满",
    ),
    (
        -STRONG,
        r"实际(?=[做完达到为新有])|现有(?=[^，。；]{0,16}[0-9])|荣获|获评|获批|入选|跻身(?=第|全国第)|跃居|位居|排名|占全[省市国县区]",
    ),
    (
        -FIRM,
        r"目前(?!的[0-9.两三四五六七八九十])|眼下|截至|截止|共有|(?<!口)(?<!户)(?<!人)拥有(?!量)|累计已|迄今|核算|统计(?:显示|表明)|数据显示|结果显示|年底数|最终|净增长|创下|创造了|落笔|签下了|(?:打造|培育|建立|设立|组建|搭建|开放|招引|构建|形成|新建|带动)了",
    ),
    (
        -FIRM,
        r"去年|往年|历年|以往|上年(?!同期)|客岁|过去|以来|此前|前不久|日前[^，。；]{0,8}(?:竣工|投产|建成)|现场签约|集中签约|成功(?!率)|先后|此次签约",
    ),
    # The state of things as it is found wanting: 仅为, 还只有, 比全省平均低.
    (
        -FIRM,
        r"(?:[还尚仍也却]|目前)(?:只|仅|不到|不足|没有)|[只仅](?:有|为|占|达|完成|相当于)|算了?一?笔账|集中(?:开工|竣工|投产)(?!仪式)|通报(?!批评)|占(?:全年|年度)[^，。；0-9]{0,6}(?:任务|计划|目标)",
    ),
    (
        -1.5,
        r"累计|仍(?:旧|然)?(?:在|为|是|占|有|处于)|连续[0-9两三四五六七八九十]{1,2}年|收窄|回落|放缓|下滑|由[负降]转[正增升]|比[^，。；0-9]{2,14}[高低快慢多少]出?了?(?=[0-9一二三四五六七八九])",
    ),
    (
        -1.5,
        r"同比|环比|比上年|较上年|比去年|同期|跃升|(?<!提)升至|跃升至|增至|达成|签约|聚集了|集聚了|共(?=[0-9])|吸引了|惠及|覆盖了",
    ),
)
# What cues begin with: asked first, because the alternatives are many. Each cue is a group, and its patterns have none.
BEGINS = (
    "力争确誓计将拟打希预有规目瞄锚剑奋冲全努要须应再不每提明控保稳设组新成加推培深实布支引建开招集构形强扩落完让使"
    "年原已超收达增突获取发拨兑圆现荣入跻跃位排占眼截共拥累迄核统数结最净创签搭带去往历以上客过此前日先还尚仍也却"
    "只仅算通连回放下由比同环较升聚吸惠覆"
)
CUE = re.compile(f"(?=[{BEGINS}])(?:{'|'.join(f'({pattern})' for _, pattern in CUES)})")
CLAUSE = re.compile(r"[，,；;。！？!?：:\n](?!(?<=,)[0-9]{3})")
RATES = frozenset({"%", "个百分点", "百分点"})
STRETCH = re.compile(r"[，,、](?:并|且)?(?:力争|争取|奋力|冲刺)[^，。；0-9年]{0,6}[0-9]")  # 增长6%，力争6.5%
# 完成投资310亿元，超额完成任务; 设立50亿元基金，首期已到位: what stands behind the number tells that it is reached.
DONE_BEHIND = re.compile(
    r"[，,](?:(?:超额|提前|圆满|顺利)(?:[^，。；0-9]{0,4})完成|(?:其中)?(?:首期|首批|一期)[^，。；]{0,10}已(?:经|全部|正式)?(?:到位|投用|落地|投产|交付|启用))"
)
# 过去的五年，是…的五年。: what a paragraph that opens so tells has happened.
LOOKING_BACK = re.compile(
    r"(?:刚刚|我们|在|在刚刚)?(?:[“\"]?十[二三四五六]五[”\"]?以来|近年来|[0-9]{4}年以来|过去[的这]?[一二三四五两]|回[顾望首眸]|(?:近?[一二三四五两]|[0-9]{1,2})年来|这[一五]年|去年|上年)"
)
OF_PAST = -2.5
LONGEST_CLAUSE = 400  # characters; no prose has one as long
CARRIED, ACROSS, BEYOND = (
    0.7,
    0.5,
    0.25,
)  # how much of a cue is left in the next clause, behind ；and in the next sentence

# What was aimed at once and is only quoted beside the result: 年初定的是6500亿元，实际做到6720亿元.
FORMER = re.compile(r"年初(?:定|计划|预期|目标|确定|[0-9])|原定|原计划|原先|当初")
EXPECTED = re.compile(r"预期(?:是|为|目标)|想(?:要)?(?:提|达|做)到|计划|目标(?:是|为|任务)")
RESULT = re.compile(r"实际|核算结果|最终|净增|年底数|提前完成|超额|完成率|未达|没能|差距")

REPORT = re.compile(
    r"简报|运行情况|经济运行|统计|公报|成绩|回顾|盘点|账单|同比|前三季度|上半年.{0,8}(?:增长|出炉)|突破[^，。]{0,6}[0-9千万亿]|数据|答卷|增速"
)
PLAN = re.compile(
    r"方案|规划|计划|意见|措施|办法|细则|通知|纲要|目标|政府工作报告|工作要点|征求|部署|怎么干|这样干|行动|打法|标出|刻度|施工图|重点工作|工作清单|路线图|任务书|时间表|任务|力争|将|加快|奋力|推进"
)


ISSUED = re.compile(
    r"(?:印发|出台|发布|公布|下发|通过|审议)[^。《]{0,8}《[^》\n]{4,60}(?:方案|计划|规划|纲要|措施|意见|办法|政策)"
)
LEAD = 500


class Clause(NamedTuple):
    start: int
    end: int
    weight: float  # its own cues
    carried: float  # what the clauses before it leave


def document_leaning(title: str, text: str) -> float:
    """What the title, and a plan that the first lines tell of, make of a number that nothing else speaks about."""
    plan, report = PLAN.search(title), REPORT.search(title)
    if not plan and not report:
        return 0.5 if ISSUED.search(text, 0, LEAD) else 0.0
    return (0.8 if plan else 0.0) - (1.0 if report else 0.0)


def read_clauses(text: str, start: int, end: int, told: float = 0.0) -> tuple[list[Clause], float]:
    """Cut a line into clauses, each with its own weight and with what is left of those before it.

    `told` is what lines before leave that look back; what is left of it behind this one is returned as well.
    """
    cues = [(found.start(), CUES[(found.lastindex or 1) - 1][0]) for found in CUE.finditer(text, start, end)]
    clauses: list[Clause] = []
    told = OF_PAST if LOOKING_BACK.match(text, start, end) else told
    carried, position, cursor = told, start, 0
    for stop in _stops(text, start, end):
        weight = 0.0
        while cursor < len(cues) and cues[cursor][0] < stop:
            weight += cues[cursor][1]
            cursor += 1
        if stop > position:
            clauses.append(Clause(position, stop, weight, carried))
        carried = _left(carried, weight, text[stop : stop + 1])
        if told and weight >= FIRM:
            told, carried = 0.0, max(carried, 0.0)
        carried = min(carried, told) if told else carried
        position = stop + (stop < end and CLAUSE.match(text, stop) is not None)
    return clauses, told


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Where the clauses end; a stretch without marks is cut as well, because each number is judged by its whole clause."""
    for stop in (*(found.start() for found in CLAUSE.finditer(text, start, end)), end):
        yield from range(start + LONGEST_CLAUSE, stop, LONGEST_CLAUSE)
        yield stop
        start = stop + 1


def _left(carried: float, weight: float, stop: str) -> float:
    """A firm cue replaces what was carried, a lesser one only what agrees with it; ；or a new sentence weakens it."""
    if abs(weight) >= FIRM or (abs(weight) >= HALF and weight * carried >= 0):
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


def is_former(text: str, clause: Clause, later: Sequence[Clause]) -> bool:
    """An old aim told beside what came of it is no aim any more."""
    if FORMER.search(text, clause.start, clause.end):
        return True
    if not EXPECTED.search(text, clause.start, clause.end):
        return "预期还有差距" in text[clause.start : clause.end]
    return any(RESULT.search(text, part.start, part.end) for part in later)
