"""Tells money and help that are held out to firms or people from those that are promised as spending or paid already.

Held out are grants, loans, rebates and cheap rents, and also the budget set aside for them; a fund that invests (基金) is
something built, so that its size is a target.
"""

import re
from collections.abc import Sequence

from monitor.extract.assertion import FIRM, RATES, Clause
from monitor.extract.quantities import Amount, is_money

HELP = re.compile(
    r"减按|补贴|补助|奖励|嘉奖|资助|奖补|给予|扶持资金|支持额度|(?:贷款|授信|担保|单户|单笔)?额度|(?:授信|贷款|担保)总?(?:盘子|规模|资金)(?!余额)|单[户家笔个][^，。；]{0,4}(?:最高|最多|不超|不高于|封顶)|贴息|贷款利率(?:不|低至|最低|按|下浮|优惠)|年(?:化)?利率(?:不|低至|最低|按)|每[家户个条架台件亩次辆套人项]补|(?:再|另|额外|每[年月人户])[给补奖](?=[^，。；]{0,8}元)|获[补奖]|抵扣比例|发放(?:最高|总额)|利率优惠|按[^，。；]{2,16}配套|安家费|让利|启动资金|生活费|租金减免|减免|奖金|申领|(?<!风险)补偿|免租|一次性(?:支持|发放)|最多可|最高可|可(?:拿|获|享|申领|申请)"
    r"|(?:最高|上限)[^，。；]{0,4}支持|支持最高|提供(?:最高|最多|不超)|(?:给予|予以|提供)[^，。；]{0,10}(?:支持|扶持)|%(?:给予|予以)"
    r"|每(?:吨|度|千瓦时|立方米|平方米|公斤)[^，。；0-9]{0,6}(?:降低|下调|减免|优惠|补|减)"
    r"|(?:最高|最多|上限)可?(?:出资|投资|贷|授信|返还|配套|奖|补)|(?:租金|房租|学费|费用|收费|价格)(?:按|不高于|不超过|低至)[^，。；0-9]{1,10}的?[0-9.一二三四五六七八九]+(?:%|折|成)|券(?:（[^）]{1,10}）)?[”\"]?每年(?:发放|安排)|每年(?:发放|安排)[^，。；]{0,18}券|按[^，。；]{2,14}%(?:发放|兑现|返还|支付)"
)
# 财政每年安排20亿元专项资金, 设立5亿元的资金池, 安排3亿元支持企业技改: the budget for help is help, too.
BUDGET_NOUN = r"(?:专项|扶持|奖补|奖励|补助|补贴|激励|引导|发展|惠企)资金|资金池|消费券"
SET_ASIDE = re.compile(
    rf"(?:{BUDGET_NOUN})(?:年度)?(?:预算|规模)?(?:总额度?|总量|预算|规模)(?!使用)|财政(?:安排|投入|拿出|列支)[^，。；]{{0,20}}(?:元|%)[^，。；]{{0,8}}(?:发展|专项|扶持)资金|"
    rf"(?:安排|设立|列支|[拿拨]出|划拨|统筹|筹集|筹措|配套)[^，。；]{{0,24}}(?:{BUDGET_NOUN})"
    r"|(?:安排|[拿拨]出|列支|划拨|财政投入)[^，。；]{0,20}(?:元|%)[^，。；]{0,6}(?:支持|资助|扶持|奖励|奖补|补助|补贴)"
)
ALLOTTED = re.compile(r"(?:安排|[拿拨]出|列支|划拨|财政(?:将|计划|拟)?投入)(?:不少于|不低于|超过|约|近)?$")
FOR_HELP = re.compile(
    rf"{BUDGET_NOUN}|真金白银|(?:支持|资助|扶持|奖励|奖补|补助|补贴)(?:企业|项目|重点|中小|人才)|(?:给予|予以)[^，。；]{{0,6}}(?:支持|配套|奖励|补助|补贴)|支持[^，。；]{{2,16}}(?:发展|攻关|创新|改造|升级|转型|落地)"
)
# 免费提供80平方米办公空间: help that is no money.
FREE = re.compile(
    r"(?:(?:免费|无偿|免租)(?:提供|使用|给予|享受|入驻|租用|供给)|(?:免费|无偿)|免租(?![\u4e00-\u9fff]))[^，。；0-9]{0,4}$"
)
PEOPLE = frozenset({"家", "人", "户", "名", "位", "人次", "家次", "次"})
# 补贴面积最多5000平方米, 贴息期限, 每年兑付比例不超过40%: the terms of help promise nothing by themselves.
TERMS = re.compile(
    r"(?:(?:补贴|补助|奖励|资助|贴息|奖补|扶持|兑付|发放|贷款|免租)(?:的|总)?(?:面积|期限|年限|名额|次数)|(?:兑付|拨付|支付|发放)(?:的)?比例)[^，。；0-9]{0,4}$"
    r"|优秀(?:等次)?比例[^，。；0-9]{0,4}$|(?:全免|免租|减免|补贴|补助|奖励)[^。；\n]{0,12}面积[^，。；0-9]{0,4}$"
)
PAID = re.compile(
    r"已|(?<![可能就会])(?:拿到|领到|收到)|累计(?![^，。；0-9]{0,8}(?:不超|不高|最[高多]|上限|封顶))|兑现|减免税|(?<![每按]月)(?<!每年)(?<!每人)(?<!一次性)(?<!将)(?<!%)发放(?:了|(?!标准|[^，。；]{0,8}(?:补贴|补助|津贴|奖励|奖金|安家费|生活费)))|拨付|去年|上年|惠及|落实了|争取到|获得了|共计?发|减税|退税"
)
# 毕业五年以内的博士来创业的，直接发放…: under a condition nothing is paid yet, whatever the verb.
CONDITION, ADDRESSED, GIVEN = re.compile(r"的[，,]$"), re.compile(r"对(?!比)"), re.compile(r"发放了?|兑现")
# 一次性奖励1500万元；大型无人机为300万元: the next member of a list of sums, named and nothing else said of it.
FURTHER = re.compile(
    r"(?:(?!投|撬动|带动|规模|营收|产值|收入|资本|总额|售价|价格|税|注册|成本|交易|增|达)[^，。；0-9]){2,16}(?:为|[:：])?[0-9.]+[万亿]*元(?:[、和][0-9.]+[万亿]*元)*(?:不变|封顶)?"
)
SETTLED = re.compile(r"兑付|支付|下达|(?<!分别)发放")  # 三年累计改造1240个，兑付奖补资金6.8亿元: paid with it
BY_SHARE = re.compile(r"按[^，。；]{2,14}%(?:兑现|发放)")
LISTED_OFFERS = 6
BUDGET = re.compile(r"(?:预算|资金)?(?:总额度?|预算|资金池)")
SPENT = re.compile(r"投资|规模|总额|基金|营收|产值|收入|资本|售价|价格|税收")


def is_offer(text: str, clauses: Sequence[Clause], position: int, first: int, amount: Amount) -> bool:
    """Money or a rate of it held out to firms or people, and not paid already; `first` begins the sentence."""
    clause = clauses[position]
    here = text[clause.start : clause.end]
    conditional = (
        CONDITION.search(text, max(0, clause.start - 2), clause.start)
        or ADDRESSED.match(here)
        or clause.weight >= FIRM  # 计划兑现扶持资金30亿元
        or BY_SHARE.search(here)
    )
    if PAID.search(GIVEN.sub("", here) if conditional else here):
        return False
    if not conditional and clause.carried < 0 and SETTLED.search(here):
        return False
    if HELP.search(here) or (is_money(amount.unit) and _is_budget(text, clauses, position, first, amount)):
        return True
    nearest = position - 1
    while nearest > max(first, position - LISTED_OFFERS) and FURTHER.fullmatch(text, *clauses[nearest][:2]):
        nearest -= 1  # 国家级100万元；省级50万元；市级30万元
    before = clauses[max(first, nearest) : position]
    helped = amount.unit not in RATES and any(HELP.search(text, part.start, part.end) for part in before)
    return helped and (
        amount.comparator == "le" or FURTHER.fullmatch(here) is not None or BUDGET.match(here) is not None
    )


def _is_budget(text: str, clauses: Sequence[Clause], position: int, first: int, amount: Amount) -> bool:
    """Whether money is set aside for help, as its clause, those before it or the one behind it say."""
    clause = clauses[position]
    if is_set_aside(text, clause):
        return True
    if not ALLOTTED.search(text, max(clause.start, amount.lead - 8), amount.start):
        return False
    last = min(position + 1, len(clauses) - 1)
    return FOR_HELP.search(text, clauses[first].start, clauses[last].end) is not None


def is_set_aside(text: str, clause: Clause) -> bool:
    return SET_ASIDE.search(text, clause.start, clause.end) is not None


def is_free(text: str, amount: Amount) -> bool:
    """免费提供80平方米办公空间: something other than money that is given."""
    return amount.unit not in PEOPLE and FREE.search(text, max(0, amount.lead - 12), amount.lead) is not None


def is_term(text: str, amount: Amount) -> bool:
    """Whether an amount only limits help: its area, its term, how much of it is paid out at once."""
    return not is_money(amount.unit) and TERMS.search(text, max(0, amount.lead - 24), amount.lead) is not None


def is_listed_offer(text: str, clause: Clause) -> bool:
    """Money in a list under a heading that promises help (怎么奖), where the line does not say of itself what it is."""
    here = text[clause.start : clause.end]
    return clause.weight == 0 and not PAID.search(here) and not SPENT.search(here)
