"""Articles that do not speak of policy give nothing, however many numbers and promises they hold."""

import pytest

from monitor.domain import Article
from monitor.extract.genre import is_policy
from monitor.judge import Judge
from monitor.seeds import load_seeds

JUDGE = Judge(load_seeds(shipped_sources=False))

OTHERS = {
    "sport": (
        "主场三球大胜 球队冲进前四",
        "昨晚的联赛第12轮，主队在主场3比0取胜，全场射门21次。前锋打入本赛季第9个进球，门将扑出1个点球。主教练赛后说，"
        "球队力争剩下的10场比赛拿到20分，确保进入前四名。两万三千名球迷到场，上座率达到92%。球队计划夏窗引进3名球员。",
    ),
    "weather": (
        "冷空气今夜抵达 最低气温将降至零下3度",
        "市气象台预计，受强冷空气影响，24小时内气温将下降10℃以上，阵风可达9级。全市平均降水量将达到40毫米，局部超过80毫米。"
        "气象台已发布大风黄色预警。预计25日起雨势减弱，26日晴到多云，最高温回升到8℃左右，能见度不足500米的路段将封闭。",
    ),
    "market": (
        "收盘：沪指涨0.8% 两市成交额突破1.2万亿元",
        "今日两市高开高走，截至收盘，沪指涨0.8%，深成指涨1.2%，创业板指涨1.5%。机器人板块领涨，20余只个股涨停。北向资金净流入"
        "86亿元，主力资金净流入超120亿元。券商预计，大盘年内有望冲击3600点，目标涨幅15%。",
    ),
    "company": (
        "某机械公司年报：净利润增长三成",
        "公司发布年报，全年营收56.3亿元，归母净利润6.1亿元，同比增长30.2%，毛利率提高1.8个百分点。董事会提出每10股派息3元的"
        "分红方案。公司股票年内涨幅40%，市值突破200亿元。公司计划三年内回购股份不超过5亿元，力争每股收益年均增长15%。",
    ),
    "show": (
        "春节档票房破80亿 这部影片领跑",
        "截至昨日21时，春节档总票房突破80亿元，观影人次达到1.6亿。主演和导演在首映礼上说，力争把续集在2027年上映。业内预计"
        "该片总票房将达到45亿元，排片占比保持在35%以上。影院全年计划新增银幕1200块，演唱会门票也卖出30万张。",
    ),
    "traffic": (
        "两车相撞 高架堵了三公里",
        "今晨7时20分，高架由西向东方向发生车祸，两车相撞，3名伤者送医，无生命危险。民警到场后封闭1条车道，拥堵一度达到3公里。"
        "肇事司机已被控制。交警预计9时恢复通行，提醒市民绕行，车速不超过40公里。",
    ),
    "essay": (
        "外婆的三十二个坛子",
        "外婆家的院子里有三十二个坛子，最大的能装一百斤米酒。她说每年要腌五十斤雪里蕻，争取吃到来年三月。我七岁那年数过，到2003年"
        "只剩下二十个。后来院子翻新，力气活都是舅舅做的，用了两年时间。坛子还在，人已经走了三年。",
    ),
    "recipe": (
        "一碗好面的比例",
        "面粉500克，水230克，盐5克，揉面15分钟，醒面不少于40分钟。汤要熬足6小时，骨头与水的比例是1比3。出锅前淋热油20毫升，"
        "葱花不超过5克。熟练之后，力争10分钟内完成一碗。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_other_articles_give_no_facts(kind: str) -> None:
    title, text = OTHERS[kind]
    judged = JUDGE.judge(Article(title=title, text=text, published="2026-01-20"))
    assert judged.findings == ()


@pytest.mark.parametrize("kind", ["sport", "weather", "market", "company", "show"])
def test_a_line_of_policy_makes_no_policy_of_a_match_report(kind: str) -> None:
    title, text = OTHERS[kind]
    assert not is_policy(title, f"{text}\n市政府的规划、方案和意见也提到了它。", themed=True)


def test_policy_on_sport_is_policy() -> None:
    title = "无锡印发体育产业发展规划"
    text = "市政府印发《体育产业发展规划》，提出到2027年全市体育产业总规模力争突破800亿元，举办马拉松等赛事120场，建设示范区3个。"
    assert is_policy(title, text, themed=False)


@pytest.mark.parametrize("kind", OTHERS)
def test_another_story_below_takes_nothing_away(kind: str) -> None:
    """Adverts and match reports stand on the pages of papers, too."""
    policy = "市政府印发行动计划，力争到2028年建成孵化器20家，培育专精特新企业300家，高新区和经开区各建示范区1个。" * 3
    for text in (f"{policy}\n{OTHERS[kind][1]}", f"{OTHERS[kind][1]}\n{policy}"):
        assert is_policy("行动计划印发", text, themed=False)


def test_theme_makes_up_for_few_words_of_policy() -> None:
    text = "力争新开低空航线四条，起降点二十个。" + "沿线的居民说，这样出门方便多了。" * 8
    assert not is_policy("", text, themed=False)
    assert is_policy("", text, themed=True)


def test_news_of_the_economy_is_policy_without_a_theme() -> None:
    text = "一季度，全市规模以上企业用电量增长6%，工业投资增长9.4%，技改项目开工52个。"
    assert is_policy("一季度全市经济运行情况", text, themed=False)


def test_words_of_policy_have_to_stand_together() -> None:
    words = ("规划里说的他都听过。", "方案他也看过。", "意见他也提过。")
    assert is_policy("", "".join(words), themed=False)
    filler = "\n" + "后来他又走了很远的路，看了很多的山。\n" * 60
    assert not is_policy("", filler.join(words), themed=False)


def test_words_that_others_use_too_make_no_policy_alone() -> None:
    """A zoo is a 园区 that hatches (孵化) and sets up rules (出台); beside a word of policy such words count."""
    zoo = "园区出台限流措施，新孵化火烈鸟三只，力争全年迎客三百万人次。园区加开夜场，出台优惠票价。"
    assert not is_policy("动物园出台假日安排", zoo, themed=False)
    assert is_policy("高新区出台孵化新政", zoo.replace("迎客三百万人次", "引进专精特新企业三十家"), themed=False)


@pytest.mark.parametrize("text", ["", "\n\n", "，。" * 50])
def test_nothing_is_no_policy(text: str) -> None:
    assert not is_policy("", text, themed=True)
