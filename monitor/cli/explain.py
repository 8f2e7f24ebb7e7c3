"""Shows a person what the judgement made of an article: the text with its themes, places and facts marked, then each fact.

Colours where the terminal has them; the numbers behind the sentences say everywhere which fact each one proves.
"""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from alerts.wording import COMPARATORS, STATUSES, TYPES, deadline_text, number_text
from monitor.domain import Article, Designation, Evidence, Finding, Judgement, Programme, Quantity, ThemeMatch

THEME, PLACE, FACT, PROGRAMME, NUMBER = "cyan", "green", "bold yellow", "bold magenta", "bold reverse"
ASSERTIONS = {"target": "目标", "actual": "实绩", "support": "扶持"}
WON = {"target": "争创", "actual": "已获"}
NOWHERE = "地区未明"


def explain(article: Article, judgement: Judgement, console: Console) -> None:
    """Print the article and what was found in it."""
    findings = sorted(judgement.findings, key=lambda one: one.evidence.start)
    console.print(Text(article.title, style="bold"))
    console.print(Text(" ".join(filter(None, (article.publisher, article.published))), style="dim"))
    console.print(_marked(article, judgement, findings))
    console.print()
    console.print(Text("主题 ", style="bold") + Text("；".join(map(_theme, judgement.themes)) or "无", style=THEME))
    about = [match.region.name for match in judgement.regions if match.role == "subject"]
    console.print(Text("地区 ", style="bold") + Text("、".join(about) or "无", style=PLACE))
    for number, finding in enumerate(findings, 1):
        style = PROGRAMME if isinstance(finding, Programme) else FACT
        place = finding.region.name if finding.region else NOWHERE
        console.print(Text(f"[{number}] ", style="bold") + Text(_words(finding), style=style) + f"（{place}）")
    if not findings:
        console.print("没有找到目标和计划。")


def _marked(article: Article, judgement: Judgement, findings: Sequence[Finding]) -> Text:
    text = Text(article.text)
    for finding in findings:
        _style(text, [finding.evidence], PROGRAMME if isinstance(finding, Programme) else FACT)
    for theme in judgement.themes:
        _style(text, theme.evidence, THEME)
    for match in judgement.regions:
        _style(text, match.evidence, PLACE)
    proved: dict[int, list[int]] = {}
    for number, finding in enumerate(findings, 1):
        proved.setdefault(finding.evidence.end, []).append(number)
    for end in sorted(proved, reverse=True):  # from the end on, so that the places before stay what they are
        marks = Text("".join(f"[{number}]" for number in proved[end]), style=NUMBER)
        text = text[:end] + marks + text[end:]
    return text


def _style(text: Text, evidence: Iterable[Evidence], style: str) -> None:
    for one in evidence:
        text.stylize(style, one.start, one.end)


def _theme(match: ThemeMatch) -> str:
    """新能源 0.93（光伏、储能）: the score, and the terms that made it."""
    terms = "、".join(dict.fromkeys(one.text for one in match.evidence))
    return f"{match.name} {match.score:.2f}" + (f"（{terms}）" if terms else "")


def _words(finding: Finding) -> str:
    if isinstance(finding, Quantity):
        high = f"—{number_text(finding.value_high)}" if finding.value_high is not None else ""
        amount = f"{COMPARATORS.get(finding.comparator, '')}{number_text(finding.value)}{high}{finding.unit or ''}"
        when = deadline_text(finding.deadline, finding.recurrence)
        return " ".join(filter(None, (ASSERTIONS[finding.assertion], finding.metric, amount, when)))
    if isinstance(finding, Designation):
        return " ".join(filter(None, (WON[finding.assertion], finding.name, deadline_text(finding.deadline, None))))
    status = STATUSES.get(finding.status or "", "")
    return " ".join(filter(None, (TYPES[finding.type], finding.name, status)))
