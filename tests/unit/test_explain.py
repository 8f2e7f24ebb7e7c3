"""`analyze` for a person: the text with what was found in it, readable with and without colours."""

import io

from rich.console import Console

from monitor.cli.explain import explain
from monitor.domain import Article
from monitor.judge import Judge
from monitor.seeds import load_seeds

JUDGE = Judge(load_seeds(shipped_sources=False))
ARTICLE = Article(
    title="无锡印发低空经济行动计划",
    text="市政府印发《无锡市低空经济三年行动计划》。\n计划提出，到2028年，低空经济产业规模超过600亿元，起降点建成300个。\n"
    "无锡还将争创国家低空经济产业综合示范区。",
    published="2026-11-20",
    publisher="太湖日报",
)


def shown(article: Article, *, colour: bool = False) -> str:
    out = io.StringIO()
    explain(
        article,
        JUDGE.judge(article),
        Console(file=out, width=200, force_terminal=colour, highlight=False, markup=False),
    )
    return out.getvalue()


def test_each_sentence_bears_the_numbers_of_the_facts_that_it_proves() -> None:
    lines = shown(ARTICLE).splitlines()
    assert lines[0] == ARTICLE.title
    assert lines[2].endswith("三年行动计划》。[1]")
    assert lines[3].endswith("建成300个。[2][3]")
    assert "[2] 目标 低空经济产业规模 超过600亿元 到2028年底（无锡市）" in lines
    assert "[4] 争创 国家低空经济产业综合示范区（无锡市）" in lines
    assert any(line.startswith("主题 低空经济 0.") for line in lines)
    assert "地区 无锡市" in lines


def test_colours_mark_the_text_where_there_are_any() -> None:
    assert "\x1b[" in shown(ARTICLE, colour=True)
    assert "\x1b[" not in shown(ARTICLE)


def test_nothing_found_is_said() -> None:
    assert "没有找到目标和计划。" in shown(Article(title="周末天气", text="周末多云，气温二十度上下。"))
