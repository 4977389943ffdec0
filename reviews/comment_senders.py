"""Who sends a comment or a vote, told apart today and by nobody tomorrow?"""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from catalog.salts import Salts

_salts = Salts()


def network_of(request: HttpRequest, *, now: datetime) -> str:
    """A sum of the sender's network with the salt of the day (UTC), which is thrown away; 16 hexadecimal digits.

    A network is one address of the old kind, or what a household has of the new one (/64). At most one query.
    """
    _salts.read(now)
    return _salts.visit(now.timestamp(), f"comment {_network(_address(request))}", "")[0]


def address_key(address: str) -> str:
    """A keyed sum of a mail address, by which its next comment is known when the address itself was forgotten."""
    cleaned = address.strip().lower()
    return salted_hmac("reviews.comment.address", cleaned, algorithm="sha256").hexdigest()[:32] if cleaned else ""


def _address(request: HttpRequest) -> str:
    """As the server, or our proxy before it, saw it (`catalog/go.py` reads it alike)."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return str(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 6:
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else found.exploded[:19]
    return str(found)
