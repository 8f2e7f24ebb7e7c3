"""What an address says about how its reader is reached, and what of it may be seen."""

import pytest

from alerts.recipients import (
    AddressError,
    Robot,
    channel_address,
    check_reach,
    kind_of,
    robot_of,
    shown,
    without_secrets,
)
from alerts.subscriptions import SubscriptionError, checked_address
from monitor.reach import read_networks

KEY = "693a91f6-7a0b-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887"


@pytest.mark.parametrize(
    ("address", "normal", "kind"),
    [
        ("Reader@Example.COM", "Reader@example.com", "mail"),
        (f"wecom://{KEY}", f"wecom://{KEY}", "wecom"),
        (f" WeCom://{KEY}/ ", f"wecom://{KEY}", "wecom"),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", f"wecom://{KEY}", "wecom"),
        (f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}", f"feishu://{KEY}", "feishu"),
        (f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}?secret=abc", f"feishu://{KEY}?secret=abc", "feishu"),
        (f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}&secret=SEC1", f"dingtalk://{TOKEN}?secret=SEC1", "dingtalk"),
        (f"dingtalk://{TOKEN}?secret=SECabc", f"dingtalk://{TOKEN}?secret=SECabc", "dingtalk"),
        ("HTTPS://hooks.example.com/a?b=c#part", "https://hooks.example.com/a?b=c", "webhook"),
    ],
)  # fmt: skip
def test_an_address_is_brought_into_one_form_that_names_its_channel(address: str, normal: str, kind: str) -> None:
    assert checked_address(address) == normal
    assert kind_of(normal) == kind


@pytest.mark.parametrize(
    "address",
    [
        "wecom://short",
        f"wecom://{KEY}?secret=abc",
        f"wecom://{KEY}?key=abc",
        f"feishu://{KEY}/more",
        f"feishu://{KEY}?secret=",
        "dingtalk://",
        "wecom:693a91f6-7a0b-4bc4",
        "telegram://12345678",
        "https://",
        "https:///path",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/a\nb",
        "mailto:reader@example.com",
    ],
)
def test_what_is_no_address_is_refused_in_one_line_that_says_what_to_write(address: str) -> None:
    with pytest.raises(AddressError) as refusal:
        checked_address(address)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:10.0.0.1]", "localhost:8080", "a.localhost"],
)
def test_a_webhook_at_a_private_address_is_refused_unless_its_network_is_allowed(host: str) -> None:
    with pytest.raises(AddressError, match=r"channels\.allow_private") as refusal:
        check_reach(f"http://{host}/hook/secret", ())
    assert "secret" not in str(refusal.value)
    allowed = read_networks(["10.0.0.0/8", "127.0.0.0/8", "::1/128"], "channels.allow_private")
    check_reach(f"http://{host}/hook", allowed)


@pytest.mark.parametrize(
    "address", ["https://hooks.example.com/a", "https://1.1.1.1/a", "reader@example.com", "wecom://127.1"]
)
def test_nothing_else_is_refused_for_where_it_leads(address: str) -> None:
    check_reach(address, ())


def test_a_refusal_shows_no_key() -> None:
    with pytest.raises(AddressError) as refusal:
        channel_address(f"wecom://{KEY}?secret=abc")
    assert KEY not in str(refusal.value)


def test_what_has_no_scheme_is_checked_as_an_e_mail_address() -> None:
    with pytest.raises(SubscriptionError):
        checked_address("nobody")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("reader@example.com", "reader@example.com"),
        (f"wecom://{KEY}", "wecom://693a…"),
        (f"dingtalk://{TOKEN}?secret=SECabc", "dingtalk://566c…"),
        ("https://user:password@hooks.example.com:8443/services/T0/B0?key=s", "https://hooks.example.com:8443/…"),
        ("https://hooks.example.com?key=s", "https://hooks.example.com/…"),
        ("apprise:tgram://123456:abcdef/789", "apprise:tgram:…"),
    ],
)
def test_no_more_is_shown_than_tells_it_apart(address: str, told: str) -> None:
    assert shown(address) == told


def test_a_robot_is_read_back() -> None:
    assert robot_of(f"dingtalk://{TOKEN}?secret=SECabc") == Robot("dingtalk", TOKEN, "SECabc")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"dingtalk://{TOKEN}?secret=SECabcdef", f"token {TOKEN} and SECabcdef are unknown"),
        ("https://hooks.example.com/services/secretpart", "no route /services/secretpart"),
        ("https://user:password@hooks.example.com/x", "login user:password refused"),
        ("apprise:tgram://123456789:abcdefgh/5551234", "POST /bot123456789:abcdefgh/ failed for 5551234"),
    ],
)
def test_what_a_service_repeats_of_its_address_is_taken_out(address: str, said: str) -> None:
    clean = without_secrets(said, address)
    for secret in (TOKEN, "SECabcdef", "secretpart", "password", "abcdefgh", "5551234"):
        assert secret not in clean
    assert "…" in clean
