from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers import NeedsError, needs_as_mapping, needs_from_mapping
from tests.recommender.people import mappings


def problems(data: object) -> dict[str, str]:
    with pytest.raises(NeedsError) as caught:
        needs_from_mapping(data)
    return {problem.field: str(problem) for problem in caught.value.problems}


def test_missing_means_unknown() -> None:
    needs = needs_from_mapping({})
    assert needs.activities == ()
    assert needs.mic_need is None
    assert needs.budget is None
    assert needs.has_separate_mic is None


def test_unknown_and_null_are_the_same_as_missing() -> None:
    assert needs_from_mapping({"mic_need": "unknown", "budget": None, "environment": None}) == needs_from_mapping({})


def test_weights_are_normalised_to_one() -> None:
    needs = needs_from_mapping({"activities": [{"name": "music", "weight": 3}, {"name": "phone_calls", "weight": 1}]})
    assert {a.name: a.weight for a in needs.activities} == {"music": Decimal("0.75"), "phone_calls": Decimal("0.25")}


def test_thirds_still_sum_to_one() -> None:
    needs = needs_from_mapping({"activities": ["music", "phone_calls", "movies_tv"]})
    assert sum(a.weight for a in needs.activities) == 1


def test_an_activity_named_twice_is_one_activity() -> None:
    twice = needs_from_mapping({"activities": [{"name": "music", "weight": 0.5}, {"name": "music", "weight": 0.5}]})
    assert twice == needs_from_mapping({"activities": [{"name": "music", "weight": 7}]})


def test_a_weight_of_zero_takes_the_activity_away() -> None:
    needs = needs_from_mapping({"activities": {"music": 1, "phone_calls": 0}})
    assert [a.name for a in needs.activities] == ["music"]


@pytest.mark.parametrize("name", ["Gaming Voice", " gaming-voice ", "GAMING_VOICE", "gaming  voice"])
def test_letter_case_and_spaces_are_forgiven(name: str) -> None:
    assert needs_from_mapping({"activities": [name]}).activities[0].name == "gaming_voice"


@pytest.mark.parametrize(
    ("name", "means"), [("Zoom", "video_meetings"), ("call center", "call_centre"), ("YouTube", "video_creation")]
)
def test_synonyms_are_understood(name: str, means: str) -> None:
    assert needs_from_mapping({"activities": [name]}).activities[0].name == means


def test_podcasting_is_no_synonym_because_it_may_mean_hosting_or_listening() -> None:
    assert needs_from_mapping({"activities": ["podcasting"]}).unknown_activities == ("podcasting",)


def test_an_unknown_activity_is_kept_with_its_share() -> None:
    needs = needs_from_mapping({"activities": {"beekeeping": 3, "music": 1}})
    assert needs.unknown_activities == ("beekeeping",)
    assert needs.activities[0].weight == Decimal("0.75")


def test_the_order_of_lists_does_not_matter() -> None:
    one = needs_from_mapping({"environment": ["train", "noisy"], "activities": ["music", "commuting"]})
    assert one == needs_from_mapping({"environment": ["noisy", "train", "noisy"], "activities": ["commuting", "music"]})


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ([], "needs", "expected an object"),
        ({"mic_need": "maybe"}, "mic_need", "required, occasional, none, forbidden"),
        ({"mic_need": 3}, "mic_need", "3 is not a value"),
        ({"environment": ["moon"]}, "environment[0]", "“moon” is not a value we know"),
        ({"environment": "train"}, "environment", "expected a list"),
        ({"colour": "red"}, "colour", "there is no such field"),
        ({"user": {"name": "Ann"}}, "user.name", "Use one of: age, glasses, hearing_aids"),
        ({"user": {"age": "12"}}, "user.age", "expected a number from 0 to 120"),
        ({"user": {"age": -1}}, "user.age", "expected a number"),
        ({"user": {"glasses": "yes"}}, "user.glasses", "true, false, null"),
        ({"hearing": {"limit": "low"}}, "hearing.limit", "child, teen, strict"),
        ({"hearing": {"condition": ["x"]}}, "hearing.condition", "expected a text"),
        ({"has_separate_mic": 1}, "has_separate_mic", "expected true, false or null"),
        ({"wear_hours_per_day": 25}, "wear_hours_per_day", "from 0 to 24"),
        ({"wear_hours_per_day": True}, "wear_hours_per_day", "expected a number"),
        ({"wear_hours_per_day": float("nan")}, "wear_hours_per_day", "expected a number"),
        ({"budget": {"max": "80", "currency": "USD"}}, "budget.max", "expected a number"),
        ({"budget": {"max": 80}}, "budget.currency", "three-letter ISO 4217"),
        ({"budget": {"max": 80, "currency": "dollars"}}, "budget.currency", "such as USD"),
        ({"budget": 80}, "budget", "expected an object"),
        ({"activities": "music"}, "activities", "expected a list"),
        ({"activities": [3]}, "activities[0]", "expected an object"),
        ({"activities": [{"weight": 1}]}, "activities[0].name", "expected the name of an activity"),
        ({"activities": [{"name": "music", "weight": -1}]}, "activities[0].weight", "from 0"),
        ({"activities": [{"name": "music", "weight": "much"}]}, "activities[0].weight", "“much”"),
        ({"activities": ["music"] * 51}, "activities", "at most 50"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(data: object, field: str, says: str) -> None:
    assert says in problems(data)[field]


def test_all_problems_are_told_at_once_and_the_rest_is_kept() -> None:
    with pytest.raises(NeedsError) as caught:
        needs_from_mapping({"mic_need": "maybe", "environment": ["moon", "train"], "activities": {"music": 1}})
    assert {problem.field for problem in caught.value.problems} == {"mic_need", "environment[0]"}
    assert caught.value.readable.environment == ("train",)
    assert caught.value.readable.activities[0].name == "music"


def test_a_very_long_value_is_cut_in_the_message() -> None:
    assert len(problems({"mic_need": "x" * 10_000})["mic_need"]) < 200


@pytest.mark.parametrize("condition", ["ear_canal_infection", "Otitis externa", "inflamed ear canals", "swimmer's ear"])
def test_nothing_goes_into_a_sore_ear_canal(condition: str) -> None:
    needs = needs_from_mapping(
        {"activities": ["music"], "hearing": {"condition": condition}, "avoid_forms": ["over_ear"]}
    )
    assert needs.avoid_forms == ("over_ear", "in_ear")


def test_ears_that_ring_may_wear_buds() -> None:
    assert needs_from_mapping({"activities": ["music"], "hearing": {"condition": "tinnitus"}}).avoid_forms == ()


@given(mappings())
def test_needs_written_out_and_read_back_are_the_same(data: dict[str, Any]) -> None:
    needs = needs_from_mapping(data)
    assert needs_from_mapping(json.loads(json.dumps(needs_as_mapping(needs)))) == needs


FIELDS = ["activities", "budget", "user", "max", "age", "name", "weight", "mic_need", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=8,
)


@given(JSON)
def test_nothing_that_json_can_say_brings_the_reader_down(data: object) -> None:
    with suppress(NeedsError):
        needs_from_mapping(data)
