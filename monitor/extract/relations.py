"""How the amounts of one line belong together: a threshold inside a metric, the start of a rise, the values of 分别."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.extract import metrics
from monitor.extract.assertion import CLAUSE
from monitor.extract.quantities import THINGS, Amount, is_money

FROM = re.compile(r"[由从](?:[^，。；、,;]{0,10})$")
ROSE = re.compile(r"[^，。；、,;]{0,8}(?:[到至为]|提高|增加|提升|扩大|调高|下降|降低)[^，。；、,;]{0,4}$")
# 年营收10亿元以上的企业, 总投资50亿元的社区: the sum describes the noun behind it and is no fact of its own.
CLASSED = re.compile(
    r"(?:级|规模)?的?(?!打造|建设(?!项目|工程)|建成|新建|实施|推进|开展|资助|支持|用于|补助|奖励|扶持|给|帮助|贷款|基金|资金)[^，。；、,;：:0-9\n]{0,9}?(?:企业|项目|单位|园区|集群|投资额(?=同比|增|下|占)|产业(?![值规基投链])|平台|产品|个人|机构|主体|社区|基地|大块头|龙头|市场|街区|部分|县|镇|村)(?!(?:启动|研发|建设)?(?:资助|补助|补贴|奖励|支持|经费|资金|扶持|贷款))"
)
# 实缴资本每满1亿元奖励500万元: the measure by which is paid.
FOR_EACH = re.compile(
    r"每(?:满|增|增加|新增|超|超过|达到?|投入|完成|实现|培育|引进|招引|孵化|认定|获得|建成|新建|吸纳|推荐|成功[^，。；0-9]{1,4})$"
)
# 能耗下降5%以上的，奖励15万元: what has to be reached to be paid.
CONDITION = re.compile(
    r"的(?:[，,][^。；，\n]{0,24}?|(?:再|另|额外|还可|一次性){1,2})(?:奖|补|给予|予以|资助|贴息|全免|减免|免租|返还|配套)(?!资金|对象|项目)|的(?:给予|予以)"
)
# 年薪50万元以上的高层次人才，按年薪的20%给予补助; 1000平方米以内部分全额补贴租金: whom or what help is for.
BOUNDED_CONDITION = re.compile(
    r"(?:的[^，。；\n]{2,30}[，,](?!其中)[^，。；\n]{0,24}?|的?部分[，,]?[^，。；\n]{0,10}?)(?:奖|补|给予|予以|资助|贴息|全免|减免|返还|配套)(?!资金|对象|项目)"
)
# 设备投入不低于1000万元，按投入的12%给予补助
PAID_BY = re.compile(r"[，,](?:可?按|可?给予|一次性)[^，。；\n]{0,24}?(?:补助|补贴|奖|资助|贴息)")
FUNDING = re.compile(r"的[^，。；\n]{0,16}(?:资金|基金|预算)")
# 设立总规模30亿元的产业发展基金: the size of a fund describes it and is promised all the same.
FUND_SET_UP = re.compile(
    r"(?:(?:设立|组建|成立|发起|安排|统筹|列支|划拨|[拿拨]出|新设|筹建|筹设|建立|打造|形成|构建|募集|做大|设|管理|出资)[^，。；、0-9]{0,12}|(?:首期|总|目标|认缴|基金)?(?:规模|总额)[^，。；、0-9]{0,3})$"
)
# 新建算力项目（总投资不低于5000万元）: which of them are meant.
MEANT = re.compile(
    r"[（(](?:计划|项目|年)?(?:总|固定资产|设备|实际)?(?:投资|规模|面积|营业收入|营收|销售|产值|注册资本|纳税|税收)[^，。；（）()0-9]{0,6}$"
)
# 对固定资产投资500万元以上的技改项目，…: whom help is for.
ADDRESSED = re.compile(r"(?:\A|[，。；、：\n）)])对(?![比外])[^，。；\n]{2,30}$")
ADDRESSEE = re.compile(r"[^，。；\n0-9]{0,20}(?:企业|项目|单位|机构|平台|人才|团队|个人|产品|园区)[，,](?!其中)")
EACH = re.compile(r"(?:分别|依次|各)[^，。；：\n]{0,10}$|(?:分别|依次)[^，。；、：\n]{0,24}$")
BESIDE = re.compile(r"[、且][^，。；、\n0-9]{2,10}")
ACTING = re.compile(
    r"打造|建设(?!项目|工程)|建成|培育|支持|用于|实施|推进|推动|改造|新建|设立"
)  # 投入300亿元打造50个研发机构
LINK = re.compile(r"[、和及与,，]|以及")
OR_LINK = re.compile(rf"{LINK.pattern}|或者?")  # 20亿元或3亿美元以上的项目
# 建设100万平方米的产业园: here the size is what is promised.
AREAS = frozenset({"平方米", "平方公里", "亩", "公顷", "公里"})
BUILT = re.compile(r"(?:建设|新建|建成|打造|开工|竣工|投用|改造|盘活|腾退|整治|供应)(?:了)?$")
RATES = frozenset({"%", "个百分点", "百分点", "倍", "‰"})


@dataclass(slots=True)
class Links:
    """Indices into the amounts of a line. `ends` says where the metric of the second half of 由A增至B ends."""

    silent: set[int] = field(default_factory=set)
    ends: dict[int, int] = field(default_factory=dict)
    groups: dict[int, tuple[int, ...]] = field(default_factory=dict)


def read_links(text: str, amounts: Sequence[Amount]) -> Links:
    links = Links()
    for index, amount in enumerate(amounts):
        following = amounts[index + 1] if index + 1 < len(amounts) else None
        near = following is not None and CLAUSE.search(text, amount.end, following.start) is None
        if near and following is not None and (origin := _origin(text, amount, following)) is not None:
            links.silent.add(index)
            links.ends[index + 1] = origin
        elif _is_threshold(text, amount, following if near else None, amounts[index - 1] if index else None):
            links.silent.add(index)
    _spread(text, amounts, links)
    _group(text, amounts, links)
    return links


def _spread(text: str, amounts: Sequence[Amount], links: Links) -> None:
    """突破10亿元、50亿元的企业, 产量首次突破10万辆、30万辆的: with the last of a list the others are thresholds, too."""
    for index in range(len(amounts) - 2, -1, -1):
        amount, following = amounts[index], amounts[index + 1]
        alike = amount.unit == following.unit or (is_money(amount.unit) and is_money(following.unit))
        listed = alike and OR_LINK.fullmatch(text, amount.end, following.lead)
        # 研发费用300万元以上、增速超过10%的企业: one condition beside another.
        beside = amount.comparator in ("gt", "ge") and BESIDE.fullmatch(text, amount.end, following.lead)
        if index + 1 in links.silent and index + 1 not in links.ends and (listed or beside):
            links.silent.add(index)


def _origin(text: str, amount: Amount, following: Amount) -> int | None:
    """Where 由 stands, when the amount is what something rose or fell from."""
    found = FROM.search(text, max(0, amount.lead - 11), amount.lead)
    if not found or following.start - amount.end > 14:
        return None
    return found.start() if ROSE.match(text[amount.end : following.start]) else None


def _is_threshold(text: str, amount: Amount, following: Amount | None, previous: Amount | None) -> bool:
    each = following is not None and FOR_EACH.search(text, max(0, amount.lead - 8), amount.lead)
    if each or CONDITION.match(text, amount.end) or _is_bounded_condition(text, amount):
        return True
    bounded = amount.comparator in ("gt", "ge") or text.startswith("的", amount.end)
    if following is not None and not _counts(amount) and _counts(following):
        between = text[amount.end : following.start]
        if (
            (is_money(amount.unit) or bounded)
            and (2 <= len(between) <= 22 or between == "的" or (bounded and not between))
            and "、" not in between
            and ACTING.match(between) is None
            and amount.unit not in RATES
        ):
            return True
    if is_money(amount.unit) or (amount.unit in RATES and bounded) or (bounded and not _counts(amount)):
        if amount.unit == "%" and metrics.SHARE.match(text, amount.end):
            return False
        if metrics.FUND.match(text, amount.end) and FUND_SET_UP.search(text, max(0, amount.lead - 16), amount.lead):
            return False
        if amount.unit in AREAS and BUILT.search(text, max(0, amount.lead - 4), amount.lead):
            return False
        return CLASSED.match(text, amount.end) is not None
    if previous is None or not bounded or not is_money(amount.unit):
        return False
    return (
        _counts(previous)
        and CLAUSE.search(text, previous.end, amount.start) is None
        and text[amount.end : amount.end + 1].isalpha()
    )


def _is_bounded_condition(text: str, amount: Amount) -> bool:
    if amount.comparator not in ("eq", "approx") and MEANT.search(text, max(0, amount.lead - 16), amount.lead):
        return True
    if amount.comparator not in ("gt", "ge", "lt") and not text.startswith("部分", amount.end):
        return False
    if ADDRESSED.search(text, max(0, amount.lead - 32), amount.lead) and ADDRESSEE.match(text, amount.end):
        return True
    if PAID_BY.match(text, amount.end):
        return True
    return BOUNDED_CONDITION.match(text, amount.end) is not None and not FUNDING.match(text, amount.end)


def _counts(amount: Amount) -> bool:
    """Whether the unit counts things (家, 个, 项) rather than measures them (元, %, 平方米)."""
    return amount.unit is not None and not is_money(amount.unit) and amount.unit in THINGS


def _group(text: str, amounts: Sequence[Amount], links: Links) -> None:
    """Runs of amounts that only 、or 和 keeps apart, told to belong to one list of names each."""
    index = 0
    while index < len(amounts):
        run = [index]
        while run[-1] + 1 < len(amounts) and LINK.fullmatch(text, amounts[run[-1]].end, amounts[run[-1] + 1].lead):
            run.append(run[-1] + 1)
        # 分别达到6万元、3万元，同期增长4.6%和6.1%: as many again belong to the same names.
        again = len(run) == len(links.groups.get(index - len(run), ()))
        if len(run) > 1 and (again or EACH.search(text, max(0, amounts[index].lead - 28), amounts[index].start)):
            links.groups[index] = tuple(run)
        index = run[-1] + 1
