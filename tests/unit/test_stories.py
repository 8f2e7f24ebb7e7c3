"""Stories and facts in a real database: what joins, what parts, what is told beside what, and that receipts stay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from monitor.domain import Article, Evidence, Finding, Judgement, Programme, ProgrammeStatus, Quantity, Region
from monitor.ingest import Ingested, ingest
from monitor.publishers import ISSUER, REPOST
from monitor.store import Store, delivery, list_facts
from monitor.store.delivery import Letter, Wanted
from monitor.store.pending import Pending, pending
from monitor.store.tables import ArticleRow, Base, StoryMark
from tests.unit.test_copies import HERE, NOTICE, spun

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WUXI, LIANGXI = Region("320200", "无锡市"), Region("320213", "梁溪区")
SENTENCE = "到2028年，全市建成中试平台{}家。"


class Judged:
    """Hands out the judgement that a test made of the article before."""

    version = "test"

    def __init__(self) -> None:
        self.answers: dict[str, Judgement] = {}

    def judge(self, article: Article) -> Judgement:
        return self.answers[article.title]


@dataclass
class Desk:
    store: Store
    judged: Judged
    runs: int = 0

    def tell(
        self,
        title: str,
        *findings: Finding,
        text: str = "",
        day: str = "2026-11-23",
        standing: int = ISSUER,
        **said: str,
    ) -> Ingested:
        article = Article(title, text or f"{title}的正文。", url=f"https://a.example/{title}", published=day)
        quantities = tuple(one for one in findings if isinstance(one, Quantity))
        programmes = tuple(one for one in findings if isinstance(one, Programme))
        origin = said.pop("origin", title)
        self.judged.answers[title] = Judgement((), (), quantities, programmes, standing, origin)
        told = replace(article, **said)  # type: ignore[arg-type]  # the tests name fields of text only
        return ingest(told, key=title, store=self.store, judge=self.judged, page_hash=None, now=NOW)

    def facts(self, *kinds: str) -> list[dict[str, Any]]:
        return sorted(list_facts(self.store, kinds=kinds or ("quantity",)), key=lambda fact: str(fact["id"]))

    def fact(self, kind: str = "quantity") -> dict[str, Any]:
        [fact] = self.facts(kind)
        return fact

    def subscribe(self) -> delivery.Subscription:
        with delivery.writing(self.store) as session:
            wanted = Wanted(email="reader@example.com", every="immediate")
            return delivery.add_subscription(session, wanted, NOW - timedelta(days=1))

    def pending(self, reader: delivery.Subscription) -> tuple[Pending, ...]:
        with delivery.reading(self.store) as session:
            return pending(session, reader)

    def receive(self, reader: delivery.Subscription) -> list[tuple[str, str | None]]:
        """Event and value of all that is due, with receipts for it."""
        due = self.pending(reader)
        self.runs += 1
        with delivery.writing(self.store) as session:
            run = delivery.start_run(session, reader.id, NOW + timedelta(seconds=self.runs), now=NOW, merged=0)
            letter = Letter(
                f"<{self.runs}@a>", reader.email, "s", b"b", [one.version_id for one in due], run_id=run,
                subscription_id=reader.id,
            )  # fmt: skip
            delivery.queue_message(session, letter, NOW)
        return [(one.event, one.amount.value or one.amount.status) for one in due]

    def dump(self) -> Mapping[str, list[tuple[Any, ...]]]:
        with self.store.reading() as db:
            return {
                name: sorted(map(tuple, db.execute(select(*[column for column in table.c if column.name != "fetched"]))), key=repr)
                for name, table in Base.metadata.tables.items()
            }  # fmt: skip

    def stories(self) -> set[frozenset[str]]:
        with self.store.reading() as db:
            rows = db.execute(select(ArticleRow.key, ArticleRow.story_id)).all()
        return {frozenset(row.key for row in rows if row.story_id == story) for story in {row.story_id for row in rows}}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite") as store:
        yield Desk(store, Judged())


def target(value: int, metric: str = "中试平台", *, sentence: str = "", **other: Any) -> Quantity:
    said = sentence or SENTENCE.format(value)
    base = Quantity(
        "target", metric, "eq", Decimal(value), Evidence(0, len(said), said), unit="家", deadline="2028-12-31"
    )
    return replace(base, **({"region": WUXI} | other))


def programme(status: ProgrammeStatus | None, sentence: str = "印发《绿色工厂培育办法》。") -> Programme:
    return Programme("绿色工厂培育办法", "document", status, Evidence(0, len(sentence), sentence), region=WUXI)


def test_two_stories_become_one_when_an_article_joins_them(desk: Desk) -> None:
    """Both halves are known before the whole; their facts are one story's from then on."""
    first, second = HERE.split("会议强调")
    title = "梁溪区定下三年产业目标"
    one = desk.tell(f"{title}（上）", target(860, "高新技术企业"), text=first)
    other = desk.tell(f"{title}（下）", text=second)
    assert len(desk.stories()) == 2
    whole = desk.tell(title, target(860, "高新技术企业"), text=HERE)
    assert len(desk.stories()) == 1
    assert whole.story == one.article_id < other.article_id


def test_facts_follow_the_stories_that_join(desk: Desk) -> None:
    """A spun copy is known before the text it was made from, under a name of its own; a copy in between shows both to be one."""
    reader = desk.subscribe()
    text, halfway = HERE, spun(HERE)
    there = "到2028年，全市建成中试站台860家。"
    desk.tell("甲", target(860, "中试站台", sentence=there), text=halfway, standing=REPOST)
    assert desk.receive(reader) == [("new", "860")]
    desk.tell("乙", target(860), text=text)
    assert len(desk.facts()) == 1
    assert desk.pending(reader) == ()
    assert [one["title"] for one in desk.fact()["sightings"]] == ["乙", "甲"]


def test_a_mark_is_kept_for_the_first_articles_that_bear_it(desk: Desk) -> None:
    for number in range(40):
        desk.tell(f"第{number}篇转载稿件", text=f"{HERE}\n第{number}次转载。")
    assert len(desk.stories()) == 1
    with desk.store.reading() as db:
        bearers = (
            select(func.count()).select_from(StoryMark).group_by(StoryMark.mark).order_by(func.count().desc()).limit(1)
        )
        assert db.execute(bearers).scalar_one() == 24


def test_an_article_that_is_edited_into_another_leaves_its_story(desk: Desk) -> None:
    first = desk.tell("通知一", text=HERE)
    desk.tell("通知二", text=f"{HERE}\n第二次转载。")
    desk.tell("通知一", text=NOTICE.format(year=2026))
    assert desk.stories() == {frozenset({"通知一"}), frozenset({"通知二"})}
    again = desk.tell("通知三", text=NOTICE.format(year=2026))
    assert again.story == first.article_id


def test_taking_everything_in_twice_changes_nothing(desk: Desk) -> None:
    def all_of_it() -> None:
        desk.tell("甲", target(80), programme("draft"), text=HERE, day="2026-11-20")
        desk.tell("乙", target(80, "中试站台"), text=spun(HERE), day="2026-11-20")
        desk.tell("丙", target(95), programme("issued"), day="2026-11-22")

    all_of_it()
    before = desk.dump()
    all_of_it()
    assert desk.dump() == before


def test_a_revision_is_told_with_the_old_value_and_its_sentence(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("规划", target(80), day="2026-11-20")
    assert desk.receive(reader) == [("new", "80")]
    desk.tell("调整", target(95), day="2026-11-22")
    [due] = desk.pending(reader)
    assert due.event == "revised"
    assert due.previous is not None
    assert due.previous.value == "80"
    assert due.beside is not None
    assert due.beside.report is not None
    assert due.beside.report.sentence == SENTENCE.format(80)
    fact = desk.fact()
    assert (fact["state"], fact["value"], fact["previous"]["value"]) == ("revised", 95, 80)


def test_a_result_is_told_with_its_target(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("规划", target(80), day="2026-11-20")
    desk.receive(reader)
    desk.tell("通报", target(60, assertion="actual", deadline="2026-11-30"), day="2026-11-22")
    assert desk.receive(reader) == [("result", "60")]
    _, result = desk.facts()
    assert (result["state"], result["progress"], result["target"]["value"]) == ("result", 75, 80)


def test_a_figure_without_a_target_is_no_news(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("通报", target(60, assertion="actual", deadline="2026-11-30"))
    assert desk.pending(reader) == ()


def test_sources_that_contradict_each_other_are_both_due(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("甲报", target(80))
    assert desk.receive(reader) == [("new", "80")]
    desk.tell("乙报", target(95))
    assert desk.receive(reader) == [("contradicted", "95")]
    assert desk.fact()["contradicts"]["value"] in (80, 95)


def test_a_programme_is_followed_from_draft_to_its_end(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("征求意见", programme("draft", "《绿色工厂培育办法（征求意见稿）》公开征求意见。"), day="2026-11-01")
    assert desk.receive(reader) == [("new", "draft")]
    desk.tell("印发", programme("issued"), day="2026-11-10")
    assert desk.receive(reader) == [("status", "issued")]
    desk.tell("报道", programme("ongoing"), day="2026-11-12")
    assert desk.receive(reader) == []
    desk.tell("废止", programme(None, "决定废止《绿色工厂培育办法》。"), day="2026-11-20")
    assert desk.receive(reader) == [("status", "repealed")]
    fact = desk.fact("programme")
    assert (fact["state"], fact["status"], fact["previous"]) == ("status", "repealed", {"status": "issued"})


def test_a_draft_that_comes_after_what_was_issued_is_no_news(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("印发", programme("issued"), day="2026-11-10")
    desk.receive(reader)
    desk.tell("旧稿", programme("draft"), day="2026-11-12")
    assert desk.pending(reader) == ()
    assert desk.fact("programme")["status"] == "issued"


def test_the_page_of_the_issuer_is_cited_when_it_appears_without_a_second_alert(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("论坛转载", target(80), standing=REPOST)
    assert desk.receive(reader) == [("new", "80")]
    desk.tell("市政府", target(80), standing=ISSUER)
    assert desk.pending(reader) == ()
    sightings = desk.fact()["sightings"]
    assert [(one["title"], one["standing"]) for one in sightings] == [("市政府", "issuer"), ("论坛转载", "repost")]


def test_a_copy_that_took_its_place_from_elsewhere_is_put_right_by_the_issuer(desk: Desk) -> None:
    there = Region("210381", "海城市")
    desk.tell("转载稿件", target(80, region=there), text=HERE, standing=REPOST)
    desk.tell("政府网站稿件", target(80), text=HERE, standing=ISSUER, source="wuxi")
    assert desk.fact()["region"] == {"code": "320200", "name": "无锡市"}


def test_several_values_in_one_article_are_facts_of_their_own_whoever_came_first(desk: Desk) -> None:
    both = (target(30), target(90))
    for first, second in (("单值", "双值"), ("双值", "单值")):
        place = replace(LIANGXI, code=f"{first}{second}")
        said = {"单值": both[:1], "双值": both}
        for title in (first, second):
            desk.tell(f"{title}{place.code}", *(replace(one, region=place) for one in said[title]))
        mine = [fact for fact in desk.facts() if fact["region"]["code"] == place.code]
        assert sorted((fact["value"], fact["state"], len(fact["sightings"])) for fact in mine) == [
            (30, "new", 2),
            (90, "new", 1),
        ]


def test_a_receipt_stays_with_what_it_was_for_when_facts_part(desk: Desk) -> None:
    reader = desk.subscribe()
    desk.tell("规划", target(30), day="2026-11-20")
    desk.receive(reader)
    desk.tell("公报", target(90), day="2026-11-21")
    assert desk.receive(reader) == [("revised", "90")]
    desk.tell("全文", target(30), target(90), day="2026-11-22")
    assert [fact["state"] for fact in desk.facts()] == ["new", "new"]
    assert desk.pending(reader) == ()


def test_a_target_gains_its_year_where_another_page_says_it(desk: Desk) -> None:
    desk.tell("简讯", target(80, deadline=None))
    desk.tell("全文", target(80))
    assert (desk.fact()["deadline"], len(desk.fact()["sightings"])) == ("2028-12-31", 2)
    desk.tell("另一简讯", target(50, deadline=None))
    assert len(desk.facts()) == 2


def test_a_rounded_figure_is_replaced_by_the_exact_one(desk: Desk) -> None:
    desk.tell("简讯", target(16_000, comparator="gt"))
    desk.tell("全文", target(16_080))
    assert (desk.fact()["value"], desk.fact()["comparator"], desk.fact()["state"]) == (16_080, "eq", "new")


def test_an_article_that_fails_half_way_leaves_nothing(desk: Desk) -> None:
    """Its sentence cannot be stored, and is the last thing to be: article, story and facts are there by then."""
    desk.tell("甲", target(80), text=HERE)
    before = desk.dump()
    with pytest.raises(UnicodeEncodeError):
        desk.tell("乙", target(95, sentence="\ud800"), text=spun(HERE))
    assert desk.dump() == before
