"""Before a key ends, whoever handed it out hears of it twice, each time once; and the key's answers say when it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import get_connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_http_date

from catalog.tasks import tell_of_ending_keys
from config.celery import app
from partners.models import ApiKey
from partners.services.api_keys import issue_key, revoke_key, rotate_key
from partners.services.key_endings import ending_soon, tell_of_endings
from reviews.today.page import asker_of, today_page
from tests.factories import make_staff
from tests.partners.keys import make_key, shown
from tests.site_processes import until

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def mailed(user: User) -> User:
    """With an address for letters."""
    user.email = f"{user.username}@example.org"
    user.save(update_fields=["email"])
    return user


@pytest.fixture
def ina() -> User:
    return mailed(make_staff("ina", "partners.view_apikey", "partners.change_apikey"))


def ending_in(days: float, by: User | None, name: str = "Acme") -> ApiKey:
    """A key made a year ago."""
    key, _ = issue_key(
        name=name, contact="Acme's office", scopes=["links:read"], expires_at=NOW + days * DAY, made_by=by
    )
    ApiKey.objects.filter(pk=key.pk).update(created_at=NOW - 365 * DAY)
    return key


def test_two_letters_go_out_each_once(ina: User) -> None:
    key = ending_in(20, ina)

    def at(left: float) -> datetime:
        return key.expires_at - left * DAY

    assert tell_of_endings(now=at(15)) == 0
    assert [tell_of_endings(now=at(left)) for left in (13.9, 13.8, 5, 3, 2.9, 0.5)] == [1, 0, 0, 1, 0, 0]
    first, second = mail.outbox
    assert (first.to, second.to) == (["ina@example.org"], ["ina@example.org"])
    assert "“Acme” ends in 14 days" in first.subject
    assert "“Acme” ends in 3 days" in second.subject
    assert f"/apikey/{key.pk}/change/" in first.body
    assert "Acme's office" in first.body
    assert key.digest not in first.body


def test_where_rounds_were_missed_one_letter_says_it_all(ina: User) -> None:
    ending_in(2, ina)
    assert [tell_of_endings(now=NOW) for _ in range(2)] == [1, 0]


def test_a_key_that_was_given_more_time_has_another_end(ina: User) -> None:
    key = ending_in(2, ina)
    assert tell_of_endings(now=NOW) == 1
    ApiKey.objects.filter(pk=key.pk).update(expires_at=NOW + 30 * DAY)
    assert tell_of_endings(now=NOW) == 0
    assert tell_of_endings(now=NOW + 17 * DAY) == 1


def test_revoked_ended_and_short_lived_ones_are_passed_over(ina: User) -> None:
    revoke_key(key=ending_in(2, ina, "Revoked"), now=NOW)
    ending_in(-1, ina, "Ended")
    issue_key(name="For a week", contact="", scopes=["links:read"], expires_at=timezone.now() + 7 * DAY, made_by=ina)
    assert tell_of_endings(now=NOW) == 0
    assert not ending_soon(now=timezone.now()).filter(name="For a week").exists()


def test_operators_hear_of_it_and_where_the_maker_left_those_who_may_give_more_time(ina: User, settings: Any) -> None:
    settings.OPERATOR_EMAILS = ["ops@example.org"]
    gone = mailed(make_staff("gone"))
    ending_in(2, gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    tell_of_endings(now=NOW)
    assert mail.outbox[0].to == ["ina@example.org", "ops@example.org"]


def test_a_letter_that_could_not_leave_is_tried_again(ina: User, settings: Any) -> None:
    ending_in(2, ina)
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9)  # fmt: skip
    assert get_connection().__class__.__module__.endswith("smtp")
    assert tell_of_endings(now=NOW) == 0
    settings.EMAIL_BACKEND = before
    assert tell_of_endings(now=NOW) == 1


def test_a_name_with_lines_stays_one_line(ina: User) -> None:
    ending_in(2, ina, "Acme\r\nBcc: eve@example.org")
    tell_of_endings(now=NOW)
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["ina@example.org"]


def test_it_needs_its_maker_today(ina: User) -> None:
    other = make_staff("olga", "partners.change_apikey")
    key = ending_in(2, ina)
    shown_to = {user: today_page(asker_of(user, now=NOW), only="keys") for user in (ina, other)}
    for user, page in shown_to.items():
        (line,) = page.lines
        assert (line.item.title, line.item.readers_text) == ("API key of Acme", "A partner's machine")
        assert line.item.detail == "It ends in 2 days. It was never used."
        assert line.item.url == reverse("admin:partners_apikey_change", args=[key.pk])
        assert line.item.is_mine is (user == ina)
    assert not today_page(asker_of(make_staff("eva"), now=NOW)).lines


def test_the_page_of_a_key_knows_who_made_it(ina: User, client: Client) -> None:
    client.force_login(make_staff("boss", "partners.add_apikey", "partners.view_apikey"))
    sent = {"name": "Shop", "contact": "", "scopes": ["links:read"], "ends_on": timezone.localdate() + 30 * DAY}
    assert client.post(reverse("admin:partners_apikey_add"), sent).status_code == 200
    assert ApiKey.objects.get().made_by == User.objects.get(username="boss")


def test_answers_say_until_when_the_secret_that_was_sent_opens(client: Client) -> None:
    key, former = make_key("links:read", expires_at=timezone.now() + 30 * DAY)
    fresh = rotate_key(key=key, prefix=key.prefix, overlap=DAY, now=timezone.now())
    key.refresh_from_db()
    assert fresh is not None
    assert key.former_until is not None
    for secret, ends in ((fresh, key.expires_at), (former, key.former_until)):
        for path in ("/api/v1/links/", "/api/v1/products/"):
            told = client.get(path, headers=shown(secret))["API-Key-Expires"]
            assert parse_http_date(told) == int(ends.timestamp())
    assert "API-Key-Expires" not in client.get("/api/v1/products/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_tells(ina: User) -> None:
    key, _ = issue_key(name="Acme", contact="", scopes=["links:read"], expires_at=timezone.now() + 2 * DAY, made_by=ina)
    ApiKey.objects.filter(pk=key.pk).update(created_at=timezone.now() - 365 * DAY)
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tell_of_ending_keys.delay()
        assert until(lambda: ApiKey.objects.filter(told_days_before=3).exists())
    assert len(mail.outbox) == 1
