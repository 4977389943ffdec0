"""Which route a visitor takes: the first position that fits decides, weights share, and nothing else has a say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.links.routing import CONDITIONS, Route, Visitor, choose, deciding, fits, misfits

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday


def _route(number: int = 1, *, position: int = 1, weight: int = 1, **asked: Any) -> Route:
    sets = {name: frozenset(value) if isinstance(value, set) else value for name, value in asked.items()}
    return Route(number, position, weight, offer_id=number, **sets)


def _visitor(country: str = "DE", form: str = "phone", system: str = "ios", at: datetime = NOON) -> Visitor:
    return Visitor(country, form, system, "de", at)


_SETS = st.frozensets(st.sampled_from(["DE", "AT", "US"]))
_ROUTES = st.lists(
    st.builds(
        lambda number, position, weight, countries, forms: Route(
            number, position, weight, number, countries=countries, forms=forms
        ),
        st.integers(1, 10**6),
        st.integers(1, 4),
        st.integers(0, 1000),
        _SETS,
        st.frozensets(st.sampled_from(["phone", "desktop"])),
    ),
    max_size=8,
    unique_by=lambda route: route.id,
)
_VISITORS = st.builds(
    _visitor, st.sampled_from(["", "DE", "AT", "US", "FR"]), st.sampled_from(["", "phone", "desktop"])
)
_DRAWS = st.floats(0, 1, exclude_max=True)


def test_without_a_route_the_link_s_own_offer_is_taken() -> None:
    assert choose([], _visitor(), 0.5) is None
    assert choose([_route(countries={"FR"})], _visitor(), 0.5) is None


def test_all_conditions_must_hold() -> None:
    route = _route(countries={"DE", "AT"}, forms={"phone"}, systems={"ios"}, languages={"de"})
    assert choose([route], _visitor(), 0.0) is route
    assert choose([route], _visitor(country="FR"), 0.0) is None
    assert choose([route], _visitor(form="tablet"), 0.0) is None
    assert choose([route], _visitor(system="android"), 0.0) is None
    assert choose([route], Visitor("DE", "phone", "ios", "en", NOON), 0.0) is None


def test_an_unknown_visitor_fits_only_what_asks_nothing_of_it() -> None:
    unknown = Visitor("", "", "", "", NOON)
    asks = [_route(countries={"DE"}), _route(forms={"phone"}), _route(systems={"ios"}), _route(languages={"de"})]
    anybody = _route(9, position=2)
    assert choose([*asks, anybody], unknown, 0.0) is anybody


@settings(deadline=None)
@given(_ROUTES, _VISITORS, _DRAWS, st.randoms(use_true_random=False))
def test_the_same_draw_gives_the_same_route_in_whatever_order_they_come(
    routes: list[Route], visitor: Visitor, draw: float, order: Any
) -> None:
    chosen = choose(routes, visitor, draw)
    assert choose(routes, visitor, draw) is chosen
    order.shuffle(routes)
    assert choose(routes, visitor, draw) == chosen


@settings(deadline=None)
@given(_ROUTES, _VISITORS, _DRAWS)
def test_the_chosen_one_fits_has_a_weight_and_nothing_that_fits_stands_before_it(
    routes: list[Route], visitor: Visitor, draw: float
) -> None:
    chosen = choose(routes, visitor, draw)
    fitting = [route for route in routes if route.weight and fits(route, visitor)]
    if chosen is None:
        assert not fitting
    else:
        assert chosen in fitting
        assert chosen.position == min(route.position for route in fitting)


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=6))
def test_every_weight_gets_exactly_its_share_of_the_draws(weights: list[int]) -> None:
    routes = [_route(number, weight=weight) for number, weight in enumerate(weights, 1)]
    total = sum(weights)
    taken = Counter(choose(routes, _visitor(), float(Fraction(2 * step + 1, 2 * total))) for step in range(total))
    expected = {route: route.weight for route in routes if route.weight}
    assert taken == (expected if total else {})


@settings(deadline=None)
@given(st.integers(1, 1000), st.integers(1, 1000))
def test_the_border_between_two_shares_lies_where_the_weights_say(one: int, other: int) -> None:
    first, second = _route(1, weight=one), _route(2, weight=other)
    border = Fraction(one, one + other)
    assert choose([first, second], _visitor(), float(border) - 1e-9) is first
    assert choose([first, second], _visitor(), float(border) + 1e-9) is second
    assert choose([first, second], _visitor(), 0.0) is first
    assert choose([first, second], _visitor(), 1 - 2**-53) is second


def test_a_weight_of_zero_switches_a_route_off_and_lets_the_next_position_decide() -> None:
    off, next_one = _route(1, weight=0), _route(2, position=2)
    assert choose([off, next_one], _visitor(), 0.0) is next_one
    assert deciding([off], _visitor()) == []


def test_only_the_routes_that_fit_share() -> None:
    here, elsewhere = _route(1, countries={"DE"}, weight=1), _route(2, countries={"US"}, weight=999)
    assert choose([here, elsewhere], _visitor(), 0.99) is here


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-03-06 21:59", False),
        ("2026-03-06 22:00", True),
        ("2026-03-07 01:59", True),
        ("2026-03-07 02:00", False),
        ("2026-03-07 23:00", False),  # Saturday's own night
        ("2026-03-06 01:00", False),  # still Thursday's night
    ],
)
def test_hours_over_midnight_belong_to_the_day_they_begin_on(at: str, open_: bool) -> None:
    friday_night = _route(weekdays={5}, from_time=time(22), until_time=time(2))
    assert fits(friday_night, _visitor(at=datetime.fromisoformat(at).replace(tzinfo=UTC))) is open_


def test_hours_within_a_day_end_before_their_end() -> None:
    evening = _route(from_time=time(18), until_time=time(23))
    assert [hour for hour in range(24) if fits(evening, _visitor(at=NOON.replace(hour=hour)))] == [18, 19, 20, 21, 22]


def test_equal_hours_are_the_whole_day_from_then_on() -> None:
    sunday = _route(weekdays={7}, from_time=time(6), until_time=time(6))
    first = datetime(2026, 3, 8, 6, tzinfo=UTC)
    assert not fits(sunday, _visitor(at=first - timedelta(seconds=1)))
    assert fits(sunday, _visitor(at=first))
    assert fits(sunday, _visitor(at=first + timedelta(hours=23, minutes=59)))
    assert not fits(sunday, _visitor(at=first + timedelta(hours=24)))


def test_days_and_hours_are_those_of_the_route_s_time_zone() -> None:
    monday = _route(weekdays={1}, time_zone="Asia/Tokyo")
    assert fits(monday, _visitor(at=datetime(2026, 3, 8, 15, tzinfo=UTC)))  # Sunday in London, Monday in Tokyo
    assert not fits(monday, _visitor(at=datetime(2026, 3, 9, 15, tzinfo=UTC)))


def test_six_in_the_evening_is_six_in_the_evening_before_and_after_the_clocks_change() -> None:
    evening = _route(from_time=time(18), until_time=time(19), time_zone="Europe/Berlin")
    assert fits(evening, _visitor(at=datetime(2026, 3, 28, 17, 30, tzinfo=UTC)))  # winter: UTC+1
    assert fits(evening, _visitor(at=datetime(2026, 3, 29, 16, 30, tzinfo=UTC)))  # summer: UTC+2
    assert not fits(evening, _visitor(at=datetime(2026, 3, 29, 17, 30, tzinfo=UTC)))


@pytest.mark.parametrize(("day", "minutes"), [("2026-03-29", 0), ("2026-10-25", 120), ("2026-06-10", 60)])
def test_an_hour_the_clocks_skip_does_not_happen_and_one_they_repeat_happens_twice(day: str, minutes: int) -> None:
    night = _route(from_time=time(2), until_time=time(3), time_zone="Europe/Berlin")
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=3)
    moments = [start + timedelta(minutes=step) for step in range(24 * 60)]
    assert sum(fits(night, _visitor(at=at)) for at in moments) == minutes


def test_a_scheduled_route_begins_with_its_start_and_is_over_at_its_end() -> None:
    sale = _route(starts_at=NOON, ends_at=NOON + timedelta(days=1))
    instant = timedelta(microseconds=1)
    assert not fits(sale, _visitor(at=NOON - instant))
    assert fits(sale, _visitor(at=NOON))
    assert fits(sale, _visitor(at=NOON + timedelta(days=1) - instant))
    assert not fits(sale, _visitor(at=NOON + timedelta(days=1)))


def test_a_time_zone_that_does_not_exist_leads_nobody_astray() -> None:
    assert not fits(_route(weekdays={1, 2, 3, 4, 5, 6, 7}, time_zone="Mars/Olympus"), _visitor())


def test_every_condition_that_does_not_hold_is_named() -> None:
    picky = _route(
        countries={"FR"},
        forms={"desktop"},
        systems={"macos"},
        languages={"fr"},
        weekdays={7},
        starts_at=NOON + timedelta(days=1),
    )
    assert tuple(misfits(picky, _visitor())) == CONDITIONS
    assert tuple(misfits(_route(), _visitor())) == ()
