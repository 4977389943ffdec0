"""The desk hands keys out, shows each secret once and keeps it nowhere, exchanges keys, and revokes them for good."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import ApiKey
from partners.scopes import SCOPES
from partners.services.api_keys import KeyRefusedError, key_of, revoke_key
from tests.factories import make_staff
from tests.partners.keys import make_key

pytestmark = pytest.mark.django_db

ADD = reverse("admin:partners_apikey_add")
SECRET = re.compile(r"earmark_[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}")


def form(**other: object) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=30)
    return {"name": "Acme's shop", "contact": "", "scopes": ["links:read", "jobs:read"], "ends_on": f"{day}", **other}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def secret_on(answer: Any) -> str:
    assert answer.status_code == 200
    found = SECRET.findall(answer.content.decode())
    assert len(found) == 1
    return str(found[0])


def address(act: str, key: ApiKey) -> str:
    return reverse(f"admin:partners_apikey_{act}", args=[key.pk])


def test_every_scope_stands_on_the_form_with_its_words(admin_client: Client) -> None:
    page = text(admin_client.get(ADD))
    for scope in SCOPES.values():
        assert f'value="{scope.name}"' in page
        assert scope.title in page


def test_the_secret_is_shown_in_the_answer_and_is_nowhere_after_it(admin_client: Client) -> None:
    answer = admin_client.post(ADD, form())
    secret = secret_on(answer)
    assert "no-store" in answer["Cache-Control"]
    key = key_of(secret, now=timezone.now())
    assert (key.name, key.scopes) == ("Acme's shop", ["links:read", "jobs:read"])
    assert key.expires_at > timezone.now() + timedelta(days=30)
    half = secret.partition(".")[2]
    for page in ("changelist", "add"):
        assert half not in text(admin_client.get(reverse(f"admin:partners_apikey_{page}")))
    for act in ("change", "rotate", "revoke", "history"):
        assert half not in text(admin_client.get(address(act, key)))
    kept = [str(line.__dict__) for line in LogEntry.objects.all()]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [morsel.value for morsel in admin_client.cookies.values()]
    assert half not in "".join(kept)


def test_no_table_has_it(admin_client: Client) -> None:
    secret = secret_on(admin_client.post(ADD, form()))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret[-32:]}%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["links:everything"]}, "links:everything is not one of the available choices"),
        ({"ends_on": "2020-01-01"}, "Choose a day from today to two years from now."),
        ({"ends_on": "2199-01-01"}, "Choose a day from today to two years from now."),
        ({"ends_on": ""}, "This field is required."),
    ],
)
def test_what_will_not_do_is_said(admin_client: Client, wrong: Mapping[str, object], said: str) -> None:
    assert said in text(admin_client.post(ADD, form(**wrong)))
    assert not ApiKey.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_key(admin_client: Client) -> None:
    secret_on(admin_client.post(ADD, form()))
    assert "already exists" in text(admin_client.post(ADD, form()))
    assert ApiKey.objects.count() == 1


def test_what_it_may_and_until_when_is_changed_and_its_secret_stays(admin_client: Client) -> None:
    key, secret = make_key("links:read", name="Before")
    answer = admin_client.post(address("change", key), form(name="After", scopes=["reports:read"]))
    assert answer.status_code == 302
    now = timezone.now()
    changed = key_of(secret, now=now)
    assert (changed.name, changed.scopes) == ("After", ["reports:read"])
    assert changed.expires_at > now + timedelta(days=29)


def test_a_new_secret_is_made_with_days_for_going_over(admin_client: Client) -> None:
    key, former = make_key("links:read", expires_at=timezone.now() + timedelta(days=60))
    page = admin_client.get(address("rotate", key))
    assert f'value="{key.prefix}"' in text(page)
    asked = {"begins_with": key.prefix, "overlap": "7"}
    secret = secret_on(admin_client.post(address("rotate", key), asked))
    now = timezone.now()
    assert key_of(secret, now=now) == key_of(former, now=now + timedelta(days=6)) == key
    assert "the former secret as well until" in text(admin_client.get(address("change", key)))
    again = admin_client.post(address("rotate", key), asked, follow=True)
    assert "It was exchanged meanwhile; nothing was done now." in text(again)
    assert key_of(former, now=now) == key
    assert LogEntry.objects.get().get_change_message() == "Made a new secret; the former one stops after a week."


def test_an_overlap_nobody_offered_is_refused(admin_client: Client) -> None:
    key, secret = make_key("links:read")
    answer = admin_client.post(address("rotate", key), {"begins_with": key.prefix, "overlap": "3650"})
    assert "is not one of the available choices" in text(answer)
    assert key_of(secret, now=timezone.now()).former_until is None


def test_revoking_asks_first_and_is_for_good(admin_client: Client) -> None:
    key, secret = make_key("links:read")
    assert "cannot be undone" in text(admin_client.get(address("revoke", key)))
    assert key_of(secret, now=timezone.now()) == key
    assert admin_client.post(address("revoke", key)).status_code == 302
    with pytest.raises(KeyRefusedError, match="revoked"):
        key_of(secret, now=timezone.now())
    for act in ("rotate", "revoke"):
        assert admin_client.get(address(act, key)).status_code == 403
        assert admin_client.post(address(act, key), {"begins_with": key.prefix, "overlap": "1"}).status_code == 403
    assert admin_client.post(address("change", key), form()).status_code == 403
    assert "revoked on" in text(admin_client.get(address("change", key)))
    key.refresh_from_db()
    assert key.name == "Partner"


def test_who_may_only_look_presses_nothing(client: Client) -> None:
    key, secret = make_key("links:read")
    client.force_login(make_staff("looks", "partners.view_apikey"))
    page = text(client.get(address("change", key)))
    assert "links:read" in page
    assert "Revoke" not in page
    for act in ("rotate", "revoke"):
        assert client.get(address(act, key)).status_code == 403
        assert client.post(address(act, key), {"begins_with": key.prefix, "overlap": "1"}).status_code == 403
    assert client.post(ADD, form()).status_code == 403
    assert key_of(secret, now=timezone.now()).revoked_at is None


def test_the_list_says_how_each_stands(admin_client: Client) -> None:
    make_key("links:read", name="Open one")
    make_key("links:read", name="Ended one", expires_at=timezone.now() - timedelta(days=1))
    revoked, _ = make_key("links:read", name="Revoked one")
    revoke_key(key=revoked, now=timezone.now())
    idle, _ = make_key("links:read", name="Idle one")
    ApiKey.objects.filter(pk=idle.pk).update(last_used_on=timezone.localdate() - timedelta(days=91))
    listed = reverse("admin:partners_apikey_changelist")
    names = {"Open one", "Ended one", "Revoked one", "Idle one"}
    for asked, expected in (
        ("open", {"Open one", "Idle one"}),
        ("ended", {"Ended one"}),
        ("revoked", {"Revoked one"}),
        ("idle", {"Idle one"}),
    ):
        page = text(admin_client.get(listed, {"standing": asked}))
        assert {name for name in names if name in page} == expected, asked


def test_the_session_of_who_makes_one_is_one_that_a_test_can_read(admin_client: Client) -> None:
    """Else the test above would find nothing because there is nothing."""
    assert settings.SESSION_ENGINE.endswith(("db", "cached_db"))
    admin_client.get(ADD)
    assert Session.objects.exists()
