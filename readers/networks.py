"""From which network does somebody ask, said so that nobody can tell afterwards (compliance.md 27)?

A house or an office shares one: the first 24 bits of an IPv4 address, the first 56 of an IPv6 one. What is counted is a
sum of it with a secret of the day, which is kept in memory (Redis) for two days at most and stored nowhere else.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from readers.consent import MAILS_PER_NETWORK

_A_DAY = 24 * 3600
# For whoever had too many addresses asked: the form comes back whole with it (429).
TOO_MANY = (
    "From your network so many addresses were asked today that no more mail is sent for it, so that nobody can flood "
    "strangers’ mailboxes. Nothing was stored. Send this again tomorrow, or from another connection."
)


def network_of(address: str) -> str:
    """`192.0.2.77` → `192.0.2.0/24`; what is no address (a socket's empty one) is a network of its own."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False))


def address_of(request: HttpRequest) -> str:
    """The sender's address as the server, or our proxy before it, saw it (`catalog/go.py` reads it alike)."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return str(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


def may_network_ask(address: str, *, now: datetime) -> bool:
    """Counts one more mail for this network; False when it had its share of the day (UTC)."""
    day = f"{now:%Y%m%d}"
    salt = cache.get_or_set(f"readers:salt:{day}", lambda: secrets.token_hex(16), 2 * _A_DAY)
    digest = hashlib.blake2b(network_of(address).encode(), key=str(salt).encode(), digest_size=12).hexdigest()
    key = f"readers:asked:{day}:{digest}"
    cache.add(key, 0, 2 * _A_DAY)
    return cache.incr(key) <= MAILS_PER_NETWORK
