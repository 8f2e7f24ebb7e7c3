"""Finds amounts in a folded text: number, unit and comparator, with their place. Says nothing of what they measure.

Numbers that count nothing are refused here: ordinals (第5个), classes (千亿级), names (“1030”, 5G, 3+N), ratios, durations
and the lengths of lists (五大要求, 三项任务).
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from string import ascii_letters
from typing import NamedTuple

from monitor.alternatives import gathered
from monitor.domain import Comparator
from monitor.extract.numerals import DIGITS, FIGURES, multiplied, read_numeral, scale_of
from monitor.extract.spans import Spans

# 千 before 瓦, 米, 克 is part of the unit, 百 before 分 part of 百分点.
SCALE = r"(?:[十万亿]|百(?!分)|千(?![瓦米克伏卡乏升]))"
ARABIC = rf"[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,6}}(?:\.[0-9]{{1,6}})?(?:{SCALE}{{1,3}})?|[0-9]{{1,15}}(?:\.[0-9]{{1,6}})?(?:{SCALE}{{1,3}}(?:[0-9]{{1,4}}[百千万]{{1,2}}){{0,2}})?"
HAN = rf"(?:[〇零一二两三四五六七八九]|{SCALE}){{1,16}}(?:点[零一二三四五六七八九]{{1,4}})?"
# Begins with one of RANGE.
SECOND = re.compile(rf"(?:[-—–~～]{{1,2}}|至|到)(?:百分之)?(?P<plain>{ARABIC}|{HAN})")
SPOKEN = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]{0,3})")

MONEY = ("亿元", "美元", "欧元", "港元", "日元", "英镑", "元人民币", "元")
# Units that count things, and all the others, which measure them or count people and times.
THINGS = tuple("家个名位户项座条处所套台件辆架艘颗场种类款支对组间栋幢枚块片口部列门宗笔例册篇")
UNITS = (
    *MONEY,
    *THINGS,
    *("平方公里", "平方千米", "平方米", "公顷", "亩", "公里", "千米", "延米", "立方米"),
    *("吨标准煤", "吨标准油", "吨标煤", "吨", "微克每立方米", "微克/立方米", "公斤", "千克", "斤"),
    *("千瓦时", "兆瓦时", "吉瓦时", "太瓦时", "千瓦", "兆瓦", "吉瓦", "千伏安"),
    *("GWh", "MWh", "kWh", "GW", "MW", "kW", "KW", "度电"),
    *("EFLOPS", "PFLOPS", "EFlops", "PFlops", "TEU", "标箱", "标准箱", "PB", "TB", "EB", "P"),
    *("个百分点", "百分点", "个基点", "基点", "%", "‰", "倍", "番"),
    *("人次", "架次", "班次", "场次", "车次", "件次", "台套", "台(套)", "套(台)", "台（套）", "套（台）"),
    *("个工作日", "工作日", "小时", "分钟", "毫秒", "居里"),
    *tuple("人张次只头班床岁年天株尾羽盏桩席根棵副盒"),
)
UNIT = f"(?:{gathered(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))})"
# 5000吨/年, 800万元/站, 2万套（间）: what it is reckoned by stays in the sentence; amounts are compared by their base unit.
PER = rf"(?:/(?:[十百千万亿]{{0,2}}{UNIT}|[年月日天站度升时季])|[（(][间台套个户处栋间家][）)])"
LONGEST_UNIT = max(map(len, UNITS))
# 一 and 三 stand in every line of prose: alone they are looked at only where a unit, a range or a scale may follow, and 一个, the
# commonest number of all, only where more than a unit does.
SINGLE = (
    rf"(?!一(?![成多余番])(?!.{{0,{LONGEST_UNIT}}}[至到—–~～-]))"
    r"[零一二两三四五六七八九十百千](?![〇零一二两三四五六七八九十百千万亿点])"
    rf"(?=[{''.join(sorted({unit[0] for unit in UNITS}))}成多余几至到—–~～-])"
)
HAN_LONGER = HAN.replace("{1,16}", "{2,16}") + "|[万亿]"
# What any number begins with is asked first, because the alternatives behind it are many.
NUMBER = re.compile(
    r"(?=[0-9〇零一二两三四五六七八九十百千万亿翻])"
    rf"(?:百分之(?P<percent>{ARABIC}|{HAN})|(?P<doubled>翻了?(?:番|倍))|(?P<plain>{ARABIC}|{SINGLE}|{HAN_LONGER}))"
)
# 01支持企业集聚, 2人才引进, 八部门: what stands behind a numbering, or a word that begins like a unit.
NO_UNIT = r"台[阶账风湾]|支[持撑付援]|人[才工民大形力文居机工]|场[景地馆所]|项目|条[件例]|家[电具庭居长纺政]|户[外籍型]|部[门署委队]|口[岸径]|头部|种[植子业质苗]|门[店户槛诊]|名[录单牌]|位[居列于]|件[均]|天[然府津]|班列|副[省市中主总县区院教]|组[织成建合]"
# Where a number may begin: re looks for one set of characters many times as fast as for what NUMBER asks.
BEGUN = re.compile(
    r"[0-9〇零一二两三四五六七八九十百千万亿翻](?:(?<=[0-9万亿])"
    rf"|(?=[〇零一二两三四五六七八九十百千万亿{''.join(sorted({unit[0] for unit in UNITS}))}成多余几至到—–~～点分了-]))"
)
BOUND = r"(?:及以上|以上|之上|左右|上下|前后|以下|以内|之内|以里|之下)"
TAIL = re.compile(
    rf"(?P<more>[多余])?(?P<scale>[万亿]{{1,2}})?(?:(?P<unit>(?!{NO_UNIT}){UNIT}){PER}?)?(?P<most>[多余])?(?P<bound>{BOUND})?"
)
TENTHS = re.compile(
    r"成(?:(?P<half>[一二三四五六七八九])(?![十百千万亿个家项人名年成]))?(?![功果立效为本品员长熟都绩交就型套份分因群片人年千百])(?P<most>[多余])?(?P<bound>"
    + BOUND
    + ")?"
)
CLOSING = re.compile(r"(?:的?(?P<ge>大关|台阶|关口|门槛)|(?P<le>为限|封顶|为上限|为顶))")
AFTER_BOUND: dict[str, Comparator] = {
    "以上": "ge", "及以上": "ge", "之上": "ge", "左右": "approx", "上下": "approx", "前后": "approx",
    "以下": "lt", "之下": "lt", "以内": "le", "之内": "le", "以里": "le",
}  # fmt: skip

# Words right before a number; the longer alternative comes first because 不超过 holds 超过.
GRANT = r"(?:不|可|能|会|再|给予|给|发放|补助|补贴|奖励|奖补|资助|支持|扶持|申请|申领|获得|获|享受|享|拿|得|出资|授信|返还|配套|贷|投|领取?|批|报销|减免?|为|达|到|至|的|超过|高出|一次性|人民币|额度|金额|[:：]){0,6}"
FILLER = r"(?:了|为|到|至|达|达到|在|的|人民币|[:：]){0,2}"
BEFORE = re.compile(
    rf"(?:(?P<ge>不(?:得|可|能|应)?(?:低|少|小|下)于|不下|至少|最少|最低|起码|保底|[≥⩾])"
    rf"|(?P<le>(?:最高|最多|上限)?不(?:得|可|能|应)?(?:超过|超|高于|多于|大于|突破|高出)|未超过|至多|[≤⩽]|(?:最高|最多|上限|封顶){GRANT})"
    rf"|(?P<lt>低于|少于|小于|不足|不到|未达到?|[<＜])"
    rf"|(?P<gt>超过|超出|超越|超|突破|冲破|跨越|跨过|迈过|越过|迈上|迈向|站上|登上|跃上|冲上|攀上|冲刺|高于|多于|大于|不止|逾|破|跨|[>＞])"
    rf"|(?P<approx>大约|大概|约|接近|将近|逼近|近|[≈]))(?P<said>{FILLER})$"
)
DOWN_TO = re.compile(rf"(?:(?:最低|最少|至少){GRANT})$")
# 第5个, A7, 1:0.5, 14:30; behind a word a colon only announces the number (单项冠军：150万元).
# 数百名, 几十块, 十几家: nobody can be held to such a number.
# 每千人口, 每5万元: what a rate is reckoned by.
NO_AMOUNT = re.compile(r"[第每A-Za-z+.\-/]\Z|[0-9][:：∶]\Z|[数几]\Z")
DOUBTFUL = frozenset("第每数几+.-/:：∶\\n" + ascii_letters)  # before it NO_AMOUNT is asked
VAGUE_AFTER = ("几", "余几", "多几")
RANGE = frozenset("-—–~～至到")
# What a list counts and nobody promises: 五大要求, 三项任务, 四个方面.
LISTED = re.compile(
    r"(?:重点|主要|核心|关键|具体|突出|大|应用|主攻|发展|工作|技术)?(?:方面|要求|任务|部分|关键词|环节|问题|方向|原则|阶段|维度|步骤|要素|抓手|角色|特点|特征|优势|转变|层面|领域"
    r"|作用|字|篇章|文章|故事|月|小时|世纪|季度|周年|年头|年度|学期|星期|回合|赛季|月份|小组|版本|话题|事|大类|国家(?:(?:和|及|、|或)地区|[（(]地区[）)]|(?=[，。、；]))|台阶|(?:设区市|县区|区县|市县|省份|地市)(?:都|均|各|全部)"
    r"|[百千万]?亿元?(?:台阶|大关|关口|门槛))"
)
LOOSE = frozenset(
    "个项大条张份次件本套类种点场批位名支部对句家座所处头片口间根棵"
)  # with 一 to 十 these enumerate more often than they promise
RATES = frozenset({"个百分点", "个基点"})  # begin like 个 and measure
LARGE = Decimal(10) ** 8
QUALIFIERS = re.compile("[不至最起保≥⩾上未≤⩽封低少小<＜超突冲跨迈越站登跃攀高多大逾破>＞约接将逼近≈]")
COMPARATORS: tuple[Comparator, ...] = ("ge", "le", "lt", "gt", "approx")
TURNED = re.compile(r"翻了?$")
# 按不超过投资额20%: the bound stands before what the rate is taken of.
OF_WHAT = re.compile(
    r"(?:不(?:超过|高于|超)|最高|最多)[\u4e00-\u9fff]{1,7}(?:额|费|金|价格?|息|投入|成本|收入|支出|投资|费用|租金|LPR)的?$"
)
STATED = re.compile(r"(?:达到?|突破|超过|增至|升至|增加到|不少于|不低于|提高到|[降压缩减]至|[降压缩减]到|控制在)$")
# 三类医疗器械, 二类口岸: which sort of thing it is.
SORT = re.compile(r"医疗器械|器械|新药|创新药|疫苗|(?:工业|居住|仓储|商业)?用地|口岸|水质|水体")
CLASSES_OF_LIST = re.compile(r"[0-9一二三四五六七八九十](?:大?类|章|个?方面|部分)$")
LABELLED = re.compile(r"[:：]")  # PUE：1.15以下
# 措施共18条, “人才新政”12条, 18条支持举措: the length of a document.
ARTICLES_BEHIND = re.compile(
    r"[\u4e00-\u9fff“”]{0,6}?(?:举措|措施|政策|意见|办法|规定|细则|新政|干货|硬招|实招|真招|建议)"
)
ARTICLES = re.compile(
    r"(?:(?:措施|政策|意见|方案|办法|规定|条例|细则|[0-9一二三四五六七八九十]个?(?:方面|部分|章|大类|板块))(?:一?共|合计|包括|包含|共计|提出|有|出台|推出)?了?|[”\"])$"
)
# 出台养老、托育等领域16项政策: as many as were written, whatever they hold.
ISSUED = re.compile(r"(?:出台|推出|制定|印发|发布|颁布)了?[^，。；：\n0-9]{0,28}$")
# 首个万亿元城市, 千亿级产业, 万吨级泊位, 5000亿元俱乐部: what such a sum stands before is of that class.
CLASS = re.compile(r"(?:量|能)?级(?!别)|俱乐部|行列|方阵|阵营")
CLASSES = frozenset("量能级俱行方阵")  # what CLASS begins with
CLASS_OF_ROUND = re.compile(r"城市|之城|[大强](?:[市县区镇]|企业)|产业(?![值规基投链])|集群(?!规模)|企业|园区|赛道")
ROUND = frozenset({"十", "百", "千", "万"})  # 百家, 千企, 万余名: a flourish unless somebody commits to it
COUNTED = re.compile(r"[0-9一二两三四五六七八九十]个$")
MEASURES = {
    "小时": re.compile(r"(?:时长|时数|时间|学时|工时|用时|续航)[^，。；,;]*$"),
    "分钟": re.compile(r"(?:时长|用时|时间|间隔|压缩|缩短)[^，。；,;]*$"),
    "毫秒": re.compile(r"时延|延迟|延时"),
    "年": re.compile(r"年限"),
    "天": re.compile(r"天数|(?:周期|工期|时限|用时|时间|时长)[^，。；,;]*$"),
    "岁": re.compile(r"寿命|年龄"),
    "工作日": re.compile(r"压缩|缩短|控制|压减|减至"),
}

SHORTENED = re.compile(r"(?:压缩|缩短|压减|减少?|压降)[至到]")  # 由20个工作日压缩到8个工作日


class Amount(NamedTuple):
    """A number with its unit at `text[start:end]`; `lead` is where the words that qualify it begin."""

    lead: int
    start: int
    end: int
    value: Decimal
    high: Decimal | None
    unit: str | None
    comparator: Comparator
    small: bool = False  # 三项, 两类, 百余家: counts only under a commitment


def is_money(unit: str | None) -> bool:
    return unit in MONEY


def find_amounts(text: str, blocked: Spans) -> Iterator[Amount]:
    """Yield the amounts of a text from left to right, none inside a blocked span."""
    position = 0
    while begun := BEGUN.search(text, position):
        found = NUMBER.match(text, begun.start())
        if found is None:
            position = begun.start() + 1
            continue
        position = found.end()
        if (after := blocked.end_after(found.start())) is not None:
            position = after
            continue
        amount = _read(text, found)
        if amount is not None:
            yield amount
            position = max(position, amount.end)


class _Number(NamedTuple):
    """A number as written from `start` on, its value or range, and the unit behind it."""

    start: int
    written: str
    value: Decimal
    high: Decimal | None = None
    unit: str | None = None


def _read(text: str, found: re.Match[str]) -> Amount | None:
    start, end = found.span()
    before = text[start - 1 : start]
    # 数百家 is vague, 企业总数120家 is not.
    vague = before in DOUBTFUL and not (before == "数" and text[start] in FIGURES)
    if vague and NO_AMOUNT.search(text, max(0, start - 2), start):
        return None
    if text.startswith(VAGUE_AFTER, end):
        return None
    percent, doubled, plain = found.groups()
    if plain and plain[0] == "0" and plain[1:2].isdigit():
        return None  # 01 支持企业集聚
    if doubled:
        return _qualified(text, Amount(start, start, end, Decimal(2), None, "倍", "eq"))
    written = percent or plain
    tenths = TENTHS.match(text, end) if plain and text.startswith("成", end) else None
    if not tenths:
        return _with_tail(text, start, end, written, "%" if percent else None)
    value = read_numeral(written)
    if value is None or not 0 < value <= 10:
        return None
    return _qualified(
        text,
        Amount(
            start,
            start,
            tenths.end(),
            value * 10 + (DIGITS[tenths["half"]] if tenths["half"] else 0),
            None,
            "%",
            _bound(tenths),
        ),
    )


def _with_tail(text: str, start: int, end: int, written: str, unit: str | None) -> Amount | None:
    """Read what stands behind the first number: a second one that makes a range, the unit, 多, 以上."""
    tail = _tail(text, end)
    _, scale, behind, *_ = tail.groups()
    if found := _range(text, start, tail, written, unit):
        number, tail = found
        return _checked(text, number, tail)
    if written == "一" and not scale and behind != "番":
        return None  # 一个, 一批: the commonest number of all is nothing anybody could be held to
    if not (behind or unit) and written[0] not in FIGURES and "亿" not in written + (scale or ""):
        return None  # 一千九百, 十分: characters count nothing without a unit, unless they are a great sum
    spoken = SPOKEN.fullmatch(written) if len(written) > 1 and (behind or scale) else None
    if spoken and DIGITS[spoken[1]] < DIGITS[spoken[2]]:
        value, high = (_scaled(spoken[place] + spoken[3], tail) for place in (1, 2))
    else:
        value, high = _scaled(written, tail), None
    return None if value is None else _checked(text, _Number(start, written, value, high, unit or behind), tail)


def _range(
    text: str, start: int, tail: re.Match[str], written: str, unit: str | None
) -> tuple[_Number, re.Match[str]] | None:
    """3-5家, 10万至12万元: the number with its upper end, and what stands behind that."""
    behind = tail.end("unit") if tail["unit"] else max(tail.start(), tail.end("scale"))
    second = SECOND.match(text, behind) if text[behind : behind + 1] in RANGE else None
    low = _scaled(written, tail) if second else None
    if not second or low is None:
        return None
    last = _tail(text, second.end())
    high = _scaled(second["plain"], last)
    if not scale_of(written) and not tail["unit"] and not tail["scale"] and written[0] in FIGURES:
        low = multiplied(low, scale_of(second["plain"]) + (last["scale"] or ""))
    if high is None or low >= high or not (last["unit"] or unit) or tail["unit"] not in (None, last["unit"]):
        return None
    return _Number(start, second["plain"], low, high, unit or last["unit"]), last


def _tail(text: str, end: int) -> re.Match[str]:
    found = TAIL.match(text, end)
    assert found is not None  # noqa: S101  # every part of it may be empty
    return found


def _scaled(written: str, tail: re.Match[str]) -> Decimal | None:
    value = read_numeral(written)
    return None if value is None else multiplied(value, tail["scale"] or "")


def _checked(text: str, number: _Number, tail: re.Match[str]) -> Amount | None:
    """The amount, or None for what is none: a class, a list's length, a duration, a bare number."""
    start, end, unit, value, high = number.start, tail.end(), number.unit, number.value, number.high
    if unit == "番":
        doubled = TURNED.search(text, max(0, start - 2), start)
        if doubled is None or not 0 < value < 10:
            return None
        start = doubled.start()
        return _qualified(text, Amount(start, start, end, Decimal(2) ** int(value), None, "倍", "eq"))
    if _is_class(text, number, end):
        return None
    if unit is None:
        return _bare(text, number, tail)
    if _counts_nothing(text, number, unit, end):
        return None
    if unit == "亿元":
        value, high, unit = value * LARGE, high and high * LARGE, "元"
    amount = _qualified(text, Amount(start, start, end, value, high, unit, _bound(tail)))
    few = number.written[0] not in FIGURES and value <= 10 and unit[0] in LOOSE and high is None and unit not in RATES
    round_one = number.written in ROUND and unit[0] in THINGS and amount.lead == start and not tail["bound"]
    return amount._replace(small=True) if round_one or (few and amount.comparator == "eq") else amount


def _is_class(text: str, number: _Number, end: int) -> bool:
    """万吨级, 千亿元产业, 连跨两个千亿台阶: a size that says what kind of thing it is."""
    if text[end : end + 1] in CLASSES and CLASS.match(text, end):
        return True
    if number.written.strip("十百千万亿"):
        return False
    if (number.unit is None or is_money(number.unit)) and CLASS_OF_ROUND.match(text, end):
        return True
    counted = COUNTED.search(text, max(0, number.start - 2), number.start)
    return counted is not None and CLOSING.match(text, end) is not None


def _counts_nothing(text: str, number: _Number, unit: str, end: int) -> bool:
    """零部件, 一批, 三个方面, 三年, 5P的: numbers that measure nothing anybody could be held to."""
    if number.written[0] in "零〇" or (number.value == 1 and number.written[0] == "一"):
        return True
    # 万人发明专利拥有量, 万元产值能耗: a measure of its own, unless something is over 万人.
    if number.written == "万" and unit in {"人", "元"} and _led(text, number.start, "eq")[1] == "eq":
        return True
    if unit in {"个", "项", "大", "类", "种", "条", "件"} and LISTED.match(text, end):
        return True
    if _is_sorted(text, number, unit, end):
        return True
    if unit in {"公里", "千米", "米"} and text.startswith(("半径", "范围", "以外", "外"), end):
        return True
    if unit.removeprefix("个") in MEASURES and not _measured_in(text, number.start, end, unit):
        return True
    following = text[end : end + 1]
    return following.isascii() and following.isalpha() and unit in {"P", "%"}


def _bare(text: str, number: _Number, tail: re.Match[str]) -> Amount | None:
    """A number without a unit counts when it is a sum of money by size (5万亿) or stands as a value (达到1300)."""
    start, end, following = number.start, tail.end(), text[tail.end() : tail.end() + 2]
    amount = Amount(start, start, end, number.value, number.high, None, _bound(tail))
    ends = not following or following[0] in '，,。；;、！!）)”"\n' or bool(tail["bound"])
    if number.value >= LARGE and ("亿" in number.written or "亿" in (tail["scale"] or "")):
        if not ends and following not in {"大关", "台阶", "规模", "关口", "门槛", "体量"}:
            return None
        sum_of_money = _qualified(text, amount)
        # 关键词一：千亿 is a catchword, 规模突破千亿 is not.
        catchword = number.written[0] not in FIGURES and sum_of_money.lead == start and sum_of_money.end == end
        return None if catchword and sum_of_money.comparator == "eq" and not _is_stated(text, start) else sum_of_money
    if not ends or number.written[0] not in FIGURES or (number.value < 10 and "." not in number.written):
        return None
    stated = _is_stated(text, start) or (tail["bound"] and LABELLED.search(text, max(0, start - 1), start))
    return _qualified(text, amount) if stated else None


def _is_sorted(text: str, number: _Number, unit: str, end: int) -> bool:
    """三类医疗器械 is a sort of thing, 10类42项 and 措施共18条 and 出台16项政策 are the lengths of lists."""
    if unit == "类":
        return SORT.match(text, end) is not None or text[end : end + 1] in FIGURES
    if unit not in {"项", "条"}:
        return False
    listed = CLASSES_OF_LIST.search(text, max(0, number.start - 4), number.start)
    if listed or (unit == "条" and ARTICLES.search(text, max(0, number.start - 8), number.start)):
        return True
    said = unit == "条" or ISSUED.search(text, max(0, number.start - 30), number.start)
    return bool(said and ARTICLES_BEHIND.match(text, end))


def _is_stated(text: str, start: int) -> bool:
    return STATED.search(text, max(0, start - 4), start) is not None


def _measured_in(text: str, start: int, end: int, unit: str) -> bool:
    """Durations count only where a duration is what is measured: 平均受教育年限, 优良天数, 预期寿命, 审批压缩至3个工作日."""
    return bool(SHORTENED.match(text, end) or MEASURES[unit.removeprefix("个")].search(text, max(0, start - 16), start))


def _bound(tail: re.Match[str]) -> Comparator:
    if tail["bound"]:
        return AFTER_BOUND[tail["bound"]]
    more = tail["most"] or ("more" in tail.re.groupindex and tail["more"])
    return "gt" if more else "eq"


def _qualified(text: str, amount: Amount) -> Amount:
    """The amount with the comparator that the words around it give, and the place where those before it begin."""
    lead, comparator = _led(text, amount.start, amount.comparator)
    if closing := CLOSING.match(text, amount.end):
        comparator = "ge" if closing["ge"] else "le"
    same = lead == amount.lead and comparator == amount.comparator
    return amount if same else amount._replace(lead=lead, comparator=comparator)


def _led(text: str, start: int, comparator: Comparator) -> tuple[int, Comparator]:
    window = max(0, start - 14)
    if not QUALIFIERS.search(text, window, start):
        return start, comparator
    if found := DOWN_TO.search(text, window, start):
        return found.start(), "ge"
    found = BEFORE.search(text, window, start)
    if not found:
        return start, "le" if comparator == "eq" and OF_WHAT.search(text, window, start) else comparator
    said: Comparator = next((name for name in COMPARATORS if found[name]), "eq")
    # 控制在0.5%以内 keeps its own bound; 近100家以上 is as printed.
    return found.start(), comparator if comparator in {"le", "lt"} and said in {"gt", "ge"} else said
