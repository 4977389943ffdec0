"""Is a message believed exactly when somebody who knows the secret wrote it just now?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.signatures import Envelope, SignatureError, signature, verify

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECRET = "a secret of more than twenty-four letters"
BODY = b'{"merchant": "shop"}'


def envelope(secret: str = SECRET, body: bytes = BODY, *, at: datetime = NOW, id: str = "m1") -> Envelope:  # noqa: A002
    stamp = str(int(at.timestamp()))
    return Envelope(id, stamp, signature(secret, id=id, timestamp=stamp, body=body))


def test_the_scheme_is_that_of_standard_webhooks() -> None:
    """The example of the scheme's own documentation."""
    given = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp="1614265330",
        body=b'{"test": 2432232314}',
    )
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_of_just_now_is_believed() -> None:
    verify(envelope(), BODY, secret=SECRET, now=NOW + timedelta(minutes=4))


def test_one_of_several_signatures_is_enough_so_that_secrets_can_be_changed() -> None:
    good = envelope()
    verify(replace(good, signatures=f"v1,AAAA {good.signatures}"), BODY, secret=SECRET, now=NOW)


FORGED = {
    "another secret": (envelope("another secret of twenty-four letters"), BODY),
    "another body": (envelope(), BODY + b" "),
    "another id": (replace(envelope(), id="m2"), BODY),
    "another time": (replace(envelope(), timestamp=str(int(NOW.timestamp()) + 1)), BODY),
    "an old message": (envelope(at=NOW - timedelta(minutes=6)), BODY),
    "a message from tomorrow": (envelope(at=NOW + timedelta(days=1)), BODY),
    "no signature": (replace(envelope(), signatures=""), BODY),
    "another version": (replace(envelope(), signatures=envelope().signatures.replace("v1,", "v2,")), BODY),
    "no id": (envelope(id=""), BODY),
    "a time that is none": (replace(envelope(), timestamp="soon"), BODY),
    "a time beyond all calendars": (replace(envelope(), timestamp="999999999999"), BODY),
    "an id with a dot": (envelope(id="m.1"), BODY),
}


@pytest.mark.parametrize("name", FORGED)
def test_everything_else_is_not(name: str) -> None:
    given, body = FORGED[name]
    with pytest.raises(SignatureError) as caught:
        verify(given, body, secret=SECRET, now=NOW)
    assert SECRET not in str(caught.value)


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(SignatureError, match="24"):
        verify(envelope("short"), BODY, secret="short", now=NOW)
