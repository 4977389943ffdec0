"""The budget opens and closes the list; it never moves a utility or the kind: MC-01, MC-02, MC-16."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from recommender.answers import Budget, Needs
from recommender.engine import decide
from recommender.ranking import demand_of, filtered
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, decided, rankings, rules, slugs

EVERYBODY = len(CATALOGUE)


def _with(needs: Needs, amount: Decimal | None) -> Needs:
    return replace(needs, budget=None if amount is None else Budget(maximum=amount, currency="USD"))


def test_mc_01_a_larger_budget_never_makes_the_best_worse() -> None:
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        amount = Decimal(60) + index % 7 * 25
        best, known = [], {}
        before = 0
        for larger in (amount, amount * Decimal("1.01"), amount * Decimal("1.1"), amount * 2, None):
            found = rankings(_with(needs, larger), decision, CATALOGUE)
            listed = [item for one in found for item in one.confirmed]
            best.append(max((item.utility.low for item in listed), default=Decimal(-1)))
            for item in listed:
                assert known.setdefault((item.product.slug, item.product.kind), item.utility) == item.utility
            fits = 0
            for one in found:
                fits |= filtered(one.demand, CATALOGUE).confirmed
            assert not before & ~fits, "whoever fits before fits with more money"
            before = fits
        assert best == sorted(best), needs


def test_mc_02_a_shrinking_budget_ends_in_a_repair_and_never_above_the_budget() -> None:
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        for kind in ("headset", "headphones"):
            if decision.kind not in (kind, "either") or not needs.activities:
                continue
            before = EVERYBODY
            for amount in (300, 120, 60, 20, 0):
                limited = _with(needs, Decimal(amount))
                (one,) = (r for r in rankings(limited, decision, CATALOGUE) if r.demand.kind == kind)
                assert one.confirmed_count <= before
                assert all((item.product.price_in("USD") or 0) <= amount for item in one.confirmed)
                before = one.confirmed_count
            forbidden = needs.mic_need == "forbidden"
            free = demand_of(decision, kind=kind, mic_forbidden=forbidden)
            if filtered(free, CATALOGUE).confirmed & CATALOGUE.priced("USD"):
                assert one.repairs, needs
                assert not one.confirmed


def test_mc_16_the_budget_never_decides_the_kind() -> None:
    for index, needs in enumerate(PEOPLE):
        before = decided(index)
        for amount in (None, Decimal(5), Decimal(150), Decimal(900)):
            after = decide(_with(needs, amount), rules())
            assert (after.kind, after.margin, after.types) == (before.kind, before.margin, before.types)
            # the price clause itself is only heard of when a budget was named
            votes = [[(r.rule_id, r.contribution) for r in one.fired if r.contribution] for one in (before, after)]
            assert votes[0] == votes[1]


def test_no_product_is_named_twice() -> None:
    for index, needs in enumerate(PEOPLE[::10]):
        for one in rankings(needs, decided(index * 10), CATALOGUE):
            assert len(slugs(one)) == len(set(slugs(one)))
