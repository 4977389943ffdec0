"""A mail service's own reports: what lasts ends mail to an address, what passes does not, a stranger's changes nothing.

The messages are ours, in the forms that the services document.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from readers.models import Reader
from tests.readers.subscribers import subscribe

pytestmark = pytest.mark.django_db
SECRET = "between us and the mail service"
SIGNING_KEY = "mailgun signs with it"
ADDRESS = "Reader0@mail.example"


def signed(data: dict[str, Any]) -> dict[str, Any]:
    """As Mailgun signs: HMAC-SHA256 of time and token."""
    digest = hmac.new(SIGNING_KEY.encode(), b"1790000000token", hashlib.sha256).hexdigest()
    return {"signature": {"timestamp": "1790000000", "token": "token", "signature": digest}, "event-data": data}


POSTMARK = {"RecordType": "Bounce", "Email": ADDRESS, "ID": 7, "BouncedAt": "2026-05-01T08:00:00Z"}
FOR_GOOD: dict[str, Any] = {
    "postmark": {**POSTMARK, "Type": "HardBounce"},
    "brevo": {"email": ADDRESS, "event": "hard_bounce", "ts_epoch": 1790000000000},
    "mailjet": [
        {"email": ADDRESS, "event": "bounce", "hard_bounce": True, "error": "user unknown", "time": 1790000000}
    ],
    "mailtrap": {"events": [{"email": ADDRESS, "event": "bounce", "event_id": "a", "message_id": "b", "timestamp": 1}]},
    "mailgun": signed(
        {"event": "failed", "severity": "permanent", "reason": "bounce", "recipient": ADDRESS, "timestamp": 1790000000}
    ),
}
FOR_A_WHILE: dict[str, Any] = {
    "postmark": {**POSTMARK, "Type": "SoftBounce"},
    "brevo": {"email": ADDRESS, "event": "soft_bounce", "ts_epoch": 1790000000000},
    "mailjet": [
        {"email": ADDRESS, "event": "bounce", "hard_bounce": False, "error": "quota exceeded", "time": 1790000000}
    ],
    "mailtrap": {
        "events": [{"email": ADDRESS, "event": "soft bounce", "event_id": "a", "message_id": "b", "timestamp": 1}]
    },
    "mailgun": signed(
        {"event": "failed", "severity": "temporary", "reason": "generic", "recipient": ADDRESS, "timestamp": 1790000000}
    ),
}
COMPLAINTS: dict[str, Any] = {
    "postmark": {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": ADDRESS, "ID": 8},
    "brevo": {"email": ADDRESS, "event": "spam", "ts_epoch": 1790000000000},
    "mailjet": [{"email": ADDRESS, "event": "spam", "source": "x", "time": 1790000000}],
    "mailtrap": {"events": [{"email": ADDRESS, "event": "spam", "event_id": "a", "message_id": "b", "timestamp": 1}]},
    "mailgun": signed({"event": "complained", "recipient": ADDRESS, "timestamp": 1790000000}),
}


@pytest.fixture
def reader() -> Reader:
    (one,) = subscribe(1)
    return one


@pytest.fixture(autouse=True)
def _service(settings: Settings) -> None:
    settings.MAIL_EVENTS_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": f"earmark:{SECRET}", "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def post(service: str, told: Any, *, secret: str = SECRET) -> Any:
    password = base64.b64encode(f"earmark:{secret}".encode()).decode()
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Client(enforce_csrf_checks=True).post(
        f"/mail/events/{service}/", body, "application/json", headers={"Authorization": f"Basic {password}"}
    )


def ended(reader: Reader) -> str:
    reader.refresh_from_db()
    return reader.suppressed_because


@pytest.mark.parametrize("service", sorted(FOR_GOOD))
def test_a_mailbox_that_is_not_there_gets_no_more_mail(service: str, reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE = service
    assert post(service, FOR_GOOD[service]).status_code == 200
    assert ended(reader) == "bounce"


@pytest.mark.parametrize("service", sorted(FOR_A_WHILE))
def test_what_comes_back_for_a_while_changes_nothing(service: str, reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE = service
    assert post(service, FOR_A_WHILE[service]).status_code == 200
    assert ended(reader) == ""


@pytest.mark.parametrize("service", sorted(COMPLAINTS))
def test_a_complaint_ends_the_consent(service: str, reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE = service
    assert post(service, COMPLAINTS[service]).status_code == 200
    assert ended(reader) == "complaint"
    assert not reader.consents.filter(withdrawn_at=None).exists()


def test_every_service_that_can_be_named_is_tried_here(settings: Settings) -> None:
    assert {"", *FOR_GOOD} == {"", *FOR_A_WHILE} == {"", *COMPLAINTS} == set(settings.MAIL_SERVICES)


@pytest.mark.parametrize("service", sorted(FOR_GOOD))
def test_who_has_not_the_password_changes_nothing(service: str, reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE = service
    assert post(service, FOR_GOOD[service], secret="guessed").status_code == 403
    assert ended(reader) == ""


def test_a_signature_that_does_not_fit_changes_nothing(reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE = "mailgun"
    forged = json.loads(json.dumps(FOR_GOOD["mailgun"]))
    forged["signature"]["signature"] = "0" * 64
    assert post("mailgun", forged).status_code == 403
    assert ended(reader) == ""


@pytest.mark.parametrize("named", ["", "brevo"])
def test_the_door_of_a_service_that_is_not_ours_is_not_there(named: str, reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE = named
    assert post("postmark", FOR_GOOD["postmark"]).status_code == 404
    assert ended(reader) == ""


def test_without_a_secret_there_is_no_door(reader: Reader, settings: Settings) -> None:
    settings.MAIL_SERVICE, settings.MAIL_EVENTS_SECRET = "postmark", ""
    settings.ANYMAIL = {"WEBHOOK_SECRET": "earmark:"}
    assert post("postmark", FOR_GOOD["postmark"], secret="").status_code == 404
    assert ended(reader) == ""


@pytest.mark.parametrize("service", sorted(FOR_GOOD))
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"null", b"[[]]", b'"x"', b"\xff", b'{"signature": 1}', b'[{"email": 1}]']
)
def test_what_is_no_report_is_refused_in_words_or_says_nothing(
    service: str, body: bytes, reader: Reader, settings: Settings
) -> None:
    settings.MAIL_SERVICE = service
    answer = post(service, body)
    assert answer.status_code in (200, 400, 403)
    if answer.status_code != 200:
        assert answer.json()["detail"]
    assert ended(reader) == ""


def test_looking_at_it_changes_nothing(settings: Settings) -> None:
    settings.MAIL_SERVICE = "postmark"
    assert Client().get("/mail/events/postmark/").status_code == 405
    assert Client().head("/mail/events/postmark/").status_code == 200  # some services look first
