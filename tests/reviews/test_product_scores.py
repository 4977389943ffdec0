"""The catalogue is filtered and sorted by the scores that its cards print."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facets.asked import Asked, Found, Range
from catalog.product_index import find_products
from reviews import selectors
from reviews.product_scores import product_scores
from tests.factories import make_product, make_review
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def found(**asked: object) -> Found:
    return find_products(Asked(**asked), start=0, size=10, now=timezone.now())  # type: ignore[arg-type]


def test_a_product_is_found_by_the_score_its_card_prints() -> None:
    method, products = make_method(), [make_product(name) for name in ("One", "Two", "Three", "Four")]
    give(method, products[0], sound="8.0", comfort="9.0", carrying="5.0")
    give(method, products[1], sound="9.0", comfort="9.0", carrying="9.0")
    make_review(products[1], score="6.5")  # what a review says counts as long as it stands
    make_review(products[2], score="7.0")
    printed = {pk: facts.overall_score for pk, facts in selectors.facts_of(products, now=timezone.now()).items()}
    answer = found(sort="score")
    wanted = sorted(printed, key=lambda pk: -(printed[pk] or 0))
    assert answer.ids == tuple(wanted)
    assert answer.spans["score"] == (Decimal("6.5"), printed[products[0].pk])
    good = found(ranges={"score": Range(low=Decimal(7))}).ids
    assert set(good) == {pk for pk, score in printed.items() if score is not None and score >= 7}


def test_a_use_case_finds_what_is_good_for_it_and_orders_by_it() -> None:
    method, light, heavy = make_method(), make_product("Light"), make_product("Heavy")
    give(method, light, sound="6.0", comfort="6.0", carrying="10.0")
    give(method, heavy, sound="9.0", comfort="9.0", carrying="1.0")
    answer = found(choices={"use_case": frozenset({"desk"})})
    assert answer.ids == (heavy.pk,)
    assert answer.counts["use_case"] == {"everyday": 1, "desk": 1}
    assert answer.labels["use_case"] == {"everyday": "Every day", "desk": "At a desk"}
    assert found(sort="score:desk").ids == (heavy.pk, light.pk)


def test_the_number_of_queries_does_not_follow_that_of_the_products() -> None:
    method = make_method()

    def queries(count: int) -> int:
        for number in range(count):
            product = make_product(f"Model {count} {number}")
            give(method, product, sound="8.0", comfort="9.0", carrying="5.0")
        with CaptureQueriesContext(connection) as asked:
            product_scores(None)
        return len(asked)

    assert queries(2) == queries(12)
