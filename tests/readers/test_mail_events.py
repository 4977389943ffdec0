"""A signed word of a bounce or a complaint ends all mail to an address; an unsigned one changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from readers.consent import NEWSLETTER
from readers.models import Reader
from readers.services import issues, subscriptions
from tests.factories import make_colleague
from tests.readers.subscribers import scheduled, subscribe

pytestmark = pytest.mark.django_db
SECRET = "between us and the mail server"


@pytest.fixture(autouse=True)
def _secret(settings: Settings) -> None:
    settings.MAIL_EVENTS_SECRET = SECRET


def tell(*events: Any, at: datetime | None = None, secret: str = SECRET) -> Any:
    body = json.dumps({"at": (at or timezone.now()).isoformat(), "events": events}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Client(enforce_csrf_checks=True).post(
        "/mail/events/", body, "application/json", headers={"X-Earmark-Signature": signature}
    )


def told(kind: str, number: int = 0) -> dict[str, str]:
    return {"address": f"Reader{number}@mail.example", "kind": kind}


def test_a_bounce_ends_what_waits_and_what_would_come_and_is_seen_in_the_admin(client: Client) -> None:
    subscribe(2)
    issue = scheduled()
    issues.begin_due_issue(now=timezone.now())
    assert tell(told("bounce")).status_code == 200
    reader = Reader.objects.get(address="reader0@mail.example")
    assert reader.suppressed_because == "bounce"
    assert issue.deliveries.get(reader=reader).state == "left"
    assert issues.recipients(topic=NEWSLETTER.key, now=timezone.now()).count() == 1
    again = subscriptions.ask_for_consent(
        address=reader.address, topic=NEWSLETTER, asked_on="/", now=timezone.now() + timedelta(days=3)
    )
    assert again is None
    client.force_login(make_colleague("boss", "Administrator"))
    assert "The mailbox does not exist" in client.get("/admin/readers/reader/").content.decode()


def test_a_complaint_ends_the_consent_as_well() -> None:
    (reader,) = subscribe(1)
    tell(told("complaint"))
    assert not reader.consents.filter(withdrawn_at=None).exists()
    reader.refresh_from_db()
    assert reader.suppressed_because == "complaint"


@pytest.mark.parametrize("secret", ["another", ""])
def test_a_message_that_is_not_signed_changes_nothing(secret: str, settings: Settings) -> None:
    subscribe(1)
    if not secret:
        settings.MAIL_EVENTS_SECRET = ""
    assert tell(told("bounce"), secret=secret).status_code == 403
    assert Client().get("/mail/events/").status_code == 405
    assert not Reader.objects.exclude(suppressed_at=None).exists()


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([{"address": "no-at", "kind": "bounce"}], "events[0].address"),
        ([{"address": "a@b.example", "kind": "soft"}], "events[0].kind"),
        (["words"], "events[0].address"),
        ([{"address": "a\0@b.example", "kind": "bounce"}], "events[0].address"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(events: list[Any], said: str) -> None:
    answer = tell(*events)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_a_message_that_somebody_kept_is_refused_later() -> None:
    subscribe(1)
    assert tell(told("bounce"), at=timezone.now() - timedelta(hours=1)).status_code == 400
    assert not Reader.objects.exclude(suppressed_at=None).exists()


def test_the_answer_and_the_log_do_not_tell_who_reads(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    subscribe(1)
    assert tell(told("bounce", 0)).json() == tell(told("bounce", 99)).json() == {"read": 1}
    assert "Nothing is sent to reader" in caplog.text
    assert "@mail.example" not in caplog.text.lower()


def test_an_administrator_lifts_it(client: Client) -> None:
    (reader,) = subscribe(1)
    tell(told("bounce"))
    client.force_login(make_colleague("boss", "Administrator"))
    client.post("/admin/readers/reader/", {"action": "lift_suppressions", "_selected_action": [reader.pk]})
    reader.refresh_from_db()
    assert reader.suppressed_at is None
