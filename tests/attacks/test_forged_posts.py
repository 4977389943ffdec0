"""Another site cannot have an editor's or a reader's browser write: no page of the desk takes a post without its own
token, no form of readers one that says it came from elsewhere."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings as project
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from reviews.own_forms import doorway
from tests.attacks.kept_rows import all_rows, changed, taken_back
from tests.attacks.test_extra_fields import readers_forms
from tests.attacks.test_open_redirects import desk_addresses
from tests.xss.public_site import public_site, stranger

pytestmark = pytest.mark.django_db
FORGED = b"taken for forged"
TOKEN = "a" * 32


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """In place of Django's page, so that this refusal is not taken for one of rights."""
    return HttpResponse(FORGED, status=403)


@pytest.fixture
def browser(admin_client: Client, settings: Any) -> Client:
    settings.CSRF_FAILURE_VIEW = "tests.attacks.test_forged_posts.refused"
    admin_client.handler.enforce_csrf_checks = True
    return admin_client


def test_no_page_of_the_desk_takes_a_post_without_its_token(browser: Client) -> None:
    addresses = list(desk_addresses())
    assert len(addresses) > 300
    assert [one for one in addresses if browser.post(one, {"action": "delete_selected"}).content != FORGED] == []


def test_with_the_token_it_is_not_taken_for_forged(browser: Client) -> None:
    browser.cookies[project.CSRF_COOKIE_NAME] = TOKEN
    answer = browser.post(reverse("admin:catalog_product_add"), {"csrfmiddlewaretoken": TOKEN})
    assert (answer.status_code, FORGED in answer.content) == (200, False)


def test_a_token_from_a_page_of_another_site_is_refused(browser: Client) -> None:
    browser.cookies[project.CSRF_COOKIE_NAME] = TOKEN
    sent = {"csrfmiddlewaretoken": TOKEN}
    answer = browser.post(reverse("admin:catalog_product_add"), sent, headers={"origin": "https://elsewhere.example"})
    assert answer.content == FORGED


# Mail programs press these two without an origin, and nothing is to be gained by pressing them for somebody whose key
# one has: what has no key cannot be forged.
ORIGINS = (
    "https://elsewhere.example",
    "null",
    "http://testserver.elsewhere.example",
    "http://",
    "http://[",
    "testserver",
)
BY_KEY_ALONE = ("/newsletter/leave/", "/newsletter/leave-news/", "/newsletter/confirm/")


@pytest.mark.parametrize("origin", ORIGINS)
def test_no_form_of_readers_takes_what_another_sites_page_sends(
    origin: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(doorway, "lets_in", lambda *, now: True)
    caplog.set_level(logging.CRITICAL, logger="django.request")
    forms = [one for one in readers_forms(public_site()) if not one[0].startswith(BY_KEY_ALONE)]
    assert len(forms) > 10
    before = all_rows()
    with taken_back():
        answers = {address: stranger().post(address, form, headers={"origin": origin}) for address, form in forms}
        assert {address: one.status_code for address, one in answers.items() if one.status_code != 403} == {}
        assert changed(before, all_rows()) == {}
