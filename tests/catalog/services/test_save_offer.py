"""An offer is stored with its link, on its merchant's hosts, and is looked at next."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Link, Offer, Product
from catalog.reading import Availability, Condition, Reading
from catalog.services.offers import OfferError, check_now, restore_offers, save_offer, withdraw_offers
from catalog.services.price_decisions import set_price_by_hand
from catalog.services.readings import store_answers
from tests.catalog.services.feed_shop import HOUR, NOON
from tests.factories import make_merchant, make_product

pytestmark = pytest.mark.django_db
URL = "https://shop.example/p/1"


@pytest.fixture
def product() -> Product:
    return make_product()


def save(product: Product, *, url: str = URL, condition: Condition = Condition.NEW, sku: str = "1") -> Offer:
    from catalog.models import Merchant

    merchant = Merchant.objects.filter(slug="shop").first() or make_merchant()
    return save_offer(product=product, merchant=merchant, merchant_sku=sku, url=url, condition=condition, now=NOON)


def test_saving_twice_makes_one_offer_with_one_link(product: Product) -> None:
    assert save(product).pk == save(product).pk
    assert (Offer.objects.count(), Link.objects.count()) == (1, 1)
    assert Offer.objects.get().next_check_at == NOON


def test_conditions_are_offers_of_their_own(product: Product) -> None:
    save(product)
    save(product, condition=Condition.USED)
    assert Offer.objects.count() == 2


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/p/1", "https://shop.example.evil.example/", "javascript:alert(1)", "", "/p/1"]
)
def test_an_address_off_the_merchants_hosts_is_refused(product: Product, url: str) -> None:
    with pytest.raises(OfferError, match="is not an address of Shop"):
        save(product, url=url)
    assert not Offer.objects.exists()


def test_saving_keeps_the_price(product: Product) -> None:
    set_price_by_hand(
        offer=save(product),
        amount=Decimal(5),
        currency="USD",
        availability=Availability.IN_STOCK,
        seen_at=NOON,
        by="ada",
    )
    offer = save(product, url=f"{URL}?colour=red")
    offer.refresh_from_db()
    assert (offer.amount, offer.url) == (5, f"{URL}?colour=red")


def test_another_product_does_not_inherit_the_price(product: Product) -> None:
    set_price_by_hand(
        offer=save(product),
        amount=Decimal(5),
        currency="USD",
        availability=Availability.IN_STOCK,
        seen_at=NOON,
        by="ada",
    )
    offer = save(make_product("Other"))
    offer.refresh_from_db()
    assert (offer.amount, offer.seen_at, offer.state, offer.prices.count()) == (None, None, "new", 0)


def test_check_now_puts_an_offer_first_in_line(product: Product) -> None:
    offer = save(product)
    assert check_now(offers=[offer], now=NOON + HOUR) == 1
    offer.refresh_from_db()
    assert offer.next_check_at == NOON + HOUR


def test_withdrawn_offers_come_back_unread(product: Product) -> None:
    offer = save(product)
    Offer.objects.update(state="ok")
    assert withdraw_offers(offers=[offer], now=NOON) == 1
    assert not Offer.objects.buyable().exists()
    assert withdraw_offers(offers=[offer], now=NOON + HOUR) == 0
    assert restore_offers(offers=[offer], now=NOON + HOUR) == 1
    offer.refresh_from_db()
    assert (offer.withdrawn_at, offer.state, offer.next_check_at) == (None, "new", NOON + HOUR)


def test_an_answer_about_the_old_item_does_not_land_on_the_offer_of_another(product: Product) -> None:
    offer = save(product)
    Offer.objects.update(claimed_at=NOON)
    claimed = Offer.objects.get()
    save(make_product("Other"))
    reading = Reading(sku="1", amount=Decimal(5), currency="USD", seen_at=NOON)
    store_answers(merchant=offer.merchant, answers=[(claimed, reading)], now=NOON)
    offer.refresh_from_db()
    assert (offer.amount, offer.state) == (None, "new")
