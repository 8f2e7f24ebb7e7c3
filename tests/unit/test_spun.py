"""Pages whose words a text spinner replaced are told from others, and matched by the plain words."""

import pytest

from monitor.domain import Article
from monitor.seeds import load_seeds
from monitor.spun import fold_article, is_spun

SEEDS = load_seeds(shipped_sources=False)
ONE_STYLE = "客岁以来，园区随机应变，为链上卑鄙企业开出新蹊径，先辈技术接连落地，本年夺取再添十家。"
OTHER_STYLE = "整年范围以上产业杀青产值600亿元，卖力人说，传统财产要在年末前投入利用新装备。"


@pytest.mark.parametrize("text", [ONE_STYLE, OTHER_STYLE])
def test_spun_page_is_told(text: str) -> None:
    assert is_spun(text, SEEDS.odd)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "园区建立台账，优化结构，改善情况，服从大局，举措有力，能办理的马上办理，题目不难。",
        "学习革命先辈，客岁今宵，因时制宜。",
        "知识产权是重要的无形财产，保护公私财产、单元楼改造、演出杀青、装备名目清单，整年无休。",
    ],
)
def test_ordinary_page_is_not(text: str) -> None:
    assert not is_spun(text, SEEDS.odd)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (ONE_STYLE, "去年以来，园区因地制宜，为链上下游企业开出新路径，先进技术接连落地，今年争取再添十家。"),
        (OTHER_STYLE, "全年规模以上工业完成产值600亿元，负责人说，传统产业要在年底前投入使用新装备。"),
    ],
)
def test_spun_page_is_folded_into_plain_words(text: str, plain: str) -> None:
    title, body = fold_article(Article(title="本年怎么干", text=text), SEEDS)
    assert body.text == plain
    assert body.printed == text
    assert title.text == "今年怎么干"


def test_ordinary_page_keeps_its_words() -> None:
    text = "本年度建立制度三项，改善情况，优化结构。"
    assert fold_article(Article(title="总结", text=text), SEEDS)[1].text == text


def test_traditional_page_is_not_taken_for_spun() -> None:
    text = "本年引進人才三百名，落實產業創新政策，機器人企業達到五十家，實驗室投入使用。"
    assert "引进人才三百名" in fold_article(Article(title="施政報告", text=text), SEEDS)[1].text
