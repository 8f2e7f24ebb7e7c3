"""Digests of any length with one of everything that a digest may show: sentences, places of publication and figures are made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from alerts.digest import Digest, Edition, Trouble, compose
from monitor.domain import Attachment
from monitor.store.delivery import Grouping, Language, Subscription
from monitor.store.pending import Amount, Beside, Pending, Report
from monitor.store.series import Point

NOW: Final = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
PLACES: Final = (
    ("100000", "全国"), ("320000", "江苏省"), ("320200", "无锡市"), ("320281", "江阴市"), ("320500", "苏州市"),
    ("330100", "杭州市"), ("440300", "深圳市"), ("510100", "成都市"),
)  # fmt: skip
THEMES: Final = {
    "low-altitude-economy": "低空经济",
    "artificial-intelligence": "人工智能",
    "innovation-carriers": "科创载体",
}
ENGLISH: Final = {
    "low-altitude-economy": "Low-altitude economy",
    "artificial-intelligence": "Artificial intelligence",
    "innovation-carriers": "Innovation carriers",
}
SERIES: Final = (
    Point(2024, True, "31200000000"), Point(2025, True, "40500000000"), Point(2026, False, "48000000000"),
    Point(2027, False, "54000000000"), Point(2028, False, "60000000000"),
)  # fmt: skip
TROUBLES: Final = (
    Trouble("江阴市人民政府", "列表页打开后没有文章", datetime(2026, 11, 21, tzinfo=UTC)),
    Trouble("苏州工业园区管委会", "连接超时", datetime(2026, 11, 23, tzinfo=UTC)),
    Trouble("某地融媒体中心", "连接超时", datetime(2026, 11, 23, tzinfo=UTC)),
)
EDITION: Final = Edition(THEMES, {"repost"}, TROUBLES, preferences="https://watch.example.com/u/", english=ENGLISH)


def digest(items: int, language: Language = "zh-CN", group_by: Grouping = "region") -> Digest:
    """A digest of so many facts; none has neither facts nor faults."""
    reader = Subscription(
        "reader@example.com",
        themes=tuple(THEMES),
        regions=("320200",),
        language=language,
        group_by=group_by,
        token="t" * 22,
    )
    edition = EDITION if items else replace(EDITION, troubles=())
    hits = _hits() if items > len(_kinds(PLACES[0], 0)) else ()
    return compose(_facts(items), edition, reader, NOW, hits=hits)


def _facts(items: int) -> Sequence[Pending]:
    facts: list[Pending] = []
    while len(facts) < items:
        number = len(facts)
        facts += _kinds(PLACES[number // len(_kinds(PLACES[0], 0)) % len(PLACES)], number)
    return facts[:items]


def _kinds(place: tuple[str, str], first: int) -> list[Pending]:
    """One of each kind, told of one place; `first` is the number of the first."""
    code, name = place
    plan = _report(
        first + 1,
        f"{name}低空经济高质量发展三年行动方案（2026—2028年）",
        f"到2028年，{name}低空经济产业规模达到600亿元，集聚企业400家以上，建成起降点120个左右。",
    )
    grown = Amount("eq", "60000000000", None, None)
    facts = [
        _fact("低空经济产业规模", "元", "60000000000", plan, series=SERIES),
        _fact("低空经济企业", "家", "400", plan, comparator="ge"),
        _fact("起降点", "个", "120", plan, comparator="approx"),
        _revised(first + 2, name),
        _result(first + 3, name),
        _programme(first + 4, name),
        _draft(first + 5, name),
        _support(first + 6, name),
        _designation(first + 7, name),
        _share(first + 8, name),
        _contradicted(first + 9, name, grown),
        _moved(first + 10, name),
    ]
    return [
        replace(fact, version_id=first + number, fact_id=first + number, region_code=code, region_name=name)
        for number, fact in enumerate(facts, start=1)
    ]


def _revised(number: int, place: str) -> Pending:
    old = Amount("ge", "3000", None, None)
    report = _report(number, f"{place}调整算力基础设施建设目标", f"{place}将智能算力规模目标由3000P上调至5000P。")
    before = _report(
        number + 100, "算力行动计划", f"到2027年，{place}智能算力规模不低于3000P。", published="2026-03-02"
    )
    return _fact(
        "智能算力规模", "P", "5000", report, themes=("artificial-intelligence",), comparator="ge", deadline="2027-12-31",
        previous=old, event="revised", beside=Beside(9000 + number, old, "2027-12-31", before),
    )  # fmt: skip


def _result(number: int, place: str) -> Pending:
    aim = Amount("ge", "100", None, None)
    report = _report(number, f"{place}科创载体建设年度通报", f"截至10月底，{place}已建成特色化科创载体73家。")
    before = _report(
        number + 100, "科创载体建设意见", "到2027年，建设特色化科创载体100家以上。", published="2025-12-18"
    )
    return _fact(
        "特色化科创载体", "家", "73", report, themes=("innovation-carriers",), assertion="actual", deadline="2026-10-31",
        event="result", beside=Beside(9000 + number, aim, "2027-12-31", before),
    )  # fmt: skip


def _programme(number: int, place: str) -> Pending:
    title = f"{place}关于加快推进人工智能赋能新型工业化的若干政策措施"
    report = _report(number, title, f"《{title}》已经市政府常务会议审议通过，现印发给你们，请认真贯彻执行。", page=2)
    return _fact(
        title, None, None, report, kind="programme", type="document", themes=("artificial-intelligence",), deadline=None,
        status="issued",
    )  # fmt: skip


def _draft(number: int, place: str) -> Pending:
    report = _report(number, "公开征求意见公告", f"现就《{place}低空飞行服务保障办法》向社会公开征求意见。")
    return _fact(
        f"{place}低空飞行服务保障办法",
        None,
        None,
        report,
        kind="programme",
        type="document",
        deadline=None,
        status="draft",
    )


def _support(number: int, place: str) -> Pending:
    sentence = f"对首次获评国家级的孵化器，{place}给予最高500万元奖励，“免申即享”，不再重复提交材料。"
    report = _report(number, "科创载体奖补申报指南", sentence, source="repost", publisher="某产业观察公众号")
    return _fact(
        "国家级孵化器奖励", "元", "5000000", report, themes=("innovation-carriers",), assertion="support", comparator="le",
        deadline=None,
    )  # fmt: skip


def _designation(number: int, place: str) -> Pending:
    report = _report(number, "政府工作报告摘要", f"{place}明年将全力争创国家人工智能创新应用先导区。")
    return _fact(
        "国家人工智能创新应用先导区", None, None, report, kind="designation", themes=("artificial-intelligence",),
        deadline="2027-12-31",
    )  # fmt: skip


def _share(number: int, place: str) -> Pending:
    sentence = f"“十五五”末，{place}规上工业企业人工智能应用普及率达到百分之九十，重点行业骨干企业实现全覆盖；数据要素、场景开放与人才培养同步推进。"
    report = _report(number, "人工智能应用普及工作推进会召开", sentence)
    return _fact("人工智能应用普及率", "%", "90", report, themes=("artificial-intelligence",), deadline="2030-12-31")


def _contradicted(number: int, place: str, here: Amount) -> Pending:
    report = _report(number, "经济运行新闻发布会实录", f"{place}数字经济核心产业规模今年预计达到600亿元。")
    there = _report(number + 100, "晚报报道", f"{place}数字经济核心产业规模将达650亿元。", publisher="江南晚报")
    return _fact(
        "数字经济核心产业规模", "元", here.value, report, themes=("artificial-intelligence",), deadline="2026-12-31",
        event="contradicted", beside=Beside(9000 + number, Amount("eq", "65000000000", None, None), "2026-12-31", there),
    )  # fmt: skip


def _moved(number: int, place: str) -> Pending:
    same = Amount("eq", "50", None, None)
    report = _report(number, "无人机航线开通情况", f"{place}开通50条无人机物流航线的时间提前到2026年底。")
    before = _report(number + 100, "低空物流计划", f"到2027年，{place}开通无人机物流航线50条。", published="2026-01-12")
    return _fact(
        "无人机物流航线", "条", "50", report, deadline="2026-12-31", previous=same, event="revised",
        beside=Beside(9000 + number, same, "2027-12-31", before),
    )  # fmt: skip


def _fact(name: str, unit: str | None, value: str | None, report: Report, **other: object) -> Pending:
    comparator = other.pop("comparator", "eq" if value else None)
    amount = Amount(comparator, str(Decimal(value)) if value else None, None, other.pop("status", None))  # type: ignore[arg-type]  # named below
    plain = Pending(
        version_id=0, fact_id=0, kind="quantity", name=name, assertion="target", type=None, unit=unit, deadline="2028-12-31",
        recurrence=None, region_code=None, region_name=None, themes=("low-altitude-economy",), amount=amount, previous=None,
        first_seen=NOW, reports=(report,),
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]  # real fields only


def _report(number: int, title: str, sentence: str, **other: object) -> Report:
    page = other.pop("page", None)
    file = Attachment("https://www.example.gov.cn/files/plan.pdf", "若干政策措施.pdf") if page else None
    terms = {"low-altitude-economy": "低空经济", "artificial-intelligence": "智能算力"}
    plain = Report(
        number, f"https://www.example.gov.cn/{number}.shtml", title, "official", "某市人民政府", "2026-11-23", sentence, terms,
        file=file, page=page,  # type: ignore[arg-type]  # a number of a page
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]  # real fields only


def _hits() -> tuple[Report, ...]:
    titles = (
        "低空经济产业对接会在太湖之滨举行",
        "一架无人机送来的早餐：社区里的“空中快线”",
        "科创载体如何从“房东”变“股东”",
    )
    return tuple(_report(5000 + number, title, "") for number, title in enumerate(titles))
