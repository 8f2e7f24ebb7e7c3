"""How far a programme is: the words around its name say whether it is a draft, issued, launched, ongoing or planned."""

import re

from monitor.domain import ProgrammeStatus, ProgrammeType
from monitor.extract.names import CLAUSE_LIMIT, clause_end, clause_start

REACH = 40  # how far from the name its verb may stand
OVER = re.compile(r"废止|失效|收官|停止(?:执行|实施)|终止|取消|到期|圆满(?:结束|完成)|不再(?:执行|实施)")
CONSULTED = re.compile(
    r"征求[^，。；\n]{0,8}意见|征集[^，。；\n]{0,6}意见|听取[^，。；\n]{0,8}意见|意见征集|征求意见稿|草案"
)
COMING = re.compile(
    r"(?:将|拟|即将|有望|抓紧|尽快|适时|加快|正在|正|着手|计划|年内|力争)[^，。；\n]{0,10}(?:出台|制定|制订|编制|印发|发布|推出|研究|起草|修订)"
    r"|(?:编制|起草|谋划|探索|筹划|筹建|设立|组建|制定|制订|研究)(?!了|出台|印发|并|发布|完成|实施)"
)
DONE = re.compile(
    r"(?:印发|下发|发布|公布|颁布|出台|制定|制订|编制|修订|推出)了|(?:已|已经|日前|近日|昨日|今日|此前|相继|先后|正式|联合|专门|率先)[^，。；\n]{0,8}(?:印发|下发|发布|公布|出台|制定|制订|编制)"
    r"|印发|下发|发布|颁布|公布|审议通过|修订的|批复|审议并通过"
)
FRESH = re.compile(
    r"启动|推出|首次|首创|首批|发起|拉开|提出|新推|开启|部署|揭牌|将组织|决定[^，。；\n]{0,16}(?:开展|实施|组织)"
)
ONGOING: ProgrammeStatus = "ongoing"


def status_of(text: str, start: int, end: int, kind: ProgrammeType, titled: bool) -> ProgrammeStatus | None:
    """The status of the name at `text[start:end]`; `titled` for a document cited by its title in 《》 or in a list of
    documents, which has been issued where nothing else is said."""
    before = text[max(clause_start(text, start), start - REACH) : start]
    after = text[end : min(clause_end(text, end), end + REACH)]
    if OVER.search(after) or OVER.search(before):
        return None
    if kind == "document" or titled:
        return _document_status(text, start, end, before, after)
    if COMING.search(before) or re.match(r"[^，。；\n]{0,10}(?:正在编制|即将出台|将出台)", after):
        return "planned"
    if before.endswith(("出台", "制定")):
        return "planned"
    return "launched" if FRESH.search(before) or re.match(r"[^，。；\n]{0,8}(?:正式|全面)?启动", after) else ONGOING


def _document_status(text: str, start: int, end: int, before: str, after: str) -> ProgrammeStatus:
    wide_after = text[end : end + CLAUSE_LIMIT // 2].partition("。")[0]
    if re.match(r"[（(](?:征求意见|草案|送审|讨论)", wide_after) or CONSULTED.search(before + "|" + after):
        return "draft"
    done, coming = _last(DONE, before), _last(COMING, before)
    if coming > done:
        return "planned"
    if done >= 0 or DONE.search(after):
        return "issued"
    if re.search(
        r"(?:力争|将|年内|预计|正在|正抓紧)[^，。；\n]{0,10}(?:出台|印发|发布|修订|制定|编制|起草)(?!了)", wide_after
    ):
        return "planned"
    if before.endswith(("出台", "推出")) or not before:
        return "planned" if before.endswith("出台") and len(before) <= 6 and text[start] != "《" else "issued"
    return (
        "ongoing"
        if re.search(r"(?:深入|大力|扎实|持续|全面|有效)?(?:实施|落实|推进|执行|用好)$", before) and text[start] != "《"
        else "issued"
    )


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in pattern.finditer(text)), default=-1)
