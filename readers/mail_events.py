"""What did a mail server hear about letters of ours: a mailbox that is not there, a reader who called one unwanted?

Pure: the form of the message and its signature. Whoever runs the mail server posts JSON to `/mail/events/`,

    {"at": "2026-05-01T08:00:00Z", "events": [{"address": "ada@example.org", "kind": "bounce"}]}

with the header `X-Earmark-Signature: sha256=…`, the HMAC-SHA256 of the body by `MAIL_EVENTS_SECRET`. `kind` is `bounce`
(permanent only: what comes back later is nobody's concern here) or `complaint`. A message older than a quarter of an
hour is refused, so that a kept one cannot be sent again much later.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KINDS = ("bounce", "complaint")
MOST_EVENTS = 1_000
LATE = timedelta(minutes=15)


class MailEventError(ValueError):
    """The message cannot be used. The words say what is wrong and where."""


@dataclass(frozen=True, slots=True)
class MailEvent:
    address: str
    kind: str


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """False without a secret: then nobody can sign."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))


def read_events(body: bytes, *, now: datetime) -> list[MailEvent]:
    """The events of one message. Raises `MailEventError`."""
    try:
        said = json.loads(body)
        at, rows = datetime.fromisoformat(said["at"]), said["events"]
    except (ValueError, KeyError, TypeError) as error:
        raise MailEventError('The body has to be JSON: {"at": "2026-05-01T08:00:00Z", "events": [...]}.') from error
    if at.tzinfo is None or abs(now - at) > LATE:
        raise MailEventError("`at` has to be a time of the last quarter of an hour, with its zone.")
    if not isinstance(rows, list) or len(rows) > MOST_EVENTS:
        raise MailEventError(f"`events` has to be a list of at most {MOST_EVENTS}.")
    return [_event(row, number) for number, row in enumerate(rows)]


def _event(row: Any, number: int) -> MailEvent:
    address = row.get("address") if isinstance(row, Mapping) else None
    if not isinstance(address, str) or "@" not in address or "\0" in address or len(address) > 254:
        raise MailEventError(f"events[{number}].address is no mail address.")
    if row.get("kind") not in KINDS:
        raise MailEventError(f"events[{number}].kind has to be one of: {', '.join(KINDS)}.")
    return MailEvent(address.strip().lower(), row["kind"])
