"""`targets`, `programmes`, `articles`: what the store holds, asked and exported through the command line."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch

PAGE = """---
published: 2026-11-20
publisher: 无锡日报
url: https://www.example.gov.cn/plan.shtml
region: 无锡市
---
无锡市印发低空经济高质量发展行动方案

近日，无锡市政府印发《无锡市低空经济高质量发展行动方案》。
到2028年，全市低空经济产业规模达到600亿元，集聚低空经济企业400家以上。
新吴区提出，到2027年建成低空经济示范场景20个。
无锡市将争创国家低空经济示范区。
"""


@pytest.fixture
def policywatch(in_process: "Policywatch") -> "Policywatch":
    return in_process


@pytest.fixture
def stored(policywatch: "Policywatch", tmp_path: Path) -> "Policywatch":
    page = tmp_path / "plan.txt"
    page.write_text(PAGE, encoding="utf-8")
    assert policywatch("ingest", page).returncode == 0
    return policywatch


def test_targets_come_with_the_fields_of_the_contract(stored: "Policywatch") -> None:
    targets = json.loads(stored("targets", "--format", "json").stdout)
    (scale,) = [one for one in targets if one.get("metric") == "低空经济产业规模"]
    assert (scale["kind"], scale["assertion"], scale["comparator"]) == ("quantity", "target", "eq")
    assert (scale["value"], scale["unit"], scale["deadline"]) == (60_000_000_000, "元", "2028-12-31")
    assert (scale["region"], scale["state"]) == ({"code": "320200", "name": "无锡市"}, "new")
    assert "low-altitude-economy" in scale["themes"]
    (seen,) = scale["sightings"]
    assert seen["sentence"] in PAGE
    assert (seen["url"], seen["published"]) == ("https://www.example.gov.cn/plan.shtml", "2026-11-20")


def test_programmes_and_articles_are_asked_alike(stored: "Policywatch") -> None:
    programmes = json.loads(stored("programmes", "--format", "json").stdout)
    (plan,) = [one for one in programmes if one["name"] == "无锡市低空经济高质量发展行动方案"]
    assert plan["status"] == "issued"
    assert {"id", "type", "region", "first_seen", "sightings"} <= set(plan)
    (article,) = json.loads(stored("articles", "--theme", "低空经济", "--format", "json").stdout)
    assert {"id", "url", "title", "source", "publisher", "published", "fetched", "themes", "regions"} <= set(article)
    assert json.loads(stored("articles", "--theme", "人才引育", "--format", "json").stdout) == []


def test_a_city_stands_for_its_districts(stored: "Policywatch") -> None:
    def metrics(*options: str) -> set[str]:
        return {
            one.get("metric") or one["name"]
            for one in json.loads(stored("targets", *options, "--format", "json").stdout)
        }

    everything = metrics()
    assert metrics("--region", "无锡") == everything
    assert len(metrics("--region", "新吴区")) == 1
    assert metrics("--region", "苏州") == set()
    assert metrics("--since", "2020-01-01") == everything
    assert metrics("--since", "2999-01-01") == set()


def test_csv_has_every_field_and_opens_in_excel(stored: "Policywatch", tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    assert stored("targets", "--format", "csv", "--out", file).returncode == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    printed = stored("targets", "--format", "csv").stdout
    assert printed.removeprefix("\ufeff").splitlines() == file.read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    (scale,) = [row for row in rows if row["metric"] == "低空经济产业规模"]
    assert (scale["value"], scale["region_code"], scale["region"]) == ("60000000000", "320200", "无锡市")
    assert scale["sentence"] in PAGE


def test_xlsx_goes_to_a_file_or_a_pipe(stored: "Policywatch", environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "targets.xlsx"
    assert stored("targets", "--format", "xlsx", "--out", file).returncode == 0
    command = [sys.executable, "-m", "monitor", "targets", "--format", "xlsx"]
    piped = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True).stdout
    for content in (file.read_bytes(), piped):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            assert "低空经济产业规模" in book.read("xl/sharedStrings.xml").decode("utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("targets", "--since", "last week"), 2, "last week"),
        (("targets", "--format", "pdf"), 2, "pdf"),
        (("targets", "--out", "x.txt"), 2, "--out needs"),
        (("targets", "--region", "没有的地方"), 1, "没有的地方"),
        (("articles", "--theme", "没有的主题"), 1, "themes list"),
        (("targets", "--format", "csv", "--out", "no/such/folder/x.csv"), 1, "cannot be written"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    policywatch: "Policywatch", arguments: tuple[str, ...], status: int, words: str
) -> None:
    refused = policywatch(*arguments)
    assert refused.returncode == status
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_an_empty_store_answers_with_nothing(policywatch: "Policywatch") -> None:
    assert json.loads(policywatch("targets", "--format", "json").stdout) == []
    assert policywatch("targets").returncode == 0
