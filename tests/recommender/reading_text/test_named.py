"""Features that are asked for or refused by name: said in many ways, and not heard where nobody asks."""

from __future__ import annotations

import pytest

from recommender import vocabulary
from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.reading_text import needs_from_text
from recommender.rules import load
from recommender.wording import FEATURE_LABELS


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("Meetings all day. There must be a mute button.", {"mic_mute"}),
        ("Zoom lessons, and I want to mute myself without hunting for the window.", {"mic_mute"}),
        ("Music from the laptop, open-backed if you please.", {"open_back"}),
        ("Recording guitar, so closed cans.", {"closed_back"}),
        ("Music. They should survive being dropped.", {"durable"}),
        ("Music in the workshop; I keep breaking headphones.", {"durable"}),
        ("Something rugged for calls in the barn.", {"durable"}),
        ("Music, Bluetooth.", {"bluetooth"}),
        ("Meetings, and DECT so that I can walk to the kitchen.", {"dect"}),
        ("Music, wired only.", {"wired"}),
        ("Music. Wireless is banned in our lab.", {"wired"}),
        ("Meetings; colleagues complain that they hear my keyboard.", {"mic_noise_cancelling"}),
        ("Calls from home, and they must not hear my dogs bark.", {"mic_noise_cancelling"}),
        ("Meetings, with a noise-cancelling microphone.", {"mic_noise_cancelling"}),
        ("Webinars: my voice must sound natural.", {"mic_high_quality"}),
        ("Meetings with an excellent microphone.", {"mic_high_quality"}),
        ("Music under my ski helmet.", {"low_profile"}),
        ("Podcasts, flat ones that fit under a woolly hat.", {"low_profile"}),
        ("Shared by three receptionists on the phone, it has to wipe clean.", {"hygiene_wipeable"}),
        ("Telephone support; we disinfect them every evening.", {"hygiene_wipeable"}),
        ("Music with a battery that lasts.", {"long_battery"}),
        ("Calls without touching the phone.", {"hands_free"}),
        ("Calls in the kitchen, both hands in dough.", {"hands_free"}),
        ("Meetings; it connects to two devices at the same time.", {"multipoint"}),
        ("Music, nothing heavy.", {"lightweight"}),
        ("Shooters with friends by radio, low latency.", {"low_latency_wireless"}),
    ],
)
def test_what_is_asked_for_by_name_is_heard(text: str, features: set[str]) -> None:
    assert features <= set(needs_from_text(text).features)
    assert features <= set(decide(needs_from_text(text), load()).must_have)


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("Music, no Bluetooth.", {"bluetooth"}),
        ("Music. Nothing wireless is allowed in here.", {"wireless", "bluetooth", "dect"}),
        ("IT has switched off Bluetooth here. Meetings with a cable.", {"bluetooth"}),
        ("The desk bans Bluetooth and Wi-Fi. Meetings with a cable.", {"bluetooth"}),
        ("Music, without noise cancelling, it makes me dizzy.", {"anc"}),
        ("Games with friends, no RGB.", {"rgb"}),
        ("Meetings, but I don't want a boom in front of my face.", {"boom_mic"}),
    ],
)
def test_what_is_refused_by_name_stays_out(text: str, features: set[str]) -> None:
    needs = needs_from_text(text)
    assert features <= set(needs.avoid_features)
    assert not features & set(needs.features)
    assert features <= set(decide(needs, load()).excluded)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("I mute the television and hear music.", "mic_mute"),
        ("Music in an open office.", "open_back"),
        ("Music while the shop is closed.", "closed_back"),
        ("Music by the Cable Street band on a tough day.", "durable"),
        ("Films about thin ice.", "low_profile"),
        ("My phone's battery is dead. Music.", "long_battery"),
        ("I listen to people who hear voices.", "mic_noise_cancelling"),
        ("We share a flat. Music.", "hygiene_wipeable"),
        ("Music, and the Bluetooth of my old ones kept dropping.", "bluetooth"),
        ("Music at second hand.", "hands_free"),
        ("Music in my flat.", "low_profile"),
        ("Do not forget the bass. Music.", "lightweight"),
    ],
)
def test_what_only_sounds_like_it_is_not_asked_for(text: str, feature: str) -> None:
    assert feature not in needs_from_text(text).features


def test_a_feature_by_name_never_speaks_for_a_kind() -> None:
    plain = decide(needs_from_text("Music."), load())
    for feature in vocabulary.ASKED_FEATURES:
        needs = needs_from_mapping({"activities": ["music"], "features": [feature]})
        assert decide(needs, load()).kind == plain.kind, feature


def test_whatever_can_be_asked_or_refused_has_words_for_readers() -> None:
    assert {*vocabulary.ASKED_FEATURES, *vocabulary.REFUSED_FEATURES} <= set(FEATURE_LABELS)
