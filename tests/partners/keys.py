"""Keys for tests: handed out by the service, shown as partners show them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from partners.models import ApiKey
from partners.services.api_keys import issue_key


def make_key(*scopes: str, name: str = "Partner", expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """The row and the secret. It lives for a day unless told otherwise."""
    ends = expires_at or timezone.now() + timedelta(days=1)
    return issue_key(name=name, contact="", scopes=scopes, expires_at=ends)


def shown(secret: str) -> dict[str, str]:
    """The header, for a test client's `headers=`."""
    return {"Authorization": f"Bearer {secret}"}
