"""The door: only public addresses, however they are spelt, and networks that were allowed by name."""

import pytest

from crawler.guard import Refused, check, literal, read_networks
from monitor.errors import ConfigError
from monitor.reach import may_reach

PRIVATE = (
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001::7f00:1",
    "100::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_reached_in_no_form(address: str) -> None:
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_reached(address: str) -> None:
    assert may_reach(address, ())


@pytest.mark.parametrize(
    ("address", "reached"),
    [("127.0.0.1", True), ("::ffff:127.0.0.1", True), ("127.1.0.1", False), ("10.0.0.1", False), ("::1", True)],
)
def test_what_is_allowed_is_reached_and_nothing_beside_it(address: str, reached: bool) -> None:
    assert may_reach(address, read_networks(["127.0.0.0/16", "::1/128"])) is reached


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("::1", "::1"),
        ("www.wuxi.gov.cn", None),
        ("无锡.政务", None),
        ("1.2.3.4.example", None),
    ],
)
def test_a_host_that_spells_an_address_is_one(host: str, address: str | None) -> None:
    """Resolvers take more spellings of an IPv4 address than libraries do."""
    assert literal(host) == address


@pytest.mark.parametrize(
    "url", ["ftp://www.wuxi.gov.cn/", "file:///etc/passwd", "http:///x", "http://0x7f.1/", "http://u@127.0.0.1/"]
)
def test_an_address_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(Refused):
        check(url, ())


def test_a_name_passes_to_the_socket_that_checks_what_it_resolves_to() -> None:
    check("http://www.wuxi.gov.cn/", ())


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match=r"crawl\.allow_private: .*lan"):
        read_networks(["lan"])
