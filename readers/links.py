"""Which address leads a reader to the page of their own choices, and whose page is behind such an address?

The link is signed and holds no mail address. It does not run out, as it stands in every letter and has to work whenever
somebody wants to leave; "make earlier links useless" on the page itself ends all that were sent.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from readers.models import Reader

_SALT = "readers.preferences"


def preference_token(reader_id: int, link_version: int) -> str:
    return signing.dumps([reader_id, link_version], salt=_SALT)


def preference_url(reader_id: int, link_version: int) -> str:
    """Absolute, for a mail."""
    return str(settings.SITE_URL + reverse("newsletter-you", args=[preference_token(reader_id, link_version)]))


def leave_url(consent_key: str) -> str:
    """Absolute. A POST to it ends the topic (RFC 8058), a GET shows a page with a button."""
    return str(settings.SITE_URL + reverse("newsletter-leave", args=[consent_key]))


def reader_of(token: str) -> Reader | None:
    """None for what we did not sign, a reader that is erased, or a link that was made useless."""
    try:
        reader_id, version = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Reader.objects.filter(pk=reader_id, link_version=version).first()
