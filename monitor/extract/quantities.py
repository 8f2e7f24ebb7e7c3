"""Finds amounts in a folded text: number, unit and comparator, with their place. Says nothing of what they measure.

Numbers that count nothing are refused here: ordinals (第5个), classes (千亿级), names (“1030”, 5G, 3+N), ratios, durations
and the lengths of lists (五大要求, 三项任务).
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from monitor.domain import Comparator
from monitor.extract.numerals import DIGITS, FIGURES, multiplied, read_numeral, scale_of
from monitor.extract.spans import Spans

# 千 before 瓦, 米, 克 is part of the unit, 百 before 分 part of 百分点.
SCALE = r"(?:[十万亿]|百(?!分)|千(?![瓦米克伏卡乏升]))"
ARABIC = rf"[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,6}}(?:\.[0-9]{{1,6}})?(?:{SCALE}{{1,3}})?|[0-9]{{1,15}}(?:\.[0-9]{{1,6}})?(?:{SCALE}{{1,3}}(?:[0-9]{{1,4}}[百千万]{{1,2}}){{0,2}})?"
HAN = rf"(?:[〇零一二两三四五六七八九]|{SCALE}){{1,16}}(?:点[零一二三四五六七八九]{{1,4}})?"
SECOND = re.compile(rf"(?:[-—–~～]{{1,2}}|至|到)(?:百分之)?(?P<plain>{ARABIC}|{HAN})")
SPOKEN = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]{0,3})")

MONEY = ("亿元", "美元", "欧元", "港元", "日元", "英镑", "元人民币", "元")
# Units that count things, and all the others, which measure them or count people and times.
THINGS = tuple("家个名位户项座条处所套台件辆架艘颗场种类款支对组间栋幢枚块片口部列门宗笔例册篇")
UNITS = (
    *MONEY,
    *THINGS,
    *("平方公里", "平方千米", "平方米", "公顷", "亩", "公里", "千米", "延米", "立方米"),
    *("吨标准煤", "吨", "微克每立方米", "微克/立方米", "公斤", "千克", "斤"),
    *("千瓦时", "兆瓦时", "千瓦", "兆瓦", "吉瓦", "千伏安", "GWh", "MWh", "kWh", "GW", "MW", "kW", "KW", "度电"),
    *("EFLOPS", "PFLOPS", "EFlops", "PFlops", "TEU", "标箱", "标准箱", "PB", "TB", "EB", "P"),
    *("个百分点", "百分点", "%", "‰", "倍", "番"),
    *("人次", "架次", "班次", "场次", "车次", "件次", "台套", "台(套)", "套(台)", "工作日", "个工作日"),
    *tuple("人张次只头班床岁年天株尾羽盏桩"),
)
UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
# 一 and 三 stand in every line of prose: alone they are looked at only where a unit, a range or a scale may follow.
SINGLE = rf"[零一二两三四五六七八九十百千](?![〇零一二两三四五六七八九十百千万亿点])(?=[{''.join(sorted({unit[0] for unit in UNITS}))}成多余几至到—–~～-])"
HAN_LONGER = HAN.replace("{1,16}", "{2,16}") + "|[万亿]"
NUMBER = re.compile(
    rf"百分之(?P<percent>{ARABIC}|{HAN})|(?P<doubled>翻了?(?:番|倍))|(?P<plain>{ARABIC}|{SINGLE}|{HAN_LONGER})"
)
BOUND = r"(?:及以上|以上|之上|左右|上下|前后|以下|以内|之内|以里|之下)"
TAIL = re.compile(
    rf"(?P<more>[多余])?(?P<scale>[万亿]{{1,2}})?(?P<unit>(?!台阶){UNIT})?(?P<most>[多余])?(?P<bound>{BOUND})?"
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
GRANT = r"(?:不|可|能|会|再|给予|给|发放|补助|补贴|奖励|奖补|资助|支持|扶持|申请|申领|获得|获|享受|享|拿|得|贷|为|达|到|至|的|超过|高出|一次性|人民币|额度|金额|[:：]){0,6}"
FILLER = r"(?:了|为|到|至|达|达到|在|的|人民币|[:：]){0,2}"
BEFORE = re.compile(
    rf"(?:(?P<ge>不(?:得|可|能|应)?(?:低|少|小|下)于|不下|至少|最少|最低|起码|保底|[≥⩾])"
    rf"|(?P<le>不(?:得|可|能|应)?(?:超过|超|高于|多于|大于|突破|高出)|未超过|至多|[≤⩽]|(?:最高|最多|上限|封顶){GRANT})"
    rf"|(?P<lt>低于|少于|小于|不足|不到|未达到?|[<＜])"
    rf"|(?P<gt>超过|超出|超越|超|突破|冲破|跨越|跨过|迈过|越过|迈上|迈向|站上|登上|跃上|冲上|攀上|冲刺|高于|多于|大于|不止|逾|破|跨|[>＞])"
    rf"|(?P<approx>大约|大概|约|接近|将近|逼近|近|[≈]))(?P<said>{FILLER})$"
)
DOWN_TO = re.compile(rf"(?:(?:最低|最少|至少){GRANT})$")
# 第5个, A7, 1:0.5, 14:30; behind a word a colon only announces the number (单项冠军：150万元).
ORDINAL = re.compile(r"第$|[A-Za-z+.\-/]$|[0-9][:：∶]$")
# 数百名, 几十块, 十几家: nobody can be held to such a number.
VAGUE_BEFORE, VAGUE_AFTER = re.compile(r"[数几]$"), re.compile(r"[几余多]?[几]")
# What a list counts and nobody promises: 五大要求, 三项任务, 四个方面.
LISTED = re.compile(
    r"(?:重点|主要|核心|关键|具体|突出|大)?(?:方面|要求|任务|部分|关键词|环节|问题|方向|原则|阶段|维度|步骤|要素|抓手|角色|特点|特征|优势|转变|层面|领域"
    r"|作用|字|篇章|文章|故事|月|小时|世纪|季度|周年|年头|年度|学期|星期|回合|赛季|月份|小组|版本|话题|事|大类|台阶|(?:设区市|县区|区县|市县|省份|地市)(?:都|均|各|全部))"
)
LOOSE = frozenset(
    "个项大条张份次件本套类种点场批位名支部对句家座所处头片口间"
)  # with 一 to 十 these enumerate more often than they promise
LARGE = Decimal(10) ** 8
COMPARATORS: tuple[Comparator, ...] = ("ge", "le", "lt", "gt", "approx")
TURNED = re.compile(r"翻了?$")
# 按不超过投资额20%: the bound stands before what the rate is taken of.
OF_WHAT = re.compile(r"(?:不(?:超过|高于|超)|最高|最多)[\u4e00-\u9fff]{1,7}(?:额|费|金|价|息|投入|成本|收入)的?$")
STATED = re.compile(r"(?:达到?|突破|超过|增至|升至|增加到|不少于|不低于|提高到)$")
# 措施共18条: the length of a document.
ARTICLES = re.compile(
    r"(?:措施|政策|意见|方案|办法|规定|条例|细则|[0-9一二三四五六七八九十]个?(?:方面|部分|章|大类|板块))(?:一?共|合计|包括|包含|共计|提出|有|出台|推出)?了?$"
)
MEASURES = {
    "年": re.compile(r"年限"),
    "天": re.compile(r"天数"),
    "岁": re.compile(r"寿命|年龄"),
    "工作日": re.compile(r"压缩|缩短|控制|压减|减至"),
}


class Amount(NamedTuple):
    """A number with its unit at `text[start:end]`; `lead` is where the words that qualify it begin."""

    lead: int
    start: int
    end: int
    value: Decimal
    high: Decimal | None
    unit: str | None
    comparator: Comparator
    small: bool = False  # 一个, 三项, 两类: a Chinese digit with a loose unit, which counts only under a commitment


def is_money(unit: str | None) -> bool:
    return unit in MONEY


def find_amounts(text: str, blocked: Spans) -> Iterator[Amount]:
    """Yield the amounts of a text from left to right, none inside a blocked span."""
    position = 0
    while found := NUMBER.search(text, position):
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
    start = found.start()
    if start and (ORDINAL.search(text, max(0, start - 2), start) or VAGUE_BEFORE.search(text, start - 1, start)):
        return None
    if VAGUE_AFTER.match(text, found.end()):
        return None
    if found["doubled"]:
        return _qualified(text, Amount(start, start, found.end(), Decimal(2), None, "倍", "eq"))
    written = found["percent"] or found["plain"]
    tenths = None if found["percent"] else TENTHS.match(text, found.end())
    if not tenths:
        return _with_tail(text, start, found.end(), written, "%" if found["percent"] else None)
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
    if found := _range(text, start, tail, written, unit):
        number, tail = found
        return _checked(text, number, tail)
    spoken = SPOKEN.fullmatch(written) if tail["unit"] or tail["scale"] else None
    if spoken and DIGITS[spoken[1]] < DIGITS[spoken[2]]:
        value, high = (_scaled(spoken[place] + spoken[3], tail) for place in (1, 2))
    else:
        value, high = _scaled(written, tail), None
    return None if value is None else _checked(text, _Number(start, written, value, high, unit or tail["unit"]), tail)


def _range(
    text: str, start: int, tail: re.Match[str], written: str, unit: str | None
) -> tuple[_Number, re.Match[str]] | None:
    """3-5家, 10万至12万元: the number with its upper end, and what stands behind that."""
    second = SECOND.match(text, tail.end("unit") if tail["unit"] else max(tail.start(), tail.end("scale")))
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
    if unit is None:
        return _bare(text, number, tail)
    if _counts_nothing(text, number, unit, end):
        return None
    if unit == "亿元":
        value, high, unit = value * LARGE, high and high * LARGE, "元"
    small = number.written[0] not in FIGURES and value <= 10 and unit[0] in LOOSE and high is None
    return _qualified(text, Amount(start, start, end, value, high, unit, _bound(tail), small))


def _counts_nothing(text: str, number: _Number, unit: str, end: int) -> bool:
    """零部件, 一批, 三个方面, 三年, 5P的: numbers that measure nothing anybody could be held to."""
    if number.written[0] in "零〇" or (number.value == 1 and number.written[0] == "一"):
        return True
    # 万人发明专利拥有量, 万元产值能耗: a measure of its own, unless something is over 万人.
    if number.written == "万" and unit in {"人", "元"} and _led(text, number.start, "eq")[1] == "eq":
        return True
    if unit in {"个", "项", "大", "类", "种", "条", "件"} and LISTED.match(text, end):
        return True
    if unit == "条" and ARTICLES.search(text, max(0, number.start - 8), number.start):
        return True
    if unit in {"公里", "千米", "米"} and text.startswith(("半径", "范围", "以外", "外"), end):
        return True
    if unit in {"年", "天", "岁", "工作日", "个工作日"} and not _measured_in(text, number.start, unit):
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
        return _qualified(text, amount)
    if not ends or number.written[0] not in FIGURES or number.value < 10:
        return None
    return _qualified(text, amount) if STATED.search(text, max(0, start - 4), start) else None


def _measured_in(text: str, start: int, unit: str) -> bool:
    """Durations count only where a duration is what is measured: 平均受教育年限, 优良天数, 预期寿命, 审批压缩至3个工作日."""
    return bool(MEASURES[unit.removeprefix("个")].search(text, max(0, start - 16), start))


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
    return amount._replace(lead=lead, comparator=comparator)


def _led(text: str, start: int, comparator: Comparator) -> tuple[int, Comparator]:
    window = max(0, start - 14)
    if found := DOWN_TO.search(text, window, start):
        return found.start(), "ge"
    found = BEFORE.search(text, window, start)
    if not found:
        return start, "le" if comparator == "eq" and OF_WHAT.search(text, window, start) else comparator
    said: Comparator = next((name for name in COMPARATORS if found[name]), "eq")
    # 控制在0.5%以内 keeps its own bound; 近100家以上 is as printed.
    return found.start(), comparator if comparator in {"le", "lt"} and said in {"gt", "ge"} else said
