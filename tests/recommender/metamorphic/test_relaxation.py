"""An empty list is mended by the smallest steps there are: MC-22."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from recommender.answers import Budget
from recommender.counterfactuals import kinds_of
from recommender.ranking import rank
from recommender.ranking.constraints import BUDGET, KIND, NEVER_GIVEN_UP
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, PRODUCTS, decided
from tests.recommender.ranking.simple_way import simple_repairs


def test_mc_22_every_repair_is_as_small_as_brute_force_finds_it() -> None:
    empty = 0
    for index, needs in enumerate(PEOPLE):
        if needs.mic_need == "forbidden":
            continue
        decision = decided(index)
        budget = Budget(maximum=Decimal(8 + index % 40), currency="USD")
        for kind in kinds_of(decision, needs):
            ranking = rank(decision, CATALOGUE, kind=kind, budget=budget)
            if ranking.confirmed:
                assert not ranking.repairs
                continue
            empty += 1
            offered = []
            for one in ranking.repairs:
                raised = one.relaxation.budget and one.relaxation.budget.maximum
                offered.append((one.relaxation.keys, raised, one.relaxation.opens, one.best.slug))
            assert offered == simple_repairs(decision, PRODUCTS, kind=kind, budget=budget)
    assert empty >= 200


def test_mc_22_a_repair_opens_what_it_says_and_nothing_of_it_can_be_spared() -> None:
    for index, needs in enumerate(PEOPLE):
        tight = replace(needs, budget=Budget(maximum=Decimal(15), currency="USD"))
        decision = decided(index)
        for kind in kinds_of(decision, tight):
            forbidden = needs.mic_need == "forbidden"
            ranking = rank(decision, CATALOGUE, kind=kind, budget=tight.budget, mic_forbidden=forbidden)
            for repair in ranking.repairs:
                keys = repair.relaxation.keys
                assert not {KIND, *NEVER_GIVEN_UP} & set(keys)
                assert not any(key.startswith("not:") for key in keys)
                for spared in (None, *keys):
                    dropped = [key for key in keys if key not in (BUDGET, spared)]
                    raised = repair.relaxation.budget if spared != BUDGET else None
                    again = rank(
                        decision,
                        CATALOGUE,
                        kind=kind,
                        budget=raised or tight.budget,
                        mic_forbidden=forbidden,
                        given_up=dropped,
                    )
                    assert again.confirmed_count == (repair.relaxation.opens if spared is None else 0)
