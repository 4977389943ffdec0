"""Which activities does the text speak of, and how much of each? Keywords for every activity of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from recommender.reading_text.clauses import SPEECH, Clause
from recommender.reading_text.words import section

MAIN, USUAL, RARE = Decimal(2), Decimal(1), Decimal("0.25")
ACTIVITIES = section("activities")
GAMES = section("games")
MICROPHONE = section("microphone")
WISHES = section("wishes")


def activities_in(said: Iterable[Clause]) -> dict[str, Decimal]:
    """Weights of the activities the text speaks of; what it denies is left out."""
    weights: dict[str, Decimal] = {}
    heard = [Clause(SPEECH["false_friends"].sub(lambda hit: _stand_in(hit.group()), clause.text)) for clause in said]
    for clause in heard:
        for name, pattern in ACTIVITIES.items():
            if clause.says(pattern):
                weights[name] = max(weights.get(name, RARE), _weight(clause))
    _games(heard, weights)
    _work_calls(heard, weights)
    if not any(clause.says(WISHES["crew"]) for clause in heard):
        weights.pop("industrial_comms", None)  # loud machines alone are surroundings, not talk
    return _sorted_out(weights) or _told_vaguely(heard)


def _weight(clause: Clause) -> Decimal:
    if SPEECH["seldom"].search(clause.text):
        return RARE
    return MAIN if SPEECH["mainly"].search(clause.text) else USUAL


def _stand_in(words: str) -> str:
    """What a false friend leaves behind: podcasts stay podcasts, an evening's marathon stays silent."""
    return "podcasts" if "podcast" in words else " ".join("…" for _ in words.split())


def _told_vaguely(said: list[Clause]) -> dict[str, Decimal]:
    """Who names no activity but wants to hear, and says nothing of talking, listens."""
    talks = any(clause.says(WISHES["talking"]) for clause in said)
    hears = any(clause.says(WISHES["hearing"]) for clause in said)
    return {"music": USUAL} if hears and not talks else {}


def _work_calls(said: list[Clause], weights: dict[str, Decimal]) -> None:
    """Calls among colleagues and clients are meetings at a computer, unless a telephone is spoken of."""
    whole = " ".join(clause.text for clause in said)
    at_work = WISHES["work"].search(whole) and not WISHES["mobile"].search(whole)
    if not at_work or "video_meetings" in weights:
        return
    if "phone_calls" in weights:
        weights["video_meetings"] = weights.pop("phone_calls")
    elif not weights and (MICROPHONE["own"].search(whole) or MICROPHONE["built_in"].search(whole)):
        weights["video_meetings"] = USUAL


def _games(said: list[Clause], weights: dict[str, Decimal]) -> None:
    playing = [clause for clause in said if clause.says(GAMES["names"])]
    if not playing:
        return
    whole = " ".join(clause.text for clause in said)
    weight = max(_weight(clause) for clause in playing)
    if GAMES["alone"].search(SPEECH["hollow"].sub("…", whole)):
        weights["gaming_solo"] = weight
    elif any(clause.says(GAMES["talk"]) for clause in said):
        weights["gaming_voice"] = weight
    else:
        weights["gaming_unknown"] = weight


# An activity that is only a shade of another one: when the first is there, the second is not meant.
_SWALLOWS = {
    "call_centre": ("phone_calls", "customer_support", "driving"),
    "customer_support": ("phone_calls",),
    "video_meetings": ("phone_calls", "kids_listening"),
    "phone_calls": ("kids_listening",),
    "gaming_voice": ("phone_calls", "exercise", "industrial_comms", "kids_listening"),
    "gaming_solo": ("exercise", "kids_listening"),
    "gaming_unknown": ("exercise", "kids_listening"),
    "aviation_pilot": ("travel_passenger", "radio_listening", "driving", "phone_calls", "industrial_comms"),
    "air_traffic_control": ("travel_passenger", "radio_listening", "phone_calls"),
    "podcast_hosting": ("podcasts_audiobooks", "video_meetings"),
    "studio_tracking": ("music", "voice_recording", "dj"),
    "transcription": ("dictation",),
    "voice_recording": ("movies_tv",),
    "swimming": ("exercise",),
    "online_class": ("video_meetings", "kids_listening", "study_focus"),
    "broadcasting": ("radio_listening", "movies_tv"),
    "live_performance": ("music",),
    "instrument_practice": ("music",),
    "dj": ("music",),
    "audio_editing_mixing": ("movies_tv", "podcasts_audiobooks"),
    "video_creation": ("movies_tv", "voice_recording"),
    "industrial_comms": ("driving", "radio_listening", "multitasking_work"),
}
# What one does meanwhile counts less than what one listens to or says.
_BACKGROUND = (
    "multitasking_work",
    "multitasking_housework",
    "commuting",
    "exercise",
    "travel_passenger",
    "kids_listening",
)
_MEANWHILE = Decimal("0.5")


def _sorted_out(weights: dict[str, Decimal]) -> dict[str, Decimal]:
    kept = dict(weights)
    for name, shades in _SWALLOWS.items():
        if name in weights:
            for shade in shades:
                kept.pop(shade, None)
    others = [name for name in kept if name not in _BACKGROUND]
    if others:
        for name in _BACKGROUND:
            if name in kept:
                kept[name] *= _MEANWHILE
    return kept
