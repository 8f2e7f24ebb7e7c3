"""The pages of readers over real HTTP: what they say, what they change, and what they refuse."""

import base64
import hashlib
import http.client
import logging
import re
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from monitor.config import Settings, Web
from monitor.store import Store, delivery
from monitor.store.delivery import Subscription, Wanted
from monitor.web import serving

FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"
WANTED = Wanted(
    "reader@example.com", themes=("low-altitude-economy", "no-such-theme"), regions=("320200", "320214"), every="weekly"
)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "lxml")


@dataclass(frozen=True, slots=True)
class Site:
    """The running pages, the store behind them, and the subscription that the test is about."""

    store: Store
    address: str
    token: str

    @property
    def one(self) -> Subscription:
        with delivery.reading(self.store) as session:
            kept = delivery.find_subscription(session, self.token)
        assert kept is not None
        return kept

    @property
    def path(self) -> str:
        return f"/u/{self.token}"

    def ask(self, path: str, method: str = "GET", body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)) as connection:
            connection.request(method, path, body, named)  # type: ignore[arg-type]  # bytes, or an iterator of them
            answer = connection.getresponse()
            return Answer(answer.status, answer.msg, answer.read().decode())

    def post(self, body: bytes, path: str | None = None, content_type: str = FORM) -> Answer:
        return self.ask(path or self.path, "POST", body, Content_Type=content_type)


def settings(folder: Path, listen: str = "127.0.0.1:0") -> Settings:
    return Settings(data=folder, shipped_sources=False, web=Web(listen=listen))


def subscribed(store: Store, address: str) -> Site:
    with delivery.writing(store) as session:
        one = delivery.add_subscription(session, WANTED, datetime.now(UTC) - timedelta(days=400))
    return Site(store, address, one.token)


@contextmanager
def running(folder: Path) -> Iterator[tuple[Store, str]]:
    with Store.open(settings(folder).database_url) as store, serving(settings(folder)) as address:
        assert address is not None
        yield store, address


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    with running(tmp_path_factory.mktemp("data")) as both:
        yield both


@pytest.fixture
def site(pages: tuple[Store, str]) -> Site:
    """A subscription of its own for each test."""
    return subscribed(*pages)


def multipart(name: str, value: str) -> tuple[bytes, str]:
    lines = ("--cut", f'Content-Disposition: form-data; name="{name}"', "", value, "--cut--", "")
    return "\r\n".join(lines).encode(), "multipart/form-data; boundary=cut"


def test_the_page_says_what_is_subscribed_and_not_the_whole_address(site: Site) -> None:
    text = site.ask(site.path).page.get_text(" ", strip=True)
    for words in ("无锡市", "低空经济、no-such-theme", "每周一 08:30（北京时间）", "正常发送", "r…@example.com"):
        assert words in text
    assert "reader@" not in text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?action=unsubscribe", "?List-Unsubscribe=One-Click", "?done="])
def test_opening_the_link_changes_nothing(site: Site, method: str, query: str) -> None:
    """Link scanners of mail services open every link."""
    before = site.one
    assert site.ask(site.path + query, method).status == 200
    assert site.one == before


@pytest.mark.parametrize(("body", "content_type"), [(ONE_CLICK, FORM), multipart("List-Unsubscribe", "One-Click")])
def test_one_click_unsubscribes_whichever_way_a_mail_program_writes_it(
    site: Site, body: bytes, content_type: str
) -> None:
    first = site.post(body, content_type=content_type)
    ended = site.one.unsubscribed
    again = site.post(body, content_type=content_type)
    assert (first.status, again.status) == (200, 200)
    assert first.text == again.text
    assert first.text.startswith("已退订")
    assert ended is not None
    assert site.one.unsubscribed == ended


def press(site: Site, button: str, **fields: str) -> Answer:
    """Press a button of the page as a browser does, and follow where that leads."""
    form = site.ask(site.path).page.find("button", value=button).find_parent("form")  # type: ignore[union-attr]
    assert form is not None
    body = "&".join([*(f"{name}={value}" for name, value in fields.items()), f"action={button}"])
    answer = site.post(body.encode(), site.path + str(form["action"]))
    assert answer.status == 303
    return site.ask(site.path + answer.headers["Location"])


def test_the_page_after_unsubscribing_offers_to_undo_it(site: Site) -> None:
    after = press(site, "unsubscribe")
    assert site.one.unsubscribed
    assert "已退订" in after.text
    assert [button["value"] for button in after.page.find_all("button")] == ["resume"]
    press(site, "resume")
    assert site.one.unsubscribed is None
    assert not site.one.paused


@pytest.mark.parametrize(("button", "days"), [("pause-week", 7), ("pause-month", 30)])
def test_a_pause_ends_at_the_beginning_of_the_readers_day(site: Site, button: str, days: int) -> None:
    after = press(site, button)
    until = site.one.paused_until
    assert until is not None
    assert until.astimezone(UTC).strftime("%H:%M") == "16:00"  # midnight in Shanghai
    assert timedelta(days=days - 1) < until - datetime.now(UTC) <= timedelta(days=days)
    assert "已暂停，20" in after.text


def test_a_pause_without_an_end_lasts_until_it_is_resumed(site: Site) -> None:
    assert "直到您恢复" in press(site, "pause").text
    assert (site.one.paused, site.one.paused_until) == (True, None)
    assert "正常发送" in press(site, "resume").text
    assert not site.one.paused


def test_the_rhythm_is_changed(site: Site) -> None:
    after = press(site, "rhythm", every="daily", at="18:05")
    assert (site.one.every, site.one.at) == ("daily", "18:05")
    assert "每天 18:05" in after.text


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", FORM),
    "unknown action": (b"action=delete", FORM),
    "another value": (b"List-Unsubscribe=no", FORM),
    "unknown rhythm": (b"action=rhythm&every=hourly&at=08:30", FORM),
    "no such time": (b"action=rhythm&every=daily&at=25:00", FORM),
    "no time": (b"action=rhythm&every=daily", FORM),
    "JSON": (b'{"action": "unsubscribe"}', "application/json"),
    "no type": (ONE_CLICK, "text/plain"),
    "broken form": (b"&&=%zz&\xff\xfe;==", FORM),
    "broken parts": (b"--cut\r\nnonsense", "multipart/form-data; boundary=cut"),
    "no boundary": (b"--cut", "multipart/form-data"),
    "a file": (
        b'--cut\r\nContent-Disposition: form-data; name="action"; filename="a"\r\n\r\nunsubscribe\r\n--cut--\r\n',
        "multipart/form-data; boundary=cut",
    ),
    "many fields": (b"a=1&" * 120 + b"action=unsubscribe", FORM),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_no_button_sends_is_refused_and_changes_nothing(site: Site, case: str) -> None:
    before = site.one
    body, content_type = REFUSED[case]
    answer = site.post(body, content_type=content_type)
    assert answer.status == 400
    assert "什么都没有改动" in answer.text
    assert site.one == before


def test_a_body_that_is_too_long_is_refused_whether_or_not_it_says_so(site: Site) -> None:
    before = site.one
    long = ONE_CLICK + b"&" + b"x" * 20_000
    assert site.post(long).status == 413
    assert site.ask(site.path, "POST", iter([long]), Content_Type=FORM).status == 413
    assert site.one == before


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "%00", "..%2f..%2fetc", "%E6%B2%A1%E6%9C%89", "a/b"])
def test_an_unknown_token_is_told_nothing(site: Site, token: str) -> None:
    known = site.ask("/u/unknown")
    asked, posted = site.ask(f"/u/{token}"), site.post(ONE_CLICK, f"/u/{token}")
    assert (asked.status, posted.status) == (404, 404)
    assert asked.text == posted.text == known.text
    assert "没有这个页面" in asked.text
    assert site.one.unsubscribed is None


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        ("", "", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN"),
        ("en-GB,en;q=0.9,zh;q=0.2", "", "en"),
        ("en;q=0.3, zh-TW;q=0.7", "", "zh-CN"),
        ("de, fr;q=0.5", "", "zh-CN"),
        ("de, en;q=0.5", "", "en"),
        (";;q=,,=;q=nan", "", "zh-CN"),
        ("zh", "?lang=en", "en"),
        ("en", "?lang=zh", "zh-CN"),
    ],
)
def test_the_page_is_in_the_language_asked_for(site: Site, accepted: str, query: str, language: str) -> None:
    page = site.ask(site.path + query, Accept_Language=accepted).page
    assert page.select(f'html[lang="{language}"]')
    assert page.select_one("h1").text == ("Your subscription" if language == "en" else "我的订阅")  # type: ignore[union-attr]


def test_the_language_is_kept_when_a_button_is_pressed(site: Site) -> None:
    form = site.ask(site.path + "?lang=en").page.select_one("form")
    assert form is not None
    answer = site.post(b"action=pause", site.path + str(form["action"]))
    assert "Paused until you resume" in site.ask(site.path + answer.headers["Location"]).text


EVERY_KIND: dict[int, Callable[[Site], Answer]] = {
    200: lambda site: site.ask(site.path),
    303: lambda site: site.post(b"action=pause"),
    400: lambda site: site.post(b""),
    404: lambda site: site.ask("/"),
    405: lambda site: site.ask(site.path, "DELETE"),
    413: lambda site: site.post(b"x" * 20_000),
}


@pytest.mark.parametrize("status", list(EVERY_KIND))
def test_every_answer_is_closed_to_scripts_frames_caches_and_other_sites(site: Site, status: int) -> None:
    answer = EVERY_KIND[status](site)
    assert answer.status == status
    policy = answer.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Set-Cookie"] is None
    assert answer.headers["Server"] is None


def test_the_page_needs_nothing_but_itself(site: Site) -> None:
    """No script, nothing fetched, and the one style sheet is the one that the policy allows."""
    answer = site.ask(site.path)
    assert answer.page.find_all(["script", "img", "link", "iframe"]) == []
    assert "http" not in answer.text
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "url(" not in style
    assert "@import" not in style


def test_the_log_tells_who_left_and_holds_no_token(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        site.ask(site.path)
        site.ask(f"/x/{site.one.token}")
        site.post(ONE_CLICK)
    assert f"subscription {site.one.id}: unsubscribe, by its reader" in caplog.text
    assert "GET /u/{token} answered 200" in caplog.text
    assert "GET a page that is not there answered 404" in caplog.text
    assert site.one.token not in caplog.text


def test_a_subscription_whose_server_refused_can_be_resumed_by_its_reader(site: Site) -> None:
    with delivery.writing(site.store) as session:
        delivery.change_subscription(session, site.one.id, suspended="550 no such user")
    page = site.ask(site.path)
    assert "邮件服务器拒收" in page.text
    assert "550" not in page.text
    press(site, "resume")
    assert site.one.suspended is None


def test_a_store_that_fails_is_a_page_that_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running(tmp_path) as both:
        site = subscribed(*both)
        file = tmp_path / "policywatch.sqlite"
        with closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.write_bytes(b"scrambled by a dying disk " * (file.stat().st_size // 26))
        answer = site.post(ONE_CLICK)
    assert answer.status == 503
    assert "请过几分钟再试" in answer.text
    assert str(file) in caplog.text
    assert site.token not in caplog.text


def test_a_fault_of_our_own_is_a_page_and_a_traceback_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running(tmp_path) as both:
        site = subscribed(*both)
        with delivery.writing(site.store) as session:
            delivery.change_subscription(session, site.one.id, timezone="Mars/Base")
        answer = site.ask(site.path)
    assert answer.status == 500
    assert "Mars" not in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert "ZoneInfoNotFoundError" in caplog.text


def test_a_client_that_hangs_in_its_request_holds_nothing_up(tmp_path: Path) -> None:
    with serving(settings(tmp_path)) as address:
        assert address is not None
        place = urlsplit(address)
        with socket.create_connection((place.hostname or "", place.port or 0)) as slow:
            slow.sendall(
                b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nContent-Type: " + FORM.encode() + b"\r\n\r\na"
            )
            slow.settimeout(0.2)
            with pytest.raises(TimeoutError):
                slow.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((place.hostname or "", place.port or 0))


def test_a_port_that_is_taken_costs_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with serving(settings(tmp_path, listen)) as address:
            assert address is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"policywatch: web.listen {listen}: Address already in use")
    assert "choose another port" in line


def test_pages_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(settings(tmp_path, "off")) as address:
        assert address is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("listen", ["8080x", "localhost", "host:99999", ":", ""])
def test_a_place_to_listen_that_is_none_is_named(listen: str) -> None:
    with pytest.raises(ValueError, match="no host and port"):
        Web(listen=listen)


@pytest.mark.parametrize("listen", ["127.0.0.1:8080", "[::1]:80", ":8080", "watch.example.com:443"])
def test_host_and_port_are_read(listen: str) -> None:
    host, _, port = listen.rpartition(":")
    assert Web(listen=listen).endpoint == (host.strip("[]"), int(port))


@pytest.mark.parametrize(
    "address", ["watch.example.com", "ftp://a.example", "https://a.example/?a", "https://例子.中国", "https://a b"]
)
def test_an_address_that_no_mail_can_carry_is_named(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        Web(address=address)


def test_the_token_goes_behind_the_address() -> None:
    assert Web(address="https://a.example/watch/").preferences == "https://a.example/watch/u/"
    assert Web().preferences is None
