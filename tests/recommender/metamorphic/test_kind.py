"""What turns the kind, and what never may: MC-13 to MC-15, MC-18, MC-19."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from recommender import vocabulary
from recommender.answers import Needs, needs_from_mapping, shares
from recommender.engine import decide
from recommender.engine.kind import SIGN
from recommender.engine.matching import Overrides, matches
from recommender.engine.state import state_of
from recommender.rules.schema import LAYERS
from tests.recommender.metamorphic.population import PEOPLE, decided, rules

CALL_RULES = {"FAQ-1", "UHS-2", "UHS-3", "UHS-6", "HSC-2", "HSC-3", "HSC-4", "DES-5", "VER-2"}
TOWARDS_HEADSET = {"headphones": 0, "either": 1, "headset": 2}


@pytest.mark.parametrize("rest", [{}, {"platforms": ["pc"]}, {"wear_hours_per_day": 6}, {"connection": "wireless"}])
def test_mc_13_a_microphone_that_stays_in_use_flips_voice_gaming_and_back(rest: dict[str, object]) -> None:
    voice = {"activities": ["gaming_voice"], "has_separate_mic": False, **rest}
    own = {**voice, "has_separate_mic": True, "will_use_separate_mic": True}
    first, second, third = (
        decide(needs_from_mapping(one), rules()) for one in (voice, own, {**own, "will_use_separate_mic": False})
    )
    assert (first.kind, second.kind, third.kind) == ("headset", "headphones", "headset")
    assert "UHP-4" in {rule.rule_id for rule in second.fired}
    assert {"UHS-1", "VER-1"} <= {loss.rule_id for loss in second.overridden}


def test_mc_14_cable_or_not_never_decides_the_kind() -> None:
    for index, needs in enumerate(PEOPLE):
        for connection in (None, *vocabulary.CONNECTION):
            after = decide(replace(needs, connection=connection), rules())
            assert (after.kind, after.margin) == (decided(index).kind, decided(index).margin)


def test_mc_15_comfort_never_decides_the_kind() -> None:
    for index, needs in enumerate(PEOPLE):
        for hours in (Decimal(1), Decimal(8)):
            for glasses in (True, False):
                after = decide(replace(needs, wear_hours_per_day=hours, glasses=glasses), rules())
                assert (after.kind, after.margin) == (decided(index).kind, decided(index).margin)


def test_mc_18_without_a_need_to_speak_no_call_rule_speaks() -> None:
    for needs in PEOPLE:
        silent = decide(replace(needs, mic_need="none"), rules())
        loud = decide(replace(needs, mic_need="required"), rules())
        assert not CALL_RULES & {rule.rule_id for rule in silent.fired}
        assert TOWARDS_HEADSET[silent.kind] <= TOWARDS_HEADSET[loud.kind]


def test_mc_18_taking_the_calls_away_takes_their_rules_along() -> None:
    for needs in PEOPLE:
        names = {one.name for one in needs.activities}
        if not names or not names <= set(vocabulary.ACTIVITY_GROUPS["listening"]):
            continue
        plain = replace(needs, mic_need=None, has_separate_mic=False, will_use_separate_mic=False)
        weights = {one.name: one.weight for one in needs.activities}
        calling = decide(replace(plain, activities=shares({**weights, "phone_calls": Decimal(1)})), rules())
        without = decide(plain, rules())
        assert not CALL_RULES & {rule.rule_id for rule in without.fired}
        assert TOWARDS_HEADSET[without.kind] <= TOWARDS_HEADSET[calling.kind]


def test_mc_19_more_of_what_votes_for_a_kind_never_lowers_its_margin() -> None:
    checked = 0
    for index, needs in enumerate(PEOPLE):
        for activity in needs.activities:
            vote = _vote_of(activity.name, needs)
            if not vote:
                continue
            weights = {one.name: one.weight for one in needs.activities}
            for more in (Decimal("0.1"), Decimal(5), Decimal(100)):
                other = replace(needs, activities=shares({**weights, activity.name: activity.weight + more}))
                assert decide(other, rules()).margin * vote >= decided(index).margin * vote
                checked += 1
    assert checked > 800


@pytest.mark.parametrize("loud", ["podcast_hosting", "phone_calls", "live_performance"])
def test_mc_19_a_crumb_of_a_use_speaks_for_the_kind_that_the_whole_of_it_speaks_for(loud: str) -> None:
    """Else its vote would turn while it grows: whether anybody has to be heard is asked of any part, however small."""
    for quiet, margin in (("movies_tv", "-0.998"), ("online_class", "1.000")):
        crumb = needs_from_mapping({"activities": {quiet: 1, loud: 0.001}})
        assert decide(crumb, rules()).margin == Decimal(margin)


def _vote_of(name: str, needs: Needs) -> int:
    """Which kind the activity votes for among this person's others: 1 headset, -1 headphones, 0 neither."""
    found = matches(rules().before_the_kind, needs, state_of(needs, rules()))
    overrides = Overrides(found)
    strongest = dict.fromkeys(SIGN, Decimal(0))
    for match in map(overrides.surviving, found):
        for effect in match.effects:
            if effect.does == "kind_vote" and name in match.shares_of(effect):
                weight = effect.weight * LAYERS[match.rule.layer]
                strongest[effect.word] = max(strongest[effect.word], weight)
    total = sum((SIGN[kind] * weight for kind, weight in strongest.items()), Decimal(0))
    return 0 if not total else 1 if total > 0 else -1
