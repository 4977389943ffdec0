"""What was told has one spelling in an address, and every field of the needs has a place in it."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.answers import Needs, needs_from_mapping
from recommender.details import DETAILS
from recommender.forms import read_form
from recommender.questions import BY_KEY
from recommender.told import Told, answered, needs_of, told_of, unanswered
from tests.recommender.people import mappings

told = st.builds(
    Told,
    do=st.lists(st.sampled_from([o.value for o in BY_KEY["do"].options]), max_size=3, unique=True).map(tuple),
    where=st.lists(st.sampled_from([o.value for o in BY_KEY["where"].options]), max_size=2, unique=True).map(tuple),
    budget=st.none() | st.decimals(1, 900, places=2),
    currency=st.sampled_from(["USD", "EUR", "INR"]),
    skipped=st.lists(st.sampled_from(list(BY_KEY)), max_size=3, unique=True).map(tuple),
    **{
        key: st.sampled_from(["", *(o.value for o in BY_KEY[key].options)])
        for key in ("mic", "quiet", "hours", "connection", "glasses")
    },
)
# One value for each field of the needs, as the vocabulary's mapping says it.
EVERYTHING: dict[str, Any] = {
    "activities": [{"name": "music", "weight": 0.57}, {"name": "beekeeping", "weight": 0.43}],
    "environment": ["train", "vehicle", "noisy"],
    "platforms": ["pc", "xbox"],
    "connectors": ["usb_c", "xlr"],
    "budget": {"max": 6000, "currency": "INR"},
    "mic_need": "forbidden",
    "has_separate_mic": True,
    "will_use_separate_mic": False,
    "isolation": "high",
    "awareness": "nice",
    "wear_hours_per_day": 4.5,
    "portability": "high",
    "connection": "either",
    "sound_priority": "top",
    "forms": ["over_ear", "on_ear"],
    "avoid_forms": ["in_ear"],
    "ears": "two",
    "foldable": True,
    "water_resistant": False,
    "features": ["mic_mute", "closed_back", "durable"],
    "avoid_features": ["rgb", "boom_mic"],
    "avoid_brands": ["Zeta", "Bang & Olufsen"],
    "user": {"age": 15, "glasses": True, "hearing_aids": False},
    "hearing": {"limit": "teen", "condition": "tinnitus"},
}


def as_address(state: Told) -> QueryDict:
    params = QueryDict(mutable=True)
    for key, value in state.params():
        params.appendlist(key, value)
    return params


@settings(deadline=None, max_examples=150)
@given(told)
def test_a_state_written_as_an_address_reads_back_the_same(state: Told) -> None:
    form = read_form(as_address(state))
    assert form.remarks == ()
    assert form.told.params() == state.params()
    assert needs_of(form.told) == needs_of(state)


@settings(deadline=None, max_examples=300)
@given(mappings())
def test_any_needs_written_as_an_address_are_read_back_the_same(data: dict[str, Any]) -> None:
    # hours of nought are no wish, and XXX is no currency that anything is sold in
    data = data if data.get("wear_hours_per_day") else {**data, "wear_hours_per_day": None}
    if "budget" in data:
        data = {**data, "budget": {**data["budget"], "currency": data["budget"]["currency"].replace("XXX", "CHF")}}
    needs = needs_from_mapping(data)
    form = read_form(as_address(told_of(needs)))
    assert form.remarks == ()
    assert needs_of(form.told) == needs


def test_every_field_of_the_needs_has_a_spelling() -> None:
    needs = needs_from_mapping(EVERYTHING)
    empty = [field.name for field in fields(Needs) if getattr(needs, field.name) in (None, ())]
    assert empty == [], "this test has to say a value for each field"
    form = read_form(as_address(told_of(needs)))
    assert form.remarks == ()
    assert needs_of(form.told) == needs


def test_each_detail_is_a_field_of_the_needs_that_no_other_says() -> None:
    named = [detail.field for detail in DETAILS]
    assert len(set(named)) == len(named)
    assert set(named) < {field.name for field in fields(Needs)}


def test_shares_are_written_as_a_small_ratio_where_there_is_one() -> None:
    state = told_of(needs_from_mapping({"activities": {"music": 2, "phone_calls": 1}}))
    assert state.params() == [("do", "music:2"), ("do", "phone_calls")]
    equal = told_of(needs_from_mapping({"activities": ["music", "sleep", "driving"]}))
    assert equal.weights == ()


def test_noise_for_the_other_side_is_not_noise_for_me() -> None:
    me, them = needs_of(Told(quiet="me")), needs_of(Told(quiet="them"))
    assert (me.isolation, me.environment) == ("high", ())
    assert (them.isolation, them.environment) == ("none", ("noisy",))


def test_a_microphone_of_one_s_own_is_one_that_stays_in_use() -> None:
    needs = needs_of(Told(mic="own"))
    assert (needs.has_separate_mic, needs.will_use_separate_mic) == (True, True)
    assert told_of(needs).mic == "own"


@pytest.mark.parametrize("key", ["mic", "budget", "device", "where"])
def test_what_was_told_can_be_taken_back(key: str) -> None:
    full = told_of(needs_from_mapping({**EVERYTHING, "mic_need": "none"}))
    assert full.has(key)
    assert not unanswered(full, key).has(key)


def test_other_needs_keep_what_was_skipped_and_agreed_to() -> None:
    like = Told(do=("music",), skipped=("mic",), without=("anc",), currency="EUR")
    state = told_of(needs_of(like), like=like)
    assert (state.skipped, state.without, state.currency) == (("mic",), ("anc",), "EUR")


def test_hours_between_the_offered_ones_are_understood() -> None:
    assert needs_of(read_form(QueryDict("hours=4.5")).told).wear_hours_per_day == Decimal("4.5")


def test_values_may_be_parted_by_commas_and_written_in_capitals() -> None:
    assert read_form(QueryDict("do=Music,Gaming Voice")).told.do == ("music", "gaming_voice")


def test_an_answer_to_a_detail_replaces_the_one_before() -> None:
    state = answered(answered(Told(), "hear", ["nice"]), "hear", ["required"])
    assert state.values("hear") == ("required",)
