"""A digest as JSON, for programs: each fact with value, sentence, link, and an id that is the same wherever it is told."""

from dataclasses import asdict
from typing import Final
from uuid import UUID, uuid5

from alerts import render, wording
from alerts.digest import Digest, Item
from alerts.recipients import shown
from monitor.store.pending import Pending, Report

VERSIONS: Final = UUID("5d5f8f0e-6a0b-4c1e-9b39-0f6f6d1f9a41")  # drawn once, for us alone


def describe(one: Digest) -> dict[str, object]:
    """The digest with all its facts."""
    return {
        "to": shown(one.recipient),
        "subject": render.subject(one),
        "built": one.built.isoformat(),
        "merged": one.merged,
        "part": one.part,
        "parts": one.parts,
        "left": one.left,
        "items": [_item(item) for item in one.items],
        "articles": [_article(hit) for hit in one.hits],
        "troubles": [
            {
                "source": trouble.name,
                "reason": trouble.reason,
                "since": trouble.since.isoformat() if trouble.since else None,
            }
            for trouble in one.troubles
        ],
    }


def _article(hit: Report) -> dict[str, object]:
    """An article about what is asked for that tells no fact."""
    return {
        "url": hit.url,
        "title": hit.title,
        "publisher": hit.publisher,
        "published": hit.published,
        "themes": list(hit.terms),
    }


def version_id(fact: Pending) -> str:
    """The name of this version of this fact among all there are: its number and the microsecond it was first seen at."""
    return uuid5(VERSIONS, f"{fact.version_id} {fact.first_seen.isoformat()}").urn


def _item(item: Item) -> dict[str, object]:
    fact = item.fact
    return {
        "id": version_id(fact),
        "fact": fact.fact_id,
        "kind": fact.kind,
        "section": item.section,
        "event": fact.event,
        "change": wording.change(fact) or None,
        "corrected": fact.corrected,
        "assertion": fact.assertion,
        "name": fact.name,
        "headline": wording.headline(fact),
        "value": fact.amount.value,
        "value_high": fact.amount.value_high,
        "status": fact.amount.status,
        "previous": asdict(fact.previous) if fact.previous else None,
        "unit": fact.unit,
        "deadline": fact.deadline,
        "region": {"code": fact.region_code, "name": fact.region_name} if fact.region_code else None,
        "themes": list(fact.themes),
        "first_seen": fact.first_seen.isoformat(),
        "sentence": item.citation.sentence,
        "url": item.citation.url,
        "title": item.citation.title,
        "publisher": item.citation.publisher,
        "published": item.citation.published,
        "second_hand": item.second_hand,
        "others": item.others,
        "why": list(item.why),
    }
