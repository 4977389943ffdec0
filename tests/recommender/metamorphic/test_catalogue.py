"""Other products in the catalogue only take the places they earn: MC-08 to MC-11."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from recommender.facts import CandidateFacts, KnownPrice
from recommender.features import has
from recommender.ranking import Catalogue, Ranking, rank
from recommender.ranking.utility import Criterion
from tests.recommender.many_products import many_products
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, PRODUCTS, decided, ranked, rankings, slugs, told

# Facts that a criterion of this name reads and nothing else does.
PLAIN = (
    "comfort_long_wear",
    "high_fidelity",
    "durable",
    "rgb",
    "professional_look",
    "accurate_sound",
    "glasses_friendly",
)


def _again(index: int, *more: CandidateFacts) -> Ranking:
    """The first list of this person, with more products in the catalogue."""
    needs, ranking = PEOPLE[index], ranked(index)[0]
    return rank(
        decided(index),
        Catalogue([*PRODUCTS, *more]),
        kind=ranking.demand.kind,
        budget=needs.budget,
        mic_forbidden=needs.mic_need == "forbidden",
    )


def _open_to_change(index: int) -> tuple[Ranking, Criterion] | None:
    """A person with a confirmed first product and a criterion that hangs on one plain fact."""
    found = ranked(index)
    if not found or not found[0].confirmed:
        return None
    mine = [item for item in found[0].demand.criteria if item.key in PLAIN]
    wished = [item for item in mine if item.key not in decided(index).must_have]
    return (found[0], wished[0]) if wished else None


def test_mc_08_products_that_cannot_fit_change_nothing() -> None:
    one_kind = [replace(one, id=1000 + one.id, slug=f"other-{one.slug}") for one in many_products(2000, seed=8)]
    for kind in ("headset", "headphones"):
        larger = Catalogue([*PRODUCTS, *(one for one in one_kind if one.kind != kind)])
        for index, needs in enumerate(PEOPLE):
            if decided(index).kind == kind:
                assert told(rankings(needs, decided(index), larger)) == told(ranked(index))


def test_mc_08_products_that_fail_one_demand_change_nothing() -> None:
    for index in range(0, len(PEOPLE), 4):
        found = ranked(index)
        must = [name for name in decided(index).must_have if name in PLAIN or name in ("anc", "volume_limited")]
        if found and found[0].confirmed and must:
            top = found[0].confirmed[0].product
            failing = [replace(top, slug=f"failing-{n}", **{must[0]: False}) for n in range(50)]
            assert told((_again(index, *failing),)) == told(found[:1])


def test_mc_09_a_copy_that_is_worse_in_one_point_stands_below() -> None:
    checked = 0
    for index in range(len(PEOPLE)):
        case = _open_to_change(index)
        if case is None:
            continue
        ranking, criterion = case
        top = ranking.confirmed[0]
        if has(top.product, criterion.key) is not True:
            continue
        after = _again(index, replace(top.product, slug="a-worse-copy", **{criterion.key: False}))
        assert after.confirmed[0].product == top.product
        lows = {item.product.slug: item.utility.low for item in after.confirmed}
        assert lows.get("a-worse-copy", Decimal(-1)) < top.utility.low
        checked += 1
    assert checked > 100


def test_mc_10_a_copy_that_is_better_in_one_point_comes_first() -> None:
    checked = 0
    for index in range(len(PEOPLE)):
        case = _open_to_change(index)
        if case is None or has(case[0].confirmed[0].product, case[1].key) is not False:
            continue
        top = case[0].confirmed[0].product
        better = replace(top, slug="z-better-copy", **{case[1].key: True})
        assert _again(index, better).confirmed[0].product == better
        checked += 1
    assert checked > 15


def test_mc_10_the_same_for_less_money_comes_first() -> None:
    for index in range(0, len(PEOPLE), 3):
        found = ranked(index)
        if found and found[0].confirmed and (prices := found[0].confirmed[0].product.prices):
            top = found[0].confirmed[0].product
            cheaper = tuple(KnownPrice(amount=one.amount / 2, currency=one.currency) for one in prices)
            better = replace(top, slug="z-cheaper-copy", prices=cheaper)
            assert _again(index, better).confirmed[0].product == better


def test_mc_11_an_exact_copy_moves_nobody() -> None:
    for index in range(len(PEOPLE)):
        if not ranked(index):
            continue
        before = ranked(index)[0]
        original = CATALOGUE.products[index % len(CATALOGUE)]
        if index % 2 and before.confirmed:
            original = before.confirmed[-1].product
        after = _again(index, replace(original, slug=f"{original.slug}-copy", id=10**6))
        pair = {original.slug, f"{original.slug}-copy"}
        left, now = ([name for name in slugs(one) if name not in pair] for one in (before, after))
        assert [name for name in now if name in left] == [name for name in left if name in now]
        assert len(slugs(after)) <= len(slugs(before)) + 1
        utilities = {item.product.slug: item.utility for item in (*after.confirmed, *after.unconfirmed)}
        if pair <= set(utilities):
            assert len({utilities[name] for name in pair}) == 1
