"""`has` answers every word of the vocabulary with yes, no or "not known"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from recommender import vocabulary
from recommender.facts import CandidateFacts
from recommender.features import FEATURES, has
from recommender.wording import FEATURE_LABELS, label
from tests.recommender.made import product

BLANK = replace(product(price=None), kind=None, types=(), form_factor=None)

# word: facts that make it true, facts that make it false
EXAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "mic_builtin": ({"mic_grade": "incidental"}, {"mic_grade": "none"}),
    "mic_high_quality": ({"mic_grade": "communication", "mic_noise_cancelling": True}, {"mic_grade": "incidental"}),
    "mic_noise_cancelling": ({"mic_noise_cancelling": True}, {"mic_grade": "none"}),
    "mic_mute": ({"mic_mute": True}, {"mic_grade": "none"}),
    "wireless": ({"wireless": True}, {"wireless": False}),
    "wired": ({"connectors": frozenset({"jack_3_5mm"})}, {"connectors": frozenset(), "wireless": True}),
    "bluetooth": ({"radios": frozenset({"bluetooth"})}, {"wireless": False}),
    "dect": ({"radios": frozenset({"dect"})}, {"radios": frozenset({"bluetooth"})}),
    "usb": ({"connectors": frozenset({"usb_a"})}, {"connectors": frozenset({"jack_3_5mm"})}),
    "usb_c": ({"connectors": frozenset({"usb_c"})}, {"connectors": frozenset({"usb_a"})}),
    "jack_3_5mm": ({"connectors": frozenset({"jack_3_5mm"})}, {"connectors": frozenset({"usb_a"})}),
    "jack_6_35mm": ({"connectors": frozenset({"jack_6_35mm"})}, {"connectors": frozenset({"usb_a"})}),
    "balanced_4_4mm": ({"connectors": frozenset({"balanced_4_4mm"})}, {"connectors": frozenset({"usb_a"})}),
    "low_latency_wireless": ({"radios": frozenset({"rf_24ghz"})}, {"latency": "ordinary"}),
    "anc": ({"anc": True}, {"anc": False}),
    "passive_isolation": ({"hearing_protection": True}, {"enclosure": "open"}),
    "noise_reduction": ({"anc": True}, {"anc": False, "passive_isolation": False}),
    "closed_back": ({"enclosure": "closed"}, {"enclosure": "semi-open"}),
    "open_back": ({"enclosure": "open"}, {"enclosure": "closed"}),
    "awareness": ({"ears": "one"}, {"transparency": False, "enclosure": "closed", "ears": "two"}),
    "single_ear": ({"ears": "one"}, {"kind": "headphones"}),
    "two_ear": ({"kind": "headphones"}, {"ears": "one"}),
    "stereo": ({"ears": "two"}, {"ears": "one"}),
    "comfort_long_wear": ({"comfort_long_wear": True}, {"comfort_long_wear": False}),
    "lightweight": ({"weight_g": Decimal(180)}, {"weight_g": Decimal(390)}),
    "durable": ({"durable": True}, {"durable": False}),
    "foldable": ({"foldable": True}, {"foldable": False}),
    "compact": ({"form_factor": "earbud"}, {"form_factor": "over-ear", "foldable": False}),
    "water_resistant": ({"water_rating": "IPX4"}, {"water_rating": "none"}),
    "waterproof": ({"water_rating": "IP68"}, {"water_rating": "IP55"}),
    "volume_limited": ({"volume_limited": True}, {"volume_limited": False}),
    "child_size": ({"child_size": True}, {"child_size": False}),
    "accurate_sound": ({"accurate_sound": True}, {"accurate_sound": False}),
    "high_fidelity": ({"high_fidelity": True}, {"high_fidelity": False}),
    "immersive_audio": ({"ears": "two", "form_factor": "over-ear", "driver_mm": Decimal(50)}, {"ears": "one"}),
    "long_battery": ({"battery_hours": Decimal(30)}, {"battery_hours": Decimal(9)}),
    "glasses_friendly": ({"glasses_friendly": True}, {"glasses_friendly": False}),
    "professional_look": ({"professional_look": True}, {"professional_look": False}),
    "hands_free": ({"mic_grade": "communication"}, {"mic_grade": "none"}),
    "aviation_plug": ({"connectors": frozenset({"ga_dual_plug"})}, {"connectors": frozenset({"usb_a"})}),
    "hearing_protection": ({"hearing_protection": True}, {"hearing_protection": False}),
    "multipoint": ({"multipoint": True}, {"wireless": False}),
    "platform_xbox": ({"platforms": frozenset({"xbox"})}, {"platforms": frozenset({"pc"})}),
    "platform_playstation": ({"platforms": frozenset({"playstation"})}, {"platforms": frozenset({"xbox"})}),
    "rgb": ({"rgb": True}, {"rgb": False}),
    "hygiene_wipeable": ({"hygiene_wipeable": True}, {"hygiene_wipeable": False}),
    "low_profile": ({"form_factor": "in-ear"}, {"form_factor": "over-ear"}),
    "in-ear": ({"form_factor": "earbud"}, {"form_factor": "open-ear"}),
    "on-ear": ({"form_factor": "on-ear"}, {"form_factor": "over-ear"}),
    "over-ear": ({"form_factor": "over-ear"}, {"form_factor": "in-ear"}),
    "usb_only": ({"wireless": False, "connectors": frozenset({"usb_c"})}, {"wireless": True}),
    "wireless_only": ({"wireless": True, "connectors": frozenset()}, {"wireless": False}),
    "bluetooth_only": (
        {"wireless": True, "connectors": frozenset(), "radios": frozenset({"bluetooth"})},
        {"radios": frozenset({"bluetooth", "rf_24ghz"})},
    ),
    "boom_mic": ({"mic_form": "boom-detachable"}, {"mic_grade": "none"}),
    "anc_without_transparency": ({"anc": True, "transparency": False}, {"anc": False}),
}


def _with(facts: dict[str, Any]) -> CandidateFacts:
    return replace(BLANK, **facts)


def test_every_word_that_can_be_demanded_or_excluded_is_covered() -> None:
    words = {*vocabulary.FEATURES, *vocabulary.ONLY_EXCLUDED}
    assert set(FEATURES) == words == set(EXAMPLES)


@pytest.mark.parametrize("word", EXAMPLES)
def test_a_word_is_true_when_the_facts_say_so(word: str) -> None:
    assert has(_with(EXAMPLES[word][0]), word) is True


@pytest.mark.parametrize("word", EXAMPLES)
def test_a_word_is_false_only_when_the_facts_say_so(word: str) -> None:
    assert has(_with(EXAMPLES[word][1]), word) is False


@pytest.mark.parametrize("word", EXAMPLES)
def test_a_product_nobody_described_answers_nothing(word: str) -> None:
    assert has(BLANK, word) is None


@pytest.mark.parametrize("word", vocabulary.EXCLUDABLE)
def test_every_word_has_words_for_readers(word: str) -> None:
    assert label(word)


def test_no_label_is_left_over() -> None:
    assert set(FEATURE_LABELS) - {"kind", "type", "budget", "price", "brand"} == set(FEATURES)


@pytest.mark.parametrize("name", vocabulary.TYPES)
def test_a_type_is_known_from_the_product_or_from_its_kind(name: str) -> None:
    of_the_type = replace(BLANK, types=(name,))
    assert has(of_the_type, f"type:{name}") is True
    assert has(BLANK, f"type:{name}") is None
    other_kind = "headset" if name in vocabulary.HEADPHONE_TYPES else "headphones"
    assert has(replace(BLANK, kind=other_kind), f"type:{name}") is False


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(KeyError):
        has(BLANK, "sparkles")


def test_charging_by_usb_is_not_taken_for_a_sound_cable() -> None:
    wireless = _with({"wireless": True, "connectors": frozenset({"usb_c"})})
    assert has(wireless, "wired") is None


def test_a_rating_in_odd_words_stays_unknown() -> None:
    assert has(_with({"water_rating": "splash proof"}), "water_resistant") is None
