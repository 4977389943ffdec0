"""How long somebody is signed in, where, and how that ends; where the desk answers."""

from __future__ import annotations

from importlib import reload
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.staff.sessions import BEGAN, SEEN
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
DESK = "/admin/"


@pytest.fixture
def editor() -> User:
    return make_staff("editor")


def entered(user: User, address: str = "203.0.113.9") -> Client:
    """A browser in which they are signed in and have just opened the desk."""
    client = Client(REMOTE_ADDR=address, headers={"user-agent": "A browser"})
    client.force_login(user)
    session = client.session
    session[SEEN] = 0
    session.save()
    assert client.get(DESK).status_code == 200
    return client


def test_sessions_are_listed_by_network_and_end_one_by_one(editor: User) -> None:
    here, there = entered(editor), entered(editor, "198.51.100.7")
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "198.51.100.0" in page
    assert "198.51.100.7" not in page
    other = UserSession.objects.get(ip="198.51.100.0")
    here.post(reverse("staff-end-session", args=[other.pk]))
    assert there.get(DESK).status_code == 302
    assert here.get(DESK).status_code == 200


def test_all_others_end_at_once(editor: User) -> None:
    here, *others = (entered(editor, f"198.51.{number}.7") for number in range(3))
    here.post(reverse("usersessions_list"))
    assert [client.get(DESK).status_code for client in (here, *others)] == [200, 302, 302]


def test_nobody_ends_somebody_elses_session(editor: User) -> None:
    entered(editor)
    other = entered(make_staff("other"))
    theirs = UserSession.objects.get(user=editor)
    assert other.post(reverse("staff-end-session", args=[theirs.pk])).status_code == 404


def test_a_new_password_ends_the_other_sessions(editor: User) -> None:
    here, there = entered(editor), entered(editor, "198.51.100.7")
    new = "quiet-enough-to-hear-it"
    given = {"oldpassword": "listen-closely", "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), given).status_code == 302
    assert here.get(DESK).status_code == 200
    assert there.get(DESK).status_code == 302


def test_a_session_ends_after_its_hours(editor: User, settings: Any) -> None:
    client = entered(editor)
    session = client.session
    session[BEGAN] -= settings.ADMIN_SESSION_HOURS * 3600
    session.save()
    assert client.get(DESK).status_code == 302


def test_an_idle_session_ends_by_itself(editor: User, settings: Any) -> None:
    client = entered(editor)
    assert client.session.get_expiry_age() == settings.ADMIN_IDLE_MINUTES * 60


def test_cookies_are_for_the_desk_only(client: Client, editor: User) -> None:
    assert not client.get("/").cookies
    cookie = client.get(reverse("admin:login")).cookies["csrftoken"]
    assert cookie["path"] == "/"
    client.force_login(editor)
    session = client.session
    session[SEEN] = 0
    session.save()
    kept = client.get(DESK).cookies["sessionid"]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"


def test_on_https_cookies_are_bound_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.settings import locks, site

    monkeypatch.setenv("SITE_URL", "https://site.example")
    try:
        reload(site)
        reload(locks)
        assert locks.SESSION_COOKIE_NAME == "__Host-sessionid"
        assert locks.CSRF_COOKIE_NAME == "__Host-csrftoken"
        assert locks.SESSION_COOKIE_SECURE
        assert locks.CSRF_COOKIE_SECURE
    finally:
        monkeypatch.undo()
        reload(site)
        reload(locks)


def test_the_desk_answers_on_its_own_host_alone(editor: User, settings: Any) -> None:
    settings.ADMIN_HOST = "desk.example"
    settings.ALLOWED_HOSTS = ["desk.example", "site.example"]
    client = Client()
    client.force_login(editor)
    assert client.get(DESK, headers={"host": "desk.example"}).status_code == 200
    assert client.get(DESK, headers={"host": "site.example"}).status_code == 404
    assert client.get(reverse("admin:login"), headers={"host": "site.example"}).status_code == 404
