"""Articles without a fact in a digest, and the language of the words around the facts, on every channel."""

from datetime import UTC, datetime

import pytest

from alerts import render
from alerts.channels.robots import SERVICES
from alerts.digest import MOST_HITS, Digest, Edition, Trouble, compose
from alerts.forms import form_of
from alerts.markdown import pieces
from alerts.parts import html_length, parted
from alerts.record import describe
from monitor.config import Mail
from monitor.store.delivery import Language, Subscription
from monitor.store.pending import Amount, Pending, Report

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MAIL = Mail(sender="policywatch <watch@example.com>")
EDITION = Edition({"low": "低空经济"}, troubles=(Trouble("甲网", "no answer", NOW),))


def hit(number: int) -> Report:
    return Report(
        number,
        f"https://a.example/{number}",
        f"第{number}篇相关报道",
        "wuxi",
        "无锡日报",
        "2026-11-23",
        "",
        {"low": "无人机"},
    )


def fact(number: int) -> Pending:
    told = Report(
        number, f"https://a.example/{number}", f"第{number}篇", "wuxi", None, None, f"到2028年建成平台{number}家。"
    )
    return Pending(
        version_id=number, fact_id=number, kind="quantity", name=f"指标{number}", assertion="target", type=None,
        unit="家", deadline=None, recurrence=None, region_code="320200", region_name="无锡市", themes=("low",),
        amount=Amount("eq", "12", None, None), previous=None, first_seen=NOW, reports=(told,),
    )  # fmt: skip


def digest(
    facts: int = 0, hits: int = 0, language: Language = "zh-CN", recipient: str = "reader@example.com"
) -> Digest:
    wanted = Subscription(email=recipient, language=language, token="token")
    return compose(
        [fact(n) for n in range(1, facts + 1)], EDITION, wanted, NOW, hits=[hit(n) for n in range(101, hits + 101)]
    )


def test_each_article_is_a_line_with_its_link_after_the_facts() -> None:
    text, html = render.text_part(digest(1, 2)), render.html_part(digest(1, 2))
    for number in (101, 102):
        assert f"● 第{number}篇相关报道 · 无锡日报 2026-11-23\n  https://a.example/{number}\n" in text
        assert f'href="https://a.example/{number}"' in html
    assert text.index("指标1") < text.index("其他相关文章（2 篇）") < text.index("来源状况")
    assert "没有新内容" not in text + html


@pytest.mark.parametrize(
    ("facts", "hits", "language", "subject"),
    [
        (1, 0, "zh-CN", "无锡市：指标112家"),
        (1, 2, "zh-CN", "无锡市：指标112家等1项新目标、2篇相关文章"),
        (0, 1, "zh-CN", "第101篇相关报道"),
        (0, 3, "zh-CN", "第101篇相关报道等3篇相关文章"),
        (0, 0, "zh-CN", "暂无新内容"),
        (2, 1, "en", "低空经济, 无锡市: 指标1 12 (2 new targets, 1 other article)"),
        (0, 3, "en", "第101篇相关报道 and 2 more articles"),
        (0, 0, "en", "Nothing new"),
    ],
)
def test_the_subject_counts_the_articles(facts: int, hits: int, language: Language, subject: str) -> None:
    assert render.subject(digest(facts, hits, language)) == subject


def test_english_words_stand_around_chinese_facts() -> None:
    english = digest(1, 1, "en")
    for part in (render.text_part(english), render.html_part(english)):
        for words in ("24 November 2026", "Why: ", "Other articles", "指标1", "到2028年建成平台1家。"):
            assert words in part
        for words in ("入选原因", "其他相关文章", "来源状况", "官方来源"):
            assert words not in part
    assert 'lang="en"' in render.html_part(english)
    assert "Nothing new this time" in render.text_part(digest(language="en"))


def test_more_articles_than_anybody_runs_through_wait_for_the_next_digest() -> None:
    full = digest(hits=MOST_HITS + 5)
    assert (len(full.hits), full.left) == (MOST_HITS, 5)
    assert "另有 5 项排在下一期" in render.text_part(full)


@pytest.mark.parametrize("recipient", ["reader@example.com", "wecom://12345678-1234", "feishu://12345678-1234"])
@pytest.mark.parametrize(("facts", "hits"), [(0, 40), (60, 40)])
def test_no_part_is_longer_than_its_channel_takes_and_nothing_is_lost(recipient: str, facts: int, hits: int) -> None:
    """What finds no room is counted as left, and has no receipt."""
    form = form_of(recipient, MAIL.model_copy(update={"longest": 20_000}))
    whole = digest(facts, hits, recipient=recipient)
    parts = parted(whole, form.longest, length=form.length)
    assert all(form.length(part) <= form.longest for part in parts)
    assert [part.hits for part in parts[:-1]] == [()] * (len(parts) - 1)
    kept = sum(len(part.items) for part in parts) + len(parts[-1].hits)
    assert kept + parts[-1].left == facts + hits
    assert parts[-1].hits == whole.hits[: len(parts[-1].hits)]
    assert facts or parts[-1].hits


def test_a_mail_with_room_holds_all_articles() -> None:
    (only,) = parted(digest(1, 10), 88_000, length=html_length)
    assert len(only.hits) == 10
    assert only.left == 0


def test_robots_and_programs_get_the_articles_too() -> None:
    shown = "\n".join(pieces(digest(1, 2), SERVICES["feishu"].dialect))
    assert "[第101篇相关报道](https://a.example/101)" in shown
    assert describe(digest(0, 1))["articles"] == [
        {
            "url": "https://a.example/101",
            "title": "第101篇相关报道",
            "publisher": "无锡日报",
            "published": "2026-11-23",
            "themes": ["low"],
        }
    ]
