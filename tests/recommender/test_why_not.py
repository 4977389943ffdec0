"""Why not this product? What is said is what the list was made by."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from recommender.answers import needs_from_mapping
from recommender.counterfactuals import winner_of
from recommender.engine import decide
from recommender.facts import CandidateFacts
from recommender.ranking import Catalogue
from recommender.rules import shipped
from recommender.why_not import WhyNot, why_not
from tests.recommender.made import product
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, decided, ranked, rules
from tests.recommender.ranking.simple_way import simply

MUSIC: dict[str, Any] = {"activities": ["music"], "budget": {"max": 100, "currency": "USD"}}


def _why(needs: dict[str, Any], slug: str, *catalogue: CandidateFacts) -> WhyNot | None:
    return why_not(needs_from_mapping(needs), slug, Catalogue(catalogue), shipped())


GOOD = product(1, price="50", high_fidelity=True, comfort_long_wear=True)
POOR = product(2, price="50", high_fidelity=False, comfort_long_wear=True)


def test_the_first_one_is_first_and_its_rival_is_behind_by_what_it_lacks() -> None:
    first, second = _why(MUSIC, GOOD.slug, GOOD, POOR), _why(MUSIC, POOR.slug, GOOD, POOR)
    assert first is not None
    assert second is not None
    assert (first.verdict, first.rival, first.would_win) == ("first", None, None)
    assert (second.verdict, second.rival, second.place) == ("listed", GOOD, 2)
    assert [lead.key for lead in second.behind] == ["high_fidelity"]
    assert second.is_beaten


def test_a_price_above_the_budget_is_named_with_the_budget_that_would_do() -> None:
    dear = replace(GOOD, slug="dear", prices=product(1, price="120").prices)
    found = _why(MUSIC, "dear", dear, POOR)
    assert found is not None
    assert (found.verdict, found.failed, found.may_give_up) == ("out", ("budget",), ("budget",))
    assert found.would_win is not None
    assert found.would_win.key == "budget:+25%"


def test_another_kind_is_named_and_never_offered_to_be_given_up() -> None:
    found = _why(MUSIC, "set", replace(GOOD, slug="set", kind="headset", types=("gaming",)), POOR)
    assert found is not None
    assert "kind" in found.failed
    assert found.may_give_up == ()


def test_what_is_not_known_is_not_said_to_be_missing() -> None:
    needs = {"activities": ["travel_passenger"], "environment": ["aeroplane_cabin"], "isolation": "high"}
    found = _why(needs, "open", replace(GOOD, slug="open", anc=None), replace(POOR, anc=True))
    assert found is not None
    assert (found.verdict, found.failed) == ("unconfirmed", ())
    assert "anc" in found.unknown


def test_a_stranger_and_needs_without_a_use_have_no_answer() -> None:
    assert _why(MUSIC, "nobody", GOOD) is None
    assert _why({}, GOOD.slug, GOOD) is None


def test_for_everybody_and_any_product_the_word_is_true() -> None:
    for index in range(0, len(PEOPLE), 6):
        needs, wanted = PEOPLE[index], CATALOGUE.products[index * 7 % len(CATALOGUE)]
        found = why_not(needs, wanted.slug, CATALOGUE, rules())
        if found is None:
            continue
        constraints = {item.key: item.test(wanted) for one in ranked(index) for item in one.demand.constraints}
        assert all(constraints[key] is not True for key in found.failed)
        forbidden = needs.mic_need == "forbidden"
        everything = simply(
            decided(index), CATALOGUE.products, kind=found.kind, budget=needs.budget, mic_forbidden=forbidden, limit=999
        )
        if found.verdict == "out":
            assert wanted not in [item.product for part in everything[:2] for item in part]
        elif found.unknown:
            assert [item.product for item in everything[1]].index(wanted) + 1 == found.place
        if found.would_win is not None:
            other = found.would_win.applied(needs)
            assert winner_of(decide(other, rules()), other, CATALOGUE) == wanted
        assert all(lead.points > Decimal(0) for lead in (*found.behind, *found.ahead))
