"""What a merchant writes that the database cannot hold takes neither the price nor the round with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Merchant
from catalog.reading import Reading, Unreadable
from catalog.services import merchant_health
from catalog.services.judging import as_stored
from catalog.services.readings import store_answers
from catalog.services.unanswered import store_failure
from tests.catalog.services.feed_shop import HOUR, NOON
from tests.factories import make_merchant, make_offer

ODD = "The price `\0\ud800` cannot be read."
CLEAN = "The price `?` cannot be read."


@pytest.mark.parametrize(
    "shipping", ["9" * 30, "10000000000", "9999999999.999", "-1", "NaN", "sNaN", "Infinity", "4.904"]
)
def test_shipping_that_cannot_be_is_left_out(shipping: str) -> None:
    reading = Reading(sku="a", amount=Decimal(5), currency="USD", seen_at=NOON, shipping_amount=Decimal(shipping))
    stored = as_stored(reading)
    assert isinstance(stored, Reading)
    assert (stored.amount, stored.shipping_amount) == (5, None)


def test_shipping_that_can_be_is_kept() -> None:
    reading = Reading(sku="a", amount=Decimal(5), currency="USD", seen_at=NOON, shipping_amount=Decimal("4.9"))
    stored = as_stored(reading)
    assert isinstance(stored, Reading)
    assert str(stored.shipping_amount) == "4.90"


@pytest.mark.django_db
def test_a_reason_with_text_the_database_refuses_is_stored_without_it() -> None:
    offer = make_offer()
    store_answers(merchant=offer.merchant, answers=[(offer, Unreadable(sku="a", reason=ODD))], now=NOON)
    offer.refresh_from_db()
    assert (offer.state, offer.state_reason) == ("unreadable", CLEAN)


@pytest.mark.django_db
def test_a_failure_with_text_the_database_refuses_is_stored_without_it() -> None:
    offer = make_offer(merchant=make_merchant())
    store_failure(offers=[offer], error=ODD, now=NOON, retry_at=NOON + HOUR)
    merchant_health.record_failure(merchant=offer.merchant, error=ODD, permanent=False, retry_after=None, now=NOON)
    offer.refresh_from_db()
    assert offer.state_reason == f"The merchant could not be asked: {CLEAN}"
    assert Merchant.objects.get().last_error == CLEAN


@pytest.mark.django_db
def test_a_merchant_that_asks_to_be_left_alone_is_not_asked_for_its_other_offers_either() -> None:
    merchant = make_merchant()
    soon = make_offer(merchant=merchant, next_check_at=NOON + HOUR / 60)
    retry = merchant_health.record_failure(merchant=merchant, error="429", permanent=False, retry_after=7200, now=NOON)
    soon.refresh_from_db()
    assert soon.next_check_at == retry.at == NOON + 2 * HOUR


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ['say "no"', "back\\slash\\", "{a,b}", "NULL", "line\nbreak", "", "it's 'ours' %s"])
def test_a_reason_is_stored_word_for_word(reason: str) -> None:
    offer = make_offer()
    store_answers(merchant=offer.merchant, answers=[(offer, Unreadable(sku="a", reason=reason))], now=NOON)
    offer.refresh_from_db()
    assert offer.state_reason == reason
