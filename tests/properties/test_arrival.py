"""In which order the pages of a day arrive changes nothing: the same stories, the same facts, the same events."""

from collections import defaultdict
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from monitor.domain import Article
from monitor.ingest import ingest
from monitor.judge import Judge
from monitor.regions import load_gazetteer
from monitor.seeds import load_seeds
from monitor.store import Store
from monitor.store.tables import ArticleRow, Fact, FactVersion, Sighting
from tests.unit.test_copies import spun

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
JUDGE = Judge(load_seeds(shipped_sources=False), load_gazetteer())
PLAN = (
    "市政府办公室近日印发《无锡市低空经济高质量发展三年行动计划（2026—2028年）》，部署未来三年的重点工作。到2028年，全市低空经济产业规模突破600亿元，"
    "集聚低空经济企业420家，建成起降设施260个，开通低空航线85条。计划提出，推动传统产业改造升级，培育壮大新兴产业，前瞻布局未来产业。\n"
    "二是优化营商环境，完善服务机制，帮助企业解决用地、用工、融资等方面的困难，鼓励金融机构加大信贷支持，引导社会资本投向重点领域。"
    "对新引进的低空经济企业，给予最高500万元奖励。启动实施低空场景开放行动，打造低空经济示范区。\n"
    "各部门要加强协调配合，落实主体责任，建立工作台账，定期开展督查，确保各项任务按期完成。努力提升产品质量和市场竞争力。"
)
NEIGHBOUR = (
    PLAN.replace("无锡市", "苏州市").replace("600亿", "850亿").replace("420家", "610家").replace("260个", "390个")
)
DISPUTE = "无锡市低空经济产业大会消息，到2028年，全市低空经济产业规模达到700亿元，集聚低空经济企业420家以上。"
FOLLOW_UP = "记者从无锡市发展改革委获悉，按照三年行动计划，到2028年，全市低空经济规模将突破600亿元，起降设施达到260个。"
REPORT = (
    "市政府通报低空经济三年行动计划实施情况。截至2026年9月底，全市低空航线达到51条，低空经济企业已有300家。"
    "下一步，无锡市将继续推动低空经济高质量发展，落实主体责任，完善政策措施。"
)
TITLE = "无锡印发低空经济三年行动计划"
DAY = "2026-11-20"


def page(title: str, text: str, publisher: str, region: str = "无锡市", day: str = DAY) -> Article:
    return Article(title, text, url=f"https://{publisher}.example/", published=day, publisher=publisher, region=region)


FIRST_DAY = (
    page(TITLE, PLAN, "无锡市人民政府"),
    page(f"转载：{TITLE}", f"来源：某网\n{PLAN}\n版权归原作者所有，如有侵权请联系删除。", "某网"),
    page(spun(TITLE), spun(PLAN), "某论坛"),
    page(TITLE, PLAN.partition("\n")[0], "某报"),
    page(TITLE, PLAN.partition("\n")[2], "某客户端"),
    page(TITLE.replace("无锡", "苏州"), NEIGHBOUR, "苏州市人民政府", "苏州市"),
    page("低空经济产业大会召开", DISPUTE, "另一报"),
)
LATER = (
    page("低空经济目标怎么实现", FOLLOW_UP, "某报", day="2026-11-22"),
    page("无锡市低空经济工作进展", REPORT, "某网", day="2026-11-22"),
    page("调整", PLAN.replace("260个", "300个"), "无锡市人民政府", day="2026-11-22"),
)


def known_after(articles: list[Article]) -> tuple[set[frozenset[str]], dict[frozenset[str], int]]:
    """Stories, and facts with how often each is there, without the ids and moments of their arrival."""
    with Store.open("sqlite://") as store:
        for article in articles:
            key = f"{article.url}{article.published}{article.title}"
            ingest(article, key=key, store=store, judge=JUDGE, page_hash=None, now=NOW)
        with store.reading() as db:
            rows = db.execute(select(ArticleRow.id, ArticleRow.key, ArticleRow.story_id)).all()
            versions = {row.id: row for row in db.execute(select(FactVersion.__table__))}
            facts = {row.id: row for row in db.execute(select(Fact.__table__))}
            told = db.execute(select(Sighting.version_id, Sighting.article_id)).all()
    keys = {row.id: row.key for row in rows}
    stories = {frozenset(row.key for row in rows if row.story_id == story) for story in {row.story_id for row in rows}}
    shapes: dict[int, set[str]] = defaultdict(set)
    for id, version in versions.items():
        tellers = sorted(keys[row.article_id] for row in told if row.version_id == id)
        about = versions[version.about_id] if version.about_id else None
        event = (version.event, version.live, about and (about.value, about.status))
        said = (version.value, version.value_high, version.comparator, version.status)
        fact = facts[version.fact_id]
        whose = (fact.kind, fact.assertion, fact.region_code, fact.deadline, fact.plural)
        shapes[version.fact_id].add(repr((whose, said, event, tellers)))
    counted: dict[frozenset[str], int] = defaultdict(int)
    for shape in shapes.values():
        counted[frozenset(shape)] += 1
    return stories, dict(counted)


IN_ORDER = known_after([*FIRST_DAY, *LATER])


def test_the_day_has_what_the_property_is_about() -> None:
    """Copies, a neighbour's plan, sources that disagree, a revision, a result: else shuffling would prove little."""
    stories, facts = IN_ORDER
    assert max(map(len, stories)) >= 5
    told = " ".join(line for shape in facts for line in shape)
    for event in ("contradicted", "revised", "result"):
        assert f"'{event}'" in told


@settings(max_examples=12)
@given(st.permutations(FIRST_DAY), st.permutations(LATER))
def test_the_order_of_arrival_within_a_day_changes_nothing(first: list[Article], later: list[Article]) -> None:
    assert known_after([*first, *later]) == IN_ORDER


@settings(max_examples=5)
@given(st.permutations([*FIRST_DAY, *LATER]))
def test_everything_again_changes_nothing(again: list[Article]) -> None:
    assert known_after([*FIRST_DAY, *LATER, *again]) == IN_ORDER
