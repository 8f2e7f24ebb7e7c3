"""The life of a fact as articles tell it, through the real judge and a real store, and what a reader is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts import outbox
from alerts.digest import Digest, Edition, Item
from monitor.config import Mail
from monitor.domain import Article, Source
from monitor.ingest import Ingested, ingest
from monitor.judge import Judge
from monitor.seeds import load_seeds
from monitor.store import Store, delivery, list_facts
from monitor.store.delivery import Subscription

READER = "reader@example.com"
MAIL = Mail(sender="policywatch <watch@example.com>")
EDITION = Edition({}, second_hand=frozenset({"forum"}))
SOURCES = (
    Source("city", "无锡市人民政府", "http://city.example/", region="无锡市", level="city"),
    Source("liangxi", "梁溪区人民政府", "http://liangxi.example/", region="梁溪区", level="district"),
    Source("jiangyin", "江阴市人民政府", "http://jiangyin.example/", region="江阴市", level="district"),
    Source("daily", "江南早报", "http://daily.example/", region="无锡市", level="media"),
    Source("forum", "锡城论坛", "http://forum.example/", region="无锡市", official=False),
)
JUDGE = Judge(replace(load_seeds(shipped_sources=False), sources=SOURCES))
PLAN = "梁溪区政府召开低空经济推进会，提出三年行动目标：到2028年，全区建成低空起降点120个。"
RAISED = "梁溪区政府调高低空经济发展目标，到2028年，全区建成低空起降点由120个调整为150个。"
REACHED = "梁溪区政府通报低空经济进展，截至2027年底，全区已建成低空起降点90个，配套设施不断完善。"
RULES = "江阴市绿色工厂培育办法"
DRAFT = f"江阴市工信局起草了《{RULES}（征求意见稿）》，现向社会公开征求意见。"
ISSUED = f"日前，江阴市印发《{RULES}》，支持企业绿色转型。"
REPEALED = f"江阴市政府决定废止《{RULES}》，自公布之日起不再执行。"


@dataclass
class Watch:
    """The product on the day of the article that it read last; articles are read on the day on which they are published."""

    store: Store
    now: datetime

    def read(
        self, text: str, day: str, source: str = "liangxi", *, title: str = "", publisher: str | None = None
    ) -> Ingested:
        """Another text under the same title on the same day is the same page, edited."""
        self.now = max(self.now, datetime.fromisoformat(f"{day}T08:00:00+00:00"))
        title = title or text[:14]
        key = f"http://{source}.example/{day}/{title}"
        article = Article(title, text, key, source, published=day, publisher=publisher)
        return ingest(article, key=key, store=self.store, judge=JUDGE, page_hash=None, now=self.now)

    def facts(self, *kinds: str) -> list[dict[str, Any]]:
        """The oldest first."""
        return list(list_facts(self.store, kinds=kinds or ("quantity", "programme")))[::-1]

    def digest(self) -> list[Item]:
        """What the reader is told now."""
        self.now += timedelta(hours=1)
        built: tuple[Digest, ...] = outbox.queue_due(self.store, EDITION, MAIL, self.now, only=READER)
        return [item for digest in built for item in digest.items]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite") as store:
        with delivery.writing(store) as session:
            delivery.add_subscription(session, Subscription(READER, regions=("320200",), every="immediate"), now)
        yield Watch(store, now)


def test_first_telling_is_new_and_told_once(watch: Watch) -> None:
    assert watch.read(PLAN, "2026-03-10").facts_new == 1
    [fact] = watch.facts()
    assert (fact["metric"], fact["value"], fact["deadline"], fact["state"]) == ("低空起降点", 120, "2028-12-31", "new")
    assert [item.section for item in watch.digest()] == ["targets"]
    assert watch.digest() == []


def test_told_again_is_one_more_sighting_with_its_own_quote_and_no_news(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10")
    watch.digest()
    again = "市民关心的低空经济又有新进展。梁溪区政府此前提出，力争到2028年建成低空起降点120个以上。"
    assert watch.read(again, "2026-03-20", "daily").facts_new == 0
    [fact] = watch.facts()
    assert (fact["state"], len({one["sentence"] for one in fact["sightings"]})) == ("new", 2)
    assert watch.digest() == []


def test_another_value_later_is_revised_with_the_old_one_beside_it(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10")
    watch.digest()
    watch.read(RAISED, "2026-06-01")
    [fact] = watch.facts()
    assert (fact["state"], fact["value"], fact["previous"]["value"]) == ("revised", 150, 120)
    [item] = watch.digest()
    assert item.section == "revised"
    assert "150个" in item.citation.sentence
    assert item.fact.beside is not None
    assert item.fact.beside.report is not None
    assert "120个" in item.fact.beside.report.sentence


def test_same_figure_for_a_later_year_is_revised_with_the_old_year_beside_it(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10")
    watch.read(PLAN.replace("2028年", "2029年"), "2026-09-10", title="梁溪区推迟低空目标")
    first, moved = watch.facts()
    assert first["state"] == "new"
    assert (moved["state"], moved["deadline"], moved["previous"]["deadline"]) == ("revised", "2029-12-31", "2028-12-31")


def test_older_article_read_later_revises_nothing(watch: Watch) -> None:
    watch.read(RAISED, "2026-06-01")
    watch.digest()
    watch.read(PLAN, "2026-05-20")
    [fact] = watch.facts()
    assert (fact["state"], fact["value"], fact["previous"]["value"]) == ("revised", 150, 120)


def test_figure_reached_is_the_result_of_its_target_with_its_progress(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10")
    watch.digest()
    watch.read(REACHED, "2028-01-10")
    target, result = watch.facts()
    assert (target["state"], target["value"]) == ("new", 120)
    assert (result["state"], result["assertion"], result["value"], result["progress"]) == ("result", "actual", 90, 75)
    assert (result["target"]["id"], result["target"]["value"]) == (target["id"], 120)
    assert [item.section for item in watch.digest()] == ["results"]


def test_document_is_one_programme_from_its_draft_to_its_end(watch: Watch) -> None:
    states = []
    for text, day in ((DRAFT, "2026-03-10"), (ISSUED, "2026-06-10"), (REPEALED, "2027-08-10")):
        watch.read(text, day, "jiangyin", title=f"{RULES}有新变化")
        [fact] = watch.facts()
        states.append((fact["state"], fact["status"], fact.get("previous", {}).get("status")))
    assert states == [("new", "draft", None), ("status", "issued", "draft"), ("status", "repealed", "issued")]


def test_each_stage_is_told_once(watch: Watch) -> None:
    told = []
    for text, day in ((DRAFT, "2026-03-10"), (ISSUED, "2026-06-10"), (ISSUED, "2026-06-12"), (REPEALED, "2027-08-10")):
        watch.read(text, day, "jiangyin", title=f"{RULES}有新变化")
        told.append([item.fact.amount.status for item in watch.digest()])
    assert told == [["draft"], ["issued"], [], ["repealed"]]


def test_draft_seen_after_the_final_text_is_no_news(watch: Watch) -> None:
    watch.read(ISSUED, "2026-06-10", "jiangyin", title=f"{RULES}有新变化")
    assert [item.fact.amount.status for item in watch.digest()] == ["issued"]
    watch.read(DRAFT, "2026-05-25", "daily", title=f"{RULES}公开征求意见")
    [fact] = watch.facts()
    assert (fact["state"], fact["status"], fact["previous"]["status"]) == ("status", "issued", "draft")
    assert watch.digest() == []


def test_plan_of_the_next_period_is_a_new_programme(watch: Watch) -> None:
    text = "近日，梁溪区印发《梁溪区低空经济发展行动方案（{}）》。"
    watch.read(text.format("2023—2025年"), "2026-03-05")
    watch.read(text.format("2026—2028年"), "2026-03-25")
    old, new = watch.facts("programme")
    assert "2023" in old["name"]
    assert ("2026" in new["name"], new["state"]) == (True, "new")


def test_two_houses_that_disagree_on_one_day_are_told_side_by_side(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10", "liangxi")
    watch.read(PLAN.replace("120", "210"), "2026-03-10", "daily", title="低空起降点目标公布", publisher="江南早报")
    [fact] = watch.facts()
    assert fact["state"] == "contradicted"
    assert {fact["value"], fact["contradicts"]["value"]} == {120, 210}
    assert "contradicted" in {item.section for item in watch.digest()}


def test_page_that_is_corrected_on_its_own_day_revises(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10", title="梁溪区推进低空经济")
    watch.read(PLAN.replace("120", "150"), "2026-03-10", title="梁溪区推进低空经济")
    [fact] = watch.facts()
    assert (fact["state"], fact["value"], fact["previous"]["value"]) == ("revised", 150, 120)


def test_district_and_city_never_revise_one_another(watch: Watch) -> None:
    city = PLAN.replace("梁溪区政府", "无锡市政府").replace("全区", "全市").replace("120", "800")
    watch.read(PLAN, "2026-03-10")
    watch.read(city, "2026-04-10", "city")
    watch.read(PLAN.replace("120", "150"), "2026-05-10", title="梁溪区再谈低空经济")
    told = [(fact["region"]["code"], fact["state"], fact["value"]) for fact in watch.facts()]
    assert told == [("320213", "revised", 150), ("320200", "new", 800)]


def test_result_of_a_district_answers_no_target_of_its_city(watch: Watch) -> None:
    watch.read(PLAN.replace("梁溪区政府", "无锡市政府").replace("全区", "全市"), "2026-03-10", "city")
    watch.read(REACHED, "2028-01-10")
    assert [fact["state"] for fact in watch.facts()] == ["new", "new"]


def test_citation_moves_to_the_issuers_page_without_a_second_alert(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10", "forum", publisher="某某网")
    [item] = watch.digest()
    assert item.second_hand
    watch.read(PLAN, "2026-03-11", "liangxi")
    [fact] = watch.facts()
    assert [(one["source"], one["standing"]) for one in fact["sightings"]] == [
        ("liangxi", "issuer"),
        ("forum", "repost"),
    ]
    assert watch.digest() == []


def test_repost_seen_first_is_said_beside_the_issuers_page(watch: Watch) -> None:
    watch.read(PLAN, "2026-03-10", "forum", publisher="某某网")
    watch.read(PLAN, "2026-03-11", "liangxi")
    [item] = watch.digest()
    assert (item.citation.source, item.second_hand) == ("liangxi", False)
    assert item.seen_first is not None
    assert item.seen_first.source == "forum"
