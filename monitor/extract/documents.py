"""Documents named by their titles: cited in 《》, or the article itself.

A title counts when its head word is one of an instrument; laws, books, papers and reports in 《》 do not. A document named
only as the legal ground of another (根据《…》) is not news and is left out.
"""

import re
from collections.abc import Iterator

from monitor.domain import Article
from monitor.extract.names import DRAFT, REMARK, YEARS, bare, plain, printed_name, type_of
from monitor.extract.naming import Name
from monitor.extract.status import status_of
from monitor.text import Folded

TITLE = re.compile(r"《[^《》\n]{3,90}(?:《[^《》\n]{1,70}》[^《》\n]{0,60})?》")
# 为贯彻落实《甲》《乙》和《丙》, 依照《…》: the ground may be a list, of which the members before this one are titles too.
GROUND = re.compile(
    r"(?:根据|依据|依照|按照|遵照|(?:为|为了)(?:深入|全面|认真|切实|进一步|更好)?(?:贯彻|落实|响应|执行)(?:落实|执行)?)"
    r"[^，。；《》\n]{0,16}(?:《[^《》\n]{1,90}》[^，。；《》\n]{0,24}[、和与及,，]?(?:《[^《》\n]{1,90}》[^，。；《》\n]{0,24}[、和与及]?){0,4})?$"
)
GROUND_LIMIT = 200
# 按照新出台的《…》，到2027年…: news tells what the document says; in a document the ground is followed by what it is a ground for.
FRESH = re.compile(r"新(?:近)?(?:出台|印发|发布|公布|修订|制定)|刚刚|近日|日前|最新|(?:印发|发布|出台|公布)的")
LISTED = re.compile(r"(?:[（(][^（）()\n]{2,24}[）)])?(?:[、和与及]{0,2}《[^《》\n]{1,90}》)*")
TOLD = re.compile(r"[，,](?:到20\d\d|今年|明年|未来|20\d\d|[^，。；\n]{0,12}(?:将|计划|力争|拟)(?!制))")
GROUNDED = re.compile(r"制定|拟定|编制|结合|现就|现将|经研究|决定|通知|公告|有关(?:要求|规定)|精神|提出以下")
NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,12}[〔\[［(（]20\d\d[〕\]］)）]第?\d{1,4}号")
NUMBERED = re.compile(rf"[（(]({NUMBER.pattern})[)）]")
# Heads of the titles that government documents bear; 意见 alone also ends news (…听取社会意见).
OWN_TITLE = re.compile(
    r"(?:行动(?:方案|计划|纲要)|方案|办法|细则|规划(?:纲要)?|条例|纲要|规定|(?:政策|若干|[0-9一二三四五六七八九十]+[项条])措施|若干政策"
    r"|(?:实施|指导|若干|工作)意见|关于[^，。！？]{4,60}的?(?:意见|通知|公告|决定|批复|通告)|专项行动|工作计划)$"
)
NEWS_MARK = re.compile(
    r"^[\u4e00-\u9fff]{2,10}?(?:发布|出台|推出|公布)(?!关于)|[，,：:！!？?｜|…]|解读|问答|一图|印发了|出台|发布会|听取|\s\S"
)
# 无锡印发低空经济行动计划 reports of a document, 江阴市废止绿色工厂培育办法 of its end; 关于印发… is one.
REPORTED = re.compile(
    r"(?:(?!关于).){1,20}?(?:印发|出台|推出|(?<=[省市区县国委局厅部])(?:发布|(?:宣布)?(?:废止|停止执行|修订|修改)(?=[\u4e00-\u9fff])))"
)
WRAPPED = re.compile(
    r"关于(?:印发|公开征求|征求|公布|发布|下达|转发)[^《》]{0,30}《|关于《[^《》]{4,80}》(?:公开)?(?:征求|征集)"
)
# 市政府关于印发无锡市优化营商环境提升行动方案的通知: what is issued is the programme, not the notice.
ISSUES = re.compile(r"(?:印发|下发|发布|公布)(?:关于)?(?P<name>[^《》“”，。]{6,60})的(?:通知|公告|通告)$")
# 关于组织申报专项资金的通知: a call that sets up nothing.
CALL = re.compile(
    r"关于(?:组织|开展|做好|启动|征集|受理)[^，。]{0,30}(?:申报|推荐|遴选|征集|报名)|关于[^，。]{2,40}申报(?:工作|事项)?的(?:通知|公告)"
)
SELF = re.compile(
    r"(?:本|该|此)(?:实施)?(?:方案|计划|意见|办法|细则|规划|措施|通知|条例|纲要|公告|规定|行动)|现印发给你们|现将[^，。\n]{2,40}(?:印发|公布|通知|公告)"
)
# 一图读懂｜《…若干措施》: the article tells the document, which its text need not name again.
EXPLAINED = re.compile(
    r"(?:读懂|图解|图说|看懂|解读|速览|问答|解码|划重点)[^《》]*《|《[^《》]{5,80}》[^《》]{0,6}(?:解读|问答|图解)"
)
EXPLAINED_BARE = re.compile(
    r"^[【\[]?(?:一图读懂|一图看懂|一图速览|一图了解|图解|图说|政策解读|政策图解|政策速递|解读|速览)[】\]]?[｜|丨:：·\s]*(?P<name>[^《》｜|]{8,70})$"
)
# 全文丨…实施意见: the medium's own word before a title.
ANNOUNCED = re.compile(
    r"^[【\[]?(?:全文|原文|重磅|权威发布|最新|收藏|官宣|速看)[】\]]?[丨｜|:：！!]\s*|^【(?:全文|原文|重磅|权威发布|最新)】"
)
ORGAN = re.compile(
    r"^([\u4e00-\u9fff 、]{2,40}?(?:人民政府(?:办公[厅室])?|委员会(?:办公室)?|办公[厅室]|管委会|[委局厅部]))关于"
)


def cited(text: Folded) -> Iterator[Name]:
    """Documents in 《》 that are instruments, in the order of the text."""
    for found in TITLE.finditer(text.text):
        start, end = found.span()
        inner = found.group()[1:-1]
        kind = type_of(inner)
        if kind is None or len(plain(bare(inner))) < 5 or _is_ground(text.text, start, end):
            continue
        number = NUMBERED.match(text.text, end)
        status = "draft" if DRAFT.search(inner) else status_of(text.text, start, end, kind, titled=True)
        yield Name(
            start, end, _full(bare_marks(printed_name(text, start, end))), kind, status, number[1] if number else None
        )


def own_title(article: Article, text: Folded) -> Name | None:
    """The article's own title where the article is a document: the sentence that refers to it proves it."""
    title = ANNOUNCED.sub("", " ".join(article.title.split())).strip()
    wrapped = WRAPPED.search(title)
    issues = ISSUES.search(title)
    if issues and type_of(bare_marks(issues["name"])) is None:
        issues = None
    explained = EXPLAINED.search(title) is not None
    if bare_title := EXPLAINED_BARE.match(title):
        title = bare_title["name"]
    inner = _wrapped_title(title) if wrapped or explained else issues["name"] if issues else title
    name = bare_marks(inner)
    kind = type_of(name)
    if (
        kind is None
        or CALL.search(name)
        or not text.text.strip()
        or not (wrapped or issues or explained or _is_document(title))
    ):
        return None
    at = _reference(text, name)
    if period := YEARS.match(text.text, at[1]):
        name += period.group()
    name = _full(name)
    draft = bool(DRAFT.search(inner)) or "征求" in title or "征集" in title
    official = article.official
    number = (official.number if official else None) or _own_number(text.text)
    organ = ORGAN.match(title)
    issuer = (official.issuer if official else None) or (organ[1].strip() if organ else None)
    return Name(*at, name, kind, "draft" if draft else "issued", number, issuer)


def bare_marks(name: str) -> str:
    """A title without draft mark and remark; a period or year of revision in brackets belongs to the name."""
    return REMARK.sub("", DRAFT.sub("", name)).strip().removesuffix("全文")


def _full(name: str) -> str:
    return name.strip("《》 ").translate(str.maketrans("", "", '“”‘’「」『』"《》'))


def _is_ground(text: str, start: int, end: int) -> bool:
    """Whether the title is only the ground of another document, and not news that tells what it says."""
    floor = max(0, start - GROUND_LIMIT)
    sentence = max(text.rfind("。", floor, start), text.rfind("\n", floor, start)) + 1
    ground = GROUND.search(text[max(sentence, floor) : start])
    if ground is None:
        return False
    if FRESH.search(ground.group()):
        return False
    listed = LISTED.match(text, end)
    behind = listed.end() if listed else end
    rest = re.split(r"[。\n]", text[behind : behind + GROUND_LIMIT], maxsplit=1)[0]
    return TOLD.match(rest) is None or GROUNDED.search(rest) is not None


def _is_document(title: str) -> bool:
    stem = YEARS.sub("", bare_marks(title)).strip()
    if NEWS_MARK.search(stem) or REPORTED.match(stem):
        return False
    return len(stem) >= 8 and OWN_TITLE.search(stem) is not None


def _wrapped_title(title: str) -> str:
    first, last = title.find("《"), title.rfind("》")
    return title[first + 1 : last if last > first else len(title)]


def _reference(text: Folded, name: str) -> tuple[int, int]:
    """Where the text names the document, refers to it, or else begins."""
    found = text.text.find(name)
    if found >= 0:
        return found, found + len(name)
    if reference := SELF.search(text.text):
        return reference.span()
    first = len(text.text) - len(text.text.lstrip())
    return first, first + 1


def _own_number(text: str) -> str | None:
    """A document number printed above the body: alone in one of the first lines."""
    for line in text[:300].split("\n")[:4]:
        if NUMBER.fullmatch(line.strip(" （()）")):
            return line.strip(" （()）")
    return None
