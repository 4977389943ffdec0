"""Was this message written by somebody who knows our secret, and just now? By the scheme of Standard Webhooks.

Pure. Signed is `<id>.<time>.<body>` with HMAC-SHA256; `webhook-signature` holds one or more `v1,<base64>`, so that a
sender can go over to a new secret without a gap.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CLOCKS_APART = timedelta(minutes=5)
SHORTEST_SECRET = 24
_LONGEST_ID = 100


class SignatureError(Exception):
    """The message is not believed. The text says what to look at and never repeats a secret or a signature."""


class SecretError(SignatureError):
    """Our own half of the secret is of no use. The text is for whoever runs the site, not for the sender."""


NO_FIT = (
    "No signature in webhook-signature fits. Signed is <webhook-id>.<webhook-timestamp>.<body>, byte for byte, "
    "with HMAC-SHA256 and the secret of the merchant named in the body, as v1,<base64>."
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The three headers of a signed message."""

    id: str
    timestamp: str
    signatures: str


def signature(secret: str, *, id: str, timestamp: str, body: bytes) -> str:  # noqa: A002 - the scheme's own word
    """`v1,<base64>`. A secret that begins with `whsec_` is the base64 of its bytes, any other is its own text."""
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def verify(envelope: Envelope, body: bytes, *, secret: str, now: datetime) -> None:
    """Raises `SignatureError`, and `SecretError` last, so that it tells nobody more than `NO_FIT`. `now` is aware."""
    if not envelope.id or len(envelope.id) > _LONGEST_ID or not envelope.id.isascii() or "." in envelope.id:
        raise SignatureError("The header webhook-id must be there: at most 100 ASCII characters without a dot.")
    if not envelope.timestamp.isascii() or not envelope.timestamp.isdigit() or len(envelope.timestamp) > 12:
        raise SignatureError("The header webhook-timestamp must be the time in whole seconds since 1970, UTC.")
    sent_at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(envelope.timestamp[:11]))
    if abs(now - sent_at) > CLOCKS_APART:
        raise SignatureError("The message was signed more than five minutes from now. Look at the sender's clock.")
    if len(secret) < SHORTEST_SECRET:
        raise SecretError(f"The secret is shorter than {SHORTEST_SECRET} characters.")
    expected = signature(secret, id=envelope.id, timestamp=envelope.timestamp, body=body).encode()
    given = [part.encode() for part in envelope.signatures.split(" ")[:10]]
    if not any(hmac.compare_digest(part, expected) for part in given):
        raise SignatureError(NO_FIT)


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            raise SecretError("The secret begins with whsec_ but is not base64.") from None
    return secret.encode()
