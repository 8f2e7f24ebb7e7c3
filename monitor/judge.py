"""JUDGE: one article becomes its themes, regions, targets and programmes. Nothing is fetched, stored or compared here.

The order is the sentence: fold the text, locate the places, classify, extract, then say of each finding whose it is and
which themes it speaks of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import TypeVar

from monitor.classify import Classifier
from monitor.domain import Article, Designation, Judgement, Programme, Quantity, Region, Target
from monitor.extract import extract
from monitor.extract.names import plain
from monitor.extract.targets import distinct
from monitor.regions import Gazetteer, load_gazetteer
from monitor.seeds import SHIPPED, Seeds
from monitor.spun import fold_article

# To be raised with each change of the rules (not of the seeds): stored articles judged with another are judged again.
RULES = 1
F = TypeVar("F", Quantity, Designation, Programme)


class Judge:
    """Judges articles by the seeds it was made with. `version` names seeds and rules: equal versions judge alike."""

    def __init__(self, seeds: Seeds, gazetteer: Gazetteer | None = None) -> None:
        self._seeds = seeds
        self._gazetteer = gazetteer or load_gazetteer()
        self._classifier = Classifier(seeds.themes, seeds.words, seeds.genres)
        self.version = seeds_version(seeds)

    def judge(self, article: Article) -> Judgement:
        """Return everything found in `article`, each kind in the order of the text."""
        title, text = fold_article(article, self._seeds)
        places = self._gazetteer.locate(article, text)
        themes = self._classifier.classify(article, text, title)
        findings = sorted(extract(article, text, places.spans, themed=bool(themes)), key=lambda one: one.evidence.start)

        def placed(finding: F, name: str) -> F:
            return replace(
                finding,
                region=places.owner(
                    finding.evidence,
                    name,
                    at=finding.at if isinstance(finding, Quantity) else None,
                    conferred=isinstance(finding, Designation),
                ),
                themes=self._classifier.of_fact(text, finding.evidence, name, themes),
            )

        quantities = distinct(placed(one, one.metric) for one in findings if isinstance(one, Quantity))
        statuses = (placed(one, one.name) for one in findings if isinstance(one, Designation))
        targets: list[Target] = [*quantities, *statuses]
        targets.sort(key=lambda one: one.evidence.start)
        programmes = tuple(_once(placed(one, one.name) for one in findings if isinstance(one, Programme)))
        return Judgement(themes, places.matches, tuple(targets), programmes)


def _once(programmes: Iterable[Programme]) -> Iterator[Programme]:
    """Each programme once a place: eight districts may each carry out one of the same name."""
    seen: set[tuple[str, Region | None]] = set()
    for one in programmes:
        if (key := (plain(one.name), one.region)) not in seen:
            seen.add(key)
            yield one


def seeds_version(seeds: Seeds) -> str:
    """A short digest of what a judgement depends on: themes, words, regions and the version of the rules."""
    digest = blake2b(f"{RULES}".encode(), digest_size=6)
    for part in (seeds.themes, sorted(seeds.synonyms.items()), sorted(seeds.odd), seeds.genres, seeds.words):
        digest.update(repr(part).encode())
    for name in ("regions.toml", "divisions.csv"):
        digest.update((SHIPPED / name).read_bytes())
    return digest.hexdigest()
