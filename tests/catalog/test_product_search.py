from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.kinds import Kind, ProductType
from catalog.models import Price
from catalog.product_search import ProductSearch, brand_names, found_products, type_counts
from catalog.selectors import price_history
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


def models(search: ProductSearch) -> list[str]:
    return [product.model for product in found_products(search, now=timezone.now())]


def test_every_word_has_to_be_in_the_brand_or_the_model() -> None:
    make_product("WH-1000XM5", brand="Sony")
    make_product("WF-1000XM5", brand="Sony")
    make_product("HD 560S", brand="Sennheiser")
    assert models(ProductSearch(q="sony wh")) == ["WH-1000XM5"]
    assert models(ProductSearch(q="560")) == ["HD 560S"]
    assert models(ProductSearch(q="sony 560")) == []


def test_per_cent_and_underscore_are_characters_like_others() -> None:
    make_product("Plain")
    assert models(ProductSearch(q="%")) == []


def test_unknown_specs_do_not_count_as_having_something() -> None:
    make_product("Yes", kind="headphones", specs={"wireless": True, "anc": True})
    make_product("No", kind="headphones", specs={"wireless": False})
    make_product("Unknown", kind="headphones")
    assert models(ProductSearch(wireless=True)) == ["Yes"]
    assert models(ProductSearch(anc=True)) == ["Yes"]


def test_a_microphone_for_the_odd_call_is_not_one_for_calls() -> None:
    make_product("Odd", specs={"mic_grade": "incidental"})
    make_product("Calls", specs={"mic_grade": "communication"})
    assert models(ProductSearch(mic=True)) == ["Calls"]


def test_the_counts_are_what_each_filter_then_finds() -> None:
    make_product("A", kind="headphones", type="over-ear", specs={"wireless": True, "anc": True})
    make_product("B", kind="headphones", type="wireless", specs={"wireless": True})
    make_product("C", kind="headset", type="gaming", specs={"wireless": True})
    make_product("D")
    counts = type_counts(ProductSearch())
    for kind in Kind:
        assert counts[kind.value] == len(models(ProductSearch(kind=kind)))
    for name in ProductType:
        assert counts[name.value] == len(models(ProductSearch(type=name))), name


def test_the_lowest_price_that_may_be_shown_decides_the_order() -> None:
    now = timezone.now()
    shop, strict = make_merchant("Shop"), make_merchant("Strict", max_price_age=timedelta(hours=1))
    dear, cheap, stale, foreign = (make_product(name) for name in ("Dear", "Cheap", "Stale", "Foreign"))
    make_seen_offer(dear, shop, amount="300")
    make_seen_offer(cheap, shop, amount="100")
    make_seen_offer(stale, strict, amount="5", seen_at=now - timedelta(hours=2))
    make_seen_offer(foreign, make_merchant("Laden", currency="EUR"), amount="10")
    assert models(ProductSearch(sort="price")) == ["Cheap", "Dear", "Foreign", "Stale"]


def test_the_newest_come_first_and_unknown_years_last() -> None:
    make_product("Old", specs={"release_year": 2015})
    make_product("New", specs={"release_year": 2025})
    make_product("Ageless")
    assert models(ProductSearch(sort="newest")) == ["New", "Old", "Ageless"]


def test_brands_without_products_are_not_offered() -> None:
    make_product("One", brand="Acme")
    make_product("Gone", brand="Zed").delete()
    assert brand_names() == [("acme", "Acme")]


def test_a_history_is_shown_only_where_the_terms_allow_one() -> None:
    now = timezone.now()
    product = make_product()
    for merchant in (make_merchant("Open", history_allowed=True), make_merchant("Closed")):
        offer = make_seen_offer(product, merchant)
        for days, verdict in ((3, "accepted"), (2, "rejected"), (1, "accepted")):
            Price.objects.create(
                offer=offer,
                amount=100 + days,
                currency="USD",
                availability="in_stock",
                seen_at=now - timedelta(days=days),
                source="manual",
                verdict=verdict,
            )
    found = price_history(product.pk, since=now - timedelta(days=30))
    assert [history.merchant for history in found] == ["Open"]
    assert [amount for _, amount in found[0].points] == [103, 101]


def test_products_that_can_be_bought_come_first_unless_another_order_is_asked_for() -> None:
    make_product("A bare one")
    make_seen_offer(make_product("Sold"), make_merchant())
    assert models(ProductSearch()) == ["Sold", "A bare one"]
    assert models(ProductSearch(sort="name")) == ["A bare one", "Sold"]
