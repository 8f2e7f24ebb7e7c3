"""What an article is about: terms, where they stand, what does not count."""

import tomllib
from pathlib import Path

import pytest

from monitor.classify import EVIDENCE, Classifier, FactThemes
from monitor.domain import Article, Evidence, ThemeMatch
from monitor.seeds import Theme, load_seeds
from monitor.text import fold

SEEDS = load_seeds(shipped_sources=False)
SHIPPED = Classifier(SEEDS.themes, SEEDS.words, SEEDS.genres)
CASES = tomllib.loads((Path(__file__).parents[1] / "tables" / "themes.toml").read_text(encoding="utf-8"))["case"]
FILLER = "这一段说的是别的事情，与所问无关，只为把文章写长一点。"


def classify(classifier: Classifier, text: str, title: str = "一篇文章") -> tuple[ThemeMatch, ...]:
    return classifier.classify(Article(title=title, text=text), fold(text))


def ids(matches: tuple[ThemeMatch, ...]) -> set[str]:
    return {match.id for match in matches}


def one(**terms: tuple[str, ...]) -> Classifier:
    return Classifier([Theme(id="t", name="主题", **terms)])  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_article_is_filed_as_a_careful_reader_would(case: dict[str, object]) -> None:
    text = str(case["text"])
    found = ids(classify(SHIPPED, text, str(case["title"])))
    may, themes = case["may"], case["themes"]
    assert isinstance(may, list)
    assert isinstance(themes, list)
    assert found - set(may) == set(themes)


def test_every_shipped_theme_has_a_case() -> None:
    assert {theme.id for theme in SEEDS.themes} == {theme for case in CASES for theme in case["themes"]}


def test_dropped_once_is_not_about() -> None:
    assert not classify(SHIPPED, f"{FILLER}\n会上也提到了低空经济。\n{FILLER}")


def test_title_makes_up_for_a_short_body() -> None:
    classifier = one(strong=("甲乙丙",))
    assert ids(classify(classifier, FILLER, "甲乙丙行动方案")) == {"t"}


def test_many_terms_outweigh_one_term_often() -> None:
    classifier = one(strong=("甲乙丙", "丁戊己", "庚辛壬"))
    often = classify(classifier, "甲乙丙。甲乙丙。甲乙丙。")
    many = classify(classifier, "甲乙丙。丁戊己。庚辛壬。")
    assert many[0].score > often[0].score


def test_heading_and_lead_weigh_more_than_the_body() -> None:
    classifier = one(strong=("甲乙丙",))
    body = (FILLER * 10) + "\n" + "再说甲乙丙的事。又说甲乙丙。还说甲乙丙。"
    heading = (FILLER * 10) + "\n" + "甲乙丙怎么办\n再说甲乙丙的事。又说甲乙丙。"
    lead = "再说甲乙丙的事。又说甲乙丙。还说甲乙丙。\n" + (FILLER * 10)
    scores = {name: classify(classifier, text)[0].score for name, text in locals().items() if isinstance(text, str)}
    assert scores["heading"] > scores["body"]
    assert scores["lead"] > scores["body"]


def test_one_sentence_is_not_enough_however_often_it_says_it() -> None:
    assert not classify(one(strong=("甲乙丙", "丁戊己")), "甲乙丙、丁戊己、甲乙丙、丁戊己都在这一句里")


def test_one_strong_term_in_weak_company_is_only_dropped() -> None:
    classifier = one(strong=("甲乙丙", "庚辛壬"), weak=("丁戊己",))
    assert not classify(classifier, "丁戊己。甲乙丙。丁戊己。丁戊己。丁戊己。")
    assert classify(classifier, "丁戊己。甲乙丙。丁戊己。庚辛壬。丁戊己。")


def test_weak_terms_alone_make_no_theme() -> None:
    assert not classify(one(weak=("甲乙丙", "丁戊己")), "甲乙丙。丁戊己。" * 10)


def test_longer_text_asks_for_more() -> None:
    classifier, said = one(strong=("甲乙丙",)), "甲乙丙。又是甲乙丙。"
    short, long = classify(classifier, said * 2), classify(classifier, said * 2 + FILLER * 40)
    assert short
    assert not long or long[0].score < short[0].score


def test_expression_of_none_swallows_the_term_inside() -> None:
    text = "甲乙丙丁很好。甲乙丙丁不错。"
    assert classify(one(strong=("甲乙丙",)), text)
    assert not classify(one(strong=("甲乙丙",), none=("甲乙丙丁",)), text)


def test_must_and_any_are_conditions_on_the_whole_article() -> None:
    text = "甲乙丙。又是甲乙丙。这里有壬癸。"
    assert classify(one(strong=("甲乙丙",), must=("壬癸",)), text)
    assert not classify(one(strong=("甲乙丙",), must=("壬癸", "子丑")), text)
    assert classify(one(strong=("甲乙丙",), any=("壬癸", "子丑")), text)
    assert not classify(one(strong=("甲乙丙",), any=("子丑",)), text)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("传统产业加快转型升级。", True),
        ("升级传统产业。", False),
        ("传统产业，升级。", False),
        ("传统产业在这许多年里一直没有机会升级。", False),
    ],
)
def test_phrase_wants_its_words_in_order_in_one_clause(text: str, matches: bool) -> None:
    assert bool(classify(one(phrase=("传统产业 升级",)), text * 2)) == matches


@pytest.mark.parametrize(
    ("text", "matches"), [("整机厂做机器人，也做具身大脑。", True), ("机器人下线。\n具身的路还长。", False)]
)
def test_near_wants_its_words_in_any_order_on_one_line(text: str, matches: bool) -> None:
    classifier = one(strong=("甲乙丙",), near=("具身 机器人",))
    hits = classify(classifier, f"甲乙丙。\n{text}\n甲乙丙。", "甲乙丙")[0].evidence
    assert any(hit.text == "具身" for hit in hits) == matches


def test_latin_term_is_not_found_inside_a_longer_word() -> None:
    classifier = one(strong=("AI",))
    assert not classify(classifier, "MAIL系统。HAIR沙龙。AIDS防治。")
    assert classify(classifier, "AI赋能。用好AI。")


def test_short_term_of_a_user_counts_only_where_jieba_sees_a_word() -> None:
    text = "工作已经开展。活动已经开展。"
    assert not classify(one(strong=("经开",)), text)
    assert classify(Classifier([Theme(id="t", name="主题", strong=("经开",))], known=("经开",)), text)


def test_shipped_terms_need_no_look_at_jieba() -> None:
    """Its dictionary costs most of a second; shipped terms of two characters are vouched for in seeds/lexicon."""
    terms = {term for theme in SEEDS.themes for term in (*theme.strong, *theme.weak) if len(term) == 2}
    assert {term for term in terms if not term.isascii()} <= set(SEEDS.words)


def test_evidence_is_cut_from_the_printed_text() -> None:
    text = "推进 低空 经济 试点。\n到２０２７年，低空经济規模翻番。低空航线再开三条。"
    for match in classify(SHIPPED, text, "低空经济"):
        assert 0 < len(match.evidence) <= EVIDENCE
        assert all(text[hit.start : hit.end] == hit.text for hit in match.evidence)


def test_evidence_shows_each_term_before_repeats() -> None:
    classifier = one(strong=("甲乙丙",), weak=("丁戊己",))
    match = classify(classifier, "甲乙丙。" * 20 + "丁戊己。")[0]
    assert len(match.evidence) == EVIDENCE
    assert "丁戊己" in {hit.text for hit in match.evidence}


def of_fact(text: str, quote: str, name: str, matches: tuple[ThemeMatch, ...] = ()) -> tuple[str, ...]:
    start = text.index(quote)
    return FactThemes(SHIPPED, fold(text), matches).of(Evidence(start, start + len(quote), quote), name)


def test_fact_takes_the_theme_its_name_speaks_of() -> None:
    text = "到2027年，建成孵化器30家，引进高层次人才5000名。"
    assert of_fact(text, text, "高层次人才") == ("talent",)


def test_fact_takes_the_themes_of_its_sentence_where_the_name_is_plain() -> None:
    text = "低空经济要快。到2027年规模达到100亿元。建成低空航线30条。"
    assert of_fact(text, "建成低空航线30条。", "条数") == ("low-altitude-economy",)


def test_fact_without_words_of_its_own_takes_the_leading_theme() -> None:
    text = "今年新增规模100亿元。"
    matches = (ThemeMatch("talent", "人才引育", 0.9, ()), ThemeMatch("new-energy", "新能源", 0.6, ()))
    assert of_fact(text, text, "规模", matches) == ("talent",)
    assert of_fact(text, text, "规模") == ()


def test_facts_of_one_sentence_share_its_theme_and_keep_their_own() -> None:
    text = "建成低空航线30条，引进高层次人才20名，规模100亿元。"
    themes, evidence = FactThemes(SHIPPED, fold(text)), Evidence(0, len(text), text)
    told = themes.of(evidence, "规模")
    assert themes.of(evidence, "高层次人才") == ("talent",)
    assert themes.of(evidence, "规模") == told
    assert set(told) == {"talent", "low-altitude-economy"}


def test_weak_term_speaks_only_of_a_theme_of_the_article() -> None:
    classifier = one(strong=("甲乙丙",), weak=("丁戊己",))
    assert classifier.spoken("丁戊己10家", ()) == ()
    assert classifier.spoken("丁戊己10家", (ThemeMatch("t", "主题", 0.9, ()),)) == ("t",)


@pytest.mark.parametrize("text", ["", "\n\n", "abc " * 50, "１２３，" * 200, "\x00\ufffd锟斤拷" * 20])
def test_text_without_sense_has_no_theme(text: str) -> None:
    assert classify(SHIPPED, text, "") == ()


def test_no_themes_find_nothing() -> None:
    assert classify(Classifier([]), "低空经济。低空经济。") == ()


def test_an_advert_below_takes_no_theme_away() -> None:
    """A last line about something else makes no page about it, lines throughout do."""
    policy = (
        "新区印发低空经济行动方案，开通低空航线二十条。\n低空经济企业补贴同步发放，起降点加快建设，低空航线保障到位。"
    )
    weather = "今夜多云转暴雨，最高气温28℃，阵风七级，气象台发布预警信号。"
    assert ids(classify(SHIPPED, f"{policy}\n{weather}", "低空经济提速")) == {"low-altitude-economy"}
    assert not classify(SHIPPED, f"{weather}\n{policy}\n{weather}", "低空经济提速")
