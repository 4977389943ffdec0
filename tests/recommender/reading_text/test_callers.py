"""Who talks to whom, and through what? Drivers, tradespeople, crews and offices are told apart."""

from __future__ import annotations

import pytest

from recommender.engine import decide
from recommender.reading_text import needs_from_text
from recommender.rules import load


def activities(text: str) -> set[str]:
    return {activity.name for activity in needs_from_text(text).activities}


@pytest.mark.parametrize("what", ["truck", "lorry", "van"])
def test_a_vehicle_that_is_nobodys_here_is_not_driven_by_who_meets_at_a_screen(what: str) -> None:
    assert activities(f"Teams meetings at home, and whenever a {what} leaves the yard they all hear it") == {
        "video_meetings"
    }
    assert "driving" in activities(f"I drive a {what} and clients ring me")


def test_who_is_at_the_wheel_is_rung_by_a_dispatcher_and_is_none() -> None:
    assert activities("Parcel van, 150 stops, dispatcher on the phone") >= {"driving", "phone_calls"}
    assert activities("Dispatcher for a taxi firm, on the phones nine hours") == {"call_centre"}


def test_customers_who_ring_at_the_wheel_ring_no_desk() -> None:
    assert activities("Driving instructor, I take bookings at the wheel") == {"driving", "phone_calls"}


@pytest.mark.parametrize("trade", ["Plumber", "Tiler", "Dog groomer", "Decorator"])
def test_the_trade_tells_that_hands_are_busy(trade: str) -> None:
    decision = decide(needs_from_text(f"{trade}, the office rings about the next job"), load())
    assert decision.types[0] == "bluetooth"
    assert "hands_free" in decision.must_have


def test_long_talks_and_a_telephone_make_calls() -> None:
    assert activities("Long talks with my brother in Perth on the mobile") == {"phone_calls"}
    assert activities("Long talks with my brother in Perth by the fire") != {"phone_calls"}


def test_who_phones_for_hours_sits_down_unless_a_pocket_or_a_van_is_named() -> None:
    def first_type(text: str) -> str:
        return decide(needs_from_text(text), load()).types[0]

    assert first_type("I telephone alumni every evening, five hours") in ("business", "call-centre")
    assert first_type("I talk on my mobile five hours a day") == "bluetooth"
    assert first_type("My van is my office, clients call me all day") == "bluetooth"


@pytest.mark.parametrize(
    "text", ["Half the day Teams, half the day vinyl", "Teams. 60 pounds", "Webcam? No, Teams all morning"]
)
def test_teams_alone_is_the_programme(text: str) -> None:
    assert "video_meetings" in activities(text)


@pytest.mark.parametrize(
    "text", ["I coach two teams and listen to soul", "Soul music, my teams are all winning", "Soul and football teams"]
)
def test_teams_of_people_are_no_meetings(text: str) -> None:
    assert activities(text) == {"music"}
