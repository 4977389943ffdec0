"""A route is said in words an editor can read aloud, and so is why a visitor does not take it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from catalog.links.route_words import refusals, whom
from catalog.links.routing import Route, Visitor

EVENING = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)  # a Friday; 21:30 in Berlin
NOBODY_KNOWN = Visitor("", "", "", "", EVENING)


def _route(**asked: Any) -> Route:
    sets = {name: frozenset(value) if isinstance(value, set) else value for name, value in asked.items()}
    return Route(1, 1, sets.pop("weight", 1), 1, **sets)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({}, "Everybody", id="nothing asked"),
        pytest.param(
            {
                "countries": {"DE", "AT"},
                "forms": {"phone"},
                "from_time": time(18),
                "until_time": time(23),
                "time_zone": "Europe/Berlin",
            },
            "From Austria or Germany, on a phone, 18:00–23:00 Berlin time",
            id="evenings",
        ),
        pytest.param(
            {"systems": {"ios", "macos"}, "languages": {"fr", "de"}},
            "With iOS or macOS, reading French or German",
            id="systems and languages",
        ),
        pytest.param(
            {"weekdays": {5, 6}, "from_time": time(22), "until_time": time(2)},
            "On Fridays or Saturdays, 22:00–02:00 UTC (over midnight)",
            id="nights",
        ),
        pytest.param({"weekdays": {1}, "time_zone": "America/New_York"}, "On Mondays (New York time)", id="days"),
        pytest.param(
            {"starts_at": EVENING, "ends_at": EVENING.replace(day=30)},
            "From 2026-11-27 20:30 UTC until 2026-11-30 20:30 UTC",
            id="dates",
        ),
    ],
)
def test_whom_a_route_is_for(asked: dict[str, Any], said: str) -> None:
    assert whom(_route(**asked)) == said


@pytest.mark.parametrize(
    ("asked", "visitor", "said"),
    [
        pytest.param(
            {"countries": {"DE"}},
            Visitor("FR", "", "", "", EVENING),
            "the visitor comes from France, not from Germany",
            id="country",
        ),
        pytest.param(
            {"countries": {"DE"}},
            NOBODY_KNOWN,
            "the visitor comes from a country we do not know, not from Germany",
            id="no country",
        ),
        pytest.param(
            {"forms": {"phone", "tablet"}},
            Visitor("", "desktop", "", "", EVENING),
            "the visitor is on a desktop, not on a phone or tablet",
            id="device",
        ),
        pytest.param(
            {"systems": {"ios"}},
            Visitor("", "", "android", "", EVENING),
            "the visitor uses Android, not iOS",
            id="system",
        ),
        pytest.param({"languages": {"de"}}, NOBODY_KNOWN, "the visitor says no language, not German", id="language"),
        pytest.param(
            {"from_time": time(9), "until_time": time(17), "time_zone": "Europe/Berlin"},
            NOBODY_KNOWN,
            "it is Friday 21:30 Berlin time, not 09:00–17:00 Berlin time",
            id="hours",
        ),
        pytest.param(
            {"starts_at": EVENING.replace(day=28)}, NOBODY_KNOWN, "it begins only at 2026-11-28 20:30 UTC", id="early"
        ),
        pytest.param({"ends_at": EVENING}, NOBODY_KNOWN, "it ended at 2026-11-27 20:30 UTC", id="late"),
        pytest.param({"weight": 0}, NOBODY_KNOWN, "its weight is 0", id="switched off"),
        pytest.param(
            {"weekdays": {1}, "time_zone": "Mars/Olympus"},
            NOBODY_KNOWN,
            "there is no time zone 'Mars/Olympus'",
            id="no zone",
        ),
    ],
)
def test_why_a_visitor_does_not_take_it(asked: dict[str, Any], visitor: Visitor, said: str) -> None:
    assert refusals(_route(**asked), visitor) == [said]


def test_a_route_that_is_taken_is_refused_by_nothing() -> None:
    assert refusals(_route(weekdays={5}), NOBODY_KNOWN) == []
