"""Is today's price a reduction, against what we saw ourselves?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.deal import DAYS_NEEDED, Deal, Verdict, deal
from catalog.prices.history import PriceHistory
from tests.catalog.watched import DAY, NOW, watched


def of(*runs: tuple[int, str], **given: object) -> Deal:
    found = deal(watched(*runs, **given), now=NOW)  # type: ignore[arg-type]
    assert found is not None
    return found


CASES = {
    "a cut after a steady price": (((40, "100"), (3, "79")), Verdict.REDUCED, 21),
    "a cut below all that was seen in months": (((90, "100"), (3, "79")), Verdict.LOWEST, 21),
    "the percentage is rounded down": (((40, "89.99"), (3, "69.99")), Verdict.REDUCED, 22),
    "successive cuts are one reduction": (((40, "100"), (5, "90"), (5, "80")), Verdict.REDUCED, 20),
    "a low price in the month before is the measure": (
        ((20, "100"), (5, "85"), (10, "100"), (3, "80")),
        Verdict.REDUCED,
        5,
    ),
    "raised first, then cut": (((30, "100"), (10, "150"), (3, "110")), Verdict.RAISED_FIRST, 0),
    "raised first, then cut to where it was": (((30, "100"), (10, "150"), (3, "100")), Verdict.RAISED_FIRST, 0),
    "raised more than a month before the cut": (((30, "100"), (31, "150"), (3, "110")), Verdict.REDUCED, 26),
    "a cut that has stood for over a month": (((40, "100"), (40, "79")), Verdict.USUAL, 0),
    "a cut of a few cents": (((40, "100"), (3, "99.50")), Verdict.USUAL, 0),
    "a steady price": (((60, "100"),), Verdict.USUAL, 0),
    "a rise": (((60, "100"), (5, "120")), Verdict.HIGHER, 20),
    "watched for a week only": (((7, "100"), (2, "50")), Verdict.TOO_LITTLE, 0),
    "steady, watched for a week only": (((7, "100"),), Verdict.TOO_LITTLE, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_the_readings_bear_out(name: str) -> None:
    runs, verdict, percent = CASES[name]
    found = of(*runs)
    assert (found.verdict, found.percent) == (verdict, percent)


def test_names_the_price_before_and_when_the_cut_began() -> None:
    found = of((40, "100"), (5, "90"), (5, "80"))
    assert (found.prior, found.before_cut, found.amount) == (Decimal(100), Decimal(100), Decimal(80))
    assert found.began_at == NOW - 9 * DAY
    assert found.days_observed == 30


@pytest.mark.parametrize(("missing", "verdict"), [(10, Verdict.REDUCED), (11, Verdict.TOO_LITTLE)])
def test_claims_nothing_when_too_few_days_were_watched(missing: int, verdict: Verdict) -> None:
    found = of((40, "100"), (3, "79"), unseen=range(5, 5 + missing))
    assert found.verdict is verdict
    assert found.days_observed == 30 - missing
    assert DAYS_NEEDED == 20


def test_nothing_seen_is_no_verdict() -> None:
    assert deal(PriceHistory(merchant="Shop", currency="USD", points=()), now=NOW) is None


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(100, 99_999)), min_size=1, max_size=10))
def test_a_claimed_reduction_is_never_larger_than_what_was_seen(runs: list[tuple[int, int]]) -> None:
    history = watched(*((days, str(Decimal(cents) / 100)) for days, cents in runs))
    found = deal(history, now=NOW)
    if found is None or found.verdict not in {Verdict.REDUCED, Verdict.LOWEST}:
        return
    assert found.began_at is not None
    before = [step for step in history.steps if step.starts_at < found.began_at]
    in_window = [step.amount for step in before if step.ends_at > found.began_at - 30 * DAY]
    assert min(step.amount for step in before) <= min(in_window) == found.prior
    assert found.amount <= found.prior * (100 - found.percent) / 100
    assert found.days_observed >= DAYS_NEEDED


def test_a_change_of_stock_or_shipping_does_not_end_a_reduction() -> None:
    history = watched((40, "100"), (5, "79"))
    again = replace(history, points=(*history.points, (NOW - DAY, Decimal(79))))
    found = deal(again, now=NOW)
    assert found is not None
    assert (found.verdict, found.percent) == (Verdict.REDUCED, 21)


def test_a_cut_is_judged_from_its_first_reading_on() -> None:
    found = deal(watched((40, "100"), (1, "79")), now=NOW)
    assert found is not None
    assert (found.verdict, found.amount, found.percent) == (Verdict.REDUCED, Decimal(79), 21)
    assert of((90, "100"), (1, "79")).verdict is Verdict.LOWEST


def test_a_fresh_cut_after_an_old_one_is_measured_by_the_price_that_the_old_one_made() -> None:
    found = deal(watched((40, "115"), (24, "104"), (9, "86")), now=NOW)
    assert found is not None
    assert (found.verdict, found.prior, found.percent) == (Verdict.LOWEST, Decimal(104), 17)


def test_a_cut_that_is_older_than_a_reduction_lasts_is_claimed_by_nobody() -> None:
    assert of((60, "100"), (40, "80")).verdict is Verdict.USUAL
