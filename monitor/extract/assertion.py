"""Weighs whether a number is promised, reported or on offer. Positive weights speak for a target, negative for a result.

The nearest words count most: those of the clause, then of the clauses before it in the sentence, then of the paragraph,
the headings and the document. Weights are few and coarse on purpose; they rank cues, they do not fit a sample.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from monitor.extract.deadlines import Published, Time

STRONG, FIRM, HALF, WEAK = 4.0, 2.5, 1.5, 1.0
# 由原定的30个调整为41个, 由2027年提前至2026年: the new value or year is the aim, the one before it is over.
MOVED = r"[^，。；\n]{0,30}(?:调整|调[高低减增]|[上下]调|上修|下修|修订|追加|压减|压缩|缩减|扩大|增加|减少|提高|提前|提早|推迟|延[后迟期长]|顺延)(?:至|到|为)"
CUES: tuple[tuple[float, str], ...] = (
    # commitments
    (STRONG, r"力争|争取|确保|力保|誓保"),
    (
        STRONG,
        r"计划(?=让|把|招|布|设|组|发|举|改|在|到|用|新|建|培|引|投|完|实现|于|将|通过|每|再|年|开|推|打|形|达|超|突|安排|投入|兑|筹|落地|启|集聚|孵|转|盘活|腾|供|育|整治|关停|淘汰|更新|采购|评|选|遴|吸|扩|增|减|压|降|[0-9])",
    ),
    (
        FIRM,
        r"(?<!马上)将(?!近|军|其|这|财政)|拟(?!定|合|人)|打算|希望|预计|有望|规划(?:建设|布局|到)|预期目标|目标(?:任务)?(?:是|为|定[在得为]|[:：])|目标(?:很|十分|非常|也|更)?(?:明确|清晰|清楚)|瞄准|锚定|剑指|奋力|冲刺|全力|努力",
    ),
    (
        FIRM,
        r"(?<![主重需必只首纪概摘简紧提扼次])要(?![求素点么紧是闻道不]|(?:清醒|充分|深刻|客观)?(?:地)?(?:看到|认识到|认清|正视|意识到)|归功|感谢)|须|应当|应(?=不|在|达)|再添|不得(?:低|少|超|高)",
    ),
    (
        FIRM,
        r"每年(?=[^，。；]{0,12}(?:不少于|不低于|实施|遴选|培育|新增|建设|发布|安排|拿出|提供|供给|推出|引进|支持|开放|组织|举办|推动|改造|评选|认定|推出|开展|完成|落地|招引|以上|左右))",
    ),
    # 政府工作报告提出, 《方案》明确: what a document says is what it promises.
    (
        FIRM,
        r"(?:(?<=报告|规划|计划|方案|意见|纲要|措施|办法|文件|通知)|(?<=[》”])|(?<=[》”][，,])|(?<=[告划案见要施法件知》”][中里还也]))(?:提出|明确|要求|规定)(?!了)",
    ),
    (1.5, r"不少于|不低于|不高于|不超过|控制在|保持在|稳定在|预期"),
    (HALF, r"推行(?!了)"),
    (HALF, r"(?:设立|组建|新设|成立)(?=[^，。；了]{2,30}基金)(?!的)"),
    (FIRM, r"[再增另拟]设(?=[^，。；了]{2,30}基金)"),
    (
        WEAK,
        r"(?:加快|推动|推进|打造|(?<!新)培育|深化|实施|布局|支持|引进|建立|设立|组建|开放|组织|培养|招引|集聚|构建|形成|强化|扩大|落实|完善|新建|引育|招引)(?![了的])|让|使(?!用)|提升到|提高到|目标",
    ),
    # results
    (-STRONG, rf"(?:年初(?:定|计划|预期|目标|确定)|原定|原计划|原先)(?!{MOVED})"),
    (
        -STRONG,
        r"(?<![而不早])已(?!定)|超额|收官|(?:完成|实现|达到|增长|新增|突破|建成|引进|培育|获得|取得|落实|发放|拨付|兑现)了|提前[^，。；]{0,6}完成|圆满",
    ),
    (
        -STRONG,
        r"完成[^，。；0-9]{0,10}(?:任务|目标|计划)的(?=[0-9])|实际(?=[做完达到为新有]|[引投签建培]\w{0,2}[0-9])|现有(?=[^，。；]{0,16}[0-9])|荣获|获评|(?<!新增)获批|入选|跻身(?=第|全国第)|跃居|位居|排名|(?:数据|结果)(?:显示|表明)|监测表明|据此测算|占全[省市国县区](?![^，。；]{0,12}(?:提高|提升|达到|增加|上升|稳定|保持)[到至在]?)",
    ),
    (
        -FIRM,
        r"目前(?!的[0-9.两三四五六七八九十])|眼下|截至|截止|(?:则|现|共)有|第[一二三四五六七八九十0-9]+批新增|(?<!口)(?<!户)(?<!人)拥有(?!量)|累计已|迄今|核算|统计(?:显示|表明)|年底数|最终|净增长|创下|创造了|落笔|签下了|坐拥|汇聚了|云集|(?:打造|培育|建立|设立|组建|搭建|开放|招引|构建|形成|新建|带动)了",
    ),
    (
        -FIRM,
        r"[年月][多余]?来(?=[，,：:])|去年|往年|历年|以往|上年(?!同期)|客岁|过去|以来|(?<=[一二两三四五六七八九十0-9])年来|此前|前不久|日前[^，。；]{0,8}(?:竣工|投产|建成)|现场签约|集中签约|随着(?=[^，。；]{0,24}[0-9])|成功(?!率)|先后|此次签约|尝到了?[^，。；]{0,6}甜头|[见显]了?(?:实效|成效)|(?:成效|效果|变化)(?:十分|非常|也|很|更)?(?:明显|显著|初显|喜人|看得见)|(?:答卷|成绩单)(?:亮眼|喜人|出炉)|如约交卷",
    ),
    # The state of things as it is found wanting: 仅为, 还只有, 比全省平均低.
    (
        -FIRM,
        r"(?:[还尚仍也却]|目前)(?:只|仅|不到|不足|没有)|(?<!不)[只仅](?=[0-9])|[只仅](?:有|为|占|达|完成|相当于)|算了?一?笔账|集中(?:开工|竣工|投产)(?!仪式)|通报(?!批评)|占(?:全年|年度)[^，。；0-9]{0,6}(?:任务|计划|目标)",
    ),
    # 上了3条产线, 缩短了18天: a verb with 了 before a number tells what was done.
    (-FIRM, r"批复同意|获准|被[^，。；0-9]{0,12}(?:批准|认定|确定|列|评|授予)为?"),
    (-FIRM, r"(?:顺利|有序)推进(?=[，,。；;\n]|$)"),
    (-HALF, r"正在(?:加快|加紧|抓紧|有序|全面)?(?:建设|推进|施工|进行)"),
    (-FIRM, r"了(?<![为除到罢]了)(?=(?:约|近|超过?|逾)?[0-9])(?![0-9]{4}年)"),
    (
        -1.5,
        r"累计|仍(?:旧|然)?(?:在|为|是|占|有|处于)|连续[0-9两三四五六七八九十]{1,2}年|收窄|回落|放缓|下滑|由[负降]转[正增升]|(?<![占对])比(?![重例])[^，。；0-9]{2,14}(?<!提)[高低快慢多少]出?了?(?=[0-9一二三四五六七八九])",
    ),
    (
        -1.5,
        r"同比|环比|比上年|较上年|比去年|同期|跃升|(?<!提)升至|跃升至|增至|达成|签约|聚集了|集聚了|共(?=[0-9])|吸引了|惠及|覆盖了",
    ),
)
# What cues begin with: asked first, because the alternatives are many. Each cue is a group, and its patterns have none.
BEGINS = (
    "力争确誓计将拟被批顺正据监打希预有规目瞄锚剑奋冲全努要须应再不每提明控保稳设组新成加推培深实布支引建开招集构形强扩落完让使"
    "年月原已超收达增突获取发拨兑圆现荣入跻跃位排占眼截共拥累迄核统数结最净创签搭带去往历以上客过此前日先还尚仍也却随"
    "只仅算通连回放下由比同环较升聚吸惠覆了坐汇云另则第尝见显效变答成如"
)
CUE = re.compile(f"(?=[{BEGINS}])(?:{'|'.join(f'({pattern})' for _, pattern in CUES)})")
# Neither 1,286 nor a ratio (1:0.5) is cut.
CLAUSE = re.compile(r"[，,；;。！？!?：:\n](?!(?<=,)[0-9]{3})(?!(?<=[0-9][:：])[0-9])")
RATES = frozenset({"%", "个百分点", "百分点", "个基点", "基点"})
STRETCH = re.compile(r"[，,、](?:并|且)?(?:力争|争取|奋力|冲刺)[^，。；0-9年]{0,6}[0-9]")  # 增长6%，力争6.5%
# 完成投资310亿元，超额完成任务; 设立50亿元基金，首期已到位: what stands behind the number tells that it is reached.
DONE_BEHIND = re.compile(
    r"[，,](?:(?:超额|提前|圆满|顺利)(?:[^，。；0-9]{0,4})完成|位?居全[省国市区]第|(?:其中)?(?:首[期批只支笔]|一期)[^，。；]{0,14}已(?:经|全部|正式)?(?:到位|投用|落地|投产|交付|启用|设立|成立)|(?:目前|现)?已(?:经|累计)?(?:投[出资向]|落地|到位|签约|服务|惠及|发放|投放|撬动|带动|吸引|入驻|覆盖|完成(?!选址|立项|规划|招标|论证|设计|前期)))"
)
# 优良断面比例提高到83%，同比上升8个百分点: the comparison with what is known leans to a result.
COMPARED_BEHIND = re.compile(r"[，,](?:同比|环比|比上年|较上年|比去年|较去年)")
# 列入全省百家重点企业: a list bears its round number in its name.
ON_A_LIST = re.compile(
    r"(?:列入|列为|入选|入围|评为|认定为|确定为|获评|跻身|纳入|上榜|荣获|进入|获得)了?[^，,。；;\n]{0,36}$"
)
# 过去的五年，是…的五年。: what a paragraph that opens so tells has happened.
LOOKING_BACK = re.compile(
    r"(?:刚刚|我们|在|在刚刚)?(?:[“\"]?十[二三四五六]五[”\"]?以来|近年来|[0-9]{4}年以来|过去[的这]?[一二三四五两]|回[顾望首眸]|(?:近?[一二三四五两]|[0-9]{1,2})年来|这[一五]年|去年|上年|(?:试点|创建)期间)"
)
LOOKS_BACK = frozenset('刚我在“"十0123456789过回近一二三四五两这去上创试')  # what LOOKING_BACK begins with
OF_PAST = -2.5
ENDING = timedelta(days=15)
LONGEST_CLAUSE = 400  # characters; no prose has one as long
CARRIED, ACROSS, BEYOND = (
    0.7,
    0.5,
    0.25,
)  # how much of a cue is left in the next clause, behind ；and in the next sentence

# What was aimed at once and is only quoted beside the result: 年初定的是6500亿元，实际做到6720亿元.
FORMER = re.compile(rf"(?:年初(?:定|计划|预期|目标|确定|[0-9])|原定|原计划|原先|原来(?!的)|以前|从前|当初)(?!{MOVED})")
EXPECTED = re.compile(r"预期(?:是|为|目标)|想(?:要)?(?:提|达|做)到|计划|目标(?:是|为|任务)")
RESULT = re.compile(r"实际|核算结果|最终|净增|年底数|提前完成|超额|完成率|未达|没能|差距")

# 三年攻坚行动圆满收官: an account, whatever was the plan; 收官之年 is still to be worked through.
FINISHED = re.compile(r"收官(?!之|年|战)|交卷|圆满(?:完成|结束)")
REPORT = re.compile(
    r"交卷|简报|运行情况|经济运行|统计|公报|成绩|成果|成效|半年报|回顾|盘点|收官(?!之年)|交卷|硕果|圆满|账单|同比|前三季度|上半年.{0,8}(?:增长|出炉)|突破[^，。]{0,6}[0-9千万亿]|数据|答卷|增速"
)
PLAN = re.compile(
    r"方案|规划|计划|意见|措施|办法|细则|通知|纲要|目标|政府工作报告|工作要点|征求|部署|怎么干|这样干|行动|打法|民生实事|实事项目|标出|刻度|施工图|重点工作|工作清单|路线图|任务书|时间表|任务|力争|将|加快|奋力|推进"
)


ISSUED = re.compile(
    r"(?:印发|出台|发布|公布|下发|通过|审议)[^。《]{0,8}《[^》\n]{4,60}(?:方案|计划|规划|纲要|措施|意见|办法|政策)"
)
INTERVIEW = re.compile(
    r"对话|专访|访谈|对谈|访[^，。]{2,16}[长任记]|答记者问"
)  # tells what is and what is to come alike
LEAD = 500
# 1—7月, 前三季度, 上半年, 一季度: what is told of such a part of a year is mostly told behind it.
REPORTED = re.compile(
    r"(?:20[0-9]{2}年|今年)?(?:(?:1|一)月?(?:[-—–~～]{1,2}|至|到)|[前头][0-9一二两三四五六七八九十]|上半年|第?[一二三四1-4]季度)"
)
# 生态环境保护取得积极进展: a title that says what has been reached opens an account.
ACHIEVED = re.compile(r"取得[^，。]{0,8}(?:进展|成效|成就|成绩|突破|胜利)|(?:成就|成效)(?:显著|明显)")


class Clause(NamedTuple):
    start: int
    end: int
    weight: float  # its own cues
    carried: float  # what the clauses before it leave


def document_leaning(title: str, text: str) -> float:
    """What the title, and a plan that the first lines tell of, make of a number that nothing else speaks about."""
    if ACHIEVED.search(title):
        return -FIRM
    plan, report = PLAN.search(title), REPORT.search(title)
    if not plan and not report:
        return 0.5 if ISSUED.search(text, 0, LEAD) and not INTERVIEW.search(title) else 0.0
    return (0.8 if plan and not FINISHED.search(title) else 0.0) - (1.0 if report else 0.0)


def read_clauses(text: str, start: int, end: int, told: float = 0.0) -> tuple[list[Clause], float]:
    """Cut a line into clauses, each with its own weight and with what is left of those before it.

    `told` is what lines before leave that look back; what is left of it behind this one is returned as well.
    """
    cues = [(found.start(), CUES[(found.lastindex or 1) - 1][0]) for found in CUE.finditer(text, start, end)]
    clauses: list[Clause] = []
    told = OF_PAST if text[start] in LOOKS_BACK and LOOKING_BACK.match(text, start, end) else told
    carried, position, cursor = told, start, 0
    for stop in _stops(text, start, end):
        weight = 0.0
        while cursor < len(cues) and cues[cursor][0] < stop:
            weight += cues[cursor][1]
            cursor += 1
        if stop > position:
            clauses.append(Clause(position, stop, weight, carried))
        # …, 支持了62个项目。其中污水处理厂4个: a part of what was told goes on as it was told.
        carried = _left(carried, weight, "" if text.startswith("其中", stop + 1) else text[stop : stop + 1])
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
    """A firm cue replaces what was carried that is less or contradicts, a lesser one only what agrees with it; ；or a new
    sentence weakens it."""
    if abs(weight) >= FIRM or (abs(weight) >= HALF and weight * carried >= 0):
        left = max(-STRONG, min(STRONG, weight)) * CARRIED
        # 两年多来，累计处置4860亩，税收提高到76万元: the lesser of two that agree does not take the other's place.
        carried = left if weight * carried < 0 else max(left, carried, key=abs)
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
    if text.startswith(("截至", "截止"), time.start - 2) or text.startswith("截止到", time.start - 3):
        return -FIRM
    if time.last is None or published is None:
        return _unresolved(text, time)
    if time.last < published.first:
        return -3.5
    return 3.0 if time.first and time.first > published.last else _current(time, time.last, published)


def _current(time: Time, last: date, published: Published) -> float:
    """The weight of a time that has begun and is not over."""
    if time.role == "due":
        return 3.0 if last > published.last else 2.5
    if time.form == "part" and time.first and time.first <= published.first and last - published.last <= ENDING:
        return 0.0  # 一季度 at the end of March: told or still to come
    if time.form == "part" and time.first and (last - published.last) > 2 * (published.first - time.first):
        return 2.5  # 下半年 at the end of July: most of it is to come
    return {"year": 1.2, "part": 1.5, "range": 1.0}.get(time.form, 0.0)


def _unresolved(text: str, time: Time) -> float:
    """Without a publication date only the words speak: 去年 is past, 到2027年 is due."""
    if text.startswith(("去年", "上年", "客岁", "前年"), time.start):
        return -3.5
    if time.form == "part" and time.role == "period" and REPORTED.match(text, time.start):
        return -FIRM
    return 2.0 if time.role == "due" else 0.5 if time.last is None else 0.0


def is_former(text: str, clause: Clause, later: Sequence[Clause]) -> bool:
    """An old aim told beside what came of it is no aim any more."""
    if FORMER.search(text, clause.start, clause.end):
        return True
    if not EXPECTED.search(text, clause.start, clause.end):
        return "预期还有差距" in text[clause.start : clause.end]
    return any(RESULT.search(text, part.start, part.end) for part in later)
