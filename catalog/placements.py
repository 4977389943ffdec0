"""Which place on which page did a click come from, and did we print that link ourselves?

Every paid link carries a token: what we call the place, and a signature. The place is a path of levels between dots,
the page first (`a12.3.1`: article 12, block 3, first item); who wrote it can read it, this app only cuts it at its
dots. Tokens stand in our own addresses (`/go/…?p=…`); a merchant or a network never gets one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from django.conf import settings

# A place: at most five levels of letters and digits.
PLACE = re.compile(r"[A-Za-z0-9]{1,24}(?:\.[A-Za-z0-9]{1,24}){0,4}", re.ASCII)
LONGEST_PLACE = 60
_SIGNATURE = 7  # characters of five bits: guessing one takes 17 thousand million tries
LONGEST_TOKEN = LONGEST_PLACE + 1 + _SIGNATURE


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.blake2s(secret.encode(), person=b"placing").digest()


def _signature(place: str, secret: str) -> str:
    digest = hashlib.blake2s(place.encode(), key=_key(secret), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()[:_SIGNATURE]


@lru_cache(maxsize=50_000)
def token(place: str) -> str:
    """The signed token of a place, for an address of ours. Raises ValueError for what is no place."""
    if len(place) > LONGEST_PLACE or not PLACE.fullmatch(place):
        raise ValueError(f"{place!r} is no place: up to five levels of letters and digits between dots")
    return f"{place}-{_signature(place, settings.SECRET_KEY)}"


@lru_cache(maxsize=50_000)
def place_of(text: str) -> str:
    """The place of a token that we signed (also with a key of SECRET_KEY_FALLBACKS); empty for anything else."""
    place, _, signature = text.rpartition("-")
    if len(text) > LONGEST_TOKEN or not PLACE.fullmatch(place):
        return ""
    secrets: tuple[str, ...] = (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))
    given = signature.encode("utf-8", "replace")
    return place if any(hmac.compare_digest(given, _signature(place, one).encode()) for one in secrets) else ""


def levels(place: str) -> list[str]:
    """The place and everything around it, widest first: `["a12", "a12.3", "a12.3.1"]`. Empty for an empty place."""
    parts = place.split(".") if place else []
    return [".".join(parts[: end + 1]) for end in range(len(parts))]
