"""A digest in the words of its reader's language, each said once: the HTML part and the text part print the same lines.

Nothing is escaped here; characters that nobody sees are left out already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol
from urllib.parse import urlsplit

from alerts import wording, wording_english
from alerts.digest import Digest, Item, Part, Quote, Story
from alerts.emphasis import emphasised
from alerts.render_chart import Chart, chart_of
from monitor.store.delivery import Language
from monitor.store.pending import Amount, Pending, Report
from monitor.store.series import Point

OFFICIAL: Final[Mapping[Language, str]] = {"zh-CN": "官方来源", "en": "official source"}
REPOSTED: Final[Mapping[Language, str]] = {
    "zh-CN": "转载，尚未见官方发布",
    "en": "reposted, no official page seen yet",
}
# What the sentence is that a fact is told beside, by what happened.
BESIDE: Final = {"result": ("目标原文", "The target"), "contradicted": ("另一来源", "The other source")}


class Wording(Protocol):
    """The words of one language: a module of functions."""

    @property
    def TYPES(self) -> Mapping[str, str]: ...  # a constant of the module
    @property
    def STATUSES(self) -> Mapping[str, str]: ...
    @property
    def UNKNOWN_STATUS(self) -> str: ...
    @property
    def SUPPORT(self) -> str: ...
    @property
    def SEEKS(self) -> str: ...
    def amount_text(self, amount: Amount, unit: str | None) -> str: ...
    def comparator_text(self, amount: Amount) -> str: ...
    def figure_text(self, amount: Amount, unit: str | None) -> str: ...
    def when_text(self, fact: Pending) -> str: ...
    def headline(self, fact: Pending) -> str: ...
    def change(self, fact: Pending) -> str: ...
    def teaser(self, fact: Pending) -> str: ...
    def scale(self, values: Iterable[str], unit: str | None) -> tuple[Decimal, str]: ...
    def series_text(self, series: Sequence[Point], unit: str | None) -> str: ...


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact: its name on the left, what stands out on the right, what became of it below."""

    name: str
    details: str  # kind and time
    headline: str  # all of it in one line
    old: str  # the value it replaces, where only that has changed
    comparator: str
    figure: str
    status: str  # of a programme or designation, instead of a figure
    draft: bool
    change: str
    before: str  # the sentence that proved the value before, with who said it
    bar: int | None  # per cent of its target
    series: str  # the values of its metric over the years
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class QuoteView:
    facts: tuple[FactView, ...]
    sentence: str
    marks: tuple[str, str]  # that it is quoted with
    pieces: tuple[tuple[str, bool], ...]  # the sentence, with whether each piece stands out
    place: str  # in an attached file
    link: str | None


@dataclass(frozen=True, slots=True)
class StoryView:
    title: str
    link: str | None
    said: str  # publisher and day
    standing: str
    second_hand: bool
    notes: str  # where it was seen first, how many more tell it
    quotes: tuple[QuoteView, ...]
    why: str

    @property
    def origin(self) -> str:
        return " · ".join(part for part in (self.said, self.standing, self.notes) if part)


@dataclass(frozen=True, slots=True)
class PartView:
    name: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    name: str
    count: int
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class HitView:
    """An article without a fact."""

    title: str
    link: str | None
    said: str


def words_of(language: Language) -> Wording:
    return wording_english if language == "en" else wording


def say(language: Language, chinese: str, english: str) -> str:
    """The words around the facts; these themselves stay Chinese."""
    return english if language == "en" else chinese


def group_views(digest: Digest) -> tuple[GroupView, ...]:
    return tuple(
        GroupView(
            wording.one_line(group.name), group.count, tuple(_part(part, digest.language) for part in group.parts)
        )
        for group in digest.groups
    )


def hit_views(hits: Iterable[Report]) -> tuple[HitView, ...]:
    return tuple(HitView(wording.one_line(hit.title), safe_link(hit.url), said_by(hit)) for hit in hits)


def safe_link(url: str | None) -> str | None:
    """The address on one line when it is http(s), else None: a page may call its links what it likes."""
    address = "".join(wording.bare(url or "").splitlines()).strip()
    try:
        return address if urlsplit(address).scheme in ("http", "https") else None
    except ValueError:  # http://[half an address
        return None


def said_by(report: Report) -> str:
    """无锡日报 2026-11-20."""
    return " ".join(part for part in (wording.one_line(report.publisher), (report.published or "")[:10]) if part)


def seen_first(item: Item, language: Language = "zh-CN") -> str:
    """先见于转载：某论坛 2026-11-20, where a repost told it before the page that is cited."""
    if item.seen_first is None:
        return ""
    told = said_by(item.seen_first) or wording.one_line(item.seen_first.title)
    return say(language, "先见于转载：", "first seen in a repost: ") + told


def place_in_file(report: Report, language: Language = "zh-CN") -> str:
    """附件《三年行动方案.pdf》第3页, for a sentence that stands in an attached file; 第3页 where the article is a file itself;
    empty for a sentence of a page."""
    if report.file is None:
        return ""
    name = wording.one_line(report.file.name.rpartition("/")[2])
    attached = say(language, f"附件《{name}》", f"attachment {name}") if report.file.url != report.url else ""
    page = say(language, f"第{report.page}页", f"page {report.page}") if report.page else ""
    return say(language, "", " ").join(part for part in (attached, page) if part)


def file_link(report: Report) -> str | None:
    """The file's address; a PDF opens at the page."""
    address = safe_link(report.file.url) if report.file else None
    if address is None:
        return None
    at_page = report.page and urlsplit(address).path.lower().endswith(".pdf")
    return f"{address.partition('#')[0]}#page={report.page}" if at_page else address


def _part(part: Part, language: Language) -> PartView:
    return PartView(wording.one_line(part.name), tuple(_story(story, language) for story in part.stories))


def _story(story: Story, language: Language) -> StoryView:
    others, first = story.others, story.seen_first
    notes = (
        seen_first(first, language) if first else "",
        say(language, f"另有 {others} 篇报道", f"and {others} more reports") if others else "",
    )
    why = "、".join(story.why) if language != "en" else ", ".join(story.why)
    return StoryView(
        title=wording.one_line(story.citation.title),
        link=safe_link(story.citation.url),
        said=said_by(story.citation),
        standing=_standing(story, language),
        second_hand=story.second_hand,
        notes=" · ".join(note for note in notes if note),
        quotes=tuple(_quote(quote, language) for quote in story.quotes),
        why=wording.one_line(why) or say(language, "订阅了全部内容", "all of it is subscribed to"),
    )


def _standing(story: Story, language: Language) -> str:
    """Whose word it is; empty for a file that belongs to no source."""
    if story.second_hand:
        return REPOSTED[language]
    return OFFICIAL[language] if story.citation.source else ""


def _quote(quote: Quote, language: Language) -> QuoteView:
    cited, sentence = quote.items[0].citation, wording.one_line(quote.sentence)
    return QuoteView(
        facts=tuple(_fact(item, sentence, language) for item in quote.items),
        sentence=sentence,
        marks=wording.quotation_marks(sentence),
        pieces=emphasised(sentence, [item.fact for item in quote.items]),
        place=place_in_file(cited, language),
        link=file_link(cited),
    )


def _fact(item: Item, sentence: str, language: Language) -> FactView:
    fact, words = item.fact, words_of(language)
    support = words.SUPPORT if item.section == "support" else ""
    remark = support or (words.SEEKS if fact.kind == "designation" else "")
    kind = support or words.TYPES.get(fact.type or "", "")
    when = words.when_text(fact)
    details = [part for part in (kind, when) if part]
    replaced = fact.previous if fact.beside and fact.beside.deadline == fact.deadline else None
    figure = words.figure_text(fact.amount, fact.unit) if fact.kind == "quantity" else ""
    return FactView(
        name=wording.one_line(fact.name),
        details=" · ".join(details),
        headline=" · ".join([wording.one_line(words.headline(fact)), *([remark] if remark else [])]),
        old=(words.amount_text(replaced, fact.unit) or words.UNKNOWN_STATUS) if replaced else "",
        comparator=words.comparator_text(fact.amount) if figure else "",
        figure=figure,
        status=_status(fact, words),
        draft=fact.amount.status == "draft",
        change=wording.one_line(words.change(fact)),
        before=_before(fact, sentence, language),
        bar=wording.reached(fact, fact.beside.amount) if fact.event == "result" and fact.beside else None,
        series=words.series_text(fact.series, fact.unit) if fact.series else "",
        chart=_chart(fact, words) if fact.series else None,
    )


def _chart(fact: Pending, words: Wording) -> Chart:
    step, _ = words.scale([point.value for point in fact.series], fact.unit)
    return chart_of(fact.series, step)


def _status(fact: Pending, words: Wording) -> str:
    if fact.kind == "quantity":
        return ""
    return words.STATUSES.get(fact.amount.status or "", "") if fact.kind == "programme" else words.SEEKS


def _before(fact: Pending, sentence: str, language: Language) -> str:
    """此前：“……”（无锡日报 2026-03-01）, unless it is the very sentence that is quoted anyway."""
    report = fact.beside.report if fact.beside else None
    if report is None or (before := wording.one_line(report.sentence)) == sentence:
        return ""
    chinese, english = BESIDE.get(fact.event, ("此前", "Earlier"))
    teller = said_by(report)
    if language == "en":
        return f"{english}: {wording.quoted(before)}" + (f" ({teller})" if teller else "")
    return f"{chinese}：{wording.quoted(before)}" + (f"（{teller}）" if teller else "")


def charts_of(groups: Sequence[GroupView]) -> tuple[Chart, ...]:
    """Every chart once, in the order in which they are shown."""
    shown = (
        fact.chart
        for group in groups
        for part in group.parts
        for story in part.stories
        for quote in story.quotes
        for fact in quote.facts
        if fact.chart
    )
    return tuple({chart.name: chart for chart in shown}.values())
