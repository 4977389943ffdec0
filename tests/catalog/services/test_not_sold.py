"""That a merchant does not sell an item now is an answer: its price goes, and the next one is judged like any other."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from catalog.models import Offer, Price
from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable
from catalog.services.matching import Misfit, by_sku, matched
from catalog.services.readings import Answer, store_answers
from tests.catalog.services.feed_shop import HOUR, NOON
from tests.factories import make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db


def reading(amount: str, at: datetime = NOON, **fields: object) -> Reading:
    return Reading(sku="a", amount=Decimal(amount), currency="USD", seen_at=at, **fields)  # type: ignore[arg-type]


def store(offer: Offer, answer: Answer, at: datetime = NOON) -> Offer:
    store_answers(merchant=offer.merchant, answers=[(offer, answer)], now=at)
    offer.refresh_from_db()
    return offer


@pytest.fixture
def offer() -> Offer:
    offer = make_offer(merchant_sku="a")
    return store(offer, reading("100.00", shipping_amount=Decimal(5), raw_price="100.00 USD"))


def test_the_price_goes_and_the_answer_has_its_time(offer: Offer) -> None:
    store(offer, NotSold(sku="a", seen_at=NOON + HOUR, availability=Availability.DISCONTINUED), NOON + HOUR)
    assert (offer.amount, offer.currency, offer.shipping_amount) == (None, "", None)
    assert (offer.availability, offer.seen_at, offer.state) == ("discontinued", NOON + HOUR, "ok")


def test_it_comes_back_at_its_price_at_once(offer: Offer) -> None:
    store(offer, NotSold(sku="a", seen_at=NOON + HOUR), NOON + HOUR)
    store(offer, reading("99.00", NOON + 2 * HOUR), NOON + 2 * HOUR)
    assert (offer.amount, offer.state) == (99, "ok")


def test_it_does_not_come_back_at_a_leap_without_a_second_look(offer: Offer) -> None:
    store(offer, NotSold(sku="a", seen_at=NOON + HOUR), NOON + HOUR)
    store(offer, reading("1.00", NOON + 2 * HOUR), NOON + 2 * HOUR)
    assert (offer.amount, offer.state) == (None, "held")


def test_an_older_answer_changes_nothing(offer: Offer) -> None:
    store(offer, NotSold(sku="a", seen_at=NOON - HOUR), NOON + HOUR)
    assert (offer.amount, offer.availability) == (100, "unknown")


def test_what_the_merchant_wrote_and_the_shipping_are_kept_with_the_price(offer: Offer) -> None:
    price = Price.objects.get()
    assert (price.raw, price.shipping_amount, price.decided_by) == ("100.00 USD", 5, "")


@pytest.mark.parametrize(("amount", "currency"), [("83.1933", "USD"), ("1299.50", "JPY"), ("1.2345", "KWD")])
def test_more_decimals_than_the_currency_has_are_no_price(amount: str, currency: str) -> None:
    offer = make_offer(merchant=make_merchant(currency=currency), merchant_sku="a")
    store(offer, Reading(sku="a", amount=Decimal(amount), currency=currency, seen_at=NOON))
    assert (offer.amount, offer.state) == (None, "unreadable")
    assert "more decimals" in offer.state_reason


@pytest.mark.parametrize(("amount", "currency", "kept"), [("98.99999999", "USD", "99"), ("12.345", "KWD", "12.345")])
def test_what_binary_arithmetic_leaves_behind_is_rounded(amount: str, currency: str, kept: str) -> None:
    offer = make_offer(merchant=make_merchant(currency=currency), merchant_sku="a")
    store(offer, Reading(sku="a", amount=Decimal(amount), currency=currency, seen_at=NOON))
    assert offer.amount == Decimal(kept)


def test_a_look_teaches_how_often_the_price_changes(offer: Offer) -> None:
    before = offer.rate_days
    store(offer, reading("100.00", NOON + 24 * HOUR), NOON + 24 * HOUR)
    assert offer.rate_days == pytest.approx(before + 1)
    mean = offer.rate_shape / offer.rate_days
    store(offer, reading("90.00", NOON + 48 * HOUR), NOON + 48 * HOUR)
    assert offer.rate_shape / offer.rate_days > mean


def test_not_sold_in_one_condition_says_nothing_of_another() -> None:
    shop, product = make_merchant(), make_product()
    new = make_offer(product, shop, merchant_sku="a")
    used = make_offer(product, shop, merchant_sku="a", condition="used")
    answers: list[Answer] = [
        NotSold(sku="a", seen_at=NOON, condition=Condition.NEW),
        reading("50", condition=Condition.USED),
    ]
    found = {offer.pk: answer for offer, answer in matched(by_sku([new, used]), answers)}
    assert isinstance(found[new.pk], NotSold)
    assert isinstance(found[used.pk], Reading)


def test_a_price_goes_before_not_sold_and_that_before_what_does_not_fit() -> None:
    new = make_offer(merchant_sku="a")
    said: list[Answer] = [
        reading("50", condition=Condition.USED),
        Unreadable(sku="a", reason="?"),
        NotSold(sku="a", seen_at=NOON),
    ]
    kinds = [type(matched(by_sku([new]), said[: n + 1])[0][1]) for n in range(3)]
    assert kinds == [Misfit, Unreadable, NotSold]
    assert isinstance(matched(by_sku([new]), [*said, reading("60")])[0][1], Reading)
