"""Demands narrow, and what is not known is neither true nor false: MC-20, MC-21."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from recommender.facts import CandidateFacts
from recommender.features import FEATURES, has
from recommender.ranking import Catalogue, filtered
from recommender.ranking.utility import utility_of
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, PRODUCTS, decided, ranked, rankings, slugs

FORGOTTEN = ("anc", "comfort_long_wear", "high_fidelity", "durable", "enclosure", "weight_g", "battery_hours", "radios")


# What makes the thing what it is, and no fact about it.
_IDENTITY = {"id", "slug", "name", "brand", "kind", "types", "prices", "price_is_stale", "scores", "form_factor"}


@pytest.mark.parametrize("fact", [field.name for field in fields(CandidateFacts) if field.name not in _IDENTITY])
def test_mc_21_a_forgotten_fact_makes_no_feature_true_or_false_that_was_not(fact: str) -> None:
    for product in PRODUCTS:
        lost = replace(product, **{fact: None})
        if lost == product:
            continue
        for feature in FEATURES:
            assert has(lost, feature) in (None, has(product, feature)), (feature, product)


def test_mc_20_a_wish_made_a_demand_only_narrows_and_unconfirmed_stay_below() -> None:
    checked = 0
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        if not decision.nice_to_have:
            continue
        wish = min(decision.nice_to_have)
        rest = {name: weight for name, weight in decision.nice_to_have.items() if name != wish}
        stronger = replace(decision, must_have=(*decision.must_have, wish), nice_to_have=rest)
        for before, after in zip(ranked(index), rankings(needs, stronger, CATALOGUE), strict=True):
            old, new = filtered(before.demand, CATALOGUE), filtered(after.demand, CATALOGUE)
            assert not new.confirmed & ~old.confirmed
            assert not new.unconfirmed & ~(old.confirmed | old.unconfirmed)
            assert all(has(item.product, wish) is True for item in after.confirmed)
            assert all(wish in item.gaps or has(item.product, wish) is True for item in after.unconfirmed)
        checked += 1
    assert checked > 250


def test_mc_21_a_lost_fact_widens_the_interval_and_lifts_nobody() -> None:
    checked = 0
    for index, needs in enumerate(PEOPLE):
        for before in ranked(index)[:1]:
            fact = FORGOTTEN[index % len(FORGOTTEN)]
            known = [item for item in before.confirmed if getattr(item.product, fact) is not None]
            if not known:
                continue
            product = known[-1].product
            lost = replace(product, **{fact: None})
            old, new = (utility_of(one, before.demand.criteria) for one in (product, lost))
            assert new.low <= old.low <= old.high <= new.high
            catalogue = Catalogue([lost if one is product else one for one in PRODUCTS])
            after = next(
                one for one in rankings(needs, decided(index), catalogue) if one.demand.kind == before.demand.kind
            )
            confirmed = [item.product.slug for item in after.confirmed]
            # whoever stood above it by utility still does, unless the list made room for variety
            for item in before.confirmed:
                if item.utility.low > old.low and product.slug in confirmed:
                    assert item.product.slug in slugs(after)
            fitting = filtered(after.demand, catalogue)
            place = catalogue.place_of(product.slug)
            assert place is not None
            out = [one for one in after.demand.constraints if one.test(lost) is False]
            assert (
                out
                or (fitting.confirmed | fitting.unconfirmed) >> place & 1
                or any(one.settled and one.test(lost) is None for one in after.demand.constraints)
            )
            for item in after.unconfirmed:
                assert item.gaps, "whoever is not confirmed is labelled with what is not known"
            checked += 1
    assert checked > 250
