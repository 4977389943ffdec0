"""A vehicle may be the asker's own, a machine in the field, or what passes by."""

from __future__ import annotations

import pytest

from recommender.reading_text import needs_from_text


@pytest.mark.parametrize("what", ["delivery vans", "milk tankers", "timber lorries", "gravel trucks", "tractors"])
def test_whoever_runs_among_vehicles_is_in_traffic_and_drives_none(what: str) -> None:
    needs = needs_from_text(f"I jog on lanes shared with {what}, soul music.")
    assert "traffic" in needs.environment
    assert "vehicle" not in needs.environment
    assert {activity.name for activity in needs.activities} == {"exercise", "music"}


@pytest.mark.parametrize(
    "text",
    [
        "I run on an old railway path, not a van in sight, soul music.",
        "Treadmill at the gym, there are vans outside, soul music.",
        "I jog after I park my old van, soul music.",
        "Vans pass by while I hear soul music.",
    ],
)
def test_no_traffic_where_none_passes_or_nobody_runs(text: str) -> None:
    assert "traffic" not in needs_from_text(text).environment


def test_who_drives_and_jogs_stays_a_driver() -> None:
    needs = needs_from_text("I drive a truck and jog in the evening, the depot calls me.")
    assert "driving" in {activity.name for activity in needs.activities}


@pytest.mark.parametrize("machine", ["tractor", "combine"])
def test_who_is_rung_on_a_field_machine_is_at_its_wheel(machine: str) -> None:
    needs = needs_from_text(f"On a {machine} from dawn, my wife phones me.")
    assert {activity.name for activity in needs.activities} == {"driving", "phone_calls"}
    assert "vehicle" in needs.environment


def test_who_talks_to_a_crew_from_a_field_machine_works_with_them() -> None:
    needs = needs_from_text("On a tractor, talking to my mate over two way radio.")
    assert "industrial_comms" in {activity.name for activity in needs.activities}
