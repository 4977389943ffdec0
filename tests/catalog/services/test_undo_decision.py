"""An editor's last decision about a price can be taken back, and nothing that was read is rewritten."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Offer, Price
from catalog.reading import Availability
from catalog.services.price_decisions import (
    DecisionError,
    accept_held_price,
    reject_held_price,
    set_price_by_hand,
    undo_decision,
)
from tests.catalog.services.feed_shop import HOUR, MINUTE, NOON, FeedShop

LATER = NOON + 2 * HOUR


@pytest.fixture
def held(shop: FeedShop) -> Offer:
    offer = shop.offer("a")
    for hours, price in enumerate(("100.00 USD", "30.00 USD")):
        shop.sell(("a", price))
        shop.refresh(NOON + hours * HOUR)
    return offer


def state(offer: Offer) -> tuple[Decimal | None, str]:
    offer.refresh_from_db()
    return offer.amount, offer.state


def test_an_accepted_price_is_held_again_and_is_no_low_any_more(held: Offer) -> None:
    accept_held_price(offer=held, by="ada", now=LATER)
    undo_decision(offer=held, by="bob", now=LATER)
    assert state(held) == (100, "held")
    assert held.seen_at == NOON
    assert list(Price.objects.accepted().values_list("amount", flat=True)) == [100]
    assert Price.objects.count() == 5  # accepted, held, accepted by ada, taken back, held again


def test_a_rejected_price_is_held_again_and_can_be_decided_anew(held: Offer) -> None:
    reject_held_price(offer=held, by="ada", now=LATER)
    undo_decision(offer=held, by="ada", now=LATER)
    assert state(held) == (100, "held")
    accept_held_price(offer=held, by="ada", now=LATER)
    assert state(held) == (30, "ok")
    undo_decision(offer=held, by="ada", now=LATER)
    reject_held_price(offer=held, by="ada", now=LATER)
    assert state(held) == (100, "unreadable")


def test_what_is_held_again_is_confirmed_by_a_second_look(shop: FeedShop, held: Offer) -> None:
    reject_held_price(offer=held, by="ada", now=LATER)
    undo_decision(offer=held, by="ada", now=LATER)
    shop.refresh(LATER + 11 * MINUTE)
    assert state(held) == (30, "ok")


def test_a_typed_price_goes_back_to_the_one_before(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "100.00 USD"))
    shop.refresh()
    typed = {"currency": "USD", "availability": Availability.IN_STOCK, "seen_at": NOON + HOUR, "by": "ada"}
    set_price_by_hand(offer=offer, amount=Decimal(90), **typed)  # type: ignore[arg-type]
    undo_decision(offer=offer, by="ada", now=LATER)
    assert state(offer) == (100, "ok")
    shop.sell(("a", "90.00 USD"))
    shop.refresh(LATER)
    assert state(offer) == (90, "ok")  # the merchant itself may say so


def test_nothing_is_taken_back_twice_nor_after_a_newer_reading(shop: FeedShop, held: Offer) -> None:
    accept_held_price(offer=held, by="ada", now=LATER)
    shop.sell(("a", "31.00 USD"))
    shop.refresh(LATER + HOUR)
    with pytest.raises(DecisionError, match="none to take back"):
        undo_decision(offer=held, by="ada", now=LATER + HOUR)
    assert state(held) == (31, "ok")


def test_an_undo_is_no_decision(held: Offer) -> None:
    accept_held_price(offer=held, by="ada", now=LATER)
    undo_decision(offer=held, by="ada", now=LATER)
    with pytest.raises(DecisionError, match="none to take back"):
        undo_decision(offer=held, by="ada", now=LATER)


def test_the_decision_names_its_editor_and_keeps_the_shipping(held: Offer) -> None:
    price = accept_held_price(offer=held, by="ada", now=LATER)
    assert price.decided_by == "ada"
    assert Price.objects.filter(decided_by="").count() == 2
