"""Is somebody who may not do a thing told so, and what to do?"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_staff

pytestmark = pytest.mark.django_db


def test_an_account_without_the_right_is_told_who_gives_it(client: Client) -> None:
    client.force_login(make_staff("writer"))
    response = client.get("/admin/catalog/merchant/")
    html = response.content.decode()
    assert response.status_code == 403
    assert "Your account may not do this" in html
    assert "ask an administrator" in html


def test_a_form_that_was_opened_before_somebody_signed_in_says_so_and_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"login": "editor"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "This form is out of date" in html
    assert "what you typed is still there" in html
    assert "DEBUG" not in html
