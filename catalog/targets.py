"""Where may a link of ours lead, and what is its exact address? The lock against open redirects (L24).

A pure module. A target is an offer's own address; it must lie on a host its merchant owns, and so must what the
network makes of it, unless the network sends visitors over a host of its own (Awin does).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from catalog.networks import NETWORKS
from catalog.networks.base import NetworkError
from catalog.settings_fields import problems

PLACEMENT = re.compile(r"[A-Za-z0-9._-]{0,60}", re.ASCII)
# What may stand in an address as it is; everything else is percent-encoded, what is encoded stays encoded.
_ADDRESS_CHARACTERS = "%/:?#[]@!$&'()*+,;=~-._"
# Browsers read a backslash as a slash and drop tabs and line ends: an address with one is not what it seems.
_DECEPTIVE = re.compile(r"[\x00-\x20\x7f\\]")


class TargetError(Exception):
    """This address may not be linked to. The message says why and what would be right."""


def owns(hosts: Iterable[str], address: str) -> bool:
    """True when the http(s) address lies on one of the hosts or below it (`shop.example` owns `www.shop.example`).

    An entry with a port (`127.0.0.1:8201`) owns that port only; one without owns every port.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or _DECEPTIVE.search(address):
        return False
    for entry in hosts:
        name, _, number = entry.strip().lower().partition(":")
        if number and number != str(port or {"http": 80, "https": 443}[parts.scheme]):
            continue
        if name and (host == name or host.endswith(f".{name}")):
            return True
    return False


def refuse_foreign(address: str, hosts: Iterable[str], *, merchant: str) -> None:
    """Raises `TargetError` unless the address lies on the merchant's hosts."""
    hosts = tuple(hosts)
    if not owns(hosts, address):
        raise TargetError(
            f"{address[:200]!r} is not an address of {merchant}. Links lead only to http(s) addresses on: "
            f"{', '.join(hosts) or 'no host at all yet'}. Correct the address or add the host to the merchant."
        )


def sub_id(placement: str) -> str:
    """What a network may know of a placement: 13 letters and digits, always the same for the same placement.

    It names a place on a page, never a visitor, and says nothing to who cannot list our placements (L15).
    """
    if not placement:
        return ""
    digest = hashlib.blake2s(placement.encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def destination(
    address: str,
    *,
    hosts: Iterable[str],
    merchant: str,
    network: str,
    settings: Mapping[str, str],
    placement: str = "",
) -> str:
    """The ASCII address a visitor is sent to, tagged by the merchant's network.

    Raises `TargetError` when the address is not the merchant's, when the network cannot tag it, or when what the
    network made of it leaves both the merchant's and the network's hosts.
    """
    hosts = tuple(hosts)
    if network not in NETWORKS:
        raise TargetError(f"{merchant}: there is no network {network!r}; known are: {', '.join(NETWORKS)}.")
    payer = NETWORKS[network]
    if found := problems(payer.settings, settings):
        raise TargetError(f"{merchant}, network {payer.label}: {' '.join(found)}")
    try:
        refuse_foreign(payer.shop_address(address), hosts, merchant=merchant)
        tagged = payer.tagged_url(address, settings, sub_id=sub_id(placement))
    except NetworkError as error:
        raise TargetError(f"{merchant}, network {payer.label}: {error}") from error
    if not owns((*hosts, *payer.hosts), tagged):
        raise TargetError(f"{merchant}: {payer.label} would lead to {tagged[:200]!r}, which is neither's own host.")
    return quote(tagged, safe=_ADDRESS_CHARACTERS)
