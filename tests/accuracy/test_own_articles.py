"""The judgement against our own labelled articles (NAME.txt and NAME.json): prints the figures, fails below a floor.

Rules may be written with those of own/ in sight. Those of aside/ are read by nobody who writes rules: their figures say what to
expect of an article that was never seen.

A quantity is right when assertion, value and unit agree and its sentence is the labelled one; metric, comparator, year and
place are then counted by themselves. Names are right when they agree but for quotes and brackets. What a label calls
optional counts neither way. Thirty-eight of the articles are not about policy: whatever is found there is wrong.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor.domain import Article, Designation, Finding, Programme, Quantity
from monitor.judge import Judge
from monitor.seeds import load_seeds

HERE = Path(__file__).parent
FLOORS: dict[str, dict[str, float]] = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))
ARTICLES = [(folder, file.stem) for folder in ("own", "aside") for file in sorted((HERE / folder).glob("*.json"))]
MARKS = str.maketrans("", "", '“”‘’「」『』"《》（）() \n')
SAME_SENTENCE, SAME_METRIC = 0.6, 0.5  # shared character pairs
Label = dict[str, Any]


def bare(text: str) -> str:
    return text.translate(MARKS)


def shared(one: str, other: str) -> float:
    """Character pairs of the shorter text that the longer one has, too."""
    shorter, longer = sorted((bare(one), bare(other)), key=len)
    if shorter in longer:
        return 1.0
    pairs = {shorter[place : place + 2] for place in range(len(shorter) - 1)}
    return sum(pair in longer for pair in pairs) / len(pairs)


def units(label: Label) -> list[str | None]:
    return label["unit"] if isinstance(label["unit"], list) else [label["unit"]]


def is_quantity(found: Finding, label: Label) -> bool:
    return (
        isinstance(found, Quantity)
        and found.assertion == label["assertion"]
        and float(found.value) == label["value"]
        and found.unit in units(label)
        and shared(found.evidence.text, label["sentence"]) >= SAME_SENTENCE
    )


def is_named(found: Finding, label: Label) -> bool:
    if isinstance(found, Quantity) or bare(found.name) != bare(label["name"]):
        return False
    return isinstance(found, Programme) or found.assertion == label["assertion"]


def fields(found: Finding, label: Label) -> Iterator[str]:
    """The fields of a quantity that agree with its label."""
    if not isinstance(found, Quantity):
        return
    strict = {"ge": "gt", "le": "lt"}
    if shared(found.metric, label["metric"]) >= SAME_METRIC:
        yield "metric"
    if strict.get(found.comparator, found.comparator) == strict.get(label["comparator"], label["comparator"]):
        yield "comparator"
    if (found.deadline or "")[:4] == (label["deadline"] or "")[:4]:
        yield "deadline"
    if (found.region.name if found.region else None) == label["region"]:
        yield "region"


def tally(
    kind: str, found: Sequence[Finding], labels: Sequence[Label], same: Callable[[Finding, Label], bool]
) -> Counter[str]:
    """Count what was found, what was right, and what is labelled; required labels are matched before optional ones."""
    left, counts = list(found), Counter[str]()
    for label in sorted(labels, key=lambda one: bool(one["optional"])):
        match = max(
            (one for one in left if same(one, label)), key=lambda one: len(list(fields(one, label))), default=None
        )
        if match is not None:
            left.remove(match)
        if label["optional"]:
            continue
        counts[f"{kind} labelled"] += 1
        if match is not None:
            counts[f"{kind} right"] += 1
            counts.update(f"{kind} {field}" for field in fields(match, label))
    counts[f"{kind} wrong"] = len(left)
    return counts


def tally_names(kind: str, found: Iterable[str], labels: Iterable[str], optional: Iterable[str]) -> Counter[str]:
    said, wanted = set(found), set(labels)
    return Counter(
        {
            f"{kind} right": len(said & wanted),
            f"{kind} wrong": len(said - wanted - set(optional)),
            f"{kind} labelled": len(wanted),
        }
    )


def judge_article(judge: Judge, folder: str, name: str) -> Counter[str]:
    label = json.loads((HERE / folder / f"{name}.json").read_text(encoding="utf-8"))
    title, _, text = (HERE / folder / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    judged = judge.judge(
        Article(
            title=title,
            text=text.strip(),
            published=label["published"],
            publisher=label["publisher"],
            region=label.get("home"),
        )
    )
    numbers = [one for one in judged.targets if isinstance(one, Quantity)]
    statuses = [one for one in judged.targets if isinstance(one, Designation)]
    subjects = [match.region.name for match in judged.regions if match.role == "subject"]
    return (
        tally("quantity", numbers, label["quantities"], is_quantity)
        + tally("designation", statuses, label["designations"], is_named)
        + tally("programme", judged.programmes, label["programmes"], is_named)
        + tally_names("theme", (theme.name for theme in judged.themes), label["themes"], label["themes_optional"])
        + tally_names("region", subjects, label["regions"], label["regions_optional"])
    )


def figures(counts: Counter[str]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for kind in ("quantity", "designation", "programme", "theme", "region"):
        right = counts[f"{kind} right"]
        shares[f"{kind} precision"] = right / (right + counts[f"{kind} wrong"])
        shares[f"{kind} recall"] = right / counts[f"{kind} labelled"]
    for field in ("metric", "comparator", "deadline", "region"):
        shares[f"quantity {field}"] = counts[f"quantity {field}"] / counts["quantity right"]
    return shares


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load_seeds(shipped_sources=False))


@pytest.mark.parametrize("folder", ["own", "aside"])
def test_figures_hold_their_floors(judge: Judge, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    names, floors = [name for place, name in ARTICLES if place == folder], FLOORS[folder]
    total = Counter[str]()
    for name in names:
        total.update(judge_article(judge, folder, name))
    measured = figures(total)
    with capsys.disabled():
        lines = [f"{name:24} {share:.3f}  floor {floors[name]:.2f}" for name, share in measured.items()]
        print("", f"{folder}: {len(names)} labelled articles", *lines, sep="\n")  # noqa: T201
    below = {name: share for name, share in measured.items() if share < floors[name]}
    assert not below


@pytest.mark.parametrize(
    "name",
    [
        *("city-marathon", "autumn-rain", "share-close", "a28", "a29", "b28", "b29"),
        *(name for place, name in ARTICLES if place == "own" and name.startswith("n-")),
    ],
)
def test_nothing_is_found_where_nothing_is_said(judge: Judge, name: str) -> None:
    assert judge_article(judge, "own", name)["quantity wrong"] == 0
    assert judge_article(judge, "own", name)["programme wrong"] == 0


@pytest.mark.parametrize(("folder", "name"), ARTICLES)
def test_labels_quote_their_article(folder: str, name: str) -> None:
    label = json.loads((HERE / folder / f"{name}.json").read_text(encoding="utf-8"))
    text = (HERE / folder / f"{name}.txt").read_text(encoding="utf-8")
    for item in (*label["quantities"], *label["designations"], *label["programmes"]):
        assert item["sentence"] in text
