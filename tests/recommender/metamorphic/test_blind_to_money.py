"""Whatever a shop pays, whoever its network is and however it stands in our tables, the list is the same: MC-24."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client

from catalog.models import Merchant, Offer
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/recommendations/"
NEEDS: list[dict[str, Any]] = [
    {"activities": ["music"], "budget": {"max": 90, "currency": "USD"}},
    {"activities": ["travel_passenger"], "isolation": "high"},
    {"activities": ["music", "phone_calls"], "mic_need": "occasional"},
    {"activities": ["gaming_voice"]},
]


def _answers(client: Client) -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    found = []
    for needs in NEEDS:
        answer = client.post(DOOR, {"needs": needs}, content_type="application/json").json()
        products = [{key: value for key, value in one.items() if key != "offers"} for one in answer["products"]]
        kept = {key: answer[key] for key in ("kind", "types", "fired", "relaxations", "turns", "options", "flips")}
        found.append((products, kept))
    return found


def test_mc_24_commission_network_and_order_of_merchants_change_no_list(client: Client) -> None:
    chance = random.Random(24)
    merchants = [make_merchant(f"Shop {number}", api_allowed=True) for number in range(5)]
    for number in range(24):
        kind, form = ("headset", "gaming") if number % 3 == 0 else ("headphones", "over-ear")
        specs = {
            "anc": chance.choice([True, False, None]),
            "high_fidelity": chance.choice([True, None]),
            "wireless": False,
        }
        product = make_product(f"Model {number}", kind=kind, type=form, specs=specs)
        make_seen_offer(product, chance.choice(merchants), amount=f"{chance.randrange(20, 200)}.00")
    before = _answers(client)
    assert any(products for products, _ in before)
    names = ["amazon", "awin", "direct", "ebay", "impact"]
    for merchant in merchants:
        Merchant.objects.filter(pk=merchant.pk).update(
            network=chance.choice(names),
            name=f"{chance.randrange(1000)} Shop",
            network_settings={"rate": chance.randrange(90)},
        )
    ids = list(Offer.objects.values_list("pk", flat=True))
    chance.shuffle(ids)
    for pk in ids:  # written again in another order, as another import would
        offer = Offer.objects.get(pk=pk)
        offer.save()
    assert _answers(client) == before
