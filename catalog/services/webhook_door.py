"""How do messages to partners leave the house? By the one door, which looks where a name leads before it connects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings

from catalog.door import DoorError
from catalog.http import WebDoor
from partners.services.webhook_delivery import Answer, Send

# Whoever verifies and files a message answers in milliseconds; others are asked again later.
TIMEOUT_SECONDS, DEADLINE_SECONDS = 10.0, 15.0
# Of what was answered so much is kept in the log, and so much is unpacked at all.
FIRST_BYTES, MOST_BYTES = 300, 16 * 1024


def webhook_door() -> WebDoor:
    """No redirect is followed: the address was agreed on, and another one was not."""
    return WebDoor(
        user_agent=settings.FETCH_USER_AGENT,
        allowed_private=frozenset(settings.PRIVATE_HOSTS_ALLOWED),
        timeout_seconds=TIMEOUT_SECONDS,
        deadline_seconds=DEADLINE_SECONDS,
    )


def sending_through(door: WebDoor) -> Send:
    """What `partners` sends by. Failures are answers without a status."""

    def send(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            with door.post(address, body, headers=headers, max_bytes=MOST_BYTES) as reply:
                return Answer(status=reply.status, said=_first_words(reply.chunks))
        except DoorError as error:
            said = str(error) if error.status is None else _text(error.body)
            return Answer(status=error.status, said=said, retry_after=error.retry_after)

    return send


def _first_words(chunks: Iterable[bytes]) -> str:
    """The status is the answer: what breaks off while its words are read changes nothing."""
    found = b""
    try:
        for chunk in chunks:
            found += chunk
            if len(found) >= FIRST_BYTES:
                break
    except DoorError:
        pass
    return _text(found)


def _text(body: bytes) -> str:
    return " ".join(body[:FIRST_BYTES].decode("utf-8", "replace").replace("\x00", "").split())
