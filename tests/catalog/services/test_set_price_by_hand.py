"""An editor types in what a merchant asks: the way into the site without any interface of the merchant's (P13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Offer, Price
from catalog.reading import Availability
from catalog.services.price_decisions import DecisionError, set_price_by_hand
from tests.catalog.services.feed_shop import HOUR, NOON
from tests.factories import make_offer

pytestmark = pytest.mark.django_db


def type_in(offer: Offer, amount: str = "49.90", **fields: Any) -> Price | None:
    values: dict[str, Any] = {"currency": "USD", "availability": Availability.IN_STOCK, "seen_at": NOON, "by": "ada"}
    return set_price_by_hand(offer=offer, amount=Decimal(amount), **{**values, **fields})


def test_it_is_shown_with_the_time_it_was_seen() -> None:
    offer = make_offer()
    price = type_in(offer)
    offer.refresh_from_db()
    assert (offer.amount, offer.currency, offer.seen_at, offer.state) == (Decimal("49.90"), "USD", NOON, "ok")
    assert price is not None
    assert (price.source, price.reason) == ("manual", "Typed in by ada.")


def test_the_same_price_later_is_the_same_reading_with_a_newer_time() -> None:
    offer = make_offer()
    type_in(offer)
    assert type_in(offer, seen_at=NOON + HOUR) is None
    offer.refresh_from_db()
    assert (offer.seen_at, Price.objects.count()) == (NOON + HOUR, 1)


@pytest.mark.parametrize(
    ("amount", "fields", "told"),
    [
        ("0", {}, "0 is not a price"),
        ("NaN", {}, "NaN is not a price"),
        ("-3", {}, "-3 is not a price"),
        ("99999999999", {}, "is not a price"),
        ("5", {"currency": "EUR"}, "sells in USD, not in 'EUR'"),
        ("5", {"seen_at": NOON - HOUR}, "a newer price was read"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(amount: str, fields: dict[str, Any], told: str) -> None:
    offer = make_offer()
    type_in(offer)
    with pytest.raises(DecisionError, match=told):
        type_in(offer, amount, **fields)
    offer.refresh_from_db()
    assert (offer.amount, Price.objects.count()) == (Decimal("49.90"), 1)
