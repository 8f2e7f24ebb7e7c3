"""Whose word an article is: houses under all their names, and how near a page is to whoever issued what it tells."""

import pytest

from monitor.domain import Article, Source
from monitor.publishers import ISSUER, OFFICIAL, PUBLISHER, REPOST, Houses
from monitor.seeds import load_seeds

SOURCES = (
    Source("city", "无锡市人民政府·市政府文件", "http://city.example/", level="city"),
    Source("paper", "江南晚报电子版", "http://paper.example/", level="media", official=False),
    Source("daily", "科技日报", "http://daily.example/", level="media"),
    Source("forum", "某论坛", "http://forum.example/", official=False),
    Source("added", "苏州新闻网", "http://added.example/"),
)
HOUSES = Houses(load_seeds(shipped_sources=False).publishers, SOURCES)


@pytest.mark.parametrize(
    ("credited", "house"),
    [
        ("江苏广电苏州中心站", "江苏省广播电视总台"),
        ("荔枝新闻", "江苏省广播电视总台"),
        ("无锡日报", "无锡日报社"),
        ("无锡观察客户端", "无锡日报社"),
        ("人民网－江苏频道", "人民日报社"),
        ("新华社 记者甲", "新华社"),
        ("21世纪经济报道", "南方财经全媒体集团"),
        ("梁溪发布微信公众号", "梁溪发布"),
        ("无人知道的小报", "无人知道的小报"),
    ],
)
def test_a_house_is_known_by_its_outlets(credited: str, house: str) -> None:
    assert HOUSES.house(credited) == house


@pytest.mark.parametrize(
    ("source", "publisher", "standing"),
    [
        ("city", None, ISSUER),
        ("city", "无锡市工业和信息化局", ISSUER),
        ("city", "市政府办公室", ISSUER),
        ("city", "无锡日报", OFFICIAL),
        ("paper", "江南晚报", PUBLISHER),
        ("paper", "无锡日报", PUBLISHER),  # one house
        ("paper", "新华社", REPOST),
        ("daily", None, PUBLISHER),
        ("daily", "新华社", OFFICIAL),
        ("forum", "无锡市人民政府", REPOST),
        ("forum", None, REPOST),
        ("added", "苏州日报", PUBLISHER),
        (None, None, ISSUER),
        (None, "无锡日报", OFFICIAL),
    ],
)
def test_standing_says_how_near_a_page_is_to_its_issuer(
    source: str | None, publisher: str | None, standing: int
) -> None:
    assert HOUSES.standing(Article("题", "文", source=source, publisher=publisher)) == standing


def test_the_origin_is_the_credited_house_else_that_of_the_site() -> None:
    assert HOUSES.origin(Article("题", "文", source="forum", publisher="无锡日报")) == "无锡日报社"
    assert HOUSES.origin(Article("题", "文", source="daily")) == "科技日报社"
    assert HOUSES.origin(Article("题", "文")) is None
