"""Tells a metric that can be measured from words that a number only happens to stand behind, and facts of a place from what
a single firm, an interviewee or the answers to a survey say.

A share needs a noun of shares or a word of change (覆盖率, 占比, 增长): a product (毛衣 30 %), an organisation or an adverb alone
(仅占) names nothing that anybody could look up again.
"""

import re

from monitor.extract.quantities import Amount

REACH = 120  # characters before a number in which its speaker is looked for
SHARES = frozenset({"%", "个百分点", "百分点", "‰"})
OF_SHARES = re.compile(
    r"[率比重额值量度数幅价例占强效积税减降增升涨跌面]|提高|缩短|扩大|收窄|覆盖|转化|利用|满意|改造|投资|投入|投用|贷款|利息|租金|补|奖|助|贴|资|成本|费"
    r"|损|回收|任务|参与|实现|完成|通过|直供|贡献|服从|达标|上云|数字化|国产化|自给|落地|支持|规模|就业|收入|出资|利润|营收|股|消费|发电|[进出]口|相当于|[高低快慢多少]于|领先|平均水平"
)
# Adverbs, verbs and ends of a sentence that are left where no noun stood.
NO_NOUN = re.compile(
    r"(?:仅|只|约|就|才|均|都|还|也|各|共)*(?:占|有|为|是|达)?(?:了)?|[^，。]{0,3}(?:略有|严重|小幅|大幅|明显|持续)(?:下滑|下降|上涨|上升|增长|波动)(?:[仅只]?占|的)?"
    r"|[\u4e00-\u9fff]{0,3}月[初末底](?:能|可|会|要)?[\u4e00-\u9fff]{0,2}|[0-9一二三四五六七八九十两]{1,3}年(?:内|间|左右)?|(?:全|两|三|近)[年月]"
)
BROKEN = re.compile(
    r"^(?:/|的|了|浮点)|(?:地级及|一般|大约|可能|基本|对剩余|对其余|数百人[^，。]*|什么|怎么|这么|那么|的?(?:调查|调研|问卷|抽样)(?:显示|发现|表明|中)?)$"
)
# “略有下滑（10%以内）”占34.3%, 对587家企业的问卷显示: what was answered.
ANSWERED = re.compile(r"”的?(?:企业|人|受访者)?占(?:比|到|了)?$")
ASKED = re.compile(
    r"受访(?:者|企业|对象|人)|问卷|被调查|被访|入户调查|(?:企业|商户|对象|居民)的(?:调研|调查)(?:显示|发现|表明|中)"
)
# 我们厂里, 老板说, 月薪5000元: the affairs of one firm or one household.
OF_ONE = re.compile(
    r"(?:我们?|他们?|她|自己|人家)(?:的|这)?(?:厂|店|家里|工厂|门店|小店|作坊|小区|老家)|(?:老板|厂长|师傅|店主|摊主|网友)[^，。；]{0,6}(?:说|称|告诉|坦言)"
    r"|月薪|底薪|时薪|日薪|工钱|房租|零花钱|以某[\u4e00-\u9fff]{2,14}为例|某(?:企业|公司|工厂|村)"
)
# 中国无人机市场规模, 占全球份额: how much a trade sells everywhere is nobody's promise.
MARKET = re.compile(r"市场(?:总|销售)?(?:规模|容量|空间|份额|需求|渗透率)|(?:全球|世界)[^，,。；;]{0,4}份额")
WIDE = re.compile(r"(?:全球|世界|海外|国际|中国|我国|国内|全国)[^，,。；;]{0,16}$")
# 据某研究院预测, 业内人士估计, 数据显示: who reckons and promises nothing.
FORECAST = re.compile(
    r"据[^，,。；;]{2,24}(?:预测|预计|测算|估算|估计)|(?:研究院|研究所|研究中心|咨询|智库|证券|券商|机构|分析师|业内人士|业内|专家)[^，,。；;]{0,10}(?:预测|预计|估计|估算|认为|数据)"
)
RECKONED = re.compile(r"数据(?:显示|表明)|预测|预计|有望|白皮书|报告(?:显示|指出|认为)")
PROMISED = re.compile(
    r"力争|确保|目标|计划(?!单列)|(?:方案|规划|意见|措施|行动|纲要)[》”]?[^，,。；;]{0,4}(?:提出|明确|要求)"
)


def is_market(text: str, start: int, end: int, amount: Amount) -> bool:
    """Whether a number of the sentence `start` to `end` sizes a trade at large, or is what an analyst reckons with."""
    if PROMISED.search(text, start, end):
        return False
    if FORECAST.search(text, start, end):
        return True
    start = max(start, amount.lead - REACH)
    sized = list(MARKET.finditer(text, start, amount.lead))
    if not sized:
        return False
    return "全球" in sized[-1].group() or any(
        WIDE.search(text, start, one.start()) or RECKONED.search(text, start, amount.lead) for one in sized
    )


def is_measurable(metric: str, amount: Amount, *, offered: bool = False) -> bool:
    """Whether the folded words name something that has a measure of this kind; help that is `offered` says so itself."""
    if NO_NOUN.fullmatch(metric) or BROKEN.search(metric) or ANSWERED.search(metric):
        return False
    return offered or has_measure(metric, amount.unit)


def has_measure(metric: str, unit: str | None) -> bool:
    """Whether a share has a noun of shares or a word of change."""
    return unit not in SHARES or OF_SHARES.search(metric) is not None


def is_of_one(text: str, start: int, amount: Amount) -> bool:
    """Whether a number of the sentence that begins at `start` is an answer to a survey or one firm's own affair."""
    start = max(start, amount.lead - REACH)
    if amount.unit in SHARES and ASKED.search(text, start, amount.lead):
        return True
    return OF_ONE.search(text, start, amount.lead) is not None
