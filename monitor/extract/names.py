"""What a name of a policy instrument or a status looks like in Chinese: marks, head words, clause borders, printed form.

Shared by programmes.py, documents.py and designations.py. Finds nothing by itself. All positions are in a folded text.
"""

import re
from bisect import bisect_right

from monitor.domain import Evidence, ProgrammeType
from monitor.text import NOISE, Folded

OPENING = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"'}
CLOSING = {close: opening for opening, close in OPENING.items()}
QUOTES = str.maketrans("", "", '“”‘’「」『』"《》〈〉')
# A clause ends here; 、 only separates members of a list.
CLAUSE = re.compile(r"[，。；：！？…,;:!?\n（）()《》【】]")
# A place in brackets stands inside a name: 中国（江苏）自由贸易试验区.
CLOSED = frozenset("）)")
PLACE_INSIDE = re.compile(r".*?(?P<open>[（(](?!试行|暂行|草案|修订|节选)[\u4e00-\u9fff]{2,4}[）)])$", re.DOTALL)
PLACE_LIMIT = 8
CLAUSE_LIMIT = 60  # longer stretches without a mark are not prose; the bound keeps hostile text linear
SENTENCE_LIMIT = 600  # evidence of a text without marks is cut to the neighbourhood of the name
NEIGHBOURHOOD = 120

# The last characters of a name tell what it is (labelling guide).
TYPES: dict[str, ProgrammeType] = {
    "行动方案": "document", "行动纲要": "document", "行动计划": "plan", "行动": "action", "计划": "plan",
    "工程": "project", "试点": "project", "模式": "mechanism", "机制": "mechanism", "制度": "mechanism",
    "体系": "framework", "战略": "framework", "集群": "framework", "活动": "campaign", "年": "campaign", "季": "campaign",
    "基金": "fund", "意见": "document", "方案": "document", "办法": "document", "细则": "document",
    "规划": "document", "条例": "document", "措施": "document", "纲要": "document", "通知": "document",
    "公告": "document", "通告": "document", "规定": "document", "决定": "document", "政策": "document", "举措": "document",
    "条": "document",
}  # fmt: skip
LENGTHS = sorted({len(word) for word in TYPES}, reverse=True)  # 行动计划 before 计划
YEARS = re.compile(r"[（(]20\d\d ?年?(?:[-—–~至]{1,2} ?20\d\d ?)?年?(?:修订|修订版|版)?[）)]")
DRAFT = re.compile(r"[（(](?:公开)?(?:征求意见稿|征求意见|草案|送审稿|讨论稿)[^（）()\n]{0,12}[）)]")
DRAFTS = ("征求意见", "草案", "送审稿", "讨论稿")  # no DRAFT without one of these
REMARK = re.compile(r"[（(](?:试行|暂行|摘编|摘要|摘登|节选|全文|修订稿?|修订版|[一二三四五]|20\d\d年版)[）)]")


class Sentences:
    """The sentences of a text, for looking up the one that holds a position."""

    def __init__(self, text: Folded) -> None:
        self.text = text

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The sentence holding `start`, or where it is endless a neighbourhood of start to end."""
        ends = self.text.sentence_ends
        place = bisect_right(ends, start)
        first, last = ends[place - 1] if place else 0, ends[min(place, len(ends) - 1)]
        last = max(last - (self.text.text[last - 1] == "\n"), end)
        if last - first <= SENTENCE_LIMIT:
            return first, last
        return max(first, start - NEIGHBOURHOOD), min(last, end + NEIGHBOURHOOD)

    def evidence(self, start: int, end: int) -> Evidence:
        return self.text.evidence(*self.around(start, end))


def clause_start(text: str, position: int) -> int:
    """Where the clause that `position` stands in begins, at most CLAUSE_LIMIT characters back."""
    floor = max(0, position - CLAUSE_LIMIT)
    while mark := CLAUSE.search(text[floor:position][::-1]):
        position -= mark.start()
        place = text[position - 1] in CLOSED and PLACE_INSIDE.match(text, max(floor, position - PLACE_LIMIT), position)
        if not place:
            return position
        position = place.start("open")
    return floor


def clause_end(text: str, position: int) -> int:
    """Where the clause that `position` stands in ends, at most CLAUSE_LIMIT characters on."""
    roof = min(len(text), position + CLAUSE_LIMIT)
    mark = CLAUSE.search(text, position, roof)
    return mark.start() if mark else max(position, roof)


def opening_quote(text: str, closing: int, floor: int) -> int | None:
    """The index of the quote that `text[closing]` closes, not before `floor`."""
    found = text.rfind(CLOSING[text[closing]], floor, closing)
    return found if found >= 0 else None


def printed_name(text: Folded, start: int, end: int) -> str:
    """The name as printed, without quotes and the blanks a page set around them."""
    return NOISE.sub("", text.shown(start, end)).translate(QUOTES).strip()


def plain(name: str) -> str:
    """A name as it is compared: no quotes, brackets or blanks."""
    return re.sub(r"[\s（）()]", "", name.translate(QUOTES))


def bare(name: str) -> str:
    """A document's name without what follows its head word: period, draft mark, remark."""
    if "（" not in name and "(" not in name:
        return name.strip()
    return YEARS.sub("", REMARK.sub("", DRAFT.sub("", name))).strip()


def type_of(name: str) -> ProgrammeType | None:
    """The type that the head word of a name tells, None where it ends in no head word."""
    head = bare(name.translate(QUOTES)).rstrip("0123456789.版")
    return next((TYPES[word] for length in LENGTHS if (word := head[-length:]) in TYPES), None)
