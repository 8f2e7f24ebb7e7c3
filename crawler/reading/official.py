"""The index table above a government document: 索引号, 文号, 发布机构, 成文日期, 生效日期, 效力状况.

Cells stand in rows, lists or definition lists; label and value meet on one line or on two. Refuses a table with fewer
than two such labels, unless it names the 索引号 itself.
"""

import re
from datetime import datetime

from crawler.reading.body import Body
from crawler.reading.dates import read_date
from crawler.reading.tree import Sheet
from monitor.domain import Official

LABELS = {
    "index": r"(?:信息)?索\s?引\s?号",
    "number": r"(?:发\s?文\s?字\s?号|发\s?文\s?文?\s?号|公文文号|文件?\s?编\s?号|文\s{0,4}号)",
    "issuer": r"(?:发\s?布\s?机\s?构|发\s?文\s?机\s?[关构]|发布(?:单位|机关)|公开机构|制发机关|信息提供单位)",
    "written": r"(?:成文\s?(?:日期|时间)|发文\s?(?:日期|时间)|写作日期|制发日期)",
    "effective": r"(?:(?:生效|实施|施行)\s?(?:日期|时间))",
    "validity": r"(?:效力(?:状况|状态)|(?:是否)?有\s?效\s?性)",
}
OTHERS = r"(?:主题(?:分类|词)|体裁|组配分类|服务对象|生成日期|公开(?:日期|时间|方式|范围|时限)|发布(?:日期|时间)|时\s?效|失效(?:日期|时间)|废止日期|标\s{0,4}题|(?:信息)?名\s{0,4}称|附\s{0,4}件|关\s?键\s?词|内容概述|(?:信息)?分类|所属|文件?类型|主题)"
ANY = re.compile(
    # No label begins otherwise, which is seen faster than ten patterns fail.
    "(?=[信索发公文件编制提成写生实施效是有主体组服开时失废标名附关内分所类\n])(?:"
    + "|".join([*(f"(?P<{name}>{pattern})" for name, pattern in LABELS.items()), f"(?P<other>{OTHERS})"])
    + r"|(?P<end>\n{2}))"
)
LABEL = re.compile(r"[\[【]?(?:" + "|".join([*LABELS.values(), OTHERS]) + r")[\]】]?\s{0,4}(?:[:：]|$)")
VALUE = re.compile(r"[\]】]?\s{0,4}[:：]?[\s\t\n]{0,4}([^\t\n]{1,80})")
FOREIGN = re.compile(r"[\s\[【]{1,3}[\u4e00-\u9fff]{2,6}\s?[:：]")  # a label of another table
IN_FORCE = re.compile(r"(?:有效|失效|无效|废止|修改|修订|生效|是|否)")  # a word of it makes a cell a 效力状况
BLANK = re.compile(r"[\s—\-_/无空暂]{0,12}")
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,14}[〔\[［（(【]\s?(?:19|20)\d\d\s?[〕\]］）)】]\s?第?\s?\d{1,5}\s?号")
# Only what stands around the text is searched, and of it only lines short enough to be cells.
CELLS = 300


def read_official(sheet: Sheet, body: Body, *, now: datetime) -> Official | None:
    """Read the index table; without one, the 文号 that stands alone at the head of the text."""
    around = [*sheet.lines[: body.first], *sheet.lines[body.last :]]
    text = "\n".join(
        "\t".join(line.pieces) or line.text for line in around if len(line.text) <= CELLS and not line.hidden
    )
    found = _cells(text)
    if len(found) < 2 and "index" not in found:
        found = {}
    found["number"] = _number(found.get("number")) or heading_number(body.text)
    for name in ("written", "effective"):
        if name in found:
            found[name] = read_date(found[name] or "", now=now)
    if not IN_FORCE.search(found.get("validity") or ""):
        found.pop("validity", None)
    return Official(**found) if any(found.values()) else None


def _cells(text: str) -> dict[str, str | None]:
    """Values by label; the first that is not blank wins."""
    found: dict[str, str | None] = {}
    for label in ANY.finditer(text):
        name = label.lastgroup
        if name in ("other", "end", None) or not _is_label(text, label.start(), label.end()):
            continue
        value = VALUE.match(text, label.end())
        cell = _value(value[1]) if value else None
        if cell and name:
            found.setdefault(name, cell)
    return found


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether the words stand as a label: at the start of a cell or after a blank, and before a colon or a cell's end."""
    before = text[start - 1] if start else "\n"
    after = text[end : end + 6].lstrip(" ]】")
    return (before in "\n\t [【" and after[:1] in ("", ":", "：", "\t", "\n")) or (
        before in "\n\t" and text[end : end + 1] == " "
    )


def _value(cell: str) -> str | None:
    """A cell's value: what follows the next label on the line is cut; blanks and dashes are no value."""
    if LABEL.match(cell):
        return None
    following = ANY.search(cell)
    if following and following.start() and cell[following.start() - 1] in " [【":
        cell = cell[: following.start()]
    cell = FOREIGN.split(cell, maxsplit=1)[0].strip(" [【:：")
    return None if BLANK.fullmatch(cell) else cell


def _number(cell: str | None) -> str | None:
    """A 文号 out of its cell, which some pages share with the next label."""
    whole = NUMBER.search(cell) if cell else None
    return whole[0] if whole else cell if cell and re.search(r"\d", cell) else None


def heading_number(text: str) -> str | None:
    """The 文号 that stands alone on one of the first lines of a document."""
    for line in text.split("\n", 8)[:8]:
        if len(line) <= 40 and (found := NUMBER.fullmatch(line.strip("()（） "))):
            return found[0]
    return None
