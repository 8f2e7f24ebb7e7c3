"""JUDGE: one article becomes its themes, regions, targets and programmes. Nothing is fetched, stored or compared here.

The order is the sentence: fold the text, locate the places, classify, extract, then say of each finding whose it is and
which themes it speaks of.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any, TypeVar

from monitor.canonical import Names, is_generic, short_names
from monitor.classify import Classifier, FactThemes
from monitor.domain import Article, Designation, Finding, Judgement, Programme, Quantity, Region, Target
from monitor.extract import extract
from monitor.extract.names import plain
from monitor.extract.targets import distinct
from monitor.publishers import Houses
from monitor.regions import Gazetteer, load_gazetteer
from monitor.seeds import SHIPPED, Seeds
from monitor.spun import fold_article

# To be raised with each change of the rules (not of the seeds): stored articles judged with another are judged again.
RULES = 3
F = TypeVar("F", Quantity, Designation, Programme)


class Judge:
    """Judges articles by the seeds it was made with. `version` names seeds and rules: equal versions judge alike."""

    def __init__(self, seeds: Seeds, gazetteer: Gazetteer | None = None) -> None:
        self._seeds = seeds
        self._gazetteer = gazetteer or load_gazetteer()
        self._classifier = Classifier(seeds.themes, seeds.words, seeds.genres)
        self._names = names_of(seeds)
        self._houses = Houses(seeds.publishers, seeds.sources)
        self.version = seeds_version(seeds)

    def judge(self, article: Article) -> Judgement:
        """Return everything found in `article`, each kind in the order of the text."""
        title, text = fold_article(article, self._seeds)
        places = self._gazetteer.locate(article, text, title)
        themes = self._classifier.classify(article, text, title)
        spoken = FactThemes(self._classifier, text, themes)
        findings = sorted(extract(article, text, places.spans, themed=bool(themes)), key=lambda one: one.evidence.start)
        shorts = short_names(article.text)

        def placed(finding: F, name: str) -> F:
            region = places.owner(
                finding.evidence,
                name,
                at=finding.at if isinstance(finding, Quantity) else None,
                conferred=isinstance(finding, Designation),
            )
            called = self._called(finding, region, shorts)
            return replace(finding, region=region, themes=spoken.of(finding.evidence, name), **called)

        quantities = distinct(placed(one, one.metric) for one in findings if isinstance(one, Quantity))
        statuses = (placed(one, one.name) for one in findings if isinstance(one, Designation))
        targets: list[Target] = [*quantities, *statuses]
        targets.sort(key=lambda one: one.evidence.start)
        programmes = tuple(_once(placed(one, one.name) for one in findings if isinstance(one, Programme)))
        return Judgement(
            themes,
            places.matches,
            tuple(targets),
            programmes,
            standing=self._houses.standing(article),
            origin=self._houses.origin(article),
        )

    def _called(self, finding: Finding, region: Region | None, shorts: Mapping[str, str]) -> dict[str, Any]:
        """The name by which a finding of `region` is known whatever the wording, and the short ones of a programme."""
        place = region.name if region else None
        if isinstance(finding, Quantity):
            return {"canonical": self._names.metric(finding.metric, place)}
        if isinstance(finding, Designation):
            return {"canonical": self._names.metric(finding.name, place)}
        full = self._names.programme(shorts.get(finding.name, finding.name), place)
        mine = (self._names.programme(short, place) for short, long in shorts.items() if long == finding.name)
        aliases = tuple(short for short in mine if short != full and not is_generic(short))
        return {"canonical": full, "aliases": aliases}


def names_of(seeds: Seeds) -> Names:
    """The names that the seeds know, and what they mean."""
    # Of spinners' words those that nobody else writes: the others are good words on other pages.
    odd = {word: seeds.synonyms[word] for word in seeds.odd}
    return Names.of(seeds.metrics, seeds.programmes, odd)


def _once(programmes: Iterable[Programme]) -> Iterator[Programme]:
    """Each programme once a place: eight districts may each carry out one of the same name."""
    seen: set[tuple[str, Region | None]] = set()
    for one in programmes:
        if (key := (plain(one.name).replace("的", ""), one.region)) not in seen:
            seen.add(key)
            yield one


def seeds_version(seeds: Seeds) -> str:
    """A short digest of what a judgement depends on: themes, words, names, regions and the version of the rules."""
    digest = blake2b(f"{RULES}".encode(), digest_size=6)
    names = (seeds.metrics, seeds.programmes, seeds.publishers)
    for part in (seeds.themes, sorted(seeds.synonyms.items()), sorted(seeds.odd), seeds.genres, seeds.words, names):
        digest.update(repr(part).encode())
    for name in ("regions.toml", "divisions.csv"):
        digest.update((SHIPPED / name).read_bytes())
    return digest.hexdigest()
