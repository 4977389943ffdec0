"""The ranking by sets of bits gives what looking at every product gives: to the last digit, over random catalogues."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers import Budget, needs_from_mapping
from recommender.counterfactuals import kinds_of, winner_of
from recommender.decision import Decision
from recommender.engine import decide
from recommender.facts import CandidateFacts
from recommender.ranking import Catalogue, Contest, demand_of, rank
from recommender.rules import load
from tests.recommender.lives import LIVES
from tests.recommender.made import decisions, products
from tests.recommender.many_products import many_products
from tests.recommender.ranking.simple_way import simple_repairs, simply
from tests.recommender.ranking.test_properties import many


def _same(need: Decision, found: list[CandidateFacts], catalogue: Catalogue, budget: Budget | None, limit: int) -> None:
    ranking = rank(need, catalogue, kind=need.kind, budget=budget, limit=limit)
    confirmed, unconfirmed, fit, may_fit = simply(need, found, kind=need.kind, budget=budget, limit=limit)
    assert (ranking.confirmed_count, ranking.unconfirmed_count) == (fit, may_fit)
    assert repr(ranking.confirmed) == repr(confirmed)
    assert repr(ranking.unconfirmed) == repr(unconfirmed)
    repairs = [
        (
            one.relaxation.keys,
            one.relaxation.budget and one.relaxation.budget.maximum,
            one.relaxation.opens,
            one.best.slug,
        )
        for one in ranking.repairs
    ]
    assert repairs == ([] if confirmed else simple_repairs(need, found, kind=need.kind, budget=budget))
    best = ranking.first
    contest = Contest(demand_of(need, kind=need.kind), catalogue)
    assert contest.first(budget) == (best.product if best else None)


@many
@given(decisions(), products(most=30), st.none() | st.integers(0, 400), st.integers(1, 8))
def test_small_catalogues(need: Decision, found: list[CandidateFacts], amount: int | None, limit: int) -> None:
    budget = None if amount is None else Budget(maximum=Decimal(amount), currency="USD")
    _same(need, found, Catalogue(found), budget, limit)


@pytest.mark.parametrize("seed", range(3))
def test_large_catalogues_for_our_own_people(seed: int) -> None:
    found = many_products(1500, seed=seed)
    catalogue = Catalogue(found)
    for life in LIVES[seed::12]:
        needs = needs_from_mapping(life["needs"])
        decided = decide(needs, load())
        for kind in kinds_of(decided, needs):
            _same(replace(decided, kind=kind), found, catalogue, needs.budget, 6)


def test_a_thousand_products_that_are_nearly_alike() -> None:
    """Ties in every criterion: only brands, forms, gaps and slugs tell them apart."""
    chance = random.Random(7)
    found = [
        replace(
            one,
            anc=True,
            wireless=True,
            comfort_long_wear=chance.choice([True, None]),
            high_fidelity=chance.choice([False, None]),
            prices=() if chance.random() < 0.5 else one.prices[:1],
            kind="headphones",
            types=("over-ear",),
            form_factor="over-ear",
        )
        for one in many_products(1200, seed=5)
    ]
    catalogue = Catalogue(found)
    for activity in ("music", "study_focus", "travel_passenger", "commuting"):
        needs = needs_from_mapping({"activities": [activity]})
        decided = decide(needs, load())
        _same(decided, found, catalogue, None, 6)
        _same(decided, found, catalogue, Budget(maximum=Decimal(300), currency="USD"), 6)


def test_who_stands_first_is_the_first_of_the_list() -> None:
    found = many_products(400, seed=9)
    for life in LIVES[::10]:
        needs = needs_from_mapping(life["needs"])
        decided = decide(needs, load())
        ranked = [rank(decided, found, kind=kind, budget=needs.budget) for kind in kinds_of(decided, needs)]
        first = next((one.first.product for one in ranked if one.first), None)
        if needs.mic_need != "forbidden":
            assert winner_of(decided, needs, Catalogue(found)) == first
