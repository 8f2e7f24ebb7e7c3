"""How far a programme is: the words around its name say whether it is a draft, issued, launched, ongoing or planned."""

import re

from monitor.domain import ProgrammeStatus, ProgrammeType
from monitor.extract.names import CLAUSE_LIMIT, clause_end, clause_start

REACH = 40  # how far from the name its verb may stand
OVER = re.compile(
    r"废止|失效|收官|停止(?:执行|实施)|终止|取消|到期|圆满(?:结束|完成)|不再(?:执行|实施)|停用|期满(?!之?后|评)"
)
CONSULTED = re.compile(
    r"征求[^，。；\n]{0,8}意见|征集[^，。；\n]{0,6}意见|听取[^，。；\n]{0,8}意见|意见征集|公开征集|征求意见稿|草案|送审稿|讨论稿|(?:完成|通过|进入|进行|提请)?[初二三一](?:次审议|审(?!查|定|批|核))"
)
COMING = re.compile(
    r"(?:将|拟|即将|有望|抓紧|尽快|尽早|适时|及时|加快|推动|争取|研究|正在|正|着手|计划|年内|年底前|[上下]半年|力争)[^，。；\n]{0,10}(?:出台|制定|制订|编制|印发|发布|推出|研究|起草|修订)"
    r"|(?:编制|起草|谋划|探索|筹划|筹建|拟设|设立|组建|制定|制订|研究|修订)(?!了|出台|印发|并|发布|完成|实施|的|后)"
    r"|原则(?:上)?(?:同意|通过)|审议(?!通过|并通过)|提请审议|送审|修订完善"
)
COMING_AFTER = re.compile(
    r"(?:力争|将|年内|预计|正在|正抓紧|即将|拟|有望)[^，。；]{0,10}(?:出台|印发|发布|修订|制定|编制|起草|公布)(?!了)"
    r"|牵头(?:制定|起草)|报[^，。；]{2,8}(?:审定|审议)|(?:已|正|正在)?(?:进入|完成|通过)[^，。；]{0,8}(?:合法性审查|公平竞争审查|合法性审核|专家评审|专家论证|意见征求)"
)
DONE = re.compile(
    r"(?:印发|下发|发布|公布|颁布|出台|制定|制订|编制|修订|推出)了|(?:已|已经|日前|近日|昨日|今日|此前|相继|先后|正式|联合|专门|率先|新)[^，。；\n]{0,8}(?:印发|下发|发布|公布|出台|制定|制订|编制)"
    r"|印发|下发|发布|颁布|公布|(?:制定|出台|研究制定)(?:并|、)?实施|(?<!原则)(?:审议)?(?:并)?通过|(?<!正在)(?<!拟)修订的|批复"
)
PASSED = re.compile(r"审议(?:并)?通过[“‘「『\"]?$")  # …近期将正式印发
# 《…方案》9月公布，敬请期待
AWAITED = re.compile(r"敬请(?:留意|关注|期待)|拭目以待|呼之欲出|即将(?:亮相|面世|问世|揭晓)")
CARRIED_OUT = re.compile(r"(?:落实|实施|执行|贯彻|推进|用好|用足)(?:好|落实|执行|实施)?$")
# A beginning that lies ahead: 下一步将启动, 待方案印发后还会启动; what goes on anyhow (将深入实施) is no beginning.
AHEAD = r"(?:将|拟|即将|马上|下一步|会(?!议)|待|要(?!求)|计划|年内|届时|明年|择机|适时|近期|预计|有望|争取|力争)"
TO_BEGIN = re.compile(
    rf"{AHEAD}[^，。；\n]{{0,10}}(?:启动|推出|上线|推行|试行)(?!了)"
    r"|(?:将|拟|即将|还会|要求各地|要求[^，。；]{1,6})(?!深入|大力|全力|持续|扎实|继续|加快|全面|深化|进一步|纵深|接续|组织)[^，。；\n]{0,4}(?:实施|开展)[“‘「『\"]?$"
    r"|(?:将|拟)(?:以|把)[“‘「『\"]?$"
)
TO_BEGIN_AFTER = re.compile(
    r"[^，。；\n]{0,10}(?:正在编制|即将出台|将出台|(?:即将|将|拟|有望|择机|适时)[^，。；\n]{0,6}(?:启动|推出|实施|上线|开展))"
)
FRESH = re.compile(
    r"启动|推出|全面(?:推|铺)开|首次|首创|首批|发起|拉开|提出|新推|开启|部署|揭牌|将组织|名为|决定[^，。；\n]{0,16}(?:开展|实施|组织)"
)
FRESH_AFTER = re.compile(r"[^，。；\n]{0,8}(?:正式|全面)?(?:启动|上线|揭牌)")
# What began before and goes on.
BEGUN_BEFORE = re.compile(r"(?:此前|去年|前年|上年|早在|20\d\d年)[^，。；\n]{0,10}(?:启动|推出|发起|部署|提出|开启)")
GOING_ON = re.compile(r"[^，。；\n]{0,8}(?:已(?:进入|连续|累计|覆盖|惠及|实施|开展)|实施以来|启动以来|进入第)")
ISSUED = re.compile(
    r"(?:印发|发布|下发|公布|颁布|(?:已|近日|日前)[^，。；\n]{0,6}出台|出台了)(?:了|全[市区县省]|本[市区]|我[市区县])?[“‘「『\"]?$"
)
# A fund that has got its money or its first investments.
SET_UP = re.compile(
    r"已(?:经)?[^，。；\n]{0,4}(?:设立|组建|发起|建立|成立)|(?:设立|组建|发起|建立|成立)了|^成立|[^拟将]成立"
)
PAID_IN = re.compile(r"已(?:经)?(?:到位|投|与|完成|累计|签|设立|落地|成立|注册)")
GOES_ON = re.compile(
    r"[”』」\"]?(?:今年|目前)?(?:仍然?|继续|持续|依然)(?:有效|执行|实施|施行)|[”』」\"]?延续(?:执行|实施)|(?:正?在?(?:持续|深入|有序|扎实|稳步|加快|全面|纵深|接续)){1,2}(?:推进|展开|推开|实施|落实)"
)
ONGOING: ProgrammeStatus = "ongoing"
# Between a cited title and its verb: its number, and the other members of a list.
BETWEEN = re.compile(
    r"(?:[（(](?:[^（）()\n]{2,24}号|以下简称[^（）()\n]{2,16}|下称[^（）()\n]{2,16})[）)])?(?:[、和与及]{0,2}《[^《》\n]{1,90}》)*(?:[（(][^（）()\n]{2,24}号[）)])?"
)


def status_of(text: str, start: int, end: int, kind: ProgrammeType, titled: bool) -> ProgrammeStatus | None:
    """The status of the name at `text[start:end]`; `titled` for a document cited by its title in 《》 or in a list of
    documents, which has been issued where nothing else is said."""
    before = text[max(clause_start(text, start), start - REACH) : start]
    between = BETWEEN.match(text, end) if titled else None
    behind = between.end() if between else end
    after = text[behind : min(clause_end(text, behind), behind + REACH)]
    if OVER.search(after) or OVER.search(before):
        return None
    if kind == "document" or titled:
        return _document_status(text, start, end, before, after)
    if kind == "fund" and SET_UP.search(before):
        return "launched"
    if COMING.search(before) or TO_BEGIN.search(before) or TO_BEGIN_AFTER.match(after):
        return "launched" if kind == "fund" and _is_paid_in(text, end) else "planned"
    if ISSUED.search(before):
        return "issued"
    if before.endswith(("出台", "制定")):
        return "planned"
    if BEGUN_BEFORE.search(before) or GOING_ON.match(after):
        return ONGOING
    return "launched" if FRESH.search(before) or FRESH_AFTER.match(after) else ONGOING


def _is_paid_in(text: str, end: int) -> bool:
    return PAID_IN.search(text[end : end + CLAUSE_LIMIT].partition("。")[0].partition("；")[0]) is not None


def _document_status(text: str, start: int, end: int, before: str, after: str) -> ProgrammeStatus:
    wide_after = text[end : end + CLAUSE_LIMIT // 2].partition("。")[0]
    if re.match(r"[（(](?:征求意见|草案|送审|讨论)", wide_after) or CONSULTED.search(before + "|" + after):
        return "draft"
    done, coming = _last(DONE, before), _last(COMING, before)
    if coming > done or (PASSED.search(before) and COMING_AFTER.search(wide_after)):
        return "planned"
    if done < 0 and AWAITED.search(wide_after):
        return "planned"
    if done >= 0 or DONE.search(after):
        return "issued"
    if COMING_AFTER.search(wide_after):
        return "planned"
    if before.endswith("推出"):
        return "issued"
    if before.endswith("出台"):
        return "planned" if _is_ordered(text, start, before) else "issued"
    return ONGOING if CARRIED_OUT.search(before) or GOES_ON.match(after) else "issued"


def _is_ordered(text: str, start: int, before: str) -> bool:
    """Whether a plan orders what is to be issued: 出台…, with nobody who did; a quoted name or a title only at a sentence's beginning."""
    if before.strip("—●■·• ") != "出台":
        return False
    marked = text[start] == "《" or text[start - 1] in '“‘「『"'
    return not marked or (start >= 3 and text[start - 3] in "；。\n—")


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in pattern.finditer(text)), default=-1)
