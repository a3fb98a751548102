"""Which network addresses a webhook may go to: those of the public internet, and no other. Pure.

What a name resolves to is checked, never the name: a name, or a number in any spelling, may lead anywhere.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_Address = IPv4Address | IPv6Address

# They lead to an IPv4 address inside them, and so past what is asked of that (RFC 6052, 8215, 3056, 4380, 4291).
_CARRIERS: Final[dict[str, str]] = {
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "2002::/16": "6to4",
    "2001::/32": "Teredo",
    "::/96": "IPv4-compatible",
}
_CARRYING: Final = [(IPv6Network(network), name) for network, name in _CARRIERS.items()]
# public by their number, and answered by the machine's own host: metadata of Azure and of Oracle
_METADATA: Final = frozenset(map(ip_address, ("168.63.129.16", "192.0.0.192")))
# all that was ever given out of IPv6 (RFC 4291): what lies outside is reserved, or was once for sites
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_THIS_NETWORK: Final = ip_network("0.0.0.0/8")


def why_refused(text: str) -> str | None:
    """What is wrong with an address, in a word or two; None if a webhook may go there."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return "unreadable"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _why(address.ipv4_mapped)
        carrier = next((name for network, name in _CARRYING if address in network), None)
        if carrier is not None and not (address.is_loopback or address.is_unspecified):
            return carrier
    return _why(address)


def _why(address: _Address) -> str | None:
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_unspecified or address in _THIS_NETWORK:
        return "unspecified"
    if address in _METADATA:
        return "metadata"
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT:
        return "private"
    return None if address.is_global and not address.is_reserved else "private"
