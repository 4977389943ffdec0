"""How does a partner get a key, exchange it for a new one, and lose it; and whose is the key that was sent?

Keys are made and compared by djangorestframework-api-key: 190 random bits, kept as SHA-512, compared in constant time.
Nothing can make a key readable again: whoever lost it gets a new one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework_api_key.crypto import KeyGenerator

from partners.models import ApiKey

# Before every key, so that whoever finds one in a file (a secret scanner, too) knows what it is.
MARK = "earmark_"
LIVES_AT_MOST = timedelta(days=2 * 365 + 1)
LONGEST_OVERLAP = timedelta(days=30)
_KEY = re.compile(rf"{MARK}([A-Za-z0-9]{{8}})\.[A-Za-z0-9]{{32}}", re.ASCII)
_keys = KeyGenerator()


class KeyRefusedError(Exception):
    """The key that was sent opens nothing; `str()` says why to whoever sent it."""


def issue_key(
    *, name: str, contact: str, scopes: Sequence[str], expires_at: datetime, made_by: User | None = None
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is nowhere afterwards. `made_by`: None from a shell."""
    secret, prefix, digest = _keys.generate()
    key = ApiKey.objects.create(
        name=name,
        contact=contact,
        scopes=list(scopes),
        expires_at=expires_at,
        prefix=prefix,
        digest=digest,
        made_by=made_by,
    )
    return key, MARK + secret


def rotate_key(*, key: ApiKey, prefix: str, overlap: timedelta, now: datetime) -> str | None:
    """The new secret; it opens at once, today's until the overlap has passed.

    None when `prefix` is not what the key begins with (any more): a page sent twice must not rotate it twice, because
    the secret that the partner has in use would be gone. The same for a revoked one.
    """
    secret, new_prefix, digest = _keys.generate()
    with transaction.atomic():
        held = ApiKey.objects.select_for_update().get(pk=key.pk)
        if held.prefix != prefix or held.revoked_at is not None:
            return None
        if overlap > timedelta(0):
            held.former_prefix, held.former_digest, held.former_until = held.prefix, held.digest, now + overlap
        else:
            held.former_prefix, held.former_digest, held.former_until = "", "", None
        held.prefix, held.digest = new_prefix, digest
        held.save(update_fields=["prefix", "digest", "former_prefix", "former_digest", "former_until"])
    return MARK + secret


def revoke_key(*, key: ApiKey, now: datetime) -> bool:
    """It opens nothing from the next request on, and never again; False when it was revoked before."""
    return bool(ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now))


def key_of(shown: str, *, now: datetime) -> ApiKey:
    """Whose key was shown; `opens_until` is when that secret ends. Only who has all of it learns that it is over.

    Raises: KeyRefusedError.
    """
    form = _KEY.fullmatch(shown)
    if form is None:
        raise KeyRefusedError(f"This is no key of ours: they begin with “{MARK}” and are sent as they were handed out.")
    prefix, secret = form[1], shown.removeprefix(MARK)
    key = ApiKey.objects.filter(Q(prefix=prefix) | Q(former_prefix=prefix)).first()
    if key is None:
        raise KeyRefusedError("There is no such key.")
    is_former = key.prefix != prefix
    if not _keys.verify(secret, key.former_digest if is_former else key.digest):
        raise KeyRefusedError("There is no such key.")
    if key.revoked_at is not None:
        raise KeyRefusedError("This key was revoked. Ask whoever gave it to you for another.")
    if now >= key.expires_at:
        raise KeyRefusedError(f"This key ended on {key.expires_at:%d %B %Y}. Ask whoever gave it to you for another.")
    if is_former and (key.former_until is None or now >= key.former_until):
        raise KeyRefusedError("This key was exchanged for a new one, and the days for going over have passed.")
    ends = (key.expires_at, key.former_until) if is_former else (key.expires_at,)
    key.opens_until = min(end for end in ends if end is not None)
    return key


def note_use(*, key: ApiKey, now: datetime) -> None:
    """To the day, and written by the day's first request only."""
    today = timezone.localdate(now)
    if key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).exclude(last_used_on=today).update(last_used_on=today)
