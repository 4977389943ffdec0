"""One letter for all that came, at the reader's hour by the site's clocks, in summer and winter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.digest import APART, GATHER, NewsRhythm, Waiting, is_due, last_slot

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)  # a Wednesday


def waiting(rhythm: NewsRhythm, oldest_at: datetime, *, last_at: datetime | None = None, lately: int = 0) -> Waiting:
    return Waiting(rhythm=rhythm, hour=8, oldest_at=oldest_at, last_at=last_at, lately=lately)


def due(one: Waiting, now: datetime) -> bool:
    return is_due(one, now=now, zone=BERLIN, per_day=3)


def test_at_once_waits_a_moment_for_what_comes_together() -> None:
    one = waiting(NewsRhythm.AT_ONCE, NOON)
    assert not due(one, NOON + GATHER - timedelta(seconds=1))
    assert due(one, NOON + GATHER)


def test_letters_at_once_keep_apart() -> None:
    one = waiting(NewsRhythm.AT_ONCE, NOON, last_at=NOON - timedelta(minutes=1))
    assert not due(one, NOON + GATHER)
    assert due(one, NOON - timedelta(minutes=1) + APART)


def test_more_letters_than_allowed_are_gathered_until_the_readers_hour() -> None:
    one = waiting(NewsRhythm.AT_ONCE, NOON, last_at=NOON - timedelta(hours=1), lately=3)
    assert not due(one, NOON + timedelta(hours=3))
    assert due(one, datetime(2026, 6, 11, 6, tzinfo=UTC)), "eight in Berlin"


def test_a_daily_letter_goes_out_once_at_its_hour() -> None:
    one = waiting(NewsRhythm.DAILY, NOON)
    hour = datetime(2026, 6, 11, 6, tzinfo=UTC)
    assert not due(one, hour - timedelta(seconds=1))
    assert due(one, hour)
    after = waiting(NewsRhythm.DAILY, hour - timedelta(minutes=1), last_at=hour)
    assert not due(after, hour + timedelta(hours=20)), "today's went out already"
    assert due(after, hour + timedelta(days=1))


def test_what_came_after_the_hour_waits_for_the_next_day() -> None:
    one = waiting(NewsRhythm.DAILY, datetime(2026, 6, 11, 6, 1, tzinfo=UTC))
    assert not due(one, datetime(2026, 6, 12, 5, 59, tzinfo=UTC))
    assert due(one, datetime(2026, 6, 12, 6, tzinfo=UTC))


def test_a_weekly_letter_goes_out_on_mondays_unless_another_day_was_chosen() -> None:
    one = waiting(NewsRhythm.WEEKLY, NOON)
    assert not due(one, datetime(2026, 6, 14, 23, tzinfo=UTC))
    assert due(one, datetime(2026, 6, 15, 6, tzinfo=UTC))
    on_fridays = replace(one, weekday=4)
    assert not due(on_fridays, datetime(2026, 6, 12, 5, 59, tzinfo=UTC))
    assert due(on_fridays, datetime(2026, 6, 12, 6, tzinfo=UTC))


@given(
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - made aware below
)
def test_the_slot_of_a_week_is_on_its_day_and_no_more_than_a_week_ago(weekday: int, hour: int, now: datetime) -> None:
    moment = now.replace(tzinfo=UTC)
    slot = last_slot(NewsRhythm.WEEKLY, hour, weekday=weekday, now=moment, zone=BERLIN)
    assert slot.astimezone(BERLIN).weekday() == weekday
    # An hour more or less where clocks change between the two.
    assert timedelta(0) <= moment - slot <= timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("hour", "now", "slot"),
    [
        # 29 March 2026: two o'clock does not exist in Berlin; the letter goes an hour later.
        (2, datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (2, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 28, 1, tzinfo=UTC)),
        (8, datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        # 25 October 2026: two o'clock comes twice; the first counts.
        (2, datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),
        (8, datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_clocks_that_change_lose_and_repeat_no_letter(hour: int, now: datetime, slot: datetime) -> None:
    assert last_slot(NewsRhythm.DAILY, hour, now=now, zone=BERLIN) == slot


@given(
    hour=st.integers(0, 23),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - made aware below
)
def test_each_day_of_a_year_has_one_letter(hour: int, start: datetime) -> None:
    now = start.replace(tzinfo=UTC)
    days = {last_slot(NewsRhythm.DAILY, hour, now=now + timedelta(hours=step), zone=BERLIN) for step in range(24 * 7)}
    assert len({slot.astimezone(BERLIN).date() for slot in days}) == len(days)
    assert len(days) in (7, 8)
    assert all(slot <= now + timedelta(days=7) for slot in days)
