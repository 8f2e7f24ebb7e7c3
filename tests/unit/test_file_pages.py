"""A fact found in a file names the file and its page, in what the store answers and in the mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from alerts.digest import Edition, compose
from alerts.render import html_part, text_part
from monitor.domain import Article, Attachment, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store, list_facts
from monitor.store.delivery import Subscription, reading
from monitor.store.pending import pending

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PAGE = "https://www.example.gov.cn/wj/1.html"
PLAN = "https://www.example.gov.cn/wj/plan.pdf"
COVER, FIRST, SECOND = "现将方案印发给你们。", "一、总体要求。", "到2028年集聚企业200家。"
TEXT = f"{COVER}\n附件：方案\n{FIRST}\n{SECOND}"
START = TEXT.index(FIRST)


class Found:
    """Finds one target in the sentence given."""

    version = "test"

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def judge(self, article: Article) -> Judgement:
        start = article.text.index(self.sentence)
        said = Evidence(start, start + len(self.sentence), self.sentence)
        wuxi = Region("320200", "无锡市")
        return Judgement(targets=(Quantity("target", "企业", "eq", Decimal(200), said, unit="家", region=wuxi),))


def told(folder: Path, sentence: str, file: Attachment, url: str = PAGE) -> tuple[dict[str, object], str, str]:
    """The sighting that the store answers, and both parts of the mail."""
    article = Article("关于印发方案的通知", TEXT, url, source="wuxi", published="2026-11-23", attachments=(file,))
    with Store.open(f"sqlite:///{folder}/store.sqlite") as store:
        ingest(article, key=url, store=store, judge=Found(sentence), page_hash=None, now=NOW)
        ((sighting,),) = (fact["sightings"] for fact in list_facts(store, kinds=("quantity",)))
        reader = Subscription(email="reader@example.com", created=NOW - timedelta(days=1))
        with reading(store) as session:
            facts = pending(session, reader)
    digest = compose(facts, Edition({}), reader, NOW)
    return sighting, text_part(digest), html_part(digest)


def test_a_sentence_of_a_file_names_the_file_and_its_page(tmp_path: Path) -> None:
    """A PDF opens at the page."""
    file = Attachment(PLAN, "三年行动方案.pdf", START, (START, TEXT.index(SECOND)))
    sighting, text, html = told(tmp_path, SECOND, file)
    assert (sighting["file"], sighting["file_url"], sighting["page"]) == ("三年行动方案.pdf", PLAN, 2)
    assert f"“{SECOND}”\n    附件《三年行动方案.pdf》第2页 {PLAN}#page=2\n" in text
    assert f'href="{PLAN}#page=2"' in html
    assert "附件《三年行动方案.pdf》第2页</a>" in html


def test_a_file_without_pages_is_named_alone(tmp_path: Path) -> None:
    file = Attachment(PLAN.replace(".pdf", ".docx"), "方案.zip/附件1.docx", START)
    sighting, text, _ = told(tmp_path, FIRST, file)
    assert (sighting["file"], sighting["page"]) == ("方案.zip/附件1.docx", None)
    assert f"附件《附件1.docx》 {PLAN.replace('.pdf', '.docx')}\n" in text


def test_a_sentence_of_the_page_itself_names_no_file(tmp_path: Path) -> None:
    sighting, text, html = told(tmp_path, COVER, Attachment(PLAN, "方案.pdf", START, (START,)))
    assert (sighting["file"], sighting["file_url"], sighting["page"]) == (None, None, None)
    assert "附件《" not in text + html


@pytest.mark.parametrize(("url", "linked"), [(PLAN, True), ("/home/me/plan.pdf", False)])
def test_an_article_that_is_a_file_names_its_page(tmp_path: Path, url: str, linked: bool) -> None:
    """It is attached to nothing; a file on a disk has no address to open."""
    file = Attachment(url, "方案.pdf", 0, (0, START))
    _, text, html = told(tmp_path, SECOND, file, url)
    assert "第2页" in text
    assert "附件《" not in text + html
    assert (f"{url}#page=2" in text) == linked
    assert (f'href="{url}#page=2"' in html) == linked
