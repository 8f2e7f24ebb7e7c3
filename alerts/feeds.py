"""Feeds: the newest fact versions that a filter lets through, as Atom. The other channels send; this one is fetched.

The same store gives the same bytes, so that a feed reader can be told that nothing is new. Ids stay whatever happens to a
fact's text or place: a revised fact is a new version and thus a new entry.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from lxml import etree

from alerts import render, render_view, wording
from alerts.digest import Edition, Item, compose
from alerts.emphasis import emphasised
from alerts.record import version_id
from monitor.store import Store, delivery
from monitor.store.delivery import EVER, Subscription
from monitor.store.pending import latest

MOST: Final = 100  # entries; a feed that is fetched daily misses nothing
ATOM: Final = "http://www.w3.org/2005/Atom"
FEEDS: Final = UUID("0c8c1b52-52e6-4b0f-8b3e-6e0a4c9f2d17")  # drawn once, for us alone
MEDIA_TYPE: Final = "application/atom+xml"
# What XML 1.0 cannot hold, however it is escaped.
NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PUBLISHER: Final = "policywatch"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is about, and what it is called."""

    key: str  # theme/low-altitude-economy, region/320200, subscription/...; its id is made from it
    title: str
    wanted: Subscription
    address: str | None = None  # where it is fetched


def feed_name(token: str) -> str:
    """The name of a subscription's feed: it reads, and cannot be turned into the token that unsubscribes."""
    return hashlib.sha256(f"feed {token}".encode()).hexdigest()[:32]


def atom(store: Store, feed: Feed, edition: Edition) -> bytes:
    """The feed as a document, newest first."""
    with delivery.reading(store) as session:
        facts = latest(session, feed.wanted, MOST)
    items = sorted(compose(facts, edition, feed.wanted, EVER).items, key=lambda item: -item.fact.version_id)
    updated = max((item.fact.first_seen for item in items), default=EVER)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs know no default
    _add(root, "id", uuid5(FEEDS, feed.key).urn)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(updated))
    _add(_add(root, "author"), "name", PUBLISHER)
    if feed.address:
        _add(root, "link", rel="self", type=MEDIA_TYPE, href=feed.address)
    for item in items:
        _add_entry(root, item, edition)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return document


def _add_entry(root: etree._Element, item: Item, edition: Edition) -> None:
    fact, cited = item.fact, item.citation
    place, teaser = wording.one_line(fact.region_name), wording.teaser(fact)
    entry = _add(root, "entry")
    _add(entry, "id", version_id(fact))
    _add(entry, "title", f"{place}：{teaser}" if place else teaser)
    _add(entry, "published", _moment(fact.first_seen))
    _add(entry, "updated", _moment(fact.first_seen))
    _add(_add(entry, "author"), "name", wording.one_line(cited.publisher) or PUBLISHER)
    if link := render_view.safe_link(cited.url):
        _add(entry, "link", rel="alternate", href=link)
    for theme in fact.themes:
        _add(entry, "category", term=theme, label=edition.theme_names.get(theme, theme))
    _add(entry, "content", _content(item), type="html")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """The library escapes; what XML cannot hold at all is left out."""
    clean = {key: NO_XML.sub("", value) for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", clean)
    element.text = NO_XML.sub("", text) or None
    return element


def _content(item: Item) -> str:
    return render.template("entry.html").render(
        item=item,
        fact=item.fact,
        cited=item.citation,
        pieces=emphasised(item.citation.sentence, [item.fact]),
        origin=render_view.said_by(item.citation),
        file=render_view.place_in_file(item.citation),
        file_link=render_view.file_link(item.citation),
        link=render_view.safe_link(item.citation.url),
        wording=wording,
    )


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
