"""A store with a few articles, and the person who corrects what rules made of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from alerts import outbox
from alerts.digest import Digest, Edition, Item
from monitor.config import Mail
from monitor.corrections import undo
from monitor.domain import Article, Source
from monitor.ingest import Ingested, ingest, judge_again
from monitor.judge import Judge, names_of
from monitor.seeds import load_seeds
from monitor.store import Store, amend, delivery, list_facts
from monitor.store.corrections import Author, described
from monitor.store.delivery import Subscription

READER = "reader@example.com"
MAIL = Mail(sender="policywatch <watch@example.com>")
SOURCES = (
    Source("liangxi", "梁溪区人民政府", "http://liangxi.example/", region="梁溪区", level="district"),
    Source("daily", "江南早报", "http://daily.example/", region="无锡市", level="media"),
    Source("jiangyin", "江阴市人民政府", "http://jiangyin.example/", region="江阴市", level="district"),
)
SEEDS = replace(load_seeds(shipped_sources=False), sources=SOURCES)
JUDGE = Judge(SEEDS)
PLAN = "梁溪区政府召开低空经济推进会，提出三年行动目标：到2028年，全区建成低空起降点120个。"
RAISED = "梁溪区政府调高低空经济发展目标，到2028年，全区建成低空起降点由120个调整为150个。"
REACHED = "梁溪区政府通报低空经济进展，截至2027年底，全区已建成低空起降点90个，配套设施不断完善。"
RULES = "江阴市绿色工厂培育办法"
DRAFT = f"江阴市工信局起草了《{RULES}（征求意见稿）》，现向社会公开征求意见。"
ISSUED = f"日前，江阴市政府印发《{RULES}》，支持企业绿色转型，推动绿色工厂建设。"
REPORT = (
    "梁溪区召开全区低空经济高质量发展推进会，总结一年来的工作，部署下一阶段重点任务。\n"
    "会议提出，到2028年，全区建成低空起降点120个，开通低空航线36条，集聚低空经济企业260家。\n"
    "各街道、各部门负责人作了表态发言，有关企业代表介绍了无人机物流、城市巡检等场景的进展。\n"
)


@dataclass(frozen=True)
class OtherJudge:
    """The same judge after a change of rules that changes nothing."""

    version: str
    judge: Callable[[Article], Any] = JUDGE.judge


@dataclass
class Desk:
    """The product and the person who corrects it, on the day of the article that was read last."""

    store: Store
    now: datetime

    def read(self, text: str, day: str, source: str = "liangxi", title: str = "") -> Ingested:
        """Another text under the same title on the same day is the same page, edited."""
        self.now = max(self.now, datetime.fromisoformat(f"{day}T08:00:00+00:00"))
        title = title or text[:14]
        key = f"http://{source}.example/{day}/{title}"
        article = Article(title, text, key, source, published=day)
        return ingest(article, key=key, store=self.store, judge=JUDGE, page_hash=None, now=self.now)

    def decide(self, what: Callable[..., Any], *words: Any) -> Any:
        with self.store.writing() as db:
            return what(db, *words, Author("anna", self.now))

    def correct(self, id: int, **values: Any) -> int:
        def change(db: Connection, author: Author) -> int:
            said = described(db, (id,))["facts"][0] | values
            names = names_of(SEEDS)
            known_as = names.programme if said["kind"] == "programme" else names.metric
            return amend.correct(db, id, values, known_as(said["name"], said["region_name"]), author)

        return int(self.decide(change))

    def undo(self, number: int) -> None:
        undo(self.store, JUDGE, number, Author("bert", self.now), 30)

    def judge_again(self, version: str = "other rules") -> None:
        assert judge_again(self.store, OtherJudge(version), self.now)

    def facts(self, *kinds: str, dismissed: bool = False) -> list[dict[str, Any]]:
        kinds = kinds or ("quantity", "designation", "programme")
        return sorted(list_facts(self.store, kinds=kinds, dismissed=dismissed), key=lambda one: one["id"])

    def told(self) -> list[Item]:
        """What the reader is told now."""
        self.now += timedelta(hours=1)
        built: tuple[Digest, ...] = outbox.queue_due(self.store, Edition({}), MAIL, self.now, only=READER)
        return [item for digest in built for item in digest.items]


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """A desk with one reader, on an empty store in the folder."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with Store.open(f"sqlite:///{folder}/store.sqlite") as store:
        with delivery.writing(store) as session:
            delivery.add_subscription(session, Subscription(READER, regions=("320200",), every="immediate"), now)
        yield Desk(store, now)


def named(facts: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(one.get("metric"), one.get("value"), len(one["sightings"])) for one in facts]
