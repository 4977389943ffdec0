from __future__ import annotations

import pytest

from catalog.offer_words import availability, best_of, condition
from catalog.reading import Availability, Condition


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("in stock", Availability.IN_STOCK),
        ("in_stock", Availability.IN_STOCK),
        ("InStock", Availability.IN_STOCK),
        ("https://schema.org/InStock", Availability.IN_STOCK),
        ("  http://schema.org/InStock/ ", Availability.IN_STOCK),
        ("LimitedAvailability", Availability.IN_STOCK),
        ("OnlineOnly", Availability.IN_STOCK),
        ("SoldOut", Availability.OUT_OF_STOCK),
        ("out of stock", Availability.OUT_OF_STOCK),
        ("https://schema.org/Discontinued", Availability.DISCONTINUED),
        ("PreSale", Availability.PRE_ORDER),
        ("preorder", Availability.PRE_ORDER),
        ("BackOrder", Availability.BACK_ORDER),
        ("MadeToOrder", Availability.BACK_ORDER),
        ("InStoreOnly", Availability.UNKNOWN),
        ("NOT SOLD", Availability.UNKNOWN),
        ("", Availability.UNKNOWN),
    ],
)
def test_understands_words_for_stock(text: str, meaning: Availability) -> None:
    assert availability(text) is meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("new", Condition.NEW),
        ("https://schema.org/NewCondition", Condition.NEW),
        ("UsedCondition", Condition.USED),
        ("RefurbishedCondition", Condition.REFURBISHED),
        ("open box", Condition.USED),
        ("burning", None),
    ],
)
def test_understands_words_for_condition(text: str, meaning: Condition | None) -> None:
    assert condition(text) is meaning


def test_one_variant_that_can_be_had_is_enough() -> None:
    assert best_of([Availability.OUT_OF_STOCK, Availability.IN_STOCK]) is Availability.IN_STOCK
    assert best_of([Availability.OUT_OF_STOCK, Availability.UNKNOWN]) is Availability.UNKNOWN
    assert best_of([]) is Availability.UNKNOWN


@pytest.mark.parametrize("text", ["used_like_new", "used_good", "Used - fair", "Like New", "open_box_new"])
def test_every_grade_of_used_is_used(text: str) -> None:
    assert condition(text) is Condition.USED
