"""What hangs on prices: three answers, and "cannot be told" wherever a shop was silent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.money.exchange import Rates
from catalog.reading import Availability, Condition
from catalog.shown_offer import LinkTrouble, Trouble
from catalog.terms import Terms
from reviews.conditions import CONDITIONS
from reviews.conditions.base import Outcome, State
from reviews.watch_facts import Watched, lowest
from tests.reviews.conditions.facts import NOW, facts, offer, watched

STALE = NOW - timedelta(hours=30)
AMOUNTS = st.decimals("0.01", "999999", places=2)


def below(limit: str, product: Watched, currency: str = "USD", **fields: object) -> Outcome:
    return CONDITIONS["price_below"].judge({"amount": limit, "currency": currency}, facts(product, **fields))


def above(limit: str, product: Watched) -> Outcome:
    return CONDITIONS["price_above"].judge({"amount": limit, "currency": "USD"}, facts(product))


def cheapest(product: Watched, *others: Watched) -> Outcome:
    return CONDITIONS["cheapest_among"].judge({"currency": "USD"}, facts(product, *others))


def test_a_price_below_the_limit_holds_until_its_licence_ends() -> None:
    outcome = below("50", watched(offer("49.90")))
    assert outcome == Outcome(State.HOLDS, "It costs $49.90 at North.", NOW + timedelta(hours=23))


def test_a_price_at_the_limit_is_not_below_it() -> None:
    assert below("50", watched(offer("50"))).state is State.BROKEN


def test_a_silent_shop_leaves_it_undecided_and_is_named() -> None:
    outcome = below("50", watched(offer("51"), offer("45", "South", seen_at=STALE)))
    assert outcome.state is State.UNKNOWN
    assert outcome.reason == "The least we know of is $51.00 at North. The price at South could not be read."


def test_a_shop_that_never_lets_its_price_be_shown_is_not_waited_for() -> None:
    product = watched(offer("51"), offer(None, "Riverine", terms=Terms(prices_allowed=False)))
    assert below("50", product).state is State.BROKEN


def test_what_is_sold_out_used_or_behind_a_dead_link_does_not_count() -> None:
    dead = LinkTrouble(trouble=Trouble.GONE, checked_at=NOW - timedelta(hours=1))
    product = watched(
        offer("60"),
        offer("10", "A", availability=Availability.OUT_OF_STOCK),
        offer("11", "B", condition=Condition.USED, terms=Terms(used_allowed=True)),
        offer("12", "C", trouble=dead),
    )
    assert below("50", product).state is State.BROKEN


def test_another_currency_is_converted_by_the_days_rate_and_says_so() -> None:
    rates = Rates([(date(2026, 5, 4), "USD", Decimal("1.25"))])
    product = watched(offer("40", currency="EUR"))
    outcome = below("51", product, rates=rates)
    assert outcome.state is State.HOLDS
    assert outcome.reason == "It costs €40.00 (about $50.00 at the day’s rate) at North."
    assert outcome.recheck_at == NOW + timedelta(hours=12)


def test_without_a_rate_it_cannot_be_told() -> None:
    outcome = below("51", watched(offer("40", currency="EUR")))
    assert outcome.state is State.UNKNOWN
    assert "no rate from EUR to USD" in outcome.reason


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=6), limit=AMOUNTS)
def test_below_and_above_are_never_both_true_nor_both_broken(amounts: list[Decimal], limit: Decimal) -> None:
    product = watched(*(offer(str(amount), f"Shop {n}") for n, amount in enumerate(amounts)))
    states = {below(str(limit), product).state, above(str(limit), product).state}
    assert states == {State.HOLDS, State.BROKEN}
    assert (below(str(limit), product).state is State.HOLDS) == (min(amounts) < limit)


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=6), limit=AMOUNTS)
def test_one_more_silent_shop_never_breaks_a_claim(amounts: list[Decimal], limit: Decimal) -> None:
    product = watched(*(offer(str(a), f"Shop {n}") for n, a in enumerate(amounts)), offer("1", "Mute", seen_at=STALE))
    assert below(str(limit), product).state is not State.BROKEN
    assert above(str(limit), product).state is not State.HOLDS


@given(prices=st.lists(AMOUNTS, min_size=2, max_size=6))
def test_the_cheapest_of_priced_products_is_one_of_the_least_and_all_others_are_not(prices: list[Decimal]) -> None:
    rows = [watched(offer(str(amount)), name=f"Product {n}") for n, amount in enumerate(prices)]
    for place, row in enumerate(rows):
        others = rows[:place] + rows[place + 1 :]
        assert (cheapest(row, *others).state is State.HOLDS) == (prices[place] == min(prices))


def test_cheapest_says_who_is_next() -> None:
    others = [watched(offer("51", "South"), name="Sony"), watched(offer("60"), name="Bose"), watched(name="Gone")]
    outcome = cheapest(watched(offer("49.90")), *others)
    assert outcome.reason == "The cheapest of 4 here: $49.90 at North; the next is Sony, $51.00 at South."


def test_a_cheaper_one_breaks_it_though_a_third_is_silent() -> None:
    outcome = cheapest(
        watched(offer("49.90")),
        watched(offer("1", seen_at=STALE), name="Mute"),
        watched(offer("45"), name="Sony"),
    )
    assert outcome.state is State.BROKEN
    assert "Sony costs $45.00" in outcome.reason


def test_a_silent_rival_may_be_cheaper() -> None:
    assert cheapest(watched(offer("49.90")), watched(offer("1", seen_at=STALE))).state is State.UNKNOWN


def test_in_stock_breaks_only_when_every_shop_says_so() -> None:
    condition = CONDITIONS["in_stock"]
    out = offer("50", "Out", availability=Availability.OUT_OF_STOCK)
    silent = offer("50", "Mute", seen_at=STALE)
    assert condition.judge({}, facts(watched(offer(), out))).state is State.HOLDS
    assert condition.judge({}, facts(watched(out))).state is State.BROKEN
    assert condition.judge({}, facts(watched(out, silent))).state is State.UNKNOWN


def test_a_shop_is_known_by_its_name_and_by_its_slug() -> None:
    condition = CONDITIONS["available_at"]
    product = watched(offer(merchant="North"))
    assert [condition.judge({"merchant": name}, facts(product)).state for name in ("NORTH", "north")] == ["holds"] * 2
    assert condition.judge({"merchant": "South"}, facts(product)).state is State.BROKEN


def test_the_least_is_without_shipping() -> None:
    product = watched(offer("50", shipping_amount=Decimal(9)), offer("52", "South", shipping_amount=Decimal(0)))
    assert lowest(product, "USD", facts(product)).words == "$50.00 at North"
