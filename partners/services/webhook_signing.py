"""With which secret is a message to a webhook signed, and how does a partner go over to a new one?

Secrets are made of the webhook's salt and SECRET_KEY, so that a copy of the database holds none. Messages are signed
with all that may be known at the other end: today's and, until its day ends, the former one; each also as the keys in
SECRET_KEY_FALLBACKS make it. The scheme is that of https://www.standardwebhooks.com.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook as Signer

from partners.models import Webhook
from partners.models.webhook import new_salt

# So long a partner may go on verifying by the former secret.
FORMER_LIVES = timedelta(days=1)
_PURPOSE = "partners.webhook"


def secret_of(webhook: Webhook) -> str:
    """`whsec_…`, as the partner's library takes it. Shown to who may change the webhook; it goes nowhere else."""
    return _made(webhook.salt, settings.SECRET_KEY)


def mark_of(webhook: Webhook) -> str:
    """Which secret a page showed, without telling it: what `rotate_secret` takes back."""
    return hashlib.sha256(webhook.salt.encode()).hexdigest()[:16]


@transaction.atomic
def rotate_secret(*, webhook: Webhook, seen: str, now: datetime) -> bool:
    """A new secret from now on; the former one is signed with as well for a day.

    False when `seen` is not the mark of today's (any more): a page sent twice must not rotate it twice, because the
    secret that the partner has in use would be gone.
    """
    held = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if mark_of(held) != seen:
        return False
    values = {"salt": new_salt(), "former_salt": held.salt, "former_until": now + FORMER_LIVES}
    Webhook.objects.filter(pk=held.pk).update(**values)
    webhook.refresh_from_db()
    return True


def signed_headers(webhook: Webhook, *, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The three headers of a message that is sent now; today's signature comes first."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(msg_id=message_id, timestamp=moment, data=body) for secret in _secrets(webhook, now)
        ),
    }


def _secrets(webhook: Webhook, now: datetime) -> Iterator[str]:
    salts = [webhook.salt]
    if webhook.former_salt and webhook.former_until and now < webhook.former_until:
        salts.append(webhook.former_salt)
    for salt in salts:
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            yield _made(salt, str(key))


def _made(salt: str, key: str) -> str:
    digest = salted_hmac(_PURPOSE, salt, secret=key, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(digest).decode()
