"""The truth table: 94 rows that decide or advise have a rule that fires and stays silent, 19 are facts that hold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recommender import vocabulary
from recommender.answers import needs_from_mapping
from recommender.decision import Decision
from recommender.engine import decide
from recommender.engine.rehearsal import speaks
from recommender.facts import CandidateFacts
from recommender.rules import shipped
from tests.recommender.made import product

FACTS = {
    "INT-1", "INT-2", "HPC-1", "HPC-7", "HPC-9", "HSC-1", "HSC-7", "HSC-8", "DES-6", "DES-11", "SQ-1", "COM-2", "CON-4",
    "PRI-1", "PRI-2", "FAQ-5", "MET-1", "MET-2", "MET-3",
}  # fmt: skip
ATTRIBUTES = {field.name for field in fields(CandidateFacts)}
ROOT = Path(__file__).parents[3]


def decided(**needs: Any) -> Decision:
    return decide(needs_from_mapping(needs), shipped())


@pytest.mark.real_data
def test_94_of_94_rows_that_decide_fire_and_stay_silent_and_every_extension_is_marked_as_ours(shared: Path) -> None:
    table = json.loads((shared / "recommender" / "rules_truth_table.json").read_text(encoding="utf-8"))
    seed = {row["id"] for row in table if row["basis"] == "seed"}
    deciding = seed - FACTS
    assert (len(seed), len(deciding), len(FACTS & seed)) == (113, 94, 19)
    rules = {rule.id: rule for rule in shipped().rules}
    extensions = {row["id"] for row in table} - seed
    assert len(extensions) == 15
    for rule_id in deciding | extensions:
        rule = rules[rule_id]
        assert rule.fires, rule_id
        assert rule.silent, rule_id
        assert all(speaks(rule, shipped(), example) for example in rule.fires), rule_id
        assert not any(speaks(rule, shipped(), example) for example in rule.silent), rule_id
    assert {rules[rule_id].basis for rule_id in deciding} == {"seed"}
    assert {rules[rule_id].basis for rule_id in extensions} <= {"editorial", "safety", "legal"}


def test_int_1_the_two_words_are_two_classes_of_product() -> None:
    assert set(vocabulary.HEADSET_TYPES).isdisjoint(vocabulary.HEADPHONE_TYPES)
    assert vocabulary.KINDS == ("headset", "headphones")


@pytest.mark.parametrize("activity", ["music", "gaming_voice", "video_meetings"])
def test_int_2_every_audience_reaches_a_decision(activity: str) -> None:
    assert decided(activities=[activity]).kind in vocabulary.KINDS
    assert decided().question


def test_hpc_1_and_hpc_7_drivers_are_facts_of_a_product() -> None:
    assert {"driver_mm", "accurate_sound", "high_fidelity"} <= ATTRIBUTES


@pytest.mark.parametrize("connection", [None, *vocabulary.CONNECTION])
def test_hpc_9_hsc_7_and_des_11_both_kinds_come_wired_and_wireless(connection: str | None) -> None:
    for activity in ("music", "gaming_voice", "call_centre", "commuting"):
        assert decided(activities=[activity], connection=connection).kind == decided(activities=[activity]).kind


def test_hsc_1_a_headset_is_not_marked_down_for_playing_music_too() -> None:
    found = decided(activities={"video_meetings": 7, "music": 3}, mic_need="required")
    assert found.kind == "headset"
    assert not any(name.startswith("type:") and name != "type:aviation" for name in found.excluded)


def test_hsc_8_a_headset_for_a_computer_is_asked_to_plug_into_one() -> None:
    found = decided(activities=["video_meetings"], platforms=["pc"])
    assert "HSC-8" in {rule.rule_id for rule in found.fired}


def test_des_6_the_form_of_the_microphone_is_a_fact_of_a_product() -> None:
    assert {"mic_form", "mic_grade"} <= ATTRIBUTES


def test_sq_1_and_com_3_sound_and_comfort_are_known_of_products_and_not_of_kinds() -> None:
    assert product(1, high_fidelity=True).high_fidelity
    assert product(2, kind="headset", high_fidelity=False).high_fidelity is False
    assert product(3).comfort_long_wear is None


def test_com_2_and_pri_2_comfort_and_price_never_decide_the_kind() -> None:
    needs = needs_from_mapping({"activities": {"music": 6, "phone_calls": 4}})
    for change in ({"wear_hours_per_day": Decimal(9)}, {"glasses": True}):
        assert decide(replace(needs, **change), shipped()).margin == decide(needs, shipped()).margin
    for amount in (10, 1000):
        assert decided(activities=["music"], budget={"max": amount, "currency": "USD"}).kind == "headphones"


def test_con_4_no_word_about_convenience_speaks_for_a_kind_whatever_the_use() -> None:
    about = [rule for rule in shipped().rules if rule.section == "Convenience" and rule.does("kind_vote")]
    assert about
    assert all(rule.activities or rule.when is not None for rule in about)


def test_pri_1_nothing_follows_from_a_price_but_advice() -> None:
    reading = [rule for rule in shipped().rules if "budget_usd" in rule.reads()]
    assert {effect.does for rule in reading for effect in rule.effects} <= {"advise", "note", "neutral"}


def test_faq_5_nobody_is_given_a_cable_or_a_radio_unasked() -> None:
    for activity in ("music", "video_meetings", "movies_tv"):
        found = decided(activities=[activity])
        assert not {"wired", "wireless"} & {*found.must_have, *found.facets}


def test_met_1_to_met_3_the_answer_discloses_and_names_what_it_rests_on() -> None:
    page = (ROOT / "templates" / "recommender" / "result.html").read_text(encoding="utf-8")
    assert "We earn a commission" in page
    assert "page.why" in page
    assert "as_of" in page


def test_no_row_is_counted_twice() -> None:
    assert Counter(rule.id for rule in shipped().rules).most_common(1)[0][1] == 1
