"""Which address leads a reader to the page of their own choices, and whose page is behind such an address?

The link is signed and holds no mail address. It does not run out, as it stands in every letter and has to work whenever
somebody wants to leave; "make earlier links useless" on the page itself ends all that were sent.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core import signing
from django.urls import reverse

from readers.models import Reader

_SALT = "readers.preferences"
_NEWS_SALT = "readers.leave_news"


_HOLE = "~"


@lru_cache(maxsize=8)
def _path(name: str) -> str:
    """The address pattern, asked once: a letter has two addresses of each of its readers."""
    return reverse(name, args=[_HOLE])


def preference_token(reader_id: int, link_version: int) -> str:
    return signing.dumps([reader_id, link_version], salt=_SALT)


def preference_url(reader_id: int, link_version: int) -> str:
    """Absolute, for a mail."""
    return settings.SITE_URL + _path("newsletter-you").replace(_HOLE, preference_token(reader_id, link_version))


def leave_url(consent_key: str) -> str:
    """Absolute. A POST to it ends the topic (RFC 8058), a GET shows a page with a button."""
    return settings.SITE_URL + _path("newsletter-leave").replace(_HOLE, consent_key)


def reader_of(token: str) -> Reader | None:
    """None for what we did not sign, a reader that is erased, or a link that was made useless."""
    try:
        reader_id, version = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Reader.objects.filter(pk=reader_id, link_version=version).first()


def leave_news_url(reader_id: int) -> str:
    """Absolute. A POST to it ends all that the reader follows (RFC 8058), a GET shows a page with a button."""
    token = signing.dumps(reader_id, salt=_NEWS_SALT)
    return settings.SITE_URL + _path("newsletter-leave-news").replace(_HOLE, token)


def reader_leaving(token: str) -> Reader | None:
    """Of such a link, which does not run out; None for what we did not sign or a reader that is erased."""
    try:
        reader_id = signing.loads(token, salt=_NEWS_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Reader.objects.filter(pk=reader_id).first() if isinstance(reader_id, int) else None
