"""Walls and soft failures are named; pages that only speak of them are read."""

import pytest

from crawler.gates import is_home_fallback, recognise, recognise_robots

ARTICLE = (
    "<html><body><h1>网信部门提醒</h1>"
    + "<p>近期一些网站用人机验证和滑动验证抵挡抓取，普通用户打开页面时请稍候。</p>" * 12
    + "</body></html>"
)


@pytest.mark.parametrize(
    ("status", "name", "wall"),
    [
        (412, "ruishu_412", True),
        (521, "jsl_521", True),
        (403, "waf_403", True),
        (405, "waf_other", True),
        (418, "waf_other", True),
        (422, "waf_other", True),
        (493, "waf_other", True),
        (451, "geo_block", True),
        (429, "throttle", True),
        (401, "login_401", True),
        (404, "gone_404", False),
        (410, "gone_410", False),
        (500, "http_500", False),
    ],
)
def test_a_status_is_named(status: int, name: str, wall: bool) -> None:
    verdict = recognise(status, b"<html></html>", "text/html")
    assert verdict
    assert (verdict.name, verdict.wall) == (name, wall)
    assert str(status) in verdict.reason


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<html><script>document.location.reload()</script></html>", "challenge_200"),
        ("<html><script>var sl='sl-session'</script><body>请稍候</body></html>", "challenge_200"),
        (
            "<html><head><meta id='9DhefwqG' content='x'><script>$_ts=window['$_ts'];</script></head></html>",
            "challenge_200",
        ),
        ("<script>document.cookie='__jsl_clearance_s=1|-1|x';location.href='/'</script>", "challenge_200"),
        ('<html><script>;go({"bts":["1","2"],"tn":"__jsl"})</script></html>', "challenge_200"),
        ("<html><script>var arg1='A1B2';setCookie('acw_sc__v2',x)</script></html>", "challenge_200"),
        ("<html><script>setCookie('C3VK','3f2a',300);location.reload()</script></html>", "challenge_200"),
        ("<html><script>window.once_id='9f2c'</script><body>请稍候</body></html>", "challenge_200"),
        ("<html><body><div class='safedog-flow-item'></div></body></html>", "challenge_200"),
        ("<html><script>document.cookie='EO_Bot_Ssid=1'</script></html>", "challenge_200"),
        ("<html><script>document.cookie='_wafchallengeid=1'</script></html>", "challenge_200"),
        ("<html><body><h1>网站云防护系统</h1><p>拒绝执行</p></body></html>", "waf_200"),
        ("<html><body><p>环境异常，当前环境异常，完成验证后即可继续访问。</p></body></html>", "waf_200"),
        ("<html><body><div>该内容已被发布者删除</div></body></html>", "soft_404"),
        ("<html><title>网站防火墙</title><body><h1>访问被拦截</h1><p>编号 7f3a</p></body></html>", "waf_200"),
        ("<html><body><h2>您访问的页面不存在</h2><a href='/'>回首页</a></body></html>", "soft_404"),
        ("<html><body></body></html>", "stub_200"),
        ("", "empty"),
    ],
)
def test_an_answer_that_is_no_page_is_named_although_its_status_is_200(body: str, name: str) -> None:
    verdict = recognise(200, body.encode(), "text/html; charset=utf-8")
    assert verdict
    assert verdict.name == name


def test_a_challenge_is_one_whatever_success_its_status_claims() -> None:
    body = b"<html><head><meta id='9DhefwqG' content='x'><script>$_ts=window['$_ts'];</script></head></html>"
    assert [recognise(status, body, "text/html") is not None for status in (200, 202, 203)] == [True] * 3


def test_a_refusal_in_gbk_is_understood() -> None:
    body = "<html><head><title>提示</title></head><body>您的访问过于频繁，请稍后再试，给您带来不便敬请谅解</body></html>".encode(
        "gbk"
    )
    verdict = recognise(200, body, "text/html")
    assert verdict
    assert verdict.name == "waf_200"


@pytest.mark.parametrize("status", [200, 202, 203, 304])
def test_a_page_that_speaks_of_walls_is_read(status: int) -> None:
    assert recognise(status, ARTICLE.encode(), "text/html") is None


def test_a_feed_without_words_is_no_stub() -> None:
    assert recognise(200, b"<?xml version='1.0'?><rss><channel></channel></rss>", "application/rss+xml") is None


def test_robots_that_are_refused_mean_no_rules_but_a_wall_answering_for_them_is_one() -> None:
    assert recognise_robots(403, b"forbidden", "text/plain") is None
    assert recognise_robots(404, b"<html><body>404 not found</body></html>", "text/html") is None
    assert recognise_robots(200, b"User-agent: *\nDisallow:\n", "text/plain") is None
    wall = recognise_robots(200, b"<html><script>document.location.reload()</script></html>", "text/html")
    assert wall
    assert wall.name == "challenge_200"


def test_a_section_that_leads_to_the_front_page_is_a_fallback() -> None:
    assert is_home_fallback("https://a.example/zwgk/", "https://a.example/")
    assert is_home_fallback("https://a.example/zwgk/", "https://a.example/index.html")
    assert not is_home_fallback("https://a.example/zwgk/", "https://a.example/zwgk/index.html")
    assert not is_home_fallback("https://a.example/", "https://a.example/index.html")
    assert not is_home_fallback("https://a.example/zwgk/", "https://a.example/?page=2")
