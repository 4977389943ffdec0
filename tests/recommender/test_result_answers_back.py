"""The result says what would put another product first, what may be kept, and why any product is not first."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
RESULT = "/choose/result/"


def _pair(model: str, amount: str, **specs: Any) -> str:
    product = make_product(
        model, kind="headphones", type="over-ear", specs={"form_factor": "over-ear", "wireless": False, **specs}
    )
    make_seen_offer(product, make_merchant(f"Shop of {model}"), amount=amount)
    return product.slug


def _page(client: Client, **asked: Any) -> str:
    response = client.get(RESULT, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_what_would_put_another_product_first_leads_there(client: Client) -> None:
    _pair("Cheap", "40", high_fidelity=False)
    _pair("Dear", "55", high_fidelity=True, comfort_long_wear=True)
    html = _page(client, do="music", budget="50", currency="USD")
    assert "What would put another product first" in html
    assert "With 10 % more to spend" in html


def test_why_a_product_is_not_in_the_list_is_said_with_the_change_that_helps(client: Client) -> None:
    _pair("Cheap", "40")
    slug = _pair("Dear", "55", high_fidelity=True, comfort_long_wear=True)
    html = _page(client, do="music", budget="50", currency="USD", why=slug)
    assert "It costs more than your budget." in html
    assert "With 10 % more to spend, it would come first." in html


def test_the_first_choice_is_told_to_be_it_and_a_stranger_not_known(client: Client) -> None:
    slug = _pair("Only", "40")
    assert "is our first choice" in _page(client, do="music", why=slug)
    assert "We know no product “nobody-knows”" in _page(client, do="music", why="nobody-knows")


def test_an_address_may_be_pasted_whole_and_nonsense_is_named(client: Client) -> None:
    slug = _pair("Only", "40")
    assert "is our first choice" in _page(client, do="music", why=f"https://site.example/products/{slug}/")
    assert "is our first choice" in _page(client, do="music", why=slug.replace("-", " ").title())
    assert "names no product" in _page(client, do="music", why="<b>")


def test_a_desk_in_peace_may_add_a_microphone_instead(client: Client) -> None:
    _pair("Good", "40")
    html = _page(client, do="video_meetings", where="quiet_home", mic="none", budget="150", currency="USD")
    assert "Add a USB microphone" in html
    assert "both together stay within your budget" in html
    assert "rule OWN-32" in html


def test_a_call_centre_is_not_told_to_add_one(client: Client) -> None:
    assert "Add a USB microphone" not in _page(client, do="call_centre")
