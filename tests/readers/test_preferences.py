"""A reader changes everything on one page behind a mailed link; a scanner that opens the link changes nothing."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from readers import personal_data, tasks
from readers.consent import HEADPHONES, HEADSETS, MAILS_PER_NETWORK, NEWSLETTER, PROOF_LIFE
from readers.links import preference_token
from readers.models import Consent, ConsentProof, Delivery, Issue, Reader
from readers.networks import network_of
from readers.services import subscriptions
from readers.services.erasure import address_mark

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


def confirmed(address: str = ADA) -> Reader:
    consent = subscriptions.ask_for_consent(address=address, topic=NEWSLETTER, asked_on="/", now=timezone.now())
    assert consent is not None
    return subscriptions.confirm_consent(consent=consent, now=timezone.now()).reader


def page_of(reader: Reader) -> str:
    return f"/newsletter/you/{preference_token(reader.pk, reader.link_version)}/"


def in_force(reader: Reader) -> set[str]:
    rows = reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)
    return set(rows.values_list("topic", flat=True))


def test_one_mail_asks_about_all_topics_and_one_press_answers(client: Client) -> None:
    client.post("/newsletter/", {"email": ADA, "topic": ["headphones", "headsets", "no-such-topic"]})
    first = Consent.objects.order_by("pk")[0]
    tasks.send_confirmation(first.pk)
    assert HEADPHONES.wording in mail.outbox[-1].body
    assert HEADSETS.wording in mail.outbox[-1].body
    client.post(f"/newsletter/confirm/{first.key}/")
    assert in_force(Reader.objects.get()) == {"headphones", "headsets"}


def test_a_confirmation_link_works_once(client: Client) -> None:
    consent = subscriptions.ask_for_consent(address=ADA, topic=NEWSLETTER, asked_on="/", now=timezone.now())
    assert consent is not None
    first = client.post(f"/newsletter/confirm/{consent.key}/").content.decode()
    assert "/newsletter/you/" in first
    second = client.post(f"/newsletter/confirm/{consent.key}/").content.decode()
    assert "works once" in second
    assert "/newsletter/you/" not in second, "whoever finds a used link gets nothing by it"
    client.post(f"/newsletter/leave/{consent.key}/")
    assert client.post(f"/newsletter/confirm/{consent.key}/").status_code == 410
    assert in_force(Reader.objects.get()) == set()


def test_opening_the_page_changes_nothing_and_every_button_posts(client: Client) -> None:
    reader = confirmed()
    for _ in range(3):
        answer = client.get(page_of(reader))
        assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'name="robots" content="noindex"' in answer.content.decode()
    assert in_force(reader) == {"newsletter"}
    assert not re.search(r'<form(?![^>]*method="post")', answer.content.decode().split("<main")[1].split("</main")[0])


def test_topics_and_rhythm_are_kept_with_their_proof(client: Client) -> None:
    reader = confirmed()
    said = client.post(page_of(reader), {"act": "save", "topic": ["headsets"], "rhythm": "monthly"})
    assert "Your choices are kept." in said.content.decode()
    reader.refresh_from_db()
    assert (in_force(reader), reader.rhythm) == ({"headsets"}, "monthly")
    wrong = client.post(page_of(reader), {"act": "save", "topic": ["corrections"], "rhythm": "hourly"})
    assert (wrong.status_code, b"Nothing was changed" in wrong.content) == (400, True)
    reader.refresh_from_db()
    assert (in_force(reader), reader.rhythm) == ({"headsets"}, "monthly")
    proof = reader.consents.get(topic="headsets")
    assert (proof.how, proof.wording, proof.wording_version) == ("preferences", HEADSETS.wording, HEADSETS.version)
    assert reader.consents.get(topic="newsletter").withdrawn_at is not None


def test_leaving_everything_ends_open_questions_too(client: Client) -> None:
    reader = confirmed()
    open_question = subscriptions.ask_for_consent(address=ADA, topic=HEADSETS, asked_on="/", now=timezone.now())
    assert open_question is not None
    client.post(page_of(reader), {"act": "leave"})
    assert in_force(reader) == set()
    assert client.post(f"/newsletter/confirm/{open_question.key}/").status_code == 410


def test_a_renewed_link_ends_the_earlier_ones(client: Client) -> None:
    reader = confirmed()
    old = page_of(reader)
    new = client.post(old, {"act": "renew"}).headers["Location"]
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "WzEsMF0:1tZ:abc"])
def test_a_link_that_we_did_not_sign_leads_nowhere(client: Client, token: str) -> None:
    confirmed()
    assert client.post(f"/newsletter/you/{token}/", {"act": "erase", "sure": "yes"}).status_code == 404
    assert Reader.objects.exists()


def test_another_sites_form_and_an_unknown_button_change_nothing(client: Client) -> None:
    reader = confirmed()
    foreign = client.post(page_of(reader), {"act": "leave"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert client.post(page_of(reader), {"act": "explode"}).status_code == 400
    assert in_force(reader) == {"newsletter"}


def test_the_link_is_sent_to_the_address_once_an_hour_and_strangers_learn_nothing(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    reader = confirmed()
    answers = [
        client.post("/newsletter/link/", {"email": address}).content for address in (ADA, ADA, "new@example.org")
    ]
    assert answers[0] == answers[1] == answers[2]
    reader.refresh_from_db()
    assert reader.link_sent_at is not None
    tasks.send_preference_link(reader.pk)
    assert page_of(reader) in mail.outbox[-1].body
    assert Reader.objects.count() == 1


def test_one_network_cannot_have_us_write_to_everybody(client: Client) -> None:
    def ask(number: int, address: str) -> int:
        return client.post("/newsletter/", {"email": f"r{number}@example.org"}, REMOTE_ADDR=address).status_code

    assert [ask(number, f"192.0.2.{number}") for number in range(MAILS_PER_NETWORK)] == [200] * MAILS_PER_NETWORK
    assert ask(90, "192.0.2.200") == 429
    for path in ("/newsletter/", "/newsletter/link/"):
        page = client.post(path, {"email": "r90@example.org"}, REMOTE_ADDR="192.0.2.200").content.decode()
        assert "no more mail is sent for it" in page
        assert 'value="r90@example.org"' in page, "what was typed is not lost"
    assert ask(91, "198.51.100.1") == 200
    assert Reader.objects.count() == MAILS_PER_NETWORK + 1


def test_a_network_is_a_house_not_a_computer() -> None:
    assert network_of("192.0.2.77") == network_of("::ffff:192.0.2.78") == "192.0.2.0/24"
    assert network_of("2001:db8:1:2ff::1") == network_of("2001:db8:1:2aa::2")
    assert network_of("") == network_of("nonsense") == "unknown"


class Remarks:
    """An app above that keeps something about addresses."""

    key, label, stays = "remarks", "Remarks", "the text of your remarks, without your name"

    def __init__(self) -> None:
        self.rows = {ADA: ["Too kind."], "bob@example.org": ["Too harsh."]}

    def export(self, address: str) -> Sequence[Mapping[str, Any]]:
        return [{"text": text} for text in self.rows.get(address, [])]

    def erase(self, address: str, *, now: datetime) -> int:
        return len(self.rows.pop(address, []))


@pytest.fixture
def remarks(monkeypatch: pytest.MonkeyPatch) -> Remarks:
    monkeypatch.setattr(personal_data, "_sources", {})
    registered = Remarks()
    personal_data.register(registered)
    return registered


def test_one_press_gives_all_that_is_known_as_one_file(client: Client, remarks: Remarks) -> None:
    reader = confirmed()
    issue = Issue.objects.create(topic="newsletter", subject="May")
    Delivery.objects.create(issue=issue, reader=reader, consent=reader.consents.get(), state="sent")
    answer = client.post(page_of(reader), {"act": "export"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="what-we-know.json"'
    found = json.loads(answer.content)
    assert found["reader"]["address"] == ADA
    assert found["consents"][0]["wording"] == NEWSLETTER.wording
    assert found["letters"][0]["issue__subject"] == "May"
    assert found["remarks"] == [{"text": "Too kind."}]


def test_one_press_erases_everything_but_a_proof_without_the_address(client: Client, remarks: Remarks) -> None:
    reader = confirmed()
    other = confirmed("bob@example.org")
    assert remarks.stays in client.get(page_of(reader)).content.decode()
    assert client.post(page_of(reader), {"act": "erase"}).status_code == 400, "the box is not ticked"
    answer = client.post(page_of(reader), {"act": "erase", "sure": "yes"})
    assert "Everything is erased" in answer.content.decode()
    assert list(Reader.objects.all()) == [other]
    assert remarks.rows == {"bob@example.org": ["Too harsh."]}
    proof = ConsentProof.objects.get()
    assert proof.address_mark == address_mark(" Ada@Example.org")
    assert "ada" not in str(ConsentProof.objects.values().get()).lower()
    assert client.get(page_of(reader)).status_code == 404
    subscriptions.forget_unconfirmed(now=timezone.now() + PROOF_LIFE + timedelta(days=1))
    assert not ConsentProof.objects.exists()


def test_no_address_is_in_the_log_or_in_an_address_of_a_page(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reader = confirmed()
    client.post("/newsletter/", {"email": ADA})
    for data in ({"act": "save"}, {"act": "export"}, {"act": "no"}, {"act": "erase", "sure": "yes"}):
        client.post(page_of(reader), data)
    client.post("/newsletter/link/", {"email": ADA})
    said = caplog.text.lower()
    assert "newsletter" in said, "the log is read"
    assert "ada@" not in said
    assert "ada" not in page_of(reader).lower().replace("/newsletter/you/", "")[:3]


def test_views_of_pages_whose_address_is_a_key_are_not_counted() -> None:
    from config.view_count import NOT_COUNTED

    reader = confirmed()
    assert page_of(reader).startswith(NOT_COUNTED)
