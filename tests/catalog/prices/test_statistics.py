"""What was the price over a while?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.prices.statistics import PriceStatistics, statistics
from tests.catalog.watched import DAY, NOW, watched

MONTH = timedelta(days=30)


def of(*runs: tuple[int, str], window: timedelta = MONTH) -> PriceStatistics:
    found = statistics([watched(*runs)], currency="USD", window=window, now=NOW)
    assert found is not None
    return found


def test_a_price_counts_for_as_long_as_it_held() -> None:
    found = of((28, "100"), (3, "40"))
    assert (found.lowest, found.highest) == (Decimal(40), Decimal(100))
    assert (found.median, found.p90) == (Decimal(100), Decimal(100))
    assert found.mean == Decimal("96.000")  # 28 of 30 days at 100, 2 at 40


def test_a_price_from_before_the_window_holds_into_it() -> None:
    found = of((80, "50"), (10, "60"))
    assert (found.lowest, found.days_observed) == (Decimal(50), 30)


def test_what_lies_before_the_window_does_not_count() -> None:
    assert of((50, "10"), (40, "60")).lowest == Decimal(60)


def test_another_currency_is_another_price() -> None:
    euros = watched((30, "5"), currency="EUR")
    dollars = watched((30, "90"))
    found = statistics([euros, dollars], currency="USD", window=MONTH, now=NOW)
    assert found is not None
    assert found.lowest == Decimal(90)


def test_nothing_watched_says_nothing() -> None:
    assert statistics([], currency="USD", window=MONTH, now=NOW) is None
    assert statistics([watched((1, "5"))], currency="USD", window=MONTH, now=NOW + 90 * DAY) is None


def test_a_price_that_was_just_read_is_the_lowest_and_weighs_nothing_yet() -> None:
    found = of((30, "100"), (1, "40"))
    assert (found.lowest, found.p10, found.mean) == (Decimal(40), Decimal(100), Decimal("100.000"))


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(100, 99_999)), min_size=1, max_size=12))
def test_the_figures_keep_their_order(runs: list[tuple[int, int]]) -> None:
    found = statistics(
        [watched(*((days, str(Decimal(cents) / 100)) for days, cents in runs))],
        currency="USD",
        window=timedelta(days=365),
        now=NOW,
    )
    if found is not None:
        assert found.lowest <= found.p10 <= found.median <= found.p90 <= found.highest
        assert found.lowest <= found.mean <= found.highest
        assert 0 < found.days_observed <= 365
