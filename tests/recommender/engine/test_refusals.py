"""What is refused because of what is known, though nobody says so."""

from __future__ import annotations

from typing import Any

from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.rules import load


def refused(needs: dict[str, Any]) -> set[str]:
    return set(decide(needs_from_mapping(needs), load()).excluded)


def test_a_desk_telephone_has_no_socket_for_usb_unless_one_is_named_or_a_computer_stands_beside_it() -> None:
    calls = {"activities": ["phone_calls"]}
    assert "usb_only" in refused({**calls, "platforms": ["desk_phone"]})
    assert "usb_only" not in refused({**calls, "platforms": ["desk_phone", "pc"]})
    assert "usb_only" not in refused({**calls, "platforms": ["desk_phone"], "connectors": ["usb_a"]})


def test_where_microphones_stay_outside_and_a_cable_is_asked_for_nothing_transmits() -> None:
    inside = {"activities": ["transcription"], "mic_need": "forbidden"}
    assert {"wireless", "bluetooth", "mic_builtin"} <= refused({**inside, "connection": "wired"})
    assert refused(inside).isdisjoint({"wireless", "bluetooth"})
