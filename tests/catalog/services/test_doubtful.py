"""An editor's decision about a doubtful item makes its offer, teaches its codes, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from catalog.models import DoubtfulMatch, Link, Offer, Product, ProductCode
from catalog.services.doubtful import DoubtError, dismiss_item, match_item, reopen_item
from tests.factories import make_doubt, make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db
GTIN = "4006381333931"


def match(doubt: DoubtfulMatch, product: Product) -> list[str]:
    return match_item(doubt=doubt, product=product, by="ada", now=timezone.now())


def codes(product: Product) -> list[tuple[str, str]]:
    return sorted(product.codes.values_list("scheme", "value"))


def test_matching_makes_the_offer_with_its_link_and_learns_the_codes() -> None:
    product = make_product()
    doubt = make_doubt(product, gtin=GTIN, mpn="wh-1000", asin="B0ABCDEFGH")
    assert match(doubt, product) == []
    offer = Offer.objects.get()
    assert (offer.product, offer.merchant_sku, offer.url) == (product, "x1", "https://shop.example/p/x1")
    assert Link.objects.filter(offer=offer).count() == 1
    assert codes(product) == [("asin", "B0ABCDEFGH"), ("gtin", GTIN), ("mpn", "WH-1000")]
    doubt.refresh_from_db()
    assert (doubt.decision, doubt.product, doubt.decided_by) == ("matched", product, "ada")


def test_a_code_that_names_another_product_is_not_learnt_and_told() -> None:
    product, owner = make_product(), make_product("Two")
    ProductCode.objects.create(product=owner, scheme="gtin", value=GTIN)
    told = match(make_doubt(product, gtin=GTIN), product)
    assert "names Acme Two" in told[0]
    assert codes(product) == []


@pytest.mark.parametrize("fields", [{"gtin": "4006381333932"}, {"mpn": "BLACK"}, {"asin": "nothing"}])
def test_what_is_no_valid_code_is_not_learnt(fields: dict[str, Any]) -> None:
    product = make_product()
    assert match(make_doubt(product, **fields), product) == []
    assert codes(product) == []


def test_the_part_number_of_another_brands_product_is_learnt_all_the_same() -> None:
    other = make_product("Two", brand="Bond")
    ProductCode.objects.create(product=other, scheme="mpn", value="WH-1000")
    product = make_product()
    match(make_doubt(product, mpn="WH-1000"), product)
    assert codes(product) == [("mpn", "WH-1000")]


def test_taking_a_match_back_forgets_exactly_what_it_taught_and_withdraws_its_offer() -> None:
    product = make_product()
    ProductCode.objects.create(product=product, scheme="mpn", value="WH-1000")
    doubt = make_doubt(product, gtin=GTIN, mpn="WH-1000")
    before = doubt.candidates
    match(doubt, product)
    reopen_item(doubt=doubt, now=timezone.now())
    doubt.refresh_from_db()
    assert codes(product) == [("mpn", "WH-1000")]
    assert Offer.objects.get().withdrawn_at is not None
    assert (doubt.decision, doubt.product, doubt.candidates) == ("open", None, before)
    match(doubt, product)
    assert Offer.objects.get().withdrawn_at is None


def test_a_product_that_was_no_candidate_can_be_chosen_and_that_be_taken_back() -> None:
    candidate, chosen = make_product(), make_product("Two")
    doubt = make_doubt(candidate)
    before = doubt.candidates
    match(doubt, chosen)
    assert Offer.objects.get().product == chosen
    reopen_item(doubt=doubt, now=timezone.now())
    doubt.refresh_from_db()
    assert doubt.candidates == before


def test_a_merged_candidate_is_the_product_it_became() -> None:
    kept, merged = make_product(), make_product("Two")
    doubt = make_doubt(merged)
    Product.objects.filter(pk=merged.pk).update(merged_into=kept)
    merged.refresh_from_db()
    match(doubt, merged)
    assert Offer.objects.get().product == kept


def test_a_dismissed_item_makes_nothing_and_can_be_asked_about_again() -> None:
    doubt = make_doubt(make_product(), gtin=GTIN)
    dismiss_item(doubt=doubt, by="ada", now=timezone.now())
    doubt.refresh_from_db()
    assert (doubt.decision, Offer.objects.count()) == ("dismissed", 0)
    reopen_item(doubt=doubt, now=timezone.now())
    doubt.refresh_from_db()
    assert doubt.decision == "open"


def test_two_editors_decide_once() -> None:
    product = make_product()
    doubt = make_doubt(product)
    match(doubt, product)
    with pytest.raises(DoubtError, match="decided it already"):
        dismiss_item(doubt=doubt, by="ben", now=timezone.now())
    with pytest.raises(DoubtError, match="ada decided it"):
        match(doubt, product)


def test_an_item_that_is_an_offer_of_another_product_by_now_is_left_alone() -> None:
    shop = make_merchant()
    product, other = make_product(), make_product("Two")
    make_offer(other, shop, merchant_sku="x1")
    with pytest.raises(DoubtError, match="offer of Acme Two by now"):
        match(make_doubt(product, shop), product)
    assert Offer.objects.get().product == other


def test_an_address_that_is_not_the_merchants_decides_nothing() -> None:
    product = make_product()
    doubt = make_doubt(product, gtin=GTIN, url="https://elsewhere.example/p/x1")
    with pytest.raises(DoubtError):
        match(doubt, product)
    doubt.refresh_from_db()
    assert (doubt.decision, codes(product), Offer.objects.count()) == ("open", [], 0)
