"""Programmes named without 《》: a head word (行动, 计划, 工程 ...) with a proper name before it and a verb that governs it.

Heads are searched first; then at most CLAUSE_LIMIT characters are read back from each, so the cost grows with the number
of heads. A name without a verb counts only in quotes or where it says of itself that it was issued, launched or ended.
"""

import re
from collections.abc import Iterator

from monitor.domain import ProgrammeType
from monitor.extract.names import (
    CLAUSE_LIMIT,
    CLOSING,
    DRAFT,
    OPENING,
    YEARS,
    clause_start,
    opening_quote,
    printed_name,
    type_of,
)
from monitor.extract.naming import Name
from monitor.extract.status import status_of
from monitor.text import Folded

HEAD = re.compile(
    r"行动(?:计划|方案|纲要)?|计划|工程|试点|意见|方案|办法|细则|规划|条例|措施|纲要|模式|机制|制度|体系|战略|集群|活动|基金"
    # Each alternative begins with a plain character, which re looks for many times as fast: 攻坚年, 三十条.
    + "".join(f"|{verb}年(?![来度前后内底初中均产报末])" for verb in "升设坚破新务实革进境目商产")
    # A year is named in quotes by what it is for: “科技成果转化年”.
    + r"|季(?=[”\"」』])|年(?=[”\"」』])(?<![0-9〇零一二三四五六七八九十百千万去今明后前青少成来往周常学半元新丰翻跨])"
    + r"|条(?<=[0-9一二三四五六七八九十]条)"
)
# 工程师, 计划于, 试点城市: the head is part of another word, or a verb.
NOT_HEAD = {
    "行动": re.compile(r"(?:新闻)?发布会|推进会|动员|现场会|启动仪式|[力者派路指]"),
    "计划": re.compile(
        r"再|[一二两三四五]年(?:再|左右|内|实[现施]|完成|投|新|建|改|整|治|培|引|盘|打)|[于在到将用新总投完开启今明后]|建[设成]|实施|引进|生育|单列|推出|每年|书"
    ),
    "工程": re.compile(
        r"[师车院学款量]|技术|建设|项目|机械|研究|中心|总(?:承包|公司|量|造价)|造价|质量|咨询|公司|系|施工|教育|硕士|热物理|化"
    ),
    "试点": re.compile(r"城市|示范区|地区|单位|企业|县|市|省|园区|项目|区|期|范围|名单|经验"),
    "规划": re.compile(r"目标|任务|期间|[师院局馆]|建设|面积|布局|设计|用地|总|了|有|为|到|和|部门|引领"),
    "方案": re.compile(r"商"),
    "活动": re.compile(r"[家室场]"),
    "基金": re.compile(r"[会业管]|公司|体系|矩阵"),
    "集群": re.compile(r"[内化中]|名单|榜单|入选|上榜"),
    "制度": re.compile(r"[性化]"),
    "战略": re.compile(r"性|科技|合作|投资|支撑|定位|部署|任务|规划"),
    "体系": re.compile(r"化"),
}
# Verbs that take an instrument as their object. The last strong one governs; a weak one may also be part of a name
# (企业改革深化提升行动), so the first weak one governs where no strong one stands.
STRONG = re.compile(
    r"召开|举行|实施|开展|启动|推出|落实|组织|承接|对接|制定|制订|出台|编制|印发|发布|下发|公布|颁布|设立|组建|筹建|发起|推行|实行|纳入|参与|入围|掀起|依托|用好|发挥|谋划|部署|策划|举办|打好|打响|探索|推开|铺开|试行|试点推行|构建起?|建立|采用"
)
WEAK = re.compile(
    r"推进|推动|深化|优化|完善|升级|加快|加速|抓好|持续|做好|做强|做优|做实|加强|强化|统筹|聚焦|围绕|支持|健全|提升|形成|通过|迭代|夯实|筑牢|抓实|壮大|建强|织密|培育"
)
# Verbs of issuing, and those of carrying out, which are also parts of titles and govern only at a clause's beginning.
ISSUING = re.compile(r"印发|出台|发布|下发|公布|颁布|制定|制订|编制|起草|修订|审议通过|推出")
CARRYING = re.compile(r"落实|实施|执行|解读|落地|完善|优化|用好|兑现|推进|通过")
OPENING_REACH = 8
# Between 根据 and what a plan says (…，到2028年) the plan is told, not used as a ground.
TELLING = re.compile(r"^(?:根据|按照|按|依据|对照)")
TOLD = re.compile(r"[，,](?:到|今年|明年|未来|20\d\d)")
# 01 …行动, ■ …工程: a name that is all of a numbered line.
NUMBERING = re.compile(
    r"\s*(?:[（(]?[0-9一二三四五六七八九十]{1,3}(?:[）)、.．:：]|\s)\s*|0[1-9](?![0-9])|[①-⑳]\s*|(?:行动|工程|任务|专栏|计划)[0-9一二三四五六七八九十]{1,2}[：:]?|[■●◆•▶★▪]\s*|【)"
)
LINE_END = re.compile(r"[：:。]|[】”\"；]?\s*(?:\n|$)")
# Words between the verb and the name; also what is left of a row of verbs (加快实施, 研究制定).
LEAD = re.compile(
    r"(?:了|好|过|着|起|推行|目前|正|通过|构建|迭代升级|迭代|一批|新一批|新一轮|首批|一系列|相关|有关|更具竞争力的|以|对|与|和|及|以及|、|本次|基本|建成|打造|全面|深入|大力|扎实|持续|加快|统筹|积极|有序|稳步|全力|纵深|深化|健全|完善|推进|推动|实施|开展|落实|组织|启动|国家的|我市|我区|我县|我省|其中的?|中的|正在|的|等|并)*"
)
NUMBERED_LIST = re.compile(r"(?:[二三四五六七八九十两]|1?\d)(?:大|项|个)(?:专项|重点|重大)?$")
# Only the number of a list is quoted: 登峰、升规、晋位“三大工程”.
ONLY_NUMBER = re.compile(
    r"[“\"]?(?:[二三四五六七八九十两]|1?\d)(?:大|项|个)?(?:专项|重点|重大)?(?:行动|工程|计划|战略|条|年)|[“\"]?[1-9][0-9]条"
)
# What is left of a name that says nothing: 专项行动, 三年行动计划, 重点工程, 这一计划.
GENERIC = re.compile(
    r"专项|[一二三四五六七八九十两0-9]+[年项个大批期次条]|重点|重大|工作|实施|具体|相关|有关|系列|各项|新一轮|年度|全[市区县省国]|[我本该全][省市区县]|本|该|这|那|此|上述|一|等|的|各|大|新|其他|总体|行动|支持|民生|建设|项目|主要|配套|管理|实事|惠民|长期|中长期|近期|整体|上|下|半|今|明|去|后|前|第|若干|政策|投资|生产|系统|以|对|有|效|力|多|一系列"
)
# Common collocations that name nothing.
REFUSED = re.compile(
    r"(?:采取|自觉|实际|具体|集中|统一|联合|救援|执法|抓捕|军事|一致|思想|政治|解决|技术|设计|应急|治疗|优惠|商业|合作|融资|规划|方针|投标|征求|反馈|提出|听取|收集|有效|有力|保障|防护|安全|预防|防控|处置|降温|整改|补救|强制|惩罚|工作|持股|分红|薪酬|期权|体制|运行|长效|协调|协同|联动|(?<![焕创更革刷])新|管理|激励|约束|监管|监督|评价|考核|价格|市场|竞争|盈利|商务|赢利|生产|经营|消费|体育|娱乐|文娱|旅游|经济|投资|教学|训练|比赛|购房|还款|扩张|扩产|裁员|收购|减持|增持|回购|融资|上市|土建|基础|主体|安装|装修|改造|配套|附属|建筑|道路|管网|桥梁|隧道|水利|园林|绿化|市政|供水|排水|土方|软件|系统)"
    r"(?:行动|方案|意见|办法|措施|机制|模式|活动|计划|工程|制度)$|(?:私募|公募|社保|住房|慈善|教育)基金$|新(?:模式|机制|体系|战略)$|(?:开展|进行|先行|率先|扩大|推进|参与|纳入|列入|申报|组织)试点$"
    r"|^(?:各类|产业|创业|创新|股权|政府|引导|专项|投资|发展|母|子|天使|种子|风险|信用|担保|补偿|市场化)*基金$"
)
# 在方案印发之日起30个工作日内报送实施计划: words of procedure, no name.
PROCEDURE = re.compile(r"之日|工作日|[要须应]在|报送|提交|填报")
# Rules that every office has, whoever it is: they are nobody's news.
STANDING = re.compile(
    r"载人航天工程|探月工程|(?:指挥|考勤|值班|例会|领导)制度$|相关(?:规划|方案|政策|办法|措施|意见|计划)$|(?:采访|慰问|参观|庆祝|纪念|签约|路演|观摩|直播|表彰|开工|揭牌|启动|颁奖|集中开工)活动$|双随机|三重一大|三会一课|一岗双责|首问负责|党风廉政|民主集中|八项规定"
)
# Praise in the form of a project, and descriptions in the form of a name (“按人头补贴”的办法, “走出去”是方案…).
PRAISE = re.compile(
    r"(?:头号|一号|一把手|民心|德政|良心|暖心|面子|形象|系统性?|烂尾|献礼|标志性|生命线|希望|龙头|牵引性|基础性)工程$|[”\"」』]的(?:\w{2})?(?:办法|方案|机制|模式|制度|措施|体系|意见)$|[”\"」』](?:[就正]?是|即|成为|作为)"
)
# 新型研发机构管理办法 is a title, 管理办法 alone is a word.
TITLED = re.compile(r".{4,}(?:管理|监督|评价|考核|奖励|激励|保障)(?:办法|细则|条例)")
BUILDING = re.compile(
    r"(?:[线桥路港站楼房期库渠闸堤]|号线|隧道|机场|管廊|大道|高速|高铁|铁路|公路|航道|泵站|厂房)工程$"
)
# A fund is an instrument where a government founds or uses it, not where one invests.
FOUNDING = re.compile(
    r"(?:设立|组建|筹建|筹设|筹组|发起|成立|[再增另拟]设|运营好|用好|做大|做强|管好|建好|建立|新设|扩大)(?:了|一支|首支|全市首支|全省首支|总?规模|总额|首期|[约超近逾达的]|以上|左右|不低于|[0-9.,一二三四五六七八九十百]+[万亿]*元)*"
)
SIZED = re.compile(r"[ ，,（(:：]?(?:总规模|首期(?:规模)?|目标规模|规模)[^，。\n]{0,4}[0-9]")
# 市本级5亿元合成生物天使基金: with its sum a fund is set up.
WITH_SUM = re.compile(r"[^，。；]{0,6}?[0-9.]+[万亿]{0,2}元的?")
# 8个产业发展子基金, 2025年度特色产业集群, 年产值200亿元产业集群: a number of things, or their size.
COUNTED = re.compile(r"^(?:20[0-9]{2}年度?|[0-9.]+[万亿]?(?:个|家|项|只|支|元|余|多))|[0-9]+[万亿]{1,2}元")
# …体系由甲基金和乙基金组成: a sentence and no name.
SENTENCE = re.compile(r"(?:体系|基金|计划|行动|工程|集群)(?:由|是|为|将|已)")
# 争取纳入国家…试点 aims at a status.
AS_STATUS = re.compile(r"(?:纳入|入围|列入|入选|获批|争创|申报)$")
OPINION = re.compile(r"(?:实施|指导|若干|关于[^，。\n]{2,50}的)意见$")
MEASURE = re.compile(r"(?:若干|[0-9一二三四五六七八九十]+[项条])(?:政策)?措施$")
PLANNING = re.compile(r"[\u4e00-\u9fff]{5,}规划$")
# “沪九条”, “浙十条”: the short name of a place and a number.
ITEMS_OF_PLACE = re.compile(
    r"(?:[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀黔贵滇云藏陕秦甘陇青宁新杭甬温锡常通扬宁宿淮盐徐泰镇汉襄宜荆深穗莞佛珠厦榕泉蓉绵青济烟潍合芜沈连哈长郑洛石唐保邯昆筑邕海]|\w区)(?:[四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?|[1-9][0-9])条$"
)
ITEMS = re.compile(
    r".{2,12}(?<![第另这那每0-9])(?:[1-9][0-9]?|[四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?)条$"
)
DIGITAL = re.compile(r"[0-9A-Z]+\+[0-9A-Z]+|[0-9]{3,4}|[0-9]\+N")
# “龙头型+配套型”服务体系 is a description.
DESCRIBED = re.compile(r"[\u4e00-\u9fff]+[+＋—→-]+[\u4e00-\u9fff]+[”\"]?.*体系$")
SEPARATE = re.compile(
    r"(?:行动|计划|工程|试点|意见|方案|办法|细则|规划|措施|机制|活动|建设|改革|工作|步伐|服务|平台|体系|改造|更新|项目|力度|攻坚|报告|联络处|中心|机构)$"
)
JOINED = re.compile(r"[”\"]?\x01*(?:、|和|与|及|以及)")
# Words that end what stands before a quoted name without a verb: 以“2233”发展战略为总纲.
PARTICLES = frozenset("的了在把将与和及被对为以从会要是我你他这那有到得向用让使给由按据把凭靠")
# What stands before a quoted name and owns it: 合作中心“一区两国”模式.
OWNER = re.compile(r"(?:[省市区县局委办厅]|中心|公司|集团|小镇)$")
VERSION = re.compile(r"[”\"]?\d\.0版?")
QUOTE_REACH = 10
STEM_REACH = 3
LONG_ENOUGH = 6
LIST_REACH = 14
OF_LIST = re.compile(r"(?:[二两三四五六七八九十]|1?[0-9])[大项个](?:重点|专项|重大)?(?:工程|行动|计划)[”\"]?[:：]$")
JOINTS = re.compile(r"以及|[和与及]")
CALLED = re.compile(
    r"\x01|[”\"」』]?(?:也|已|正式|相应|将|于|在|近日|日前|今天|今日|昨天|昨日|今年|全面|随即|同步|即将|持续|深入|有序|扎实|稳步|加快){0,3}(?:出炉|出台|印发|发布|公布|下发|启动|实施|施行|自20\d\d年|落地|获批|公开征求|(?:迎来)?收官)"
)
GOES_ON = re.compile(r"(?:持续|深入|有序|扎实|稳步|加快|全面|纵深|接续){1,2}(?:推进|展开|推开|见效)")


def governed(text: Folded, masked: str) -> Iterator[Name]:
    """Names with a head word, in the order of the text; `masked` is the folded text with 《》 blanked out."""
    last: Name | None = None
    for head in HEAD.finditer(masked):
        refused = NOT_HEAD.get(head.group())
        if refused and refused.match(masked, head.end()) and not _is_called(masked, head):
            continue
        if name := _name(text, masked, head.start(), head.end(), last):
            if last and not (name.start <= last.start and last.end <= name.end):
                yield last
            last = name
    if last:
        yield last


def _is_called(masked: str, head: re.Match[str]) -> bool:
    """“汇智川流”人才计划今年升级: behind a quoted stem the head is no verb; “1+1”产业基金体系 is no fund all the same."""
    return head.group() not in {"基金", "集群", "规划"} and _follows_quote(masked, head.start())


def _follows_quote(masked: str, head: int) -> bool:
    """“汇智川流”人才计划今年升级: behind a quoted stem 计划 is no verb."""
    return any(mark in CLOSING for mark in masked[max(0, head - STEM_REACH) : head])


def _name(text: Folded, masked: str, head: int, end: int, last: Name | None) -> Name | None:
    left = clause_start(masked, head)
    stop = _with_suffix(masked, end)
    start = _enclosing(masked, left, stop)
    listed = start is not None and ONLY_NUMBER.fullmatch(masked, start, end) is not None
    quoted = verbal = start is not None and not listed
    if start is None or listed:
        start, verbal = _governed_start(masked, left, head, end, last)
        start = start if listed else _unquoted_start(masked, start, head, end)
    name = masked[start:end]
    kind = type_of(name)
    if kind is None or (name.endswith("试点") and name.startswith("国家") and AS_STATUS.search(masked, left, start)):
        return None
    heading = not verbal and _is_heading(masked, start, end, kind)
    if not _proper(name, kind, quoted=quoted, heading=heading):
        return None
    if not (verbal or quoted or heading or _stands_alone(masked, start, end, kind)):
        return None
    status = "draft" if DRAFT.match(text.text, stop) else status_of(text.text, start, stop, kind, titled=False)
    if heading and status == "ongoing" and kind != "fund":
        status = "launched"  # what a plan sets up under its own number is new with it
    return Name(start, stop, printed_name(text, start, stop), kind, status)


def _with_suffix(masked: str, end: int) -> int:
    """The end of a name with the period (2024-2026年) or version (3.0) after its head."""
    found = YEARS.match(masked, end) or VERSION.match(masked, end)
    return found.end() if found else end


def _enclosing(masked: str, left: int, end: int) -> int | None:
    """The start of a quoted name that ends at `end`: “陶都英才计划”."""
    if end >= len(masked) or masked[end] not in CLOSING:
        return None
    quote = opening_quote(masked, end, left)
    return None if quote is None else quote + 1


def _unquoted_start(masked: str, start: int, head: int, end: int) -> int:
    """The start moved past a quote that the name does not close, and past particles before one that it does."""
    name = masked[start:end]
    for opening, closing in OPENING.items():
        unpaired = name.count(opening) % 2 if opening == closing else name.count(opening) - name.count(closing)
        if unpaired:
            return start + max(name.rfind(opening), name.rfind(closing)) + 1
    quote = next((i for i in range(start, head) if masked[i] in OPENING), None)
    if quote is None:
        return start
    if OWNER.search(masked, max(start, quote - 2), quote):
        return quote
    particles = [i for i in range(start, quote) if masked[i] in PARTICLES]
    return particles[-1] + 1 if particles else start


def _governed_start(masked: str, left: int, head: int, end: int, last: Name | None) -> tuple[int, bool]:
    """Where the name starts, and whether a verb governs it."""
    segment = masked[left:head]
    start, verbal = 0, False
    numbered = NUMBERING.match(segment)
    if numbered:
        start = numbered.end()
    if last and last.end >= left and (joint := JOINED.match(masked, last.end)) and joint.end() <= head:
        start, verbal = joint.end() - left, True
    if OF_LIST.search(masked, max(0, left - LIST_REACH), left):  # 实施“五大工程”：算力筑基工程、…
        verbal = True
    verb = _verb(masked, left + start, head, end)
    if verb is not None:
        start, verbal = verb - left, True
    led = LEAD.match(segment, start)
    start = _last_member(segment, led.end() if led else start)
    return left + start, verbal


def _verb(masked: str, left: int, head: int, end: int) -> int | None:
    """The end of the verb that governs the head word at head to end, not before `left`."""
    segment = masked[left:head]
    word = masked[head:end]
    if word == "基金":
        founded = [one.end() for one in FOUNDING.finditer(segment)]
        summed = WITH_SUM.match(segment)
        return left + founded[-1] if founded else left + summed.end() if summed else None
    found = _document_verb(segment, masked, end) if type_of(word) == "document" else _carrying_verb(segment)
    return None if found is None else left + found


def _document_verb(segment: str, masked: str, end: int) -> int | None:
    telling = TELLING.match(segment)
    if telling and TOLD.match(masked, end):
        return telling.end()
    return _first(ISSUING, segment) or _first(CARRYING, segment[:OPENING_REACH])


def _carrying_verb(segment: str) -> int | None:
    strong = [one.end() for one in STRONG.finditer(segment) if _outside_quotes(segment, one.start())]
    for position in reversed(strong):
        if len(segment) - position >= 2:
            return position
    return _first(WEAK, segment)


def _first(verbs: re.Pattern[str], segment: str) -> int | None:
    """The end of the first verb that leaves room for a name; 加速 in 核心产业加速行动 is a part of it."""
    found = (one for one in verbs.finditer(segment) if _outside_quotes(segment, one.start()))
    return next((one.end() for one in found if len(segment) - one.end() >= 2), None)


def _outside_quotes(segment: str, position: int) -> bool:
    before = segment[:position]
    return before.count('"') % 2 == 0 and all(
        before.count(one) <= before.count(other) for one, other in OPENING.items() if one != other
    )


def _last_member(segment: str, start: int) -> int:
    """The start of the last member of a list, or of the whole list where its members share the head word."""
    if NUMBERED_LIST.search(segment):
        return start
    marks = [i for i in range(start, len(segment)) if segment[i] == "、" and _outside_quotes(segment, i)]
    if marks and not _balanced(segment, start, marks):
        start = marks[-1] + 1
    for joint in JOINTS.finditer(segment, start):
        if _outside_quotes(segment, joint.start()) and SEPARATE.search(segment[start : joint.start()]):
            start = joint.end()
    possessive = segment.rfind("的", start)
    if possessive > start and len(segment) - possessive > 4 and _outside_quotes(segment, possessive):
        start = possessive + 1
    return start


def _balanced(segment: str, start: int, marks: list[int]) -> bool:
    """科技企业、科创平台、科技人才倍增: members of one length, the last with what they share."""
    edges = [start - 1, *marks]
    lengths = {after - before - 1 for before, after in zip(edges, marks, strict=False)}
    return len(marks) >= 2 and len(lengths) == 1 and len(segment) - marks[-1] - 1 >= lengths.pop()


def _proper(name: str, kind: ProgrammeType, *, quoted: bool, heading: bool) -> bool:
    """Whether a name says which instrument it is, and not only that it is one."""
    bareword = re.sub(r"[“”\"‘’「」『』]", "", name)
    marked = quoted or name != bareword
    shortest = 3 if quoted and ITEMS_OF_PLACE.fullmatch(bareword) else 4
    if not shortest <= len(bareword) <= CLAUSE_LIMIT - 8 or "等" in bareword or "\x00" in bareword:
        return False
    if (
        PRAISE.search(name)
        or STANDING.search(bareword)
        or PROCEDURE.search(bareword)
        or ONLY_NUMBER.fullmatch(bareword)
        or COUNTED.search(bareword)
        or SENTENCE.search(bareword)
    ):
        return False
    own = heading and kind == "action" and len(bareword) >= LONG_ENOUGH  # （四）要素保障行动: an action of this plan
    if not (own or _has_quoted_stem(name)) and _is_collocation(bareword):
        return False
    return (marked or len(GENERIC.sub("", bareword[:-2])) >= 2) and _enough(bareword, kind, marked)


def _is_collocation(name: str) -> bool:
    return (REFUSED.search(name) is not None and not TITLED.fullmatch(name)) or BUILDING.search(name) is not None


def _has_quoted_stem(name: str) -> bool:
    """“千企改造”工程, “电能量+容量”价格机制: what is quoted makes a name of a collocation."""
    close = max(name.rfind(mark) for mark in CLOSING)
    return close >= 3 and close >= len(name) - 6


def _enough(name: str, kind: ProgrammeType, marked: bool) -> bool:
    if DESCRIBED.search(name):
        return False
    if name.endswith("集群"):  # “465”现代产业集群, not “机器人4S店”集群
        return DIGITAL.search(name) is not None
    if kind in {"mechanism", "framework"}:
        return marked or (kind == "framework" and DIGITAL.search(name) is not None)
    if kind == "campaign":
        return (marked and len(name) >= 5) or name.endswith(("年", "年活动", "季活动", "月活动"))
    return _document_enough(name, marked) if kind == "document" else len(name) >= (4 if marked else 6)


def _document_enough(name: str, marked: bool) -> bool:
    special = {"意见": OPINION, "措施": MEASURE, "规划": PLANNING, "条": ITEMS}
    pattern = next((pattern for word, pattern in special.items() if name.endswith(word)), None)
    if pattern:
        if name.endswith("条"):
            return marked and bool(pattern.search(name) or ITEMS_OF_PLACE.fullmatch(name))
        return pattern.search(name) is not None
    return len(name) >= 7


def _stands_alone(masked: str, start: int, end: int, kind: ProgrammeType) -> bool:
    """Without a verb before it: it begins with a quote or soon has one (环境“百亿百项”工程), or the text says what became of it."""
    if CALLED.match(masked, end) or (kind in {"document", "plan", "action"} and GOES_ON.match(masked, end)):
        return True
    if kind == "fund" and SIZED.match(masked, end):
        return True
    quote = next((i for i in range(start, min(start + QUOTE_REACH, end)) if masked[i] in OPENING), None)
    return quote is not None


def _is_heading(masked: str, start: int, end: int, kind: ProgrammeType) -> bool:
    """Whether the name fills a numbered line (01 …行动), or a fund does with its size."""
    if kind not in {"action", "plan", "project", "fund"}:
        return False
    line = masked.rfind("\n", max(0, start - 8), start) + 1
    ended = LINE_END.match(masked, end) or (kind == "fund" and SIZED.match(masked, end))
    return ended is not None and NUMBERING.fullmatch(masked, line, start) is not None
