"""With which secret is a message to a webhook signed, and how does a partner go over to a new one?

Secrets are made of the webhook's salt and SECRET_KEY, so that a copy of the database holds none. Messages are signed
with all that may be known at the other end: today's and, until its day ends, the former one; each also as the keys in
SECRET_KEY_FALLBACKS make it. The scheme is that of https://www.standardwebhooks.com.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
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


def rotate_secret(*, webhook: Webhook, now: datetime) -> None:
    """A new secret from now on; the former one is signed with as well for a day."""
    former = webhook.salt
    webhook.salt, webhook.former_salt, webhook.former_until = new_salt(), former, now + FORMER_LIVES
    webhook.save(update_fields=["salt", "former_salt", "former_until"])


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
