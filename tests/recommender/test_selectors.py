"""What the catalogue's rows become as candidates."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import AudioSpecs
from catalog.terms import Use
from recommender.facts import CandidateFacts
from recommender.selectors import candidates
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


def _only(**options: object) -> CandidateFacts:
    (found,) = candidates(now=timezone.now(), **options).facts  # type: ignore[arg-type]
    return found


def test_specs_arrive_as_they_are_and_unknown_stays_unknown() -> None:
    specs = {"anc": True, "radios": ["bluetooth"], "weight_g": Decimal("254.0"), "form_factor": "over-ear"}
    make_product(kind="headphones", type="over-ear", specs=specs)
    facts = _only()
    assert (facts.anc, facts.radios, facts.weight_g) == (True, frozenset({"bluetooth"}), Decimal("254.0"))
    assert (facts.foldable, facts.connectors, facts.types) == (None, None, ("over-ear", "noise-cancelling"))


def test_a_product_without_specs_is_a_candidate_of_which_little_is_known() -> None:
    AudioSpecs.objects.filter(product=make_product(kind="headphones")).delete()
    assert _only().form_factor is None


def test_the_lowest_total_per_currency_counts_shipping_included() -> None:
    product = make_product(kind="headphones")
    make_seen_offer(product, make_merchant("A"), amount="90.00", shipping_amount=Decimal("15.00"))
    make_seen_offer(product, make_merchant("B"), amount="100.00")
    make_seen_offer(product, make_merchant("C", currency="EUR", country="DE"), amount="80.00")
    facts = _only()
    assert (facts.price_in("USD"), facts.price_in("EUR"), facts.price_in("GBP")) == (Decimal(100), Decimal(80), None)


@pytest.mark.parametrize(
    "offer",
    [
        {"condition": "used"},
        {"availability": "out_of_stock"},
        {"availability": "unknown"},
        {"seen_at": timezone.now() - timedelta(days=9)},
    ],
)
def test_prices_nobody_can_pay_for_a_new_one_now_are_no_prices(offer: dict[str, object]) -> None:
    make_seen_offer(make_product(kind="headphones"), make_merchant(used_allowed=True), **offer)  # type: ignore[arg-type]
    facts = _only()
    assert facts.prices == ()
    assert facts.price_is_stale


def test_a_dearer_offer_that_can_be_ordered_counts_before_a_cheap_one_of_unknown_stock() -> None:
    product = make_product(kind="headphones")
    make_seen_offer(product, make_merchant("A"), amount="50.00", availability="unknown")
    make_seen_offer(product, make_merchant("B"), amount="100.00")
    assert _only().price_in("USD") == Decimal(100)


def test_the_api_sees_only_prices_it_may_carry() -> None:
    make_seen_offer(make_product(kind="headphones"), make_merchant(api_allowed=False))
    assert _only().prices
    assert _only(use=Use.API).prices == ()


def test_discontinued_products_products_of_unknown_kind_and_of_another_kind_are_left_out() -> None:
    make_product("Old", kind="headphones", status="discontinued")
    make_product("Odd")
    make_product("Set", kind="headset")
    assert candidates(now=timezone.now(), kinds=["headphones"]).facts == ()


def test_nothing_about_networks_or_pay_reaches_the_ranking() -> None:
    words = {word for field in fields(CandidateFacts) for word in field.name.split("_")}
    assert words.isdisjoint({"commission", "network", "merchant", "rate", "tag", "epc", "payout"})
