"""Choose the run of lines that is the article and trim what a template put at its head and tail.

A known container wins where it holds the text; else the element with the best sum of line scores: running text counts
for it, links and furniture against it. A table of data counts like text, so that notices made of tables are found.
A second copy of the text (for print or phones) counts nothing. Refuses a page whose best run is only a list of links.
"""

import re
from dataclasses import dataclass, replace
from itertools import accumulate, islice

from crawler.reading.dates import SHAPES
from crawler.reading.furniture import is_doubtful, is_edge, is_ender
from crawler.reading.tree import Block, Line, Sheet

# Ids and classes that content systems give to the text itself, not to the page around it.
KNOWN_IDS = frozenset((
    "zoom", "zoomcon", "ucap-content", "ivs_content", "js_content", "vsb_content", "ozoom", "rwb_zw", "detailcontent", "article_content", "artibody",
    "articlecontent", "article-content", "contenttext", "mp-editor", "news_content", "newscontent", "arti_content", "artcontent",
))  # fmt: skip
KNOWN_CLASSES = frozenset((
    "trs_editor", "trs_ueditor", "trs_editor_view", "trs_paper_default", "trs_web", "trs_preappend", "bt-content", "pages_content",
    "doc_content_wza", "article_cont", "lw_content", "v_news_content", "wp_articlecontent", "ewb-zoom", "zoom", "article_zoom", "nscont", "main-txt",
    "rich_media_content", "article-content", "article_content", "post_content", "founder-content", "art_content", "t_f", "entry-content",
    "txtcontent",
))  # fmt: skip
PUNCTUATION = re.compile(r"[，。；：！？、,;!?]|[.](?:\s|$)")
MARKS = re.compile(r"[。！？；!?;…]")
LETTER = re.compile(r"发信站\s?[:：]")
SIGNED_OFF = re.compile(r"--$|※\s?(?:来源|修改)")
# An item of a list, however short: 一、新建起降点30个
NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．])\S{4}|第[一二三四五六七八九十\d]{1,3}[条章]"
)
UNIT = re.compile(r"[（(]?(?:计量|数据)?单位\s?[:：]\s?\S{1,20}[）)]?$")
LIVELY = 0.35  # a known container must hold this share of the page's best run
NARROWER = 0.8  # a child that keeps this share of its parent's score is the better choice
COPIED = 0.25  # with this share of repeated lines a text stands there twice; fewer are the author's own refrains
LEAST = 20  # characters: the shortest body, an announcement of one sentence
HEADLINE = 6  # characters of a link from which it may be another article's headline
SEVERAL = 3  # summaries below such headlines from which they are a list of other articles
FEW = 3  # files that a page may hand out without a word of its own; more are a list
NEAR = 3  # levels above the chosen element within which text beside it belongs to it
LONG = 24  # characters: lines of this length do not repeat by chance


@dataclass(frozen=True, slots=True)
class Body:
    """`first` and `last` bound the run in the sheet's lines (end exclusive) after trimming."""

    text: str
    first: int
    last: int
    block: Block


def find_body(sheet: Sheet) -> Body | None:
    """Find the article's text; None when the page shows none. What is named like furniture or hidden comes last."""
    for lenient in (False, True):
        if lenient:
            for line in sheet.lines:
                line.noise = line.hidden = False
        block = _choose(sheet)
        if block is None:
            continue
        first, last = _trim(sheet.lines, block)
        kept = _kept(sheet.lines, first, last)
        text = "\n".join(line.text for line in kept)
        if _names_files(kept):
            return Body(text, first, last, block)
        if len(text) >= LEAST and _is_prose(kept) and not (lenient and MARKS.search(text) is None):
            return Body(text, first, last, block)
    return None


def _choose(sheet: Sheet) -> Block | None:
    """The block that holds the text."""
    seen: set[str] = set()
    scores = _without_teasers(sheet.lines, [_score(line, seen) for line in sheet.lines])
    sums = [0.0, *accumulate(scores)]

    def total(block: Block) -> float:
        return sums[block.end] - sums[block.start]

    if not sheet.blocks:
        return None
    best = max(sheet.blocks, key=total)
    if total(best) <= 0:
        return None
    known = [block for block in sheet.blocks if _is_known(block)]
    posts = [block for block in known if (block.element.get("id") or "").startswith("postmessage_")]
    if known:
        richest = posts[0] if posts else max(known, key=lambda block: (total(block), -block.depth))
        if total(richest) >= LIVELY * total(best):
            return richest
    return _widen(sheet, _narrow(sheet.blocks, best, scores), scores)


def _narrow(blocks: list[Block], best: Block, scores: list[float]) -> Block:
    """Go down from the best block while one child keeps most of its score and no text stands directly beside the child.

    One pass: children stand before their parents.
    """
    sums = [0.0, *accumulate(scores)]
    worth = sums[best.end] - sums[best.start]
    for block in reversed(blocks):
        inside = best.start <= block.start and block.end <= best.end and block.depth > best.depth
        if inside and sums[block.end] - sums[block.start] >= NARROWER * worth and not _is_cut(block, best, scores):
            best = block
    return best


def _is_cut(block: Block, outer: Block, scores: list[float]) -> bool:
    """Whether the lines next to a block, within an outer one, are running text: paragraphs of which it is but a part."""
    before = block.start > outer.start and scores[block.start - 1] >= LONG
    return before or (block.end < outer.end and scores[block.end] >= LONG)


def _widen(sheet: Sheet, chosen: Block, scores: list[float]) -> Block:
    """Take in the text directly beside the chosen run: what stands in the next box, or before furniture that weighs more."""
    around = {id(above): above for above in islice(chosen.element.iterancestors(), NEAR)}
    for outer in sheet.blocks:
        if id(outer.element) not in around or not outer.start <= chosen.start < chosen.end <= outer.end:
            continue
        start, end = chosen.start, chosen.end
        while start > outer.start and _belongs(sheet.lines[start - 1], scores[start - 1]):
            start -= 1
        while end < outer.end and _belongs(sheet.lines[end], scores[end]):
            end += 1
        chosen = replace(chosen, start=start, end=end)
    return chosen


def _belongs(line: Line, score: float) -> bool:
    """Whether a line beside the text is of it: a sentence, or what says in which unit a table counts."""
    return (score > 0 and _is_text(line)) or UNIT.match(line.text) is not None


def _is_known(block: Block) -> bool:
    element = block.element
    identity = (element.get("id") or "").lower()
    if identity in KNOWN_IDS or identity.startswith("postmessage_"):
        return True
    return not KNOWN_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def _score(line: Line, seen: set[str]) -> float:
    """Characters of running text, less what speaks against a line; a hidden line and a second copy count nothing."""
    if line.hidden or (len(line.text) >= LONG and line.text in seen):
        return 0.0
    seen.add(line.text)
    against = _against(line)
    if against:
        return against
    if line.files:
        return 2.0
    plain = len(line.text) - 2 * line.links
    if line.row:
        return plain * 0.6
    if PUNCTUATION.search(line.text) and len(line.text) >= 12:
        return float(min(plain, 600))
    if NUMBERED.match(line.text):
        return plain * 0.6
    return plain * 0.3 if len(line.text) >= 30 else -1.0


def _without_teasers(lines: list[Line], scores: list[float]) -> list[float]:
    """Scores in which the summaries of other articles, each below its linked headline, count nothing."""
    teasers = [
        place
        for place in range(1, len(lines))
        if scores[place] > 0 and len(lines[place - 1].text) >= HEADLINE and _is_linked(lines[place - 1])
    ]
    if len(teasers) < SEVERAL:
        return scores
    for place in teasers:
        scores[place] = 0.0
    return scores


def _against(line: Line) -> float:
    """What speaks against a line: furniture by its element's name or its words, links."""
    length = len(line.text)
    if line.noise:
        return -min(length, 40.0)
    if is_ender(line.text):
        return -12.0 if is_doubtful(line.text) else -60.0
    if line.links * 2 > length and not line.files:
        return -min(length, 40.0) - 4
    return -12.0 if is_edge(line.text) and not line.files else 0.0


def _trim(lines: list[Line], block: Block) -> tuple[int, int]:
    """Bounds of the text within a block: furniture off its head, and off its tail from the first line that ends it."""
    start, end = _first_letter(lines, block) or (block.start, block.end)
    first, last = start, _end(lines, start, end)
    while first < last and _is_head(lines[first]):
        first += 1
    first = _after_head(lines, first, last)
    while last > first and _is_tail(lines[last - 1]):
        last -= 1
    return first, last


def _first_letter(lines: list[Line], block: Block) -> tuple[int, int] | None:
    """The first letter of a thread as bulletin boards of the telnet kind print them: below 发信站, down to the -- line."""
    start = next((place + 1 for place in range(block.start, block.end) if LETTER.match(lines[place].text)), None)
    if start is None:
        return None
    return start, next((place for place in range(start, block.end) if SIGNED_OFF.match(lines[place].text)), block.end)


def _end(lines: list[Line], start: int, end: int) -> int:
    """The place of the first line after which no text follows, if most of the run's text stands before it."""
    whole = sum(len(line.text) for line in lines[start:end] if line.links * 2 <= len(line.text))
    before = 0
    for place in range(start, end):
        line = lines[place]
        if (
            before * 2 >= whole
            and is_ender(line.text)
            and not (is_doubtful(line.text) and _goes_on(lines, place + 1, end))
        ):
            return place
        if line.links * 2 <= len(line.text):
            before += len(line.text)
    return end


def _goes_on(lines: list[Line], start: int, end: int) -> bool:
    """Whether running text follows before anything that surely ends an article."""
    for line in lines[start:end]:
        if is_ender(line.text) and not is_doubtful(line.text):
            return False
        if len(line.text) >= LONG and MARKS.search(line.text) and not (line.noise or line.hidden or _is_linked(line)):
            return not is_edge(line.text)
    return False


def _is_head(line: Line) -> bool:
    if line.row and not is_edge(line.text):
        return False
    return line.level > 0 or line.noise or line.hidden or is_edge(line.text) or _is_linked(line) or is_stamp(line.text)


def _after_head(lines: list[Line], first: int, last: int) -> int:
    """Past a date or source line that stands a few short lines below the head, with the title above it."""
    for place in range(min(first + 8, last) - 1, first - 1, -1):
        text = lines[place].text
        if (is_edge(text) or is_stamp(text)) and not any(_is_text(line) for line in lines[first:place]):
            return place + 1
    return first


def _is_text(line: Line) -> bool:
    return len(line.text) > 60 or MARKS.search(line.text) is not None


def is_stamp(text: str) -> bool:
    """A short line with a date and no sentence, as templates put under the title."""
    return (
        len(text) <= 60 and not MARKS.search(text) and "年" not in text and any(shape.search(text) for shape in SHAPES)
    )


def _is_linked(line: Line) -> bool:
    return line.links * 2 > len(line.text) and not line.files


def _is_tail(line: Line) -> bool:
    return line.noise or line.hidden or _is_linked(line) or is_edge(line.text) or is_ender(line.text)


def _kept(lines: list[Line], first: int, last: int) -> list[Line]:
    """The lines of the text: hidden ones, furniture between and second copies of long lines left out."""
    kept = []
    shown = any(not line.hidden for line in lines[first:last])
    quiet = any(not line.noise for line in lines[first:last])
    for line in lines[first:last]:
        if (line.hidden and shown) or (line.noise and quiet) or _is_between(line):
            continue
        kept.append(line)
    once = _once(kept)
    size = sum(len(line.text) for line in kept)
    return once if size - sum(len(line.text) for line in once) >= COPIED * size else kept


def _once(kept: list[Line]) -> list[Line]:
    """The lines without the long ones that were there before."""
    seen: set[str] = set()
    once = []
    for line in kept:
        if len(line.text) < LONG or line.text not in seen:
            once.append(line)
            seen.add(line.text)
    return once


def _is_between(line: Line) -> bool:
    """Furniture in the midst of the text: only short lines that name an editor, a button or a share."""
    return len(line.text) <= 40 and not line.row and is_edge(line.text) and not MARKS.search(line.text)


def _names_files(kept: list[Line]) -> bool:
    """Whether a page's text is the name of its one document, or of a few."""
    return 0 < len(kept) <= FEW and all(line.files for line in kept)


def _is_prose(kept: list[Line]) -> bool:
    """Whether the lines read as a text or a table, not as a list of links."""
    length = sum(len(line.text) for line in kept)
    links = sum(line.links for line in kept if not line.files)
    return links * 2 < length and (any(PUNCTUATION.search(line.text) or line.row for line in kept) or length >= 60)
