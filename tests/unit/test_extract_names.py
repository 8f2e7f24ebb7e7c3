"""Which statuses and programmes a text names: row by row of the tables."""

from typing import Any

import pytest

from monitor.domain import Article
from monitor.extract.designations import find_designations
from monitor.extract.programmes import find_programmes
from monitor.text import fold

Row = dict[str, Any]


def read(row: Row) -> Article:
    return Article(title=row.get("title", ""), text=row["text"], published="2026-03-20")


def statuses(row: Row) -> list[str]:
    article = read(row)
    found = find_designations(article, fold(article.text), ())
    return [" ".join(filter(None, (one.assertion, one.name, one.deadline))) for one in found]


def programmes(row: Row) -> list[str]:
    article = read(row)
    found = find_programmes(article, fold(article.text), ())
    return [f"{one.type} {one.status or '-'} {one.name}" for one in found]


@pytest.mark.table("designations")
def test_statuses_are_told_from_praise(row: Row) -> None:
    assert statuses(row) == row["found"]


@pytest.mark.table("designations")
def test_known_misses_of_statuses_still_miss(missed: Row) -> None:
    assert statuses(missed) != missed["found"]


@pytest.mark.table("programmes")
def test_programmes_are_named_with_type_and_status(row: Row) -> None:
    assert programmes(row) == row["found"]


@pytest.mark.table("programmes")
def test_known_misses_of_programmes_still_miss(missed: Row) -> None:
    assert programmes(missed) != missed["found"]


def test_document_has_its_number_and_issuer() -> None:
    text = "锡政办发〔2026〕15号\n各区人民政府：\n现将《智能工厂培育方案》印发给你们。"
    title = "无锡市人民政府办公室关于印发《智能工厂培育方案》的通知"
    [one] = find_programmes(Article(title=title, text=text), fold(text), ())
    assert (one.number, one.issuer) == ("锡政办发〔2026〕15号", "无锡市人民政府办公室")


def test_evidence_is_the_sentence_as_printed() -> None:
    text = "会议召开。大力实施 传统产业焕新工程 ，加快转型。会议结束。"
    [one] = find_programmes(Article(title="", text=text), fold(text), ())
    assert one.evidence.text == "大力实施 传统产业焕新工程 ，加快转型。"
    assert text[one.evidence.start : one.evidence.end] == one.evidence.text
