"""By the API as by the forms: one mail that asks, the same caps, and choices by the mailed token alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from readers.consent import MAILS_PER_ADDRESS, MAILS_PER_NETWORK
from readers.links import preference_token
from readers.models import Consent, Reader
from readers.services.preferences import renew_link
from tests.readers.followers import confirmed_reader, following

pytestmark = pytest.mark.django_db(transaction=True)

DOOR, YOU = "/api/v1/newsletter/", "/api/v1/newsletter/you/"


@pytest.fixture(autouse=True)
def _tasks_run_here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from readers import tasks

    monkeypatch.setattr(tasks.send_confirmation, "delay", tasks.send_confirmation)


def sign_up(address: str = "ada@mail.example", **fields: object) -> Any:
    return Client().post(DOOR, {"email": address, **fields}, content_type="application/json")


def choices(reader: Reader, method: str = "get", data: object = None) -> Any:
    head = {"Preference-Token": preference_token(reader.pk, reader.link_version)}
    client = Client(headers=head)
    return getattr(client, method)(YOU, data, content_type="application/json") if data else getattr(client, method)(YOU)


def test_a_sign_up_is_asked_by_one_mail_and_is_none_before_its_button_is_pressed() -> None:
    answer = sign_up(topics=["headsets", "newsletter"], page="/apps/reader")
    assert answer.status_code == 202
    assert [message.to for message in mail.outbox] == [["ada@mail.example"]]
    asked = Consent.objects.order_by("topic")
    assert [(one.topic, one.asked_on, one.confirmed_at) for one in asked] == [
        ("headsets", "/apps/reader", None),
        ("newsletter", "/apps/reader", None),
    ]
    assert Client().post(f"/newsletter/confirm/{asked[0].key}/").status_code == 200
    assert Consent.objects.filter(confirmed_at=None).count() == 0


def test_who_is_known_is_not_told_to_strangers() -> None:
    first = sign_up()
    Consent.objects.update(confirmed_at=Consent.objects.get().asked_at)
    again = sign_up()
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(mail.outbox) == 1
    assert Consent.objects.get().topic == "newsletter"


def test_the_forms_caps_hold() -> None:
    for _ in range(MAILS_PER_ADDRESS + 2):
        assert sign_up().status_code == 202
    assert len(mail.outbox) == MAILS_PER_ADDRESS
    statuses = [sign_up(f"reader{number}@mail.example").status_code for number in range(MAILS_PER_NETWORK)]
    assert statuses[-1] == 429
    assert statuses.count(202) == MAILS_PER_NETWORK - MAILS_PER_ADDRESS - 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b.example", "topics": ["everything"]}, "topics"),
        ({"email": "a@b.example", "page": "x" * 201}, "page"),
        ({"email": "a@b.example", "topics": []}, "topics"),
        ({"email": "a\0@b.example"}, "email"),
        ({}, "email"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(sent: dict[str, object], field: str) -> None:
    answer = Client().post(DOOR, sent, content_type="application/json")
    assert answer.status_code == 400
    assert field in answer.content.decode()
    assert not Reader.objects.exists()


def test_choices_are_read_and_changed_by_the_token_and_what_is_not_named_stays() -> None:
    reader = confirmed_reader()
    following(reader)
    answer = choices(reader, "patch", {"topics": ["headphones"], "news_weekday": 4})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = choices(reader).json()
    assert [one["name"] for one in found.pop("follows")] == ["The thing"]
    assert found == {
        "topics": ["headphones"], "rhythm": "each", "news_rhythm": "at_once", "news_hour": 8, "news_weekday": 4,
    }  # fmt: skip
    assert choices(reader, "patch", {"rhythm": "monthly", "news_rhythm": "weekly"}).json()["topics"] == ["headphones"]
    kept = Consent.objects.get(topic="headphones")
    assert (kept.how, kept.withdrawn_at) == (Consent.How.PREFERENCES, None)


def test_leaving_ends_letters_and_what_is_followed_and_erases_nothing() -> None:
    reader = confirmed_reader()
    following(reader)
    choices(reader, "patch", {"topics": ["headphones"]})
    assert choices(reader, "delete").status_code == 204
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert Reader.objects.get() == reader


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 400])
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_without_the_token_nobody_is_shown_or_changed(method: str, token: str) -> None:
    confirmed_reader(news_hour=17)
    answer = getattr(Client(headers={"Preference-Token": token}), method)(YOU)
    assert answer.status_code == (404 if token else 401)
    assert "ada" not in answer.content.decode()


def test_a_token_that_was_made_useless_opens_nothing() -> None:
    reader = confirmed_reader()
    renew_link(reader=reader)
    assert choices(reader).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"news_hour": 24}, {"news_weekday": 7}, {"rhythm": "hourly"}, {"topics": ["everything"]}]
)
def test_a_wrong_choice_changes_nothing(wrong: dict[str, object]) -> None:
    reader = confirmed_reader()
    before = choices(reader).json()
    assert choices(reader, "patch", {"news_rhythm": "daily", **wrong}).status_code == 400
    assert choices(reader).json() == before
