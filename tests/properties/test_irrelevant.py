"""What stands beside a policy article on its page (a match report, a forecast, a recipe, an advert) takes no fact from it."""

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.domain import Article, Judgement, Quantity
from monitor.judge import Judge
from monitor.seeds import load_seeds

OWN = Path(__file__).parents[1] / "accuracy" / "own"
JUDGE = Judge(load_seeds(shipped_sources=False))
ASIDES = (
    "昨晚的联赛第九轮，主队在第78分钟由替补前锋打入制胜一球，以2比1逆转对手，主场不败纪录延长到11场。赛后主教练说，球队还要在防守上下功夫，"
    "下一轮客场对手目前排名第三，全队力争带走至少1分。当晚到场球迷3.1万人，创下本赛季新高，门将全场做出7次扑救，当选本场最佳球员。",
    "未来三天多云到阴有阵雨，偏东风3到4级，阵风6级，最高气温26℃到28℃，最低气温19℃。周四夜间雨势增强，过程雨量预计30到50毫米，局部可达70毫米，"
    "能见度较低，出行请注意减速。周六起冷空气影响结束，气温回升，早晚温差超过10℃，湿度降到50%左右，适合晾晒和户外活动，紫外线中等偏强。",
    "取五花肉500克切块，冷水下锅焯烫3分钟，捞出洗净。锅中放油20毫升和冰糖30克，小火炒到起泡，下肉翻炒上色，加料酒2勺、生抽3勺、八角2颗，"
    "倒入没过肉面的热水，大火烧开转小火焖60分钟，最后收汁5分钟，撒上葱花即可。喜欢软糯口感的可以多焖20分钟，用砂锅更香。",
    "本店周年庆限时三天，全场家电八折起，满3000元立减400元，前50名顾客另赠电饭煲一只。沙发、床垫新品上市，三件套原价5999元，现价3999元，"
    "支持十二期免息，老顾客凭会员卡再享九五折。营业时间每天9点到21点，地址在老街口转盘东侧，停车免费，欢迎选购，数量有限，售完为止。",
)


def read(file: Path) -> Article:
    label = json.loads(file.read_text(encoding="utf-8"))
    title, _, text = file.with_suffix(".txt").read_text(encoding="utf-8").partition("\n\n")
    return Article(
        title=title,
        text=text.strip(),
        published=label["published"],
        publisher=label["publisher"],
        region=label.get("home"),
    )


def facts(judged: Judgement) -> set[tuple[object, ...]]:
    numbers = {
        (one.assertion, one.value, one.unit, one.evidence.text) for one in judged.targets if isinstance(one, Quantity)
    }
    statuses = {(one.name, one.evidence.text) for one in judged.targets if not isinstance(one, Quantity)}
    return numbers | statuses | {(one.type, one.name) for one in judged.programmes}


NAMES = [file for file in sorted(OWN.glob("*.json")) if "table" not in file.stem]  # a paragraph amid a table breaks it
POLICY = [
    article
    for article in map(read, NAMES)
    if len(facts(JUDGE.judge(article))) > 3  # fewer say little
]


def beside(article: Article, aside: str, place: float) -> Judgement:
    """The article judged with the paragraph before, amid or behind its lines."""
    lines = article.text.split("\n")
    at = round(place * len(lines))
    return JUDGE.judge(replace(article, text="\n".join((*lines[:at], aside, *lines[at:]))))


@given(st.sampled_from(POLICY), st.sampled_from(ASIDES), st.sampled_from((0.0, 0.5, 1.0)))
def test_paragraph_about_something_else_removes_no_fact(article: Article, aside: str, place: float) -> None:
    """Where the page is still taken for policy, which a paragraph amid a short article may end."""
    told = beside(article, aside, place)
    assume(told.findings)
    assert facts(JUDGE.judge(article)) <= facts(told)


def test_paragraph_about_something_else_leaves_an_article_policy() -> None:
    lost = [article.title for article in POLICY for aside in ASIDES if not beside(article, aside, 1.0).findings]
    assert lost == []
