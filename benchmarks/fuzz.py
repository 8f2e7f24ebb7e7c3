"""fuzz: 10,000 mutated pages and 1,000 mutated files: only PageError may leave their readers, and none may hang."""

import contextlib
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.figures import ROOT, Figure
from crawler.listing import list_page, read_listing
from crawler.reading.documents import read_document
from crawler.reading.page import read_page
from crawler.reading.parts import later_parts
from monitor.errors import PageError
from tests import filemakers

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://a.example/2026/11/20/t_71001.html"
PAGES, FILES = 10_000, 1_000
LIMIT = 5.0  # seconds that one case may take: a hundred times what a page does
TAG = re.compile(rb"<[^<>]{0,300}>")
CHARSETS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "latin-1", "utf-7")
Case = tuple[str, bytes]
Mutation = Callable[[random.Random, bytes], bytes]


def measure() -> Sequence[Figure]:
    pages, files = trial(islice(page_cases(seed=1), PAGES)), trial(islice(file_cases(seed=1), FILES))
    for problem in (*pages[0], *files[0]):
        print(problem)
    return (
        Figure(f"exceptions in {PAGES:,} pages", len(pages[0]), 0, "at most"),
        Figure(f"exceptions in {FILES:,} files", len(files[0]), 0, "at most"),
        Figure("the slowest page", pages[1], LIMIT, "at most", "s"),
        Figure("the slowest file", files[1], LIMIT, "at most", "s"),
    )


def trial(cases: Iterator[Case]) -> tuple[list[str], float]:
    """What left the readers besides PageError, case by case, and the seconds of the slowest case."""
    problems: list[str] = []
    slowest = 0.0
    for number, (name, body) in enumerate(cases):
        start = time.process_time()
        try:
            read(name, body)
        except PageError:
            pass
        except Exception as error:  # that is what is looked for
            problems.append(f"case {number}, {name}: {type(error).__name__}: {error}")
        slowest = max(slowest, time.process_time() - start)
    return problems, slowest


def read(name: str, body: bytes) -> None:
    """Read a case as a crawl would: a page as a list, as a part of an article, and as an article."""
    if name.endswith(".html"):
        with contextlib.suppress(PageError):
            read_listing(list_page(URL, body), now=NOW)
        later_parts(body, URL, URL)
        read_page(body, url=URL, now=NOW)
    else:
        read_document(name, body, until=time.monotonic() + LIMIT)


def page_cases(seed: int) -> Iterator[Case]:
    """The saved pages of the tests with one to three mutations each, without end and the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311  # the same cases at each run
    folders = sorted(Path(ROOT, "tests", "pages", "article").iterdir())
    pages = [(f"{folder.name}.html", (folder / "page.html").read_bytes()) for folder in folders]
    while True:
        for name, body in pages:
            for mutation in dice.choices(MUTATIONS, k=dice.randint(1, 3)):
                body = mutation(dice, body)  # noqa: PLW2901  # mutation upon mutation
            yield name, body


def file_cases(seed: int) -> Iterator[Case]:
    """Document files with bytes flipped, cut out or doubled."""
    dice = random.Random(seed)  # noqa: S311  # the same cases at each run
    policy = filemakers.POLICY
    rows: filemakers.Rows = [("指标", "2027年"), ("基地", 12.0)]
    doc, pdf, ofd = (
        filemakers.make_doc(policy),
        filemakers.make_pdf(policy, policy),
        filemakers.make_ofd(policy, signed=True),
    )
    files = {
        "a.pdf": pdf,
        "a.doc": doc,
        "a.docx": filemakers.make_docx(policy, [("指标", "2027年")]),
        "a.xls": filemakers.make_xls("目标", rows),
        "a.xlsx": filemakers.make_xlsx({"目标": rows}),
        "a.ofd": ofd,
        "a.rtf": filemakers.make_rtf(policy, rows),
        "a.zip": filemakers.make_zip({"1.doc": doc, "2.pdf": pdf, "3.ofd": ofd}),
    }
    while True:
        for name, body in files.items():
            yield name, dice.choice((_flipped, _flipped, _cut, _doubled))(dice, body)


def _cut(dice: random.Random, body: bytes) -> bytes:
    start = dice.randrange(len(body) + 1)
    return body[:start] + body[start + dice.choice((1, 40, 2_000, len(body))) :]


def _doubled(dice: random.Random, body: bytes) -> bytes:
    start = dice.randrange(len(body) + 1)
    piece = body[start : start + dice.choice((1, 40, 2_000))]
    return body[:start] + piece * dice.choice((2, 2, 3, 200)) + body[start:]


def _flipped(dice: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(dice.choice((1, 5, 60)) if changed else 0):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _without_tags(dice: random.Random, body: bytes) -> bytes:
    share = dice.choice((0.01, 0.1, 0.5))
    return TAG.sub(lambda tag: b"" if dice.random() < share else tag[0], body)


def _shuffled_tags(dice: random.Random, body: bytes) -> bytes:
    tags = TAG.findall(body) or [b"<p>"]
    return TAG.sub(lambda tag: dice.choice(tags) if dice.random() < 0.05 else tag[0], body)


def _moved(dice: random.Random, body: bytes) -> bytes:
    """Another charset than the page says."""
    text = body.decode("utf-8", "replace")
    return text.encode(dice.choice(CHARSETS), "replace")


MUTATIONS: tuple[Mutation, ...] = (_cut, _doubled, _flipped, _without_tags, _shuffled_tags, _moved)
