"""The same money in another currency buys the same: MC-12."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from recommender.answers import Budget
from recommender.facts import KnownPrice
from recommender.ranking import Catalogue
from tests.recommender.metamorphic.population import PEOPLE, PRODUCTS, decided, rankings, told

RATE = Decimal("0.9")


def _in_both(amount: Decimal) -> tuple[KnownPrice, ...]:
    return (KnownPrice(amount=amount * RATE, currency="EUR"), KnownPrice(amount=amount, currency="USD"))


def test_mc_12_a_budget_restated_at_the_same_rate_finds_the_same() -> None:
    priced = [
        replace(one, prices=_in_both(amount) if (amount := one.price_in("USD")) is not None else ()) for one in PRODUCTS
    ]
    catalogue = Catalogue(priced)
    for index, needs in enumerate(PEOPLE):
        dollars = Decimal(20 + index % 30 * 10)
        euros = (dollars * RATE).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
        one, other = (
            rankings(replace(needs, budget=Budget(maximum=amount, currency=code)), decided(index), catalogue)
            for amount, code in ((dollars, "USD"), (euros, "EUR"))
        )
        assert [r.confirmed_count for r in one] == [r.confirmed_count for r in other]
        assert [[i.product for i in r.confirmed] for r in one] == [[i.product for i in r.confirmed] for r in other]
        for mine, theirs in zip(one, other, strict=True):
            assert [r.relaxation.keys for r in mine.repairs] == [r.relaxation.keys for r in theirs.repairs]
            for a, b in zip(mine.repairs, theirs.repairs, strict=True):
                if a.relaxation.budget and b.relaxation.budget:
                    assert a.relaxation.budget.maximum * RATE == b.relaxation.budget.maximum


def test_a_price_in_a_currency_without_a_rate_is_never_compared_with_the_budget() -> None:
    for index, needs in enumerate(PEOPLE[:60]):
        yen = replace(needs, budget=Budget(maximum=Decimal(10_000_000), currency="XXX"))
        assert not any(one.confirmed for one in rankings(yen, decided(index), Catalogue(PRODUCTS)))
        assert told(rankings(yen, decided(index), Catalogue(PRODUCTS)))
