"""The five documents that the product was made from, pasted into the replica sites they came from, come out the same."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from crawler.reading.page import read_page
from monitor.demo import ReplicaArticle, Replicas
from monitor.domain import Article, Judgement
from monitor.judge import Judge
from monitor.seeds import load_seeds

FOUNDING = Path(__file__).resolve().parents[3] / "shared" / "gold" / "seeds"
pytestmark = pytest.mark.skipif(not FOUNDING.is_dir(), reason="the founding documents are not shipped with the sources")


@dataclass(frozen=True, slots=True)
class Case:
    document: str
    site: str
    board: str | None = None


CASES = (
    Case("seed0", "stock"),
    Case("seed1", "park"),
    Case("seed2", "zaker"),
    Case("seed3", "discuz", "40"),
    Case("seed4", "magazine"),
)


def pasted(case: Case) -> tuple[ReplicaArticle, datetime]:
    """The document as an article of its site, and a moment of the day on which it appeared."""
    title, _, *lines = (FOUNDING / f"{case.document}.txt").read_text(encoding="utf-8").splitlines()
    label: dict[str, Any] = json.loads((FOUNDING / f"{case.document}.json").read_text(encoding="utf-8"))
    article = ReplicaArticle(
        case.document,
        case.site,
        title,
        tuple(line.strip() for line in lines if line.strip()),
        board=case.board,
        publisher=label["publisher"],
    )
    return article, datetime.fromisoformat(label["published"]).replace(hour=12, tzinfo=UTC)


def facts(judgement: Judgement) -> list[object]:
    """What is found, without where it stands."""
    found = (*judgement.targets, *judgement.programmes)
    return [replace(one, evidence=replace(one.evidence, start=0, end=0, text="")) for one in found]


def bare(text: str) -> str:
    """A text without the blanks and quotation marks that ZAKER sets in its own way."""
    return "".join(text.split()).translate(str.maketrans("", "", '“”"'))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.document}-{case.site}")
def test_founding_document_comes_out_the_same(case: Case) -> None:
    article, day = pasted(case)
    with Replicas(today=day, only=[case.site], articles=[article]) as sites, urlopen(sites.url(article.id)) as answer:  # noqa: S310  # loopback
        read = read_page(
            answer.read(),
            url=sites.url(article.id),
            content_type=answer.headers["Content-Type"],
            now=day + timedelta(days=1),
        )
    assert bare(read.title) == bare(article.title)
    assert bare(read.text.removesuffix(f"（来源：{article.publisher}）")) == bare("".join(article.paragraphs))
    assert (read.published or "")[:10] == f"{day:%Y-%m-%d}"
    assert read.publisher == article.publisher
    judge = Judge(load_seeds())
    written = Article(title=article.title, text="\n".join(article.paragraphs), published=read.published)
    assert facts(judge.judge(read)) == facts(judge.judge(written))
