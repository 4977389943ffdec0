"""What is said of cookies is read from answers: with the settings that a site served over https has."""

from __future__ import annotations

import json
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from tests.config.test_settings import ask
from tests.factories import make_colleague
from tests.xss.public_doors import doors
from tests.xss.public_site import address_of, public_site, stranger

pytestmark = pytest.mark.django_db
NAMES = (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
)  # fmt: skip


def as_served_over_https() -> dict[str, Any]:
    told = ask(
        f"__import__('json').dumps({{name: getattr(settings, name) for name in {NAMES!r}}})",
        SECRET_KEY="s" * 50,
        SITE_URL="https://example.org",
        ALLOWED_HOSTS="example.org",
    )
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout.strip()[2:-2])
    return found


def faults(cookie: Morsel[str]) -> list[str]:
    wanted = {"secure": True, "path": "/", "domain": "", "samesite": "Lax"}
    found = [f"{cookie.key}: {name} is {cookie[name]!r}" for name, value in wanted.items() if cookie[name] != value]
    if not cookie.key.startswith("__Host-"):
        found.append(f"{cookie.key}: another host could set it")
    # The desk's scripts read the token of forms; nothing reads the session.
    if "session" in cookie.key and not cookie["httponly"]:
        found.append(f"{cookie.key}: scripts may read it")
    return found


def test_who_signs_in_gets_cookies_that_only_this_host_ever_sees(settings: Any) -> None:
    for name, value in as_served_over_https().items():
        setattr(settings, name, value)
    make_colleague("somebody", "Editor")
    client = Client()
    page = client.get("/admin/login/", secure=True)
    answer = client.post("/admin/login/", {"login": "somebody", "password": "listen-closely"}, secure=True)
    assert answer.status_code == 302
    cookies = [*page.cookies.values(), *answer.cookies.values()]
    assert {one.key for one in cookies} >= {"__Host-sessionid", "__Host-csrftoken"}
    assert [fault for one in cookies for fault in faults(one)] == []


def test_another_session_begins_with_the_password() -> None:
    """Whoever knew the number before does not know it afterwards."""
    make_colleague("somebody", "Editor")
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.get("/admin/login/")
    client.post("/admin/login/", {"login": "somebody", "password": "listen-closely"})
    assert client.cookies["sessionid"].value not in {"", "a" * 32}
    assert client.session.session_key != "a" * 32


def test_no_page_of_readers_sets_a_cookie() -> None:
    site = public_site()
    answers = {door.pattern: stranger().get(address_of(door, site)).cookies for door in doors()}
    assert {pattern: cookies for pattern, cookies in answers.items() if cookies} == {}
