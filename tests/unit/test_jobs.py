"""A crawl in a process of its own: it gets the settings whole and cannot outstay its limits."""

import signal
import threading
from pathlib import Path

import pytest

from monitor.config import Crawl, Digest, Mail, Settings, read_settings
from monitor.jobs import crawl_in_child, handed_down


def test_a_child_reads_the_settings_that_it_was_handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, numbers and Chinese pass through the environment unharmed."""
    settings = Settings(
        data=tmp_path,
        shipped_sources=False,
        crawl=Crawl(allow_private=["127.0.0.0/8", "::1/128"], delay=0.5, contact="联系我们@example.cn"),
        digest=Digest(baseline_days=3, heartbeat=True),
        mail=Mail(sender="政策 <a@example.cn>"),
    )
    for name, value in handed_down(settings).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == settings


def test_a_crawl_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """The limit is shorter than a process takes to start."""
    settings = Settings(data=tmp_path, shipped_sources=False, crawl=Crawl(time_limit=0.01))
    assert crawl_in_child(settings, (), threading.Event()) == -signal.SIGTERM


def test_a_crawl_that_finds_nothing_to_do_has_worked(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, shipped_sources=False)
    assert crawl_in_child(settings, ("--due",), threading.Event()) == 0
    assert (tmp_path / "policywatch.sqlite").exists()


def test_a_service_that_stops_takes_its_crawl_with_it(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert crawl_in_child(Settings(data=tmp_path, shipped_sources=False), (), stop) == -signal.SIGTERM
