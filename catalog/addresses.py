"""Is this network address one of the public internet, where merchants live?

Pure. The embedded IPv4 address of an IPv6 form (mapped, compatible, 6to4, NAT64, Teredo) is judged too: each of them
is a way of spelling a private address that a naive check lets through.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CARRIER_GRADE_NAT = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, deprecated
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052; how IPv6-only networks write every IPv4 address


def refusal(address: str) -> str | None:
    """Why this IP address must not be connected to; None for a public one. Raises `ValueError` when it is none."""
    for form in _forms(ipaddress.ip_address(address.split("%", 1)[0])):
        reason = _refusal_of_one(form)
        if reason:
            return reason
    return None


def _forms(address: Address) -> Iterator[Address]:
    """The address and every IPv4 address hidden in it."""
    yield address
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _IPV4_COMPATIBLE or address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _refusal_of_one(address: Address) -> str | None:
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped is not None or address in _NAT64):
        return None  # its IPv4 form is judged on its own
    for reason, applies in (
        ("unspecified", address.is_unspecified),
        ("loopback", address.is_loopback),
        ("link-local", address.is_link_local),
        ("multicast", address.is_multicast),
        ("carrier-grade NAT", address.version == 4 and address in _CARRIER_GRADE_NAT),
        ("private", address.is_private or (address.version == 6 and address.is_site_local)),
        ("reserved", address.is_reserved or not address.is_global),
    ):
        if applies:
            return reason
    return None
