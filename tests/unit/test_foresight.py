"""Before a subscription is kept: how much it would have brought, and what is refused because that is everything."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from alerts.foresight import FEW, Foresight, foresee
from alerts.subscriptions import SubscriptionError
from monitor.domain import Article, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, delivery
from monitor.store.delivery import Wanted

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
THEMES = ("low", "talent")
WUXI = Region("320200", "无锡市")
# Of places that are told apart by a number no story repeats another.
NUMBERS = "一二三四五六七八九十百千万亿甲乙丙丁戊己庚辛壬癸"


class Judged:
    """Each article tells one target, in its own words."""

    version = "test"

    def judge(self, article: Article) -> Judgement:
        said = Evidence(0, len(article.text), article.text)
        fact = Quantity("target", article.title, "ge", Decimal(12), said, unit="家", region=WUXI, themes=("low",))
        return Judgement(targets=(fact,))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://") as opened:
        yield opened


def tell(store: Store, count: int) -> None:
    for number in NUMBERS[:count]:
        name = f"{number * 3}号基地"
        text = f"全市的{name}建成氢能站点12家。" if number in "一二" else f"全市的{name}建成12家。"
        ingest(
            Article(name, text, published="2026-11-23"), key=name, store=store, judge=Judged(), page_hash=None, now=NOW
        )


def asked(store: Store, **wanted: object) -> Foresight:
    with delivery.reading(store) as session:
        return foresee(session, Wanted("a@example.com", **wanted), THEMES, LATER)  # type: ignore[arg-type]


def test_a_word_that_is_in_nearly_everything_is_refused_with_what_was_measured(store: Store) -> None:
    tell(store, FEW)
    with pytest.raises(SubscriptionError, match=r"全市、建成: 20 of the 20 items of the last 3 days have that"):
        asked(store, must=("全市", "建成"))
    assert asked(store, must=("氢能",)) == Foresight(2, 3)
    assert asked(store, must=("全市", "氢能")).items == 2


def test_beside_a_theme_or_a_region_a_word_may_be_as_common_as_it_is(store: Store) -> None:
    tell(store, FEW)
    assert asked(store, must=("的",), themes=("low",)).items == FEW
    assert asked(store, must=("的",), regions=("320200",)).items == FEW


def test_where_little_was_read_only_words_of_every_sentence_are_refused(store: Store) -> None:
    with pytest.raises(SubscriptionError, match="的、和: nearly every sentence has that"):
        asked(store, must=("的", "和"))
    assert asked(store, must=("的", "氢")) == Foresight(0, 0)
    tell(store, 3)
    assert asked(store, must=("全市",)).items == 3
    with pytest.raises(SubscriptionError, match="match everything"):
        asked(store)


def test_items_a_week_are_told_of_a_young_store_as_they_are() -> None:
    assert [Foresight(items, days).weekly for items, days in ((21, 30), (4, 3), (0, 0))] == [5, 4, 0]
