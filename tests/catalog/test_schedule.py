"""When is an offer looked at next, and how long is a merchant left alone?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.schedule import (
    CONFIRM_AFTER,
    FAILURES_BEFORE_PAUSE,
    LONGEST_RETRY_AFTER,
    PAUSE,
    Retry,
    after_failure,
    next_check,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def wait(**given: object) -> timedelta:
    return next_check(**{"now": NOW, "refresh_every": 6 * HOUR, "key": "offer 1", **given}) - NOW  # type: ignore[arg-type]


def retry(failures: int = 1, *, permanent: bool = False, retry_after: float | None = None) -> Retry:
    return after_failure(now=NOW, failures=failures, permanent=permanent, retry_after=retry_after, key="merchant 1")


@given(key=st.text())
def test_the_next_look_is_within_a_tenth_of_the_interval(key: str) -> None:
    assert 5.4 * HOUR <= wait(key=key) <= 6.6 * HOUR


def test_offers_are_spread_and_each_keeps_its_place() -> None:
    waits = {wait(key=f"offer {number}") for number in range(100)}
    assert len(waits) > 90
    assert wait(key="offer 7") == wait(key="offer 7")


def test_a_price_is_looked_at_again_before_half_its_life_is_over() -> None:
    assert wait(refresh_every=48 * HOUR, price_lives=24 * HOUR) <= 13.2 * HOUR


@pytest.mark.parametrize("every", [timedelta(seconds=20), HOUR, 24 * HOUR])
def test_a_held_reading_is_looked_at_again_when_a_second_look_counts(every: timedelta) -> None:
    assert CONFIRM_AFTER <= wait(refresh_every=every, is_held=True) <= 2 * CONFIRM_AFTER


def test_delays_double_and_then_the_merchant_rests() -> None:
    retries = [retry(failures) for failures in range(1, FAILURES_BEFORE_PAUSE + 1)]
    waits = [one.at - NOW for one in retries]
    assert [one.is_pause for one in retries] == [False] * (FAILURES_BEFORE_PAUSE - 1) + [True]
    assert all(1.9 < later / earlier < 2.1 for earlier, later in pairwise(waits[:4]))
    assert waits[-1] == PAUSE


def test_what_trying_again_cannot_mend_rests_at_once() -> None:
    assert retry(permanent=True).is_pause


def test_a_merchant_that_asks_us_to_stay_away_is_obeyed() -> None:
    assert retry(retry_after=7200).at - NOW == 2 * HOUR
    assert retry(FAILURES_BEFORE_PAUSE, retry_after=2 * 86_400).at - NOW == timedelta(days=2)


def test_but_not_for_ever() -> None:
    assert retry(retry_after=1e12).at - NOW == LONGEST_RETRY_AFTER
    assert not retry(retry_after=-5).is_pause
