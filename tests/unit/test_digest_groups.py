"""What a digest's headings are: places with their themes, or themes with their places; an article stands under one."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from bs4 import BeautifulSoup

from alerts import render
from alerts.channels.robots import SERVICES
from alerts.digest import Digest, Edition, Trouble, compose
from alerts.markdown import pieces
from alerts.parts import parted
from benchmarks.pictures.samples import digest as sample
from monitor.config import Mail
from monitor.store.delivery import Grouping, Language, Subscription
from monitor.store.pending import Amount, Beside, Pending, Report
from monitor.store.series import Point

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
EDITION = Edition(
    {"low": "低空经济", "ai": "人工智能"},
    preferences="https://watch.example.com/u/",
    english={"low": "Low-altitude economy", "ai": "Artificial intelligence"},
)
SERIES = (Point(2024, True, "100"), Point(2025, True, "200"), Point(2026, False, "400"))


def fact(number: int, *themes: str, article: int = 0, place: str | None = "无锡市", **other: object) -> Pending:
    article = article or number
    told = Report(
        article,
        f"https://a.example/{article}",
        f"第{article}篇",
        "wuxi",
        "无锡市政府",
        "2026-11-23",
        f"建成{number}00家。",
    )
    plain = Pending(
        version_id=number, fact_id=number, kind="quantity", name=f"指标{number}", assertion="target", type=None, unit="家",
        deadline="2028-12-31", recurrence=None, region_code=place and {"无锡市": "320200", "苏州市": "320500"}[place],
        region_name=place, themes=themes, amount=Amount("ge", f"{number}00", None, None), previous=None, first_seen=NOW,
        reports=(told,),
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]  # the tests name real fields


def digest(*facts: Pending, group_by: Grouping = "region", language: Language = "zh-CN", **edition: object) -> Digest:
    reader = Subscription("a@example.com", themes=("low", "ai"), language=language, group_by=group_by, token="t" * 22)
    return compose(facts, replace(EDITION, **edition), reader, NOW)  # type: ignore[arg-type]


def result(**other: object) -> Pending:
    aim = Amount("ge", "400", None, None)
    old = Report(9, None, "去年的计划", "wuxi", "无锡市政府", "2025-01-02", "到2026年建成400家以上。")
    told = fact(1, "low", assertion="actual", amount=Amount("eq", "100", None, None), event="result",
                beside=Beside(8, aim, "2026-12-31", old))  # fmt: skip
    return replace(told, **other)  # type: ignore[arg-type]


def headings(made: Digest) -> list[tuple[str, list[str]]]:
    return [(group.name, [part.name for part in group.parts]) for group in made.groups]


FACTS = (fact(1, "ai"), fact(2, "low"), fact(3, "ai", place="苏州市"))


def test_places_have_their_themes_in_the_order_in_which_they_were_asked_for() -> None:
    assert headings(digest(*FACTS)) == [("无锡市", ["低空经济", "人工智能"]), ("苏州市", ["人工智能"])]


def test_or_themes_have_their_places() -> None:
    assert headings(digest(*FACTS, group_by="theme")) == [("低空经济", ["无锡市"]), ("人工智能", ["无锡市", "苏州市"])]


def test_themes_have_the_names_of_the_readers_language() -> None:
    made = digest(*FACTS, group_by="theme", language="en")
    assert [name for name, _ in headings(made)] == ["Low-altitude economy", "Artificial intelligence"]
    assert "Why: Artificial intelligence, 无锡市" in render.text_part(made)


@pytest.mark.parametrize("group_by", ["region", "theme"])
def test_what_all_have_in_common_is_no_heading(group_by: Grouping) -> None:
    made = digest(fact(1, "low"), fact(2, "low"), group_by=group_by)
    assert [parts for _, parts in headings(made)] == [[""]]


def test_what_has_no_place_or_theme_says_so() -> None:
    assert headings(digest(fact(1, place=None), fact(2, "low"))) == [
        ("无锡市", ["低空经济"]),
        ("地区未明", ["其他主题"]),
    ]


def test_an_article_stands_under_the_theme_of_most_of_its_facts_and_once_only() -> None:
    one = [
        fact(1, "low", article=7),
        fact(2, "ai", article=7),
        fact(3, "ai", "low", article=7),
        fact(4, "ai", article=7),
    ]
    made = digest(*one, fact(5, "low"), group_by="theme")
    assert [(group.name, len(group.stories), group.count) for group in made.groups] == [
        ("低空经济", 1, 1),
        ("人工智能", 1, 4),
    ]


def test_of_one_theme_the_article_comes_first_that_tells_most() -> None:
    great = fact(2, "low", unit="元", amount=Amount("eq", "60000000000", None, None))
    small = fact(1, "low", unit="元", amount=Amount("eq", "5000", None, None))
    assert digest(small, great, result(version_id=3, fact_id=3, reports=fact(3).reports)).versions == (3, 2, 1)


@pytest.mark.parametrize("group_by", ["region", "theme"])
def test_however_it_is_grouped_every_fact_is_there_once(group_by: Grouping) -> None:
    facts = [
        fact(number, ("low", "ai")[number % 2], place=("无锡市", "苏州市")[number % 3 > 0]) for number in range(1, 9)
    ]
    made = digest(*facts, group_by=group_by)
    shown = [item for group in made.groups for story in group.stories for quote in story.quotes for item in quote.items]
    assert tuple(item.fact.version_id for item in shown) == made.versions
    assert sorted(made.versions) == list(range(1, 9))


def test_a_digest_cut_into_parts_keeps_its_headings() -> None:
    facts = [fact(number, ("low", "ai")[number % 2]) for number in range(1, 41)]
    parts = parted(digest(*facts, group_by="theme"), 24_000)
    assert len(parts) > 1
    assert parts[0].groups[0].name == "低空经济"
    assert parts[-1].groups[-1].name == "人工智能"
    assert [version for part in parts for version in part.versions] == list(digest(*facts, group_by="theme").versions)


def message(made: Digest) -> EmailMessage:
    body = render.message(made, Mail(sender="policywatch <watch@example.com>"), "<m@example.com>")
    return email.message_from_bytes(body, policy=email.policy.default)


def test_a_result_has_a_bar_as_long_as_it_has_come() -> None:
    html = render.html_part(digest(result()))
    assert 'width="25%"' in html
    assert "已完成25%" in render.text_part(digest(result()))
    beyond = result(amount=Amount("eq", "900", None, None))
    assert 'width="100%"' in render.html_part(digest(beyond))
    assert "已完成225%" in render.text_part(digest(beyond))
    assert 'class="bar"' not in render.html_part(digest(fact(1, "low")))


def test_a_series_has_a_picture_with_its_values_in_words_beside_it() -> None:
    made = digest(fact(1, "low", series=SERIES))
    told = "历年（家）：2024年100（完成）、2025年200（完成）、2026年400"
    parsed = message(made)
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    picture = list(parsed.walk())[-1]
    assert picture.get_content().startswith(b"\x89PNG")
    html, text = (parsed.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert f'alt="{told}"' in html
    assert told in text
    assert "cid:" not in render.page(made)
    assert "data:image/png;base64," in render.page(made)


def test_the_same_picture_is_sent_once() -> None:
    made = digest(fact(1, "low", series=SERIES), fact(2, "low", series=SERIES))
    pictures = [part for part in message(made).walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 1


def test_without_a_series_there_are_two_parts_and_no_picture() -> None:
    parsed = message(digest(fact(1, "low")))
    assert [part.get_content_type() for part in parsed.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_english_digest_has_amounts_in_english_beside_the_chinese_sentence() -> None:
    money = Amount("eq", "60000000000", None, None)
    made = digest(fact(1, "low", name="产业规模", unit="元", amount=money), language="en")
    assert render.subject(made) == "Low-altitude economy, 无锡市: 产业规模 RMB 60 billion by the end of 2028"
    text = render.text_part(made)
    assert "● 产业规模: RMB 60 billion by the end of 2028" in text
    assert "“建成100家。”" in text
    assert "官方来源" not in text
    blind = digest(fact(1, "low"), language="en", troubles=(Trouble("某来源", "连接超时", NOW),))
    assert "! 某来源: 连接超时 (since 24 November 2026)" in render.text_part(blind)


def test_a_subject_with_something_of_everything_just_counts_it() -> None:
    programme = fact(3, "low", kind="programme", amount=Amount(None, None, None, "issued"), deadline=None)
    made = digest(fact(1, "low"), result(version_id=2, fact_id=2, reports=fact(2).reports), programme)
    assert render.subject(made).endswith("等3项")
    assert render.summary(made) in render.html_part(made)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_text_part_says_all_that_the_html_part_says(language: Language) -> None:
    """The samples have one of everything that a digest may show."""
    made = sample(30, language)
    text = "".join(render.text_part(made, "https://watch.example.com/u").split())
    page = BeautifulSoup(render.html_part(made, "https://watch.example.com/u"), "lxml")
    for extra in page.select(".preview, .sum, .foot b"):  # what sums up, and a heading in other words
        extra.decompose()
    shown = ["".join(words.split()).strip("·→") for words in page.body.stripped_strings]  # type: ignore[union-attr]
    assert len(shown) > 200
    assert [words for words in shown if words not in text] == []


def test_a_sentence_with_quotes_of_its_own_stays_as_printed() -> None:
    printed = "推进“十五五”开局，建成100家。"
    told = replace(fact(1, "low").reports[0], sentence=printed)
    made = digest(fact(1, "low", reports=(told,)), fact(2, "low"))
    for part in (render.text_part(made), BeautifulSoup(render.html_part(made), "lxml").get_text()):
        assert f"「{printed}」" in part
        assert "“建成200家。”" in part


def test_what_is_reached_is_said_of_a_day_and_what_is_promised_until_one() -> None:
    reached = result(deadline="2026-10-31")
    assert "100家 · 截至2026年10月31日" in render.text_part(digest(reached))
    assert "100 as of 31 October 2026" in render.text_part(digest(reached, language="en"))
    assert "到2028年底" in render.text_part(digest(fact(1, "low")))


def test_a_page_cannot_write_tags_of_the_template() -> None:
    nasty = '{{ 7 * 7 }}<!--% for one in groups %-->{% raw %}<b class="x">'
    made = digest(fact(1, "low", name=nasty, region_name=nasty))
    html = render.html_part(made)
    assert "{{ 7 * 7 }}&lt;!--% for one in groups %--&gt;" in html
    assert '<b class="x">' not in html


def test_years_are_not_cut_at_their_dash_and_markup_beside_them_stays_words() -> None:
    told = replace(fact(1, "low").reports[0], title="<i>行动方案（2026—2028年）")
    html = render.html_part(digest(fact(1, "low", reports=(told,))))
    assert '&lt;i&gt;行动方案（<span style="white-space: nowrap">2026—2028年</span>）' in html


def test_what_is_left_leads_to_the_readers_page() -> None:
    made = replace(digest(fact(1, "low")), left=5)
    for part in (render.html_part(made), render.text_part(made)):
        assert "另有 5 项排在下一期" in part
        assert f"https://watch.example.com/u/{'t' * 22}" in part
    assert "订阅页" not in render.text_part(replace(made, preferences=None))


def test_a_robot_speaks_the_readers_language_too() -> None:
    made = digest(*FACTS, group_by="theme", language="en")
    told = "\n".join(pieces(made, SERVICES["wecom"].dialect))
    assert "Low-altitude economy" in told
    assert "指标2: at least 200 by the end of 2028" in told
    assert "官方来源" not in told


def test_the_layout_stands_on_no_style_that_was_not_checked() -> None:
    """`./run bench caniemail` asks which mail programs know a style: ask it before a new one is listed here."""
    checked = {
        "background-color", "border", "border-top", "color", "display", "font-family", "font-size", "font-weight",
        "line-height", "margin", "max-width", "mso-hide",
        "mso-line-height-rule", "padding", "padding-top", "text-align", "text-decoration",
        "white-space", "width",
    }  # fmt: skip
    html = render.html_part(digest(result(series=SERIES), fact(2, "low"), *FACTS[2:]))
    styles = [piece.partition('"')[0] for piece in html.split('style="')[1:]]
    used = {rule.partition(":")[0].strip() for style in styles for rule in style.split(";") if rule.strip()}
    assert used <= checked
    assert len(used) > 10  # they do stand in the elements
