"""Who agreed to what? Consents found by their key."""

from __future__ import annotations

from readers.models import Consent


def consent_by_key(key: str) -> Consent | None:
    if "\0" in key:  # an address can carry it, PostgreSQL cannot
        return None
    return Consent.objects.select_related("reader").filter(key=key).first()
