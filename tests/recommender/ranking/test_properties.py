"""What holds for every need and every catalogue: the metamorphic checks MC-01, 02, 03, 08, 09, 10, 11, 20, 21, 22."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from recommender.answers import Budget
from recommender.decision import Decision
from recommender.facts import CandidateFacts, KnownPrice
from recommender.ranking import Ranking, rank
from recommender.ranking.constraints import BUDGET, KIND, NEVER_GIVEN_UP, constraints_of
from recommender.ranking.utility import criteria_of, utility_of
from tests.recommender.made import WISHES, decision, decisions, product, products

many = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def usd(amount: int | Decimal | None) -> Budget | None:
    return None if amount is None else Budget(maximum=Decimal(amount), currency="USD")


def ranked(
    need: Decision, catalogue: list[CandidateFacts], budget: int | Decimal | None = None, limit: int = 50
) -> Ranking:
    return rank(need, catalogue, kind=need.kind, budget=usd(budget), limit=limit)


def names(ranking: Ranking) -> list[str]:
    return [item.product.slug for item in (*ranking.confirmed, *ranking.unconfirmed)]


def best(ranking: Ranking) -> Decimal:
    return max((item.utility.low for item in (*ranking.confirmed, *ranking.unconfirmed)), default=Decimal(-1))


@many
@given(decisions(), products(), st.integers(10, 400), st.integers(0, 400))
def test_mc_01_a_larger_budget_never_makes_the_best_worse(
    need: Decision, catalogue: list[CandidateFacts], budget: int, more: int
) -> None:
    small, large, none = (ranked(need, catalogue, amount) for amount in (budget, budget + more, None))
    assert best(small) <= best(large) <= best(none)
    assert set(names(small)) <= set(names(large)) <= set(names(none))
    first = {item.product.slug: item.utility for item in (*small.confirmed, *small.unconfirmed)}
    second = {item.product.slug: item.utility for item in (*large.confirmed, *large.unconfirmed)}
    assert all(second[slug] == utility for slug, utility in first.items())


@many
@given(decisions(), products(complete=True))
def test_mc_02_a_shrinking_budget_ends_in_a_repair_and_never_above_the_budget(
    need: Decision, catalogue: list[CandidateFacts]
) -> None:
    before: set[str] | None = None
    anything = bool(ranked(need, catalogue).confirmed)
    for budget in (400, 200, 100, 60, 20, 0):
        ranking = ranked(need, catalogue, budget)
        feasible = {item.product.slug for item in ranking.confirmed}
        assert before is None or feasible <= before
        assert all(item.product.prices[0].amount <= budget for item in ranking.confirmed)
        if anything and not feasible:
            assert ranking.relaxations
        before = feasible


@many
@given(decisions(), products(), st.integers(10, 400), st.randoms(use_true_random=False))
def test_mc_03_the_order_and_the_ids_of_the_catalogue_do_not_matter(
    need: Decision, catalogue: list[CandidateFacts], budget: int, chance: random.Random
) -> None:
    shuffled = [replace(item, id=chance.randrange(10**6)) for item in catalogue]
    chance.shuffle(shuffled)
    one, other = ranked(need, catalogue, budget), ranked(need, shuffled, budget)
    assert names(one) == names(other)
    assert [item.keys for item in one.relaxations] == [item.keys for item in other.relaxations]


@many
@given(decisions(), products(), st.integers(1, 40))
def test_mc_08_products_that_cannot_fit_change_nothing(
    need: Decision, catalogue: list[CandidateFacts], count: int
) -> None:
    other_kind = "headset" if need.kind == "headphones" else "headphones"
    noise = [product(1000 + n, kind=other_kind, price=str(1 + n), anc=True, types=()) for n in range(count)]
    if need.must_have:
        noise += [
            product(2000 + n, kind=need.kind, types=need.types[:1], **{need.must_have[0]: False}) for n in range(count)
        ]
    before, after = ranked(need, catalogue), ranked(need, catalogue + noise)
    assert names(before) == names(after)
    assert [item.utility for item in before.confirmed] == [item.utility for item in after.confirmed]


@many
@given(decisions(), products(complete=True), st.data())
def test_mc_09_a_copy_that_is_worse_in_one_point_stands_below(
    need: Decision, catalogue: list[CandidateFacts], data: st.DataObject
) -> None:
    before = ranked(need, catalogue)
    assume(before.confirmed)
    top = before.confirmed[0].product
    worse = replace(top, slug="worse", prices=(KnownPrice(amount=top.prices[0].amount + 5, currency="USD"),))
    wishes = [name for name in need.nice_to_have if getattr(top, name) is True]
    if wishes and data.draw(st.booleans()):
        worse = replace(top, slug="worse", **{data.draw(st.sampled_from(wishes)): False})
    after = ranked(need, [worse, *catalogue])
    assert after.confirmed[0].product == top
    listed = {item.product.slug: item.utility.low for item in (*after.confirmed, *after.unconfirmed)}
    assert listed.get("worse", Decimal(-1)) < listed[top.slug]


@many
@given(decisions(), products(complete=True))
def test_mc_10_a_copy_that_is_better_in_one_point_comes_first(need: Decision, catalogue: list[CandidateFacts]) -> None:
    before = ranked(need, catalogue)
    assume(before.confirmed)
    top = before.confirmed[0].product
    missing = [name for name in need.nice_to_have if getattr(top, name) is False and name not in need.excluded]
    assume(missing)
    better = replace(top, slug="zz-better", **{missing[0]: True, "transparency": True})
    assert ranked(need, [*catalogue, better]).confirmed[0].product == better


@many
@given(decisions(), products(), st.sampled_from(["aa-clone", "zz-clone"]), st.integers(0, 13), st.integers(2, 20))
def test_mc_11_an_exact_copy_moves_nobody(
    need: Decision, catalogue: list[CandidateFacts], slug: str, which: int, limit: int
) -> None:
    original = catalogue[which % len(catalogue)]
    before = ranked(need, catalogue, limit=limit)
    after = ranked(need, [*catalogue, replace(original, slug=slug, id=10**6)], limit=limit)
    rest = {slug, original.slug}
    left = [name for name in names(before) if name not in rest]
    now = [name for name in names(after) if name not in rest]
    assert [name for name in now if name in left] == [name for name in left if name in now]
    assert len(names(after)) <= len(names(before)) + 1
    utilities = {item.product.slug: item.utility for item in (*after.confirmed, *after.unconfirmed)}
    if rest <= set(utilities):
        assert utilities[slug] == utilities[original.slug]


@many
@given(decisions(), products())
def test_mc_20_a_wish_made_a_demand_only_narrows_and_unconfirmed_stay_below(
    need: Decision, catalogue: list[CandidateFacts]
) -> None:
    assume(need.nice_to_have)
    wish = min(need.nice_to_have)
    stronger = replace(
        need,
        must_have=(*need.must_have, wish),
        nice_to_have={name: weight for name, weight in need.nice_to_have.items() if name != wish},
    )
    before, after = ranked(need, catalogue), ranked(stronger, catalogue)
    assert set(names(after)) <= set(names(before))
    assert all(wish in item.gaps or getattr(item.product, wish) is True for item in after.unconfirmed)
    assert all(getattr(item.product, wish) is True for item in after.confirmed)


@many
@given(decisions(), products(complete=True), st.sampled_from([*WISHES, "price"]), st.integers(0, 13))
def test_mc_21_a_lost_fact_widens_the_interval_and_lifts_nobody(
    need: Decision, catalogue: list[CandidateFacts], fact: str, which: int
) -> None:
    place = which % len(catalogue)
    known = catalogue[place]
    lost = replace(known, prices=()) if fact == "price" else replace(known, **{fact: None})
    criteria = criteria_of(need, kind=need.kind)
    before, after = utility_of(known, criteria), utility_of(lost, criteria)
    assert after.low <= before.low <= before.high <= after.high
    old = names(ranked(need, catalogue))
    ranking = ranked(need, [*catalogue[:place], lost, *catalogue[place + 1 :]])
    new = names(ranking)
    if known.slug in old:
        above = set(old[: old.index(known.slug)])
        assert known.slug in new
        assert above <= set(new[: new.index(known.slug)])
    if any(item.product == lost and fact in item.gaps for item in ranking.unconfirmed):
        assert not any(item.product == lost for item in ranking.confirmed)


def _brute_force(
    need: Decision, catalogue: list[CandidateFacts], budget: Budget
) -> tuple[dict[frozenset[str], int], list[frozenset[str]]]:
    """Costs of all sets of demands that open something, and those of them from which nothing can be spared."""
    constraints = constraints_of(need, kind=need.kind, budget=budget, mic_forbidden=False)
    loose = [item for item in constraints if item.cost is not None]
    opening: dict[frozenset[str], int] = {}
    for size in range(len(loose) + 1):
        for dropped in combinations(loose, size):
            kept = [item for item in constraints if item not in dropped]
            if any(all(item.test(one) is True for item in kept) for one in catalogue if one.prices):
                opening[frozenset(item.key for item in dropped)] = sum(item.cost or 0 for item in dropped)
    minimal = [keys for keys in opening if not any(other < keys for other in opening)]
    return opening, minimal


@many
@given(decisions(), products(most=8), st.integers(0, 120))
def test_mc_22_repairs_are_exactly_the_smallest_ones(
    need: Decision, catalogue: list[CandidateFacts], budget: int
) -> None:
    ranking = ranked(need, catalogue, budget)
    limit = usd(budget)
    assert limit is not None
    opening, minimal = _brute_force(need, catalogue, limit)
    if ranking.confirmed:
        assert ranking.relaxations == ()
        return
    offered = [frozenset(item.keys) for item in ranking.relaxations]
    assert len(offered) == min(3, len(minimal))
    assert all(keys in minimal for keys in offered)
    for item in ranking.relaxations:
        assert not {KIND, *NEVER_GIVEN_UP} & set(item.keys)
        again = rank(
            need,
            catalogue,
            kind=need.kind,
            budget=item.budget if BUDGET in item.keys else limit,
            given_up=[key for key in item.keys if key != BUDGET],
        )
        assert again.confirmed_count == item.opens
    if offered:
        assert ranking.relaxations[0].cost == min(opening.values())


def test_a_demand_for_safety_is_never_offered_up() -> None:
    need = decision(must_have=("volume_limited", "child_size"), excluded=("in-ear",))
    loud = product(volume_limited=False, child_size=True)
    assert rank(need, [loud], kind="headphones").relaxations == ()
