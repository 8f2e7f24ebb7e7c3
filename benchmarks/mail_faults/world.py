"""Who reads what, what happens day by day, and what each reader must have been told in the end."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from monitor.domain import Article, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, delivery
from monitor.store.delivery import Cadence, Wanted

BEGIN: Final = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # a Friday, 9 o'clock in China
CITIES: Final = (
    Region("320100", "南京市"), Region("320200", "无锡市"), Region("320300", "徐州市"), Region("320400", "常州市"),
    Region("320500", "苏州市"), Region("320600", "南通市"), Region("320700", "连云港市"), Region("320800", "淮安市"),
    Region("320900", "盐城市"), Region("321000", "扬州市"), Region("321100", "镇江市"), Region("321200", "泰州市"),
)  # fmt: skip
CADENCES: Final[Sequence[Cadence]] = ("daily",) * 7 + ("immediate",) * 2 + ("weekly",)
# No two facts are named alike, and no two articles are near-copies: what is told apart here must be told apart by readers.
FIELDS: Final = (
    "低空经济", "人工智能", "生物医药", "集成电路", "光伏组件", "海工装备", "量子通信", "合成生物", "氢能储运", "商业航天",
    "工业母机", "机器人", "新型显示", "高端纺织", "精细化工", "数字文旅", "冷链物流", "智能网联车", "医疗器械", "绿色建材",
)  # fmt: skip
THINGS: Final = (
    "中试平台", "概念验证中心", "示范工厂", "领军企业", "孵化器", "专业园区", "检测机构", "创新联合体", "院士工作站",
    "算力节点", "公共实验室", "人才驿站", "采购联盟", "标准试点", "展示场馆", "维修网点", "培训基地", "出海服务站", "质押窗口",
    "共享仓库",
)  # fmt: skip
PADDING: Final = tuple(
    f"{who}{what}，{when}。"
    for who in ("市发展改革委", "市工信局", "各区政府", "国家级园区", "行业协会", "科研院所", "金融机构", "链主单位")
    for what in ("牵头细化任务分工", "逐项排出时间安排", "组织供需双方对接", "上门听取企业意见", "公开办理流程")
    for when in ("年内见到成效", "按月通报进展", "下个季度汇总情况", "条件成熟的先行先试")
)
NEW, REPEATED = 0.7, 0.15  # shares of the events; the rest revises


@dataclass(frozen=True, slots=True)
class Event:
    """One article: it tells one version of one fact."""

    day: int
    fact: int
    version: int
    city: Region
    teller: int  # which article of this version

    @property
    def code(self) -> str:
        return f"E{self.fact:04}v{self.version}"


@dataclass
class World:
    """Events and readers made from a seed."""

    readers: int
    events: int
    days: int
    seed: int
    happened: list[Event] = field(default_factory=list)
    cities_of: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by address
    weekly: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311
        for number in range(self.events):
            self.happened.append(self._event(chance, number * self.days // self.events))
        for number in range(self.readers):
            address = f"reader{number}@mail{number % max(self.readers // 10, 1)}.example"
            chosen = chance.sample(CITIES, chance.randint(1, 2))
            self.cities_of[address] = tuple(city.code for city in chosen)
            if CADENCES[number % len(CADENCES)] == "weekly":
                self.weekly.add(address)

    def subscribe(self, store: Store) -> None:
        with delivery.writing(store) as session:
            for number, (address, regions) in enumerate(self.cities_of.items()):
                wanted = Wanted(address, regions=regions, every=CADENCES[number % len(CADENCES)])
                delivery.add_subscription(session, wanted, BEGIN - timedelta(hours=1))

    def pass_day(self, store: Store, day: int) -> datetime:
        """Take in what is published on a day, and return the moment at which its digests are due."""
        now = BEGIN + timedelta(days=day)
        for event in self.happened:
            if event.day == day:
                tell(store, event, now - timedelta(minutes=30))
        return now

    def wanted_by(self, address: str) -> set[str]:
        """Codes of all that ever was news for a reader."""
        return {event.code for event in self.happened if event.city.code in self.cities_of[address]}

    def owed_to(self, address: str, absent: set[str]) -> set[str]:
        """Codes that a reader must have: who reads by the week or was absent misses what was revised meanwhile."""
        wanted = [event for event in self.happened if event.city.code in self.cities_of[address]]
        if address not in self.weekly | absent:
            return {event.code for event in wanted}
        newest = {event.fact: event.code for event in wanted}
        return set(newest.values())

    def _event(self, chance: random.Random, day: int) -> Event:
        earlier = [event for event in self.happened if event.day < day]
        roll = chance.random()
        if not earlier or roll < NEW:
            fact = max((event.fact for event in self.happened), default=0) + 1
            return Event(day, fact, 1, chance.choice(CITIES), 1)
        known = chance.choice(earlier)
        told = [event for event in self.happened if event.fact == known.fact]
        last = told[-1]
        if roll < NEW + REPEATED or last.day == day:
            return Event(day, last.fact, last.version, last.city, last.teller + 1)
        return Event(day, last.fact, last.version + 1, last.city, 1)


class _Judged:
    """Says of one article what it is made to tell."""

    version = "bench"

    def __init__(self, fact: Quantity) -> None:
        self._fact = fact

    def judge(self, _article: Article) -> Judgement:
        return Judgement(targets=(self._fact,))


def tell(store: Store, event: Event, now: datetime) -> None:
    """Take in the article of an event."""
    metric, value = (
        f"{FIELDS[event.fact % len(FIELDS)]}{THINGS[event.fact // len(FIELDS)]}",
        1000 + event.fact * 10 + event.version,
    )
    sentence = f"{event.city.name}提出，到2028年建成{metric}{value}家（编号{event.code}）。"
    words = random.Random(event.code + str(event.teller)).sample(PADDING, 4)  # noqa: S311
    url = f"https://news{event.teller}.example/{event.code}"
    fact = Quantity(
        "target", metric, "eq", Decimal(value), Evidence(0, len(sentence), sentence), unit="家",
        deadline="2028-12-31", region=event.city, themes=("future",),
    )  # fmt: skip
    article = Article(f"{event.city.name}部署{metric}", sentence + "".join(words), url=url, published=f"{now:%Y-%m-%d}")
    ingest(article, key=url, store=store, judge=_Judged(fact), page_hash=None, now=now)
