"""What each filter of a subscription lets through, asked of a store with a handful of facts and articles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import update

from monitor.domain import (
    Article,
    Designation,
    Evidence,
    Finding,
    Judgement,
    Programme,
    Quantity,
    Region,
    RegionMatch,
    ThemeMatch,
)
from monitor.ingest import ingest
from monitor.store import Store, delivery, pending
from monitor.store.delivery import Letter, Subscription, Wanted
from monitor.store.engine import connect, writing
from monitor.store.migrations import configuration
from monitor.store.tables import ArticleRow, Fact, FactVersion

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WUXI, XINWU, CHINA = Region("320200", "无锡市"), Region("320214", "新吴区"), Region("100000", "全国")
PARK, PARK2 = Region("320600-park", "甲工业园区"), Region("320600-park2", "乙工业园区")


class Judged:
    version = "test"

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement

    def judge(self, _article: Article) -> Judgement:
        return self.judgement


class Desk:
    """A store, a shorthand for articles, and what a subscription brings of them."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def tell(
        self,
        title: str,
        *findings: Finding,
        text: str = "",
        region: Region = WUXI,
        published: str = "2026-11-23",
        **scores: float,
    ) -> None:
        themes = tuple(ThemeMatch(theme, theme, score, (Evidence(0, 2, title[:2]),)) for theme, score in scores.items())
        judged = Judgement(
            themes,
            (RegionMatch(region, "subject", ()),),
            tuple(one for one in findings if not isinstance(one, Programme)),
            tuple(one for one in findings if isinstance(one, Programme)),
        )
        article = Article(title, text or f"{title}的正文，与别的都不同。", source="wuxi", published=published)
        ingest(article, key=title, store=self.store, judge=Judged(judged), page_hash=None, now=NOW)

    def set_event(self, name: str, event: str) -> None:
        """As if the fact had come to that event; how it does is not asked here."""
        with delivery.writing(self.store) as session:
            fact = session.query(Fact.id).where(Fact.name == name).scalar_subquery()
            session.execute(update(FactVersion).where(FactVersion.fact_id == fact).values(event=event))

    def facts(self, **asked: object) -> list[str]:
        with delivery.reading(self.store) as session:
            return [one.name for one in pending.pending(session, reader(**asked))]

    def articles(self, backfill: bool = False, **asked: object) -> list[str]:
        wanted = reader(**{"kinds": ("article",)} | asked)
        with delivery.reading(self.store) as session:
            return [one.title for one in pending.pending_articles(session, wanted, backfill=backfill)]


def reader(**asked: object) -> Subscription:
    return replace(Subscription(email="reader@example.com", created=NOW - timedelta(days=9)), **asked)  # type: ignore[arg-type]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Store.open("sqlite://") as store:
        yield Desk(store)


def target(
    name: str, region: Region = WUXI, *, sentence: str = "", assertion: str = "target", theme: str = "low"
) -> Quantity:
    said = Evidence(0, len(sentence), sentence)
    return Quantity(assertion, name, "ge", Decimal(12), said, unit="家", region=region, themes=(theme,))  # type: ignore[arg-type]


def test_a_region_covers_what_lies_below_it_unless_it_is_meant_exactly(desk: Desk) -> None:
    desk.tell("甲", target("市级企业", WUXI), low=0.9)
    desk.tell("乙", target("区级航线", XINWU), low=0.9)
    desk.tell("丙", target("全国机场", CHINA), low=0.9)
    assert desk.facts(regions=("320200",)) == ["市级企业", "区级航线"]
    assert desk.facts(regions=("320200",), exact=True) == ["市级企业"]
    assert desk.facts(regions=("320214",)) == ["区级航线"]
    assert desk.facts(regions=("100000",)) == ["全国机场"]


def test_a_zone_is_not_another_zone_whose_code_begins_alike(desk: Desk) -> None:
    desk.tell("甲", target("航线", PARK), low=0.9)
    desk.tell("乙", target("企业总部", PARK2), low=0.9)
    assert desk.facts(regions=("320600-park",)) == ["航线"]
    assert desk.facts(regions=("320600",)) == ["航线", "企业总部"]


KINDS = {
    "new-target": ["航线"],
    "support": ["补贴金额"],
    "revision": ["企业总部", "基地数"],
    "result": ["产业规模"],
    "designation": ["国家先导区"],
    "programme": ["低空行动"],
    "status": ["人才意见"],
}


@pytest.fixture
def life(desk: Desk) -> Desk:
    """A fact of each kind, a figure that is only reported, a status already held, and a programme that just goes on."""
    said = Evidence(0, 0, "")
    desk.tell(
        "甲",
        target("航线"),
        target("补贴金额", assertion="support"),
        target("企业总部"),
        target("基地数"),
        target("产业规模", assertion="actual"),
        target("旅客人次", assertion="actual"),
        Designation("国家先导区", "target", said, region=WUXI, themes=("low",)),
        Designation("全国文明城市", "actual", said, region=WUXI, themes=("low",)),
        Programme("低空行动", "action", "issued", said, region=WUXI, themes=("low",)),
        Programme("人才意见", "document", "issued", said, region=WUXI, themes=("low",)),
        Programme("旧改工程", "project", "ongoing", said, region=WUXI, themes=("low",)),
        low=0.9,
    )
    events = {
        "企业总部": "revised",
        "基地数": "contradicted",
        "产业规模": "result",
        "人才意见": "status",
        "旧改工程": "again",
    }
    for name, event in events.items():
        desk.set_event(name, event)
    return desk


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_brings_its_own_and_nothing_else(life: Desk, kind: str) -> None:
    assert life.facts(kinds=(kind,)) == KINDS[kind]


def test_without_a_kind_all_of_them_come_and_with_several_each_of_these(life: Desk) -> None:
    assert sorted(life.facts()) == sorted(name for names in KINDS.values() for name in names)
    assert sorted(life.facts(kinds=("status", "article", "result"))) == ["产业规模", "人才意见"]
    assert life.facts(kinds=("article",)) == []


def test_a_theme_has_to_weigh_enough_in_an_article_that_tells_the_fact(desk: Desk) -> None:
    desk.tell("轻", target("航线"), low=0.55, talent=0.95)
    desk.tell("重", target("企业总部"), low=0.8)
    assert desk.facts(themes=("low",), weight=0.5) == ["航线", "企业总部"]
    assert desk.facts(themes=("low",), weight=0.6) == ["企业总部"]
    assert desk.facts(weight=0.9) == []  # of 航线 only the theme of the fact itself counts
    desk.tell("更重的另一篇", target("航线"), low=0.95, text="另一篇讲的是同一件事，正文不同。")
    assert desk.facts(weight=0.9) == ["航线"]


@pytest.mark.parametrize(
    ("must", "found"),
    [
        (("无人机",), True),  # the sentence
        (("起降点",), True),  # the name
        (("行动方案",), True),  # the title
        (("无人机", "行动方案"), True),
        (("无人机", "直升机"), False),
        (("1.6万架",), True),  # printed 1.6 万架
        (("無人機",), True),
        (("AI巡检",), True),  # printed Ａｉ巡检
        (("%",), False),  # a sign that a database may take for any text
        (("低空_经济",), False),
    ],
)
def test_words_are_looked_for_in_sentence_name_and_title_as_we_read_them(
    desk: Desk, must: tuple[str, ...], found: bool
) -> None:
    sentence = "建设起降点，投放无人机1.6 万架，开展Ａｉ巡检。"
    desk.tell("低空 经济行动方案", target("起降点", sentence=sentence), low=0.9)
    assert bool(desk.facts(must=must)) is found


def test_all_words_have_to_be_in_one_report_and_those_not_wanted_in_none(desk: Desk) -> None:
    desk.tell("甲地方案", target("航线", sentence="开通航线。"), low=0.9)
    desk.tell("招聘启事", target("航线", sentence="新开航线。"), low=0.9, text="招聘的正文里也讲到了航线，与前面不同。")
    assert desk.facts(must=("方案", "开通")) == ["航线"]
    assert desk.facts(must=("方案", "新开")) == []
    assert desk.facts(without=("招聘",)) == []
    assert desk.facts(without=("拍卖",)) == ["航线"]


def test_an_article_is_a_hit_where_it_tells_no_fact_that_a_digest_brings(desk: Desk) -> None:
    desk.tell("只谈低空", low=0.7)
    desk.tell("有目标的", target("航线"), low=0.9)
    desk.tell("只报数字的", target("旅客人次", assertion="actual"), low=0.9)
    desk.tell("新吴的低空", region=XINWU, low=0.6)
    desk.tell("别的主题")
    assert desk.articles() == ["只谈低空", "只报数字的", "新吴的低空"]
    assert desk.articles(regions=("320214",)) == ["新吴的低空"]
    assert desk.articles(regions=("320200",), exact=True) == ["只谈低空", "只报数字的"]
    assert desk.articles(themes=("talent",)) == []
    assert desk.articles(weight=0.65) == ["只谈低空", "只报数字的"]
    assert desk.articles(must=("低空",), without=("新吴",)) == ["只谈低空"]
    assert desk.articles(kinds=("new-target",)) == []


def test_an_article_that_was_old_when_first_seen_is_no_news(desk: Desk) -> None:
    desk.tell("旧闻", low=0.7, published="2024-01-01")
    assert desk.articles() == []
    assert desk.articles(backfill=True) == ["旧闻"]


def test_an_article_is_told_once_and_so_are_its_copies(desk: Desk) -> None:
    desk.tell("甲稿", low=0.7)
    desk.tell("乙稿", low=0.7)
    with delivery.writing(desk.store) as session:
        session.execute(update(ArticleRow).where(ArticleRow.title == "乙稿").values(story_id=1))
    assert desk.articles() == ["甲稿"]
    with delivery.writing(desk.store) as session:
        delivery.queue_message(session, Letter("<a@b>", "reader@example.com", "", b"", (), articles=(2,)), NOW)
    assert desk.articles() == []
    with delivery.reading(desk.store) as session:
        assert not pending.has_pending(session, reader(kinds=("article",)))
        assert pending.has_pending(session, replace(reader(kinds=("article",)), email="other@example.com"))


def test_what_a_subscription_would_have_brought_counts_its_articles_too(desk: Desk) -> None:
    desk.tell("只谈低空", low=0.7)
    desk.tell("有目标的", target("航线"), low=0.9)
    with delivery.reading(desk.store) as session:
        assert pending.expected(session, Wanted("a@example.com"), NOW + timedelta(days=3)) == (1, 3)
        both = Wanted("a@example.com", kinds=("new-target", "article"))
        assert pending.expected(session, both, NOW + timedelta(days=3)) == (2, 3)
        assert pending.expected(session, both, NOW + timedelta(days=31)) == (0, 30)


OLD_ROWS = """
INSERT INTO article (id, key, title, text, text_hash, attachments, first_seen, fetched, standing, story_id)
    VALUES (1, 'k', '低空 经济行动方案', 'x', 'h', '[]', '2026-11-24 01:00:00', '2026-11-24 01:00:00', 0, 1);
INSERT INTO fact (id, fingerprint, kind, name, assertion, first_seen)
    VALUES (1, 'f', 'quantity', '起降点', 'target', '2026-11-24 01:00:00');
INSERT INTO fact_version (id, fact_id, number, first_seen, alerts) VALUES (1, 1, 1, '2026-11-24 01:00:00', 1);
INSERT INTO sighting (fact_id, version_id, article_id, start, "end", name, sentence, themes, seen)
    VALUES (1, 1, 1, 0, 1, '起降点', '投放無人機１２ 架。', '[]', '2026-11-24 01:00:00');
INSERT INTO subscription (email, themes, regions, every, at, timezone, paused, token, created)
    VALUES ('reader@example.com', '["low"]', '["320200"]', 'weekly', '08:30', 'Asia/Shanghai', 0, 't', '2026-11-01 00:00:00');
"""


def test_what_an_older_version_stored_is_found_by_its_words_and_its_subscriptions_stay_as_they_were(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/policywatch.sqlite"
    engine = connect(url)
    with writing(engine) as db:
        command.upgrade(configuration(db), "0005")
        for line in filter(str.strip, OLD_ROWS.split(";")):
            db.exec_driver_sql(line)
    engine.dispose()
    with Store.open(url) as store:
        assert Desk(store).facts(must=("无人机12架", "低空经济")) == ["起降点"]
        with delivery.reading(store) as session:
            (kept,) = delivery.list_subscriptions(session)
    plain = Wanted("reader@example.com", themes=("low",), regions=("320200",), every="weekly")
    assert (kept.filter, kept.rhythm, kept.language) == (plain.filter, plain.rhythm, "zh-CN")
