"""A maker the shopper refuses is in no list and in no repair."""

from __future__ import annotations

from dataclasses import replace

from recommender.ranking import rank
from tests.recommender.made import decision, product

BRANDS = ("Beats", "Beats by Dre", "Beatsons", "Sony")


def test_a_refused_maker_is_left_out_with_all_its_lines_and_nobody_else() -> None:
    products = [product(number, brand=brand) for number, brand in enumerate(BRANDS)]
    ranking = rank(replace(decision(), avoid_brands=("beats",)), products, kind="headphones")
    assert {item.product.brand for item in (*ranking.confirmed, *ranking.unconfirmed)} == {"Beatsons", "Sony"}


def test_no_repair_brings_a_refused_maker_back() -> None:
    only = product(1, brand="Sony", wireless=False)
    ranking = rank(replace(decision(must_have=("wireless",)), avoid_brands=("Sony",)), [only], kind="headphones")
    assert not ranking.confirmed
    assert not ranking.relaxations
