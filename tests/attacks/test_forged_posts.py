"""Another site cannot have an editor's browser write: each list refuses a post without the desk's own token."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as project
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

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


def _doors() -> list[str]:
    names = [f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    return [reverse(f"{name}_{page}") for name in names for page in ("add", "changelist")]


def test_no_door_of_the_desk_takes_a_post_without_its_token(browser: Client) -> None:
    doors = _doors()
    assert len(doors) > 40
    assert [door for door in doors if browser.post(door, {"action": "delete_selected"}).content != FORGED] == []


def test_with_the_token_it_is_not_taken_for_forged(browser: Client) -> None:
    browser.cookies[project.CSRF_COOKIE_NAME] = TOKEN
    answer = browser.post(reverse("admin:catalog_product_add"), {"csrfmiddlewaretoken": TOKEN})
    assert (answer.status_code, FORGED in answer.content) == (200, False)


def test_a_token_from_a_page_of_another_site_is_refused(browser: Client) -> None:
    browser.cookies[project.CSRF_COOKIE_NAME] = TOKEN
    sent = {"csrfmiddlewaretoken": TOKEN}
    answer = browser.post(reverse("admin:catalog_product_add"), sent, headers={"origin": "https://elsewhere.example"})
    assert answer.content == FORGED
