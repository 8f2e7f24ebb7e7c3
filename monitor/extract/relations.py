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
    r"(?:级|规模)?的?(?!资助|支持|用于|补助|奖励|扶持|给|帮助|贷款|基金|资金)[^，。；、,;：:0-9\n]{0,9}?(?:企业|项目|单位|园区|集群|产业(?![值规基投链])|平台|产品|个人|机构|主体|社区|基地|大块头|龙头|市场|街区|部分|县|镇|村)(?!(?:启动|研发|建设)?(?:资助|补助|补贴|奖励|支持|经费|资金|扶持|贷款))"
)
# 实缴资本每满1亿元奖励500万元: the measure by which is paid.
FOR_EACH = re.compile(
    r"每(?:满|增|增加|新增|超|超过|达到?|投入|完成|实现|培育|引进|招引|孵化|认定|获得|建成|新建|吸纳|推荐|成功[^，。；0-9]{1,4})$"
)
# 能耗下降5%以上的，奖励15万元: what has to be reached to be paid.
CONDITION = re.compile(
    r"的(?:[，,][^。；，\n]{0,24}?|(?:再|另|额外|还可|一次性){1,2})(?:奖|补|给予|予以|资助|贴息)(?!资金|对象|项目)|的(?:给予|予以)"
)
# 设立总规模30亿元的产业发展基金: the size of a fund describes it and is promised all the same.
FUND_SET_UP = re.compile(
    r"(?:(?:设立|组建|成立|发起|安排|统筹|列支|划拨|[拿拨]出|新设|筹建|筹设|建立|打造|形成|构建|募集|做大|设|管理|出资)[^，。；、0-9]{0,12}|(?:首期|总|目标|认缴|基金)?(?:规模|总额)[^，。；、0-9]{0,3})$"
)
EACH = re.compile(r"分别|依次|各")
LINK = re.compile(r"[、和及与,，]|以及")
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
        listed = alike and LINK.fullmatch(text, amount.end, following.lead)
        if index + 1 in links.silent and listed:
            links.silent.add(index)


def _origin(text: str, amount: Amount, following: Amount) -> int | None:
    """Where 由 stands, when the amount is what something rose or fell from."""
    found = FROM.search(text, max(0, amount.lead - 11), amount.lead)
    if not found or following.start - amount.end > 14:
        return None
    return found.start() if ROSE.match(text[amount.end : following.start]) else None


def _is_threshold(text: str, amount: Amount, following: Amount | None, previous: Amount | None) -> bool:
    each = following is not None and FOR_EACH.search(text, max(0, amount.lead - 8), amount.lead)
    if each or CONDITION.match(text, amount.end):
        return True
    bounded = amount.comparator in ("gt", "ge") or text.startswith("的", amount.end)
    if following is not None and not _counts(amount) and _counts(following):
        between = text[amount.end : following.start]
        if (
            (is_money(amount.unit) or bounded)
            and (2 <= len(between) <= 22 or between == "的" or (bounded and not between))
            and "、" not in between
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
        if len(run) > 1 and EACH.search(text, max(0, amounts[index].lead - 10), amounts[index].start):
            links.groups[index] = tuple(run)
        index = run[-1] + 1
