"""The few products shown: best first, varied where that is cheap, and stable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from recommender.answers import Budget
from recommender.facts import CandidateFacts
from recommender.ranking import rank
from tests.recommender.made import decision, product

NEED = decision(types=("over-ear",), must_have=("anc",), nice_to_have={"comfort_long_wear": Decimal(1)})


def _names(*catalogue: CandidateFacts, limit: int = 5, budget: str | None = None) -> list[str]:
    limit_of_price = None if budget is None else Budget(maximum=Decimal(budget), currency="USD")
    ranking = rank(NEED, catalogue, kind="headphones", limit=limit, budget=limit_of_price)
    return [item.product.slug for item in (*ranking.confirmed, *ranking.unconfirmed)]


def _good(number: int, brand: str, price: str = "100", **facts: Any) -> CandidateFacts:
    return product(number, brand=brand, price=price, **({"anc": True, "comfort_long_wear": True} | facts))


def test_the_best_is_first_and_another_brand_comes_before_a_near_copy() -> None:
    small = {"rgb": Decimal("0.03"), "durable": Decimal("0.02"), "foldable": Decimal("0.01")}
    need = replace(NEED, nice_to_have={"comfort_long_wear": Decimal(1), **small})
    catalogue = [_good(3, "Beta", foldable=True), _good(2, "Alpha", durable=True), _good(1, "Alpha", rgb=True)]
    ranking = rank(need, catalogue, kind="headphones")
    assert [item.product.id for item in ranking.confirmed] == [1, 3, 2]


def test_a_product_that_is_beaten_on_every_point_steps_back() -> None:
    assert _names(_good(1, "Alpha", "100"), _good(2, "Beta", "104"), limit=1) == ["product-0001"]
    assert _names(_good(1, "Alpha", "100"), _good(2, "Beta", "104")) == ["product-0001", "product-0002"]


def test_variety_never_reaches_outside_the_window() -> None:
    poor = _good(3, "Beta", comfort_long_wear=False)
    assert _names(poor, _good(2, "Alpha"), _good(1, "Alpha")) == ["product-0001", "product-0002", "product-0003"]


def test_confirmed_products_stand_before_better_ones_that_are_not() -> None:
    unconfirmed = _good(1, "Alpha", "20", anc=None)
    confirmed = _good(2, "Beta", "300", comfort_long_wear=False)
    assert _names(unconfirmed, confirmed) == ["product-0002", "product-0001"]


def test_a_price_that_may_not_be_shown_makes_no_claim_about_the_budget() -> None:
    hidden = product(1, price=None, price_is_stale=True, anc=True)
    ranking = rank(NEED, [hidden], kind="headphones", budget=Budget(maximum=Decimal(50), currency="USD"))
    assert ranking.confirmed == ()
    assert ranking.unconfirmed[0].gaps == ("budget",)


def test_a_price_in_another_currency_is_not_compared_with_the_budget() -> None:
    euros = product(1, price="10", currency="EUR", anc=True)
    ranking = rank(NEED, [euros], kind="headphones", budget=Budget(maximum=Decimal(50), currency="USD"))
    assert ranking.unconfirmed[0].gaps == ("budget",)


def test_a_headset_with_only_an_inline_microphone_is_no_headset() -> None:
    need = decision(kind="headset")
    earphones = product(1, kind="headset", types=("bluetooth",), mic_grade="incidental")
    assert rank(need, [earphones], kind="headset").confirmed == ()


def test_where_microphones_are_forbidden_only_products_known_to_have_none_are_named() -> None:
    need = decision(excluded=("mic_builtin",))
    silent, unknown = product(1, mic_grade="none"), product(2)
    ranking = rank(need, [silent, unknown], kind="headphones", mic_forbidden=True)
    assert [item.product.slug for item in ranking.confirmed] == ["product-0001"]
    assert ranking.unconfirmed == ()


def test_raising_the_budget_names_the_lowest_price_that_helps() -> None:
    ranking = rank(
        NEED,
        [_good(1, "Alpha", "90"), _good(2, "Beta", "44")],
        kind="headphones",
        budget=Budget(maximum=Decimal(18), currency="USD"),
    )
    (repair,) = ranking.relaxations
    assert (repair.keys, repair.opens) == (("budget",), 1)
    assert repair.budget == Budget(maximum=Decimal(44), currency="USD")
    assert not ranking.is_match


def test_an_aviation_headset_is_not_replaced_by_another_type() -> None:
    need = decision(kind="headset", types=("aviation",))
    office = product(1, kind="headset", types=("business",), mic_grade="communication")
    assert rank(need, [office], kind="headset").relaxations == ()
