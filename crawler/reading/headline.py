"""The headline of a page and the line that prints it, found by what <title>, headings and metas agree on.

The order in which places are asked is the order in which they were right on real pages. Refuses to guess: None where
nothing says it.
"""

import re

from crawler.reading.body import Body, is_stamp
from crawler.reading.surroundings import HEAD_BEFORE, HOUSE, document_title, squeeze
from crawler.reading.tree import Line, Sheet

MEANINGFUL = 12  # characters: a shorter <title> that no line of the page repeats names the site
TITLE_METAS = ("articletitle", "dc.title", "title_article")
SUFFIX = re.compile(r"\s{0,3}[_|｜]\s{0,3}|\s{1,3}[-—–－]{1,2}\s{1,3}|-{2,3}|[—–－]{2}|\s?-\s?(?=[^-]{2,16}$)")
CUT = re.compile(r"…|\.{3}")
# The maker of the software, not the site.
MAKER = re.compile(r"powered by", re.IGNORECASE)


def read_headline(
    sheet: Sheet, body: Body, metas: dict[str, str], *, listed: str | None
) -> tuple[str | None, int | None]:
    """Find the headline and the line that prints it; `listed` is what a list row called the page."""
    named = next((metas[name] for name in TITLE_METAS if len(metas.get(name, "")) >= 2), None)
    document = document_title(sheet.root)
    if named:
        return named, _place(sheet.lines, named, body)
    if _names_house(document):
        own = next(
            (place for place in (_over_stamp(sheet, body), _lone_heading(sheet, body)) if place is not None), None
        )
        if own is not None:
            return sheet.lines[own].text, own
    for candidates in (_headings(sheet, body), _above(sheet, body)):
        within = [place for place in candidates if _agrees(document, sheet.lines[place].text)]
        if within:
            place = max(within, key=lambda place: _rank(sheet.lines, place, body))
            return _whole(sheet.lines, place, document), place
    over = _over_stamp(sheet, body)
    if over is not None and len(without_suffix(document)) < MEANINGFUL and "og:title" not in metas:
        return sheet.lines[over].text, over
    lone = _lone_heading(sheet, body)
    chosen = _stated(document, metas, listed) or (sheet.lines[lone].text if lone is not None else listed)
    return chosen, _place(sheet.lines, chosen, body) if chosen else None


def site_name(document: str, headline: str | None) -> str | None:
    """The site's name at the end of <title>, or at its beginning where the headline ends it: 某市科技局 工作动态 标题."""
    pieces = [piece.strip() for piece in SUFFIX.split(document) if not MAKER.search(piece)]
    if len(pieces) == 1 and headline and document.endswith(headline):
        pieces = [*document.removesuffix(headline).split(), headline]
    name = pieces[0] if headline and squeeze(pieces[-1]) == squeeze(headline) else pieces[-1]
    return name if len(pieces) > 1 and 2 <= len(name) <= 20 else None


def without_suffix(document: str) -> str:
    """<title> less what follows its last separators: the site's name, the section's."""
    pieces = SUFFIX.split(document)
    if len(pieces) == 1:
        return document
    first = pieces[0].strip()
    return first if len(first) >= 6 else max((piece.strip() for piece in pieces), key=len)


def without_headline(text: str, headline: str) -> str:
    """A text less the lines at its head that print the headline once more, over however many lines it was set."""
    lines = text.split("\n")
    whole, printed = squeeze(headline), ""
    for place, line in enumerate(lines[:-1], 1):
        printed += squeeze(line)
        if printed == whole:
            return "\n".join(lines[place:])
        if not whole.startswith(printed):
            break
    return text


def _rank(lines: list[Line], place: int, body: Body) -> tuple[int, bool, int]:
    """Of lines that <title> holds: the longest, above the text rather than in it, nearest to its start."""
    return len(squeeze(lines[place].text)), place <= body.first, -abs(body.first - place)


def _whole(lines: list[Line], place: int, document: str) -> str:
    """A headline set over several lines, put together while <title> holds the whole."""
    whole = lines[place].text
    for step in (-1, 1):
        for near in range(place + step, place + 4 * step, step):
            if not 0 <= near < len(lines) or squeeze(lines[near].text) in squeeze(whole):
                break
            longer = lines[near].text + whole if step < 0 else whole + lines[near].text
            if squeeze(longer) not in squeeze(document):
                break
            whole = longer
    return whole


def _headings(sheet: Sheet, body: Body) -> list[int]:
    limit = body.first + max(3, (body.last - body.first) // 4)
    return [place for place, line in enumerate(sheet.lines[:limit]) if line.level and not line.hidden]


def _above(sheet: Sheet, body: Body) -> list[int]:
    return [
        place for place, line in enumerate(sheet.lines[: body.first + 2]) if len(line.text) >= 6 and not line.hidden
    ]


def _agrees(document: str, text: str) -> bool:
    """Whether <title> holds the line, or breaks off where the line goes on."""
    stem = squeeze(CUT.split(document, maxsplit=1)[0])
    return _contains(document, text) or (
        MEANINGFUL <= len(stem) < len(squeeze(document)) and squeeze(text).startswith(stem)
    )


def _names_house(document: str) -> bool:
    """Whether <title> says no more than whose page it is."""
    return len(document) <= 20 and len(SUFFIX.split(document)) == 1 and HOUSE.search(document) is not None


def _contains(document: str, text: str) -> bool:
    """Whether <title> holds the line, and the line is more than the site's or the section's name in it."""
    whole, part = squeeze(document), squeeze(text)
    if len(part) < 4 or part not in whole:
        return False
    return whole.startswith(part) or len(part) * 2 > len(whole) or len(part) >= 12


def _place(lines: list[Line], title: str, body: Body) -> int | None:
    """The line nearest above the text that prints the title."""
    wanted = squeeze(title)
    limit = min(len(lines), body.first + 3)
    return next((place for place in range(limit - 1, -1, -1) if wanted and wanted in squeeze(lines[place].text)), None)


def _stated(document: str, metas: dict[str, str], listed: str | None) -> str | None:
    """og:title unless it was cut, else <title> without the site's name, unless the list says more."""
    social = metas.get("og:title") or metas.get("twitter:title")
    short = without_suffix(document)
    said = squeeze(short).rstrip("….")  # a cut title ends so
    if listed and said and said in squeeze(listed):
        return listed
    if social and len(social) >= 4 and not short.startswith(social + '"'):
        return without_suffix(social)
    return short or None


def _lone_heading(sheet: Sheet, body: Body) -> int | None:
    """The heading nearest above the text, where <title> says nothing."""
    for place in reversed(_headings(sheet, body)):
        line = sheet.lines[place]
        if len(line.text) >= 6 and not line.noise and line.links * 2 <= len(line.text):
            return place
    return None


def _over_stamp(sheet: Sheet, body: Body) -> int | None:
    """The line above the date and source line, where headlines stand."""
    for place in range(body.first - 1, max(0, body.first - HEAD_BEFORE), -1):
        if is_stamp(sheet.lines[place].text) and _is_plain(sheet.lines[place - 1]):
            return place - 1
    return None


def _is_plain(line: Line) -> bool:
    return len(line.text) >= 8 and not (line.noise or line.links or line.row or is_stamp(line.text))
