"""The texts of an article's files go below its own, each under a line that names the file: facts are found in them like
in the text, and every offset stays one of the whole."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from crawler.reading.attachments import title_of
from crawler.reading.printed import Printed
from crawler.reading.surroundings import squeeze
from monitor.domain import Article, Attachment

MARK: Final = "附件："
MOST: Final = 300_000  # characters of all files of one article: a plan of 300 pages
LONG: Final = 20  # characters of a line that does not stand twice by chance
REPEATED: Final = 0.8  # share of a file's long lines that stand in the text already: it is the text once more

Read = tuple[Attachment, Sequence[Printed]]


def append(article: Article, read: Sequence[Read]) -> Article:
    """Put the texts of the files read below the article's; one that only repeats what stands there is left out."""
    for file, parts in read:
        for part in parts:
            if not repeats(part.text, f"{article.title}\n{article.text}"):
                article = _add(article, file, part)
    return article


def cut(parts: Sequence[Printed], room: int) -> list[Printed]:
    """The parts as far as there is room for their text; what is cut off is said in a warning."""
    kept: list[Printed] = []
    for part in parts:
        if len(part.text) > room:
            end = max(part.text.rfind("\n", 0, room), 0)
            warning = f"only the first {end:,} of {len(part.text):,} characters were read"
            pages = tuple(page for page in part.pages if page < end)
            kept.append(replace(part, text=part.text[:end], pages=pages, warnings=(*part.warnings, warning)))
        else:
            kept.append(part)
        room -= len(kept[-1].text)
    return kept


def repeats(text: str, said: str) -> bool:
    """Whether a text says hardly anything that was not said: the same document for reading and for printing."""
    known = squeeze(said)
    long = [line for line in map(squeeze, text.split("\n")) if len(line) >= LONG]
    if not long:
        return squeeze(text) in known
    return sum(line in known for line in long) >= REPEATED * len(long)


def _add(article: Article, file: Attachment, part: Printed) -> Article:
    name = f"{file.name}/{part.name}" if part.name else file.name
    shown = title_of(name)
    heading = f"\n{shown if shown.startswith('附件') else MARK + shown}\n"
    start = len(article.text) + len(heading)
    read = replace(file, name=name, start=start, pages=tuple(start + page for page in part.pages))
    return replace(article, text=article.text + heading + part.text, attachments=_shown(article.attachments, read))


def _shown(files: tuple[Attachment, ...], read: Attachment) -> tuple[Attachment, ...]:
    """The files with one of them as it was read, in its place; an archive is shown once for each document in it."""
    for place, one in enumerate(files):
        if one.url == read.url and one.start is None:
            return (*files[:place], read, *files[place + 1 :])
    last = max((place for place, one in enumerate(files) if one.url == read.url), default=len(files) - 1)
    return (*files[: last + 1], read, *files[last + 1 :])
