"""What the replica sites say: enough articles of each sort, dates that stay true, copies that spin or keep their words."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.demo.content import ARTICLES, EXTRA, SHANGHAI, ReplicaArticle, date_article, spin
from monitor.demo.sites import SITES
from monitor.seeds import load_seeds
from monitor.spun import is_spun

BY_ID = {article.id: article for article in ARTICLES}
NEW_YEAR = datetime(2030, 1, 3, 9, 0, tzinfo=SHANGHAI)
# Places of which the five founding documents speak, by the names that the articles use.
PLACES = (
    "无锡", "江阴", "宜兴", "梁溪", "锡山", "惠山", "滨湖", "新吴", "经开", "苏州", "江苏", "天津滨海高新区", "沈阳高新区", "湘潭高新区", "成都高新区",
)  # fmt: skip


def body(article: ReplicaArticle) -> str:
    return "\n".join(article.paragraphs)


def test_every_site_has_articles_and_there_are_enough() -> None:
    assert len(ARTICLES) >= 66
    assert {article.site for article in ARTICLES} == set(SITES)
    assert len({*BY_ID, *EXTRA}) == len(ARTICLES) + len(EXTRA)


def test_every_named_board_exists() -> None:
    boards = {board.id for site in SITES.values() for board in site.boards}
    assert {article.board for article in (*ARTICLES, *EXTRA.values()) if article.board} <= boards


@pytest.mark.parametrize("place", PLACES)
def test_a_recent_article_sets_a_dated_target_for(place: str) -> None:
    dated = [article for article in ARTICLES if "{year+" in body(article) and article.days_ago <= 25]
    assert any(place in body(article) for article in dated)


def test_a_text_is_filled_from_its_day() -> None:
    article = ReplicaArticle("a", "city", "到{year+2}年", ("{date}，{last_year}年的{month_day}",), days_ago=5.5)
    entry = date_article(article, NEW_YEAR)
    assert (entry.title, entry.paragraphs) == ("到2031年", ("2029年12月28日，2028年的12月28日",))


def test_a_copy_speaks_from_the_day_of_its_original() -> None:
    copy, original = (date_article(BY_ID[id], NEW_YEAR) for id in ("discuz-wuxi-carriers", "stock-wuxi-carriers"))
    assert copy.paragraphs == original.paragraphs
    assert copy.moment > original.moment


@pytest.mark.parametrize("hour", [0, 7, 23])
def test_no_article_is_dated_after_today(hour: int) -> None:
    today = datetime(2027, 6, 1, hour, 30, tzinfo=UTC)
    moments = [date_article(article, today).moment for article in ARTICLES]
    assert max(moments) <= today
    assert max(moments) > today - timedelta(days=2)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_only_the_spun_copy_is_spun(article: ReplicaArticle) -> None:
    spun = is_spun(f"{article.title}\n{body(article)}", load_seeds().odd)
    assert spun == (article.id == "discuz-four-zones-spun")


def test_the_spun_copy_is_the_original_in_other_words() -> None:
    copy, original = BY_ID["discuz-four-zones-spun"], BY_ID["magazine-four-zones"]
    turned_back = spin(body(copy), load_seeds().synonyms)
    assert body(copy) != body(original)
    assert turned_back == spin(body(original), load_seeds().synonyms)


def test_plain_copies_stand_on_other_sites() -> None:
    first: dict[str, ReplicaArticle] = {}
    copies = [article for article in ARTICLES if first.setdefault(body(article), article) is not article]
    assert len(copies) >= 3
    assert all(copy.site != first[body(copy)].site for copy in copies)


def test_extra_articles_come_from_different_sites_today() -> None:
    assert len({article.site for article in EXTRA.values()}) >= 3
    assert all(article.days_ago == 0 for article in EXTRA.values())
