"""What the reader understands of a person's own sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import vocabulary
from recommender.answers import Needs, needs_as_mapping, needs_from_mapping
from recommender.engine import decide
from recommender.reading_text import fill_open, needs_from_text
from recommender.reading_text.clauses import reading_of
from recommender.reading_text.lexicon import Builder, lexicon
from recommender.rules import load

SENTENCES = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))


def kind(text: str) -> str:
    return decide(needs_from_text(text), load()).kind


def activities(text: str) -> set[str]:
    return {activity.name for activity in needs_from_text(text).activities}


@pytest.mark.parametrize(("wanted", "text"), SENTENCES["read"])
def test_the_kind_follows_from_what_is_said(wanted: str, text: str) -> None:
    assert kind(text) == wanted


@pytest.mark.parametrize(("wanted", "text"), SENTENCES["missed"])
def test_what_the_reader_misses_is_still_listed_as_missed(wanted: str, text: str) -> None:
    assert kind(text) != wanted, "understood by now: move the sentence to `read`"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Music, 80 dollars", "budget", {"max": 80.0, "currency": "USD"}),
        ("Music, $80", "budget", {"max": 80.0, "currency": "USD"}),
        ("Music, 80$", "budget", {"max": 80.0, "currency": "USD"}),
        ("Music for up to € 1,200", "budget", {"max": 1200.0, "currency": "EUR"}),
        ("Music. 45 quid.", "budget", {"max": 45.0, "currency": "GBP"}),
        ("Music", "budget", None),
        ("Music four hours a day", "wear_hours_per_day", 4.0),
        ("Meetings from nine to two", "wear_hours_per_day", 5.0),
        ("Eight-hour shifts in a call centre", "wear_hours_per_day", 8.0),
        ("Music, 2-3 hours", "wear_hours_per_day", 3.0),
        ("Wireless for films", "connection", "wireless"),
        ("Films, and I hate cables", "connection", "wireless"),
        ("Wired is fine, music", "connection", "wired"),
        ("Music, no Bluetooth please", "connection", "wired"),
        ("Music", "connection", None),
        ("I wear glasses and like music", "user", {"glasses": True}),
        ("Films with hearing aids", "user", {"hearing_aids": True}),
        ("Films for my 8-year-old", "user", {"age": 8}),
        ("My daughter, a six-year-old, hears stories", "user", {"age": 6}),
        ("Must fit in a pocket, podcasts", "portability", "high"),
        ("Music on the train, noise cancelling", "isolation", "high"),
        ("I run and need to hear traffic", "awareness", "required"),
        ("Audiophile with jazz records", "sound_priority", "top"),
        ("Music, no microphones allowed", "mic_need", "forbidden"),
        ("Just listening to music, no calls", "mic_need", "none"),
        ("Music and now and then a quick call", "mic_need", "occasional"),
        ("Games on my Xbox", "platforms", ["xbox"]),
    ],
)
def test_what_is_said_beside_the_activity_is_read(text: str, field: str, value: Any) -> None:
    assert needs_as_mapping(needs_from_text(text))[field] == (value if value is not None else None)


@pytest.mark.parametrize(
    ("text", "has", "uses"),
    [
        ("Games with friends, my Blue Yeti stays on its arm", True, True),
        ("I have a desk mic but it sounds bad in meetings", True, False),
        ("I sold my desk mic. The weekly calls remain", True, False),
        ("I sing into my own condenser, I am sick of wedge monitors", True, True),
        ("I sing into my condenser in a cupboard studio", True, True),
        ("My desk mic moves out with my sister, for Dota I need one on my head", True, False),
        ("My webcam mic is dreadful, says the board", True, False),
        ("My laptop mic is the joke of every meeting", True, False),
        ("My webcam has a good one for meetings", True, True),
        ("Meetings, and I own no microphone", False, None),
        ("Meetings", None, None),
    ],
)
def test_a_microphone_of_their_own_is_told_from_one_they_reject(text: str, has: bool | None, uses: bool | None) -> None:
    needs = needs_from_text(text)
    assert (needs.has_separate_mic, needs.will_use_separate_mic) == (has, uses)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("I never take calls, only music.", "phone_calls"),
        ("No meetings any more, just films.", "video_meetings"),
        ("I don't play games; I listen to jazz.", "gaming_unknown"),
        ("Calls? Never. Opera.", "phone_calls"),
        ("Drone pilot who listens to music", "aviation_pilot"),
        ("Headphones with planar drivers for music", "driving"),
        ("Films while the family sleeps", "sleep"),
        ("MMO marathons with voice chat", "exercise"),
        ("Everyone says I should stream, I only read books to music", "streaming_live"),
    ],
)
def test_what_is_denied_or_only_sounds_alike_is_not_read(text: str, never: str) -> None:
    assert never not in activities(text)


@pytest.mark.parametrize("text", ["I'd not miss music: not only calls, films too", "Money is no object. Films."])
def test_hollow_denials_deny_nothing(text: str) -> None:
    assert "movies_tv" in activities(text)


def test_what_is_rare_weighs_less_than_what_is_done_all_day() -> None:
    needs = needs_from_text("Music all day, sometimes a film.")
    weights = {activity.name: activity.weight for activity in needs.activities}
    assert weights["music"] > 3 * weights["movies_tv"]


def test_the_insertion_of_never_takes_the_call_rules_away() -> None:
    def cited(text: str) -> set[str]:
        return {rule.rule_id for rule in decide(needs_from_text(text), load()).fired}

    assert "FAQ-1" in cited("I take calls and hear music.")
    assert "FAQ-1" not in cited("I never take calls and hear music.")


@pytest.mark.parametrize("text", [row[1] for row in SENTENCES["read"][::5]])
def test_letter_case_spaces_and_curly_quotes_do_not_matter(text: str) -> None:
    changed = "  " + text.upper().replace(" ", "   ").replace("'", "’")
    assert needs_from_text(changed) == needs_from_text(text)


def test_the_money_may_stand_before_or_behind_its_sign() -> None:
    assert needs_from_text("Films, €90") == needs_from_text("Films, 90 €")


def test_text_fills_only_what_the_needs_leave_open() -> None:
    needs = needs_from_mapping({"activities": {"music": 1}, "connection": "wired"})
    filled = fill_open(needs, "Wireless for calls on my phone, 60 dollars")
    assert filled.connection == "wired"
    assert filled.activities == needs.activities
    assert filled.budget is not None
    assert filled.platforms == ("phone",)


def test_what_either_refuses_is_refused_unless_the_needs_ask_for_it() -> None:
    needs = needs_from_mapping({"activities": {"music": 1}, "avoid_forms": ["over_ear"], "features": ["anc"]})
    filled = fill_open(needs, "Music. No buds, no Bluetooth, no noise cancelling and nothing from Sony")
    assert filled.avoid_forms == ("over_ear", "in_ear")
    assert "bluetooth" in filled.avoid_features
    assert "anc" not in filled.avoid_features
    assert filled.avoid_brands == ("Sony",)


def test_nothing_said_is_nothing_known() -> None:
    assert needs_from_text("") == Needs()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_text_brings_the_reader_down(text: str) -> None:
    needs_from_text(text)


@pytest.mark.parametrize("text", ["My budget is $20000000", "she is 125 years old"])
def test_an_amount_or_age_beyond_belief_is_left_out_and_the_rest_is_read(text: str) -> None:
    assert needs_from_text(f"Music on the train. {text}") == needs_from_text("Music on the train.")


def test_a_very_long_text_is_read_in_no_time() -> None:
    assert kind("music and calls " * 100_000) in ("headset", "headphones", "either")


def test_the_lexicon_speaks_the_vocabulary() -> None:
    names = lexicon().names
    assert names["activities"] == set(vocabulary.ACTIVITIES) - {
        "gaming_voice", "gaming_solo", "gaming_unknown", "unknown",
    }  # fmt: skip
    assert names["jobs"] <= set(vocabulary.ACTIVITIES)
    assert names["environment"] <= set(vocabulary.ENVIRONMENTS)
    assert names["platforms"] <= set(vocabulary.PLATFORMS)
    assert names["connectors"] <= set(vocabulary.CONNECTORS)


@pytest.mark.parametrize(
    "typed",
    [
        "I listen to audiobokos on the trian",
        "podcsts and symphonise",
        "orchesta music",
        "documentries in bed",
        "headpones for jogging",
    ],
)
def test_one_letter_wrong_is_forgiven(typed: str) -> None:
    assert kind(typed) == "headphones"


@pytest.mark.parametrize("word", ["raised", "soldier", "stamp", "sibling", "whether"])
def test_a_real_word_is_not_taken_for_a_typo(word: str) -> None:
    assert needs_from_text(word) == Needs()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Music, 900 SEK", "budget", {"max": 900.0, "currency": "SEK"}),
        ("Music, two hundred and fifty euros", "budget", {"max": 250.0, "currency": "EUR"}),
        ("Music, 4k rupees", "budget", {"max": 4000.0, "currency": "INR"}),
        ("Music, 80-100 eur", "budget", {"max": 100.0, "currency": "EUR"}),
        ("Better than my old 50 dollar ones, say 300, for music", "budget", {"max": 300.0, "currency": "USD"}),
        ("Music 600 zł", "budget", {"max": 600.0, "currency": "PLN"}),
    ],
)
def test_money_is_read_in_figures_and_words_of_many_countries(text: str, field: str, value: Any) -> None:
    assert needs_as_mapping(needs_from_text(text))[field] == value


def test_a_denied_list_goes_on_behind_its_commas() -> None:
    assert activities("No calls, meetings or games: just jazz") == {"music"}


def test_the_last_word_on_a_microphone_counts() -> None:
    needs = needs_from_text("I wanted to keep my desk mic for Valorant. Then it broke.")
    assert (needs.has_separate_mic, needs.will_use_separate_mic) == (True, False)


def test_talk_of_others_is_not_the_shoppers() -> None:
    assert activities("My wife is always on calls next to me. I want to hear my opera.") == {"music"}
    assert "phone_calls" in activities("My wife calls me all day while I listen to opera.")


def test_shares_in_percent_are_weights() -> None:
    weights = {a.name: float(a.weight) for a in needs_from_text("90% films, 10% phone calls").activities}
    assert weights["movies_tv"] == pytest.approx(0.9)


def test_a_line_of_the_lexicon_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match=r"x\.yaml, a\.b: “one \(two\|three” cannot be read at “\(two"):
        Builder({}).plant("x.yaml, a.b", "one (two|three", ("a", "b"))
    with pytest.raises(ValueError, match="must begin and end with a word"):
        Builder({}).plant("x.yaml, a.b", "ring~ ..", ("a", "b"))


@pytest.mark.parametrize("phrase", ["ring [..] me", "ring [a|] me", "ring me|.. now"])
def test_a_place_without_a_word_is_refused_and_not_read_as_nothing(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"x\.yaml, a\.b: .*(without a word|cannot be read)"):
        Builder({}).plant("x.yaml, a.b", phrase, ("a", "b"))


def test_a_class_of_words_stands_for_each_of_them_and_an_unknown_one_is_named() -> None:
    builder = Builder({}, {"kin": "mother|little_one"})
    builder.plant("x.yaml, a.b", "hear @kin|dogs", ("a", "b"))
    assert {word for phrase in builder.phrases["hear"] for word in phrase.rest[0].words} == {"mother", "dog"}
    assert builder.phrases["hear"][0].rest[0].rows == (("little", "one"),)
    with pytest.raises(ValueError, match=r"names “@kim”, which classes\.yaml does not have"):
        builder.plant("x.yaml, a.b", "hear @kim", ("a", "b"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("comuter", "computer"),
        ("storeis", "stories"),
        ("headpohnes", "headphones"),
        ("editiing", "editing"),
        ("files", "files"),
        ("terms", "terms"),
    ],
)
def test_of_several_words_the_likelier_slip_and_the_commoner_word_is_meant(typed: str, meant: str) -> None:
    assert reading_of(typed).text == meant


@pytest.mark.parametrize(
    ("text", "activity"),
    [
        ("Cello at midnight, big plug. 120 euros", "instrument_practice"),
        ("Brass bands, 50 pounds", "music"),
        ("The thesis is due. 80 euros", "study_focus"),
    ],
)
def test_a_hint_counts_when_nothing_else_tells_what_is_done(text: str, activity: str) -> None:
    assert activities(text) == {activity}


@pytest.mark.parametrize("text", ["No idea. A book and a band for my brother in law?", "I never read books."])
def test_a_hint_is_no_guess(text: str) -> None:
    assert activities(text) == set()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Music at home, I mustn't miss the doorbell", "awareness", "required"),
        ("Music at home, in case the baby wakes up", "awareness", "required"),
        ("Music, and nothing that blocks out the world", "awareness", "required"),
        ("Valorant, I have to hear enemies coming", "awareness", None),
        ("Teams, my pupils whisper and I need to hear them well", "awareness", None),
        ("Teams at my desk, the cord gets caught on my chair", "connection", "wireless"),
        ("Teams, I walk to the whiteboard while I teach", "connection", "wireless"),
        ("Music at my desk, one less thing to charge", "connection", "wired"),
        ("Music, our IT department does not allow Bluetooth", "connection", "wired"),
        ("Music on the train, chatty passengers drive me nuts", "isolation", "high"),
        ("Calls from home, clients must not hear the noise", "isolation", None),
        ("Rap on the bus", "portability", "high"),
        ("Music, no device with a microphone may come in", "mic_need", "forbidden"),
    ],
)
def test_what_people_say_in_other_words_is_read(text: str, field: str, value: Any) -> None:
    assert needs_as_mapping(needs_from_text(text))[field] == value
