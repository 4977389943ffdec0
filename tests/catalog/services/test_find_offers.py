"""Items of a feed find their products by their codes; what looks alike is only a doubt."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import DoubtfulMatch, Link, Offer, Product
from catalog.services.discovery import find_offers
from catalog.services.matching import product_for_item
from tests.catalog.services.feed_shop import NOON, FeedShop
from tests.factories import make_product

GTIN = "4006381333931"


def product(model: str, *, brand: str = "Acme", **codes: str) -> Product:
    made = make_product(model, brand=brand)
    for scheme, value in codes.items():
        made.codes.create(scheme=scheme, value=value)
    return made


def list_items(shop: FeedShop, *items: dict[str, str]) -> None:
    head = ["id", "title", "link", "price", "availability", "brand", "mpn", "gtin"]
    rows = [head]
    for item in items:
        plain = {"title": "T", "link": shop.server.url_for(f"/p/{item['id']}"), "price": "9 USD", **item}
        rows.append([plain.get(name, "in stock" if name == "availability" else "") for name in head])
    shop.body = "\n".join("\t".join(row) for row in rows).encode()


@pytest.mark.django_db
def test_a_gtin_in_any_spelling_names_the_product() -> None:
    made = product("A", gtin=GTIN)
    assert product_for_item(gtin=f"0{GTIN}") == made
    assert product_for_item(gtin="4006381333932") is None


@pytest.mark.django_db
def test_a_part_number_counts_only_with_its_brand_and_for_one_product() -> None:
    made = product("A", mpn="AB-100")
    assert product_for_item(mpn="ab-100", brand="ACME") == made
    assert product_for_item(mpn="AB-100") is None
    assert product_for_item(mpn="AB-100", brand="Other") is None
    product("B", mpn="AB-100")
    assert product_for_item(mpn="AB-100", brand="Acme") is None


def test_two_merchants_offers_of_one_gtin_meet_at_one_product(shop: FeedShop) -> None:
    made = product("A", gtin=GTIN)
    product("B", mpn="AB-100")
    list_items(shop, {"id": "1", "gtin": GTIN}, {"id": "2", "brand": "Acme", "mpn": "AB-100"}, {"id": "3"})
    found = find_offers(merchant=shop.merchant, now=NOON, door=shop.door)
    assert (found.items, len(found.made), found.refused) == (3, 2, [])
    offer = Offer.objects.get(product=made)
    assert (offer.merchant_sku, offer.next_check_at) == ("1", NOON)
    assert Link.objects.count() == 2
    again = find_offers(merchant=shop.merchant, now=NOON, door=shop.door)
    assert (again.known, again.made) == (2, [])


def test_an_item_that_may_be_ours_goes_before_an_editor_once_and_stays_decided(shop: FeedShop) -> None:
    made = product("Ear One")
    list_items(shop, {"id": "1", "brand": "Acme", "title": "Acme Ear One, black"})
    assert find_offers(merchant=shop.merchant, now=NOON, door=shop.door, dry_run=True).doubtful == 1
    assert not DoubtfulMatch.objects.exists()
    assert find_offers(merchant=shop.merchant, now=NOON, door=shop.door).made == []
    doubt = DoubtfulMatch.objects.get()
    assert (doubt.merchant_sku, doubt.candidates[0]["product"], doubt.feed_import) == ("1", made.pk, None)
    DoubtfulMatch.objects.update(decision=DoubtfulMatch.Decision.DISMISSED)
    assert find_offers(merchant=shop.merchant, now=NOON, door=shop.door).doubtful == 0
    assert DoubtfulMatch.objects.get().decision == DoubtfulMatch.Decision.DISMISSED


def test_an_item_that_leads_off_the_merchants_hosts_is_refused(shop: FeedShop) -> None:
    product("A", gtin=GTIN)
    list_items(shop, {"id": "1", "gtin": GTIN, "link": "https://elsewhere.example/p/1"})
    found = find_offers(merchant=shop.merchant, now=NOON, door=shop.door)
    assert found.made == []
    assert "is not an address of Shop" in found.refused[0]
    assert not Offer.objects.exists()


class TestCommand:
    def test_says_what_it_made(self, shop: FeedShop, settings: Any) -> None:
        settings.PRIVATE_HOSTS_ALLOWED = shop.merchant.hosts
        product("A", gtin=GTIN)
        list_items(shop, {"id": "1", "gtin": GTIN})
        out = io.StringIO()
        call_command("find_offers", "shop", "--dry-run", stdout=out)
        assert "1 items read, 0 offered already, 1 would be made, 0 refused." in out.getvalue()
        assert not Offer.objects.exists()
        call_command("find_offers", "shop", stdout=out)
        assert "Acme A: 1 (T)" in out.getvalue()
        assert Offer.objects.count() == 1

    def test_private_addresses_are_refused_where_the_settings_do_not_name_them(
        self, shop: FeedShop, settings: Any
    ) -> None:
        settings.PRIVATE_HOSTS_ALLOWED = []
        with pytest.raises(CommandError, match="loopback"):
            call_command("find_offers", "shop", stdout=io.StringIO())

    def test_an_unknown_merchant_is_said(self, shop: FeedShop) -> None:
        with pytest.raises(CommandError, match="There is no merchant 'x'; known are: shop"):
            call_command("find_offers", "x", stdout=io.StringIO())
