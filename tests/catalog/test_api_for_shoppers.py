"""The API shows offers for a country and a currency that are named, and says which word it does not understand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.market import forget_market
from catalog.models import ExchangeRate
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
PATHS = ("/api/v1/products/", "/api/v1/products/acme-one/", "/api/v1/offers/")


@pytest.fixture(autouse=True)
def _offers() -> None:
    day = timezone.now().date() - timedelta(days=1)
    ExchangeRate.objects.create(day=day, currency="USD", per_euro=Decimal("1.25"))
    product = make_product(kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant("Home", delivers_to=["US"], api_allowed=True), amount="50.00")
    make_seen_offer(product, make_merchant("Both", delivers_to=["DE"], api_allowed=True), amount="100.00")
    make_seen_offer(product, make_merchant("Mute"), amount="10.00")
    forget_market()


def offers_at(client: Client, path: str, **asked: str) -> dict[str, Any]:
    """By merchant, in the order they stand in."""
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content
    said = answer.json()
    rows = said.get("results", [said])
    offers = [offer for row in rows for offer in row.get("offers", [])] if "offers" in rows[0] else rows
    return {offer["merchant"]: offer for offer in offers}


@pytest.mark.parametrize("path", PATHS)
def test_offers_say_whether_they_reach_the_country_and_what_they_cost_there(client: Client, path: str) -> None:
    offers = offers_at(client, path, country="DE", currency="EUR")
    assert {name: offer["delivers"] for name, offer in offers.items()} == {"Home": False, "Both": True, "Mute": None}
    price = offers["Both"]["price"]
    assert (price["amount"], price["currency"]) == ("100.00", "USD"), "the shop's own"
    assert price["converted"] == {
        "amount": "80.00",
        "currency": "EUR",
        "rate_day": f"{timezone.now().date() - timedelta(days=1)}",
        "rate_source": "ECB",
    }
    assert offers["Mute"]["price"] is None, "terms go first"
    if "products" in path:
        assert list(offers) == ["Both", "Mute", "Home"]


@pytest.mark.parametrize("path", PATHS)
def test_who_names_neither_is_told_what_shops_say(client: Client, path: str) -> None:
    offers = offers_at(client, path)
    assert [offer["delivers"] for offer in offers.values()] == [None, None, None]
    assert offers["Both"]["price"]["converted"] is None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"country": "UK"}, "`UK` is no country code of ISO 3166; write two capitals such as DE or GB."),
        ({"country": "de"}, "`de` is no country code"),
        ({"currency": "JPY"}, "There are no prices in `JPY`; there are in EUR, USD."),
        ({"currency": "<b>" * 50}, "There are no prices in `"),
    ],
)
def test_what_is_neither_a_country_nor_a_currency_is_refused_by_name(
    client: Client, path: str, asked: dict[str, str], said: str
) -> None:
    answer = client.get(path, asked)
    assert answer.status_code == 400
    assert said in str(answer.json())
    assert next(iter(asked)) in str(answer.json())
