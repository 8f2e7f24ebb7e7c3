"""What a reader changes on the page besides leaving and pausing: the days, quiet hours, and what the subscription brings."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag

from monitor.domain import Article, Evidence, Judgement, Quantity, Region
from monitor.ingest import ingest
from monitor.store import Store
from tests.unit.test_web import Answer, Site, running, subscribed

Fields = list[tuple[str, str]]


class Judged:
    """Each article tells one target of 无锡."""

    version = "test"

    def judge(self, article: Article) -> Judgement:
        said = Evidence(0, len(article.text), article.text)
        wuxi = Region("320200", "无锡市")
        return Judgement(targets=(Quantity("target", article.title, "ge", Decimal(12), said, unit="家", region=wuxi),))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    with running(tmp_path_factory.mktemp("data")) as (store, address):
        for name in ("氢能站点", "低空航线"):
            article = Article(name, f"全市将建成{name}12家。", published=f"{datetime.now(UTC):%Y-%m-%d}")
            ingest(article, key=name, store=store, judge=Judged(), page_hash=None, now=datetime.now(UTC))
        yield store, address


@pytest.fixture
def site(pages: tuple[Store, str]) -> Site:
    return subscribed(*pages)


def form_of(page: BeautifulSoup, button: str) -> Tag:
    pressed = page.find("button", value=button)
    assert isinstance(pressed, Tag)
    form = pressed.find_parent("form")
    assert isinstance(form, Tag)
    return form


def fields_of(form: Tag) -> Fields:
    """What a browser would send of a form as it stands."""
    sent: Fields = []
    for one in form.find_all(["input", "select"]):
        if one.name == "select":
            sent.append((str(one["name"]), str(one.find("option", selected=True)["value"])))
        elif one["type"] not in ("checkbox", "radio") or one.has_attr("checked"):
            sent.append((str(one["name"]), str(one.get("value", ""))))
    return sent


def submit(site: Site, button: str, *, on: Answer | None = None) -> Answer:
    """Press a button of the page, or of the answer that it stands `on`."""
    form = form_of((on or site.ask(site.path)).page, button)
    body = urlencode([*fields_of(form), ("action", button)])
    return site.post(body.encode(), site.path + str(form["action"]).partition("#")[0])


def without(site: Site, button: str, *gone: str, add: Fields) -> Answer:
    """Press a button of the page with these fields emptied and others filled in."""
    sent = [pair for pair in fields_of(form_of(site.ask(site.path).page, button)) if pair[0] not in gone]
    return site.post(urlencode([*sent, *add, ("action", button)]).encode())


def test_days_hour_quiet_hours_and_holidays_are_changed(site: Site) -> None:
    answer = without(
        site,
        "rhythm",
        "day",
        "at",
        "quiet-from",
        "quiet-to",
        add=[
            ("day", "1"),
            ("day", "4"),
            ("at", "18:05"),
            ("quiet-from", "22:00"),
            ("quiet-to", "07:30"),
            ("holidays", "skip"),
        ],
    )
    assert answer.status == 303
    one = site.one
    assert (one.every, one.days, one.at, one.quiet, one.skip_holidays) == (
        "weekly",
        (1, 4),
        "18:05",
        "22:00-07:30",
        True,
    )
    assert "每周二、周五 18:05（北京时间，遇法定节假日顺延）" in site.ask(site.path).text
    assert without(site, "rhythm", "quiet-from", "quiet-to", "holidays", add=[]).status == 303
    assert (site.one.quiet, site.one.skip_holidays, site.one.days) == (None, False, (1, 4))


@pytest.mark.parametrize(
    ("gone", "add", "words"),
    [
        (("day",), [], "请选每周的哪几天"),
        (("quiet-from", "quiet-to"), [("quiet-from", "22:00"), ("quiet-to", "")], "免打扰时段要写起止"),
        (("quiet-from", "quiet-to"), [("quiet-from", "22:00"), ("quiet-to", "22:00")], "免打扰时段要写起止"),
    ],
)
def test_a_rhythm_that_cannot_be_is_said_and_not_kept(
    site: Site, gone: tuple[str, ...], add: Fields, words: str
) -> None:
    before = site.one
    answer = without(site, "rhythm", *gone, add=add)
    assert answer.status == 422
    assert words in answer.page.find(role="alert").get_text()  # type: ignore[union-attr]
    assert site.one == before


def test_another_filter_is_shown_with_its_sentence_and_count_before_it_is_kept(site: Site) -> None:
    before = site.one
    answer = without(site, "look", "theme", "must", "more", add=[("must", "氢能"), ("more", "江阴 苏州工业园区")])
    assert answer.status == 200
    coming = form_of(answer.page, "filter").get_text(" ", strip=True)
    assert "无锡市、新吴区、江阴市、苏州工业园区（含下辖地区）的新目标" in coming
    assert "须含“氢能”" in coming
    assert "会收到 1 条" in coming
    assert site.one == before
    assert submit(site, "filter", on=answer).status == 303
    one = site.one
    assert (one.themes, one.must) == ((), ("氢能",))
    assert one.regions == ("320200", "320214", "320281", "320500-park")
    assert (one.every, one.at, one.email) == (before.every, before.at, before.email)


def test_all_of_a_filter_comes_back_as_it_was_kept(site: Site) -> None:
    """What the page shows is what it sends; a theme that is no longer watched goes."""
    words = [("must", '低空 "具身 智能"'), ("without", "招聘"), ("exact", "1"), ("weight", "0.75"), ("kind", "result")]
    gone = ("must", "without", "weight")
    shown = without(site, "look", *gone, add=[*words, ("theme", "future-industries")])
    assert submit(site, "filter", on=shown).status == 303
    one = site.one
    assert (one.must, one.without, one.exact) == (("低空", "具身 智能"), ("招聘",), True)
    assert (one.weight, one.kinds) == (0.75, ("result",))
    assert {"future-industries", "low-altitude-economy", "metaverse"} <= set(one.themes)
    assert "no-such-theme" not in one.themes
    assert submit(site, "filter", on=submit(site, "look")).status == 303
    assert site.one == one


@pytest.mark.parametrize("button", ["look", "filter"])
@pytest.mark.parametrize(
    ("add", "words"),
    [
        ([], "几乎什么都会收到"),
        ([("must", "的")], "几乎什么都会收到"),
        ([("more", "鼓楼区")], "“鼓楼区”找不到，或者不止一个"),
        ([("more", "<b>不存在的地方</b>")], "“<b>不存在的地方</b>”找不到"),
        ([("must", "。")], "没有字可以查找"),
    ],
)
def test_a_filter_that_cannot_be_kept_is_said_and_what_was_written_stays(
    site: Site, button: str, add: Fields, words: str
) -> None:
    before = site.one
    answer = site.post(urlencode([*add, ("action", button)]).encode())
    assert answer.status == 422
    assert words in answer.page.find(role="alert").get_text()  # type: ignore[union-attr]
    assert site.one == before
    for name, value in add:
        assert answer.page.find("input", {"name": name, "type": "text"})["value"] == value  # type: ignore[index]


@pytest.mark.parametrize("body", ["weight=x", "weight=2", "must=" + "x" * 201, "weight=nan"])
def test_what_no_form_sends_is_refused(site: Site, body: str) -> None:
    before = site.one
    assert site.post(f"{body}&action=filter".encode()).status == 400
    assert site.one == before


def test_an_english_reader_is_refused_in_english(site: Site) -> None:
    answer = site.post(b"action=look", f"{site.path}?lang=en")
    assert "nearly everything" in answer.page.find(role="alert").get_text()  # type: ignore[union-attr]
