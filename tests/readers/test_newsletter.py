"""A stranger can ask, only the owner of the address can agree, and everybody can leave with one press."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from readers import tasks
from readers.consent import MAILS_PER_ADDRESS, NEWSLETTER, UNCONFIRMED_LIFE, may_send_confirmation
from readers.models import Consent, Reader
from readers.services import subscriptions

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ask(address: str = "ada@example.org", *, now: datetime | None = None) -> Consent | None:
    return subscriptions.ask_for_consent(
        address=address, topic=NEWSLETTER, asked_on="/guides/x/", now=now or timezone.now()
    )


def asked(address: str = "ada@example.org") -> Consent:
    consent = ask(address)
    assert consent is not None
    return consent


def test_the_form_stores_the_question_with_its_words_and_confirms_nothing(client: Client) -> None:
    response = client.post("/newsletter/", {"email": "Ada@Example.org", "page": "/guides/x/"})
    assert response.status_code == 200
    consent = Consent.objects.get()
    assert consent.reader.address == "ada@example.org"
    assert consent.wording == NEWSLETTER.wording
    assert consent.asked_on == "/guides/x/"
    assert consent.confirmed_at is None


def test_the_mail_asks_and_advertises_nothing() -> None:
    consent = asked()
    tasks.send_confirmation(consent.pk)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert f"/newsletter/confirm/{consent.key}/" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/newsletter/leave/{consent.key}/" in letter.extra_headers["List-Unsubscribe"]


def test_opening_the_link_does_nothing_and_pressing_the_button_confirms(client: Client) -> None:
    consent = asked()
    assert client.get(f"/newsletter/confirm/{consent.key}/").status_code == 200
    consent.refresh_from_db()
    assert consent.confirmed_at is None
    assert client.post(f"/newsletter/confirm/{consent.key}/").status_code == 200
    consent.refresh_from_db()
    assert consent.confirmed_at is not None
    assert consent.reader.confirmed_at is not None


def test_a_link_dies_after_two_days(client: Client) -> None:
    consent = asked()
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        response = client.post(f"/newsletter/confirm/{consent.key}/")
    assert response.status_code == 410
    assert b"older than 48 hours" in response.content
    consent.refresh_from_db()
    assert consent.confirmed_at is None


def test_mail_programs_leave_with_one_post(client: Client) -> None:
    consent = asked()
    subscriptions.confirm_consent(consent=consent, now=timezone.now())
    assert client.get(f"/newsletter/leave/{consent.key}/").status_code == 200
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    response = Client(enforce_csrf_checks=True).post(
        f"/newsletter/leave/{consent.key}/", "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert Consent.objects.filter(pk=consent.pk).exists(), "the proof stays"


def test_who_left_cannot_be_brought_back_by_an_old_link() -> None:
    consent = asked()
    subscriptions.withdraw_consent(consent=consent, now=timezone.now())
    with pytest.raises(subscriptions.ConsentError, match="You have left"):
        subscriptions.confirm_consent(consent=consent, now=timezone.now())


def test_strangers_cannot_flood_an_address() -> None:
    sent = [ask(now=NOW + timedelta(minutes=number)) for number in range(MAILS_PER_ADDRESS + 4)]
    assert sum(consent is not None for consent in sent) == MAILS_PER_ADDRESS
    assert may_send_confirmation([NOW], NOW + timedelta(days=2))


def test_the_answer_does_not_tell_whether_an_address_is_known(client: Client) -> None:
    known = asked()
    subscriptions.confirm_consent(consent=known, now=timezone.now())
    pages = [
        client.post("/newsletter/", {"email": address}).content for address in ("ada@example.org", "new@example.org")
    ]
    assert pages[0] == pages[1]
    assert Consent.objects.filter(reader__address="ada@example.org").count() == 1


@pytest.mark.parametrize("address", ["", "no-at-sign", "a@b", "a b@example.org", "x@example.org\nBcc: all@example.org"])
def test_a_wrong_address_is_told_and_kept_in_the_form(client: Client, address: str) -> None:
    response = client.post("/newsletter/", {"email": address})
    assert response.status_code == 400
    assert not Reader.objects.exists()
    if address == "no-at-sign":
        assert b'value="no-at-sign"' in response.content
        assert "That is no mail address" in response.content.decode()


def test_whoever_fills_in_the_hidden_field_is_told_and_loses_nothing(client: Client) -> None:
    response = client.post("/newsletter/", {"email": "ada@example.org", "website": "https://spam.example"})
    said = response.content.decode()
    assert response.status_code == 400
    assert "press the button once more" in said
    assert 'value="ada@example.org"' in said
    assert "spam.example" not in said
    assert not Reader.objects.exists()


def test_who_chooses_no_letter_is_not_signed_up_for_one(client: Client) -> None:
    """The form at the foot of a page has no boxes and asks for the letter; the page's own says which are ticked."""
    form = client.get("/newsletter/").content.decode().split('action="/newsletter/"')[1].split("</form>")[0]
    assert 'name="boxes"' in form
    response = client.post("/newsletter/", {"email": "ada@example.org", "boxes": "1"})
    said = response.content.decode()
    assert (response.status_code, "Choose at least one letter" in said) == (400, True)
    assert " checked" not in said.split("</fieldset>")[0], "what was chosen stays: nothing"
    assert 'value="ada@example.org"' in said
    assert not Reader.objects.exists()
    assert client.post("/newsletter/", {"email": "ada@example.org"}).status_code == 200
    assert Consent.objects.get().topic == NEWSLETTER.key


def test_a_form_on_another_site_is_refused(client: Client) -> None:
    response = client.post("/newsletter/", {"email": "ada@example.org"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert not Reader.objects.exists()


@pytest.mark.parametrize("step", ["confirm", "leave"])
def test_an_unknown_key_is_a_page_that_helps(client: Client, step: str) -> None:
    response = client.post(f"/newsletter/{step}/not-a-key/")
    assert response.status_code == 404
    assert b"sign up again" in response.content


def test_nobody_gets_a_cookie(client: Client) -> None:
    client.get("/newsletter/")
    client.post("/newsletter/", {"email": "ada@example.org"})
    assert not client.cookies


def test_addresses_that_nobody_confirms_are_forgotten() -> None:
    kept, forgotten = asked("kept@example.org"), asked("forgotten@example.org")
    subscriptions.confirm_consent(consent=kept, now=timezone.now())
    assert subscriptions.forget_unconfirmed(now=timezone.now()) == 0
    subscriptions.forget_unconfirmed(now=timezone.now() + UNCONFIRMED_LIFE + timedelta(seconds=1))
    assert list(Reader.objects.values_list("address", flat=True)) == ["kept@example.org"]
    assert not Consent.objects.filter(pk=forgotten.pk).exists()


def test_leaving_by_any_of_ones_mails_leaves_the_topic(client: Client) -> None:
    first, second = asked(), asked()
    subscriptions.confirm_consent(consent=first, now=timezone.now())
    client.post(f"/newsletter/leave/{second.key}/")
    first.refresh_from_db()
    assert first.withdrawn_at is not None


@pytest.mark.parametrize("path", ["/newsletter/confirm/%00/", "/newsletter/leave/a%00b/"])
def test_a_key_that_cannot_be_one_is_a_page_that_helps(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_addresses_and_pages_that_do_not_fit_are_told_or_cleaned(client: Client) -> None:
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".org"
    assert client.post("/newsletter/", {"email": long}).status_code == 400
    assert client.post("/newsletter/", {"email": "ada@example.org", "page": "/x\0/"}).status_code == 200
    assert Consent.objects.get().asked_on == "/x/"
