"""Routes that nobody can take are found, also when several together hide one, and no other is called so."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.links.route_review import hidden_routes, overlapping_windows
from catalog.links.routing import Route, Visitor, deciding

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def _route(number: int, position: int, **asked: Any) -> Route:
    sets = {name: frozenset(value) if isinstance(value, set) else value for name, value in asked.items()}
    return Route(number, position, sets.pop("weight", 1), number, **sets)


def _hidden(*routes: Route) -> dict[int, list[int]]:
    return {found.route.id: [one.id for one in found.behind] for found in hidden_routes(routes, now=NOW)}


def test_what_stands_behind_a_route_for_everybody_is_never_taken() -> None:
    assert _hidden(_route(1, 1), _route(2, 2, countries={"DE"})) == {2: [1]}


def test_a_narrower_route_before_a_wider_one_hides_nothing() -> None:
    assert _hidden(_route(1, 1, countries={"DE"}), _route(2, 2, countries={"DE", "AT"}), _route(3, 3)) == {}


def test_two_routes_together_can_hide_a_third() -> None:
    german, austrian = _route(1, 1, countries={"DE"}), _route(2, 2, countries={"AT"})
    assert _hidden(german, austrian, _route(3, 3, countries={"DE", "AT"}, forms={"phone"})) == {3: [1, 2]}


def test_the_hours_of_a_day_and_of_a_night_together_hide_what_comes_after() -> None:
    zone = "Europe/Berlin"
    by_day = _route(1, 1, from_time=time(8), until_time=time(20), time_zone=zone)
    by_night = _route(2, 1, from_time=time(20), until_time=time(8), time_zone=zone)
    assert _hidden(by_day, by_night, _route(3, 2)) == {3: [1, 2]}
    assert _hidden(by_day, _route(3, 2)) == {}


def test_a_gap_of_a_minute_is_found() -> None:
    one = _route(1, 1, from_time=time(0), until_time=time(23, 59))
    assert _hidden(one, _route(2, 2)) == {}
    assert _hidden(one, _route(2, 2, from_time=time(9), until_time=time(10))) == {2: [1]}


def test_hours_in_another_zone_hide_only_what_they_cover() -> None:
    new_york = _route(1, 1, from_time=time(6), until_time=time(18), time_zone="America/New_York")
    assert _hidden(new_york, _route(2, 2, from_time=time(13), until_time=time(15))) == {2: [1]}
    assert _hidden(new_york, _route(2, 2, from_time=time(8), until_time=time(15))) == {}


def test_a_sale_that_runs_longer_than_what_hides_it_is_taken_afterwards() -> None:
    always_sooner = _route(1, 1, ends_at=NOW + 3 * DAY)
    assert _hidden(always_sooner, _route(2, 2, starts_at=NOW + DAY, ends_at=NOW + 4 * DAY)) == {}
    assert _hidden(always_sooner, _route(2, 2, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)) == {2: [1]}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        pytest.param({"weight": 0}, "its weight is 0", id="no weight"),
        pytest.param({"ends_at": NOW}, "it has ended", id="ended"),
        pytest.param(
            {"weekdays": {1}, "starts_at": NOW, "ends_at": NOW + DAY},
            "no moment from now on is within its dates, days and hours",
            id="a Monday between Thursday and Friday",
        ),
    ],
)
def test_a_route_can_stand_in_its_own_way(asked: dict[str, Any], why: str) -> None:
    (found,) = hidden_routes([_route(1, 1, **asked)], now=NOW)
    assert found.why == why


def test_a_route_that_is_switched_off_hides_nothing() -> None:
    assert _hidden(_route(1, 1, weight=0), _route(2, 2)) == {1: []}


_ROUTES = st.lists(
    st.builds(
        lambda position, countries, forms, languages, hours: dict(
            position=position, countries=countries, forms=forms, languages=languages, **hours
        ),
        st.integers(1, 3),
        st.sets(st.sampled_from(["DE", "AT", "US"])),
        st.sets(st.sampled_from(["phone", "tablet", "desktop"])),
        st.sets(st.sampled_from(["de", "en"])),
        st.sampled_from(
            [
                {},
                {"from_time": time(8), "until_time": time(20)},
                {"from_time": time(20), "until_time": time(8)},
                {"weekdays": {6, 7}},
            ]
        ),
    ),
    min_size=2,
    max_size=5,
)
_VISITORS = st.builds(
    Visitor,
    st.sampled_from(["", "DE", "AT", "US", "FR"]),
    st.sampled_from(["", "phone", "tablet", "desktop"]),
    st.just("linux"),
    st.sampled_from(["", "de", "en", "fr"]),
    st.integers(0, 24 * 14).map(lambda hours: NOW + timedelta(hours=hours)),
)


@settings(max_examples=200, deadline=None)
@given(_ROUTES, st.lists(_VISITORS, max_size=20))
def test_what_is_called_never_taken_is_never_taken(asked: list[dict[str, Any]], visitors: list[Visitor]) -> None:
    routes = [_route(number, **values) for number, values in enumerate(asked, 1)]
    hidden = {found.route for found in hidden_routes(routes, now=NOW)}
    taken = {route for visitor in visitors for route in deciding(routes, visitor)}
    assert not hidden & taken


def test_dates_that_overlap_are_named_in_the_order_that_decides() -> None:
    summer = _route(1, 2, starts_at=NOW, ends_at=NOW + 5 * DAY)
    flash = _route(2, 1, starts_at=NOW + 4 * DAY, ends_at=NOW + 6 * DAY)
    assert overlapping_windows([summer, flash], now=NOW) == [(flash, summer)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"ends_at": NOW + DAY}, {"starts_at": NOW + DAY}, id="one after the other"),
        pytest.param({"ends_at": NOW + DAY}, {"ends_at": NOW + DAY}, id="a split with the same dates"),
        pytest.param(
            {"ends_at": NOW + DAY, "countries": {"DE"}}, {"ends_at": NOW + 2 * DAY, "countries": {"AT"}}, id="others"
        ),
        pytest.param({"ends_at": NOW}, {"ends_at": NOW + DAY}, id="over"),
        pytest.param({}, {"ends_at": NOW + DAY}, id="a default"),
    ],
)
def test_dates_that_do_not_get_in_each_other_s_way_are_not_named(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert overlapping_windows([_route(1, 1, **one), _route(2, 1, **other)], now=NOW) == []
