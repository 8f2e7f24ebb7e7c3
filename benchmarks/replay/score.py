"""Holds what the product did against what is true of the stream by construction."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.digest import Item
from benchmarks.replay.feed import Feed, Told
from benchmarks.replay.matching import match, name_of
from benchmarks.replay.stored import Stored, Version
from benchmarks.replay.truth import Arrival, Event, Fact, Said

State = tuple[Fact, str]


@dataclass(slots=True)
class Score:
    """Counts, and each fault in words."""

    planted: int = 0
    found: int = 0
    facts: int = 0
    duplicates: int = 0
    repeats: int = 0  # the like among facts that were not planted
    merged: int = 0
    apart: int = 0
    story_precision: float = 1.0
    story_recall: float = 1.0
    spun: int = 0
    spun_known: int = 0
    events: Counter[Event] = field(default_factory=Counter)
    missed: Counter[Event] = field(default_factory=Counter)
    untold: int = 0  # revisions that reached the reader in no form
    problems: list[str] = field(default_factory=list)

    def share(self, event: Event) -> float:
        """Of the events of a kind, those that were recognised."""
        return 1 - self.missed[event] / self.events[event] if self.events[event] else 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What pages were found to say. `counted` was found at its original, `states` are what each page tells with each version."""

    stories: Mapping[str, int]  # the true ones, by address
    counted: frozenset[tuple[int, Said]]
    states: Mapping[tuple[str, int], Said]  # by address and version
    lost: Sequence[tuple[Arrival, Said]]  # found, but told by no sighting of the page
    quotes: Mapping[tuple[str, str, str], Sequence[Said]]  # by address, sentence and name

    def shown(self, address: str, item: Item) -> Said | None:
        """What an item of a digest tells, by the sentence that proves it."""
        said = self.quotes.get((address, item.citation.sentence, item.citation.name), ())
        right = [one for one in said if one.value is None or f"{one.value.normalize():f}" == item.fact.amount.value]
        return next(iter((*right, *said)), None)


def score(arrivals: Sequence[Arrival], feed: Feed, stored: Stored) -> Score:
    done = Score()
    reading = read(arrivals, feed, stored, done)
    score_stories(arrivals, stored, done)
    score_facts(reading, stored, done)
    told = score_told(reading, feed, stored, done)
    score_events(arrivals, told, reading, stored, done)
    return done


def read(arrivals: Sequence[Arrival], feed: Feed, stored: Stored, done: Score) -> Reading:
    """Find the planted facts, first in the originals: what is not found there counts nowhere."""
    matched = {one.url: match(one, feed.judge.said[one.url]) for one in arrivals}
    counted: set[tuple[int, Said]] = set()
    for one in arrivals:
        if not one.edits:
            done.planted += len(one.original.said)
            counted |= {(one.original.story, said) for said in matched[one.url]}
    done.found = len(counted)
    states: dict[tuple[str, int], Said] = {}
    quotes: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    lost = []
    for one in arrivals:
        for said, finding in matched[one.url].items():
            if (one.original.story, said) not in counted:
                continue
            quotes[one.url, finding.evidence.text, name_of(finding)].append(said)
            place = (finding.evidence.start, finding.evidence.end, name_of(finding))
            version = stored.sightings.get(one.url, {}).get(place)
            if version is None:
                lost.append((one, said))
            else:
                states[one.url, version] = said
    stories = {one.url: one.original.story for one in arrivals}
    return Reading(stories, frozenset(counted), states, lost, quotes)


# ------------------------------------------------------------------ stories


def score_stories(arrivals: Sequence[Arrival], stored: Stored, done: Score) -> None:
    """Pairs of pages: those of two texts of one family (a draft and what was issued) count neither way."""
    both = Counter((stored.stories[one.url], one.original.story) for one in arrivals)
    ours = Counter(stored.stories[one.url] for one in arrivals)
    true = Counter(one.original.story for one in arrivals)
    kin: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    for one in arrivals:
        kin[stored.stories[one.url]][one.original.family, one.original.story] += 1
    unscored = sum(_across(counts) for counts in kin.values())
    right, said, wanted = (sum(_pairs(count) for count in counts.values()) for counts in (both, ours, true))
    done.story_precision = right / max(said - unscored, 1)
    done.story_recall = right / max(wanted, 1)
    _find_missed_stories(arrivals, stored, done)
    _find_merged_stories(arrivals, stored, done)


def _find_missed_stories(arrivals: Sequence[Arrival], stored: Stored, done: Score) -> None:
    """Copies that are not in the story of their original."""
    home = {one.original.story: stored.stories[one.url] for one in arrivals if not one.edits}
    for one in arrivals:
        known = stored.stories[one.url] == home[one.original.story]
        done.spun += bool(one.spun)
        done.spun_known += bool(one.spun) and known
        if not known:
            share = f" {one.spun_share:.0%}" if one.spun else ""
            done.problems.append(f"story missed: {one.url} {'+'.join(one.edits)}{share}, of {one.original.title}")


def _find_merged_stories(arrivals: Sequence[Arrival], stored: Stored, done: Score) -> None:
    """Texts in the story of another text, once each."""
    first: dict[int, Arrival] = {}
    seen: set[tuple[int, int]] = set()
    for one in arrivals:
        other = first.setdefault(stored.stories[one.url], one)
        families = (other.original.family, one.original.family)
        if families[0] != families[1] and families not in seen:
            seen.add(families)
            done.problems.append(f"stories merged: {other.url} {other.original.title} | {one.url} {one.original.title}")


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _across(counts: Counter[tuple[int, int]]) -> int:
    """Pairs of different texts of one family."""
    families: dict[int, list[int]] = defaultdict(list)
    for (family, _), count in counts.items():
        families[family].append(count)
    return sum(_pairs(sum(own)) - sum(map(_pairs, own)) for own in families.values())


# ------------------------------------------------------------------ facts


def score_facts(reading: Reading, stored: Stored, done: Score) -> None:
    """True facts that share a stored one, and those that were told apart into several."""
    held: dict[int, dict[Fact, tuple[str, Said]]] = defaultdict(dict)
    homes: dict[Fact, set[int]] = defaultdict(set)
    for (address, version), said in reading.states.items():
        fact = stored.versions[version].fact
        held[fact].setdefault(said.fact, (address, said))
        if said.event not in ("result", "contradicted"):
            homes[said.fact].add(fact)
    done.facts = len(homes)
    done.apart = sum(len(own) > 1 for own in homes.values())
    for own in held.values():
        done.merged += len(own) - 1
        if len(own) > 1:
            done.problems.append("facts merged: " + " | ".join(_in_words(said, url) for url, said in own.values()))
    told = {said.fact for said in reading.states.values()}
    swallowed = {said.fact: (one, said) for one, said in reading.lost if said.fact not in told}
    done.merged += len(swallowed)
    for one, said in swallowed.values():
        done.problems.append(f"fact taken for another of its page: {_in_words(said, one.url)}")


# ------------------------------------------------------------------ what the reader is told


def score_told(reading: Reading, feed: Feed, stored: Stored, done: Score) -> dict[State, list[Told]]:
    """The same fact with the same state twice, as the sentence that the reader was shown says it; of what was not planted,
    one text's figure or name twice. Returns what was told of each state."""
    told: dict[State, list[Told]] = defaultdict(list)
    by_version = {version: said for (_, version), said in reading.states.items()}
    others: set[tuple[object, ...]] = set()
    for one in feed.told:
        address = stored.addresses[one.item.citation.article_id]
        said = reading.shown(address, one.item)
        if said is None:
            what = (reading.stories[address], *_shown(one.item))
            done.repeats += what in others
            others.add(what)
            continue
        before = told[said.fact, said.state]
        if before:
            done.duplicates += 1
            done.problems.append(
                f"duplicate: {_in_words(said, address)} {_quoted(one)}, told on {before[0].evening:%m-%d} {_quoted(before[0])} "
                + stored.addresses[before[0].item.citation.article_id]
            )
        before.append(one)
        for version in one.item.also:
            if beside := by_version.get(version):
                told[beside.fact, beside.state].append(one)
    return told


def _shown(item: Item) -> tuple[object, ...]:
    fact = item.fact
    return (fact.kind, fact.assertion, fact.amount.value, None if fact.amount.value else fact.name)


def _quoted(told: Told) -> str:
    return f"<{told.item.fact.name}> in «{told.item.citation.sentence}»"


def score_events(
    arrivals: Sequence[Arrival], told: Mapping[State, Sequence[Told]], reading: Reading, stored: Stored, done: Score
) -> None:
    """Whether each change was recognised as what it is, of the fact that it is about, and reached the reader as such."""
    versions: dict[State, set[int]] = defaultdict(set)
    homes: dict[Fact, set[int]] = defaultdict(set)
    for (_, version), said in reading.states.items():
        versions[said.fact, said.state].add(version)
        homes[said.fact].add(stored.versions[version].fact)
    earlier: dict[Fact, set[tuple[object, object]]] = defaultdict(set)
    for one in sorted((each for each in arrivals if not each.edits), key=lambda each: each.original.published):
        found = [said for said in one.original.said if (one.original.story, said) in reading.counted]
        for said in found:
            if not _changes(said, earlier[said.fact]):
                continue
            done.events[said.event] += 1
            state = (said.fact, said.state)
            done.untold += said.event == "revised" and not told[state]
            own = [stored.versions[id] for id in versions[state]]
            about = {stored.versions[each.about].fact for each in own if each.about is not None}
            if not _recognised(said.event, own, told[state]) or about.isdisjoint(homes[said.fact]):
                done.missed[said.event] += 1
                done.problems.append(f"{said.event} missed: {_in_words(said, one.url)}")
        for said in found:
            earlier[said.fact].add((said.value, said.year))


def _changes(said: Said, earlier: Collection[tuple[object, object]]) -> bool:
    """Whether this is a change that can be known: of a figure or a year alone, of a target that was found before."""
    if said.event == "revised":
        return any((value == said.value) != (year == said.year) for value, year in earlier)
    return said.event == "contradicted" or (said.event in ("result", "status") and bool(earlier))


def _recognised(event: Event, versions: Iterable[Version], told: Sequence[Told]) -> bool:
    """Whether the store and the digest call it what it is."""
    return any(one.event == event for one in versions) and any(one.item.fact.event == event for one in told)


def _in_words(said: Said, address: str) -> str:
    return f"{said.fact.place.full} {said.fact.name} {said.state} ({said.event}) {address}"
