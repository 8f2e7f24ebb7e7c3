"""What a page carries and does not show as text: an article in a text field or in a script's data, words of its pictures,
a document in a frame.

Asked only where a page shows hardly any text. What is found becomes elements of the page, so that one reader reads it
all. Runs no script and guesses at none: data is what JSON can be read from.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from lxml import etree

from crawler.reading.attachments import file_links, file_name
from crawler.reading.dates import read_date
from crawler.reading.tree import CHINESE, PROSE, Element, fragment, tidy

ARTICLE = 40  # Chinese characters from which a text is worth being taken for the article
MOST_VALUES = 20_000  # of a page's data
MOST_SCRIPTS = 60
MARKUP = re.compile(r"<(?:p|br|div|span|table|section|img)\b|</p>", re.IGNORECASE)
LITERAL = re.compile(r"<(?:p|div|span)\b[^<>]{0,300}>.{0,2000}?</(?:p|div|span)>", re.IGNORECASE | re.DOTALL)
# window.DATA = {...}, JSON.parse("..."), var content = "...": where a script's data begins.
BEGINS = re.compile(r"(?:=|JSON\.parse\(|^)\s{0,20}(?=[{\[\"])")
TITLES = ("title", "name", "headline", "articletitle", "doctitle", "newstitle")
DATES = re.compile(
    r"(?:pub|release|issue)\w{0,8}_?(?:time|date|at)$|^(?:ptime|pubdate|ctime|createtime)$", re.IGNORECASE
)
SOURCES = ("source", "sourcename", "contentsource", "origin", "copyfrom", "media", "medianame", "publisher")
Record = Mapping[str, Any]


def reveal(root: Element, *, now: datetime) -> bool:
    """Make elements of what a page carries: its text fields, else its data, its pictures, its framed documents; whether
    there was any."""
    return _show_fields(root) or _show_data(root, now) or _show_pictures(root) or _show_frames(root)


def unfold(element: Element) -> bool:
    """Make markup of what an element shows as text with tags in it, escaped once too often; whether it did."""
    said = "".join(str(piece) for piece in element.itertext())
    box = fragment(said) if LITERAL.search(said) else None
    if box is None:
        return False
    _replace_content(element, box)
    return True


def _show_fields(root: Element) -> bool:
    """Texts that a script is to move out of a <textarea>."""
    shown = False
    for area in list(root.iter("textarea", "template", "noscript")):
        said = "".join(str(piece) for piece in area.itertext())
        if len(CHINESE.findall(said)) >= ARTICLE:
            shown = True
            box = fragment(said) if MARKUP.search(said) else None
            area.tag = "div"
            area.attrib.clear()
            if box is not None:
                _replace_content(area, box)
    return shown


def _show_data(root: Element, now: datetime) -> bool:
    """The longest text of the page's data, below the title, day and source that stand beside it."""
    best: tuple[int, str, Record] | None = None
    for script in list(root.iter("script"))[:MOST_SCRIPTS]:
        for value, record in _texts(script.text or ""):
            size = len(CHINESE.findall(value))
            if size >= ARTICLE and (best is None or size > best[0]):
                best = (size, value, record)
    body = root.find(".//body")
    made = fragment(_markup(best[1], best[2], now)) if best else None
    if made is None or body is None:
        return False
    body.append(made)
    return True


def _show_pictures(root: Element) -> bool:
    """What is written in pictures, where the page says it for those who cannot see them."""
    shown = False
    for picture in list(root.iter("img")):
        said = picture.get("alt") or ""
        parent = picture.getparent()
        if len(CHINESE.findall(said)) >= PROSE and parent is not None:
            line = etree.SubElement(parent, "p")
            line.text = tidy(said)
            picture.addnext(line)
            line.tail, picture.tail = picture.tail, None
            shown = True
    return shown


def _show_frames(root: Element) -> bool:
    """The names of documents that frames show: of such a page they are all the text."""
    shown = False
    for element, href in list(file_links(root)):
        if element.tag != "a":
            link = etree.Element("a", href=tidy(href))
            link.text = tidy(file_name(element, href))
            line = etree.Element("p")
            line.append(link)
            element.addnext(line)
            line.tail, element.tail = element.tail, None
            shown = True
    return shown


def _replace_content(area: Element, box: Element) -> None:
    for child in list(area):
        area.remove(child)
    area.text = None
    area.append(box)


def _texts(script: str) -> Iterator[tuple[str, Record]]:
    """Texts in the data of a script, each with the record that it belongs to."""
    if len(CHINESE.findall(script)) < ARTICLE and "\\u" not in script:
        return
    for data in _data(script):
        todo: list[Any] = [data]
        for _ in range(MOST_VALUES):
            if not todo:
                break
            value = todo.pop()
            if isinstance(value, dict):
                yield from ((text, value) for text in value.values() if isinstance(text, str))
                todo += value.values()
            elif isinstance(value, list):
                todo += value
            elif isinstance(value, str) and value is data:
                yield value, {}


def _data(script: str) -> Iterator[Any]:
    """What JSON can be read from in a script, JSON within JSON unfolded once."""
    decoder, position = json.JSONDecoder(), 0
    while begin := BEGINS.search(script, position):
        position = begin.end()
        try:
            value, position = decoder.raw_decode(script, position)
        except (ValueError, RecursionError):
            position += 1
            continue
        if isinstance(value, str) and value[:1] in ("{", "["):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                continue
        yield value


def _markup(text: str, record: Record, now: datetime) -> str:
    fields = {key.lower(): value for key, value in record.items() if isinstance(value, str | int)}
    title = next((fields[key] for key in TITLES if 4 <= len(str(fields.get(key, ""))) <= 200), None)
    source = next((fields[key] for key in SOURCES if 2 <= len(str(fields.get(key, ""))) <= 40), None)
    days = (read_date(str(value), now=now) for key, value in fields.items() if DATES.search(key))
    day = next((day for day in days if day), None)
    lines = text if MARKUP.search(text) else "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    head = [
        f"<h1>{escape(str(title))}</h1>" if title else "",
        f"<p>发布时间：{day}</p>" if day else "",
        f"<p>来源：{escape(str(source))}</p>" if source else "",
    ]
    return f"<div>{''.join(head)}<div id='zoom'>{lines}</div></div>"
