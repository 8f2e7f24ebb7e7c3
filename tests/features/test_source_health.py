"""Sources over weeks: sites on loopback that publish, fall silent, move, refuse and correct themselves, and a clock that is
moved. What the operator is told is what his mails say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from monitor import assembly, service
from monitor.config import read_settings
from monitor.demo import Replicas
from monitor.demo.server import page_answer
from monitor.domain import Source
from monitor.store import delivery

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ("city", "park", "stock")
HTML = "text/html; charset=utf-8"
LIST, SECOND = "/tz/index.html", "/tz/index_1.html"
ROWS = 12  # on a page of the list
AIM = "到2028年，全市集聚低空经济企业{}家以上，低空经济产业规模达到240亿元。"


class Site:
    """A list of two pages at one host, whose articles the test writes."""

    def __init__(self, sites: Replicas, name: str) -> None:
        self.sites, self.name = sites, name
        self.rows: list[tuple[str, str, date]] = []  # path, title, day; the newest first
        self.source = Source(f"{name}-tz", f"来源{name}", sites.add_raw(name, LIST, 200, {}, b""), region="无锡市")

    def publish(self, count: int = 1, *, text: str = "") -> str:
        """New articles of today, the last one with the text; returns its path."""
        for _ in range(count):
            number = len(self.rows) + 1
            day = assembly.now().date()
            path = f"/art/{day.year}/{day.month}/{day.day}/art_{number}.html"
            self.rows.insert(0, (path, f"关于公布第{number}批低空经济重点项目名单的通知", day))
            self.write(path, text)
        self.show()
        return path

    def write(self, path: str, text: str) -> None:
        """The page of an article, as it is from now on."""
        title = next(title for known, title, _ in self.rows if known == path)
        day = next(day for known, _, day in self.rows if known == path)
        said = "".join(
            f"<p>{line}</p>"
            for line in (f"{title}已经市政府同意，现予公布。", text, "请各区、各部门结合实际抓好落实。" * 3)
        )
        self.serve(path, f"<title>{title}</title><h1>{title}</h1><p>发布日期：{day}</p><div>{said}</div>")

    def show(self, *, repeat: bool = False, rows: list[tuple[str, str, date]] | None = None) -> None:
        """The list's two pages as its articles make them; `repeat`: page two is page one again."""
        kept = self.rows if rows is None else rows
        pages = [kept[:ROWS], kept[:ROWS] if repeat else kept[ROWS : 2 * ROWS]]
        for path, own, other in ((LIST, pages[0], SECOND), (SECOND, pages[1], "")):
            items = "".join(f"<li><a href='{at}'>{title}</a><span>{day}</span></li>" for at, title, day in own)
            onward = f"<a href='{other}'>下一页</a>" if other and pages[1] else ""
            self.serve(path, f"<title>通知公告</title><ul class='list'>{items}</ul>{onward}")

    def serve(self, path: str, body: str) -> None:
        page = page_answer(f"<html><head></head><body>{body}</body></html>".encode(), HTML, assembly.now())
        self.sites.add_raw(self.name, path, 200, page.headers, page.body)

    def vanish(self) -> None:
        self.sites.add_raw(self.name, LIST, 404, {"Content-Type": HTML}, b"<html><body><p>404</p></body></html>")

    def asked(self, path: str) -> int:
        return sum(seen == path for seen, _ in self.sites.requests(self.name))


class Weeks:
    """Three sites, the program that watches them, and the clock."""

    def __init__(self, sites: Replicas, run: Policywatch, clock: time_machine.Traveller, data: Path) -> None:
        self.run, self.clock, self.sites = run, clock, sites
        self.town, self.second, self.third = (Site(sites, name) for name in NAMES)
        self._settings, self._mails = data, 0

    def publish_all(self, count: int = 1) -> None:
        for site in (self.town, self.second, self.third):
            site.publish(count)

    def look(self, *options: str, wait: timedelta = HOUR) -> list[str]:
        """Time passes, the sources are crawled; the subjects of the mails that the operator gets for it."""
        self.clock.shift(wait)
        self.run("crawl", *options)
        settings = read_settings(None, self._settings)
        service.build_due(settings, threading.Event())
        with assembly.opened_store(settings) as store, delivery.reading(store) as session:
            subjects = [message.subject for message in delivery.messages(session)]
        fresh, self._mails = subjects[self._mails :], len(subjects)
        return fresh

    def fares(self, site: Site | None = None) -> tuple[str, str | None]:
        """Health of a site and the day that it has lasted since."""
        row = self.row(site or self.town)
        return row["health"], row["since"] and row["since"][:10]

    def row(self, site: Site) -> dict[str, Any]:
        rows = json.loads(self.run("sources", "list", "--json").stdout)["sources"]
        found: dict[str, Any] = next(row for row in rows if row["id"] == site.source.id)
        return found

    def move_to(self, moment: datetime) -> None:
        self.clock.move_to(moment)


@pytest.fixture
def weeks(in_process: Policywatch, watch: Watch, data: Path) -> Iterator[Weeks]:
    with (
        time_machine.travel(START, tick=True) as clock,
        Replicas(today=START, only=NAMES, articles=()) as sites,
    ):
        made = Weeks(sites, in_process, clock, data)
        crawl = {"memory_limit": 2**60}  # the limit would hold for the tests as well
        mail = {"operator": "operator@example.com", "sender": "watch@example.com"}
        watch([made.town.source, made.second.source, made.third.source], crawl=crawl, mail=mail)
        yield made


def day(moment: datetime) -> str:
    return moment.date().isoformat()


def test_a_source_falls_silent_and_speaks_again(weeks: Weeks) -> None:
    """Named with its last day once it has kept silent for much longer than it used to; its next article is told too."""
    weeks.publish_all(3)
    assert weeks.look() == []
    assert weeks.fares() == ("working", day(START))
    for _ in range(4):
        weeks.publish_all()
        assert weeks.look(wait=DAY) == []
    last = assembly.now()
    for _ in range(13):
        weeks.second.publish()
        weeks.third.publish()
        assert weeks.look(wait=DAY) == []
    assert weeks.fares()[0] == "working"
    assert weeks.look(wait=DAY + HOUR) == ["来源告警：1 个久无新文章"]
    assert weeks.fares() == ("silent", day(last))
    assert weeks.look(wait=DAY) == []
    assert "silent since" in weeks.run("sources", "show", weeks.town.source.id).stdout
    weeks.town.publish()
    assert weeks.look(wait=DAY) == ["来源告警：1 个恢复"]
    assert weeks.fares() == ("working", day(assembly.now()))
    assert weeks.look(wait=DAY) == []


def test_a_source_is_refused_breaks_vanishes_and_comes_back(weeks: Weeks) -> None:
    """Each state with the day it began, and what to do about it; each told once."""
    weeks.publish_all(3)
    weeks.look()
    weeks.sites.wall("city", 412)
    assert [weeks.look() for _ in range(4)] == [[], [], ["来源告警：1 个读不到"], []]
    assert weeks.fares() == ("blocked", day(START))
    weeks.sites.wall("city", None)
    assert [weeks.look() for _ in range(3)] == [[], ["来源告警：1 个恢复"], []]

    weeks.town.show(rows=[])
    began = day(assembly.now())
    assert [weeks.look() for _ in range(4)] == [[], [], ["来源告警：1 个读不到"], []]
    assert weeks.fares() == ("broken", began)
    weeks.town.show()
    assert [weeks.look() for _ in range(3)] == [[], ["来源告警：1 个恢复"], []]

    weeks.town.vanish()
    began = day(assembly.now() + HOUR)
    assert [weeks.look() for _ in range(4)] == [[], [], ["来源告警：1 个读不到"], []]
    assert weeks.fares() == ("broken", began)
    assert [weeks.look(wait=DAY) for _ in range(3)] == [[], ["来源告警：1 个读不到"], []]
    assert weeks.fares() == ("gone", began)
    findings = json.loads(weeks.run("doctor", "--json").stdout)["findings"]
    (found,) = (one for one in findings if one["source"] == weeks.town.source.id)
    assert (found["health"], found["since"][:10]) == ("gone", began)
    assert f"sources edit {weeks.town.source.id} --url URL" in found["detail"]
    weeks.town.publish()
    assert [weeks.look() for _ in range(3)] == [[], ["来源告警：1 个恢复"], []]
    assert weeks.fares()[0] == "working"


def test_a_list_that_is_no_list_any_more_is_broken(weeks: Weeks) -> None:
    """Page two that is page one again, and a page on which only a menu is left; neither hides what is read meanwhile."""
    weeks.publish_all(ROWS + 3)
    weeks.look()
    weeks.town.publish()
    weeks.town.show(repeat=True)
    weeks.look()
    began = day(assembly.now())
    assert weeks.fares() == ("broken", began)
    assert "same rows" in weeks.row(weeks.town)["reason"]
    assert weeks.town.asked(weeks.town.rows[0][0]) == 1
    weeks.look()  # nothing new: page two is not asked for
    assert weeks.fares() == ("broken", began)
    weeks.town.publish()
    weeks.look()
    assert weeks.fares()[0] == "working"

    menu = "".join(f"<li><a href='/jggk/{name}/'>政府信息公开指南与机构职能之{name}</a></li>" for name in "abcdefgh")
    weeks.town.serve(LIST, f"<ul>{menu}</ul>")
    weeks.look()
    assert weeks.fares()[0] == "broken"
    assert "none of the 8 links" in weeks.row(weeks.town)["reason"]
    assert not any(path.startswith("/jggk/") for path, _ in weeks.sites.requests("city"))


def test_when_no_site_answers_it_is_our_own_line_and_no_source_is_blamed(weeks: Weeks) -> None:
    weeks.publish_all(3)
    weeks.look()
    for name in NAMES:
        weeks.sites.down(name)
    told = [subject for _ in range(6) for subject in weeks.look()]
    assert told == ["来源告警：全部来源都读不到，多半是本机网络"]
    findings = json.loads(weeks.run("doctor", "--json").stdout)["findings"]
    assert [one["part"] for one in findings if one["part"] == "network"] == ["network"]
    # Nobody is put off for a day because the line was down.
    assert datetime.fromisoformat(weeks.row(weeks.town)["next_due"]) - assembly.now() < HOUR
    for name in NAMES:
        weeks.sites.up(name)
    assert [weeks.look() for _ in range(3)] == [["来源告警：1 个恢复"], [], []]
    assert {weeks.fares(site)[0] for site in (weeks.town, weeks.second, weeks.third)} == {"working"}


def test_looks_settle_to_how_often_a_source_publishes(weeks: Weeks) -> None:
    """One list that gets an article a day is looked at about daily, unmodified it costs one request; bounds are kept."""
    id = weeks.town.source.id
    weeks.run("sources", "edit", id, "--every", "1h", "--least", "10m", "--most", "3d")
    weeks.town.publish(ROWS)
    weeks.run("crawl", id)
    looks, published = [assembly.now()], assembly.now()
    due = datetime.fromisoformat(weeks.row(weeks.town)["next_due"])
    while due < START + 24 * DAY:
        weeks.move_to(due)
        while published + DAY <= due:
            published += DAY
            weeks.town.publish()
        weeks.run("crawl", "--due")
        looks.append(due)
        row = weeks.row(weeks.town)
        assert 600 <= row["interval"] <= 3 * 86_400
        due = datetime.fromisoformat(row["next_due"])
    first, last = ([one for one in looks if begin <= one < begin + 3 * DAY] for begin in (START, START + 20 * DAY))
    assert 3 <= len(last) <= 9 < len(first)
    assert weeks.town.asked(LIST) == len(looks)
    assert all(weeks.town.asked(path) >= 1 for path, *_ in weeks.town.rows[1:])


def test_an_article_is_looked_at_again_after_1_3_and_10_days(weeks: Weeks) -> None:
    """Also when it has left its list; a correction made in silence is a revision of what it said, not another fact."""
    path = weeks.town.publish(text=AIM.format(300))
    weeks.look(wait=timedelta(minutes=1))
    weeks.town.publish(3 * ROWS)
    weeks.look()
    first_seen = assembly.now() - HOUR
    asked = [weeks.town.asked(path)]
    for age in (12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 10 * DAY, 15 * DAY, 25 * DAY):
        weeks.move_to(first_seen + age + timedelta(minutes=5))
        if age == 3 * DAY:
            weeks.town.write(path, AIM.format(350))
        weeks.look(wait=timedelta(0))
        asked.append(weeks.town.asked(path))
    assert asked == [1, 1, 2, 2, 3, 3, 4, 4, 4]
    again = [headers for seen, headers in weeks.sites.requests("city") if seen == path][1:]
    assert all("If-None-Match" in headers for headers in again)
    facts = json.loads(weeks.run("targets", "--format", "json").stdout)
    (fact,) = (one for one in facts if "低空经济企业" in str(one["metric"]))
    assert (float(fact["value"]), fact["state"]) == (350, "revised")


def test_an_article_that_does_not_answer_is_asked_for_at_each_look_of_its_first_day(weeks: Weeks) -> None:
    """Then it no longer keeps its list from counting as read."""
    path = weeks.town.publish(3)
    weeks.sites.add_raw("city", path, 503, {"Content-Type": HTML}, b"<html><body>busy</body></html>")
    for number in range(1, 4):
        weeks.look()
        assert weeks.town.asked(path) > 2 * (number - 1)
    tried = weeks.town.asked(path)
    weeks.look(wait=DAY)
    weeks.look()
    asked = weeks.town.asked(path)
    assert asked > tried
    weeks.look()
    assert weeks.town.asked(path) == asked
    weeks.town.write(path, AIM.format(200))
    weeks.look(wait=3 * DAY)
    assert "低空经济企业" in weeks.run("targets", "--format", "json").stdout


def test_what_the_first_crawls_find_is_no_news(weeks: Weeks, watch: Watch) -> None:
    """Undated articles of a list that is longer than one crawl takes are silent to the last one; the next is news."""
    watch([weeks.town.source], crawl={"memory_limit": 2**60, "max_articles": 3})
    listed: list[str] = []

    def publish() -> None:
        path = f"/xx/{len(listed) + 1}.html"
        title = f"低空经济产业发展要点之第{len(listed) + 1}号文件"
        listed.insert(0, f"<li><a href='{path}'>{title}</a></li>")
        said = f"<p>{AIM.format(100 + len(listed))}</p><p>各部门要抓好落实，定期报告进展，年底前完成评估。</p>"
        weeks.town.serve(path, f"<title>{title}</title><h1>{title}</h1><div>{said}</div>")
        weeks.town.serve(LIST, f"<ul>{''.join(listed)}</ul>")

    def news() -> list[str]:
        (digest,) = json.loads(weeks.run("digest", "--dry-run", "--json").stdout)["digests"]
        return [str(item["value"]) for item in digest["items"]]

    for _ in range(8):
        publish()
    weeks.run("subscriptions", "add", "reader@example.com", "--region", "无锡", "--every", "immediate")
    for _ in range(3):
        weeks.run("crawl")
        assert news() == []
    assert len(json.loads(weeks.run("articles", "--format", "json").stdout)) == 8
    weeks.clock.shift(HOUR)
    publish()
    weeks.run("crawl")
    assert "109" in "".join(news())


@pytest.mark.parametrize("works", [True, False])
def test_a_source_that_ships_off_is_probed_before_it_is_watched(
    weeks: Weeks, watch: Watch, data: Path, works: bool
) -> None:
    weeks.town.publish(ROWS + 3)
    if not works:
        weeks.town.vanish()
    source = Source("off", "关", weeks.town.source.url, enabled=False, why_off="nobody has tried it")
    watch([source], crawl={"memory_limit": 2**60})
    listed = json.loads(weeks.run("sources", "list", "--json").stdout)["sources"]
    assert [(one["enabled"], one["why_off"]) for one in listed] == [(False, "nobody has tried it")]
    assert json.loads(weeks.run("crawl", "--json").stdout) == {"sources": []}

    enabled = weeks.run("sources", "enable", "off")

    assert enabled.returncode == (0 if works else 1)
    if not works:
        assert "stays off (nobody has tried it)" in enabled.stderr
        assert weeks.run("sources", "enable", "off", "--anyway").returncode == 0
    (kept,) = json.loads(weeks.run("sources", "list", "--json").stdout)["sources"]
    assert (kept["enabled"], kept["why_off"], kept["min_articles"]) == (True, None, 6 if works else 1)
