"""The operator hears once that the disk fills, that ticks come late or that mail does not go out, and once that it is over."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine

from alerts.machine import Part, queue_machine_alert
from monitor import service
from monitor.config import Alarm, Mail, Settings, Smtp
from monitor.errors import StoreError
from monitor.machine import disk_of, examine, overdue
from monitor.store import Store, delivery, pace

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MAIL = Mail(sender="watch@example.com", operator="operator@example.com")
EVERYTHING = 2**62  # bytes that no disk has free
WELL = Part("(disk)", "磁盘空间")
FULL = Part("(disk)", "磁盘空间", "只剩 3 MB")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, alarm=Alarm(least_room=0), smtp=Smtp(host="mx.example", port=25))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url) as opened:
        yield opened


def told(store: Store, part: Part, minutes: int) -> str | None:
    return queue_machine_alert(store, [part], MAIL, NOW + minutes * MINUTE)


def bodies(store: Store) -> list[str]:
    with delivery.reading(store) as session:
        return [message.subject for message in delivery.messages(session)]


def faults(settings: Settings, store: Store, late: Mapping[str, timedelta] | None = None) -> dict[str, str | None]:
    return {part.id: part.fault for part in examine(settings, store, late or {})}


def broken(_settings: Settings, _stop: threading.Event) -> None:
    raise StoreError("the disk is full")


def test_a_fault_is_told_once_and_its_end_after_an_hour_without_it(store: Store) -> None:
    assert told(store, FULL, 0) == "本机告警：磁盘空间异常"
    assert [told(store, FULL, minute) for minute in range(1, 30)] == [None] * 29
    assert [told(store, WELL, minute) for minute in range(30, 89)] == [None] * 59
    assert told(store, WELL, 89) == "本机告警：磁盘空间恢复正常"
    assert told(store, WELL, 90) is None
    assert bodies(store) == ["本机告警：磁盘空间异常", "本机告警：磁盘空间恢复正常"]


def test_a_fault_that_comes_and_goes_is_no_flood(store: Store) -> None:
    subjects = [told(store, FULL if minute % 3 else WELL, minute) for minute in range(1, 300)]
    assert [subject for subject in subjects if subject] == ["本机告警：磁盘空间异常"]


def test_a_service_that_starts_anew_tells_nothing_twice(settings: Settings) -> None:
    subjects = []
    for minute in range(5):
        with Store.open(settings.database_url) as store:
            subjects.append(told(store, FULL, minute))
    assert subjects == ["本机告警：磁盘空间异常", None, None, None, None]


def test_what_is_well_writes_nothing_and_without_an_operator_nothing_is_told(store: Store) -> None:
    assert told(store, WELL, 0) is None
    assert queue_machine_alert(store, [FULL], Mail(sender="watch@example.com"), NOW) is None
    assert store.source_states() == {}


def test_several_faults_are_one_message_that_says_what_to_do(store: Store) -> None:
    late = Part("(ticks)", "定时任务", "build_due 晚了 72 小时")
    assert queue_machine_alert(store, [FULL, late], MAIL, NOW) == "本机告警：磁盘空间、定时任务异常"
    operator = MAIL.model_copy(update={"operator": "wecom://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"})
    assert queue_machine_alert(store, [FULL, Part("(ticks)", "定时任务")], operator, NOW + 2 * HOUR) == (
        "本机告警：定时任务恢复正常"
    )
    with delivery.reading(store) as session:
        (first, second) = delivery.messages(session)
        body = delivery.body_of(session, second.id)
    assert first.recipient == "operator@example.com"
    assert body is not None
    assert "恢复正常：定时任务" in body.decode()
    assert "policywatch doctor" in body.decode()


def test_the_disk_that_counts_is_that_of_the_store(settings: Settings, store: Store, tmp_path: Path) -> None:
    assert faults(settings, store)["(disk)"] is None
    short = settings.model_copy(update={"alarm": Alarm(least_room=EVERYTHING)})
    assert str(tmp_path) in (faults(short, store)["(disk)"] or "")
    elsewhere = settings.model_copy(update={"database": f"sqlite:///{tmp_path}/other/store.sqlite"})
    assert disk_of(elsewhere) == tmp_path  # the folder is made with the store
    server = settings.model_copy(update={"database": "postgresql+psycopg://user@host/name"})
    assert disk_of(server) == tmp_path


def test_a_tick_is_late_after_the_grace(settings: Settings, store: Store) -> None:
    due = {"build_due": NOW, "send_due": NOW - 72 * HOUR}
    assert overdue(due, NOW + 10 * MINUTE, 10 * MINUTE) == {"send_due": 72 * HOUR + 10 * MINUTE}
    late = overdue(due, NOW + 11 * MINUTE, 10 * MINUTE)
    assert faults(settings, store, late)["(ticks)"] == "build_due 晚了 11 分钟，send_due 晚了 72 小时"


def test_a_mail_server_that_stays_away_is_a_fault_until_a_message_gets_through(
    settings: Settings, store: Store
) -> None:
    found = []
    for _ in range(4):
        found.append(faults(settings, store)["(mail)"])
        with store.writing() as db:
            pace.pause(db, pace.SERVER, NOW)
    assert found[:3] == [None] * 3
    assert "mx.example:25" in (faults(settings, store)["(mail)"] or "")
    with store.writing() as db:
        pace.relax(db, pace.SERVER)
    assert faults(settings, store)["(mail)"] is None


def test_a_service_that_slept_tells_of_it_once_it_is_awake_and_not_again(settings: Settings, store: Store) -> None:
    """Each round says by when the next one has to be over; the machine sleeps between two of them."""
    settings = settings.model_copy(update={"mail": MAIL})
    due: dict[str, datetime] = {}
    stop = threading.Event()
    round_of = partial(
        service.begin, service.Tick("look_after", partial(service.look_after, due), 30), due, settings, stop
    )
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(3):
            round_of()
            clock.shift(30)
        assert bodies(store) == []
        clock.shift(72 * HOUR)
        for _ in range(10):
            round_of()
            clock.shift(30)
        assert bodies(store) == ["本机告警：定时任务异常"]
        clock.shift(2 * MINUTE)
        for _ in range(130):
            round_of()
            clock.shift(30)
    assert bodies(store) == ["本机告警：定时任务异常", "本机告警：定时任务恢复正常"]


def test_a_round_that_hangs_makes_its_tick_late_and_one_that_may_take_long_does_not(settings: Settings) -> None:
    stop = threading.Event()
    crawl = service.Tick("crawl_due", lambda _settings, _stop: None, 20, longest=900)
    with time_machine.travel(NOW, tick=False):
        due = {"crawl_due": crawl.done_by(), "send_due": service.Tick("send_due", crawl.work, 10).done_by()}
        assert overdue(due, NOW + 15 * MINUTE, 10 * MINUTE) == {"send_due": 15 * MINUTE - timedelta(seconds=10)}
        with pytest.raises(StoreError):
            service.begin(service.Tick("send_due", broken, 10), due, settings, stop)
        assert due["send_due"] == NOW + timedelta(seconds=10)
