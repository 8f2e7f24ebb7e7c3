"""The message as bytes: what pages say cannot harm it, headers stay readable, figures stand out."""

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from bs4 import BeautifulSoup

from alerts import render, render_view
from alerts.digest import Digest, Edition, Trouble, compose
from alerts.emphasis import emphasised
from alerts.parts import parted
from monitor.config import Mail
from monitor.errors import ConfigError
from monitor.store.delivery import Language, Subscription
from monitor.store.pending import Amount, Beside, Pending, Report

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MAIL = Mail(sender="政策观察 <watch@example.com>")
EDITION = Edition({"low-altitude-economy": "低空经济"}, {"forum"}, preferences="https://watch.example.com/u/")
READER = Subscription(email="reader@example.com", regions=("320200",), token="t" * 120)
SENTENCE = "到2028年，全市低空经济产业规模达到600亿元，集聚企业400家以上。"


def report(sentence: str = SENTENCE, **other: object) -> Report:
    told = Report(
        1, "https://www.example.gov.cn/1.shtml", "低空经济行动方案", "wuxi", "无锡市政府", "2026-11-23", sentence
    )
    return replace(told, **other)  # type: ignore[arg-type]  # the tests name real fields


def fact(number: int = 1, **other: object) -> Pending:
    known = Pending(
        version_id=number,
        fact_id=number,
        kind="quantity",
        name="低空经济产业规模",
        assertion="target",
        type=None,
        unit="元",
        deadline="2028-12-31",
        recurrence=None,
        region_code="320200",
        region_name="无锡市",
        themes=("low-altitude-economy",),
        amount=Amount("eq", "60000000000", None, None),
        previous=None,
        first_seen=NOW,
        reports=(report(),),
    )
    return replace(known, **other)  # type: ignore[arg-type]


def beside(amount: Amount, deadline: str | None = "2028-12-31", sentence: str = "去年的原句。") -> Beside:
    told = report(sentence, publisher="江南某报", published="2026-03-01")
    return Beside(99, amount, deadline, told)


def digest(*facts: Pending, troubles: Sequence[Trouble] = ()) -> Digest:
    return compose(facts, replace(EDITION, troubles=troubles), READER, NOW)


def parsed(made: Digest, mail: Mail = MAIL) -> EmailMessage:
    return email.message_from_bytes(render.message(made, mail, "<m@example.com>"), policy=email.policy.default)


def words(made: Digest) -> str:
    return BeautifulSoup(render.html_part(made), "lxml").get_text()


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_name_cannot_add_a_header(ending: str) -> None:
    nasty = f"规模{ending}Bcc: everyone@example.com{ending}{ending}<h1>本文</h1>"
    message = parsed(digest(fact(name=nasty, region_name=nasty)))
    assert message["Bcc"] is None
    assert message["To"] == "reader@example.com"
    assert "Bcc" in message["Subject"]  # as words, where it does no harm


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_page_encodes_as_mail_does_is_not_decoded(language: Language) -> None:
    made = replace(digest(fact(name="=?utf-8?B?4oCuZXZpbA==?=", region_name=None)), language=language)
    assert "?utf-8?B?4oCuZXZpbA" in parsed(made)["Subject"]


@pytest.mark.parametrize("title", ["word " * 400, "长" * 900, "w" * 1200, "😀" * 300])
def test_the_subject_of_an_article_with_an_endless_title_can_be_read(title: str) -> None:
    made = compose((), EDITION, READER, NOW, hits=[report(title=title)])
    body = render.message(made, MAIL, "<m@example.com>")
    assert all(len(line) <= 78 for line in body.split(b"\r\n") if not line.startswith(b"List-"))
    assert all(len(one) <= 75 for one in re.findall(rb"=\?\S+\?=", body))
    assert str(parsed(made)["Subject"]) == render.subject(made)
    assert len(render.subject(made)) <= 60


@pytest.mark.parametrize("ending", ["\r\n", "\u2028", "\x0b"])
def test_an_address_adds_no_line_to_the_text(ending: str) -> None:
    url = f"https://www.example.gov.cn/{ending}━━ 假的标题 ━━"
    made = digest(fact(reports=(report(url=url),)))
    assert not any(line.startswith("━━ 假的") for line in render.text_part(made).splitlines())


def test_the_domain_of_a_chinese_address_is_ascii_in_the_header() -> None:
    body = render.message(replace(digest(fact()), recipient="reader@例子.中国"), MAIL, "<m@example.com>")
    assert b"\r\nTo: reader@xn--fsqu00a.xn--fiqs8s\r\n" in body


def test_a_theme_named_on_two_lines_breaks_no_header() -> None:
    edition = replace(EDITION, english={"low-altitude-economy": "Low\r\naltitude"})
    made = compose((fact(),), edition, replace(READER, language="en"), NOW)
    assert str(parsed(made)["Subject"]).startswith("Low altitude, ")


def test_characters_that_turn_the_line_around_are_left_out() -> None:
    made = digest(fact(name="规模\u202e元亿06\u200b", reports=(report(title="标题\u2066\x07完"),)))
    for part in (render.subject(made), render.text_part(made), render.html_part(made)):
        assert not set(part) & set("\u202e\u200b\u2066\x07")


def test_a_long_unsubscribe_address_stays_an_address() -> None:
    """The library would fold it into an encoded word, and no mail program would show the button."""
    body = render.message(digest(fact()), MAIL, "<m@example.com>")
    line = next(line for line in body.split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    token = b"t" * 120
    by_mail = b"<mailto:watch@example.com?subject=unsubscribe%20" + token + b">"
    assert line == b"List-Unsubscribe: <https://watch.example.com/u/" + token + b">, " + by_mail


def test_one_click_is_offered_only_where_a_page_takes_it() -> None:
    assert parsed(digest(fact()))["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    without = parsed(replace(digest(fact()), preferences=None))
    assert without["List-Unsubscribe"].startswith("<mailto:watch@example.com?subject=unsubscribe%20ttt")
    assert without["List-Unsubscribe-Post"] is None


def test_the_headers_say_what_kind_of_mail_it_is() -> None:
    message = parsed(digest(fact()))
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == "<m@example.com>"
    assert message["List-Id"] == "policywatch digest <digest.example.com>"
    assert (message["Auto-Submitted"], message["Precedence"]) == ("auto-generated", "bulk")
    assert message["From"] == "政策观察 <watch@example.com>"


def test_a_message_is_the_same_bytes_each_time() -> None:
    assert render.message(digest(fact()), MAIL, "<m@a>") == render.message(digest(fact()), MAIL, "<m@a>")


def test_no_line_of_a_message_is_longer_than_servers_take() -> None:
    body = render.message(digest(fact(name="很长" * 400)), MAIL, "<m@example.com>")
    assert max(len(line) for line in body.split(b"\r\n")) < 998


def test_a_sender_in_chinese_characters_is_written_as_headers_want_it() -> None:
    body = render.message(digest(fact()), Mail(sender="watch@例子.中国"), "<m@a>")
    assert b"From: watch@xn--fsqu00a.xn--fiqs8s\r\n" in body
    assert b"List-Id: policywatch digest <digest.xn--fsqu00a.xn--fiqs8s>\r\n" in body


@pytest.mark.parametrize("sender", ["", "policywatch", "张三@example.com", "a@" + "b" * 70 + ".example", "a@b@c d"])
def test_a_sender_that_is_no_address_is_named(sender: str) -> None:
    with pytest.raises(ConfigError, match=r"mail\.sender"):
        render.message(digest(fact()), Mail(sender=sender), "<m@a>")


def test_the_subject_begins_with_what_tells_most() -> None:
    small = fact(1, name="示范场景", unit="个", amount=Amount("eq", "50", None, None))
    great = fact(2)
    assert render.subject(digest(small, great)) == "无锡市：低空经济产业规模600亿元（到2028年底）等2项新目标"


def test_a_change_tells_more_than_anything_new() -> None:
    changed = fact(
        2, name="企业", unit="家", amount=Amount("eq", "450", None, None), previous=Amount("eq", "400", None, None)
    )
    assert render.subject(digest(fact(1), changed)) == "无锡市：企业由400家改为450家等1项新目标、1项有变化"


def test_old_and_new_stand_side_by_side_with_both_sentences() -> None:
    old = Amount("eq", "60000000000", None, None)
    made = digest(
        fact(amount=Amount("ge", "70000000000", None, None), previous=old, event="revised", beside=beside(old))
    )
    for part in (render.text_part(made), words(made)):
        assert "原：600亿元 → 现：不低于700亿元" in part
        assert "此前：“去年的原句。”（江南某报 2026-03-01）" in part
        assert SENTENCE in part


def test_another_year_for_the_same_figure_is_told_as_that() -> None:
    same = Amount("eq", "60000000000", None, None)
    made = digest(fact(previous=same, event="revised", beside=beside(same, "2027-12-31")))
    assert "原：600亿元，到2027年底 → 现：600亿元，到2028年底" in render.text_part(made)
    assert render.subject(made) == "无锡市：低空经济产业规模600亿元的时限由到2027年底改为到2028年底"


def test_a_result_says_how_far_its_target_is_reached() -> None:
    target = Amount("ge", "60000000000", None, None)
    told = fact(assertion="actual", deadline="2026-12-31", amount=Amount("eq", "48000000000", None, None),
                event="result", beside=beside(target))  # fmt: skip
    made = digest(told)
    assert "进展：已完成80%（目标：不低于600亿元，到2028年底）" in render.text_part(made)
    assert "1项新进展" in words(made)
    assert "480亿元（已完成80%）" in render.subject(made)


@pytest.mark.parametrize(("unit", "comparator"), [("%", "eq"), ("微克/立方米", "le")])
def test_a_share_and_a_limit_have_no_per_cent_of_their_own(unit: str, comparator: str) -> None:
    told = fact(assertion="actual", unit=unit, amount=Amount("eq", "28", None, None), event="result",
                beside=beside(Amount(comparator, "30", None, None)))  # fmt: skip
    assert f"进展：实际28{unit}" in render.text_part(digest(told))


def test_sources_that_contradict_each_other_are_one_item_that_tells_both() -> None:
    """Receipts go to both versions."""
    here, there = Amount("eq", "600", None, None), Amount("eq", "650", None, None)
    one = fact(1, unit="家", amount=here, event="contradicted", beside=replace(beside(there), version_id=2))
    other = fact(2, unit="家", amount=there, event="contradicted", beside=replace(beside(here), version_id=1))
    made = digest(one, other)
    assert made.versions == (1, 2)
    assert "说法不一：此处600家，江南某报称650家" in render.text_part(made)
    assert render.summary(made) == "1项说法不一"


def test_a_programme_that_changes_says_from_what_to_what() -> None:
    draft = Amount(None, None, None, "draft")
    programme = fact(
        kind="programme", name="低空经济行动方案", assertion=None, type="document", unit=None, deadline=None,
        amount=Amount(None, None, None, "issued"), previous=draft, event="status", beside=beside(draft, None),
    )  # fmt: skip
    for part in (render.text_part(digest(programme)), words(digest(programme))):
        assert "状态：征求意见 → 已印发" in part


def test_a_repost_that_was_seen_first_is_named_beside_the_official_page() -> None:
    forum = report(source="forum", publisher="某论坛", published="2026-11-20", article_id=1)
    made = digest(fact(reports=(forum, report(article_id=2))))
    assert made.items[0].citation.article_id == 2
    assert "先见于转载：某论坛 2026-11-20" in render.text_part(made)
    assert "先见于转载：某论坛 2026-11-20" in words(made)


def test_the_page_of_whoever_issued_it_is_cited_before_others() -> None:
    reports = tuple(report(article_id=number, standing=4 - number) for number in (1, 2, 3, 4))
    (item,) = digest(fact(reports=reports)).items
    assert (item.citation.article_id, item.second_hand) == (4, False)


def test_a_repost_is_marked_and_an_official_page_too() -> None:
    assert "转载，尚未见官方发布" in words(digest(fact(reports=(report(source="forum"),))))
    assert "官方来源" in words(digest(fact()))


def test_a_sentence_that_proves_several_facts_is_quoted_once() -> None:
    made = digest(fact(1), fact(2, name="企业", unit="家", amount=Amount("ge", "400", None, None)))
    for part in (render.text_part(made), words(made)):
        assert part.count(SENTENCE) == 1
        assert "企业" in part


def test_the_figures_of_the_facts_stand_out_and_the_sentence_stays_whole() -> None:
    other = fact(2, name="企业", unit="家", amount=Amount("ge", "400", None, None))
    pieces = emphasised(SENTENCE, (fact(), other))
    assert "".join(text for text, _ in pieces) == SENTENCE
    assert [text for text, strong in pieces if strong] == ["600亿元", "400家以上"]


def test_a_figure_written_otherwise_is_found_by_its_value() -> None:
    share = fact(unit="%", amount=Amount("eq", "90", None, None))
    assert ("百分之九十", True) in emphasised("覆盖率达到百分之九十，其余照旧。", (share,))


def test_a_name_stands_out_where_the_sentence_holds_it() -> None:
    programme = fact(kind="programme", name="科技攻关计划", amount=Amount(None, None, None, None))
    assert emphasised("实施科技攻关计划。", (programme,)) == (("实施", False), ("科技攻关计划", True), ("。", False))


def test_sources_with_the_same_fault_share_a_line() -> None:
    blind = [Trouble(f"来源{number}", "连接超时", NOW) for number in range(9)]
    assert render.faults([*blind, Trouble("另一来源", "412", None)]) == [
        "来源0、来源1、来源2、来源3、来源4、来源5等9个来源：连接超时（自2026年11月24日起）",
        "另一来源：412",
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[::1", "//evil.example/", None, ""])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert render_view.safe_link(url) is None


def test_markup_in_a_page_is_shown_and_not_obeyed() -> None:
    nasty = '<img src=x onerror="alert(1)">'
    shown = report(title=nasty, sentence=nasty, publisher=nasty, url='https://a.example/"><script>')
    html = render.html_part(digest(fact(name=nasty, region_name=nasty, reports=(shown,))))
    page = BeautifulSoup(html, "lxml")
    assert not page.find_all(["img", "script"])
    assert nasty in page.get_text()


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = BeautifulSoup(render.html_part(digest(fact()), "https://watch.example.com/u"), "lxml")
    assert not page.find_all(["img", "link", "script", "iframe"])
    assert "url(" not in str(page)


def test_a_short_digest_is_one_mail() -> None:
    (whole,) = parted(digest(fact(1), fact(2)), MAIL.longest)
    assert (whole.part, whole.parts, whole.left) == (1, 1, 0)


def test_parts_carry_each_item_once_and_the_last_says_what_is_left() -> None:
    trouble = Trouble("某来源", "连接超时", NOW)
    facts = [fact(number, reports=(report(f"第{number}句。", article_id=number),)) for number in range(1, 61)]
    parts = parted(replace(digest(*facts, troubles=[trouble]), merged=2), 16_000, most=3)
    carried = [version for part in parts for version in part.versions]
    assert carried == list(range(1, len(carried) + 1))
    assert [(part.part, part.parts, part.merged, len(part.troubles)) for part in parts] == [
        (1, 3, 2, 0),
        (2, 3, 0, 0),
        (3, 3, 0, 1),
    ]
    assert parts[-1].left == 60 - len(carried) > 0
    assert f"另有 {parts[-1].left} 项排在下一期" in render.text_part(parts[-1])
    assert all(len(render.html_part(part, "https://a.example/u").encode()) <= 16_000 for part in parts)
    assert "（2/3）" in render.subject(parts[1])


def test_an_item_too_long_for_any_mail_still_goes_out() -> None:
    giant = fact(1, reports=(report("很长的句子" * 9000),))
    assert [part.versions for part in parted(digest(giant, fact(2)), MAIL.longest)] == [(1,), (2,)]
