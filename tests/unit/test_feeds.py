"""Feeds as feed readers see them: fetched over HTTP, read by feedparser, and by a strict XML parser."""

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree

from alerts.digest import Edition
from alerts.feeds import Feed, atom, feed_name
from monitor.config import Settings, Web
from monitor.store import Store, delivery
from monitor.store.delivery import Subscription
from monitor.web import serving
from tests.receiver import METRICS, NOW, subscribe, tell

EDITION = Edition({"future": "未来产业"}, {"forum"})
WUXI = Feed(
    "region/320200",
    "政策观察 · 无锡市",
    Subscription(email="", regions=("320200",)),
    "https://watch.example.com/feeds/region/320200.atom",
)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]></content></entry></feed><script>alert(1)</script> & \"'<b>\u0000\u0008\ufffe\ud800"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'policywatch.sqlite'}") as opened:
        yield opened


def read(document: bytes) -> Any:
    """As a feed reader has it, after the checks that a strict one makes."""
    root = etree.fromstring(document)
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
    feed = feedparser.parse(document, sanitize_html=False)
    assert not feed.bozo
    assert feed.version == "atom10"
    return feed


def test_the_newest_fact_comes_first_with_sentence_and_source(store: Store) -> None:
    for place, metric in enumerate(METRICS[:3]):
        tell(store, f"{metric}稿", 12 + place, metric=metric, now=NOW + timedelta(minutes=place))
    feed = read(atom(store, WUXI, EDITION))
    assert feed.feed.title == "政策观察 · 无锡市"
    assert feed.feed.links[0].href == "https://watch.example.com/feeds/region/320200.atom"
    assert [entry.title for entry in feed.entries] == [
        f"无锡市：{metric}{12 + place}家（到2028年底）" for place, metric in reversed(list(enumerate(METRICS[:3])))
    ]
    first = feed.entries[-1]
    assert first.link == "https://news.example/中试平台稿"
    assert first.author == "无锡日报"
    assert [(tag.term, tag.label) for tag in first.tags] == [("future", "未来产业")]
    assert "无锡市提出，到2028年建成中试平台<b>12家</b>。" in first.content[0].value
    assert feed.feed.updated == "2026-11-24T01:02:00Z"


def test_ids_are_stable_and_a_revision_is_a_new_entry(store: Store) -> None:
    tell(store, "甲稿", 12)
    before = read(atom(store, WUXI, EDITION))
    assert before.entries[0].id == read(atom(store, WUXI, Edition({}))).entries[0].id
    tell(store, "乙稿", 15, published="2026-11-24", now=NOW + timedelta(hours=1))
    after = read(atom(store, WUXI, EDITION))
    assert after.feed.id == before.feed.id
    assert after.entries[0].id != before.entries[0].id
    assert after.entries[0].title == "无锡市：中试平台由12家改为15家"
    assert "原：12家 → 现：15家" in after.entries[0].content[0].value


def test_the_same_number_in_another_store_is_another_entry(store: Store, tmp_path: Path) -> None:
    tell(store, "甲稿", 12)
    with Store.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        tell(other, "甲稿", 12, now=NOW + timedelta(microseconds=1))
        assert read(atom(other, WUXI, EDITION)).entries[0].id != read(atom(store, WUXI, EDITION)).entries[0].id


def test_a_hostile_page_stays_text(store: Store) -> None:
    clean = HOSTILE.replace("\ud800", "")
    tell(
        store,
        "甲稿",
        12,
        title=clean,
        publisher=clean,
        metric="中试<i>平台",
        url='https://news.example/?a="><script>&b',
    )
    feed = read(atom(store, WUXI, EDITION))
    (entry,) = feed.entries
    assert entry.link == 'https://news.example/?a="><script>&b'
    markup = etree.HTML(entry.content[0].value)
    assert {element.tag for element in markup.iter()} <= {"html", "body", "p", "strong", "b", "blockquote", "a"}
    assert "<script>alert(1)</script>" in "".join(str(words) for words in markup.itertext())


def test_a_link_that_runs_something_is_left_out(store: Store) -> None:
    tell(store, "甲稿", 12, url="javascript:alert(1)")
    (entry,) = read(atom(store, WUXI, EDITION)).entries
    assert entry.get("links", []) == []
    assert "javascript:" not in entry.content[0].value


def test_a_feed_without_entries_is_one(store: Store) -> None:
    assert read(atom(store, WUXI, EDITION)).entries == []


def test_a_feed_ends_after_a_hundred(store: Store) -> None:
    for number in range(105):
        tell(store, f"{number}稿", 1000 + number, metric=f"{METRICS[number % 30]}{'甲乙丙丁'[number // 30]}型")
    assert len(read(atom(store, WUXI, EDITION)).entries) == 100


@contextmanager
def site(folder: Path, **web: Any) -> Iterator[str]:
    with serving(Settings(data=folder, shipped_sources=False, web=Web(listen="127.0.0.1:0", **web))) as address:
        assert address is not None
        yield address


def get(address: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_the_server_answers_by_theme_region_and_subscription(store: Store, tmp_path: Path) -> None:
    kept = subscribe(store, "reader@example.com")
    tell(store, "甲稿", 12)
    name = feed_name(kept.token)
    with site(tmp_path, address="https://watch.example.com") as address:
        for path, entries in (
            ("region/320200", 1),
            ("region/320000", 1),
            ("region/320500", 0),
            ("theme/low-altitude-economy", 0),
            (f"subscription/{name}", 1),
        ):
            status, headers, body = get(address, f"/feeds/{path}.atom")
            assert (status, headers["content-type"]) == (200, "application/atom+xml")
            feed = read(body)
            assert len(feed.entries) == entries
            assert feed.feed.links[0].href == f"https://watch.example.com/feeds/{path}.atom"
            assert kept.token not in body.decode()
            assert "reader@" not in body.decode()
        page = get(address, f"/u/{kept.token}")[2].decode()
        assert f'href="../feeds/subscription/{name}.atom"' in page


def test_who_has_the_feed_already_is_told_so(store: Store, tmp_path: Path) -> None:
    tell(store, "甲稿", 12)
    with site(tmp_path) as address:
        _, headers, _ = get(address, "/feeds/region/320200.atom")
        assert headers["cache-control"] == "private, max-age=300"
        assert headers["x-content-type-options"] == "nosniff"
        assert get(address, "/feeds/region/320200.atom", If_None_Match=headers["etag"])[::2] == (304, b"")
        tell(store, "乙稿", 15)
        assert get(address, "/feeds/region/320200.atom", If_None_Match=headers["etag"])[0] == 200


@pytest.mark.parametrize(
    "path", ["theme/nothing", "region/999999", "region/%00", "subscription/x", "subscription/", "x/y", "theme/a/b"]
)
def test_what_is_not_there_is_not_found(store: Store, tmp_path: Path, path: str) -> None:
    with site(tmp_path) as address:
        assert get(address, f"/feeds/{path}.atom")[0] == 404


def test_a_token_is_no_name_of_a_feed_and_a_name_no_token(store: Store, tmp_path: Path) -> None:
    kept = subscribe(store, "reader@example.com")
    with site(tmp_path) as address:
        assert get(address, f"/feeds/subscription/{kept.token}.atom")[0] == 404
        assert get(address, f"/u/{feed_name(kept.token)}")[0] == 404


def test_feeds_of_themes_and_regions_can_be_switched_off(store: Store, tmp_path: Path) -> None:
    kept = subscribe(store, "reader@example.com")
    with site(tmp_path, feeds=False) as address:
        assert get(address, "/feeds/region/320200.atom")[0] == 404
        assert get(address, "/feeds/theme/low-altitude-economy.atom")[0] == 404
        assert get(address, f"/feeds/subscription/{feed_name(kept.token)}.atom")[0] == 200


def test_the_feed_of_a_subscription_ends_with_it(store: Store, tmp_path: Path) -> None:
    kept = subscribe(store, "reader@example.com")
    with delivery.writing(store) as session:
        delivery.change_subscription(session, kept.id, unsubscribed=NOW, paused=True)
    with site(tmp_path) as address:
        assert get(address, f"/feeds/subscription/{feed_name(kept.token)}.atom")[0] == 404
