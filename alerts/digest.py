"""DIGEST: what is matched and not yet received, grouped for a reader. Renders nothing and sends nothing.

Place and theme, or theme and place, then article, then sentence: one plan's ten targets stand under one link, and a sentence
with five figures is quoted once.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

from alerts.wording import weight
from monitor.publishers import REPOST
from monitor.store.delivery import Grouping, Language, Subscription
from monitor.store.pending import Pending, Report, best

Section = Literal["revised", "results", "contradicted", "targets", "programmes", "support"]
SECTIONS: tuple[Section, ...] = ("targets", "programmes", "support", "revised", "results", "contradicted")
CHANGES = ("revised", "results", "contradicted")
NOWHERE: Mapping[Language, str] = {"zh-CN": "地区未明", "en": "place unknown"}
NO_THEME: Mapping[Language, str] = {"zh-CN": "其他主题", "en": "Other themes"}
SILENCE = "读得到，但很久没有新文章"  # of a source that answers: its list may have moved
MOST_HITS = 40  # articles without a fact that anybody runs through at one sitting; the others come next time
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Item:
    """One fact with the report that proves it best."""

    fact: Pending
    citation: Report
    second_hand: bool  # no official page has told it yet
    others: int  # further articles that tell it
    why: tuple[str, ...]  # themes with the words that stand for them, and the place that brought it here
    seen_first: Report | None = None  # the repost that told it before the page that is cited
    also: tuple[int, ...] = ()  # versions of its fact that are told with it
    theme: str = ""  # under which its article stands, in the reader's language

    @property
    def section(self) -> Section:
        if self.fact.event in ("result", "contradicted"):
            return "results" if self.fact.event == "result" else "contradicted"
        if self.fact.previous is not None:
            return "revised"
        if self.fact.kind == "programme":
            return "programmes"
        return "support" if self.fact.assertion == "support" else "targets"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence and every fact it proves."""

    sentence: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One article and what is quoted from it."""

    citation: Report
    quotes: tuple[Quote, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for quote in self.quotes for item in quote.items)

    @property
    def second_hand(self) -> bool:
        return self.items[0].second_hand

    @property
    def standing(self) -> str:
        """Whose word it is; empty for a file that belongs to no source."""
        if self.second_hand:
            return "转载，尚未见官方发布"
        return "官方来源" if self.citation.source else ""

    @property
    def others(self) -> int:
        return max(item.others for item in self.items)

    @property
    def seen_first(self) -> Item | None:
        """One that a repost told before this article was seen."""
        return next((item for item in self.items if item.seen_first), None)

    @property
    def why(self) -> tuple[str, ...]:
        """Themes first, the place last."""
        reasons = [reason for item in self.items for reason in item.why]
        place = self.items[0].fact.region_name
        themes = [reason for reason in reasons if reason != place]
        return tuple(dict.fromkeys([*themes, *(reason for reason in reasons if reason == place)]))


@dataclass(frozen=True, slots=True)
class Part:
    """The articles of one place about one theme, under the name that tells them from the others of their group."""

    name: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A place with its themes, or a theme with its places."""

    name: str
    parts: tuple[Part, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        return tuple(story for part in self.parts for story in part.stories)

    @property
    def count(self) -> int:
        return sum(len(quote.items) for part in self.parts for story in part.stories for quote in story.quotes)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that cannot be read at present: a quiet digest must not hide that we are blind."""

    name: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class SourceNews:
    """What changed about the sources since the operator was told last. `network`: all fail at once, so it is our own line."""

    broken: tuple[Trouble, ...]
    silent: tuple[Trouble, ...]
    mended: tuple[str, ...]  # names
    network: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """What all digests of one run share."""

    theme_names: Mapping[str, str]
    second_hand: Collection[str] = ()  # ids of sources that are not official
    troubles: Sequence[Trouble] = ()
    heartbeat: bool = False  # a mail even when there is nothing new
    preferences: str | None = None  # address of the pages where readers change their subscriptions, less the token
    english: Mapping[str, str] = field(default_factory=dict)  # names of themes

    def theme(self, id: str, language: Language) -> str:
        return (language == "en" and self.english.get(id)) or self.theme_names.get(id, id)


@dataclass(frozen=True, slots=True)
class Digest:
    recipient: str
    built: datetime
    merged: int  # due times that passed without a digest, made up for here
    items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]
    token: str | None  # unsubscribes
    part: int = 1  # of `parts` mails that carry one digest
    parts: int = 1
    total: int = 0  # items of all parts, where there are several
    left: int = 0  # items that wait for the next digest because this one is full
    preferences: str | None = None  # the page where its reader changes the subscription
    hits: tuple[Report, ...] = ()  # articles about what is asked for that tell no fact
    language: Language = "zh-CN"  # of the words around the facts
    group_by: Grouping = "region"  # what the first headings are

    @property
    def groups(self) -> tuple[Group, ...]:
        """The items grouped for reading, in their order; a place or theme that is the only one needs no heading of its own."""
        outer, inner = (_theme, _place) if self.group_by == "theme" else (_place, _theme)
        nothing = NO_THEME if self.group_by == "theme" else NOWHERE
        several = len({inner(item) for item in self.items}) > 1
        missing = (NOWHERE if self.group_by == "theme" else NO_THEME)[self.language]
        return tuple(
            Group(
                name or nothing[self.language],
                tuple(
                    Part((part or missing) if several else "", _stories(some))
                    for part, some in _grouped(items, inner).items()
                ),
            )
            for name, items in _grouped(self.items, outer).items()
        )

    @property
    def versions(self) -> tuple[int, ...]:
        """The exact fact versions it carries."""
        return tuple(version for item in self.items for version in (item.fact.version_id, *item.also))


def compose(
    facts: Sequence[Pending],
    edition: Edition,
    subscription: Subscription,
    now: datetime,
    *,
    merged: int = 0,
    hits: Sequence[Report] = (),
) -> Digest:
    """Choose the citation of each fact and put the order right: places with the country first, themes as they were asked for;
    then articles that change something before others, and those first whose weightiest fact tells most."""
    items = _one_each([_item(fact, edition, subscription) for fact in facts])
    changing = {item.citation.article_id for item in items if item.section in CHANGES}
    weights: dict[int, float] = {}
    for item in items:
        article = item.citation.article_id
        weights[article] = max(weight(item.fact), weights.get(article, 0.0))
    items.sort(
        key=lambda item: (
            item.fact.region_code or "~",
            item.citation.article_id not in changing,
            -weights[item.citation.article_id],
            item.citation.article_id,
            item.fact.fact_id,
        )
    )
    token = subscription.token or None
    page = f"{edition.preferences}{token}" if edition.preferences and token else None
    return Digest(
        subscription.email,
        now,
        merged,
        _ordered(items, edition, subscription),
        tuple(edition.troubles),
        token,
        preferences=page,
        hits=tuple(hits[:MOST_HITS]),
        left=len(hits[MOST_HITS:]),
        language=subscription.language,
        group_by=subscription.group_by,
    )


def _item(fact: Pending, edition: Edition, subscription: Subscription) -> Item:
    official = [report for report in fact.reports if report.source not in edition.second_hand]
    citation = best(official or fact.reports) or fact.reports[0]
    second_hand = not official or citation.standing == REPOST
    first = fact.reports[0]
    reposted = first.standing == REPOST or first.source in edition.second_hand
    reposted &= (first.published or "")[:10] <= (citation.published or "")[:10]
    articles = {report.article_id for report in fact.reports}
    # Told first by a spun copy, a fact is named there in odd words: the name is that of the page cited.
    fact = replace(fact, name=citation.name or fact.name)
    return Item(
        fact,
        citation,
        second_hand,
        len(articles) - 1,
        _why(fact, citation, edition, subscription),
        seen_first=first if reposted and not second_hand else None,
    )


def _one_each(items: Iterable[Item]) -> list[Item]:
    """Two sources that contradict each other make one item, which tells both."""
    kept: dict[int, Item] = {}
    for item in items:
        beside = item.fact.beside
        other = kept.get(beside.version_id) if beside and item.fact.event == "contradicted" else None
        if other is not None and other.fact.event == "contradicted":
            kept[other.fact.version_id] = replace(other, also=(*other.also, item.fact.version_id))
        else:
            kept[item.fact.version_id] = item
    return list(kept.values())


def _why(fact: Pending, citation: Report, edition: Edition, subscription: Subscription) -> tuple[str, ...]:
    """低空经济（“无人机”）, 无锡市: what was asked for, and by which words it was found."""
    why = []
    for theme in _asked(fact, subscription):
        name, term = edition.theme(theme, subscription.language), citation.terms.get(theme)
        mark = " (“{}”)" if subscription.language == "en" else "（“{}”）"
        why.append(name + mark.format(term) if term and term != name else name)
    return (*why, *([fact.region_name] if fact.region_name else []))


def _asked(fact: Pending, subscription: Subscription) -> Sequence[str]:
    """The themes of a fact that were asked for; where it came for its place, all."""
    return [theme for theme in fact.themes if theme in subscription.themes] or fact.themes


def _ordered(items: Iterable[Item], edition: Edition, subscription: Subscription) -> tuple[Item, ...]:
    """In the order in which they are read, so that a digest cut into parts is cut between sentences as seldom as can be.

    An article stands under one theme, the one that most of its facts have: it is shown once.
    """
    stories = list(_grouped(items, lambda item: (_place(item), item.citation.article_id)).values())
    places = {place: number for number, place in enumerate(dict.fromkeys(_place(own[0]) for own in stories))}
    ranks = {theme: number for number, theme in enumerate(subscription.themes or edition.theme_names)}
    ranked: list[tuple[tuple[int, int], list[Item]]] = []
    for own in stories:
        theme = _leading(own, ranks, subscription)
        place, rank = places[_place(own[0])], ranks.get(theme or "", len(ranks))
        name = edition.theme(theme, subscription.language) if theme else ""
        key = (rank, place) if subscription.group_by == "theme" else (place, rank)
        ranked.append((key, [replace(item, theme=name) for item in own]))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(item for _, own in ranked for quote in _quotes(own) for item in quote.items)


def _leading(items: Iterable[Item], ranks: Mapping[str, int], subscription: Subscription) -> str | None:
    counts = Counter(theme for item in items for theme in _asked(item.fact, subscription))
    return min(counts, key=lambda theme: (-counts[theme], ranks.get(theme, len(ranks))), default=None)


def _place(item: Item) -> str:
    return item.fact.region_name or ""


def _theme(item: Item) -> str:
    return item.theme


def _stories(items: Iterable[Item]) -> tuple[Story, ...]:
    articles = _grouped(items, lambda item: item.citation.article_id)
    return tuple(Story(own[0].citation, _quotes(own)) for own in articles.values())


def _quotes(items: Iterable[Item]) -> tuple[Quote, ...]:
    sentences = _grouped(items, lambda item: item.citation.sentence)
    return tuple(Quote(sentence, tuple(own)) for sentence, own in sentences.items())


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
