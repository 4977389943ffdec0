"""What is known of a price over time, and of the days on which somebody looked?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.prices.history import DAYS_KEPT, PriceHistory, lowest_over, with_day
from tests.catalog.watched import DAY, NOW, watched


def test_a_price_holds_until_the_next_reading_and_the_last_until_the_last_look() -> None:
    history = watched((3, "100"), (4, "80"))
    assert [(step.amount, step.ends_at - step.starts_at) for step in history.steps] == [
        (Decimal(100), 3 * DAY),
        (Decimal(80), 3 * DAY),
    ]


def test_a_reading_that_repeats_the_amount_goes_on_with_its_step() -> None:
    """Its stock or its shipping changed: the price did not."""
    history = watched((3, "100"), (4, "80"))
    again = replace(history, points=(*history.points, (NOW - DAY, Decimal(80))))
    assert again.steps == history.steps


def test_time_in_which_nobody_looked_for_long_is_not_watched() -> None:
    history = watched((30, "100"), unseen=range(5, 15))
    first, second = history.watched
    assert (first.starts_at, first.ends_at) == (NOW - 29 * DAY, datetime(2026, 11, 11, tzinfo=UTC))
    assert (second.starts_at, second.ends_at) == (datetime(2026, 11, 21, tzinfo=UTC), NOW)


def test_a_look_that_finds_another_price_after_long_ends_the_gap_itself() -> None:
    history = watched((20, "100"), (10, "80"), unseen=range(10, 20))
    assert [step.amount for step in history.watched] == [Decimal(100), Decimal(80)]
    assert history.watched[1].starts_at == NOW - 9 * DAY


def test_a_few_days_without_a_look_are_bridged() -> None:
    history = watched((30, "100"), unseen=range(5, 11))
    assert history.watched == history.steps


def test_a_day_without_a_look_is_not_observed() -> None:
    history = watched((30, "100"), unseen=range(5, 15))
    assert history.days_observed(NOW - 30 * DAY, NOW + DAY) == 20


def test_two_looks_on_one_day_are_one_day() -> None:
    morning = datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert with_day(with_day(0, None, morning), morning, NOW) == 1


def test_a_look_from_before_the_last_one_takes_its_place() -> None:
    assert with_day(0b1010101, NOW, NOW - 3 * DAY) == 0b1011


def test_a_look_that_found_no_price_observes_nothing() -> None:
    assert with_day(0b1, NOW - 2 * DAY, NOW, has_price=False) == 0b100
    assert with_day(0, None, NOW, has_price=False) == 0


@given(st.lists(st.integers(0, 90), min_size=1, max_size=40))
def test_the_bits_are_the_days_of_the_looks_as_far_back_as_they_reach(gaps: list[int]) -> None:
    moments, at = [], NOW - timedelta(days=sum(gaps))
    for gap in gaps:
        at += gap * DAY
        moments.append(at)
    bits, last = 0, None
    for moment in moments:
        bits, last = with_day(bits, last, moment), moment
    history = PriceHistory(merchant="Shop", currency="USD", points=(), seen_until=last, days_seen=bits)
    within = {moment.date() for moment in moments if (NOW - moment).days < DAYS_KEPT}
    assert history.observed_days(NOW - 400 * DAY, NOW + DAY) == within
    assert 0 < bits < 2**63


def test_the_lowest_over_merchants_is_known_while_any_of_them_is() -> None:
    dear = watched((10, "100"), merchant="Dear")
    cheap = PriceHistory(
        merchant="Cheap",
        currency="USD",
        points=((NOW - 5 * DAY, Decimal(70)),),
        seen_until=NOW - 2 * DAY,
    )
    assert [(step.amount, step.ends_at - step.starts_at) for step in lowest_over([dear, cheap])] == [
        (Decimal(100), 4 * DAY),
        (Decimal(70), 3 * DAY),
        (Decimal(100), 2 * DAY),
    ]


def test_shops_that_were_read_some_hours_apart_are_compared_until_the_later_look() -> None:
    earlier = watched((10, "80"), now=NOW - timedelta(hours=5), merchant="Cheap")
    assert lowest_over([earlier, watched((10, "100"))])[-1].amount == Decimal(80)
    long_ago = watched((10, "80"), now=NOW - 2 * DAY, merchant="Cheap")
    assert lowest_over([long_ago, watched((10, "100"))])[-1].amount == Decimal(100)


def test_a_price_that_was_just_read_is_the_newest_step_already() -> None:
    history = watched((10, "100"), (1, "80"))
    assert history.points[-1][0] == history.seen_until
    assert [step.amount for step in history.steps] == [Decimal(100), Decimal(80)]
    assert history.watched == history.steps
    assert [step.amount for step in lowest_over([history, watched((10, "90"), merchant="Other")])] == [100, 90, 80]
