"""The background service: watches, survives dead sites, and ends when told to with nothing lost."""

from __future__ import annotations

import json
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.demo import Replicas
from monitor.domain import Source

if TYPE_CHECKING:
    from tests.features.conftest import Policywatch, Watch

Start = Callable[..., "subprocess.Popen[str]"]
PROMISED = 10  # seconds from SIGTERM to the end


def said_until(words: str, process: subprocess.Popen[str]) -> list[str]:
    """What the service says on standard error up to the line that holds the words."""
    assert process.stderr is not None
    lines: list[str] = []
    patience = threading.Timer(60, process.kill)  # a service that never says it would be read for ever
    patience.start()
    try:
        for line in process.stderr:
            lines.append(line)
            if words in line:
                return lines
    finally:
        patience.cancel()
    raise AssertionError("".join(lines))


def stop(process: subprocess.Popen[str]) -> str:
    """End the service as an init system does; what it still said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PROMISED)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return said


def waiting_for_nothing(policywatch: Policywatch) -> bool:
    (digest,) = json.loads(policywatch("digest", "--dry-run", "--json").stdout)["digests"]
    return not digest["items"]


def letters(mailbox: Path) -> list[str]:
    """The text part of each mail."""
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in mailbox.glob("*.eml")]
    bodies = [message.get_body(("plain",)) for message in messages]
    return [body.get_content() for body in bodies if body is not None]


def stored(policywatch: Policywatch) -> list[str]:
    return sorted(row["url"] for row in json.loads(policywatch("articles", "--format", "json").stdout))


def test_the_service_crawls_and_mails_by_itself(
    few: Replicas, watch: Watch, policywatch: Policywatch, start: Start, data: Path
) -> None:
    """Sources that are due are crawled at once, a second service is turned away, and no article is mailed twice."""
    watch(few.sources())
    policywatch("subscriptions", "add", "reader@example.com", "--region", "无锡", "--every", "immediate")
    service = start("serve")
    said_until("demo-city: ", service)

    second = policywatch("serve")
    assert second.returncode == 1
    assert second.stderr.startswith("Error: another `policywatch serve` works on ")

    # Digests are built by a tick of their own; a stop before it keeps everything for the next start.
    assert "policywatch: stopped" in stop(service)
    urls = {few.url(article.id) for article in few.articles}
    assert stored(policywatch) == sorted(urls)
    again = start("serve")
    for _ in range(600):
        if waiting_for_nothing(policywatch) and list((data / "mailbox").glob("*.eml")):
            break
        time.sleep(0.2)
    stop(again)
    mailed = [url for text in letters(data / "mailbox") for url in urls if url in text]
    assert len(mailed) == len(set(mailed)) > 0


def test_stopping_in_the_middle_of_a_crawl_loses_nothing(
    city: Replicas, watch: Watch, policywatch: Policywatch, start: Start
) -> None:
    watch(city.sources())
    city.slow("city", 0.1)
    service = start("serve")
    while sum("/doc/" in path for path, _ in city.requests("city")) < 4:
        assert service.poll() is None
        time.sleep(0.02)
    stop(service)
    early = stored(policywatch)
    assert 0 < len(early) < len(city.articles)
    city.slow("city", 0.0)
    assert policywatch("crawl", "--due").returncode == 0
    assert stored(policywatch) == sorted(city.url(article.id) for article in city.articles)


def test_a_killed_service_leaves_no_crawl_behind(
    city: Replicas, watch: Watch, policywatch: Policywatch, start: Start
) -> None:
    """kill -9 for the service: its crawl ends by itself, and the next one is not kept waiting."""
    city.slow("city", 0.3)
    watch(city.sources())
    service = start("serve")
    while sum("/doc/" in path for path, _ in city.requests("city")) < 2:
        assert service.poll() is None
        time.sleep(0.02)
    service.kill()
    service.wait()
    city.slow("city", 0.0)
    deadline = time.monotonic() + 30
    while (again := policywatch("crawl", "--due")).returncode and time.monotonic() < deadline:
        assert "another" in again.stderr
    assert again.returncode == 0
    assert stored(policywatch) == sorted(city.url(article.id) for article in city.articles)


def test_where_no_site_can_be_reached_the_service_says_so_for_each(
    watch: Watch, policywatch: Policywatch, start: Start
) -> None:
    """As on a machine without a network: a line a source, no failure, and the state is kept."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    watch([Source(id=f"dead{n}", name=f"dead{n}", url=f"http://127.0.0.1:{port}/{n}/index.html") for n in range(4)])
    service = start("serve")

    said = said_until("crawl ended", service)

    for n in range(4):
        assert sum(f"dead{n}: unreachable: " in line for line in said) == 1, said
    assert "Traceback" not in "".join(said)
    assert service.poll() is None
    stop(service)
    rows = json.loads(policywatch("sources", "list", "--json").stdout)["sources"]
    assert {row["status"] for row in rows} == {"unreachable"}
    findings = json.loads(policywatch("doctor", "--json").stdout)["findings"]
    assert sum(one["part"] == "source" and "sources edit dead" in one["detail"] for one in findings) == 4


def test_a_mail_server_that_never_answers_does_not_hold_the_service_up(
    few: Replicas, watch: Watch, policywatch: Policywatch, start: Start
) -> None:
    """A message in hand when the service ends is in the outbox afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        connected = threading.Event()
        held: list[socket.socket] = []

        def accept() -> None:
            held.append(silent.accept()[0])
            connected.set()

        threading.Thread(target=accept, daemon=True).start()
        watch(few.sources(), smtp={"host": "127.0.0.1", "port": port, "security": "none"})
        policywatch("subscriptions", "add", "reader@example.com", "--region", "无锡", "--every", "immediate")
        policywatch("crawl")
        service = start("serve")
        assert connected.wait(60)
        stop(service)
        held[0].close()
    letters = json.loads(policywatch("outbox", "list", "--json").stdout)["messages"]
    assert "reader@example.com" in json.dumps(letters)


def test_a_folder_that_cannot_be_written_is_one_line(policywatch: Policywatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder", encoding="utf-8")
    for verb in ("serve", "crawl"):
        run = policywatch(verb, "--data", file / "data")
        assert run.returncode == 1
        assert run.stderr.startswith("Error: ")
        assert "Traceback" not in run.stderr


def test_a_full_disk_loses_nothing_and_the_service_goes_on_when_there_is_room_again(
    few: Replicas, watch: Watch, policywatch: Policywatch, start: Start, data: Path
) -> None:
    """No file may grow beyond a few pages, then any may: the same process first says so, then does its work."""
    watch(few.sources())
    policywatch("subscriptions", "add", "reader@example.com", "--region", "无锡", "--every", "immediate")
    service = start("serve")
    said_until("policywatch: watching", service)
    unlimited = resource.prlimit(service.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (16_384, unlimited[1]))
    assert "Traceback" not in "".join(said_until("the disk reports an error", service))
    assert not list((data / "mailbox").glob("*.eml"))
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, unlimited)
    said_until("message to reader@example.com sent", service)
    stop(service)
    urls = {few.url(article.id) for article in few.articles}
    assert stored(policywatch) == sorted(urls)
    mailed = [url for text in letters(data / "mailbox") for url in urls if url in text]
    assert len(mailed) == len(set(mailed)) > 0
