"""Which addresses of the Internet may be reached: public ones, and the networks that a setting allows by name."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from monitor.errors import ConfigError

Network = IPv4Network | IPv6Network
NAT64: Final = ip_network("64:ff9b::/96")
# All of IPv6 that leads to a host of the public Internet; the rest holds old ways of spelling an IPv4 address.
UNICAST: Final = ip_network("2000::/3")


def read_networks(allowed: Sequence[str], key: str) -> tuple[Network, ...]:
    """The networks that the setting `key` allows. Raises ConfigError."""
    try:
        return tuple(ip_network(network, strict=False) for network in allowed)
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def may_reach(address: str, allowed: Sequence[Network]) -> bool:
    """Whether an IP address is public or in an allowed network. IPv4 wrapped into IPv6 counts as what it wraps."""
    ip = _unwrapped(ip_address(address.partition("%")[0]))
    public = ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in UNICAST)
    return public or any(ip in network for network in allowed)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped or ip.sixtofour:
            return ip.ipv4_mapped or ip.sixtofour or ip
        if ip in NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
